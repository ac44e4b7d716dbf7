// SPDX-License-Identifier: MIT
/*
 * signalfd4(2): signals as something to read.
 *
 * A read takes signals off the caller's own queue and its process's, those of the set that was given
 * with the descriptor; the program blocks them, so that no handler takes them first. Whose signals a
 * read gives is decided by who reads, not by who made the descriptor; in an epoll set it is who put
 * it there whose signals wake.
 *
 * Locking: siglock of current's sighand guards the pending sets and ctx->sigmask's change; readers
 * and pollers wait on sighand->signalfd_wqh, woken with siglock held (signalfd_notify()).
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <linux/signalfd.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <uapi/linux/signalfd.h>

struct signalfd_ctx {
	sigset_t	sigmask;	/* the signals that are not wanted */
};

/** signalfd_cleanup - sighand goes: an epoll set that waits on its queue is to let go of it */
void signalfd_cleanup(struct sighand_struct *sighand)
{
	wake_up_pollfree(&sighand->signalfd_wqh);
}

static int signalfd_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static __poll_t signalfd_poll(struct file *file, poll_table *wait)
{
	struct signalfd_ctx *ctx = file->private_data;
	__poll_t events = 0;

	poll_wait(file, &current->sighand->signalfd_wqh, wait);
	spin_lock_irq(&current->sighand->siglock);
	if (next_signal(&current->pending, &ctx->sigmask) ||
	    next_signal(&current->signal->shared_pending, &ctx->sigmask))
		events |= EPOLLIN;
	spin_unlock_irq(&current->sighand->siglock);
	return events;
}

/* Which fields of siginfo are told of depends on where the signal came from. */
static int signalfd_copyinfo(struct signalfd_siginfo __user *uinfo, const kernel_siginfo_t *kinfo)
{
	struct signalfd_siginfo new = {
		.ssi_signo = kinfo->si_signo,
		.ssi_errno = kinfo->si_errno,
		.ssi_code = kinfo->si_code,
	};

	switch (siginfo_layout(kinfo->si_signo, kinfo->si_code)) {
	case SIL_KILL:
		new.ssi_pid = kinfo->si_pid;
		new.ssi_uid = kinfo->si_uid;
		break;
	case SIL_TIMER:
		new.ssi_tid = kinfo->si_tid;
		new.ssi_overrun = kinfo->si_overrun;
		new.ssi_ptr = (unsigned long)kinfo->si_ptr;
		new.ssi_int = kinfo->si_int;
		break;
	case SIL_POLL:
		new.ssi_band = kinfo->si_band;
		new.ssi_fd = kinfo->si_fd;
		break;
	case SIL_FAULT:
		new.ssi_addr = (unsigned long)kinfo->si_addr;
		break;
	case SIL_CHLD:
		new.ssi_pid = kinfo->si_pid;
		new.ssi_uid = kinfo->si_uid;
		new.ssi_status = kinfo->si_status;
		new.ssi_utime = kinfo->si_utime;
		new.ssi_stime = kinfo->si_stime;
		break;
	case SIL_RT:
		new.ssi_pid = kinfo->si_pid;
		new.ssi_uid = kinfo->si_uid;
		new.ssi_ptr = (unsigned long)kinfo->si_ptr;
		new.ssi_int = kinfo->si_int;
		break;
	case SIL_SYS:
		new.ssi_call_addr = (unsigned long)kinfo->si_call_addr;
		new.ssi_syscall = kinfo->si_syscall;
		new.ssi_arch = kinfo->si_arch;
		break;
	}
	static_assert(sizeof(new) == 128);
	return copy_to_user(uinfo, &new, sizeof(new)) ? -EFAULT : 0;
}

/*
 * The next signal of the set, by dequeue_signal(): its number, or -EAGAIN, or -ERESTARTSYS when one
 * that is not of the set came while we slept.
 */
static int signalfd_dequeue(struct signalfd_ctx *ctx, kernel_siginfo_t *info, int nonblock)
{
	DECLARE_WAITQUEUE(wait, current);
	int ret;

	spin_lock_irq(&current->sighand->siglock);
	ret = dequeue_signal(current, &ctx->sigmask, info);
	if (ret || nonblock) {
		spin_unlock_irq(&current->sighand->siglock);
		return ret ? ret : -EAGAIN;
	}
	add_wait_queue(&current->sighand->signalfd_wqh, &wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		ret = dequeue_signal(current, &ctx->sigmask, info);
		if (ret)
			break;
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		spin_unlock_irq(&current->sighand->siglock);
		schedule();
		spin_lock_irq(&current->sighand->siglock);
	}
	spin_unlock_irq(&current->sighand->siglock);
	remove_wait_queue(&current->sighand->signalfd_wqh, &wait);
	__set_current_state(TASK_RUNNING);
	return ret;
}

/* As many as there are and the buffer holds; sleeps only for the first. */
static ssize_t signalfd_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct signalfd_siginfo __user *siginfo = (struct signalfd_siginfo __user *)buf;
	struct signalfd_ctx *ctx = file->private_data;
	int nonblock = file->f_flags & O_NONBLOCK;
	ssize_t ret, total = 0;
	kernel_siginfo_t info;

	count /= sizeof(*siginfo);
	if (!count)
		return -EINVAL;
	do {
		ret = signalfd_dequeue(ctx, &info, nonblock);
		if (ret < 0)
			break;
		ret = signalfd_copyinfo(siginfo, &info);
		if (ret < 0)
			break;
		siginfo++;
		total += sizeof(*siginfo);
		nonblock = 1;
	} while (--count);
	return total ? total : ret;
}

static const struct file_operations signalfd_fops = {
	.release	= signalfd_release,
	.poll		= signalfd_poll,
	.read		= signalfd_read,
	.llseek		= noop_llseek,
};

/* A new set for a descriptor that is there already; who waits by it looks anew. */
static int signalfd_change(int ufd, const sigset_t *mask)
{
	struct fd f = fdget(ufd);
	struct signalfd_ctx *ctx;

	if (!f.file)
		return -EBADF;
	if (f.file->f_op != &signalfd_fops) {
		fdput(f);
		return -EINVAL;
	}
	ctx = f.file->private_data;
	spin_lock_irq(&current->sighand->siglock);
	ctx->sigmask = *mask;
	wake_up(&current->sighand->signalfd_wqh);
	spin_unlock_irq(&current->sighand->siglock);
	fdput(f);
	return ufd;
}

SYSCALL_DEFINE4(signalfd4, int, ufd, const sigset_t __user *, user_mask, size_t, sizemask, int, flags)
{
	struct signalfd_ctx *ctx;
	sigset_t mask;

	if (sizemask != sizeof(sigset_t))
		return -EINVAL;
	if (copy_from_user(&mask, user_mask, sizeof(mask)))
		return -EFAULT;
	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return -EINVAL;
	sigdelsetmask(&mask, SIG_KERNEL_ONLY_MASK);
	signotset(&mask);
	if (ufd != -1)
		return signalfd_change(ufd, &mask);

	ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	ctx->sigmask = mask;
	ufd = anon_inode_getfd("[signalfd]", &signalfd_fops, ctx, O_RDWR | flags);
	if (ufd < 0)
		kfree(ctx);
	return ufd;
}
