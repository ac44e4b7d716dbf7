/* SPDX-License-Identifier: MIT */
/* struct pt_regs: the registers of what an exception interrupted, as kernel_entry saves them. */
#ifndef _ASM_PTRACE_H
#define _ASM_PTRACE_H

/* PSTATE, as in SPSR_EL1 (Arm ARM C5.2.19) */
#define PSR_MODE_EL0t	0x00000000
#define PSR_MODE_EL1t	0x00000004
#define PSR_MODE_EL1h	0x00000005
#define PSR_MODE_EL2h	0x00000009
#define PSR_MODE_MASK	0x0000000f
#define PSR_MODE32_BIT	0x00000010
#define PSR_F_BIT	0x00000040
#define PSR_I_BIT	0x00000080
#define PSR_A_BIT	0x00000100
#define PSR_D_BIT	0x00000200
#define PSR_BTYPE_MASK	0x00000c00
#define PSR_SSBS_BIT	0x00001000
#define PSR_IL_BIT	0x00100000
#define PSR_SS_BIT	0x00200000
#define PSR_PAN_BIT	0x00400000
#define PSR_UAO_BIT	0x00800000
#define PSR_DIT_BIT	0x01000000
#define PSR_V_BIT	0x10000000
#define PSR_C_BIT	0x20000000
#define PSR_Z_BIT	0x40000000
#define PSR_N_BIT	0x80000000
#define PSR_DAIF_MASK	(PSR_D_BIT | PSR_A_BIT | PSR_I_BIT | PSR_F_BIT)

#ifndef __ASSEMBLY__

#include <linux/types.h>

struct user_pt_regs {
	u64 regs[31];
	u64 sp;
	u64 pc;
	u64 pstate;
};

struct pt_regs {
	union {
		struct user_pt_regs user_regs;
		struct {
			u64 regs[31];
			u64 sp;
			u64 pc;
			u64 pstate;
		};
	};
	u64 orig_x0;		/* x0 as a system call got it */
	s32 syscallno;		/* -1: not in a system call */
	u32 unused;
	u64 stackframe[2];	/* a frame record, so that traces walk through the exception */
};

#define NO_SYSCALL (-1)

#define user_mode(regs)		(((regs)->pstate & PSR_MODE_MASK) == PSR_MODE_EL0t)
#define interrupts_enabled(regs) (!((regs)->pstate & PSR_I_BIT))
#define instruction_pointer(regs) ((regs)->pc)
#define user_stack_pointer(regs) ((regs)->sp)
#define in_syscall(regs)	((regs)->syscallno != NO_SYSCALL)
#define forget_syscall(regs)	((regs)->syscallno = NO_SYSCALL)
#define regs_return_value(regs)	((regs)->regs[0])

struct task_struct;

/* Makes PSTATE one that may be entered at EL0; false when it was not (signal frames lie). */
bool valid_user_regs(struct user_pt_regs *regs, struct task_struct *task);

#endif
#endif
