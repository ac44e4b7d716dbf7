// SPDX-License-Identifier: MIT
/* rmmod: unloads modules, by name or by the file that they came from. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* "dir/my-fs.ko" is the module my_fs. */
static const char *module_name(const char *arg)
{
	static char name[64];
	const char *slash = strrchr(arg, '/');
	size_t len;

	snprintf(name, sizeof(name), "%s", slash ? slash + 1 : arg);
	len = strlen(name);
	if (len > 3 && !strcmp(name + len - 3, ".ko"))
		name[len - 3] = '\0';
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return name;
}

int main(int argc, char **argv)
{
	int status = 0;

	if (argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: rmmod MODULE...\n");
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		const char *name = module_name(argv[i]);

		if (!syscall(SYS_delete_module, name, O_NONBLOCK))
			continue;
		warnx("%s: %s", name, errno == EWOULDBLOCK ? "Module is in use (lsmod says by whom)" :
		      errno == ENOENT ? "Module is not loaded" : strerror(errno));
		status = 1;
	}
	return status;
}
