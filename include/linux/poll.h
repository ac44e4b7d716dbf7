/* SPDX-License-Identifier: MIT */
/*
 * Waiting for several files at once. ->poll() hands each wait queue that can change its answer to
 * poll_wait() and returns what is ready now; select.c sleeps until one of the queues is woken.
 */
#ifndef _LINUX_POLL_H
#define _LINUX_POLL_H

#include <linux/fs.h>
#include <linux/time64.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/linux/poll.h>

#define DEFAULT_POLLMASK	(EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM)

/* Not for programs: the wait queue itself goes away, see wake_up_pollfree(). */
#define POLLFREE	((__poll_t)0x4000)

struct poll_table_struct;

typedef void (*poll_queue_proc)(struct file *file, wait_queue_head_t *wqh,
				struct poll_table_struct *pt);

/* The queue function is cleared once something was ready: then nothing need be queued. */
typedef struct poll_table_struct {
	poll_queue_proc	_qproc;
	__poll_t	_key;		/* events that the caller waits for */
} poll_table;

static inline void poll_wait(struct file *file, wait_queue_head_t *wqh, poll_table *p)
{
	if (p && p->_qproc && wqh)
		p->_qproc(file, wqh, p);
}

static inline void init_poll_funcptr(poll_table *pt, poll_queue_proc qproc)
{
	pt->_qproc = qproc;
	pt->_key = ~(__poll_t)0;
}

int poll_select_set_timeout(struct timespec64 *to, time64_t sec, long nsec);
u64 select_estimate_accuracy(struct timespec64 *tv);

static inline bool file_can_poll(struct file *file)
{
	return file->f_op->poll;
}

static inline __poll_t vfs_poll(struct file *file, struct poll_table_struct *pt)
{
	if (unlikely(!file->f_op->poll))
		return DEFAULT_POLLMASK;
	return file->f_op->poll(file, pt);
}

#endif
