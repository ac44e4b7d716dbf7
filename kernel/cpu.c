// SPDX-License-Identifier: MIT
/*
 * The sets of CPUs, and how one joins.
 *
 * cpu_up() makes the CPU's idle task and hands it to the architecture, which powers the CPU on; the
 * CPU sets itself up on that task's stack, calls notify_cpu_starting() and goes to its idle loop.
 * Called by smp_init() alone: one at a time. CPUs are never taken away.
 */
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/smp.h>

/* Possible: there is such a CPU; set at boot. Online: it runs tasks; set by that CPU as it comes up. */
cpumask_t __cpu_possible_mask = { .bits = { 1 } }, __cpu_online_mask = { .bits = { 1 } };

#define CPU_BIT_MASK(n)	[n] = { .bits = { 1UL << (n) } }
const cpumask_t cpu_bit_masks[NR_CPUS] = {
	CPU_BIT_MASK(0), CPU_BIT_MASK(1), CPU_BIT_MASK(2), CPU_BIT_MASK(3),
	CPU_BIT_MASK(4), CPU_BIT_MASK(5), CPU_BIT_MASK(6), CPU_BIT_MASK(7),
};
static_assert(NR_CPUS == 8, "a mask for each CPU");

int __init cpu_up(unsigned int cpu)
{
	struct task_struct *idle = fork_idle(cpu);
	int ret;

	if (IS_ERR(idle)) {
		ret = PTR_ERR(idle);
		pr_err("CPU%u: no idle task for it: %d\n", cpu, ret);
		return ret;
	}
	/* Should it fail, the idle task is not freed: the CPU may yet come and run on its stack. */
	ret = __cpu_up(cpu, idle);
	if (ret)
		pr_err("CPU%u: failed to come online: %d\n", cpu, ret);
	return ret;
}

/* Its run queue, interrupt controller and timer are ready: whoever finds it online may use it. */
void notify_cpu_starting(unsigned int cpu)
{
	cpumask_set_cpu(cpu, &__cpu_online_mask);
}
