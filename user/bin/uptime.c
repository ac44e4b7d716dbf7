// SPDX-License-Identifier: MIT
/* uptime: how long the machine has been running, and how many tasks wanted to run of late. */
#include <err.h>
#include <stdio.h>
#include <sys/sysinfo.h>
#include <time.h>

int main(int argc, char **argv)
{
	struct sysinfo info;
	time_t now = time(NULL);
	char clock[16];
	long min;

	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "usage: uptime\n");
		return 2;
	}
	if (sysinfo(&info))
		err(1, "sysinfo");
	strftime(clock, sizeof(clock), "%T", gmtime(&now));
	min = info.uptime / 60;
	printf(" %s up ", clock);
	if (min >= 24 * 60)
		printf("%ld day%s, ", min / (24 * 60), min >= 2 * 24 * 60 ? "s" : "");
	printf("%ld:%02ld:%02ld, load average: %.2f, %.2f, %.2f\n", min / 60 % 24, min % 60,
	       info.uptime % 60, info.loads[0] / 65536.0, info.loads[1] / 65536.0,
	       info.loads[2] / 65536.0);
	return 0;
}
