// SPDX-License-Identifier: MIT
/*
 * PL031 (Arm DDI 0224): a counter of seconds since 1970 that runs while the machine is off.
 *
 * Read once, when timekeeping starts; from then on the time of day is counted by the clock source.
 */
#include <linux/init.h>
#include <linux/io.h>
#include <linux/of_address.h>
#include <linux/printk.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>

#define RTC_DR		0x00	/* data register: seconds */

/**
 * read_persistent_clock64 - the time of day that the machine kept while it was off
 * @ts: seconds since 1970; 0 when there is no such clock
 *
 * Called once by timekeeping_init(), after unflatten_device_tree() and when ioremap() works.
 */
void __init read_persistent_clock64(struct timespec64 *ts)
{
	struct device_node *np = of_find_compatible_node(NULL, NULL, "arm,pl031");
	void __iomem *base;

	*ts = (struct timespec64){ 0 };
	if (!np || !of_device_is_available(np))
		return;
	base = of_iomap(np, 0);
	if (!base) {
		pr_err("%s: cannot be mapped, the clock starts in 1970\n", np->full_name);
		return;
	}
	ts->tv_sec = readl(base + RTC_DR);
	iounmap(base);
}
