// SPDX-License-Identifier: MIT
/*
 * epoll_ctl(2): the items of a set come, change and go; and the graph of sets that watch sets.
 *
 * Callers: programs; and __fput(), for a watched file or a set that ends. The locks, and why no event is
 * lost and no item outlives its file, are told in eventpoll.c. A change of the graph, that is to an item
 * whose file is a set, is made with epmutex held.
 */
#include <linux/atomic.h>
#include <linux/eventpoll.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "eventpoll_internal.h"

#define EPOLLEXCLUSIVE_OK_BITS	(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP |	\
				 EPOLLET | EPOLLEXCLUSIVE)

/* Sets in sets in sets: a wake-up goes through all of them on one stack. */
#define EP_MAX_NESTS	4

static DEFINE_MUTEX(epmutex);
static u64 loop_check_gen;		/* epmutex */

static struct kmem_cache *epi_cache;

/* All items, and how many may be: 4 % of memory. (Linux counts by user.) */
static atomic_long_t nr_watches;
static long max_user_watches;

/* ------------------------------------------------------------------ the tree of items */

static int ep_cmp(const struct file *file, int fd, const struct epitem *epi)
{
	if (file != epi->file)
		return file > epi->file ? 1 : -1;
	return fd - epi->fd;
}

static struct epitem *ep_find(struct eventpoll *ep, const struct file *file, int fd)
{
	struct rb_node *node = ep->rbr.rb_root.rb_node;

	lockdep_assert_held(&ep->mtx);
	while (node) {
		struct epitem *epi = rb_entry(node, struct epitem, rbn);
		int cmp = ep_cmp(file, fd, epi);

		if (!cmp)
			return epi;
		node = cmp > 0 ? node->rb_right : node->rb_left;
	}
	return NULL;
}

static void ep_rbtree_insert(struct eventpoll *ep, struct epitem *new)
{
	struct rb_node **link = &ep->rbr.rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (ep_cmp(new->file, new->fd, rb_entry(parent, struct epitem, rbn)) > 0) {
			link = &parent->rb_right;
			leftmost = false;
		} else {
			link = &parent->rb_left;
		}
	}
	rb_link_node(&new->rbn, parent, link);
	rb_insert_color_cached(&new->rbn, &ep->rbr, leftmost);
}

static inline struct epitem *ep_first(struct eventpoll *ep)
{
	return rb_entry_safe(rb_first_cached(&ep->rbr), struct epitem, rbn);
}

/* ------------------------------------------------------------------ adding, changing, removing */

static void ep_remove(struct eventpoll *ep, struct epitem *epi)
{
	struct file *file = epi->file;

	lockdep_assert_held(&ep->mtx);
	ep_unregister_pollwait(epi);
	spin_lock(&file->f_lock);
	hlist_del(&epi->fllink);
	spin_unlock(&file->f_lock);
	rb_erase_cached(&epi->rbn, &ep->rbr);
	/* We hold mtx, so no scan is under way: the item is not in ovflist. */
	spin_lock_irq(&ep->lock);
	list_del_init(&epi->rdllink);
	spin_unlock_irq(&ep->lock);
	kmem_cache_free(epi_cache, epi);
	atomic_long_dec(&nr_watches);
}

static int ep_insert(struct eventpoll *ep, const struct epoll_event *event, struct file *tfile, int fd)
{
	struct ep_pqueue epq;
	struct epitem *epi;
	bool pwake = false;
	__poll_t revents;

	lockdep_assert_held(&ep->mtx);
	if (atomic_long_inc_return(&nr_watches) > max_user_watches) {
		atomic_long_dec(&nr_watches);
		return -ENOSPC;
	}
	epi = kmem_cache_zalloc(epi_cache, GFP_KERNEL);
	if (!epi) {
		atomic_long_dec(&nr_watches);
		return -ENOMEM;
	}
	epi->file = tfile;
	epi->fd = fd;
	epi->ep = ep;
	epi->event = *event;
	INIT_LIST_HEAD(&epi->rdllink);
	epi->next = EP_UNACTIVE_PTR;
	spin_lock(&tfile->f_lock);
	hlist_add_head(&epi->fllink, &tfile->f_ep);
	spin_unlock(&tfile->f_lock);
	ep_rbtree_insert(ep, epi);

	epq.epi = epi;
	init_poll_funcptr(&epq.pt, ep_ptable_queue_proc);
	revents = ep_item_poll(epi, &epq.pt, 1);
	if (!epq.epi) {
		ep_remove(ep, epi);
		return -ENOMEM;
	}
	if (revents) {
		spin_lock_irq(&ep->lock);
		pwake = ep_make_ready(ep, epi);
		spin_unlock_irq(&ep->lock);
	}
	if (pwake)
		ep_poll_safewake(ep, NULL);
	return 0;
}

static void ep_modify(struct eventpoll *ep, struct epitem *epi, const struct epoll_event *event)
{
	bool pwake = false;
	poll_table pt;

	lockdep_assert_held(&ep->mtx);
	init_poll_funcptr(&pt, NULL);
	WRITE_ONCE(epi->event.events, event->events);
	epi->event.data = event->data;
	smp_mb();		/* see "Why no event is lost" */
	if (ep_item_poll(epi, &pt, 1)) {
		spin_lock_irq(&ep->lock);
		pwake = ep_make_ready(ep, epi);
		spin_unlock_irq(&ep->lock);
	}
	if (pwake)
		ep_poll_safewake(ep, NULL);
}

/* The last reference on file is gone: nobody adds it to a set any more, only ends of sets take it out. */
void eventpoll_release_file(struct file *file)
{
	struct hlist_node *next;
	struct epitem *epi;
	bool watched;

	/* Under f_lock, so that who has just taken the last item off the list is done with the file. */
	spin_lock(&file->f_lock);
	watched = !hlist_empty(&file->f_ep);
	spin_unlock(&file->f_lock);
	if (!watched)
		return;
	mutex_lock(&epmutex);		/* the sets stay */
	hlist_for_each_entry_safe(epi, next, &file->f_ep, fllink) {
		struct eventpoll *ep = epi->ep;

		mutex_lock(&ep->mtx);
		ep_remove(ep, epi);
		mutex_unlock(&ep->mtx);
	}
	mutex_unlock(&epmutex);
}

/** ep_free - the end of a set: its file is gone */
void ep_free(struct eventpoll *ep)
{
	struct epitem *epi;

	/* A watched file that ends at this moment finds its items, and us, until epmutex is ours. */
	mutex_lock(&epmutex);
	mutex_lock(&ep->mtx);
	while ((epi = ep_first(ep))) {
		ep_remove(ep, epi);
		cond_resched();
	}
	mutex_unlock(&ep->mtx);
	mutex_unlock(&epmutex);
	mutex_destroy(&ep->mtx);
	kfree(ep);
}

/* ------------------------------------------------------------------ sets in sets */

/*
 * How many levels of sets are at or below @ep; too many when @into is among them. Each set is walked
 * once: there may be many ways to it. The recursion ends since the graph, as it is, has no loop and
 * few levels. epmutex is held: so items whose files are sets neither come nor go.
 */
static int levels_below(struct eventpoll *ep, const struct eventpoll *into, int depth)
{
	struct rb_node *node;
	int below = 0;

	lockdep_assert_held(&epmutex);
	if (ep == into)
		return EP_MAX_NESTS + 2;
	if (ep->gen == loop_check_gen)
		return ep->levels;
	mutex_lock_nested(&ep->mtx, depth);
	for (node = rb_first_cached(&ep->rbr); node; node = rb_next(node)) {
		struct epitem *epi = rb_entry(node, struct epitem, rbn);

		if (is_file_epoll(epi->file))
			below = max(below, levels_below(epi->file->private_data, into, depth + 1));
	}
	mutex_unlock(&ep->mtx);
	ep->levels = below + 1;
	ep->gen = loop_check_gen;
	return ep->levels;
}

/* How many are at or above it, by the items that watch its file. */
static int levels_above(struct eventpoll *ep)
{
	struct epitem *epi;
	int above = 0;

	lockdep_assert_held(&epmutex);
	if (ep->gen == loop_check_gen)
		return ep->levels;
	hlist_for_each_entry(epi, &ep->file->f_ep, fllink)
		above = max(above, levels_above(epi->ep));
	ep->levels = above + 1;
	ep->gen = loop_check_gen;
	return ep->levels;
}

/* May @ep watch @tep? Not when that closed a loop, or made the graph too high. */
static int ep_loop_check(struct eventpoll *ep, struct eventpoll *tep)
{
	int levels;

	loop_check_gen++;
	levels = levels_below(tep, ep, 0);
	if (levels > EP_MAX_NESTS)
		return -ELOOP;
	loop_check_gen++;
	return levels + levels_above(ep) > EP_MAX_NESTS + 1 ? -ELOOP : 0;
}

/* ------------------------------------------------------------------ epoll_ctl */

static inline bool ep_op_has_event(int op)
{
	return op != EPOLL_CTL_DEL;
}

/* Is the combination allowed at all? */
static bool ep_ctl_valid(int op, const struct epoll_event *epds, struct file *file, struct file *tfile)
{
	if (!is_file_epoll(file) || file == tfile)
		return false;
	if (!ep_op_has_event(op) || !(epds->events & EPOLLEXCLUSIVE))
		return true;
	/* How an item is woken cannot be changed later; and a set has no one event to hand to one. */
	return op == EPOLL_CTL_ADD && !is_file_epoll(tfile) &&
	       !(epds->events & ~EPOLLEXCLUSIVE_OK_BITS);
}

/* ep->mtx is held. */
static int ep_ctl_locked(struct eventpoll *ep, int op, struct file *tfile, int fd,
			 struct epoll_event *epds)
{
	struct epitem *epi = ep_find(ep, tfile, fd);

	/* These two are told whether asked for or not. */
	epds->events |= EPOLLERR | EPOLLHUP;
	switch (op) {
	case EPOLL_CTL_ADD:
		return epi ? -EEXIST : ep_insert(ep, epds, tfile, fd);
	case EPOLL_CTL_DEL:
		if (!epi)
			return -ENOENT;
		ep_remove(ep, epi);
		return 0;
	case EPOLL_CTL_MOD:
		if (!epi)
			return -ENOENT;
		if (epi->event.events & EPOLLEXCLUSIVE)
			return -EINVAL;
		ep_modify(ep, epi, epds);
		return 0;
	default:
		return -EINVAL;
	}
}

static int do_epoll_ctl(struct file *file, int op, struct file *tfile, int fd, struct epoll_event *epds)
{
	struct eventpoll *ep;
	int error = 0;
	bool graph;

	if (!file_can_poll(tfile))
		return -EPERM;		/* always ready, as a regular file is */
	if (!ep_ctl_valid(op, epds, file, tfile))
		return -EINVAL;
	ep = file->private_data;
	graph = is_file_epoll(tfile);
	if (graph) {
		mutex_lock(&epmutex);
		if (op == EPOLL_CTL_ADD)
			error = ep_loop_check(ep, tfile->private_data);
	}
	if (!error) {
		mutex_lock(&ep->mtx);
		error = ep_ctl_locked(ep, op, tfile, fd, epds);
		mutex_unlock(&ep->mtx);
	}
	if (graph)
		mutex_unlock(&epmutex);
	return error;
}

SYSCALL_DEFINE4(epoll_ctl, int, epfd, int, op, int, fd, struct epoll_event __user *, event)
{
	struct epoll_event epds = { };
	int error = -EBADF;
	struct fd f, tf;

	if (ep_op_has_event(op) && copy_from_user(&epds, event, sizeof(epds)))
		return -EFAULT;
	f = fdget(epfd);
	if (!f.file)
		return error;
	tf = fdget(fd);
	if (tf.file) {
		error = do_epoll_ctl(f.file, op, tf.file, fd, &epds);
		fdput(tf);
	}
	fdput(f);
	return error;
}

static int __init eventpoll_ctl_init(void)
{
	max_user_watches = totalram_pages() * PAGE_SIZE / 25 /
			   (sizeof(struct epitem) + sizeof(struct eppoll_entry));
	epi_cache = KMEM_CACHE(epitem, SLAB_PANIC);
	return 0;
}
fs_initcall(eventpoll_ctl_init);
