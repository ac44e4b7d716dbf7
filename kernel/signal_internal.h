/* SPDX-License-Identifier: MIT */
/* Between the three files of signals: signal.c sends, signal_deliver.c takes, signal_syscalls.c is asked. */
#ifndef _KERNEL_SIGNAL_INTERNAL_H
#define _KERNEL_SIGNAL_INTERNAL_H

#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>

static inline bool is_si_special(const struct kernel_siginfo *info)
{
	return info <= SEND_SIG_PRIV;
}

static inline __sighandler_t sig_handler(struct task_struct *t, int sig)
{
	return t->sighand->action[sig - 1].sa.sa_handler;
}

/* Nothing happens when it arrives: by the program's wish or by default. */
static inline bool sig_handler_ignored(__sighandler_t handler, int sig)
{
	return handler == SIG_IGN || (handler == SIG_DFL && sig_kernel_ignore(sig));
}

/* signal.c: all with siglock held */
void flush_sigqueue_mask(sigset_t *mask, struct sigpending *s);
bool prepare_signal(int sig, struct task_struct *p, bool force);
void complete_signal(int sig, struct task_struct *p, enum pid_type type);
void __sigqueue_free(struct sigqueue *q);
void task_clear_jobctl_pending(struct task_struct *t);

/* signal.c: any context */
struct sigqueue *__sigqueue_alloc(struct task_struct *t, bool override_rlimit);

/* signal.c: tasklist_lock held */
int check_kill_permission(int sig, struct kernel_siginfo *info, struct task_struct *t);
int do_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p, enum pid_type type);

/* signal_deliver.c: siglock held */
bool recalc_sigpending_tsk(struct task_struct *t);
void __set_task_blocked(struct task_struct *tsk, const sigset_t *newset);

#endif
