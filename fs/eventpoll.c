// SPDX-License-Identifier: MIT
/*
 * epoll: waiting for many files at a cost that depends on how many are ready, not on how many there are.
 *
 * A set (struct eventpoll) has an item for each watched file. When the item is made, the file's
 * ->poll() puts its wait-queue entries (struct eppoll_entry) onto the queues that can change its
 * answer, and there they stay. A wake-up of such a queue calls ep_poll_callback(), which puts the item
 * onto the set's ready list and wakes the sleepers in epoll_wait(). These ask only the files on the
 * ready list what is the matter: a wake-up says that something may have happened, ->poll() what is so.
 * A level-triggered item goes back to the end of the list when it was ready, and is asked again next
 * time; an edge-triggered one waits for the next wake-up.
 *
 * Locks, outermost first:
 *   epmutex   the graph of sets that watch sets, and the end of sets and of watched files
 *   ep->mtx   the set's items: the tree, and what an item watches for. May sleep: ->poll() is called and
 *             events are copied to the program under it. Of nested sets the outer one's comes first
 *   (the lock of a watched file's wait queue, held by who wakes it)
 *   ep->lock  the ready list, ovflist, and the queue of sleepers; interrupts off, for interrupts wake
 *   file->f_lock  the list of items that watch a file
 *
 * Why no event is lost. An item is made by first entering the queues and then asking ->poll(): what
 * happens before is seen, what happens after wakes. In a scan the items are taken off the ready list
 * before they are asked, and wake-ups that come while the scan walks its own list go to ovflist, which
 * the end of the scan puts onto the ready list. A sleeper joins ep->wq under ep->lock after he has seen
 * both lists empty under it; a callback adds and wakes under the same lock. EPOLL_CTL_MOD writes the
 * new events, then a barrier, then asks ->poll(); a callback reads the events after the change that it
 * is called for: one of them sees the other's.
 *
 * Lifetimes. An item holds no reference on its file: the file's end takes it out, in __fput() before
 * ->release(). So a file seen through an item, under ep->mtx, can be polled still: __fput() waits for
 * that mutex. Entries leave their queues before the item is freed, under the queue's lock, so no
 * callback runs then. fput() of a file that can be polled must not be called with mmap_lock held, since
 * events are copied under ep->mtx; files that can be polled cannot be mapped, so it is not.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include "eventpoll_internal.h"

#define EPOLLINOUT_BITS	(EPOLLIN | EPOLLOUT)
#define EP_MAX_EVENTS	(INT_MAX / sizeof(struct epoll_event))

static struct kmem_cache *pwq_cache;

/* ------------------------------------------------------------------ the ready list */

static inline bool ep_is_linked(struct epitem *epi)
{
	return !list_empty(&epi->rdllink);
}

/* Without the lock a hint. A scan that is under way has, or had, something. */
static inline bool ep_events_available(struct eventpoll *ep)
{
	return !list_empty_careful(&ep->rdllist) || READ_ONCE(ep->ovflist) != EP_UNACTIVE_PTR;
}

/*
 * Tell who polls the set itself, because of @epi (NULL: an item that was added or changed). Not with
 * ep->lock: a set above may be woken, and looks into this one later. That set is woken under our
 * queue's lock and takes its own: always the watched one's before the watcher's, and the graph has no
 * loop. To the lock checker all are alike, so it is told how deep this one is.
 */
void ep_poll_safewake(struct eventpoll *ep, struct epitem *epi)
{
	unsigned long flags;
	int nests = 0;

	/* Called by a set below, whose queue's lock the waker holds. */
	if (epi && is_file_epoll(epi->file))
		nests = ((struct eventpoll *)epi->file->private_data)->nests;
	spin_lock_irqsave_nested(&ep->poll_wait.lock, flags, nests);
	ep->nests = nests + 1;
	wake_up_locked_poll(&ep->poll_wait, EPOLLIN);
	spin_unlock_irqrestore(&ep->poll_wait.lock, flags);
}

/* The item may be ready: tell the sleepers. Returns whether the set's pollers are to be told too. */
bool ep_make_ready(struct eventpoll *ep, struct epitem *epi)
{
	lockdep_assert_held(&ep->lock);
	if (!ep_is_linked(epi))
		list_add_tail(&epi->rdllink, &ep->rdllist);
	if (waitqueue_active(&ep->wq))
		wake_up(&ep->wq);
	return waitqueue_active(&ep->poll_wait);
}

/* During a scan: for its end. Nobody is woken, since the end does that. */
static bool ep_make_ready_later(struct eventpoll *ep, struct epitem *epi)
{
	if (epi->next == EP_UNACTIVE_PTR) {
		epi->next = ep->ovflist;
		WRITE_ONCE(ep->ovflist, epi);
	}
	return waitqueue_active(&ep->poll_wait);
}

/* The ready items become the caller's list. He has ep->mtx, and keeps it until ep_done_scan(). */
static void ep_start_scan(struct eventpoll *ep, struct list_head *txlist)
{
	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->lock);
	list_splice_init(&ep->rdllist, txlist);
	WRITE_ONCE(ep->ovflist, NULL);
	spin_unlock_irq(&ep->lock);
}

/* What is left of the list goes back in front, and what came meanwhile behind it. */
static void ep_done_scan(struct eventpoll *ep, struct list_head *txlist)
{
	struct epitem *epi, *next;

	spin_lock_irq(&ep->lock);
	/* The last that came is the first of ovflist: this turns them round. */
	for (epi = ep->ovflist; epi; epi = next) {
		next = epi->next;
		epi->next = EP_UNACTIVE_PTR;
		if (!ep_is_linked(epi))
			list_add(&epi->rdllink, &ep->rdllist);
	}
	WRITE_ONCE(ep->ovflist, EP_UNACTIVE_PTR);
	list_splice(txlist, &ep->rdllist);
	if (!list_empty(&ep->rdllist) && waitqueue_active(&ep->wq))
		wake_up(&ep->wq);
	spin_unlock_irq(&ep->lock);
}

/* ------------------------------------------------------------------ being woken */

/* An item with EPOLLEXCLUSIVE was woken: does that count as the one that was to be? */
static bool counts_as_woken(const struct epitem *epi, __poll_t pollflags)
{
	__poll_t inout = pollflags & EPOLLINOUT_BITS;

	return !inout || inout == EPOLLINOUT_BITS || (inout & epi->event.events);
}

/*
 * A queue of a watched file is woken. Its lock is held with interrupts off, so the entry, its item and
 * the set stay. Returns nonzero when an exclusive wake-up found its one.
 */
static int ep_poll_callback(struct wait_queue_entry *wait, unsigned int mode, int sync, void *key)
{
	struct eppoll_entry *pwq = container_of(wait, struct eppoll_entry, wait);
	struct epitem *epi = pwq->base;
	struct eventpoll *ep = epi->ep;
	__poll_t pollflags = key_to_poll(key), events;
	bool exclusive, pwake = false, ewake = false;
	unsigned long flags;

	spin_lock_irqsave(&ep->lock, flags);
	events = READ_ONCE(epi->event.events);
	exclusive = events & EPOLLEXCLUSIVE;
	/* Not one that has had its one shot, and not one that waits for other events. */
	if (!(events & ~EP_PRIVATE_BITS) || (pollflags && !(pollflags & events)))
		goto out;
	if (exclusive && waitqueue_active(&ep->wq) && !(pollflags & POLLFREE))
		ewake = counts_as_woken(epi, pollflags);
	if (ep->ovflist != EP_UNACTIVE_PTR)
		pwake = ep_make_ready_later(ep, epi);
	else
		pwake = ep_make_ready(ep, epi);
out:
	spin_unlock_irqrestore(&ep->lock, flags);
	if (pwake)
		ep_poll_safewake(ep, epi);
	if (pollflags & POLLFREE) {
		list_del_init(&wait->entry);
		WRITE_ONCE(pwq->whead, NULL);
	}
	return ewake || !exclusive;
}

/* For the first ->poll() of an item: an entry on each queue. */
void ep_ptable_queue_proc(struct file *file, wait_queue_head_t *whead, poll_table *pt)
{
	struct ep_pqueue *epq = container_of(pt, struct ep_pqueue, pt);
	struct epitem *epi = epq->epi;
	struct eppoll_entry *pwq;

	if (!epi)
		return;
	pwq = kmem_cache_alloc(pwq_cache, GFP_KERNEL);
	if (!pwq) {
		epq->epi = NULL;
		return;
	}
	init_waitqueue_func_entry(&pwq->wait, ep_poll_callback);
	pwq->whead = whead;
	pwq->base = epi;
	pwq->next = epi->pwqlist;
	epi->pwqlist = pwq;
	if (epi->event.events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(whead, &pwq->wait);
	else
		add_wait_queue(whead, &pwq->wait);
}

/* Off all queues: no callback for the item runs afterwards. */
void ep_unregister_pollwait(struct epitem *epi)
{
	struct eppoll_entry *pwq;

	while ((pwq = epi->pwqlist)) {
		epi->pwqlist = pwq->next;
		remove_wait_queue_pollfree(&pwq->whead, &pwq->wait);
		kmem_cache_free(pwq_cache, pwq);
	}
}

/* ------------------------------------------------------------------ asking */

/*
 * Is one of the set's items ready? @depth: how many sets' mtx we hold. Those that turn out not to be
 * leave the ready list: a later wake-up brings them back.
 */
static __poll_t __ep_eventpoll_poll(struct file *file, poll_table *wait, int depth)
{
	struct eventpoll *ep = file->private_data;
	struct epitem *epi, *tmp;
	__poll_t res = 0;
	LIST_HEAD(txlist);
	poll_table pt;

	poll_wait(file, &ep->poll_wait, wait);
	init_poll_funcptr(&pt, NULL);
	mutex_lock_nested(&ep->mtx, depth);
	ep_start_scan(ep, &txlist);
	list_for_each_entry_safe(epi, tmp, &txlist, rdllink) {
		if (ep_item_poll(epi, &pt, depth + 1)) {
			res = EPOLLIN | EPOLLRDNORM;
			break;
		}
		list_del_init(&epi->rdllink);
	}
	ep_done_scan(ep, &txlist);
	mutex_unlock(&ep->mtx);
	return res;
}

/* What the item's file has of what is waited for. The mtx of its set is held, the depth'th. */
__poll_t ep_item_poll(const struct epitem *epi, poll_table *pt, int depth)
{
	__poll_t res;

	pt->_key = epi->event.events;
	if (is_file_epoll(epi->file))
		res = __ep_eventpoll_poll(epi->file, pt, depth);
	else
		res = vfs_poll(epi->file, pt);
	return res & epi->event.events;
}

static __poll_t ep_eventpoll_poll(struct file *file, poll_table *wait)
{
	return __ep_eventpoll_poll(file, wait, 0);
}

/* ------------------------------------------------------------------ the set's own file */

static int ep_eventpoll_release(struct inode *inode, struct file *file)
{
	ep_free(file->private_data);
	return 0;
}

const struct file_operations eventpoll_fops = {
	.release	= ep_eventpoll_release,
	.poll		= ep_eventpoll_poll,
	.llseek		= noop_llseek,
};

SYSCALL_DEFINE1(epoll_create1, int, flags)
{
	struct eventpoll *ep;
	struct file *file;
	int fd, err;

	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	ep = kzalloc(sizeof(*ep), GFP_KERNEL);
	if (!ep)
		return -ENOMEM;
	mutex_init(&ep->mtx);
	spin_lock_init(&ep->lock);
	init_waitqueue_head(&ep->wq);
	init_waitqueue_head(&ep->poll_wait);
	INIT_LIST_HEAD(&ep->rdllist);
	ep->rbr = RB_ROOT_CACHED;
	ep->ovflist = EP_UNACTIVE_PTR;
	fd = err = get_unused_fd_flags(O_RDWR | flags);
	if (err < 0)
		goto out_free;
	file = anon_inode_getfile("[eventpoll]", &eventpoll_fops, ep, O_RDWR | flags);
	err = PTR_ERR_OR_ZERO(file);
	if (err)
		goto out_fd;
	ep->file = file;
	fd_install(fd, file);
	return fd;
out_fd:
	put_unused_fd(fd);
out_free:
	kfree(ep);
	return err;
}

/* ------------------------------------------------------------------ epoll_wait */

/* Tell the program of what is ready. How many events, 0 when none was after all, or -EFAULT. */
static int ep_send_events(struct eventpoll *ep, struct epoll_event __user *events, int maxevents)
{
	struct epitem *epi, *tmp;
	LIST_HEAD(txlist);
	poll_table pt;
	int res = 0;

	init_poll_funcptr(&pt, NULL);
	mutex_lock(&ep->mtx);
	ep_start_scan(ep, &txlist);
	list_for_each_entry_safe(epi, tmp, &txlist, rdllink) {
		struct epoll_event ev;

		if (res >= maxevents)
			break;
		memset(&ev, 0, sizeof(ev));	/* its padding goes to the program too */
		ev.data = epi->event.data;
		/* Off the list before it is asked: a wake-up after that brings it back, by ovflist. */
		list_del_init(&epi->rdllink);
		ev.events = ep_item_poll(epi, &pt, 1);
		if (!ev.events)
			continue;
		if (copy_to_user(&events[res], &ev, sizeof(ev))) {
			list_add(&epi->rdllink, &txlist);
			if (!res)
				res = -EFAULT;
			break;
		}
		res++;
		if (epi->event.events & EPOLLONESHOT)
			WRITE_ONCE(epi->event.events, epi->event.events & EP_PRIVATE_BITS);
		else if (!(epi->event.events & EPOLLET))
			/* Level-triggered: ask again next time. rdllist is ours while the scan lasts. */
			list_add_tail(&epi->rdllink, &ep->rdllist);
	}
	ep_done_scan(ep, &txlist);
	mutex_unlock(&ep->mtx);
	return res;
}

/* Woken or not, off the queue: one that runs already is not to be chosen for the next event too. */
static int ep_autoremove_wake_function(struct wait_queue_entry *wait, unsigned int mode, int sync,
				       void *key)
{
	int ret = default_wake_function(wait, mode, sync, key);

	list_del_init(&wait->entry);
	return ret;
}

/* Sleep until something may be ready. False: the time *@to came first, and nothing. */
static bool ep_sleep(struct eventpoll *ep, ktime_t *to, u64 slack)
{
	struct wait_queue_entry wait;
	bool avail, timed_out = false;

	init_wait(&wait);
	wait.func = ep_autoremove_wake_function;
	spin_lock_irq(&ep->lock);
	__set_current_state(TASK_INTERRUPTIBLE);
	avail = ep_events_available(ep);
	if (!avail)
		__add_wait_queue_entry_tail_exclusive(&ep->wq, &wait);
	spin_unlock_irq(&ep->lock);
	if (!avail)
		timed_out = !schedule_hrtimeout_range(to, slack, HRTIMER_MODE_ABS);
	__set_current_state(TASK_RUNNING);

	/* Under the lock, for a waker may hold the entry, which is on our stack. */
	spin_lock_irq(&ep->lock);
	if (!list_empty(&wait.entry))
		__remove_wait_queue(&ep->wq, &wait);
	else
		timed_out = false;	/* a wake-up was for us, and nobody else got it */
	spin_unlock_irq(&ep->lock);
	return !timed_out;
}

static int ep_poll(struct eventpoll *ep, struct epoll_event __user *events, int maxevents,
		   struct timespec64 *timeout)
{
	bool dont_wait = timeout && !timeout->tv_sec && !timeout->tv_nsec;
	ktime_t expires, *to = NULL;
	u64 slack = 0;
	int res;

	if (timeout && !dont_wait) {
		slack = select_estimate_accuracy(timeout);
		expires = timespec64_to_ktime(*timeout);
		to = &expires;
	}
	for (;;) {
		if (ep_events_available(ep)) {
			res = ep_send_events(ep, events, maxevents);
			if (res)
				return res;
		}
		if (dont_wait)
			return 0;
		if (signal_pending(current))
			return -EINTR;
		/* When the time is over, one more look. */
		dont_wait = !ep_sleep(ep, to, slack);
	}
}

static int do_epoll_wait(int epfd, struct epoll_event __user *events, int maxevents,
			 struct timespec64 *to)
{
	int error = -EINVAL;
	struct fd f;

	if (maxevents <= 0 || maxevents > (int)EP_MAX_EVENTS)
		return -EINVAL;
	if (!access_ok(events, maxevents * sizeof(*events)))
		return -EFAULT;
	f = fdget(epfd);
	if (!f.file)
		return -EBADF;
	if (is_file_epoll(f.file))
		error = ep_poll(f.file->private_data, events, maxevents, to);
	fdput(f);
	return error;
}

/* With another signal mask meanwhile. It is never restarted. */
static int do_epoll_pwait(int epfd, struct epoll_event __user *events, int maxevents,
			  struct timespec64 *to, const sigset_t __user *sigmask, size_t sigsetsize)
{
	int error = set_user_sigmask(sigmask, sigsetsize);

	if (error)
		return error;
	error = do_epoll_wait(epfd, events, maxevents, to);
	restore_saved_sigmask_unless(error == -EINTR);
	return error;
}

/* @timeout in ms, negative: for ever. */
SYSCALL_DEFINE6(epoll_pwait, int, epfd, struct epoll_event __user *, events, int, maxevents,
		int, timeout, const sigset_t __user *, sigmask, size_t, sigsetsize)
{
	struct timespec64 to;

	if (timeout >= 0)
		poll_select_set_timeout(&to, timeout / MSEC_PER_SEC,
					NSEC_PER_MSEC * (timeout % MSEC_PER_SEC));
	return do_epoll_pwait(epfd, events, maxevents, timeout >= 0 ? &to : NULL, sigmask, sigsetsize);
}

SYSCALL_DEFINE6(epoll_pwait2, int, epfd, struct epoll_event __user *, events, int, maxevents,
		const struct __kernel_timespec __user *, timeout, const sigset_t __user *, sigmask,
		size_t, sigsetsize)
{
	struct timespec64 ts, to;

	if (timeout) {
		if (get_timespec64(&ts, timeout))
			return -EFAULT;
		if (poll_select_set_timeout(&to, ts.tv_sec, ts.tv_nsec))
			return -EINVAL;
	}
	return do_epoll_pwait(epfd, events, maxevents, timeout ? &to : NULL, sigmask, sigsetsize);
}

static int __init eventpoll_init(void)
{
	pwq_cache = KMEM_CACHE(eppoll_entry, SLAB_PANIC);
	return 0;
}
fs_initcall(eventpoll_init);
