// SPDX-License-Identifier: MIT
/*
 * Floating-point state: 32 registers of 128 bits, FPSR and FPCR.
 *
 * It belongs to programs alone: the kernel is compiled to use none of it. So the registers keep
 * the running task's state through system calls and interrupts, and are exchanged when tasks are:
 * always both ways, which costs 70 instructions a switch and needs no trap and no owner to track.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <asm/exception.h>
#include <asm/processor.h>
#include <asm/sysreg.h>

/* Called by __switch_to() with interrupts off. */
void fpsimd_thread_switch(struct task_struct *prev, struct task_struct *next)
{
	if (!(prev->flags & PF_KTHREAD))
		fpsimd_save_state(&prev->thread.fpsimd_state);
	if (!(next->flags & PF_KTHREAD))
		fpsimd_load_state(&next->thread.fpsimd_state);
}

/* Without preemption, so that a switch in between does not store newer registers over the copy. */
void fpsimd_preserve_current_state(void)
{
	preempt_disable();
	if (!(current->flags & PF_KTHREAD))
		fpsimd_save_state(&current->thread.fpsimd_state);
	preempt_enable();
}

void fpsimd_update_current_state(const struct user_fpsimd_state *state)
{
	preempt_disable();
	current->thread.fpsimd_state = *state;
	fpsimd_load_state(&current->thread.fpsimd_state);
	preempt_enable();
}

/* exec: a new program starts with zeroes. */
void fpsimd_flush_thread(void)
{
	preempt_disable();
	memset(&current->thread.fpsimd_state, 0, sizeof(current->thread.fpsimd_state));
	fpsimd_load_state(&current->thread.fpsimd_state);
	preempt_enable();
}

/* A trapped IEEE exception: the program asked for it in FPCR. ISS says which (Arm ARM D17.2.37). */
void do_fpsimd_exc(unsigned long esr, struct pt_regs *regs)
{
	int code = FPE_FLTUNK;

	if (esr & (1 << 23)) {		/* TFV: the bits below are valid */
		if (esr & (1 << 0))
			code = FPE_FLTINV;
		else if (esr & (1 << 1))
			code = FPE_FLTDIV;
		else if (esr & (1 << 2))
			code = FPE_FLTOVF;
		else if (esr & (1 << 3))
			code = FPE_FLTUND;
		else if (esr & (1 << 4))
			code = FPE_FLTRES;
	}
	arm64_force_sig_fault(SIGFPE, code, regs->pc, "floating point exception");
}
