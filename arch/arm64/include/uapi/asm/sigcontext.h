/* SPDX-License-Identifier: MIT */
/* The registers in a signal frame, as programs see them (arm64 Linux). */
#ifndef _UAPI_ASM_SIGCONTEXT_H
#define _UAPI_ASM_SIGCONTEXT_H

#include <linux/types.h>

struct sigcontext {
	__u64 fault_address;
	__u64 regs[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate;
	/* Records, each with a struct _aarch64_ctx first; one of magic 0 and size 0 is the last. */
	__u8 __reserved[4096] __attribute__((__aligned__(16)));
};

struct _aarch64_ctx {
	__u32 magic;
	__u32 size;
};

#define FPSIMD_MAGIC	0x46508001

struct fpsimd_context {
	struct _aarch64_ctx head;
	__u32 fpsr;
	__u32 fpcr;
	__uint128_t vregs[32];
};

/* The syndrome of the last fault that became a signal. */
#define ESR_MAGIC	0x45535201

struct esr_context {
	struct _aarch64_ctx head;
	__u64 esr;
};

#endif
