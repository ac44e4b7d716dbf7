// SPDX-License-Identifier: MIT
/* poweroff, reboot: writes everything to the disks and stops the machine, or starts it anew. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int restart = !strcmp(getprogname(), "reboot"), c, nosync = 0;

	while ((c = getopt(argc, argv, "fn")) != -1) {
		if (c == 'n')
			nosync = 1;
		else if (c != 'f')
			argc = 0;
	}
	if (optind != argc) {
		fprintf(stderr, "usage: %s [-n]\n", getprogname());
		return 2;
	}
	if (!nosync)
		sync();
	reboot(restart ? RB_AUTOBOOT : RB_POWER_OFF);
	err(1, "reboot");
}
