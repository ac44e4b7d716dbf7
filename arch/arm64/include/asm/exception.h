/* SPDX-License-Identifier: MIT */
/* What entry-common.c calls, and who wrote it. */
#ifndef _ASM_EXCEPTION_H
#define _ASM_EXCEPTION_H

#include <asm/ptrace.h>

/* arch/arm64/kernel/entry-common.c, called by entry.S: one a vector */
void el1t_64_sync_handler(struct pt_regs *regs);
void el1t_64_irq_handler(struct pt_regs *regs);
void el1t_64_fiq_handler(struct pt_regs *regs);
void el1t_64_error_handler(struct pt_regs *regs);
void el1h_64_sync_handler(struct pt_regs *regs);
void el1h_64_irq_handler(struct pt_regs *regs);
void el1h_64_fiq_handler(struct pt_regs *regs);
void el1h_64_error_handler(struct pt_regs *regs);
void el0t_64_sync_handler(struct pt_regs *regs);
void el0t_64_irq_handler(struct pt_regs *regs);
void el0t_64_fiq_handler(struct pt_regs *regs);
void el0t_64_error_handler(struct pt_regs *regs);
void el0t_32_sync_handler(struct pt_regs *regs);
void el0t_32_irq_handler(struct pt_regs *regs);
void el0t_32_fiq_handler(struct pt_regs *regs);
void el0t_32_error_handler(struct pt_regs *regs);
void exit_to_user_mode(struct pt_regs *regs);

/* arch/arm64/mm/fault.c */
void do_mem_abort(unsigned long far, unsigned long esr, struct pt_regs *regs);
void do_sp_pc_abort(unsigned long addr, unsigned long esr, struct pt_regs *regs);

/* arch/arm64/kernel/traps.c */
void do_el1_undef(struct pt_regs *regs, unsigned long esr);
void do_el0_undef(struct pt_regs *regs, unsigned long esr);
void do_el0_debug(unsigned long far, unsigned long esr, struct pt_regs *regs);
void do_brk_el1(unsigned long esr, struct pt_regs *regs);
void do_serror(struct pt_regs *regs, unsigned long esr);
void bad_el0_sync(struct pt_regs *regs, unsigned long esr);
void __noreturn arm64_panic_unhandled(struct pt_regs *regs, const char *vector, unsigned long esr);
void handle_bad_stack(struct pt_regs *regs);
void show_regs(struct pt_regs *regs);
void __noreturn die(const char *str, struct pt_regs *regs, unsigned long esr);
void arm64_force_sig_fault(int signo, int code, unsigned long far, const char *str);
const char *esr_get_class_string(unsigned long esr);

/* arch/arm64/kernel/fpsimd.c */
void do_fpsimd_exc(unsigned long esr, struct pt_regs *regs);

/* arch/arm64/kernel/signal.c */
void do_signal(struct pt_regs *regs);

/* arch/arm64/kernel/syscall.c */
void do_el0_svc(struct pt_regs *regs);

#endif
