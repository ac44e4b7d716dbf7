// SPDX-License-Identifier: MIT
/*
 * execve(2): another program in the same task.
 *
 * The new address space is built beside the old one: its stack gets the strings, then the file's
 * format (ELF, #! script) is asked. Only in begin_new_exec(), when the file has been found good, is
 * the old address space given up; what fails after that kills the task, for there is nothing to
 * return to.
 *
 * bprm belongs to the task alone. bprm->mm is nobody else's either; its mmap_lock is taken where
 * mm/ asserts it.
 */
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/errname.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/posix-timers.h>
#include <linux/rculist.h>
#include <linux/rwlock.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/mmu_context.h>
#include <asm/processor.h>
#include "internal.h"

static LIST_HEAD(formats);
static DEFINE_RWLOCK(binfmt_lock);

void register_binfmt(struct linux_binfmt *fmt)
{
	write_lock(&binfmt_lock);
	list_add_tail(&fmt->lh, &formats);
	write_unlock(&binfmt_lock);
}

/* ------------------------------------------------------------------ the strings on the new stack */

/* A user's array of strings, or the kernel's own (for init). */
struct user_arg_ptr {
	const char __user *const __user *user;
	const char *const *kernel;
};

static const char __user *get_user_arg_ptr(struct user_arg_ptr argv, int nr)
{
	const char __user *native;

	if (argv.kernel)
		return (__force const char __user *)argv.kernel[nr];
	if (get_user(native, argv.user + nr))
		return ERR_PTR(-EFAULT);
	return native;
}

static int count(struct user_arg_ptr argv)
{
	int i = 0;

	if (!argv.user && !argv.kernel)
		return 0;
	for (;;) {
		const char __user *p = get_user_arg_ptr(argv, i);

		if (!p)
			return i;
		if (IS_ERR(p))
			return -EFAULT;
		if (i++ >= MAX_ARG_STRINGS)
			return -E2BIG;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
}

/* The page of the new stack at pos, made if need be, with a reference. */
static struct page *get_arg_page(struct linux_binprm *bprm, unsigned long pos)
{
	struct page *page = NULL;
	long ret;

	mmap_write_lock(bprm->mm);
	ret = pos < bprm->vma->vm_start ? expand_stack_locked(bprm->vma, pos) : 0;
	if (!ret)
		ret = get_user_pages_remote(bprm->mm, pos, 1, FOLL_WRITE, &page);
	mmap_write_unlock(bprm->mm);
	return ret == 1 ? page : NULL;
}

/* Put len bytes below bprm->p. */
static int copy_to_stack(struct linux_binprm *bprm, const char *src, const char __user *usrc, size_t len)
{
	while (len) {
		unsigned long off = offset_in_page(bprm->p - 1) + 1;
		size_t n = min_t(size_t, len, off);
		struct page *page;
		int bad = 0;

		if (fatal_signal_pending(current))
			return -ERESTARTNOHAND;
		cond_resched();
		bprm->p -= n;
		len -= n;
		page = get_arg_page(bprm, bprm->p);
		if (!page)
			return -E2BIG;
		if (src)
			memcpy(page_address(page) + offset_in_page(bprm->p), src + len, n);
		else
			bad = copy_from_user(page_address(page) + offset_in_page(bprm->p), usrc + len, n) != 0;
		put_page(page);
		if (bad)
			return -EFAULT;
	}
	return 0;
}

/* One string with its NUL, from the kernel. */
int copy_string_kernel(const char *arg, struct linux_binprm *bprm)
{
	size_t len = strlen(arg) + 1;

	if (len > MAX_ARG_STRLEN || bprm->p - len < bprm->argmin || bprm->p < len)
		return -E2BIG;
	return copy_to_stack(bprm, arg, NULL, len);
}

/* The last string first, so that they lie in order. */
static int copy_strings(int argc, struct user_arg_ptr argv, struct linux_binprm *bprm)
{
	while (argc-- > 0) {
		const char __user *str = get_user_arg_ptr(argv, argc);
		long len;
		int ret;

		if (IS_ERR_OR_NULL(str))
			return -EFAULT;
		if (argv.kernel) {
			ret = copy_string_kernel((__force const char *)str, bprm);
		} else {
			len = strnlen_user(str, MAX_ARG_STRLEN);
			if (!len)
				return -EFAULT;
			if (len > MAX_ARG_STRLEN || bprm->p < bprm->argmin + len)
				return -E2BIG;
			ret = copy_to_stack(bprm, NULL, str, len);
		}
		if (ret)
			return ret;
	}
	return 0;
}

/* A script's interpreter gets other arguments: take the first string off the stack. */
int remove_arg_zero(struct linux_binprm *bprm)
{
	if (!bprm->argc)
		return 0;
	for (;;) {
		struct page *page = get_arg_page(bprm, bprm->p);
		unsigned long off;
		char *kaddr;

		if (!page)
			return -EFAULT;
		kaddr = page_address(page);
		for (off = offset_in_page(bprm->p); off < PAGE_SIZE && kaddr[off]; off++)
			bprm->p++;
		put_page(page);
		if (off < PAGE_SIZE)
			break;
	}
	bprm->p++;
	bprm->argc--;
	return 0;
}

int bprm_change_interp(const char *interp, struct linux_binprm *bprm)
{
	char *copy = kstrdup(interp, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	kfree(bprm->interp_buf);
	bprm->interp = bprm->interp_buf = copy;
	return 0;
}

/* A new address space with one region, the stack, at the very top for now. */
static int bprm_mm_init(struct linux_binprm *bprm)
{
	unsigned long limit = rlimit(RLIMIT_STACK) / 4;
	struct vm_area_struct *vma;
	int err;

	bprm->mm = mm_alloc();
	if (!bprm->mm)
		return -ENOMEM;
	vma = vm_area_alloc(bprm->mm);
	if (!vma)
		return -ENOMEM;
	vma->vm_end = STACK_TOP_MAX;
	vma->vm_start = vma->vm_end - PAGE_SIZE;
	vma->vm_flags = VM_STACK_FLAGS;
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
	vma->vm_pgoff = vma->vm_start >> PAGE_SHIFT;
	mmap_write_lock(bprm->mm);
	err = insert_vm_struct(bprm->mm, vma);
	mmap_write_unlock(bprm->mm);
	if (err) {
		vm_area_free(vma);
		return err;
	}
	bprm->mm->stack_vm = bprm->mm->total_vm = 1;
	bprm->vma = vma;
	bprm->p = vma->vm_end - sizeof(void *);
	/* Arguments may take a quarter of the stack, 128 KiB in any case, 6 MiB at most. */
	limit = clamp(limit, 128UL << 10, 6UL << 20);
	bprm->argmin = bprm->p - limit;
	return 0;
}

/**
 * setup_arg_pages - the stack's final limits
 *
 * Called by the format when the new address space is current. The stack stays where its strings
 * were put; it is given some room below, so that the first pushes need not grow it.
 */
int setup_arg_pages(struct linux_binprm *bprm, unsigned long stack_top)
{
	struct mm_struct *mm = current->mm;
	unsigned long base;

	mm->arg_start = bprm->p;
	mmap_write_lock(mm);
	base = (bprm->p & PAGE_MASK) - 128 * 1024;
	if (bprm->vma->vm_end - base > rlimit(RLIMIT_STACK))
		base = bprm->p & PAGE_MASK;
	mm->start_stack = bprm->p;
	expand_stack_locked(bprm->vma, base);
	mmap_write_unlock(mm);
	return 0;
}

/* ------------------------------------------------------------------ the file */

static struct file *do_open_execat(int fd, struct filename *name, int flags)
{
	struct open_flags op = {
		.open_flag = O_LARGEFILE | O_RDONLY,
		.acc_mode = MAY_EXEC,
		.intent = LOOKUP_OPEN,
		.lookup_flags = LOOKUP_FOLLOW,
	};
	struct file *file;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return ERR_PTR(-EINVAL);
	if (flags & AT_SYMLINK_NOFOLLOW)
		op.lookup_flags &= ~LOOKUP_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		op.lookup_flags |= LOOKUP_EMPTY;
	file = do_filp_open(fd, name, &op);
	if (IS_ERR(file))
		return file;
	err = -EACCES;
	if (!S_ISREG(file_inode(file)->i_mode) || path_noexec(&file->f_path))
		goto fail;
	err = deny_write_access(file);
	if (!err)
		return file;
fail:
	fput(file);
	return ERR_PTR(err);
}

/* For a format that needs another file (an interpreter). The caller allows writes again. */
struct file *open_exec(const char *name)
{
	struct filename *filename = getname_kernel(name);
	struct file *file;

	if (IS_ERR(filename))
		return ERR_CAST(filename);
	file = do_open_execat(AT_FDCWD, filename, 0);
	putname(filename);
	return file;
}

static void close_exec(struct file *file)
{
	allow_write_access(file);
	fput(file);
}

static void free_bprm(struct linux_binprm *bprm)
{
	if (bprm->mm)
		mmput(bprm->mm);
	if (bprm->cred)
		put_cred(bprm->cred);
	if (bprm->file)
		close_exec(bprm->file);
	kfree(bprm->interp_buf);
	kfree(bprm);
}

/* Who the program runs as: setuid and setgid bits of the file. */
static void bprm_fill_uid(struct linux_binprm *bprm)
{
	struct inode *inode = file_inode(bprm->file);
	umode_t mode = inode->i_mode;

	bprm->cred->euid = current_euid();
	bprm->cred->egid = current_egid();
	if (!mnt_may_suid(bprm->file->f_path.mnt))
		return;
	if (mode & S_ISUID)
		bprm->cred->euid = inode->i_uid;
	if ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		bprm->cred->egid = inode->i_gid;
}

static int prepare_binprm(struct linux_binprm *bprm)
{
	loff_t pos = 0;
	ssize_t n;

	memset(bprm->buf, 0, BINPRM_BUF_SIZE);
	n = kernel_read(bprm->file, bprm->buf, BINPRM_BUF_SIZE, &pos);
	return n < 0 ? (int)n : 0;
}

/* ------------------------------------------------------------------ the change-over */

/* The task lives in bprm->mm from here on. */
static int exec_mmap(struct mm_struct *mm)
{
	struct task_struct *tsk = current;
	struct mm_struct *old_mm = tsk->mm, *active_mm;

	if (old_mm)
		exec_mm_release(tsk, old_mm);
	task_lock(tsk);
	local_irq_disable();
	active_mm = tsk->active_mm;
	tsk->active_mm = mm;
	tsk->mm = mm;
	activate_mm(active_mm, mm);
	local_irq_enable();
	task_unlock(tsk);
	if (old_mm) {
		if (get_mm_rss(old_mm) > tsk->signal->maxrss)
			tsk->signal->maxrss = get_mm_rss(old_mm);
		mmput(old_mm);
	} else {
		mmdrop(active_mm);	/* it was borrowed */
	}
	return 0;
}

/* Wait, killable, until the other threads are gone; the leader at least dead. False: we were killed. */
static bool wait_for_others(struct task_struct *tsk)
{
	struct signal_struct *sig = tsk->signal;
	spinlock_t *lock = &tsk->sighand->siglock;

	/* __exit_signal() counts down and wakes us, under the same lock. */
	spin_lock_irq(lock);
	while (sig->notify_count) {
		__set_current_state(TASK_KILLABLE);
		spin_unlock_irq(lock);
		schedule();
		if (__fatal_signal_pending(tsk))
			return false;
		spin_lock_irq(lock);
	}
	spin_unlock_irq(lock);
	return true;
}

/*
 * We are not the leader, who stays a zombie while we live: become him. The process keeps its number,
 * its parent and its groups; what was the leader gets our number, and is released.
 */
static bool take_over_leader(struct task_struct *tsk)
{
	struct task_struct *leader = tsk->group_leader;

	for (;;) {
		write_lock_irq(&tasklist_lock);
		tsk->signal->notify_count = -1;		/* for exit_notify() */
		if (likely(leader->exit_state))
			break;
		__set_current_state(TASK_KILLABLE);
		write_unlock_irq(&tasklist_lock);
		schedule();
		if (__fatal_signal_pending(tsk))
			return false;
	}
	tsk->start_time = leader->start_time;
	tsk->start_boottime = leader->start_boottime;
	exchange_tids(tsk, leader);
	transfer_pid(leader, tsk, PIDTYPE_TGID);
	transfer_pid(leader, tsk, PIDTYPE_PGID);
	transfer_pid(leader, tsk, PIDTYPE_SID);
	list_replace_rcu(&leader->tasks, &tsk->tasks);
	list_replace_init(&leader->sibling, &tsk->sibling);
	tsk->group_leader = tsk;
	leader->group_leader = tsk;
	tsk->exit_signal = SIGCHLD;
	leader->exit_signal = -1;
	leader->exit_state = EXIT_DEAD;
	write_unlock_irq(&tasklist_lock);
	release_task(leader);
	return true;
}

/*
 * The new program begins with one thread, which has the process's number. -EAGAIN: another thread was
 * faster with its exec, or the end of the process was; then we are to die as well.
 */
static int de_thread(struct task_struct *tsk)
{
	struct signal_struct *sig = tsk->signal;
	spinlock_t *lock = &tsk->sighand->siglock;
	bool done;

	if (thread_group_empty(tsk))
		return 0;
	spin_lock_irq(lock);
	if ((sig->flags & SIGNAL_GROUP_EXIT) || sig->group_exec_task) {
		spin_unlock_irq(lock);
		return -EAGAIN;
	}
	sig->group_exec_task = tsk;
	sig->notify_count = zap_other_threads(tsk);
	if (!thread_group_leader(tsk))
		sig->notify_count--;		/* the leader is not released yet */
	spin_unlock_irq(lock);

	done = wait_for_others(tsk) && (thread_group_leader(tsk) || take_over_leader(tsk));
	/* Who ends now looks at both under one of the two locks. */
	write_lock_irq(&tasklist_lock);
	spin_lock(lock);
	sig->group_exec_task = NULL;
	sig->notify_count = 0;
	spin_unlock(lock);
	write_unlock_irq(&tasklist_lock);
	return done ? 0 : -EAGAIN;
}

/* A signal table shared with others is not ours to reset. */
static int unshare_sighand(void)
{
	struct sighand_struct *old = current->sighand, *new;

	if (refcount_read(&old->count) == 1)
		return 0;
	new = alloc_sighand();
	if (!new)
		return -ENOMEM;
	write_lock_irq(&tasklist_lock);
	spin_lock(&old->siglock);
	memcpy(new->action, old->action, sizeof(new->action));
	current->sighand = new;
	spin_unlock(&old->siglock);
	write_unlock_irq(&tasklist_lock);
	__cleanup_sighand(old);
	return 0;
}

/**
 * begin_new_exec - the point of no return
 *
 * Called by the format once the file is known to be good. On success the task has the new address
 * space and no other threads, closed what is close-on-exec, and lost its signal handlers.
 */
int begin_new_exec(struct linux_binprm *bprm)
{
	struct task_struct *me = current;
	int ret;

	bprm_fill_uid(bprm);
	bprm->point_of_no_return = 1;
	ret = de_thread(me);
	if (!ret)
		ret = unshare_files();
	if (!ret)
		ret = unshare_sighand();
	if (ret)
		return ret;

	set_mm_exe_file(bprm->mm, bprm->file);
	deny_write_access(bprm->file);		/* mm's own; cannot fail, we deny it already */
	ret = exec_mmap(bprm->mm);
	if (ret)
		return ret;
	bprm->mm = NULL;			/* the task's now */
	exit_itimers(me);			/* their signals are pending for nobody */
	flush_itimer_signals();

	me->flags &= ~(PF_FORKNOEXEC | PF_KTHREAD);
	flush_thread();
	do_close_on_exec(me->files);
	__set_task_comm(me, kbasename(bprm->filename), true);
	flush_signal_handlers(me, 0);
	me->sas_ss_sp = me->sas_ss_size = 0;
	me->clear_child_tid = NULL;
	me->robust_list = NULL;
	if (me->exit_signal != SIGCHLD && me->exit_signal >= 0)
		me->exit_signal = SIGCHLD;
	return 0;
}

/* Where mappings will go: below the stack's largest size and a gap. */
void setup_new_exec(struct linux_binprm *bprm)
{
	struct mm_struct *mm = current->mm;
	unsigned long gap = clamp(rlimit(RLIMIT_STACK), 128UL << 20, TASK_SIZE / 6 * 5);

	mm->task_size = TASK_SIZE;
	mm->mmap_base = PAGE_ALIGN_DOWN(STACK_TOP - gap - stack_guard_gap);
}

/* The program will run: it gets its credentials. */
void finalize_exec(struct linux_binprm *bprm)
{
	bprm->cred->suid = bprm->cred->fsuid = bprm->cred->euid;
	bprm->cred->sgid = bprm->cred->fsgid = bprm->cred->egid;
	if (!uid_eq(bprm->cred->euid, current_euid()) || !gid_eq(bprm->cred->egid, current_egid()))
		current->pdeath_signal = 0;
	commit_creds(bprm->cred);
	bprm->cred = NULL;
}

#define MAX_INTERP_DEPTH	5

/* Ask each format; a script puts another file into bprm and is asked about that. */
static int search_binary_handler(struct linux_binprm *bprm)
{
	struct linux_binfmt *fmt;
	int ret = prepare_binprm(bprm);

	if (ret)
		return ret;
	list_for_each_entry(fmt, &formats, lh) {
		ret = fmt->load_binary(bprm);
		if (ret != -ENOEXEC || bprm->point_of_no_return)
			return ret;
	}
	return -ENOEXEC;
}

static int exec_binprm(struct linux_binprm *bprm)
{
	int depth, ret;

	for (depth = 0; ; depth++) {
		struct file *before = bprm->file;

		if (depth > MAX_INTERP_DEPTH)
			return -ELOOP;
		ret = search_binary_handler(bprm);
		/* A script says so by leaving its interpreter in bprm->file. */
		if (ret || bprm->file == before)
			return ret;
		close_exec(before);
	}
}

static int bprm_execve(struct linux_binprm *bprm)
{
	int ret;

	sched_exec();
	ret = exec_binprm(bprm);
	if (!ret)
		return 0;
	/* Half a program: nothing is left that could be told the error. */
	if (bprm->point_of_no_return && !fatal_signal_pending(current)) {
		pr_warn_ratelimited("%s[%d]: cannot be loaded: %s. The program before it is gone, so this "
				    "task is killed\n", current->comm, current->pid, errname(ret));
		force_fatal_sig(SIGSEGV);
	}
	return ret;
}

static struct linux_binprm *alloc_bprm(int fd, struct filename *filename, int flags)
{
	struct linux_binprm *bprm = kzalloc(sizeof(*bprm), GFP_KERNEL);
	struct file *file;
	int ret = -ENOMEM;

	if (!bprm)
		return ERR_PTR(-ENOMEM);
	bprm->cred = prepare_creds();
	if (!bprm->cred)
		goto fail;
	file = do_open_execat(fd, filename, flags);
	if (IS_ERR(file)) {
		ret = PTR_ERR(file);
		goto fail;
	}
	bprm->file = file;
	bprm->filename = bprm->interp = filename->name;
	ret = bprm_mm_init(bprm);
	if (!ret)
		return bprm;
fail:
	free_bprm(bprm);
	return ERR_PTR(ret);
}

static int do_execveat_common(int fd, struct filename *filename, struct user_arg_ptr argv,
			      struct user_arg_ptr envp, int flags)
{
	struct linux_binprm *bprm;
	int ret;

	if (IS_ERR(filename))
		return PTR_ERR(filename);
	/* setuid() let it become one of too many (kernel/uid.c): but if others have ended since, well. */
	if ((current->flags & PF_NPROC_EXCEEDED) && user_over_nproc(current_cred()->user, rlimit(RLIMIT_NPROC))) {
		ret = -EAGAIN;
		goto out_name;
	}
	current->flags &= ~PF_NPROC_EXCEEDED;
	bprm = alloc_bprm(fd, filename, flags);
	if (IS_ERR(bprm)) {
		ret = PTR_ERR(bprm);
		goto out_name;
	}
	ret = bprm->argc = count(argv);
	if (ret < 0)
		goto out_free;
	ret = bprm->envc = count(envp);
	if (ret < 0)
		goto out_free;
	ret = copy_string_kernel(bprm->filename, bprm);
	if (ret)
		goto out_free;
	bprm->exec = bprm->p;
	ret = copy_strings(bprm->envc, envp, bprm);
	if (ret)
		goto out_free;
	ret = copy_strings(bprm->argc, argv, bprm);
	if (ret)
		goto out_free;
	/* A program without a name would take its first environment string for one. */
	if (!bprm->argc) {
		ret = copy_string_kernel("", bprm);
		if (ret)
			goto out_free;
		bprm->argc = 1;
	}
	ret = bprm_execve(bprm);
out_free:
	free_bprm(bprm);
out_name:
	putname(filename);
	return ret;
}

/* For init: the calling task becomes a program. */
int kernel_execve(const char *filename, const char *const *argv, const char *const *envp)
{
	struct user_arg_ptr a = { .kernel = argv }, e = { .kernel = envp };

	return do_execveat_common(AT_FDCWD, getname_kernel(filename), a, e, 0);
}

SYSCALL_DEFINE3(execve, const char __user *, filename, const char __user *const __user *, argv,
		const char __user *const __user *, envp)
{
	struct user_arg_ptr a = { .user = argv }, e = { .user = envp };

	return do_execveat_common(AT_FDCWD, getname(filename), a, e, 0);
}

SYSCALL_DEFINE5(execveat, int, fd, const char __user *, filename, const char __user *const __user *, argv,
		const char __user *const __user *, envp, int, flags)
{
	struct user_arg_ptr a = { .user = argv }, e = { .user = envp };

	return do_execveat_common(fd, getname_uflags(filename, flags), a, e, flags);
}

/* ------------------------------------------------------------------ names */

char *__get_task_comm(char *buf, size_t size, struct task_struct *tsk)
{
	task_lock(tsk);
	strscpy(buf, tsk->comm, size);
	task_unlock(tsk);
	return buf;
}

void __set_task_comm(struct task_struct *tsk, const char *from, bool exec)
{
	task_lock(tsk);
	strscpy(tsk->comm, from, sizeof(tsk->comm));
	task_unlock(tsk);
}
