// SPDX-License-Identifier: MIT
/*
 * Making tasks: clone(2) and kernel threads. copy_process() makes a copy of the calling task piece
 * by piece, sharing what the flags say, and undoes it in the reverse order when a piece fails;
 * wake_up_new_task() then lets it run. Address spaces are copied in mm/mm_struct.c.
 *
 * Locking: tasklist_lock for writing while the child is hung into the family; everything before is
 * private to us, since nobody can find the child.
 */
#include <linux/capability.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/futex.h>
#include <linux/init.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/ptrace.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/signalfd.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/tty.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

static struct kmem_cache *task_struct_cachep, *signal_cachep, *sighand_cachep;

rwlock_t tasklist_lock = __RW_LOCK_UNLOCKED(tasklist_lock);
int nr_threads;				/* tasklist_lock */
unsigned long total_forks;		/* tasklist_lock */
static int max_threads;			/* so that task structures take at most an eighth of memory */

/* ------------------------------------------------------------------ kernel stacks */

/*
 * Stacks of tasks that ended, kept for the next ones: mapping and unmapping pages costs more than
 * all the rest of a fork. A task's stack is freed by the task that runs after it, in the middle of a
 * switch, where nothing may sleep; so it only goes onto this list, linked through its first word, and
 * trim_stack_cache() gives back what is too many. stack_cache_lock guards list and count.
 */
#define STACKS_KEPT	8
static void *cached_stacks;
static int nr_cached_stacks;
static DEFINE_SPINLOCK(stack_cache_lock);

static void *pop_cached_stack(int keep)
{
	void *stack = NULL;

	spin_lock(&stack_cache_lock);
	if (nr_cached_stacks > keep) {
		stack = cached_stacks;
		cached_stacks = *(void **)stack;
		nr_cached_stacks--;
	}
	spin_unlock(&stack_cache_lock);
	return stack;
}

static void *alloc_thread_stack(void)
{
	void *stack = pop_cached_stack(0);

	if (stack)	/* redzones of frames that did not return */
		kasan_unpoison_range(stack, THREAD_SIZE);
	else
		stack = __vmalloc_node_range(THREAD_SIZE, THREAD_ALIGN, VMALLOC_START, VMALLOC_END,
					     GFP_KERNEL, PAGE_KERNEL,
					     __builtin_return_address(0));
	if (stack)
		mod_node_page_state(NULL, NR_KERNEL_STACK_KB, THREAD_SIZE / 1024);
	return stack;
}

/* Any context. */
static void free_thread_stack(void *stack)
{
	mod_node_page_state(NULL, NR_KERNEL_STACK_KB, -(THREAD_SIZE / 1024));
	spin_lock(&stack_cache_lock);
	*(void **)stack = cached_stacks;
	cached_stacks = stack;
	nr_cached_stacks++;
	spin_unlock(&stack_cache_lock);
}

/* May sleep. Called where processes come and go: fork and release_task(). */
void trim_stack_cache(void)
{
	void *stack;

	while (READ_ONCE(nr_cached_stacks) > STACKS_KEPT && (stack = pop_cached_stack(STACKS_KEPT)))
		vfree(stack);
}

/* ------------------------------------------------------------------ task structures */

/* The last reference is gone; the task left the run queue for good (finish_task_switch()). */
void __put_task_struct(struct task_struct *tsk)
{
	WARN_ON(!tsk->exit_state);
	put_cred(tsk->real_cred);
	put_cred(tsk->cred);
	put_signal_struct(tsk->signal);
	kmem_cache_free(task_struct_cachep, tsk);
}
EXPORT_SYMBOL(__put_task_struct);

/*
 * The stack goes at the last switch, long before the rest: it is worth much and readers of RCU have no
 * business there. Who wants to look at another task's calls takes a reference, which is refused then.
 */
void put_task_stack(struct task_struct *tsk)
{
	if (refcount_dec_and_test(&tsk->stack_refcount))
		free_thread_stack(tsk->stack);
}

static struct task_struct *dup_task_struct(struct task_struct *orig)
{
	struct task_struct *tsk = kmem_cache_alloc(task_struct_cachep, GFP_KERNEL);

	if (!tsk)
		return NULL;
	/* The registers of the copy are copy_thread()'s business: no need to carry 500 bytes. */
	memcpy(tsk, orig, offsetof(struct task_struct, thread));
	tsk->stack = alloc_thread_stack();
	if (!tsk->stack) {
		kmem_cache_free(task_struct_cachep, tsk);
		return NULL;
	}
	tsk->thread_info.flags = 0;
	refcount_set(&tsk->stack_refcount, 1);
	refcount_set(&tsk->usage, 1);
	/* One for the family, until release_task(); one for the run queue, until the last switch. */
	refcount_set(&tsk->rcu_users, 2);
	return tsk;
}

/* ------------------------------------------------------------------ leaving an address space */

/*
 * The task leaves its address space: tell who waits for that (vfork's parent, and whoever waits
 * on the address that CLONE_CHILD_CLEARTID named).
 */
static void mm_release(struct task_struct *tsk, struct mm_struct *mm)
{
	struct completion *vfork;

	if (tsk->clear_child_tid) {
		/* Nobody is left to look at it otherwise. If the address is bad, that is the program's. */
		if (atomic_read(&mm->mm_users) > 1) {
			put_user(0, tsk->clear_child_tid);
			do_futex((u32 __user *)tsk->clear_child_tid, FUTEX_WAKE, 1, NULL, NULL, 0, 0);
		}
		tsk->clear_child_tid = NULL;
	}
	task_lock(tsk);
	vfork = tsk->vfork_done;
	tsk->vfork_done = NULL;
	if (vfork)
		complete(vfork);
	task_unlock(tsk);
}

void exit_mm_release(struct task_struct *tsk, struct mm_struct *mm)
{
	futex_exit_release(tsk);
	mm_release(tsk, mm);
}

void exec_mm_release(struct task_struct *tsk, struct mm_struct *mm)
{
	futex_exec_release(tsk);
	mm_release(tsk, mm);
}

/* ------------------------------------------------------------------ copying, piece by piece */

static int copy_mm(unsigned long clone_flags, struct task_struct *tsk)
{
	struct mm_struct *oldmm = current->mm, *mm;

	tsk->min_flt = tsk->maj_flt = 0;
	tsk->nvcsw = tsk->nivcsw = 0;
	tsk->mm = NULL;
	tsk->active_mm = NULL;
	if (!oldmm)
		return 0;		/* a kernel thread: it borrows */
	if (clone_flags & CLONE_VM) {
		mmget(oldmm);
		mm = oldmm;
	} else {
		mm = dup_mm(oldmm);
		if (IS_ERR(mm))
			return PTR_ERR(mm);
	}
	tsk->mm = mm;
	tsk->active_mm = mm;
	return 0;
}

static int copy_fs(unsigned long clone_flags, struct task_struct *tsk)
{
	struct fs_struct *fs = current->fs;

	if (clone_flags & CLONE_FS) {
		spin_lock(&fs->lock);
		fs->users++;
		spin_unlock(&fs->lock);
		return 0;
	}
	tsk->fs = copy_fs_struct(fs);
	return tsk->fs ? 0 : -ENOMEM;
}

static int copy_files(unsigned long clone_flags, struct task_struct *tsk)
{
	struct files_struct *oldf = current->files;
	int error = 0;

	if (!oldf)
		return 0;
	if (clone_flags & CLONE_FILES) {
		atomic_inc(&oldf->count);
		return 0;
	}
	tsk->files = dup_fd(oldf, UINT_MAX, &error);
	return tsk->files ? 0 : error;
}

/* Unshared, with one reference and no actions filled in. */
struct sighand_struct *alloc_sighand(void)
{
	struct sighand_struct *sig = kmem_cache_alloc(sighand_cachep, GFP_KERNEL);

	if (sig) {
		spin_lock_init(&sig->siglock);
		init_waitqueue_head(&sig->signalfd_wqh);
		refcount_set(&sig->count, 1);
	}
	return sig;
}

static int copy_sighand(u64 clone_flags, struct task_struct *tsk)
{
	struct sighand_struct *sig;

	if (clone_flags & CLONE_SIGHAND) {
		refcount_inc(&current->sighand->count);
		return 0;
	}
	sig = alloc_sighand();
	if (!sig)
		return -ENOMEM;
	spin_lock_irq(&current->sighand->siglock);
	memcpy(sig->action, current->sighand->action, sizeof(sig->action));
	spin_unlock_irq(&current->sighand->siglock);
	tsk->sighand = sig;
	if (clone_flags & CLONE_CLEAR_SIGHAND)
		flush_signal_handlers(tsk, 0);
	return 0;
}

static void free_sighand_rcu(struct rcu_head *head)
{
	kmem_cache_free(sighand_cachep, container_of(head, struct sighand_struct, rcu));
}

void __cleanup_sighand(struct sighand_struct *sighand)
{
	if (!refcount_dec_and_test(&sighand->count))
		return;
	signalfd_cleanup(sighand);
	call_rcu(&sighand->rcu, free_sighand_rcu);	/* lock_task_sighand() may be looking */
}

static int copy_signal(unsigned long clone_flags, struct task_struct *tsk)
{
	struct signal_struct *sig;

	if (clone_flags & CLONE_THREAD)
		return 0;
	sig = kmem_cache_zalloc(signal_cachep, GFP_KERNEL);
	if (!sig)
		return -ENOMEM;
	tsk->signal = sig;
	sig->nr_threads = 1;
	sig->quick_threads = 1;
	atomic_set(&sig->live, 1);
	refcount_set(&sig->sigcnt, 1);
	INIT_LIST_HEAD(&sig->thread_head);
	init_waitqueue_head(&sig->wait_chldexit);
	prev_cputime_init(&sig->prev_cputime);
	sig->curr_target = tsk;
	sig->shared_pending.signal = (sigset_t){ };
	INIT_LIST_HEAD(&sig->shared_pending.list);
	xa_init_flags(&sig->posix_timers, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_IRQ);
	hrtimer_init(&sig->real_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	sig->real_timer.function = it_real_fn;
	task_lock(current->group_leader);
	memcpy(sig->rlim, current->signal->rlim, sizeof(sig->rlim));
	task_unlock(current->group_leader);
	posix_cputimers_group_init(&sig->posix_cputimers, sig->rlim[RLIMIT_CPU].rlim_cur);
	sig->oom_score_adj = current->signal->oom_score_adj;
	sig->oom_score_adj_min = current->signal->oom_score_adj_min;
	return 0;
}

void put_signal_struct(struct signal_struct *sig)
{
	if (!refcount_dec_and_test(&sig->sigcnt))
		return;
	if (sig->oom_mm)
		mmdrop(sig->oom_mm);
	kmem_cache_free(signal_cachep, sig);
}

/* ------------------------------------------------------------------ copy_process */

/* Which flags go together; Linux's rules. */
static int check_clone_flags(u64 flags)
{
	if ((flags & (CLONE_NEWNS | CLONE_FS)) == (CLONE_NEWNS | CLONE_FS))
		return -EINVAL;
	if ((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND))
		return -EINVAL;
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
		return -EINVAL;
	if ((flags & CLONE_PARENT) && (current->signal->flags & SIGNAL_UNKILLABLE))
		return -EINVAL;
	if ((flags & CLONE_CLEAR_SIGHAND) && (flags & CLONE_SIGHAND))
		return -EINVAL;
	/* One namespace of each kind is all there is. */
	if (flags & (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
		     CLONE_NEWPID | CLONE_NEWNET | CLONE_INTO_CGROUP | CLONE_PIDFD))
		return -EINVAL;
	return 0;
}

static void reset_copied_task(struct task_struct *p, const struct kernel_clone_args *args)
{
	p->flags &= ~(PF_EXITING | PF_SIGNALED | PF_IDLE | PF_MEMALLOC | PF_NO_SETAFFINITY);
	p->flags |= PF_FORKNOEXEC;
	if (args->kthread)
		p->flags |= PF_KTHREAD;
	else
		p->flags &= ~PF_KTHREAD;
	INIT_LIST_HEAD(&p->children);
	INIT_LIST_HEAD(&p->sibling);
	INIT_LIST_HEAD(&p->thread_group);
	INIT_LIST_HEAD(&p->thread_node);
	INIT_LIST_HEAD(&p->tasks);
	p->vfork_done = NULL;
	spin_lock_init(&p->alloc_lock);
	p->pending.signal = (sigset_t){ };
	INIT_LIST_HEAD(&p->pending.list);
	p->utime = p->stime = 0;
	posix_cputimers_init(&p->posix_cputimers);
	p->start_time = p->start_boottime = ktime_get_ns();
	p->exit_state = 0;
	p->exit_code = 0;
	p->pdeath_signal = 0;
	p->jobctl = 0;
	p->last_siginfo = NULL;
	p->nameidata = NULL;
	p->journal_info = NULL;
	p->pagefault_disabled = 0;
	p->in_execve = 0;
	p->in_iowait = 0;
	p->robust_list = NULL;
	p->wake_q.next = NULL;
	p->oom_reap_at = 0;
	p->restart_block.fn = do_no_restart_syscall;
	lockdep_init_task(p);
	/* The alternate signal stack goes with the address space, unless it is shared. */
	if ((args->flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM)
		p->sas_ss_sp = p->sas_ss_size = p->sas_ss_flags = 0;
	p->set_child_tid = args->flags & CLONE_CHILD_SETTID ? args->child_tid : NULL;
	p->clear_child_tid = args->flags & CLONE_CHILD_CLEARTID ? args->child_tid : NULL;
}

/* Hang the child into the family, so that it can be found. The last thing that can fail. */
static int link_task(struct task_struct *p, struct pid *pid, const struct kernel_clone_args *args)
{
	p->pid = pid->nr;
	p->thread_pid = pid;
	if (args->flags & CLONE_THREAD) {
		p->group_leader = current->group_leader;
		p->tgid = current->tgid;
		p->exit_signal = -1;
	} else {
		p->group_leader = p;
		p->tgid = p->pid;
		p->exit_signal = args->flags & CLONE_PARENT ? current->group_leader->exit_signal :
							      args->exit_signal;
	}

	write_lock_irq(&tasklist_lock);
	if (args->flags & (CLONE_PARENT | CLONE_THREAD))
		p->real_parent = current->real_parent;
	else
		p->real_parent = current;
	p->parent = p->real_parent;

	spin_lock(&current->sighand->siglock);
	/* A fork that a fatal signal overtakes must not leave a child that missed it. */
	if (fatal_signal_pending(current)) {
		spin_unlock(&current->sighand->siglock);
		write_unlock_irq(&tasklist_lock);
		return -EINTR;
	}
	if (args->flags & CLONE_THREAD) {
		current->signal->nr_threads++;
		current->signal->quick_threads++;
		atomic_inc(&current->signal->live);
		refcount_inc(&current->signal->sigcnt);
		task_join_group_stop(p);
		list_add_tail_rcu(&p->thread_group, &p->group_leader->thread_group);
		list_add_tail_rcu(&p->thread_node, &p->signal->thread_head);
	} else {
		p->signal->pids[PIDTYPE_TGID] = pid;
		p->signal->pids[PIDTYPE_PGID] = task_pgrp(current);
		p->signal->pids[PIDTYPE_SID] = task_session(current);
		p->signal->tty = tty_kref_get(current->signal->tty);
		p->signal->has_child_subreaper = current->signal->has_child_subreaper ||
						 current->signal->is_child_subreaper;
		if (pid->nr == 1)
			p->signal->flags |= SIGNAL_UNKILLABLE;
		list_add_tail(&p->sibling, &p->real_parent->children);
		list_add_tail_rcu(&p->tasks, &init_task.tasks);
		list_add_tail_rcu(&p->thread_node, &p->signal->thread_head);
		attach_pid(p, PIDTYPE_TGID);
		attach_pid(p, PIDTYPE_PGID);
		attach_pid(p, PIDTYPE_SID);
	}
	attach_pid(p, PIDTYPE_PID);
	nr_threads++;
	total_forks++;
	spin_unlock(&current->sighand->siglock);
	write_unlock_irq(&tasklist_lock);
	return 0;
}

/* A copy of current that does not run yet, or ERR_PTR. */
static struct task_struct *copy_process(const struct kernel_clone_args *args)
{
	const u64 flags = args->flags;
	struct task_struct *p;
	struct pid *pid;
	int retval = check_clone_flags(flags);

	if (retval)
		return ERR_PTR(retval);
	if (READ_ONCE(nr_threads) >= max_threads)
		return ERR_PTR(-EAGAIN);
	trim_stack_cache();
	p = dup_task_struct(current);
	if (!p)
		return ERR_PTR(-ENOMEM);
	reset_copied_task(p, args);
	retval = copy_creds(p, flags);
	if (retval)
		goto bad_fork_free;
	/* p is counted already, so that two CPUs cannot both be the last to find room. */
	retval = -EAGAIN;
	if (user_over_nproc(p->real_cred->user, rlimit(RLIMIT_NPROC)) && !capable(CAP_SYS_RESOURCE) &&
	    !capable(CAP_SYS_ADMIN))
		goto bad_fork_cleanup_cred;
	current->flags &= ~PF_NPROC_EXCEEDED;
	retval = sched_fork(flags, p);
	if (retval)
		goto bad_fork_cleanup_cred;
	retval = copy_files(flags, p);
	if (retval)
		goto bad_fork_cleanup_cred;
	retval = copy_fs(flags, p);
	if (retval)
		goto bad_fork_cleanup_files;
	retval = copy_sighand(flags, p);
	if (retval)
		goto bad_fork_cleanup_fs;
	retval = copy_signal(flags, p);
	if (retval)
		goto bad_fork_cleanup_sighand;
	retval = copy_mm(flags, p);
	if (retval)
		goto bad_fork_cleanup_signal;
	retval = copy_thread(p, args);
	if (retval)
		goto bad_fork_cleanup_mm;
	/* The idle task of another CPU is in no list and has no pid: nobody looks for it. */
	if (args->idle)
		return p;
	pid = alloc_pid();
	if (IS_ERR(pid)) {
		retval = PTR_ERR(pid);
		goto bad_fork_cleanup_mm;
	}
	retval = link_task(p, pid, args);
	if (retval)
		goto bad_fork_free_pid;
	sched_post_fork(p);
	return p;

bad_fork_free_pid:
	free_pid(pid);
bad_fork_cleanup_mm:
	if (p->mm)
		mmput(p->mm);
bad_fork_cleanup_signal:
	if (!(flags & CLONE_THREAD))
		put_signal_struct(p->signal);
bad_fork_cleanup_sighand:
	__cleanup_sighand(p->sighand);
bad_fork_cleanup_fs:
	exit_fs(p);
bad_fork_cleanup_files:
	exit_files(p);
bad_fork_cleanup_cred:
	atomic_long_dec(&p->real_cred->user->processes);
	put_cred(p->real_cred);
	put_cred(p->cred);
bad_fork_free:
	free_thread_stack(p->stack);
	kmem_cache_free(task_struct_cachep, p);
	return ERR_PTR(retval);
}

/* vfork: sleep until the child has left our address space, or we are killed. */
static void wait_for_vfork_done(struct task_struct *child, struct completion *vfork)
{
	if (wait_for_completion_killable(vfork)) {
		/* We go first: the child must not complete what lies on our stack. */
		task_lock(child);
		child->vfork_done = NULL;
		task_unlock(child);
	}
	put_task_struct(child);
}

/**
 * kernel_clone - make a task and let it run
 *
 * Returns its pid, or an errno: EAGAIN too many tasks, ENOMEM, EINVAL flags that do not go together.
 */
pid_t kernel_clone(struct kernel_clone_args *args)
{
	struct completion vfork;
	struct task_struct *p = copy_process(args);
	pid_t nr;

	if (IS_ERR(p))
		return PTR_ERR(p);
	nr = p->pid;
	if (args->flags & CLONE_PARENT_SETTID)
		put_user(nr, args->parent_tid);
	if (args->flags & CLONE_VFORK) {
		init_completion(&vfork);
		p->vfork_done = &vfork;
		get_task_struct(p);
	}
	wake_up_new_task(p);
	if (args->flags & CLONE_VFORK)
		wait_for_vfork_done(p, &vfork);
	return nr;
}

/* The idle task of @cpu, which that CPU will start on by itself: nobody wakes or switches to it first. */
struct task_struct *__init fork_idle(int cpu)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_UNTRACED,
		.kthread = 1,
		.idle = 1,
	};
	struct task_struct *task = copy_process(&args);
	char comm[TASK_COMM_LEN];

	if (IS_ERR(task))
		return task;
	task->pid = task->tgid = 0;
	task->thread_pid = NULL;
	task->group_leader = task;
	snprintf(comm, sizeof(comm), "swapper/%d", cpu);
	set_task_comm(task, comm);
	init_idle(task, cpu);
	return task;
}

/* A thread of the kernel's own, running fn(arg). */
pid_t kernel_thread(int (*fn)(void *), void *arg, unsigned long flags)
{
	struct kernel_clone_args args = {
		.flags = (flags | CLONE_VM | CLONE_UNTRACED) & ~CSIGNAL,
		.exit_signal = flags & CSIGNAL,
		.fn = fn,
		.fn_arg = arg,
		.kthread = 1,
	};

	return kernel_clone(&args);
}

/* A task that begins in the kernel and becomes a program by exec: init. */
pid_t user_mode_thread(int (*fn)(void *), void *arg, unsigned long flags)
{
	struct kernel_clone_args args = {
		.flags = (flags | CLONE_VM | CLONE_UNTRACED) & ~CSIGNAL,
		.exit_signal = flags & CSIGNAL,
		.fn = fn,
		.fn_arg = arg,
	};

	return kernel_clone(&args);
}

/* ------------------------------------------------------------------ system calls */

SYSCALL_DEFINE5(clone, unsigned long, clone_flags, unsigned long, newsp, int __user *, parent_tid,
		unsigned long, tls, int __user *, child_tid)
{
	struct kernel_clone_args args = {
		.flags = (u32)clone_flags & ~CSIGNAL,
		.child_tid = child_tid,
		.parent_tid = parent_tid,
		.exit_signal = clone_flags & CSIGNAL,
		.stack = newsp,
		.tls = tls,
	};

	return kernel_clone(&args);
}

/* struct clone_args of clone3(2), 88 bytes since Linux 5.7 */
struct clone_args {
	u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	u64 set_tid, set_tid_size, cgroup;
};
#define CLONE_ARGS_SIZE_VER0	64

SYSCALL_DEFINE2(clone3, struct clone_args __user *, uargs, size_t, size)
{
	struct kernel_clone_args kargs = { };
	struct clone_args args;
	int err;

	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	err = copy_struct_from_user(&args, sizeof(args), uargs, size);
	if (err)
		return err;
	if (args.set_tid_size || args.set_tid || args.cgroup || args.exit_signal > _NSIG ||
	    (args.flags & (CSIGNAL | CLONE_DETACHED)))
		return -EINVAL;
	if ((args.flags & (CLONE_THREAD | CLONE_PARENT)) && args.exit_signal)
		return -EINVAL;
	if (!args.stack != !args.stack_size)
		return -EINVAL;
	if (args.stack && !access_ok((void __user *)args.stack, args.stack_size))
		return -EINVAL;
	kargs.flags = args.flags;
	kargs.child_tid = (int __user *)args.child_tid;
	kargs.parent_tid = (int __user *)args.parent_tid;
	kargs.exit_signal = args.exit_signal;
	kargs.stack = args.stack;
	kargs.stack_size = args.stack_size;
	kargs.tls = args.tls;
	return kernel_clone(&kargs);
}

SYSCALL_DEFINE1(set_tid_address, int __user *, tidptr)
{
	current->clear_child_tid = tidptr;
	return task_pid_vnr(current);
}

/* ------------------------------------------------------------------ booting */

void __init proc_caches_init(void)
{
	sighand_cachep = KMEM_CACHE(sighand_struct, SLAB_PANIC);
	signal_cachep = KMEM_CACHE(signal_struct, SLAB_PANIC);
	mm_cache_init();
	mmap_init();
	anon_vma_init();
}

void __init fork_init(void)
{
	unsigned long max;

	task_struct_cachep = KMEM_CACHE(task_struct, SLAB_PANIC | SLAB_HWCACHE_ALIGN);
	max = totalram_pages() * (PAGE_SIZE / 8) / THREAD_SIZE;
	max_threads = clamp(max, 20UL, (unsigned long)PID_MAX_LIMIT);
	init_task.signal->rlim[RLIMIT_NPROC].rlim_cur = max_threads / 2;
	init_task.signal->rlim[RLIMIT_NPROC].rlim_max = max_threads / 2;
	init_task.signal->rlim[RLIMIT_SIGPENDING] = init_task.signal->rlim[RLIMIT_NPROC];
}
