/* SPDX-License-Identifier: MIT */
/* How restart_syscall(2) takes up a call that a signal interrupted and that cannot simply be repeated. */
#ifndef _LINUX_RESTART_BLOCK_H
#define _LINUX_RESTART_BLOCK_H

#include <linux/types.h>

struct restart_block {
	long (*fn)(struct restart_block *);
	union {
		struct {		/* nanosleep */
			clockid_t clockid;
			void __user *rmtp;
			u64 expires;	/* ns, absolute */
		} nanosleep;
		struct {		/* ppoll */
			void __user *ufds;
			int nfds;
			int has_timeout;
			u64 expires;
		} poll;
		struct {		/* futex */
			u32 __user *uaddr;
			u32 val, flags, bitset;
			u64 time;
		} futex;
	};
};

long do_no_restart_syscall(struct restart_block *parm);

#endif
