// SPDX-License-Identifier: MIT
/*
 * A probe at the scheduler's tracepoint: /proc/schedtrace shows the last switches of all CPUs, and how many there were.
 *
 *	insmod schedtrace.ko; cat /proc/schedtrace
 *	switches 214
 *	[    2.113020] cpu 0: sh/9 (sleeps) -> swapper/0/0
 *
 * The probe runs with the run queue locked and interrupts off: it takes a number, fills a slot and leaves. Two
 * CPUs never have the same slot, unless one is overtaken by a whole round while it writes.
 */
#include <linux/atomic.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <trace/events/sched.h>

#define SLOTS	64

struct record {
	u64		time;		/* ns */
	int		cpu;
	pid_t		prev, next;
	unsigned int	prev_state;
	bool		preempt;
	char		prev_comm[TASK_COMM_LEN], next_comm[TASK_COMM_LEN];
};

static struct record records[SLOTS];
static atomic_long_t switches;

static void probe_sched_switch(void *data, bool preempt, struct task_struct *prev,
			       struct task_struct *next, unsigned int prev_state)
{
	struct record *r = &records[(atomic_long_inc_return(&switches) - 1) % SLOTS];

	r->time = local_clock();
	r->cpu = smp_processor_id();
	r->prev = prev->pid;
	r->next = next->pid;
	r->prev_state = prev_state;
	r->preempt = preempt;
	memcpy(r->prev_comm, prev->comm, TASK_COMM_LEN);
	memcpy(r->next_comm, next->comm, TASK_COMM_LEN);
}

static int schedtrace_show(struct seq_file *m, void *v)
{
	unsigned long n = atomic_long_read(&switches);

	seq_printf(m, "switches %lu\n", n);
	for (unsigned long i = n > SLOTS ? n - SLOTS : 0; i < n; i++) {
		const struct record *r = &records[i % SLOTS];

		seq_printf(m, "[%5llu.%06llu] cpu %d: %.16s/%d (%s) -> %.16s/%d\n", r->time / 1000000000,
			   r->time / 1000 % 1000000, r->cpu, r->prev_comm, r->prev,
			   r->preempt ? "preempted" : r->prev_state ? "sleeps" : "yields", r->next_comm, r->next);
	}
	return 0;
}

static int __init schedtrace_init(void)
{
	int err;

	if (!proc_create_single("schedtrace", 0, NULL, schedtrace_show))
		return -ENOMEM;
	err = register_trace_sched_switch(probe_sched_switch, NULL);
	if (err)
		remove_proc_entry("schedtrace", NULL);
	return err;
}

static void __exit schedtrace_exit(void)
{
	remove_proc_entry("schedtrace", NULL);
	unregister_trace_sched_switch(probe_sched_switch, NULL);
	tracepoint_synchronize_unregister();
}

module_init(schedtrace_init);
module_exit(schedtrace_exit);

MODULE_LICENSE("MIT");
MODULE_DESCRIPTION("Shows switches between tasks");
