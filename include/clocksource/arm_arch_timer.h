/* SPDX-License-Identifier: MIT */
/* The generic timer of arm64 (Arm ARM D11): a counter that all CPUs share, and a timer for each. */
#ifndef __CLKSOURCE_ARM_ARCH_TIMER_H
#define __CLKSOURCE_ARM_ARCH_TIMER_H

#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/sysreg.h>

/* The order of the lines in the device tree's "interrupts". */
enum arch_timer_ppi_nr {
	ARCH_TIMER_PHYS_SECURE_PPI,
	ARCH_TIMER_PHYS_NONSECURE_PPI,
	ARCH_TIMER_VIRT_PPI,
	ARCH_TIMER_HYP_PPI,
};

/* CNTV_CTL_EL0 (D17.11.22) */
#define ARCH_TIMER_CTRL_ENABLE	(1UL << 0)
#define ARCH_TIMER_CTRL_IT_MASK	(1UL << 1)
#define ARCH_TIMER_CTRL_IT_STAT	(1UL << 2)

/**
 * arch_timer_read_counter - ticks since the machine was started
 *
 * The ISB keeps the CPU from reading the counter before what stands above it is done.
 */
static inline u64 arch_timer_read_counter(void)
{
	isb();
	return read_sysreg(cntvct_el0);
}

u32 arch_timer_get_rate(void);		/* ticks a second */

/* A CPU that was brought up later starts its own timer, interrupts masked. */
void arch_timer_starting_cpu(void);

/* Runs the drivers of TIMER_OF_DECLARE() for the device tree's timers; called by time_init(). */
void timer_probe(void);

#define TIMER_OF_DECLARE(name, compat, fn)	OF_DECLARE_1_RET(timer, name, compat, fn)

#endif
