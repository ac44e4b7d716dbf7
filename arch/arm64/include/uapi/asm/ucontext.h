/* SPDX-License-Identifier: MIT */
/* What a handler gets as its third argument, and sigreturn puts back. */
#ifndef _UAPI_ASM_UCONTEXT_H
#define _UAPI_ASM_UCONTEXT_H

#include <linux/types.h>
#include <uapi/asm-generic/signal.h>
#include <uapi/asm/sigcontext.h>

struct ucontext {
	unsigned long	  uc_flags;
	struct ucontext	 *uc_link;
	stack_t		  uc_stack;
	sigset_t	  uc_sigmask;
	__u8		  __unused[1024 / 8 - sizeof(sigset_t)];	/* room for a larger mask */
	struct sigcontext uc_mcontext;		/* last, so that it can grow */
};

#endif
