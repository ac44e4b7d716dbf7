// SPDX-License-Identifier: MIT
/* /proc/stat: what the CPUs have spent their time on, in hundredths of a second. */
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/timekeeping.h>
#include "internal.h"

static void show_cpu(struct seq_file *m, const u64 *ns)
{
	seq_printf(m, " %llu %llu %llu %llu %llu %llu 0 0 0 0\n", nsec_to_clock_t(ns[CPUTIME_USER]),
		   nsec_to_clock_t(ns[CPUTIME_NICE]), nsec_to_clock_t(ns[CPUTIME_SYSTEM]),
		   nsec_to_clock_t(ns[CPUTIME_IDLE]), nsec_to_clock_t(ns[CPUTIME_IOWAIT]),
		   nsec_to_clock_t(ns[CPUTIME_IRQ]));
}

int proc_stat_show(struct seq_file *m, void *v)
{
	u64 sum[NR_STATS] = { }, one[NR_STATS];
	struct timespec64 boottime;
	int cpu;

	for_each_online_cpu(cpu)
		for (int i = 0; i < NR_STATS; i++)
			sum[i] += kcpustat_field(i, cpu);
	seq_puts(m, "cpu ");
	show_cpu(m, sum);
	for_each_online_cpu(cpu) {
		for (int i = 0; i < NR_STATS; i++)
			one[i] = kcpustat_field(i, cpu);
		seq_printf(m, "cpu%d", cpu);
		show_cpu(m, one);
	}
	getboottime64(&boottime);
	seq_printf(m, "ctxt %llu\nbtime %lld\nprocesses %lu\nprocs_running %u\nprocs_blocked %u\n",
		   nr_context_switches(), boottime.tv_sec, total_forks, nr_running(), nr_iowait());
	return 0;
}
