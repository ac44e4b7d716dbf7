// SPDX-License-Identifier: MIT
/* yes: its arguments, or "y", for ever. */
#include <stdio.h>

int main(int argc, char **argv)
{
	int i;

	do {
		if (argc < 2)
			puts("y");
		for (i = 1; i < argc; i++)
			printf("%s%c", argv[i], i + 1 < argc ? ' ' : '\n');
	} while (!ferror(stdout));
	return 1;
}
