/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_CLOCKSOURCE_H
#define _LINUX_CLOCKSOURCE_H

/* A counter that runs at a constant rate: from it comes the time of day (kernel/time/clocksource.c). */

#include <linux/list.h>
#include <linux/math64.h>
#include <linux/types.h>

/* ns = cycles * mult >> shift */
struct clocksource {
	u64			(*read)(struct clocksource *cs);
	u64			mask;		/* the bits that the counter has */
	u32			mult;
	u32			shift;
	const char		*name;
	int			rating;		/* the highest is used */
	unsigned long		flags;
	struct list_head	list;
};

#define CLOCK_SOURCE_IS_CONTINUOUS	0x01
#define CLOCKSOURCE_MASK(bits)		(~0ULL >> (64 - (bits)))

static inline s64 clocksource_cyc2ns(u64 cycles, u32 mult, u32 shift)
{
	return mul_u64_u32_shr(cycles, mult, shift);
}

int clocksource_register_hz(struct clocksource *cs, u32 hz);
void clocks_calc_mult_shift(u32 *mult, u32 *shift, u32 from, u32 to, u32 minsec);
void timekeeping_notify(struct clocksource *clock);	/* use this one from now on */

#endif
