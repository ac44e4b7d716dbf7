/* SPDX-License-Identifier: MIT */
/* System V IPC: what shared memory, semaphores and message queues have in common. */
#ifndef _UAPI_LINUX_IPC_H
#define _UAPI_LINUX_IPC_H

#include <linux/types.h>

#define IPC_PRIVATE	((__kernel_key_t)0)

/* for the get calls, besides the permissions */
#define IPC_CREAT	00001000
#define IPC_EXCL	00002000
#define IPC_NOWAIT	00004000

/* for the ctl calls */
#define IPC_RMID	0
#define IPC_SET		1
#define IPC_STAT	2
#define IPC_INFO	3

typedef int __kernel_key_t;

struct ipc64_perm {
	__kernel_key_t		key;
	__kernel_uid32_t	uid, gid;	/* the owner */
	__kernel_uid32_t	cuid, cgid;	/* who made it */
	__kernel_mode_t		mode;
	unsigned short		seq, __pad2;
	__kernel_ulong_t	__unused1, __unused2;
};

#endif
