// SPDX-License-Identifier: MIT
/* Time while booting: the timer's driver, then the clocks over it. Called by start_kernel(). */
#include <clocksource/arm_arch_timer.h>
#include <linux/init.h>
#include <linux/timekeeping.h>
#include <asm/setup.h>

void __init time_init(void)
{
	timer_probe();
	timekeeping_init();
}
