// SPDX-License-Identifier: MIT
/*
 * Calling a function on another CPU, and bringing up the CPUs at boot.
 *
 * A request (call_single_data_t) is pushed onto the other CPU's call_single_queue; who pushes onto an
 * empty queue sends the interrupt, and its handler takes the whole queue and calls each. No lock:
 * the queue is an llist, and a request belongs to whoever set CSD_FLAG_LOCK in it until the other
 * CPU clears that, after the function has returned (waiting callers) or just before the call.
 *
 * Ordering: what the caller wrote before is seen by the function (llist_add() and llist_del_all() are
 * full barriers); what the function wrote is seen by a caller that waits (release and acquire of
 * flags).
 */
#include <linux/bug.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/console.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <asm/barrier.h>
#include <asm/processor.h>

#define CSD_TYPE_WAIT	0x02		/* the caller waits until func has returned */

static DEFINE_PER_CPU(struct llist_head, call_single_queue);
/* For the callers that bring no request of their own. Each CPU's is used with preemption off. */
static DEFINE_PER_CPU(call_single_data_t, csd_data);
/* smp_call_function_many(): one for each pair of CPUs. */
static DEFINE_PER_CPU(call_single_data_t, cfd_data[NR_CPUS]);

static void csd_lock_wait(call_single_data_t *csd)
{
	smp_cond_load_acquire(&csd->flags, !(VAL & CSD_FLAG_LOCK));
}

static void csd_lock(call_single_data_t *csd, unsigned int type)
{
	csd_lock_wait(csd);
	csd->flags = CSD_FLAG_LOCK | type;
	/* The flag before func and info: the unlock by the CPU before must not be undone. */
	smp_wmb();
}

static void csd_unlock(call_single_data_t *csd)
{
	smp_store_release(&csd->flags, 0);
}

/* True if an interrupt has to be sent. */
static bool csd_queue(int cpu, call_single_data_t *csd, smp_call_func_t func, void *info)
{
	csd->func = func;
	csd->info = info;
	return llist_add(&csd->node, per_cpu_ptr(&call_single_queue, cpu));
}

/* The interrupt. Requests are served in the order in which they came. */
void generic_smp_call_function_interrupt(void)
{
	struct llist_node *pos, *next;

	pos = llist_reverse_order(llist_del_all(this_cpu_ptr(&call_single_queue)));
	llist_for_each_safe(pos, next, pos) {
		call_single_data_t *csd = llist_entry(pos, call_single_data_t, node);
		smp_call_func_t func = csd->func;
		void *info = csd->info;

		if (csd->flags & CSD_TYPE_WAIT) {
			func(info);
			csd_unlock(csd);
		} else {
			csd_unlock(csd);
			func(info);
		}
	}
}

/* Who waits for another CPU with interrupts off may be waited for by that one. */
static void check_may_wait(void)
{
	WARN_ON_ONCE(irqs_disabled() && !oops_in_progress);
}

static void call_here(smp_call_func_t func, void *info)
{
	unsigned long flags;

	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
}

int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait)
{
	call_single_data_t *csd, csd_stack = { .flags = 0 };
	int ret = 0;

	preempt_disable();
	if (cpu == smp_processor_id()) {
		call_here(func, info);
		goto out;
	}
	if (cpu >= nr_cpu_ids || !cpu_online(cpu)) {
		ret = -ENXIO;
		goto out;
	}
	check_may_wait();
	csd = wait ? &csd_stack : this_cpu_ptr(&csd_data);
	csd_lock(csd, wait ? CSD_TYPE_WAIT : 0);
	if (csd_queue(cpu, csd, func, info))
		arch_send_call_function_single_ipi(cpu);
	if (wait)
		csd_lock_wait(csd);
out:
	preempt_enable();
	return ret;
}
EXPORT_SYMBOL(smp_call_function_single);

/**
 * smp_call_function_single_async - the same with the caller's own request, never waiting
 *
 * csd->func and csd->info are set. Interrupts may be off. -EBUSY while an earlier call with the same
 * request is on its way.
 */
int smp_call_function_single_async(int cpu, call_single_data_t *csd)
{
	int ret = 0;

	preempt_disable();
	if (cpu == smp_processor_id()) {
		call_here(csd->func, csd->info);
	} else if (cmpxchg(&csd->flags, 0, CSD_FLAG_LOCK) & CSD_FLAG_LOCK) {
		ret = -EBUSY;
	} else {
		if (csd_queue(cpu, csd, csd->func, csd->info))
			arch_send_call_function_single_ipi(cpu);
	}
	preempt_enable();
	return ret;
}

void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	call_single_data_t *cfd = *this_cpu_ptr(&cfd_data);
	struct cpumask called, ipi;
	int cpu, this_cpu = smp_processor_id();

	check_may_wait();
	cpumask_and(&called, mask, cpu_online_mask);
	cpumask_clear_cpu(this_cpu, &called);
	cpumask_clear(&ipi);
	for_each_cpu(cpu, &called) {
		csd_lock(&cfd[cpu], wait ? CSD_TYPE_WAIT : 0);
		if (csd_queue(cpu, &cfd[cpu], func, info))
			cpumask_set_cpu(cpu, &ipi);
	}
	if (!cpumask_empty(&ipi))
		arch_send_call_function_ipi_mask(&ipi);
	if (!wait)
		return;
	for_each_cpu(cpu, &called)
		csd_lock_wait(&cfd[cpu]);
}
EXPORT_SYMBOL(smp_call_function_many);

void smp_call_function(smp_call_func_t func, void *info, int wait)
{
	preempt_disable();
	smp_call_function_many(cpu_online_mask, func, info, wait);
	preempt_enable();
}
EXPORT_SYMBOL(smp_call_function);

void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	preempt_disable();
	smp_call_function_many(mask, func, info, wait);
	if (cpumask_test_cpu(smp_processor_id(), mask))
		call_here(func, info);
	preempt_enable();
}
EXPORT_SYMBOL(on_each_cpu_mask);

void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
	on_each_cpu_mask(cpu_online_mask, func, info, wait);
}
EXPORT_SYMBOL(on_each_cpu);

/* ---- boot */

static unsigned int setup_max_cpus __initdata = NR_CPUS;

/* maxcpus=N: leave the others off. */
static int __init maxcpus(char *str)
{
	if (kstrtouint(str, 0, &setup_max_cpus) || !setup_max_cpus)
		return -EINVAL;
	return 0;
}
early_param("maxcpus", maxcpus);

/* Called by init, which may sleep, before anything runs that expects all CPUs to be there. */
void __init smp_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		if (num_online_cpus() >= setup_max_cpus)
			break;
		if (!cpu_online(cpu))
			cpu_up(cpu);
	}
	pr_info("smp: Brought up 1 node, %u CPU%s\n", num_online_cpus(),
		num_online_cpus() == 1 ? "" : "s");
}
