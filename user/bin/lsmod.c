// SPDX-License-Identifier: MIT
/* lsmod: the modules that are loaded, and who uses them. */
#include <err.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char line[1024];
	FILE *f;

	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "usage: lsmod\n");
		return 2;
	}
	f = fopen("/proc/modules", "r");
	if (!f)
		err(1, "/proc/modules (is /proc mounted?)");
	printf("Module                  Size  Used by\n");
	while (fgets(line, sizeof(line), f)) {
		char *save, *name = strtok_r(line, " ", &save), *size = strtok_r(NULL, " ", &save);
		char *count = strtok_r(NULL, " ", &save), *users = strtok_r(NULL, " \n", &save);

		if (!users)
			continue;
		if (!strcmp(users, "-"))
			users = "";
		else if (*users && users[strlen(users) - 1] == ',')
			users[strlen(users) - 1] = '\0';
		printf("%-19s %8s  %s%s%s\n", name, size, count, *users ? " " : "", users);
	}
	fclose(f);
	return 0;
}
