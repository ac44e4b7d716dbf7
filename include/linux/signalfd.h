/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SIGNALFD_H
#define _LINUX_SIGNALFD_H

#include <linux/sched/signal.h>
#include <linux/wait.h>

/*
 * A signal was put into a pending set of tsk's: tell the readers and pollers of signalfds, whatever
 * tsk blocks. siglock is held: who looks for signals and then sleeps on the queue looks under it.
 */
static inline void signalfd_notify(struct task_struct *tsk, int sig)
{
	if (unlikely(waitqueue_active(&tsk->sighand->signalfd_wqh)))
		wake_up(&tsk->sighand->signalfd_wqh);
}

void signalfd_cleanup(struct sighand_struct *sighand);

#endif
