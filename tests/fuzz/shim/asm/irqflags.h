/* SPDX-License-Identifier: MIT */
#ifndef _ASM_IRQFLAGS_H
#define _ASM_IRQFLAGS_H

/* No interrupt ever comes, but who may not be interrupted may not sleep either: schedule() looks. */

extern unsigned long fuzz_irqs_off;

static inline void arch_local_irq_enable(void) { fuzz_irqs_off = 0; }
static inline void arch_local_irq_disable(void) { fuzz_irqs_off = 1; }
static inline unsigned long arch_local_save_flags(void) { return fuzz_irqs_off; }
static inline void arch_local_irq_restore(unsigned long flags) { fuzz_irqs_off = flags; }
static inline int arch_irqs_disabled_flags(unsigned long flags) { return flags != 0; }
static inline int arch_irqs_disabled(void) { return fuzz_irqs_off != 0; }

static inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = fuzz_irqs_off;

	fuzz_irqs_off = 1;
	return flags;
}

#endif
