// SPDX-License-Identifier: MIT
/* Finds the timers of the device tree and starts their drivers. Called by time_init(). */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/of.h>
#include <clocksource/arm_arch_timer.h>

/* The ends of the section with the rows of TIMER_OF_DECLARE(), from the linker. */
extern const struct of_declare_entry __timer_of_table[], __timer_of_table_end[];

void __init timer_probe(void)
{
	const struct of_declare_entry *entry;
	struct device_node *np;
	int ret, timers = 0;

	for (entry = __timer_of_table; entry < __timer_of_table_end; entry++) {
		for_each_compatible_node(np, NULL, entry->compatible) {
			if (!of_device_is_available(np))
				continue;
			ret = ((of_init_fn_1_ret)entry->fn)(np);
			if (ret)
				pr_err("%s: timer did not start: %d\n", np->full_name, ret);
			else
				timers++;
		}
	}
	if (!timers)
		panic("no timer: the device tree names none that teak knows (arm,armv8-timer)");
}
