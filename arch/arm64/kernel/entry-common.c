// SPDX-License-Identifier: MIT
/*
 * Exceptions, from the assembly vectors to the subsystem that knows: one handler a vector.
 *
 * Called by entry.S with interrupts masked and all registers in *regs. A handler for EL0 ends in
 * exit_to_user_mode(), which does what is pending (reschedule, signals); a handler for EL1 returns
 * straight to what was interrupted, after a preemption if one is due.
 */
#include <linux/kernel.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <asm/esr.h>
#include <asm/exception.h>
#include <asm/processor.h>
#include <asm/sysreg.h>

/* MDSCR and the rest of DAIF stay as they are; only I, F and A matter here. */
static __always_inline void local_daif_unmask(void)
{
	asm volatile("msr daifclr, #0xf" ::: "memory");
}

static __always_inline void local_daif_mask(void)
{
	asm volatile("msr daifset, #0xf" ::: "memory");
}

/* As the interrupted code had it: page faults inside a section with interrupts off keep them off. */
static __always_inline void local_daif_inherit(struct pt_regs *regs)
{
	asm volatile("msr daif, %0" :: "r"(regs->pstate & PSR_DAIF_MASK) : "memory");
}

/* Work that must be done before the program goes on; called again until nothing is left. */
static void do_notify_resume(struct pt_regs *regs, unsigned long thread_flags)
{
	do {
		local_daif_unmask();
		if (thread_flags & _TIF_NEED_RESCHED)
			schedule();
		if (thread_flags & _TIF_SIGPENDING)
			do_signal(regs);
		if (thread_flags & _TIF_NOTIFY_RESUME)
			clear_thread_flag(TIF_NOTIFY_RESUME);
		local_daif_mask();
		thread_flags = READ_ONCE(current_thread_info()->flags);
	} while (thread_flags & _TIF_WORK_MASK);
}

/**
 * exit_to_user_mode - the last C before a program runs
 * @regs: what it will run with
 *
 * Returns with interrupts masked, so that nothing new can become pending before the ERET.
 */
void exit_to_user_mode(struct pt_regs *regs)
{
	unsigned long flags;

	local_daif_mask();
	flags = READ_ONCE(current_thread_info()->flags);
	if (unlikely(flags & _TIF_WORK_MASK))
		do_notify_resume(regs, flags);
	lockdep_sys_exit();
}

/* An exception that has no business to happen. */
static void __noreturn panic_unhandled(struct pt_regs *regs, const char *vector, unsigned long esr)
{
	local_daif_mask();
	arm64_panic_unhandled(regs, vector, esr);
}

#define UNHANDLED(el, regsize, vector)							\
void el##_##regsize##_##vector##_handler(struct pt_regs *regs)				\
{											\
	panic_unhandled(regs, #regsize "-bit " #el " " #vector, read_sysreg(esr_el1));	\
}

/* ---- from the kernel */

UNHANDLED(el1t, 64, sync)
UNHANDLED(el1t, 64, irq)
UNHANDLED(el1t, 64, fiq)
UNHANDLED(el1t, 64, error)
UNHANDLED(el1h, 64, fiq)

void el1h_64_sync_handler(struct pt_regs *regs)
{
	unsigned long esr = read_sysreg(esr_el1), far = read_sysreg(far_el1);

	switch (ESR_ELx_EC(esr)) {
	case ESR_ELx_EC_DABT_CUR:
	case ESR_ELx_EC_IABT_CUR:
		local_daif_inherit(regs);
		do_mem_abort(far, esr, regs);
		break;
	case ESR_ELx_EC_BRK64:
		do_brk_el1(esr, regs);
		break;
	case ESR_ELx_EC_UNKNOWN:
		do_el1_undef(regs, esr);
		break;
	case ESR_ELx_EC_PC_ALIGN:
	case ESR_ELx_EC_SP_ALIGN:
		do_sp_pc_abort(far, esr, regs);
		break;
	default:
		panic_unhandled(regs, "64-bit el1h sync", esr);
	}
	local_daif_mask();
}

void el1h_64_irq_handler(struct pt_regs *regs)
{
	irq_enter();
	handle_arch_irq(regs);
	irq_exit();
	/* Kernel preemption: only where the interrupted code held no lock. */
	if (test_thread_flag(TIF_NEED_RESCHED) && preempt_count() == 0)
		preempt_schedule_irq();
}

void el1h_64_error_handler(struct pt_regs *regs)
{
	do_serror(regs, read_sysreg(esr_el1));
}

/* ---- from programs */

static void el0_abort(struct pt_regs *regs, unsigned long esr)
{
	unsigned long far = read_sysreg(far_el1);

	local_daif_unmask();
	do_mem_abort(far, esr, regs);
}

static void el0_sync_rare(struct pt_regs *regs, unsigned long esr)
{
	unsigned long far = read_sysreg(far_el1);

	local_daif_unmask();
	switch (ESR_ELx_EC(esr)) {
	case ESR_ELx_EC_WFx:
		regs->pc += 4;		/* a hint: it may always return at once */
		break;
	case ESR_ELx_EC_UNKNOWN:
	case ESR_ELx_EC_SYS64:
	case ESR_ELx_EC_FP_ASIMD:
	case ESR_ELx_EC_SVE:
	case ESR_ELx_EC_SME:
	case ESR_ELx_EC_PAC:
	case ESR_ELx_EC_ILL:
	case ESR_ELx_EC_BTI:
		do_el0_undef(regs, esr);
		break;
	case ESR_ELx_EC_FP_EXC64:
		do_fpsimd_exc(esr, regs);
		break;
	case ESR_ELx_EC_SP_ALIGN:
	case ESR_ELx_EC_PC_ALIGN:
		do_sp_pc_abort(far, esr, regs);
		break;
	case ESR_ELx_EC_BRK64:
	case ESR_ELx_EC_BREAKPT_LOW:
	case ESR_ELx_EC_SOFTSTP_LOW:
	case ESR_ELx_EC_WATCHPT_LOW:
		do_el0_debug(far, esr, regs);
		break;
	default:
		bad_el0_sync(regs, esr);
	}
}

void el0t_64_sync_handler(struct pt_regs *regs)
{
	unsigned long esr = read_sysreg(esr_el1);
	unsigned int ec = ESR_ELx_EC(esr);

	if (likely(ec == ESR_ELx_EC_SVC64)) {
		local_daif_unmask();
		do_el0_svc(regs);
	} else if (ec == ESR_ELx_EC_DABT_LOW || ec == ESR_ELx_EC_IABT_LOW) {
		el0_abort(regs, esr);
	} else {
		el0_sync_rare(regs, esr);
	}
	exit_to_user_mode(regs);
}

void el0t_64_irq_handler(struct pt_regs *regs)
{
	irq_enter();
	handle_arch_irq(regs);
	irq_exit();
	exit_to_user_mode(regs);
}

void el0t_64_error_handler(struct pt_regs *regs)
{
	do_serror(regs, read_sysreg(esr_el1));
	exit_to_user_mode(regs);
}

UNHANDLED(el0t, 64, fiq)

/* SPSR can never say AArch32, since valid_user_regs() and start_thread() see to it. */
UNHANDLED(el0t, 32, sync)
UNHANDLED(el0t, 32, irq)
UNHANDLED(el0t, 32, fiq)
UNHANDLED(el0t, 32, error)
