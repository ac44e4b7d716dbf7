/* SPDX-License-Identifier: MIT */
/* PSTATE.DAIF.I: set means that interrupts are masked. */
#ifndef _ASM_IRQFLAGS_H
#define _ASM_IRQFLAGS_H

#include <linux/compiler.h>
#include <asm/ptrace.h>

static __always_inline void arch_local_irq_enable(void)
{
	asm volatile("msr daifclr, #2" ::: "memory");
}

static __always_inline void arch_local_irq_disable(void)
{
	asm volatile("msr daifset, #2" ::: "memory");
}

static __always_inline unsigned long arch_local_save_flags(void)
{
	unsigned long flags;

	asm volatile("mrs %0, daif" : "=r"(flags) :: "memory");
	return flags;
}

static __always_inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = arch_local_save_flags();

	arch_local_irq_disable();
	return flags;
}

static __always_inline void arch_local_irq_restore(unsigned long flags)
{
	asm volatile("msr daif, %0" :: "r"(flags) : "memory");
}

static __always_inline int arch_irqs_disabled_flags(unsigned long flags)
{
	return (flags & PSR_I_BIT) != 0;
}

static __always_inline int arch_irqs_disabled(void)
{
	return arch_irqs_disabled_flags(arch_local_save_flags());
}

#endif
