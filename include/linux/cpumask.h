/* SPDX-License-Identifier: MIT */
/* Sets of CPUs. */
#ifndef _LINUX_CPUMASK_H
#define _LINUX_CPUMASK_H

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/threads.h>

typedef struct cpumask { DECLARE_BITMAP(bits, NR_CPUS); } cpumask_t;

extern cpumask_t __cpu_possible_mask, __cpu_online_mask;
#define cpu_possible_mask	((const struct cpumask *)&__cpu_possible_mask)
#define cpu_online_mask		((const struct cpumask *)&__cpu_online_mask)
extern const cpumask_t cpu_bit_masks[NR_CPUS];
#define cpumask_of(cpu)		(&cpu_bit_masks[cpu])	/* of one CPU alone */
#define nr_cpu_ids		((unsigned int)NR_CPUS)

#define cpumask_test_cpu(cpu, m)	test_bit(cpu, (m)->bits)
#define cpumask_set_cpu(cpu, m)		set_bit(cpu, (m)->bits)
#define cpumask_clear_cpu(cpu, m)	clear_bit(cpu, (m)->bits)
#define cpumask_clear(m)		bitmap_zero((m)->bits, NR_CPUS)
#define cpumask_setall(m)		bitmap_fill((m)->bits, NR_CPUS)
#define cpumask_copy(d, s)		bitmap_copy((d)->bits, (s)->bits, NR_CPUS)
#define cpumask_and(d, a, b)		bitmap_and((d)->bits, (a)->bits, (b)->bits, NR_CPUS)
#define cpumask_intersects(a, b)	bitmap_intersects((a)->bits, (b)->bits, NR_CPUS)
#define cpumask_subset(sub, of)		bitmap_subset((sub)->bits, (of)->bits, NR_CPUS)
#define cpumask_empty(m)		bitmap_empty((m)->bits, NR_CPUS)
#define cpumask_weight(m)		((unsigned int)bitmap_weight((m)->bits, NR_CPUS))
#define cpumask_first(m)		((unsigned int)find_first_bit((m)->bits, NR_CPUS))
#define cpumask_next(n, m)		((unsigned int)find_next_bit((m)->bits, NR_CPUS, (n) + 1))
#define for_each_cpu(cpu, m)		\
	for ((cpu) = cpumask_first(m); (cpu) < nr_cpu_ids; (cpu) = cpumask_next(cpu, m))
#define for_each_possible_cpu(cpu)	for_each_cpu(cpu, cpu_possible_mask)
#define for_each_online_cpu(cpu)	for_each_cpu(cpu, cpu_online_mask)
#define cpu_online(cpu)			cpumask_test_cpu(cpu, cpu_online_mask)
#define num_online_cpus()		cpumask_weight(cpu_online_mask)
#define num_possible_cpus()		cpumask_weight(cpu_possible_mask)

#endif
