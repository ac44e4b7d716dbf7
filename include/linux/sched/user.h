/* SPDX-License-Identifier: MIT */
/*
 * What is counted for each user, over all processes whose real uid is his: kernel/user.c.
 */
#ifndef _LINUX_SCHED_USER_H
#define _LINUX_SCHED_USER_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/uidgid.h>

struct user_struct {
	refcount_t	__count;	/* creds that point here */
	atomic_long_t	processes;	/* threads, too: for RLIMIT_NPROC */
	struct hlist_node uidhash_node;
	kuid_t		uid;
};

extern struct user_struct root_user;
#define INIT_USER	(&root_user)

struct user_struct *alloc_uid(kuid_t uid);
void free_uid(struct user_struct *up);

static inline struct user_struct *get_uid(struct user_struct *up)
{
	refcount_inc(&up->__count);
	return up;
}

/* More processes than @limit, an RLIMIT_NPROC? There is none for root. */
static inline bool user_over_nproc(struct user_struct *up, unsigned long limit)
{
	return up != INIT_USER && (unsigned long)atomic_long_read(&up->processes) > limit;
}

#endif
