/* SPDX-License-Identifier: MIT */
/* Times of test programs: one number of ns instead of a struct. */
#ifndef _TESTS_CLOCK_H
#define _TESTS_CLOCK_H

#include <errno.h>
#include <time.h>

#define MS	1000000L
#define SECOND	(1000 * MS)

/* -errno for a clock that is not there */
static inline long now(clockid_t clock)
{
	struct timespec ts;

	return clock_gettime(clock, &ts) ? -errno : ts.tv_sec * SECOND + ts.tv_nsec;
}

static inline struct timespec spec(long ns)
{
	return (struct timespec){ ns / SECOND, ns % SECOND };
}

#endif
