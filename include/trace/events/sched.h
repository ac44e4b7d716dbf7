/* SPDX-License-Identifier: MIT */
/* Tracepoints of the scheduler. */
#ifndef _TRACE_SCHED_H
#define _TRACE_SCHED_H

#include <linux/sched.h>
#include <linux/tracepoint.h>

/* __schedule() is about to go from prev to next, with the run queue locked and interrupts off. */
DECLARE_TRACE(sched_switch,
	TP_PROTO(bool preempt, struct task_struct *prev, struct task_struct *next, unsigned int prev_state),
	TP_ARGS(preempt, prev, next, prev_state));

#endif
