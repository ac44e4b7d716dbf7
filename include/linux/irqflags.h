/* SPDX-License-Identifier: MIT */
/* Masking interrupts on this CPU: local_irq_save(flags) and its kin. */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H

#include <linux/types.h>
#include <asm/irqflags.h>

#ifdef CONFIG_DEBUG
/* Tell lockdep: what is held now is held with interrupts on. */
void lockdep_hardirqs_on(void);
#define local_irq_enable()	do { lockdep_hardirqs_on(); arch_local_irq_enable(); } while (0)
#define local_irq_restore(flags)				\
do {								\
	if (!arch_irqs_disabled_flags(flags))			\
		lockdep_hardirqs_on();				\
	arch_local_irq_restore(flags);				\
} while (0)
#else
#define local_irq_enable()		arch_local_irq_enable()
#define local_irq_restore(flags)	arch_local_irq_restore(flags)
#endif
#define local_irq_disable()		arch_local_irq_disable()
#define local_irq_save(flags)		do { (flags) = arch_local_irq_save(); } while (0)
#define local_save_flags(flags)		do { (flags) = arch_local_save_flags(); } while (0)
#define irqs_disabled()			arch_irqs_disabled()
#define irqs_disabled_flags(flags)	arch_irqs_disabled_flags(flags)

#endif
