/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

/*
 * Timers in jiffies: a function that the tick calls when its time has come (kernel/time/timer.c).
 * It runs in hard-interrupt context: locks that it takes are taken elsewhere with interrupts off.
 */

#include <linux/jiffies.h>
#include <linux/rbtree.h>
#include <linux/types.h>

struct timer_list {
	struct rb_node	node;			/* the base's lock */
	unsigned long	expires;		/* jiffies */
	void		(*function)(struct timer_list *timer);
	u32		flags;
	int		cpu;			/* whose base it is in, or was in last */
};

#define TIMER_DEFERRABLE	0x00080000	/* these three ask for nothing that is not so already */
#define TIMER_PINNED		0x00100000
#define TIMER_IRQSAFE		0x00200000

void timer_setup(struct timer_list *timer, void (*func)(struct timer_list *), unsigned int flags);
#define timer_setup_on_stack(t, f, fl)	timer_setup(t, f, fl)
#define destroy_timer_on_stack(t)	do { (void)(t); } while (0)

#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*var), timer_fieldname)

static inline int timer_pending(const struct timer_list *timer)
{
	return !RB_EMPTY_NODE(&timer->node);
}

int mod_timer(struct timer_list *timer, unsigned long expires);	/* 1: it was pending before */
void add_timer(struct timer_list *timer);
int del_timer(struct timer_list *timer);		/* 1: it was pending */
int del_timer_sync(struct timer_list *timer);		/* and its function runs no more */
#define timer_delete(t)		del_timer(t)
#define timer_delete_sync(t)	del_timer_sync(t)
#define timer_shutdown_sync(t)	del_timer_sync(t)

void run_local_timers(void);				/* the tick, interrupts off */
bool next_local_timer(unsigned long *expires);
void update_process_times(int user_tick);		/* the tick, interrupts off */

#endif
