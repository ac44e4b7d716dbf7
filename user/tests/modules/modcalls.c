// SPDX-License-Identifier: MIT
/*
 * The errors of init_module, finit_module and delete_module, and who may call them. Nothing is loaded. What cannot be
 * a module must be refused whatever the kernel, so it passes on Linux, too. And who is told addresses by /proc/kallsyms.
 */
#include "tap.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static long init_module(const void *image, unsigned long len, const char *args)
{
	return syscall(SYS_init_module, image, len, args);
}

static long finit_module(int fd, const char *args, int flags)
{
	return syscall(SYS_finit_module, fd, args, flags);
}

static long delete_module(const char *name, int flags)
{
	return syscall(SYS_delete_module, name, flags);
}

static void as_root(void)
{
	static char junk[8192] = "\177ELF";
	int fd, pipe_fds[2];

	fails(init_module(junk, 10, ""), ENOEXEC, "init_module of less than a header");
	fails(init_module(junk, sizeof(junk), ""), ENOEXEC, "init_module of what is no module");
	fails(init_module((void *)8, sizeof(junk), ""), EFAULT, "init_module from nowhere");
	fails(finit_module(-1, "", 0), EBADF, "finit_module of no descriptor");
	fd = open("/tmp/modcalls", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	write(fd, junk, sizeof(junk));
	fails(finit_module(fd, "", 0), EBADF, "finit_module of a file that is open for writing only");
	close(fd);
	fd = open("/tmp/modcalls", O_RDONLY);
	fails(finit_module(fd, "", 0), ENOEXEC, "finit_module of what is no module");
	fails(finit_module(fd, "", 1 << 20), EINVAL, "finit_module with a flag that there is not");
	close(fd);
	unlink("/tmp/modcalls");
	if (!pipe(pipe_fds))
		fails(finit_module(pipe_fds[0], "", 0), EINVAL, "finit_module of a pipe");
	fails(delete_module("no_such_module", O_NONBLOCK), ENOENT, "delete_module of what is not loaded");
	fails(delete_module((char *)8, O_NONBLOCK), EFAULT, "delete_module of a name nowhere");
}

/* Lines of /proc/kallsyms, up to a few hundred, whose address is not 0; -1 when a line is not as it should be. */
static int addresses(int fd)
{
	static char text[16384];
	ssize_t len = 0, n;
	int count = 0;
	char *save;

	while (len < (ssize_t)sizeof(text) - 1 && (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = 0;
	*(strrchr(text, '\n') ?: text) = 0;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (strspn(line, "0123456789abcdef") != 16 || line[16] != ' ' || !strchr("abdrtvwABDRTVW", line[17]) ||
		    line[18] != ' ' || !line[19])
			return -1;
		count += strspn(line, "0") < 16;
	}
	return count;
}

static void kallsyms(void)
{
	int ours = open("/proc/kallsyms", O_RDONLY);

	if (ours < 0) {
		skip("kallsyms", "no /proc/kallsyms");
		return;
	}
	ok(addresses(open("/proc/kallsyms", O_RDONLY)) > 100, "root sees addresses");
	fflush(stdout);
	if (fork() == 0) {
		if (setuid(1000))
			_exit(99);
		_exit(addresses(open("/proc/kallsyms", O_RDONLY)) != 0 || addresses(ours) < 100);
	}
	is(reap(-1), 0, "others see none, but in a file that root has opened");
}

static void as_nobody(void)
{
	fflush(stdout);
	if (fork() == 0) {
		char junk[64] = "\177ELF";
		int bad = 0;

		if (setuid(1000))
			_exit(99);
		bad += init_module(junk, sizeof(junk), "") != -1 || errno != EPERM;
		bad += finit_module(0, "", 0) != -1 || errno != EPERM;
		bad += delete_module("no_such_module", 0) != -1 || errno != EPERM;
		_exit(bad);
	} else {
		int status;

		wait(&status);
		is(WEXITSTATUS(status), 0, "EPERM for all three, without root's rights");
	}
}

int main(void)
{
	as_root();
	as_nobody();
	kallsyms();
	return done();
}
