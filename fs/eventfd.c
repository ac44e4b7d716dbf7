// SPDX-License-Identifier: MIT
/*
 * eventfd2(2): a number to which write(2) adds, and which read(2) takes away, waiting while it is 0.
 *
 * Callers: programs, often with the descriptor in an epoll set, to wake a thread out of it.
 * Locking: the wait queue's lock guards the count, so that who changes it and who goes to sleep over
 * it exclude each other. Readers (count is 0) and writers (count would overflow) share the queue; the
 * keys of the wake-ups tell pollers what happened, and sleepers look at the count themselves.
 */
#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include <uapi/linux/eventfd.h>

#define EFD_FLAGS_SET	(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK)

struct eventfd_ctx {
	wait_queue_head_t	wqh;
	__u64			count;		/* wqh.lock; never ULLONG_MAX, which a write may not add */
	unsigned int		flags;		/* never change */
};

static int eventfd_release(struct inode *inode, struct file *file)
{
	struct eventfd_ctx *ctx = file->private_data;

	/* The file is gone, so nobody sleeps here; an epoll set has let go of it before. */
	kfree(ctx);
	return 0;
}

/*
 * poll_wait() takes the queue's lock: a writer whose change of the count we do not see has not had
 * that lock yet, and will find us in the queue.
 */
static __poll_t eventfd_poll(struct file *file, poll_table *wait)
{
	struct eventfd_ctx *ctx = file->private_data;
	__poll_t events = 0;
	u64 count;

	poll_wait(file, &ctx->wqh, wait);
	count = READ_ONCE(ctx->count);
	if (count > 0)
		events |= EPOLLIN;
	if (ULLONG_MAX - 1 > count)
		events |= EPOLLOUT;
	return events;
}

/* All of it, or one with EFD_SEMAPHORE. */
static u64 eventfd_ctx_do_read(struct eventfd_ctx *ctx)
{
	u64 cnt = ctx->flags & EFD_SEMAPHORE ? 1 : ctx->count;

	lockdep_assert_held(&ctx->wqh.lock);
	ctx->count -= cnt;
	return cnt;
}

static ssize_t eventfd_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct eventfd_ctx *ctx = file->private_data;
	int err = 0;
	u64 ucnt = 0;

	if (iov_iter_count(to) < sizeof(ucnt))
		return -EINVAL;
	spin_lock_irq(&ctx->wqh.lock);
	if (!ctx->count)
		err = file->f_flags & O_NONBLOCK ? -EAGAIN :
			wait_event_interruptible_locked_irq(ctx->wqh, ctx->count);
	if (!err) {
		ucnt = eventfd_ctx_do_read(ctx);
		if (waitqueue_active(&ctx->wqh))
			wake_up_locked_poll(&ctx->wqh, EPOLLOUT);
	}
	spin_unlock_irq(&ctx->wqh.lock);
	if (err)
		return err;
	return copy_to_iter(&ucnt, sizeof(ucnt), to) == sizeof(ucnt) ? (ssize_t)sizeof(ucnt) : -EFAULT;
}

static bool has_room(const struct eventfd_ctx *ctx, u64 ucnt)
{
	return ULLONG_MAX - ctx->count > ucnt;
}

static ssize_t eventfd_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct eventfd_ctx *ctx = file->private_data;
	int err = 0;
	u64 ucnt;

	if (count < sizeof(ucnt))
		return -EINVAL;
	if (copy_from_user(&ucnt, buf, sizeof(ucnt)))
		return -EFAULT;
	if (ucnt == ULLONG_MAX)
		return -EINVAL;
	spin_lock_irq(&ctx->wqh.lock);
	if (!has_room(ctx, ucnt))
		err = file->f_flags & O_NONBLOCK ? -EAGAIN :
			wait_event_interruptible_locked_irq(ctx->wqh, has_room(ctx, ucnt));
	if (!err) {
		ctx->count += ucnt;
		if (waitqueue_active(&ctx->wqh))
			wake_up_locked_poll(&ctx->wqh, EPOLLIN);
	}
	spin_unlock_irq(&ctx->wqh.lock);
	return err ? err : (ssize_t)sizeof(ucnt);
}

static const struct file_operations eventfd_fops = {
	.release	= eventfd_release,
	.poll		= eventfd_poll,
	.read_iter	= eventfd_read,
	.write		= eventfd_write,
	.llseek		= noop_llseek,
};

SYSCALL_DEFINE2(eventfd2, unsigned int, count, int, flags)
{
	struct eventfd_ctx *ctx;
	int fd;

	if (flags & ~EFD_FLAGS_SET)
		return -EINVAL;
	ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head(&ctx->wqh);
	ctx->count = count;
	ctx->flags = flags;
	fd = anon_inode_getfd("[eventfd]", &eventfd_fops, ctx, O_RDWR | (flags & ~EFD_SEMAPHORE));
	if (fd < 0)
		kfree(ctx);
	return fd;
}
