// SPDX-License-Identifier: MIT
/* insmod: loads a module from a file, with parameters NAME=VALUE. What the kernel says of it is in dmesg. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* In other words than strerror()'s, which thinks of files. */
static const char *why(int error)
{
	switch (error) {
	case ENOEXEC:
		return "Invalid module format (dmesg says why)";
	case ENOENT:
		return "Unknown symbol in module (dmesg says which)";
	case EEXIST:
		return "It is loaded already";
	case EINVAL:
		return "Invalid parameters (see dmesg)";
	default:
		return strerror(error);
	}
}

/* The parameters as one line; a value with spaces in quotes. */
static char *join(char **words)
{
	size_t len = 1;
	char *line;

	for (char **w = words; *w; w++)
		len += strlen(*w) + 3;
	line = malloc(len);
	if (!line)
		err(1, NULL);
	*line = '\0';
	for (char **w = words; *w; w++) {
		char *value = strchr(*w, '=');

		if (value && strpbrk(value, " \t") && !strchr(value, '"'))
			sprintf(line + strlen(line), "%.*s\"%s\" ", (int)(value + 1 - *w), *w, value + 1);
		else
			sprintf(line + strlen(line), "%s ", *w);
	}
	return line;
}

int main(int argc, char **argv)
{
	int fd;

	if (argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: insmod FILE [NAME=VALUE...]\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[1]);
	if (syscall(SYS_finit_module, fd, join(argv + 2), 0))
		errx(1, "%s: %s", argv[1], why(errno));
	return 0;
}
