// SPDX-License-Identifier: MIT
/*
 * Several CPUs: finding them in the device tree, bringing each up, interrupts between them.
 *
 * The boot CPU powers a CPU on by PSCI CPU_ON with secondary_entry (head.S) as its first instruction;
 * that one turns the MMU on and calls secondary_start_kernel() on the stack of the idle task which
 * __cpu_up() left in secondary_data. One CPU comes up at a time, so there is one secondary_data.
 *
 * IPIs are software-generated interrupts of the GIC, one for each purpose. They carry no data: who
 * sends one has written what the other CPU is to look at before, and the GIC's driver puts a barrier
 * between. Callers: kernel/smp.c, the scheduler, panic().
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqchip.h>
#include <linux/irqdesc.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_fdt.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/psci.h>
#include <linux/reclaim_policy.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/lse.h>
#include <asm/mmu_context.h>
#include <asm/processor.h>
#include <asm/sections.h>
#include <asm/smp.h>
#include <asm/stacktrace.h>
#include <asm/sysreg.h>
#include <asm/tlbflush.h>
#include <clocksource/arm_arch_timer.h>

#define CPU_UP_TIMEOUT		(5 * HZ)	/* jiffies: longer than any firmware takes */
#define CPU_STOP_TIMEOUT	100000		/* us: longer than interrupts are ever off */

#define MPIDR_HWID_BITMASK	0xff00ffffffULL	/* Aff3, Aff2 to Aff0 (Arm ARM D17.2.101) */
#define INVALID_HWID		(~0ULL)

u64 __cpu_logical_map[NR_CPUS] = { [0 ... NR_CPUS - 1] = INVALID_HWID };

/* What a starting CPU reads in head.S, where it has no stack yet. */
extern struct secondary_data {
	struct task_struct *task;
} secondary_data;
struct secondary_data secondary_data;

static DECLARE_COMPLETION(cpu_running);

/* ---- which there are */

void __init smp_setup_processor_id(void)
{
	cpu_logical_map(0) = read_sysreg(mpidr_el1) & MPIDR_HWID_BITMASK;
}

static bool __init flat_dt_string_is(unsigned long node, const char *name, const char *value)
{
	int len;
	const char *s = of_get_flat_dt_prop(node, name, &len);

	return s && len == strlen(value) + 1 && !memcmp(s, value, len);
}

/* A node /cpus/cpu@... Its reg has as many cells as /cpus says: 1 or 2. */
static int __init smp_init_cpu_node(unsigned long node, const char *uname, int depth, void *data)
{
	unsigned int *nr = data, cpu;
	const u8 *reg;
	u64 hwid;
	int len;

	if (depth != 2 || !flat_dt_string_is(node, "device_type", "cpu"))
		return 0;
	reg = of_get_flat_dt_prop(node, "reg", &len);
	if (!reg || (len != 4 && len != 8)) {
		pr_err("%s: no reg of one or two cells\n", uname);
		return 0;
	}
	hwid = of_read_number(reg, len / 4);
	for (cpu = 0; cpu < *nr; cpu++)
		if (cpu_logical_map(cpu) == hwid)
			return 0;		/* the boot CPU, or named twice */
	if (!flat_dt_string_is(node, "enable-method", "psci")) {
		pr_warn("%s: cannot be started: its enable-method is not \"psci\"\n", uname);
		return 0;
	}
	if (*nr == NR_CPUS) {
		pr_warn_once("only %d CPUs are used: %s and what follows stay off\n", NR_CPUS, uname);
		return 0;
	}
	cpu_logical_map(*nr) = hwid;
	cpumask_set_cpu(*nr, &__cpu_possible_mask);
	++*nr;
	return 0;
}

/* Before setup_per_cpu_areas(), which makes one area for each possible CPU. */
void __init smp_init_cpus(void)
{
	unsigned int nr = 1;

	of_scan_flat_dt(smp_init_cpu_node, &nr);
}

/* ---- bringing one up */

void secondary_entry(void);

int __init __cpu_up(unsigned int cpu, struct task_struct *idle)
{
	int ret;

	if (!psci_ops.cpu_on)
		return -EOPNOTSUPP;
	WRITE_ONCE(secondary_data.task, idle);
	ret = psci_ops.cpu_on(cpu_logical_map(cpu), __pa_symbol(secondary_entry));
	if (ret)
		return ret;
	if (!wait_for_completion_timeout(&cpu_running, CPU_UP_TIMEOUT))
		return -EIO;
	return 0;
}

static void ipi_setup(void);
void secondary_start_kernel(void);		/* head.S calls it */

/*
 * The first C that a new CPU runs: on its idle task's stack, preemption off, interrupts masked. It has
 * the kernel's page tables, but still the identity mapping in the lower half.
 */
void __noreturn secondary_start_kernel(void)
{
	unsigned int cpu = smp_processor_id();

	set_my_cpu_offset(__per_cpu_offset[cpu]);
	__this_cpu_write(__entry_task, current);
	mmgrab(&init_mm);
	current->active_mm = &init_mm;
	cpu_set_reserved_ttbr0();
	local_flush_tlb_all();
	rcu_cpu_starting(cpu);
	check_lse_atomics();
	if (reclaim_policy->touched)	/* counts the faults */
		cpu_disable_hw_af();

	irqchip_starting_cpu();
	ipi_setup();
	arch_timer_starting_cpu();
	notify_cpu_starting(cpu);
	pr_info("CPU%u: Booted secondary processor %#010llx [%#llx]\n", cpu, cpu_logical_map(cpu),
		read_sysreg(midr_el1));
	complete(&cpu_running);
	local_irq_enable();
	cpu_startup_entry();
}

/* ---- interrupts between CPUs */

enum ipi_msg_type {
	IPI_RESCHEDULE,		/* nothing to do: the way out of the interrupt looks at TIF_NEED_RESCHED */
	IPI_CALL_FUNC,
	IPI_CPU_STOP,
	NR_IPI
};

static const char *const ipi_types[NR_IPI] = {
	[IPI_RESCHEDULE]	= "Rescheduling interrupts",
	[IPI_CALL_FUNC]		= "Function call interrupts",
	[IPI_CPU_STOP]		= "CPU stop interrupts",
};

static struct irq_desc *ipi_desc[NR_IPI];
static int ipi_irq_base;
static DEFINE_PER_CPU(int, ipi_dev);	/* an address for request_percpu_irq(), which wants one */

/* panic() on another CPU: show where this one was, once, and go no further. */
static void __noreturn ipi_cpu_stop(void)
{
	struct pt_regs *regs = get_irq_regs();
	unsigned int cpu = smp_processor_id();

	pr_emerg("CPU %u: stopped in %s/%d", cpu, current->comm, current->pid);
	if (regs && user_mode(regs))
		printk(KERN_CONT ", in its program at %#llx\n", regs->pc);
	else
		printk(KERN_CONT "%s\n", is_idle_task(current) ? ", idle" : "");
	if (regs && !user_mode(regs) && !is_idle_task(current)) {
		debug_show_held_locks(current);
		dump_backtrace(regs, NULL, KERN_EMERG);
	}
	cpumask_clear_cpu(cpu, &__cpu_online_mask);
	for (;;)
		cpu_do_idle();
}

static irqreturn_t ipi_handler(int irq, void *dev)
{
	switch ((enum ipi_msg_type)(irq - ipi_irq_base)) {
	case IPI_RESCHEDULE:
		break;
	case IPI_CALL_FUNC:
		generic_smp_call_function_interrupt();
		break;
	case IPI_CPU_STOP:
		ipi_cpu_stop();
	default:
		return IRQ_NONE;
	}
	return IRQ_HANDLED;
}

static void ipi_setup(void)
{
	int i;

	for (i = 0; i < NR_IPI && ipi_desc[i]; i++)
		enable_percpu_irq(ipi_irq_base + i, IRQ_TYPE_NONE);
}

void __init set_smp_ipi_range(int ipi_base, int n)
{
	int i;

	if (n < NR_IPI)
		panic("the interrupt controller has %d interrupts between CPUs, %d are needed", n,
		      NR_IPI);
	ipi_irq_base = ipi_base;
	for (i = 0; i < NR_IPI; i++) {
		if (request_percpu_irq(ipi_base + i, ipi_handler, "IPI", &ipi_dev))
			panic("no interrupt for %s", ipi_types[i]);
		ipi_desc[i] = irq_to_desc(ipi_base + i);
		ipi_desc[i]->status_use_accessors |= IRQ_HIDDEN;
	}
	ipi_setup();
}

static void smp_cross_call(const struct cpumask *target, enum ipi_msg_type msg)
{
	struct irq_data *data = &ipi_desc[msg]->irq_data;

	data->chip->ipi_send_mask(data, target);
}

static void smp_cross_call_single(int cpu, enum ipi_msg_type msg)
{
	smp_cross_call(cpumask_of(cpu), msg);
}

void smp_send_reschedule(int cpu)
{
	smp_cross_call_single(cpu, IPI_RESCHEDULE);
}

void arch_send_call_function_single_ipi(int cpu)
{
	smp_cross_call_single(cpu, IPI_CALL_FUNC);
}

void arch_send_call_function_ipi_mask(const struct cpumask *mask)
{
	smp_cross_call(mask, IPI_CALL_FUNC);
}

/* One after the other, so that their reports do not mix. This CPU's interrupts are off. */
void smp_send_stop(void)
{
	unsigned int cpu, me = smp_processor_id();
	unsigned long timeout;

	for_each_online_cpu(cpu) {
		if (cpu == me)
			continue;
		smp_cross_call_single(cpu, IPI_CPU_STOP);
		for (timeout = CPU_STOP_TIMEOUT; timeout && cpu_online(cpu); timeout--)
			udelay(1);
		if (cpu_online(cpu))
			pr_emerg("CPU %u: does not answer: it runs %s/%d with interrupts off\n", cpu,
				 cpu_curr(cpu)->comm, cpu_curr(cpu)->pid);
	}
}

/* The end of /proc/interrupts. */
void arch_show_interrupts(struct seq_file *p, int prec)
{
	unsigned int cpu, i;

	for (i = 0; i < NR_IPI && ipi_desc[i]; i++) {
		seq_printf(p, "%*s%u:%s", prec - 1, "IPI", i, prec >= 4 ? " " : "");
		for_each_online_cpu(cpu)
			seq_printf(p, "%10u ", READ_ONCE(ipi_desc[i]->kstat_irqs[cpu]));
		seq_printf(p, "      %s\n", ipi_types[i]);
	}
}
