/* SPDX-License-Identifier: MIT */
/* CPUs by their two names, and what is handed to one that starts: arch/arm64/kernel/smp.c. */
#ifndef _ASM_SMP_H
#define _ASM_SMP_H

#ifndef __ASSEMBLY__
#include <linux/percpu.h>
#include <linux/threads.h>
#include <linux/types.h>

/* The kernel numbers CPUs from 0, the hardware calls them by the affinity fields of MPIDR_EL1. */
DECLARE_PER_CPU(struct task_struct *, __entry_task);	/* process.c */

extern u64 __cpu_logical_map[NR_CPUS];
#define cpu_logical_map(cpu)	(__cpu_logical_map[cpu])

void smp_setup_processor_id(void);	/* the boot CPU's, first of all */
void smp_init_cpus(void);		/* the others, from the flat device tree */

/* The GIC's driver gives @n lines that CPUs can send to each other, from irq number @ipi_base on. */
void set_smp_ipi_range(int ipi_base, int n);

struct seq_file;
void arch_show_interrupts(struct seq_file *p, int prec);
#endif

#endif
