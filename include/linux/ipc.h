/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_IPC_H
#define _LINUX_IPC_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>
#include <uapi/linux/ipc.h>

/* The head of each object; see ipc/util.c. */
struct kern_ipc_perm {
	int		id;		/* never changes, nor do key (but to IPC_PRIVATE), seq, cuid, cgid */
	__kernel_key_t	key;		/* rwsem of the ids */
	unsigned long	seq;
	kuid_t		cuid;
	kgid_t		cgid;

	/* lock guards the rest, and what the object keeps besides */
	spinlock_t	lock;
	bool		deleted;
	kuid_t		uid;
	kgid_t		gid;
	umode_t		mode;
	struct rcu_head	rcu;
};

#endif
