/* SPDX-License-Identifier: MIT */
/* Pending signals and actions. */
#ifndef _LINUX_SIGNAL_TYPES_H
#define _LINUX_SIGNAL_TYPES_H

#include <linux/types.h>
#include <linux/list.h>
#include <linux/uidgid.h>
#include <uapi/asm-generic/signal.h>
#include <uapi/asm-generic/siginfo.h>

typedef struct kernel_siginfo {
	int si_signo, si_errno, si_code;
	union __sifields _sifields;
} kernel_siginfo_t;

/* One queued signal. */
struct sigqueue {
	struct list_head list;
	int flags;			/* SIGQUEUE_PREALLOC */
	kuid_t uid;			/* who is charged for it: the receiver's user */
	kernel_siginfo_t info;
};

#define SIGQUEUE_PREALLOC	1	/* a timer's own: not freed when it is taken off */

struct sigpending {
	struct list_head list;		/* of sigqueue, oldest first */
	sigset_t signal;		/* those in the list, and those that found no memory */
};

struct k_sigaction {
	struct sigaction sa;
};

/* A signal taken off the queue, with what is to be done. */
struct ksignal {
	struct k_sigaction ka;
	kernel_siginfo_t info;
	int sig;
};

#endif
