// SPDX-License-Identifier: MIT
/* uname: the system's names. -s system, -n host, -r release, -v version, -m machine, -a all. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const char letters[] = "snrvm";
	const char *gap = "", *l;
	int c, i, wanted = 0;
	struct utsname u;

	while ((c = getopt(argc, argv, "asnrvm")) != -1) {
		if (c == '?')
			goto usage;
		l = strchr(letters, c);
		wanted |= l ? 1 << (l - letters) : 31;
	}
	if (optind != argc)
		goto usage;
	if (uname(&u))
		err(1, "uname");

	const char *parts[] = { u.sysname, u.nodename, u.release, u.version, u.machine };

	for (i = 0; i < 5; i++)
		if ((wanted ? wanted : 1) & 1 << i) {
			printf("%s%s", gap, parts[i]);
			gap = " ";
		}
	putchar('\n');
	return 0;
usage:
	fprintf(stderr, "usage: uname [-asnrvm]\n");
	return 2;
}
