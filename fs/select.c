// SPDX-License-Identifier: MIT
/*
 * ppoll(2) and pselect6(2): sleep until one of several files is ready.
 *
 * The first round asks every file's ->poll(), which enters us into its wait queues by poll_wait().
 * If none was ready we sleep; a wake-up of any queue sets pwq->triggered, and the files are asked
 * again. The flag is set before the task is woken and looked at after the task's state is set, so
 * no wake-up between a round and the sleep is lost.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/overflow.h>
#include <linux/time.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

/* ------------------------------------------------------------------ waiting on queues */

struct poll_wqueues;

/* One wait queue that we are on; holds a reference on the file that the queue belongs to. */
struct poll_table_entry {
	struct file		*filp;
	__poll_t		key;
	struct wait_queue_entry	wait;
	wait_queue_head_t	*wait_address;
	struct poll_wqueues	*pwq;
	struct poll_table_entry	*next;		/* those that did not fit into inline_entries */
};

#define N_INLINE_POLL_ENTRIES	6

struct poll_wqueues {
	poll_table		pt;
	struct task_struct	*polling_task;
	struct poll_table_entry	*more;
	int			triggered;
	int			error;
	int			inline_index;
	struct poll_table_entry	inline_entries[N_INLINE_POLL_ENTRIES];
};

static int pollwake(struct wait_queue_entry *wait, unsigned int mode, int sync, void *key)
{
	struct poll_table_entry *entry = container_of(wait, struct poll_table_entry, wait);
	struct poll_wqueues *pwq = entry->pwq;
	__poll_t events = (__poll_t)(unsigned long)key;

	if (events && !(events & entry->key))
		return 0;
	smp_wmb();		/* what made the file ready comes before the flag */
	WRITE_ONCE(pwq->triggered, 1);
	return wake_up_state(pwq->polling_task, TASK_NORMAL);
}

static struct poll_table_entry *new_entry(struct poll_wqueues *pwq)
{
	struct poll_table_entry *entry;

	if (pwq->inline_index < N_INLINE_POLL_ENTRIES)
		return &pwq->inline_entries[pwq->inline_index++];
	entry = kmalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry) {
		pwq->error = -ENOMEM;
		return NULL;
	}
	entry->next = pwq->more;
	pwq->more = entry;
	return entry;
}

static void __pollwait(struct file *filp, wait_queue_head_t *wqh, poll_table *p)
{
	struct poll_wqueues *pwq = container_of(p, struct poll_wqueues, pt);
	struct poll_table_entry *entry = new_entry(pwq);

	if (!entry)
		return;
	entry->filp = get_file(filp);
	entry->wait_address = wqh;
	entry->key = p->_key;
	entry->pwq = pwq;
	init_waitqueue_func_entry(&entry->wait, pollwake);
	add_wait_queue(wqh, &entry->wait);
}

static void poll_initwait(struct poll_wqueues *pwq)
{
	init_poll_funcptr(&pwq->pt, __pollwait);
	pwq->polling_task = current;
	pwq->more = NULL;
	pwq->triggered = 0;
	pwq->error = 0;
	pwq->inline_index = 0;
}

static void free_entry(struct poll_table_entry *entry)
{
	remove_wait_queue(entry->wait_address, &entry->wait);
	fput(entry->filp);
}

static void poll_freewait(struct poll_wqueues *pwq)
{
	struct poll_table_entry *entry;

	for (int i = 0; i < pwq->inline_index; i++)
		free_entry(&pwq->inline_entries[i]);
	while ((entry = pwq->more) != NULL) {
		pwq->more = entry->next;
		free_entry(entry);
		kfree(entry);
	}
}

/* Sleeps until a queue is woken, a signal or the time @expires (NULL: never) comes. 0: it came. */
static int poll_schedule_timeout(struct poll_wqueues *pwq, ktime_t *expires, u64 slack)
{
	int rc = -EINTR;

	set_current_state(TASK_INTERRUPTIBLE);
	if (!READ_ONCE(pwq->triggered))
		rc = schedule_hrtimeout_range(expires, slack, HRTIMER_MODE_ABS);
	__set_current_state(TASK_RUNNING);
	/* Cleared before the files are asked again: a wake-up during that round counts. */
	smp_store_mb(pwq->triggered, 0);
	return rc;
}

/* ------------------------------------------------------------------ time-outs */

/**
 * poll_select_set_timeout - turns a relative time into an absolute one
 *
 * Zero, for not waiting at all, stays zero. 0 or -EINVAL.
 */
int poll_select_set_timeout(struct timespec64 *to, time64_t sec, long nsec)
{
	struct timespec64 ts = { sec, nsec }, now;

	if (!timespec64_valid(&ts))
		return -EINVAL;
	if (!sec && !nsec) {
		*to = (struct timespec64){ };
	} else {
		ktime_get_ts64(&now);
		if (sec < KTIME_SEC_MAX - now.tv_sec - 1)
			*to = timespec64_add(now, ts);
		else
			*to = (struct timespec64){ .tv_sec = KTIME_SEC_MAX };
	}
	return 0;
}

/** select_estimate_accuracy - how late a wake-up may come, ns: a thousandth of the wait, at most 0.1 s */
u64 select_estimate_accuracy(struct timespec64 *tv)
{
	struct timespec64 now;
	s64 left;

	ktime_get_ts64(&now);
	left = ktime_to_ns(ktime_sub(timespec64_to_ktime(*tv), timespec64_to_ktime(now)));
	if (left <= 0)
		return 0;
	return max_t(u64, min_t(u64, left / 1000, 100 * NSEC_PER_MSEC), current->timer_slack_ns);
}

/*
 * What both calls do at their end: restore the signal mask unless a signal is to be delivered
 * first, and tell the program how much of the time is left.
 */
static int poll_select_finish(struct timespec64 *end_time, struct __kernel_timespec __user *p,
			      int ret)
{
	struct timespec64 now, rts;

	restore_saved_sigmask_unless(ret == -ERESTARTNOHAND);
	if (!p)
		return ret;
	rts = (struct timespec64){ };
	if (end_time->tv_sec || end_time->tv_nsec) {
		ktime_get_ts64(&now);
		rts = timespec64_sub(*end_time, now);
		if (rts.tv_sec < 0)
			rts = (struct timespec64){ };
	}
	/* A read-only timespec is no reason to fail; but a restart would then wait too long. */
	if (put_timespec64(&rts, p) && ret == -ERESTARTNOHAND)
		ret = -EINTR;
	return ret;
}

/* A round of either call: how many descriptors are ready. */
typedef int (*poll_round_t)(void *what, struct poll_wqueues *pwq);

/* Rounds and sleeps until something is ready. Returns how many, 0 after the time, or an error. */
static int poll_loop(poll_round_t round, void *what, struct timespec64 *end_time)
{
	struct poll_wqueues pwq;
	ktime_t expires, *to = NULL;
	bool timed_out = false;
	u64 slack = 0;
	int count;

	poll_initwait(&pwq);
	if (end_time && !end_time->tv_sec && !end_time->tv_nsec) {
		pwq.pt._qproc = NULL;
		timed_out = true;
	} else if (end_time) {
		slack = select_estimate_accuracy(end_time);
		expires = timespec64_to_ktime(*end_time);
		to = &expires;
	}
	for (;;) {
		count = round(what, &pwq);
		/* We are on all the queues after the first round. */
		pwq.pt._qproc = NULL;
		if (count || timed_out)
			break;
		count = pwq.error;
		if (count)
			break;
		if (signal_pending(current)) {
			count = -ERESTARTNOHAND;
			break;
		}
		if (!poll_schedule_timeout(&pwq, to, slack))
			timed_out = true;
	}
	poll_freewait(&pwq);
	return count;
}

/* ------------------------------------------------------------------ ppoll */

struct poll_args {
	struct pollfd	*fds;
	unsigned int	nfds;
};

static __poll_t do_pollfd(struct pollfd *pollfd, poll_table *pwait)
{
	__poll_t filter, mask;
	struct fd f;

	if (pollfd->fd < 0)
		return 0;
	f = fdget(pollfd->fd);
	if (!f.file)
		return EPOLLNVAL;
	filter = (u16)pollfd->events | EPOLLERR | EPOLLHUP;
	pwait->_key = filter;
	mask = vfs_poll(f.file, pwait) & filter;
	fdput(f);
	return mask;
}

static int poll_round(void *what, struct poll_wqueues *pwq)
{
	struct poll_args *args = what;
	int count = 0;

	for (unsigned int i = 0; i < args->nfds; i++) {
		args->fds[i].revents = do_pollfd(&args->fds[i], &pwq->pt);
		if (args->fds[i].revents) {
			count++;
			pwq->pt._qproc = NULL;
		}
	}
	return count;
}

#define POLL_STACK_FDS	16

static int do_sys_poll(struct pollfd __user *ufds, unsigned int nfds, struct timespec64 *end_time)
{
	struct pollfd stack_fds[POLL_STACK_FDS], *fds = stack_fds;
	struct poll_args args;
	int count;

	if (nfds > rlimit(RLIMIT_NOFILE))
		return -EINVAL;
	if (nfds > POLL_STACK_FDS) {
		fds = kvmalloc(array_size(nfds, sizeof(*fds)), GFP_KERNEL);
		if (!fds)
			return -ENOMEM;
	}
	count = -EFAULT;
	if (copy_from_user(fds, ufds, nfds * sizeof(*fds)))
		goto out;
	args.fds = fds;
	args.nfds = nfds;
	count = poll_loop(poll_round, &args, end_time);
	for (unsigned int i = 0; i < nfds; i++) {
		if (copy_to_user(&ufds[i].revents, &fds[i].revents, sizeof(fds[i].revents))) {
			count = -EFAULT;
			break;
		}
	}
out:
	if (fds != stack_fds)
		kvfree(fds);
	return count;
}

SYSCALL_DEFINE5(ppoll, struct pollfd __user *, ufds, unsigned int, nfds,
		struct __kernel_timespec __user *, tsp, const sigset_t __user *, sigmask,
		size_t, sigsetsize)
{
	struct timespec64 ts, end_time, *to = NULL;
	int ret;

	if (tsp) {
		if (get_timespec64(&ts, tsp))
			return -EFAULT;
		to = &end_time;
		if (poll_select_set_timeout(to, ts.tv_sec, ts.tv_nsec))
			return -EINVAL;
	}
	ret = set_user_sigmask(sigmask, sigsetsize);
	if (ret)
		return ret;
	ret = do_sys_poll(ufds, nfds, to);
	return poll_select_finish(&end_time, to ? tsp : NULL, ret);
}

/* ------------------------------------------------------------------ pselect6 */

#define FDS_BYTES(nr)	(BITS_TO_LONGS(nr) * sizeof(long))

enum { SEL_IN, SEL_OUT, SEL_EX, SEL_SETS };

static const __poll_t sel_events[SEL_SETS] = {
	[SEL_IN]  = EPOLLRDNORM | EPOLLRDBAND | EPOLLIN | EPOLLHUP | EPOLLERR,
	[SEL_OUT] = EPOLLWRBAND | EPOLLWRNORM | EPOLLOUT | EPOLLERR,
	[SEL_EX]  = EPOLLPRI,
};

struct select_args {
	unsigned long	*in[SEL_SETS];		/* what the program asks for */
	unsigned long	*res[SEL_SETS];		/* what is ready */
	unsigned int	n;
};

/* One descriptor that is in some set; how many sets it is ready in. */
static int select_one(struct select_args *args, unsigned int fd, poll_table *pwait)
{
	__poll_t key = 0, mask;
	struct fd f;
	int count = 0;

	for (int set = 0; set < SEL_SETS; set++)
		if (test_bit(fd, args->in[set]))
			key |= sel_events[set];
	if (!key)
		return 0;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	pwait->_key = key | EPOLLERR | EPOLLHUP;
	mask = vfs_poll(f.file, pwait);
	fdput(f);
	for (int set = 0; set < SEL_SETS; set++) {
		if (test_bit(fd, args->in[set]) && (mask & sel_events[set])) {
			__set_bit(fd, args->res[set]);
			count++;
		}
	}
	return count;
}

static int select_round(void *what, struct poll_wqueues *pwq)
{
	struct select_args *args = what;
	int count = 0, n;

	for (int set = 0; set < SEL_SETS; set++)
		memset(args->res[set], 0, FDS_BYTES(args->n));
	for (unsigned int fd = 0; fd < args->n; fd++) {
		n = select_one(args, fd, &pwq->pt);
		if (n < 0)
			return n;
		count += n;
		if (count)
			pwq->pt._qproc = NULL;
	}
	return count;
}

static unsigned int table_size(void)
{
	struct files_struct *files = current->files;
	unsigned int size;

	spin_lock(&files->file_lock);
	size = files_fdtable(files)->max_fds;
	spin_unlock(&files->file_lock);
	return size;
}

static int core_sys_select(unsigned int n, void __user *const user_sets[SEL_SETS],
			   struct timespec64 *end_time)
{
	unsigned long stack_bits[SEL_SETS * 2 * 4], *bits = stack_bits;
	struct select_args args;
	int ret;

	/* What lies beyond the table is not looked at, as in Linux: no descriptor can be there. */
	n = min(n, table_size());
	args.n = n;
	if (FDS_BYTES(n) > sizeof(stack_bits) / (2 * SEL_SETS)) {
		bits = kvmalloc(2 * SEL_SETS * FDS_BYTES(n), GFP_KERNEL);
		if (!bits)
			return -ENOMEM;
	}
	ret = -EFAULT;
	for (int set = 0; set < SEL_SETS; set++) {
		args.in[set] = bits + set * BITS_TO_LONGS(n);
		args.res[set] = bits + (SEL_SETS + set) * BITS_TO_LONGS(n);
		if (!user_sets[set])
			memset(args.in[set], 0, FDS_BYTES(n));
		else if (copy_from_user(args.in[set], user_sets[set], FDS_BYTES(n)))
			goto out;
	}
	ret = poll_loop(select_round, &args, end_time);
	if (ret < 0)
		goto out;
	for (int set = 0; set < SEL_SETS; set++)
		if (user_sets[set] && copy_to_user(user_sets[set], args.res[set], FDS_BYTES(n)))
			ret = -EFAULT;
out:
	if (bits != stack_bits)
		kvfree(bits);
	return ret;
}

/* The sixth argument points at the mask and its size, for want of a seventh register. */
struct sigset_argpack {
	sigset_t __user	*p;
	size_t		size;
};

SYSCALL_DEFINE6(pselect6, int, n, void __user *, inp, void __user *, outp, void __user *, exp,
		struct __kernel_timespec __user *, tsp, void __user *, sig)
{
	struct timespec64 ts, end_time, *to = NULL;
	struct sigset_argpack x = { };
	int ret;

	if (sig && copy_from_user(&x, sig, sizeof(x)))
		return -EFAULT;
	if (n < 0)
		return -EINVAL;
	if (tsp) {
		if (get_timespec64(&ts, tsp))
			return -EFAULT;
		to = &end_time;
		if (poll_select_set_timeout(to, ts.tv_sec, ts.tv_nsec))
			return -EINVAL;
	}
	ret = set_user_sigmask(x.p, x.size);
	if (ret)
		return ret;
	ret = core_sys_select(n, (void __user *const []){ inp, outp, exp }, to);
	return poll_select_finish(&end_time, to ? tsp : NULL, ret);
}
