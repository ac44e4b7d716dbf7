// SPDX-License-Identifier: MIT
/*
 * The device of each CPU that interrupts at a given time. Its driver registers it, on its own CPU with
 * interrupts off; from then on hrtimers tell it when to interrupt next. Only its own CPU uses it, with
 * interrupts off: no lock.
 */
#include <linux/clockchips.h>
#include <linux/clocksource.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include "tick-internal.h"

static DEFINE_PER_CPU(struct clock_event_device *, tick_cpu_device);

/**
 * clockevents_program_event - interrupt at @expires
 * @expires: CLOCK_MONOTONIC, ns
 * @force: if that is past, interrupt as soon as the device can
 *
 * Returns 0, or -ETIME if it is past and @force was not set.
 */
int clockevents_program_event(struct clock_event_device *dev, ktime_t expires, bool force)
{
	s64 delta;
	u64 cycles;

	dev->next_event = expires;
	if (expires == KTIME_MAX) {
		dev->state_use_accessors = CLOCK_EVT_STATE_ONESHOT_STOPPED;
		return dev->set_state_oneshot_stopped(dev);
	}
	dev->state_use_accessors = CLOCK_EVT_STATE_ONESHOT;
	delta = expires - ktime_get();
	if (delta <= 0 && !force)
		return -ETIME;
	/* Too far ahead is no harm: hrtimer_interrupt() finds nothing due and programs it again. */
	delta = clamp(delta, (s64)dev->min_delta_ns, (s64)dev->max_delta_ns);
	/* Upwards: an interrupt before its time would have to be repeated. */
	cycles = mul_u64_u32_shr(delta, dev->mult, dev->shift) + 1;
	return dev->set_next_event(cycles, dev);
}

int tick_program_event(ktime_t expires, int force)
{
	struct clock_event_device *dev = __this_cpu_read(tick_cpu_device);

	return dev ? clockevents_program_event(dev, expires, force) : 0;
}

/**
 * clockevents_config_and_register - @dev, at @freq Hz, belongs to this CPU
 * @min_delta, @max_delta: the shortest and longest time that it can be set to, in its own ticks
 *
 * Starts the scheduler's tick on this CPU.
 */
void clockevents_config_and_register(struct clock_event_device *dev, u32 freq,
				     unsigned long min_delta, unsigned long max_delta)
{
	unsigned long flags;

	dev->min_delta_ticks = min_delta;
	dev->max_delta_ticks = max_delta;
	clocks_calc_mult_shift(&dev->mult, &dev->shift, NSEC_PER_SEC, freq, 600);
	dev->min_delta_ns = max_t(u64, mul_u64_u32_div(min_delta, NSEC_PER_SEC, freq), 1);
	/* At most ten minutes, for which mult and shift were made. */
	dev->max_delta_ns = min_t(u64, max_delta / freq, 600) * NSEC_PER_SEC;

	local_irq_save(flags);
	dev->event_handler = hrtimer_interrupt;
	__this_cpu_write(tick_cpu_device, dev);
	tick_setup_sched_timer();
	local_irq_restore(flags);
}
