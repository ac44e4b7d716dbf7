// SPDX-License-Identifier: MIT
/*
 * sched_clock(): the counter in nanoseconds, for the scheduler and for the time stamps of the log.
 * Set up once at boot, and read only from then on: no lock.
 */
#include <linux/clocksource.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/math64.h>
#include <linux/sched/clock.h>
#include <linux/sched_clock.h>
#include <linux/time64.h>
#include <asm/barrier.h>

static struct {
	u64	(*read)(void);
	u64	mask;
	u64	epoch;		/* the counter at boot */
	u32	mult, shift;
} clock_data;

u64 notrace sched_clock(void)
{
	u64 cycles;

	if (unlikely(!clock_data.read))
		return 0;
	cycles = (clock_data.read() - clock_data.epoch) & clock_data.mask;
	/* The product has up to 96 bits: it does not overflow before the counter itself does. */
	return mul_u64_u32_shr(cycles, clock_data.mult, clock_data.shift);
}
EXPORT_SYMBOL(sched_clock);

void __init sched_clock_register(u64 (*read)(void), int bits, unsigned long rate)
{
	clocks_calc_mult_shift(&clock_data.mult, &clock_data.shift, rate, NSEC_PER_SEC, 600);
	clock_data.mask = CLOCKSOURCE_MASK(bits);
	clock_data.epoch = read();
	smp_wmb();
	clock_data.read = read;
}
