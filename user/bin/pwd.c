// SPDX-License-Identifier: MIT
/* pwd: the working folder. */
#include <err.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char path[PATH_MAX];

	if (!getcwd(path, sizeof(path)))
		err(1, "the working folder");
	puts(path);
	return 0;
}
