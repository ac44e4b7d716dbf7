// SPDX-License-Identifier: MIT
/*
 * The counters from which the time of day could be read, and the choice of the best. Drivers register
 * theirs at boot, before there are other CPUs or tasks: no lock.
 */
#include <linux/clocksource.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/time64.h>

static LIST_HEAD(clocksource_list);
static struct clocksource *curr_clocksource;

/**
 * clocks_calc_mult_shift - find mult and shift so that  n * mult >> shift  turns @from into @to
 * @from, @to: rates in Hz
 * @minsec: n up to so many seconds must not overflow 64 bits
 *
 * The greater the shift, the finer the result: take the greatest for which mult fits in 32 bits and
 * leaves room for n.
 */
void clocks_calc_mult_shift(u32 *mult, u32 *shift, u32 from, u32 to, u32 minsec)
{
	u32 sft, bits = 32;
	u64 tmp = ((u64)minsec * from) >> 32;

	for (; tmp; tmp >>= 1)
		bits--;
	for (sft = 32; sft > 0; sft--) {
		tmp = (((u64)to << sft) + from / 2) / from;
		if (tmp >> bits == 0)
			break;
	}
	*mult = tmp;
	*shift = sft;
}

/** clocksource_register_hz - a counter at @hz; it is used if its rating is the best. Returns 0 */
int clocksource_register_hz(struct clocksource *cs, u32 hz)
{
	clocks_calc_mult_shift(&cs->mult, &cs->shift, hz, NSEC_PER_SEC, 600);
	list_add(&cs->list, &clocksource_list);
	if (!curr_clocksource || cs->rating > curr_clocksource->rating) {
		curr_clocksource = cs;
		timekeeping_notify(cs);
		pr_info("clocksource: %s at %u Hz\n", cs->name, hz);
	}
	return 0;
}
