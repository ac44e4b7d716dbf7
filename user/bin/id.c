// SPDX-License-Identifier: MIT
/* id: the user and the groups that this process acts as. -u: only the user, -g: only the group. */
#include <stdio.h>
#include <unistd.h>

static void print(const char *what, unsigned int id)
{
	printf("%s%u%s", what, id, id ? "" : "(root)");
}

int main(int argc, char **argv)
{
	gid_t groups[64];
	int c, i, n;

	c = getopt(argc, argv, "ug");
	if (c == '?' || optind != argc) {
		fprintf(stderr, "usage: id [-u | -g]\n");
		return 2;
	}
	if (c != -1) {
		printf("%u\n", c == 'u' ? geteuid() : getegid());
		return 0;
	}
	print("uid=", getuid());
	print(" gid=", getgid());
	if (geteuid() != getuid())
		print(" euid=", geteuid());
	if (getegid() != getgid())
		print(" egid=", getegid());
	n = getgroups(64, groups);
	for (i = 0; i < n; i++)
		print(i ? "," : " groups=", groups[i]);
	putchar('\n');
	return 0;
}
