/* SPDX-License-Identifier: MIT */
/* Between the two files of epoll: eventpoll.c wakes and waits, eventpoll_ctl.c has sets and their items. */
#ifndef _FS_EVENTPOLL_INTERNAL_H
#define _FS_EVENTPOLL_INTERNAL_H

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/linux/eventpoll.h>

/* How a file is watched; the rest of epoll_event.events are events. */
#define EP_PRIVATE_BITS	(EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)

/* ovflist when no scan is under way, and epitem.next of an item that is not in it. */
#define EP_UNACTIVE_PTR	((void *)-1L)

/* One wait queue that an item is on. */
struct eppoll_entry {
	struct eppoll_entry	*next;		/* item->pwqlist; ep->mtx */
	struct epitem		*base;
	struct wait_queue_entry	wait;
	wait_queue_head_t	*whead;		/* NULL once the queue is gone (POLLFREE) */
};

struct epitem {
	struct rb_node		rbn;		/* ep->rbr; ep->mtx */
	struct file		*file;		/* these two are the key, and never change */
	int			fd;
	struct eventpoll	*ep;
	struct eppoll_entry	*pwqlist;	/* ep->mtx */
	struct hlist_node	fllink;		/* file->f_ep; f_lock */
	struct epoll_event	event;		/* ep->mtx to change, read by callbacks too */

	/* ep->lock; during a scan rdllink may be in the list of the scan, which has ep->mtx */
	struct list_head	rdllink;
	struct epitem		*next;		/* in ovflist */
};

struct eventpoll {
	struct mutex		mtx;
	struct rb_root_cached	rbr;		/* mtx: the items by file and descriptor */
	struct file		*file;		/* never changes */

	wait_queue_head_t	poll_wait;	/* who polls the set itself */
	int			nests;		/* poll_wait.lock: how many such locks its waker holds */

	/* lock guards these */
	spinlock_t		lock;
	wait_queue_head_t	wq;		/* sleepers in epoll_wait() */
	struct list_head	rdllist;	/* items that may be ready */
	struct epitem		*ovflist;	/* those that became so during a scan */

	/* epmutex: the last walk of the graph that came by, and what it found */
	u64			gen;
	int			levels;
};

extern const struct file_operations eventpoll_fops;

static inline bool is_file_epoll(const struct file *f)
{
	return f->f_op == &eventpoll_fops;
}

struct ep_pqueue {
	poll_table	pt;
	struct epitem	*epi;		/* NULL once memory ran out */
};

/* eventpoll.c */
void ep_poll_safewake(struct eventpoll *ep, struct epitem *epi);
bool ep_make_ready(struct eventpoll *ep, struct epitem *epi);
void ep_ptable_queue_proc(struct file *file, wait_queue_head_t *whead, poll_table *pt);
void ep_unregister_pollwait(struct epitem *epi);
__poll_t ep_item_poll(const struct epitem *epi, poll_table *pt, int depth);

/* eventpoll_ctl.c */
void ep_free(struct eventpoll *ep);

#endif
