// SPDX-License-Identifier: MIT
/*
 * All the small tools in one file. Each is a program of its own in user/bin; the build gives each
 * main() the name TOOL_main and writes applets.h. The name that this file is called by chooses.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APPLET(name, function) int function(int argc, char **argv);
#include "applets.h"
#undef APPLET

static const struct {
	const char	*name;
	int		(*main)(int argc, char **argv);
} applets[] = {
#define APPLET(name, function) { name, function },
#include "applets.h"
#undef APPLET
};

#define N_APPLETS (sizeof(applets) / sizeof(applets[0]))

static int list(void)
{
	size_t i, column = 0;

	for (i = 0; i < N_APPLETS; i++) {
		if (column + strlen(applets[i].name) >= 72) {
			putchar('\n');
			column = 0;
		}
		column += printf("%s ", applets[i].name);
	}
	putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	const char *name;
	size_t i;

	if (!strcmp(getprogname(), "toolbox")) {
		if (argc < 2)
			return list();
		argc--;
		argv++;
		setprogname(argv[0]);
	}
	name = getprogname();
	for (i = 0; i < N_APPLETS; i++)
		if (!strcmp(applets[i].name, name))
			return applets[i].main(argc, argv);
	fprintf(stderr, "toolbox: no tool is called '%s'; 'toolbox' alone lists them\n", name);
	return 127;
}
