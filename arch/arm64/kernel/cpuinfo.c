// SPDX-License-Identifier: MIT
/* /proc/cpuinfo: who made the CPUs, from MIDR_EL1 (Arm ARM D17.2.100), in Linux's form. */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <asm/sysreg.h>

static void *c_start(struct seq_file *m, loff_t *pos)
{
	*pos = cpumask_next((int)*pos - 1, cpu_online_mask);
	return *pos < nr_cpu_ids ? (void *)(*pos + 1) : NULL;
}

static void *c_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return c_start(m, pos);
}

static void c_stop(struct seq_file *m, void *v)
{
}

/* Machines of unlike cores are not told apart: what this CPU says is shown for all. */
static int c_show(struct seq_file *m, void *v)
{
	u32 midr = read_sysreg(midr_el1);

	seq_printf(m, "processor\t: %ld\n", (long)v - 1);
	seq_printf(m, "BogoMIPS\t: %llu.%02llu\n", read_sysreg(cntfrq_el0) * 2 / 1000000,
		   read_sysreg(cntfrq_el0) * 2 / 10000 % 100);
	seq_puts(m, "Features\t: fp asimd\n");
	seq_printf(m, "CPU implementer\t: 0x%02x\n", midr >> 24);
	seq_puts(m, "CPU architecture: 8\n");
	seq_printf(m, "CPU variant\t: 0x%x\n", midr >> 20 & 0xf);
	seq_printf(m, "CPU part\t: 0x%03x\n", midr >> 4 & 0xfff);
	seq_printf(m, "CPU revision\t: %u\n\n", midr & 0xf);
	return 0;
}

const struct seq_operations cpuinfo_op = {
	.start = c_start,
	.next = c_next,
	.stop = c_stop,
	.show = c_show,
};
