// SPDX-License-Identifier: MIT
/*
 * The end of tasks: giving everything back and telling the parent, whose side is kernel/wait4.c.
 *
 * A task that exits becomes a zombie: its structure stays with the exit code until the parent has
 * asked for it by wait4(). Its children go to init. Nobody can free the task's own stack while it
 * stands on it, so that is done by the next task to run (finish_task_switch()).
 *
 * Locking: tasklist_lock guards the family and exit_state; signal->wait_chldexit is woken with it
 * held, so that a parent that looked and found nothing cannot miss the news.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/posix-timers.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/syscalls.h>
#include <linux/tty.h>
#include <linux/wait.h>
#include <asm/mmu_context.h>

/* ------------------------------------------------------------------ releasing a zombie */

/* Out of all lists. tasklist_lock is held for writing. */
static void __unhash_process(struct task_struct *p, bool group_dead)
{
	nr_threads--;
	detach_pid(p, PIDTYPE_PID);
	if (group_dead) {
		detach_pid(p, PIDTYPE_TGID);
		detach_pid(p, PIDTYPE_PGID);
		detach_pid(p, PIDTYPE_SID);
		list_del_rcu(&p->tasks);
		list_del_init(&p->sibling);
	}
	list_del_rcu(&p->thread_group);
	list_del_rcu(&p->thread_node);
}

/*
 * What the thread used goes to the account of the process, under the same siglock under which the thread
 * leaves the list: who sums up both counts it once. tasklist_lock is held for writing.
 */
static void __exit_signal(struct task_struct *tsk)
{
	struct signal_struct *sig = tsk->signal;
	struct sighand_struct *sighand = tsk->sighand;
	bool group_dead = thread_group_leader(tsk);
	struct tty_struct *tty = NULL;

	spin_lock(&sighand->siglock);
	if (group_dead) {
		tty = sig->tty;
		sig->tty = NULL;
	} else {
		/* An exec of another thread waits for us. */
		if (sig->notify_count > 0 && !--sig->notify_count)
			wake_up_process(sig->group_exec_task);
		if (tsk == sig->curr_target)
			sig->curr_target = next_thread(tsk);
	}
	posix_cpu_timers_exit(&tsk->posix_cputimers);
	if (group_dead)
		posix_cpu_timers_exit(&sig->posix_cputimers);
	sig->utime += tsk->utime;
	sig->stime += tsk->stime;
	sig->min_flt += tsk->min_flt;
	sig->maj_flt += tsk->maj_flt;
	sig->nvcsw += tsk->nvcsw;
	sig->nivcsw += tsk->nivcsw;
	sig->sum_sched_runtime += tsk->se.sum_exec_runtime;
	sig->nr_threads--;
	__unhash_process(tsk, group_dead);
	flush_sigqueue(&tsk->pending);
	tsk->sighand = NULL;
	spin_unlock(&sighand->siglock);

	__cleanup_sighand(sighand);
	clear_tsk_thread_flag(tsk, TIF_SIGPENDING);
	if (group_dead) {
		flush_sigqueue(&sig->shared_pending);
		tty_kref_put(tty);
	}
}

static void delayed_put_task_struct(struct rcu_head *head)
{
	put_task_struct(container_of(head, struct task_struct, rcu));
}

/*
 * The family has let go of @task, or the run queue has. When both have, no new reader can find it, and
 * after a grace period no old one is left.
 */
void put_task_struct_rcu_user(struct task_struct *task)
{
	if (refcount_dec_and_test(&task->rcu_users))
		call_rcu(&task->rcu, delayed_put_task_struct);
}

/* The parent knows: the zombie goes. May free the task, after a grace period. */
void release_task(struct task_struct *p)
{
	struct task_struct *leader;
	bool zap_leader;

	do {
		zap_leader = false;
		/* He no longer counts once he is reaped, and p's creds change no more. */
		atomic_long_dec(&task_cred_xxx(p, user)->processes);
		proc_flush_task(p);
		write_lock_irq(&tasklist_lock);
		__exit_signal(p);
		/* The last thread of a group whose leader is a zombie already: tell of the leader. */
		leader = p->group_leader;
		if (leader != p && thread_group_empty(leader) && leader->exit_state == EXIT_ZOMBIE) {
			zap_leader = do_notify_parent(leader, leader->exit_signal);
			if (zap_leader)
				leader->exit_state = EXIT_DEAD;
		}
		write_unlock_irq(&tasklist_lock);
		put_task_struct_rcu_user(p);
		p = leader;
	} while (zap_leader);
	trim_stack_cache();
}

/* ------------------------------------------------------------------ orphaned process groups */

/*
 * A process group is orphaned when no member has a parent in another group of the same session:
 * nobody is left who could continue it when it is stopped. tasklist_lock is held.
 */
static bool will_become_orphaned_pgrp(struct pid *pgrp, struct task_struct *ignored_task)
{
	struct task_struct *p;

	do_each_pid_task(pgrp, PIDTYPE_PGID, p) {
		if (p == ignored_task || (p->exit_state && thread_group_empty(p)) ||
		    is_global_init(p->real_parent))
			continue;
		if (task_pgrp(p->real_parent) != pgrp && task_session(p->real_parent) == task_session(p))
			return false;
	} while_each_pid_task(pgrp, PIDTYPE_PGID, p);
	return true;
}

int is_orphaned_pgrp(struct pid *pgrp)
{
	bool ret;

	read_lock(&tasklist_lock);
	ret = will_become_orphaned_pgrp(pgrp, NULL);
	read_unlock(&tasklist_lock);
	return ret;
}

int is_current_pgrp_orphaned(void)
{
	return is_orphaned_pgrp(task_pgrp(current));
}

static bool has_stopped_jobs(struct pid *pgrp)
{
	struct task_struct *p;

	do_each_pid_task(pgrp, PIDTYPE_PGID, p) {
		if (p->signal->flags & SIGNAL_STOP_STOPPED)
			return true;
	} while_each_pid_task(pgrp, PIDTYPE_PGID, p);
	return false;
}

/* The end of tsk orphans a group with stopped members: POSIX says SIGHUP and SIGCONT to it. */
static void kill_orphaned_pgrp(struct task_struct *tsk, struct task_struct *parent)
{
	struct pid *pgrp = task_pgrp(tsk);
	struct task_struct *ignored = tsk;

	if (!parent)
		parent = tsk->real_parent;	/* our own group, as we leave it */
	else
		ignored = NULL;			/* a child's group, as we leave the child */
	if (task_pgrp(parent) != pgrp && task_session(parent) == task_session(tsk) &&
	    will_become_orphaned_pgrp(pgrp, ignored) && has_stopped_jobs(pgrp)) {
		__kill_pgrp_info(SIGHUP, SEND_SIG_PRIV, pgrp);
		__kill_pgrp_info(SIGCONT, SEND_SIG_PRIV, pgrp);
	}
}

/* ------------------------------------------------------------------ leaving */

/* The task gives up its address space and goes on, to its end, as a kernel thread would. */
static void exit_mm(void)
{
	struct mm_struct *mm = current->mm;

	if (!mm)
		return;
	exit_mm_release(current, mm);
	mmgrab(mm);			/* active_mm still is it */
	task_lock(current);
	preempt_disable();		/* a switch must see mm and active_mm agree */
	current->mm = NULL;
	preempt_enable();
	task_unlock(current);
	mmput(mm);
}

/* A thread of p's process that is not about to end, NULL if there is none. */
static struct task_struct *find_alive_thread(struct task_struct *p)
{
	struct task_struct *t;

	for_each_thread(p, t)
		if (!(t->flags & PF_EXITING))
			return t;
	return NULL;
}

/* Another thread of the group, or the nearest ancestor that asked for orphans, or init. */
static struct task_struct *find_new_reaper(struct task_struct *father)
{
	struct task_struct *t = find_alive_thread(father), *p, *init = find_task_by_vpid(1);

	if (t)
		return t;
	if (father->signal->has_child_subreaper) {
		for (p = father->real_parent; p != &init_task && !is_global_init(p); p = p->real_parent) {
			t = p->signal->is_child_subreaper ? find_alive_thread(p) : NULL;
			if (t)
				return t;
		}
	}
	return find_alive_thread(init) ?: init;
}

/* p gets a new parent in the same process, or another one, which hears of its end from now on. */
static void reparent_leader(struct task_struct *father, struct task_struct *p, struct list_head *dead)
{
	p->exit_signal = SIGCHLD;
	if (p->exit_state == EXIT_ZOMBIE && thread_group_empty(p) && do_notify_parent(p, p->exit_signal)) {
		p->exit_state = EXIT_DEAD;
		list_add(&p->ptrace_entry, dead);
	}
	kill_orphaned_pgrp(p, father);
}

/* Children get a new parent; zombies among them that nobody waits for go to *dead. */
static void forget_original_parent(struct task_struct *father, struct list_head *dead)
{
	struct task_struct *p, *t, *n, *reaper;

	if (list_empty(&father->children))
		return;
	reaper = find_new_reaper(father);
	list_for_each_entry_safe(p, n, &father->children, sibling) {
		for_each_thread(p, t) {
			t->real_parent = reaper;
			t->parent = reaper;
			if (t->pdeath_signal)
				group_send_sig_info(t->pdeath_signal, SEND_SIG_NOINFO, t, PIDTYPE_TGID);
		}
		list_move_tail(&p->sibling, &reaper->children);
		if (!same_thread_group(reaper, father))
			reparent_leader(father, p, dead);
	}
}

/*
 * Tell the parent; with nobody to tell, the task is its own undertaker. A leader whose threads go on
 * waits as a zombie: release_task() of the last one tells of him.
 */
static void exit_notify(struct task_struct *tsk, bool group_dead)
{
	struct task_struct *p, *n;
	bool autoreap;
	LIST_HEAD(dead);

	write_lock_irq(&tasklist_lock);
	forget_original_parent(tsk, &dead);
	if (group_dead)
		kill_orphaned_pgrp(tsk->group_leader, NULL);
	tsk->exit_state = EXIT_ZOMBIE;
	if (thread_group_leader(tsk))
		autoreap = thread_group_empty(tsk) && do_notify_parent(tsk, tsk->exit_signal);
	else
		autoreap = true;		/* nobody waits for a thread */
	if (autoreap)
		tsk->exit_state = EXIT_DEAD;
	/* A thread that calls exec waits for us, its leader. */
	if (unlikely(tsk->signal->notify_count < 0))
		wake_up_process(tsk->signal->group_exec_task);
	write_unlock_irq(&tasklist_lock);

	list_for_each_entry_safe(p, n, &dead, ptrace_entry) {
		list_del_init(&p->ptrace_entry);
		release_task(p);
	}
	if (autoreap)
		release_task(tsk);
}

/* The last thread to come here by exit(2) gives the process its code, unless that was settled before. */
static void synchronize_group_exit(struct task_struct *tsk, long code)
{
	struct signal_struct *signal = tsk->signal;

	spin_lock_irq(&tsk->sighand->siglock);
	if (--signal->quick_threads == 0 && !(signal->flags & SIGNAL_GROUP_EXIT)) {
		signal->flags = (signal->flags & SIGNAL_UNKILLABLE) | SIGNAL_GROUP_EXIT;
		signal->group_exit_code = code;
		signal->group_stop_count = 0;
	}
	spin_unlock_irq(&tsk->sighand->siglock);
}

/**
 * do_exit - the end of the calling task
 * @code: as wait4() reports it: status << 8, or the signal's number
 */
void __noreturn do_exit(long code)
{
	struct task_struct *tsk = current;
	bool group_dead;

	if (unlikely(in_interrupt()))
		panic("exit of %s (PID %d) in an interrupt handler", tsk->comm, tsk->pid);
	if (unlikely(!tsk->pid))
		panic("the idle task was told to exit");
	if (unlikely(in_atomic()))
		panic("exit of %s (PID %d) with preempt_count %x: a lock is still held", tsk->comm,
		      tsk->pid, preempt_count());

	synchronize_group_exit(tsk, code);
	exit_signals(tsk);		/* sets PF_EXITING */
	group_dead = atomic_dec_and_test(&tsk->signal->live);
	if (group_dead) {
		if (unlikely(is_global_init(tsk)))
			panic("Attempted to kill init! PID 1 (%s) ended with %s %ld", tsk->comm,
			      code & 0x7f ? "signal" : "status", code & 0x7f ? code & 0x7f : code >> 8);
		hrtimer_cancel(&tsk->signal->real_timer);
		if (tsk->mm)		/* the others have gone: ours alone */
			tsk->signal->maxrss = max(tsk->signal->maxrss, get_mm_rss(tsk->mm));
		exit_itimers(tsk);
	}
	tsk->exit_code = code;
	exit_mm();
	exit_files(tsk);
	exit_fs(tsk);
	if (group_dead && tsk->signal->leader)
		disassociate_ctty(1);
	debug_check_no_locks_held();
	exit_notify(tsk, group_dead);
	do_task_dead();
}

/* For an oops that a kernel thread or program might survive: teak's does not get here. */
void __noreturn make_task_dead(int signr)
{
	do_exit(signr);
}

/* All threads of the process end with this code. */
void __noreturn do_group_exit(int exit_code)
{
	struct signal_struct *sig = current->signal;
	struct sighand_struct *sighand = current->sighand;

	if (sig->flags & SIGNAL_GROUP_EXIT) {
		exit_code = sig->group_exit_code;
	} else {
		spin_lock_irq(&sighand->siglock);
		if (sig->flags & SIGNAL_GROUP_EXIT) {
			exit_code = sig->group_exit_code;
		} else if (sig->group_exec_task) {
			exit_code = 0;		/* we make room for another thread's exec */
		} else {
			sig->group_exit_code = exit_code;
			sig->flags = (sig->flags & SIGNAL_UNKILLABLE) | SIGNAL_GROUP_EXIT;
			zap_other_threads(current);
		}
		spin_unlock_irq(&sighand->siglock);
	}
	do_exit(exit_code);
}

SYSCALL_DEFINE1(exit, int, error_code)
{
	do_exit((error_code & 0xff) << 8);
}

SYSCALL_DEFINE1(exit_group, int, error_code)
{
	do_group_exit((error_code & 0xff) << 8);
}
