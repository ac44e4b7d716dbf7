// SPDX-License-Identifier: MIT
/*
 * timerfd: a timer that is waited for by read(2) and poll(2).
 *
 * The hrtimer's function counts an expiry and wakes. A periodic timer is not started again by its
 * function but by the read that takes the expiry, which also counts the periods that have passed
 * meanwhile: a timer of a nanosecond that nobody reads costs one interrupt, not all of the CPU.
 *
 * A timer for an absolute time of CLOCK_REALTIME may ask to be cancelled when that clock is set
 * (TFD_TIMER_CANCEL_ON_SET); it then stands in cancel_list. moffs is the clock's offset when the timer
 * was set, or KTIME_MAX once it was changed.
 *
 * Locking: wqh.lock (interrupts off, the timer's function takes it) guards tintv, ticks, expired and
 * moffs; cancel_lock guards cancel_list and might_cancel, and is taken before wqh.lock.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/timerfd.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <asm/processor.h>
#include <uapi/linux/timerfd.h>

struct timerfd_ctx {
	int			clockid;	/* never changes */
	wait_queue_head_t	wqh;

	/* wqh.lock */
	struct hrtimer		tmr;
	ktime_t			tintv;		/* period, 0: none */
	ktime_t			moffs;
	u64			ticks;		/* expiries that no read has told of */
	bool			expired;	/* the function ran, and the timer is not started again */

	/* cancel_lock */
	struct list_head	clist;
	bool			might_cancel;
};

static LIST_HEAD(cancel_list);
static DEFINE_SPINLOCK(cancel_lock);

/* Hard-interrupt context. */
static enum hrtimer_restart timerfd_tmrproc(struct hrtimer *htmr)
{
	struct timerfd_ctx *ctx = container_of(htmr, struct timerfd_ctx, tmr);
	unsigned long flags;

	spin_lock_irqsave(&ctx->wqh.lock, flags);
	ctx->expired = true;
	ctx->ticks++;
	wake_up_locked_poll(&ctx->wqh, EPOLLIN);
	spin_unlock_irqrestore(&ctx->wqh.lock, flags);
	return HRTIMER_NORESTART;
}

/* ------------------------------------------------------------------ when the clock is set */

/** timerfd_clock_was_set - CLOCK_REALTIME was set: cancel who asked for that. Process context */
void timerfd_clock_was_set(void)
{
	ktime_t moffs = ktime_get_offs_real();
	struct timerfd_ctx *ctx;

	spin_lock(&cancel_lock);
	list_for_each_entry(ctx, &cancel_list, clist) {
		spin_lock_irq(&ctx->wqh.lock);
		if (ctx->moffs != moffs) {
			ctx->moffs = KTIME_MAX;
			ctx->ticks++;
			wake_up_locked_poll(&ctx->wqh, EPOLLIN);
		}
		spin_unlock_irq(&ctx->wqh.lock);
	}
	spin_unlock(&cancel_lock);
}

static void timerfd_set_cancel(struct timerfd_ctx *ctx, bool on)
{
	spin_lock(&cancel_lock);
	if (on != ctx->might_cancel) {
		ctx->might_cancel = on;
		if (on)
			list_add(&ctx->clist, &cancel_list);
		else
			list_del(&ctx->clist);
	}
	spin_unlock(&cancel_lock);
}

/* Was it? Told once: the next look compares with the offset as it is now. */
static bool timerfd_canceled(struct timerfd_ctx *ctx)
{
	lockdep_assert_held(&ctx->wqh.lock);
	if (ctx->moffs != KTIME_MAX)
		return false;
	ctx->moffs = ktime_get_offs_real();
	return true;
}

/* ------------------------------------------------------------------ the file */

static int timerfd_release(struct inode *inode, struct file *file)
{
	struct timerfd_ctx *ctx = file->private_data;

	timerfd_set_cancel(ctx, false);
	hrtimer_cancel(&ctx->tmr);
	kfree(ctx);
	return 0;
}

static __poll_t timerfd_poll(struct file *file, poll_table *wait)
{
	struct timerfd_ctx *ctx = file->private_data;
	__poll_t events = 0;

	poll_wait(file, &ctx->wqh, wait);
	spin_lock_irq(&ctx->wqh.lock);
	if (ctx->ticks)
		events |= EPOLLIN;
	spin_unlock_irq(&ctx->wqh.lock);
	return events;
}

/* Takes the expiries; starts a periodic timer that has fired for its next period. */
static u64 timerfd_take(struct timerfd_ctx *ctx)
{
	u64 ticks = ctx->ticks;

	lockdep_assert_held(&ctx->wqh.lock);
	if (ticks && ctx->expired && ctx->tintv) {
		/* One of the periods that have passed is the one that its function counted. */
		ticks += hrtimer_forward_now(&ctx->tmr, ctx->tintv) - 1;
		hrtimer_restart(&ctx->tmr);
	}
	ctx->expired = false;
	ctx->ticks = 0;
	return ticks;
}

static ssize_t timerfd_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct timerfd_ctx *ctx = file->private_data;
	ssize_t res = 0;
	u64 ticks = 0;

	if (count < sizeof(ticks))
		return -EINVAL;
	spin_lock_irq(&ctx->wqh.lock);
	if (!ctx->ticks)
		res = file->f_flags & O_NONBLOCK ? -EAGAIN :
			wait_event_interruptible_locked_irq(ctx->wqh, ctx->ticks);
	if (timerfd_canceled(ctx)) {
		ctx->ticks = 0;
		ctx->expired = false;
		res = -ECANCELED;
	}
	if (!res)
		ticks = timerfd_take(ctx);
	spin_unlock_irq(&ctx->wqh.lock);
	if (res)
		return res;
	return put_user(ticks, (u64 __user *)buf) ? -EFAULT : (ssize_t)sizeof(ticks);
}

static const struct file_operations timerfd_fops = {
	.release	= timerfd_release,
	.poll		= timerfd_poll,
	.read		= timerfd_read,
	.llseek		= noop_llseek,
};

/* The timerfd of a descriptor; .file NULL with *@err -EBADF or -EINVAL if it is none. */
static struct fd timerfd_fget(int fd, int *err)
{
	struct fd f = fdget(fd);

	*err = f.file ? 0 : -EBADF;
	if (f.file && f.file->f_op != &timerfd_fops) {
		fdput(f);
		f.file = NULL;
		*err = -EINVAL;
	}
	return f;
}

/* ------------------------------------------------------------------ the calls */

SYSCALL_DEFINE2(timerfd_create, int, clockid, int, flags)
{
	struct timerfd_ctx *ctx;
	int fd;

	/* The _ALARM clocks, which wake a machine that sleeps, are not there. */
	if ((flags & ~(TFD_CLOEXEC | TFD_NONBLOCK)) ||
	    (clockid != CLOCK_MONOTONIC && clockid != CLOCK_REALTIME && clockid != CLOCK_BOOTTIME))
		return -EINVAL;
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head(&ctx->wqh);
	ctx->clockid = clockid;
	hrtimer_init(&ctx->tmr, clockid, HRTIMER_MODE_ABS);
	ctx->moffs = ktime_get_offs_real();
	fd = anon_inode_getfd("[timerfd]", &timerfd_fops, ctx, O_RDWR | flags);
	if (fd < 0)
		kfree(ctx);
	return fd;
}

/* What is left, and the period. A timer that has fired was moved on to its next period before. */
static void timerfd_get(struct timerfd_ctx *ctx, struct itimerspec64 *it)
{
	s64 left;

	lockdep_assert_held(&ctx->wqh.lock);
	left = hrtimer_get_remaining(&ctx->tmr);
	it->it_value = ns_to_timespec64(max_t(s64, left, 0));
	it->it_interval = ns_to_timespec64(ctx->tintv);
}

/* The timer does not run. */
static int timerfd_setup(struct timerfd_ctx *ctx, int flags, const struct itimerspec64 *its)
{
	enum hrtimer_mode mode = flags & TFD_TIMER_ABSTIME ? HRTIMER_MODE_ABS : HRTIMER_MODE_REL;
	ktime_t texp = timespec64_to_ns(&its->it_value);

	lockdep_assert_held(&ctx->wqh.lock);
	ctx->expired = false;
	ctx->ticks = 0;
	ctx->tintv = timespec64_to_ns(&its->it_interval);
	hrtimer_init(&ctx->tmr, ctx->clockid, mode);
	hrtimer_set_expires(&ctx->tmr, texp);
	ctx->tmr.function = timerfd_tmrproc;
	if (texp)
		hrtimer_start(&ctx->tmr, texp, mode);
	if (!(flags & TFD_TIMER_CANCEL_ON_SET))
		return 0;
	/* The clock was set under the last time asked for, or after we came onto cancel_list. */
	if (timerfd_canceled(ctx))
		return -ECANCELED;
	ctx->moffs = ktime_get_offs_real();
	return 0;
}

static int do_timerfd_settime(int ufd, int flags, const struct itimerspec64 *new,
			      struct itimerspec64 *old)
{
	struct timerfd_ctx *ctx;
	struct fd f;
	int ret;

	if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) ||
	    !timespec64_valid(&new->it_value) || !timespec64_valid(&new->it_interval))
		return -EINVAL;
	f = timerfd_fget(ufd, &ret);
	if (!f.file)
		return ret;
	ctx = f.file->private_data;
	timerfd_set_cancel(ctx, ctx->clockid == CLOCK_REALTIME &&
				(flags & TFD_TIMER_ABSTIME) && (flags & TFD_TIMER_CANCEL_ON_SET));
	for (;;) {
		spin_lock_irq(&ctx->wqh.lock);
		/* Its function may be waiting for the lock: let go, and try again. */
		if (hrtimer_try_to_cancel(&ctx->tmr) >= 0)
			break;
		spin_unlock_irq(&ctx->wqh.lock);
		cpu_relax();
	}
	if (ctx->expired && ctx->tintv)
		hrtimer_forward_now(&ctx->tmr, ctx->tintv);
	timerfd_get(ctx, old);
	ret = timerfd_setup(ctx, flags, new);
	spin_unlock_irq(&ctx->wqh.lock);
	fdput(f);
	return ret;
}

SYSCALL_DEFINE4(timerfd_settime, int, ufd, int, flags, const struct __kernel_itimerspec __user *, utmr,
		struct __kernel_itimerspec __user *, otmr)
{
	struct itimerspec64 new, old;
	int ret;

	if (get_itimerspec64(&new, utmr))
		return -EFAULT;
	ret = do_timerfd_settime(ufd, flags, &new, &old);
	if (ret)
		return ret;
	return otmr && put_itimerspec64(&old, otmr) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(timerfd_gettime, int, ufd, struct __kernel_itimerspec __user *, otmr)
{
	struct itimerspec64 it;
	struct timerfd_ctx *ctx;
	struct fd f;
	int ret;

	f = timerfd_fget(ufd, &ret);
	if (!f.file)
		return ret;
	ctx = f.file->private_data;
	spin_lock_irq(&ctx->wqh.lock);
	if (ctx->expired && ctx->tintv) {
		ctx->expired = false;
		ctx->ticks += hrtimer_forward_now(&ctx->tmr, ctx->tintv) - 1;
		hrtimer_restart(&ctx->tmr);
	}
	timerfd_get(ctx, &it);
	spin_unlock_irq(&ctx->wqh.lock);
	fdput(f);
	return put_itimerspec64(&it, otmr) ? -EFAULT : 0;
}
