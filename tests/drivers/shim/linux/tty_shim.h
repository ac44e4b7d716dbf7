/* SPDX-License-Identifier: MIT */
/*
 * The kernel as the line discipline sees it, on the host with one thread: locks do nothing, and a
 * wait that would sleep ends at once, as if by a signal, or by its time limit if it has one.
 */
#ifndef SHIM_TTY_H
#define SHIM_TTY_H

#include <linux/types.h>
#include <ctype.h>
#include <linux/errno.h>

typedef unsigned int __poll_t;
typedef struct { int x; } spinlock_t;
struct mutex { int held; };
struct rw_semaphore { int x; };
typedef struct { int x; } wait_queue_head_t;
typedef struct { int refs; } refcount_t;
struct cdev { int x; };
struct file { unsigned int f_flags; bool hung_up; };
struct device;
struct pid;
struct poll_table_struct;
struct list_head { struct list_head *next, *prev; };

#define __user
#define ERESTARTSYS	512
#define ENOIOCTLCMD	515
#define O_NONBLOCK	04000
#define HZ		100
#define MAX_SCHEDULE_TIMEOUT __LONG_MAX__
#define SIGINT		2
#define SIGQUIT		3
#define SIGTSTP		20
#define SIGTTIN		21
#define EPOLLIN		1
#define EPOLLOUT	4
#define EPOLLHUP	16
#define EPOLLRDNORM	64
#define EPOLLWRNORM	256
#define READ_ONCE(x)	(x)
#define WRITE_ONCE(x, v) ((x) = (v))
#define likely(x)	(x)

#define spin_lock_init(l)		((void)(l))
#define spin_lock_irqsave(l, f)		((void)(l), (f) = 0)
#define spin_unlock_irqrestore(l, f)	((void)(l), (void)(f))
#define mutex_init(m)			((m)->held = 0)
#define mutex_trylock(m)		((m)->held ? 0 : ((m)->held = 1))
#define mutex_lock_interruptible(m)	((m)->held ? -1 : ((m)->held = 1, 0))
#define mutex_unlock(m)			((m)->held = 0)
#define wake_up_interruptible(q)	((void)(q))
#define wake_up_interruptible_poll(q, m) ((void)(q))
#define wait_event_interruptible(q, cond) ((void)(q), (cond) ? 0 : -ERESTARTSYS)
#define wait_event_interruptible_timeout(q, cond, t) \
	((cond) ? 1 : (t) == MAX_SCHEDULE_TIMEOUT ? -ERESTARTSYS : 0)
#define poll_wait(f, q, w)		((void)(f), (void)(q), (void)(w))
#define kzalloc(size, gfp)		calloc(1, size)
#define kfree(p)			free(p)
#define put_user(v, p)			(*(p) = (v), 0)

#define BITS_TO_LONGS(n)	(((n) + 63) / 64)
#define DECLARE_BITMAP(name, n)	unsigned long name[BITS_TO_LONGS(n)]
#define bitmap_zero(map, n)	memset(map, 0, BITS_TO_LONGS(n) * 8)
#define set_bit(i, map)		((map)[(i) / 64] |= 1UL << (i) % 64)
#define clear_bit(i, map)	((map)[(i) / 64] &= ~(1UL << (i) % 64))
#define test_bit(i, map)	((map)[(i) / 64] >> (i) % 64 & 1)

#define min(a, b)		((a) < (b) ? (a) : (b))
#define min_t(t, a, b)		((t)(a) < (t)(b) ? (t)(a) : (t)(b))
#define clamp_t(t, v, lo, hi)	((t)(v) < (t)(lo) ? (t)(lo) : (t)(v) > (t)(hi) ? (t)(hi) : (t)(v))

int kill_pgrp(struct pid *pid, int sig, int priv);
void put_pid(struct pid *pid);

#endif
