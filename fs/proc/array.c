// SPDX-License-Identifier: MIT
/* /proc/PID/stat, status, statm and limits, also of a thread: in numbers, in the format of proc(5). */
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <linux/tty.h>
#include <uapi/linux/resource.h>
#include "internal.h"

/* What the locks of signals guard, copied out under them. */
struct proc_task {
	char		comm[TASK_COMM_LEN];
	char		state;
	pid_t		ppid, pgid, sid, tgid;
	int		num_threads;
	int		tty_nr, tty_pgrp;
	u64		utime, stime, cutime, cstime;		/* ns */
	unsigned long	min_flt, maj_flt, cmin_flt, cmaj_flt;
	unsigned long	rsslim;
	sigset_t	pending, shpending, blocked, ignored, caught;
};

static void collect_handlers(struct task_struct *p, struct proc_task *t)
{
	for (int i = 1; i <= _NSIG; i++) {
		__sighandler_t h = p->sighand->action[i - 1].sa.sa_handler;

		if (h == SIG_IGN)
			sigaddset(&t->ignored, i);
		else if (h != SIG_DFL)
			sigaddset(&t->caught, i);
	}
}

static void collect_terminal(struct signal_struct *sig, struct proc_task *t)
{
	struct pid *pgrp;

	if (!sig->tty)
		return;
	pgrp = tty_get_pgrp(sig->tty);
	t->tty_pgrp = pid_nr(pgrp);
	put_pid(pgrp);
	t->tty_nr = new_encode_dev(tty_devnum(sig->tty));
}

/* What a thread used, or with @whole the process: the threads that are there and those that are gone. */
static void collect_usage(struct task_struct *p, struct proc_task *t, bool whole)
{
	struct task_struct *each;

	if (!whole) {
		t->min_flt = p->min_flt;
		t->maj_flt = p->maj_flt;
		return;
	}
	t->min_flt = p->signal->min_flt;
	t->maj_flt = p->signal->maj_flt;
	for_each_thread(p, each) {
		t->min_flt += each->min_flt;
		t->maj_flt += each->maj_flt;
	}
}

/* Fills in *@t. A task that has been reaped leaves its signal fields empty. */
static void collect(struct task_struct *p, struct proc_task *t, bool whole)
{
	unsigned long flags;

	memset(t, 0, sizeof(*t));
	t->tty_pgrp = -1;
	sigemptyset(&t->ignored);
	get_task_comm(t->comm, p);
	t->state = task_state_to_char(p);

	read_lock(&tasklist_lock);
	if (p->sighand) {
		t->ppid = task_tgid_nr(p->real_parent);
		t->pgid = pid_nr(task_pgrp(p));
		t->sid = pid_nr(task_session(p));
		t->num_threads = get_nr_threads(p);
		spin_lock_irqsave(&p->sighand->siglock, flags);
		t->pending = p->pending.signal;
		t->shpending = p->signal->shared_pending.signal;
		t->blocked = p->blocked;
		collect_handlers(p, t);
		collect_terminal(p->signal, t);
		t->cutime = p->signal->cutime;
		t->cstime = p->signal->cstime;
		t->cmin_flt = p->signal->cmin_flt;
		t->cmaj_flt = p->signal->cmaj_flt;
		collect_usage(p, t, whole);
		t->rsslim = p->signal->rlim[RLIMIT_RSS].rlim_cur;
		spin_unlock_irqrestore(&p->sighand->siglock, flags);
		if (whole)
			thread_group_cputime_adjusted(p, &t->utime, &t->stime);
	}
	read_unlock(&tasklist_lock);
	if (!whole)
		task_cputime_adjusted(p, &t->utime, &t->stime);
	t->tgid = task_tgid_nr(p);
}

/* ------------------------------------------------------------------ stat */

static void show_numbers(struct seq_file *m, const unsigned long *v, int n)
{
	while (n--)
		seq_put_decimal_ull(m, " ", *v++);
}

static int do_task_stat(struct seq_file *m, struct pid *pid, struct task_struct *p, bool whole)
{
	struct mm_struct *mm = get_task_mm(p);
	bool look = mm && proc_may_look(p);
	struct proc_task t;

	collect(p, &t, whole);
	seq_printf(m, "%d (%s) %c", pid_nr(pid), t.comm, t.state);
	seq_printf(m, " %d %d %d %d %d %u", t.ppid, t.pgid, t.sid, t.tty_nr, t.tty_pgrp, p->flags);
	seq_printf(m, " %lu %lu %lu %lu", t.min_flt, t.cmin_flt, t.maj_flt, t.cmaj_flt);
	seq_printf(m, " %llu %llu %llu %llu", nsec_to_clock_t(t.utime), nsec_to_clock_t(t.stime),
		   nsec_to_clock_t(t.cutime), nsec_to_clock_t(t.cstime));
	seq_printf(m, " %d %d %d 0 %llu", task_prio(p), task_nice(p), t.num_threads,
		   nsec_to_clock_t(p->start_boottime));
	show_numbers(m, (unsigned long []){
		mm ? task_vsize(mm) : 0, mm ? get_mm_rss(mm) : 0, t.rsslim,
		look ? mm->start_code : 0, look ? mm->end_code : 0, look ? mm->start_stack : 0,
		0, 0,		/* sp and pc: only of a core that is being written */
		t.pending.sig[0] & 0x7fffffffUL, t.blocked.sig[0] & 0x7fffffffUL,
		t.ignored.sig[0] & 0x7fffffffUL, t.caught.sig[0] & 0x7fffffffUL,
		0, 0, 0,	/* wait channel, swap */
	}, 15);
	seq_printf(m, " %d %d %u %u", p->exit_signal, task_cpu(p), p->rt_priority, p->policy);
	show_numbers(m, (unsigned long []){
		0, 0, 0,			/* delays, guests */
		look ? mm->start_data : 0, look ? mm->end_data : 0, look ? mm->start_brk : 0,
		look ? mm->arg_start : 0, look ? mm->arg_end : 0,
		look ? mm->env_start : 0, look ? mm->env_end : 0,
	}, 10);
	seq_printf(m, " %d\n", proc_may_look(p) ? p->exit_code : 0);
	if (mm)
		mmput(mm);
	return 0;
}

int proc_tid_stat(struct seq_file *m, struct pid *pid, struct task_struct *task)
{
	return do_task_stat(m, pid, task, false);
}

int proc_tgid_stat(struct seq_file *m, struct pid *pid, struct task_struct *task)
{
	return do_task_stat(m, pid, task, true);
}

int proc_pid_statm(struct seq_file *m, struct pid *pid, struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);

	if (!mm) {
		seq_puts(m, "0 0 0 0 0 0 0\n");
		return 0;
	}
	seq_printf(m, "%lu %lu %lu %lu 0 %lu 0\n", mm->total_vm, get_mm_rss(mm),
		   get_mm_counter(mm, MM_FILEPAGES) + get_mm_counter(mm, MM_SHMEMPAGES),
		   (PAGE_ALIGN(mm->end_code) - (mm->start_code & PAGE_MASK)) >> PAGE_SHIFT,
		   mm->data_vm + mm->stack_vm);
	mmput(mm);
	return 0;
}

/* ------------------------------------------------------------------ status */

static const char *state_name(char c)
{
	switch (c) {
	case 'R':
		return "R (running)";
	case 'S':
		return "S (sleeping)";
	case 'D':
		return "D (disk sleep)";
	case 'T':
		return "T (stopped)";
	case 't':
		return "t (tracing stop)";
	case 'X':
		return "X (dead)";
	case 'Z':
		return "Z (zombie)";
	case 'P':
		return "P (parked)";
	default:
		return "I (idle)";
	}
}

static void show_ids(struct seq_file *m, struct task_struct *p)
{
	const struct cred *cred = get_task_cred(p);
	const struct group_info *gi = cred->group_info;

	seq_printf(m, "Uid:\t%u\t%u\t%u\t%u\n", cred->uid.val, cred->euid.val, cred->suid.val,
		   cred->fsuid.val);
	seq_printf(m, "Gid:\t%u\t%u\t%u\t%u\n", cred->gid.val, cred->egid.val, cred->sgid.val,
		   cred->fsgid.val);
	seq_puts(m, "Groups:\t");
	for (int i = 0; i < gi->ngroups; i++)
		seq_printf(m, "%u ", gi->gid[i].val);
	seq_putc(m, '\n');
	put_cred(cred);
}

static void show_set(struct seq_file *m, const char *name, const sigset_t *set)
{
	seq_printf(m, "%s:\t%016lx\n", name, set->sig[0]);
}

int proc_pid_status(struct seq_file *m, struct pid *pid, struct task_struct *p)
{
	struct mm_struct *mm = get_task_mm(p);
	unsigned int max_fds = 0;
	int umask = -1;
	struct proc_task t;

	collect(p, &t, true);
	task_lock(p);
	if (p->fs)
		umask = p->fs->umask;
	if (p->files)
		max_fds = files_fdtable(p->files)->max_fds;
	task_unlock(p);

	seq_puts(m, "Name:\t");
	seq_escape(m, t.comm, "\n\\");
	seq_putc(m, '\n');
	if (umask >= 0)
		seq_printf(m, "Umask:\t%#04o\n", umask);
	seq_printf(m, "State:\t%s\n", state_name(t.state));
	seq_printf(m, "Tgid:\t%d\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n", t.tgid, pid_nr(pid),
		   t.ppid);
	show_ids(m, p);
	seq_printf(m, "FDSize:\t%u\n", max_fds);
	if (mm) {
		task_mem(m, mm);
		mmput(mm);
	}
	seq_printf(m, "Threads:\t%d\n", t.num_threads);
	show_set(m, "SigPnd", &t.pending);
	show_set(m, "ShdPnd", &t.shpending);
	show_set(m, "SigBlk", &t.blocked);
	show_set(m, "SigIgn", &t.ignored);
	show_set(m, "SigCgt", &t.caught);
	seq_printf(m, "Cpus_allowed:\t%lx\n", p->cpus_mask.bits[0]);
	seq_printf(m, "voluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n", p->nvcsw,
		   p->nivcsw);
	return 0;
}

/* ------------------------------------------------------------------ limits */

static void show_limit(struct seq_file *m, unsigned long v)
{
	if (v == RLIM_INFINITY)
		seq_printf(m, "%-20s ", "unlimited");
	else
		seq_printf(m, "%-20lu ", v);
}

int proc_pid_limits(struct seq_file *m, struct pid *pid, struct task_struct *task)
{
	static const struct { const char *name, *unit; } names[RLIM_NLIMITS] = {
		[RLIMIT_CPU]		= { "Max cpu time", "seconds" },
		[RLIMIT_FSIZE]		= { "Max file size", "bytes" },
		[RLIMIT_DATA]		= { "Max data size", "bytes" },
		[RLIMIT_STACK]		= { "Max stack size", "bytes" },
		[RLIMIT_CORE]		= { "Max core file size", "bytes" },
		[RLIMIT_RSS]		= { "Max resident set", "bytes" },
		[RLIMIT_NPROC]		= { "Max processes", "processes" },
		[RLIMIT_NOFILE]		= { "Max open files", "files" },
		[RLIMIT_MEMLOCK]	= { "Max locked memory", "bytes" },
		[RLIMIT_AS]		= { "Max address space", "bytes" },
		[RLIMIT_LOCKS]		= { "Max file locks", "locks" },
		[RLIMIT_SIGPENDING]	= { "Max pending signals", "signals" },
		[RLIMIT_MSGQUEUE]	= { "Max msgqueue size", "bytes" },
		[RLIMIT_NICE]		= { "Max nice priority", "" },
		[RLIMIT_RTPRIO]		= { "Max realtime priority", "" },
		[RLIMIT_RTTIME]		= { "Max realtime timeout", "us" },
	};
	struct rlimit rlim[RLIM_NLIMITS];

	read_lock(&tasklist_lock);		/* keeps the leader */
	if (!task->sighand) {
		read_unlock(&tasklist_lock);
		return -ESRCH;
	}
	task_lock(task->group_leader);
	memcpy(rlim, task->signal->rlim, sizeof(rlim));
	task_unlock(task->group_leader);
	read_unlock(&tasklist_lock);
	seq_printf(m, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		seq_printf(m, "%-25s ", names[i].name);
		show_limit(m, rlim[i].rlim_cur);
		show_limit(m, rlim[i].rlim_max);
		seq_printf(m, "%-10s\n", names[i].unit);
	}
	return 0;
}
