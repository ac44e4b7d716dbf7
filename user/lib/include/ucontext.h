// SPDX-License-Identifier: MIT
/* What a handler with SA_SIGINFO gets as its third argument: the interrupted registers. */
#ifndef _UCONTEXT_H
#define _UCONTEXT_H

#include <signal.h>

typedef struct {
	unsigned long	fault_address;
	unsigned long	regs[31];
	unsigned long	sp, pc, pstate;
	unsigned char	__reserved[4096] __attribute__((aligned(16)));
} mcontext_t;

typedef struct ucontext {
	unsigned long	uc_flags;
	struct ucontext	*uc_link;
	stack_t		uc_stack;
	sigset_t	uc_sigmask;
	unsigned char	__unused[120];
	mcontext_t	uc_mcontext;
} ucontext_t;

#define FPSIMD_MAGIC	0x46508001
#define ESR_MAGIC	0x45535201

/* The records in __reserved each begin with this; {0, 0} ends them. */
struct _aarch64_ctx {
	unsigned int magic, size;
};

struct fpsimd_context {
	struct _aarch64_ctx	head;
	unsigned int		fpsr, fpcr;
	__uint128_t		vregs[32];
};

#endif
