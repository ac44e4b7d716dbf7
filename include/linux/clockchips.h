/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_CLOCKCHIPS_H
#define _LINUX_CLOCKCHIPS_H

/* A device that interrupts once, at a time it is told: each CPU has one (kernel/time/clockevents.c). */

#include <linux/ktime.h>
#include <linux/types.h>

struct cpumask;

enum clock_event_state {
	CLOCK_EVT_STATE_DETACHED,
	CLOCK_EVT_STATE_SHUTDOWN,
	CLOCK_EVT_STATE_ONESHOT,
	CLOCK_EVT_STATE_ONESHOT_STOPPED,
};

#define CLOCK_EVT_FEAT_PERIODIC	0x000001
#define CLOCK_EVT_FEAT_ONESHOT	0x000002
#define CLOCK_EVT_FEAT_C3STOP	0x000008

/* Used by its own CPU only, interrupts off. cycles = ns * mult >> shift */
struct clock_event_device {
	void			(*event_handler)(struct clock_event_device *dev);
	int			(*set_next_event)(unsigned long evt, struct clock_event_device *dev);
	ktime_t			next_event;		/* CLOCK_MONOTONIC */
	u64			max_delta_ns, min_delta_ns;
	u32			mult, shift;
	enum clock_event_state	state_use_accessors;
	unsigned int		features;
	int			(*set_state_oneshot)(struct clock_event_device *dev);
	int			(*set_state_oneshot_stopped)(struct clock_event_device *dev);
	int			(*set_state_shutdown)(struct clock_event_device *dev);
	unsigned long		min_delta_ticks, max_delta_ticks;
	const char		*name;
	int			rating;
	int			irq;
	const struct cpumask	*cpumask;
};

void clockevents_config_and_register(struct clock_event_device *dev, u32 freq,
				     unsigned long min_delta, unsigned long max_delta);
int clockevents_program_event(struct clock_event_device *dev, ktime_t expires, bool force);
/* This CPU's next interrupt, for hrtimers. KTIME_MAX: none is needed. */
int tick_program_event(ktime_t expires, int force);

#endif
