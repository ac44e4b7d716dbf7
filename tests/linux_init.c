// SPDX-License-Identifier: MIT
/*
 * PID 1 of the initramfs in which real Linux runs teak's user test programs (scripts/test-linux).
 *
 * Makes a swap area of a RAM disk, if its driver and the tools are there, and loop devices. Runs each program of /tests
 * in the order of their names, each in a session of its own, with its standard input from /dev/null,
 * and powers off. Around each program it prints two lines that tests/linux.py looks for:
 *
 *	#begin NAME
 *	#end NAME exit STATUS	(or: #end NAME signal NUMBER)
 *
 * Built with the cross compiler's own static C library, so that it owes nothing to teak's.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TESTS "/tests"

static void complain(const char *what)
{
	printf("linux_init: %s: %s\n", what, strerror(errno));
}

/* The kernel opened /dev/console for us before devtmpfs covers /dev. */
static void mount_all(void)
{
	static const char *const mounts[][2] = {
		{ "proc", "/proc" }, { "sysfs", "/sys" }, { "devtmpfs", "/dev" }, { "tmpfs", "/tmp" },
		{ "tmpfs", "/dev/shm" },
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i][1], 0755);
		if (mount(mounts[i][0], mounts[i][1], mounts[i][0], 0, NULL))
			complain(mounts[i][1]);
	}
}

static void exec_test(const char *path)
{
	char *const argv[] = { (char *)path, NULL };
	char *const envp[] = { "PATH=/bin:/tests", "HOME=/", "TERM=vt100", NULL };
	int null = open("/dev/null", O_RDWR);

	setsid();
	if (null > 0) {
		dup2(null, 0);
		close(null);
	}
	if (chdir("/tmp"))
		complain("/tmp");
	execve(path, argv, envp);
	complain(path);
	_exit(127);
}

/* Orphans of the test become ours: they are collected on the way, and nothing is left behind. */
static int run(const char *path)
{
	pid_t pid = fork(), got;
	int status;

	if (pid < 0)
		return -1;
	if (pid == 0)
		exec_test(path);
	do {
		got = wait(&status);
	} while (got != pid && (got > 0 || errno == EINTR));
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return got == pid ? status : -1;
}

/* A program of the root filesystem with one argument; 0 if it ended well. */
static int tool(const char *path, const char *argument)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		execl(path, path, argument, NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return status;
}

static void make_swap(void)
{
	int fd = open("/modules/brd.ko", O_RDONLY);

	if (fd < 0)
		return;
	if (syscall(SYS_finit_module, fd, "rd_nr=1 rd_size=65536", 0))
		complain("brd.ko");
	else if (tool("/sbin/mkswap", "/dev/ram0") || tool("/sbin/swapon", "/dev/ram0"))
		complain("/dev/ram0");
	close(fd);
}

static void make_loop_devices(void)
{
	int fd = open("/modules/loop.ko", O_RDONLY);

	if (fd < 0)
		return;
	if (syscall(SYS_finit_module, fd, "max_loop=8", 0))
		complain("loop.ko");
	close(fd);
}

static int is_program(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(void)
{
	struct dirent **names = NULL;
	int n;

	setvbuf(stdout, NULL, _IOLBF, 0);
	mount_all();
	make_swap();
	make_loop_devices();
	n = scandir(TESTS, &names, is_program, alphasort);
	if (n < 0)
		complain(TESTS);
	for (int i = 0; i < n; i++) {
		char path[512];
		int status;

		snprintf(path, sizeof(path), TESTS "/%s", names[i]->d_name);
		printf("#begin %s\n", names[i]->d_name);
		status = run(path);
		/* A line of its own even if the test ended in the middle of one. */
		if (status >= 0 && WIFSIGNALED(status))
			printf("\n#end %s signal %d\n", names[i]->d_name, WTERMSIG(status));
		else
			printf("\n#end %s exit %d\n", names[i]->d_name,
			       status < 0 ? 126 : WEXITSTATUS(status));
	}
	printf("#done\n");
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
	complain("reboot");
	return 1;
}
