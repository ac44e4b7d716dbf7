// SPDX-License-Identifier: MIT
/* Sizes for people: 999, 1.5K, 23M. Rounded up, so that nothing looks smaller than it is. */
#ifndef _HUMAN_H
#define _HUMAN_H

#include <stdio.h>

static inline char *human(unsigned long n, char buf[16])
{
	const char *unit = " KMGTPE";
	unsigned long step = 1;

	while (n / step >= 1024 || (n + step - 1) / step >= 1024) {
		step *= 1024;
		unit++;
	}
	if (step == 1)
		snprintf(buf, 16, "%lu", n);
	else if ((n * 10 + step - 1) / step < 100 && n < 1UL << 60)
		snprintf(buf, 16, "%lu.%lu%c", (n * 10 + step - 1) / step / 10,
			 (n * 10 + step - 1) / step % 10, *unit);
	else
		snprintf(buf, 16, "%lu%c", n / step + (n % step != 0), *unit);
	return buf;
}

#endif
