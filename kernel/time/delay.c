// SPDX-License-Identifier: MIT
/* Delays: spinning by the clock, and sleeping by it. */
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <asm/processor.h>

void ndelay(unsigned long nsecs)
{
	u64 start = sched_clock();

	/* Before its timer has started the machine has no measure of time. */
	if (WARN_ON_ONCE(!start))
		return;
	while (sched_clock() - start < nsecs)
		cpu_relax();
}
EXPORT_SYMBOL(ndelay);

void udelay(unsigned long usecs)
{
	ndelay(usecs * NSEC_PER_USEC);
}
EXPORT_SYMBOL(udelay);

void mdelay(unsigned long msecs)
{
	ndelay(msecs * NSEC_PER_MSEC);
}
EXPORT_SYMBOL(mdelay);

void msleep(unsigned int msecs)
{
	unsigned long timeout = msecs_to_jiffies(msecs) + 1;	/* the jiffy at hand has begun */

	while (timeout)
		timeout = schedule_timeout_uninterruptible(timeout);
}
EXPORT_SYMBOL(msleep);

unsigned long msleep_interruptible(unsigned int msecs)
{
	unsigned long timeout = msecs_to_jiffies(msecs) + 1;

	while (timeout && !signal_pending(current))
		timeout = schedule_timeout_interruptible(timeout);
	return jiffies_to_msecs(timeout);
}
EXPORT_SYMBOL(msleep_interruptible);

/* Sleep at least @min and, as far as the timer goes, not more than @max microseconds. */
void __sched usleep_range(unsigned long min, unsigned long max)
{
	ktime_t exp = ktime_add_us(ktime_get(), min);
	u64 delta = (u64)(max - min) * NSEC_PER_USEC;

	do {
		set_current_state(TASK_UNINTERRUPTIBLE);
	} while (schedule_hrtimeout_range(&exp, delta, HRTIMER_MODE_ABS));
}
EXPORT_SYMBOL(usleep_range);
