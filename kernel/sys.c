// SPDX-License-Identifier: MIT
/*
 * System calls about processes: who they are, their groups and sessions, priorities, and small
 * settings (prctl, umask, personality); and about the machine (sysinfo).
 *
 * Users and groups of users are in uid.c, limits and accounts in resource.c, names in utsname.c.
 * Locking: tasklist_lock guards groups and sessions: held for writing to change them.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/sched/loadavg.h>
#include <linux/sched/prio.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/tty.h>
#include <linux/uaccess.h>
#include <uapi/linux/prctl.h>
#include <uapi/linux/sysinfo.h>

/* ------------------------------------------------------------------ who am I */

SYSCALL_DEFINE0(getpid)
{
	return task_tgid_vnr(current);
}

SYSCALL_DEFINE0(gettid)
{
	return task_pid_vnr(current);
}

SYSCALL_DEFINE0(getppid)
{
	return task_ppid_nr(current);
}

/* ------------------------------------------------------------------ process groups and sessions */

/* May current move p to another group? POSIX's rules. tasklist_lock is held for writing. */
static int may_setpgid(struct task_struct *p)
{
	struct task_struct *leader = current->group_leader;

	if (!p)
		return -ESRCH;
	if (!thread_group_leader(p))
		return -EINVAL;
	if (same_thread_group(p->real_parent, leader)) {
		if (task_session(p) != task_session(leader))
			return -EPERM;
		if (!(p->flags & PF_FORKNOEXEC))
			return -EACCES;		/* too late: it has called exec */
	} else if (p != leader) {
		return -ESRCH;
	}
	return p->signal->leader ? -EPERM : 0;
}

/* The group that p may join: its own number, or one that exists in our session. NULL: none. */
static struct pid *find_pgrp(struct task_struct *p, pid_t pgid)
{
	struct pid *pgrp;
	struct task_struct *member;

	if (pgid == task_pid_vnr(p))
		return task_pid(p);
	pgrp = find_vpid(pgid);
	member = pid_task(pgrp, PIDTYPE_PGID);
	if (!member || task_session(member) != task_session(current->group_leader))
		return NULL;
	return pgrp;
}

SYSCALL_DEFINE2(setpgid, pid_t, pid, pid_t, pgid)
{
	struct task_struct *p;
	struct pid *pgrp;
	int err;

	if (!pid)
		pid = task_tgid_vnr(current);
	if (!pgid)
		pgid = pid;
	if (pgid < 0)
		return -EINVAL;
	write_lock_irq(&tasklist_lock);
	p = find_task_by_vpid(pid);
	err = may_setpgid(p);
	if (!err) {
		pgrp = find_pgrp(p, pgid);
		if (!pgrp)
			err = -EPERM;
		else if (task_pgrp(p) != pgrp)
			change_pid(p, PIDTYPE_PGID, pgrp);
	}
	write_unlock_irq(&tasklist_lock);
	return err;
}

/* The group's or session's number of a task, 0 meaning ourselves. */
static pid_t get_pid_of(pid_t pid, enum pid_type type)
{
	struct task_struct *p;
	pid_t ret = -ESRCH;

	read_lock(&tasklist_lock);
	p = pid ? find_task_by_vpid(pid) : current;
	if (p)
		ret = pid_nr(p->signal->pids[type]);
	read_unlock(&tasklist_lock);
	return ret;
}

SYSCALL_DEFINE1(getpgid, pid_t, pid)
{
	return get_pid_of(pid, PIDTYPE_PGID);
}

SYSCALL_DEFINE1(getsid, pid_t, pid)
{
	return get_pid_of(pid, PIDTYPE_SID);
}

/* A new session and group, of which we are the only member, without a terminal. */
SYSCALL_DEFINE0(setsid)
{
	struct task_struct *leader = current->group_leader;
	struct pid *sid = task_pid(leader);
	int err = -EPERM;

	write_lock_irq(&tasklist_lock);
	/* A leader cannot be one twice; and a group of our number may not lie in another session. */
	if (leader->signal->leader || pid_task(sid, PIDTYPE_PGID))
		goto out;
	leader->signal->leader = 1;
	if (task_session(leader) != sid)
		change_pid(leader, PIDTYPE_SID, sid);
	if (task_pgrp(leader) != sid)
		change_pid(leader, PIDTYPE_PGID, sid);
	proc_clear_tty(leader);
	err = pid_nr(sid);
out:
	write_unlock_irq(&tasklist_lock);
	return err;
}

/* ------------------------------------------------------------------ priorities */

/*
 * Call fn for each task that which and who mean, with tasklist_lock held for reading. Returns
 * -EINVAL for a which that is unknown.
 */
static int for_each_prio_task(int which, int who, void (*fn)(struct task_struct *p, void *arg), void *arg)
{
	struct task_struct *g, *p;
	struct pid *pgrp;
	kuid_t uid;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	read_lock(&tasklist_lock);
	if (which == PRIO_PROCESS) {
		p = who ? find_task_by_vpid(who) : current;
		if (p)
			fn(p, arg);
	} else if (which == PRIO_PGRP) {
		pgrp = who ? find_vpid(who) : task_pgrp(current);
		do_each_pid_task(pgrp, PIDTYPE_PGID, g) {
			for_each_thread(g, p)
				fn(p, arg);
		} while_each_pid_task(pgrp, PIDTYPE_PGID, g);
	} else {
		uid = who ? make_kuid(current_user_ns(), who) : current_uid();
		for_each_process_thread(g, p)
			if (uid_eq(task_uid(p), uid) && task_pid_vnr(p))
				fn(p, arg);
	}
	read_unlock(&tasklist_lock);
	return 0;
}

struct setprio {
	int nice, error;
};

static void set_one_prio(struct task_struct *p, void *arg)
{
	struct setprio *req = arg;
	const struct cred *cred = current_cred(), *pcred = __task_cred(p);
	int error = 0;

	if (!uid_eq(pcred->uid, cred->euid) && !uid_eq(pcred->euid, cred->euid) &&
	    !capable(CAP_SYS_NICE))
		error = -EPERM;
	else if (req->nice < task_nice(p) && !can_nice(p, req->nice))
		error = -EACCES;
	else
		set_user_nice(p, req->nice);
	/* -ESRCH means that none was found; the first failure is what is told. */
	if (error || req->error == -ESRCH)
		req->error = req->error && req->error != -ESRCH ? req->error : error;
}

SYSCALL_DEFINE3(setpriority, int, which, int, who, int, niceval)
{
	struct setprio req = { .nice = clamp(niceval, MIN_NICE, MAX_NICE), .error = -ESRCH };
	int err = for_each_prio_task(which, who, set_one_prio, &req);

	return err ? err : req.error;
}

static void get_one_prio(struct task_struct *p, void *arg)
{
	long *best = arg, prio = nice_to_rlimit(task_nice(p));

	if (prio > *best)
		*best = prio;
}

/* The most urgent one's, as 20 - nice: 1 to 40, so that it is no errno. */
SYSCALL_DEFINE2(getpriority, int, which, int, who)
{
	long best = -ESRCH;
	int err = for_each_prio_task(which, who, get_one_prio, &best);

	return err ? err : best;
}

/* ------------------------------------------------------------------ small settings */

SYSCALL_DEFINE1(umask, int, mask)
{
	struct fs_struct *fs = current->fs;
	int old;

	spin_lock(&fs->lock);
	old = fs->umask;
	fs->umask = mask & S_IRWXUGO;
	spin_unlock(&fs->lock);
	return old;
}

/* Only Linux's own: there is no other way that programs could be run in. */
SYSCALL_DEFINE1(personality, unsigned int, personality)
{
	if (personality != 0xffffffff && personality != current->personality)
		return -EINVAL;
	return current->personality;
}

SYSCALL_DEFINE3(getcpu, unsigned int __user *, cpup, unsigned int __user *, nodep, void __user *, unused)
{
	unsigned int cpu = raw_smp_processor_id();

	if (cpup && put_user(cpu, cpup))
		return -EFAULT;
	return nodep && put_user(0, nodep) ? -EFAULT : 0;
}

/* Orphans below us come to us. Those who are below already have to know, too; children inherit it. */
static void set_child_subreaper(bool on)
{
	struct task_struct *p, *t;

	write_lock_irq(&tasklist_lock);
	current->signal->is_child_subreaper = on;
	if (on) {
		for_each_process(p) {
			for (t = p->real_parent; t->pid; t = t->real_parent) {
				if (same_thread_group(t, current)) {
					p->signal->has_child_subreaper = 1;
					break;
				}
			}
		}
	}
	write_unlock_irq(&tasklist_lock);
}

static long prctl_set_name(const char __user *name)
{
	char comm[TASK_COMM_LEN];

	if (strncpy_from_user(comm, name, sizeof(comm) - 1) < 0)
		return -EFAULT;
	comm[sizeof(comm) - 1] = 0;
	set_task_comm(current, comm);
	return 0;
}

static long prctl_get_name(char __user *name)
{
	char comm[TASK_COMM_LEN] = { };

	get_task_comm(comm, current);
	return copy_to_user(name, comm, sizeof(comm)) ? -EFAULT : 0;
}

/* No huge pages for this address space, those of its children, and what they exec. What is there stays. */
static long prctl_set_thp_disable(bool disable)
{
	struct mm_struct *mm = current->mm;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	if (disable)
		set_bit(MMF_DISABLE_THP, &mm->flags);
	else
		clear_bit(MMF_DISABLE_THP, &mm->flags);
	mmap_write_unlock(mm);
	return 0;
}

#define DEFAULT_TIMER_SLACK_NS	50000

SYSCALL_DEFINE5(prctl, int, option, unsigned long, arg2, unsigned long, arg3, unsigned long, arg4,
		unsigned long, arg5)
{
	switch (option) {
	case PR_SET_PDEATHSIG:
		if (!valid_signal(arg2))
			return -EINVAL;
		current->pdeath_signal = arg2;
		return 0;
	case PR_GET_PDEATHSIG:
		return put_user(current->pdeath_signal, (int __user *)arg2);
	case PR_SET_NAME:
		return prctl_set_name((char __user *)arg2);
	case PR_GET_NAME:
		return prctl_get_name((char __user *)arg2);
	case PR_SET_TIMERSLACK:
		current->timer_slack_ns = arg2 > 0 && arg2 <= UINT_MAX ? arg2 : DEFAULT_TIMER_SLACK_NS;
		return 0;
	case PR_GET_TIMERSLACK:
		return current->timer_slack_ns;
	case PR_SET_CHILD_SUBREAPER:
		set_child_subreaper(arg2);
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return put_user((int)current->signal->is_child_subreaper, (int __user *)arg2);
	case PR_GET_TID_ADDRESS:
		return put_user(current->clear_child_tid, (int __user * __user *)arg2);
	case PR_SET_THP_DISABLE:
		if (arg3 || arg4 || arg5)
			return -EINVAL;
		return prctl_set_thp_disable(arg2);
	case PR_GET_THP_DISABLE:
		if (arg2 || arg3 || arg4 || arg5)
			return -EINVAL;
		return test_bit(MMF_DISABLE_THP, &current->mm->flags);
	default:
		return -EINVAL;
	}
}

/* ------------------------------------------------------------------ the machine */

/* In bytes: mem_unit is 1. */
SYSCALL_DEFINE1(sysinfo, struct sysinfo __user *, uinfo)
{
	struct sysinfo info = { };

	static_assert(sizeof(struct sysinfo) == 112);
	si_meminfo(&info);
	si_swapinfo(&info);
	info.totalswap *= PAGE_SIZE;
	info.freeswap *= PAGE_SIZE;
	info.totalram *= PAGE_SIZE;
	info.freeram *= PAGE_SIZE;
	info.sharedram *= PAGE_SIZE;
	info.bufferram *= PAGE_SIZE;
	info.totalhigh *= PAGE_SIZE;
	info.freehigh *= PAGE_SIZE;
	info.mem_unit = 1;
	info.uptime = ktime_get_boottime_seconds();
	get_avenrun(info.loads, 0, SI_LOAD_SHIFT - FSHIFT);
	info.procs = READ_ONCE(nr_threads);
	return copy_to_user(uinfo, &info, sizeof(info)) ? -EFAULT : 0;
}
