// SPDX-License-Identifier: MIT
/*
 * The files of /proc that other subsystems print: here they only get their names. And the few that
 * are too small for a file of their own.
 */
#include <linux/blkdev.h>
#include <linux/capability.h>
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/loadavg.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <linux/vmstat.h>
#include "internal.h"



static int version_show(struct seq_file *m, void *v)
{
	const struct new_utsname *u = utsname();

	seq_printf(m, "%s version %s (gcc " __VERSION__ ") %s\n", u->sysname, u->release,
		   u->version);
	return 0;
}

static int cmdline_show(struct seq_file *m, void *v)
{
	seq_puts(m, saved_command_line);
	seq_putc(m, '\n');
	return 0;
}

/* Since the start of the machine, and how much of that all CPUs together were idle. */
static int uptime_show(struct seq_file *m, void *v)
{
	u64 up = ktime_get_boottime_ns(), idle = 0;
	int cpu;

	for_each_online_cpu(cpu)
		idle += kcpustat_field(CPUTIME_IDLE, cpu);
	seq_printf(m, "%llu.%02llu %llu.%02llu\n", up / NSEC_PER_SEC,
		   up % NSEC_PER_SEC / (NSEC_PER_SEC / 100), idle / NSEC_PER_SEC,
		   idle % NSEC_PER_SEC / (NSEC_PER_SEC / 100));
	return 0;
}

/* The third number pair's second half is the last process number that was given out. */
static int loadavg_show(struct seq_file *m, void *v)
{
	unsigned long load[3];

	get_avenrun(load, FIXED_1 / 200, 0);
	seq_printf(m, "%lu.%02lu %lu.%02lu %lu.%02lu %u/%d %d\n", LOAD_INT(load[0]),
		   LOAD_FRAC(load[0]), LOAD_INT(load[1]), LOAD_FRAC(load[1]), LOAD_INT(load[2]),
		   LOAD_FRAC(load[2]), nr_running(), nr_threads, last_pid());
	return 0;
}

static int devices_show(struct seq_file *m, void *v)
{
	seq_puts(m, "Character devices:\n");
	chrdev_show(m);
	seq_puts(m, "\nBlock devices:\n");
	return blkdev_show(m, v);
}

/* ------------------------------------------------------------------ interrupts: a line for each */

static void *int_seq_start(struct seq_file *m, loff_t *pos)
{
	return *pos <= nr_irqs ? pos : NULL;
}

static void *int_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return *pos <= nr_irqs ? pos : NULL;
}

static void int_seq_stop(struct seq_file *m, void *v)
{
}

static const struct seq_operations int_seq_ops = {
	.start	= int_seq_start,
	.next	= int_seq_next,
	.stop	= int_seq_stop,
	.show	= show_interrupts,
};

/* ------------------------------------------------------------------ sys/vm/drop_caches */

/* "1": clean pages; "2": unused dentries and inodes; "3": both. */
static ssize_t drop_caches_write(struct file *file, const char __user *buf, size_t count,
				 loff_t *pos)
{
	char c;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!count || copy_from_user(&c, buf, 1))
		return count ? -EFAULT : -EINVAL;
	if (c < '1' || c > '3')
		return -EINVAL;
	if ((c - '0') & 1)
		drop_pagecache();
	if ((c - '0') & 2)
		drop_slab();
	return count;
}

static const struct proc_ops drop_caches_ops = {
	.proc_write	= drop_caches_write,
	.proc_lseek	= noop_llseek,
};

static int __init proc_misc_init(void)
{
	static const struct {
		const char *name;
		int (*show)(struct seq_file *, void *);
	} files[] = {
		{ "version", version_show }, { "cmdline", cmdline_show }, { "uptime", uptime_show },
		{ "loadavg", loadavg_show }, { "stat", proc_stat_show },
		{ "meminfo", meminfo_proc_show }, { "buddyinfo", frag_show },
		{ "slabinfo", slabinfo_show }, { "vmstat", vmstat_show }, { "swaps", swaps_show },
		{ "zoneinfo", zoneinfo_show },
		{ "devices", devices_show }, { "partitions", partitions_show },
		{ "diskstats", diskstats_show },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (!proc_create_single(files[i].name, 0, NULL, files[i].show))
			return -ENOMEM;
	if (!proc_create_single("pagetypeinfo", S_IRUSR, NULL, pagetypeinfo_show) ||
	    !proc_create_seq("interrupts", 0, NULL, &int_seq_ops) ||
	    !proc_create_seq("cpuinfo", 0, NULL, &cpuinfo_op) || !proc_mkdir("sys/vm", NULL) ||
	    !proc_create("sys/vm/drop_caches", 0200, NULL, &drop_caches_ops))
		return -ENOMEM;
	return 0;
}
fs_initcall(proc_misc_init);
