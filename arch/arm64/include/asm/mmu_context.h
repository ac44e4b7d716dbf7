/* SPDX-License-Identifier: MIT */
/* Changing the address space: TTBR0_EL1 and the ASID (arch/arm64/mm/context.c). */
#ifndef _ASM_MMU_CONTEXT_H
#define _ASM_MMU_CONTEXT_H

#include <linux/mm_types.h>
#include <linux/sched.h>

void check_and_switch_context(struct mm_struct *mm);
void cpu_set_reserved_ttbr0(void);
void asids_init(void);

static inline int init_new_context(struct task_struct *tsk, struct mm_struct *mm)
{
	atomic64_set(&mm->context.id, 0);
	return 0;
}

#define destroy_context(mm)	do { } while (0)

/* Interrupts are off: called by the scheduler and by exec. init_mm has no user half. */
static inline void switch_mm(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk)
{
	if (prev == next)
		return;
	if (next == &init_mm)
		cpu_set_reserved_ttbr0();
	else
		check_and_switch_context(next);
}
#define switch_mm_irqs_off(prev, next, tsk)	switch_mm(prev, next, tsk)

static inline void activate_mm(struct mm_struct *prev, struct mm_struct *next)
{
	switch_mm(prev, next, current);
}

/* A kernel thread keeps the tables that are loaded: it never looks at the user half. */
#define enter_lazy_tlb(mm, tsk)	do { } while (0)

#endif
