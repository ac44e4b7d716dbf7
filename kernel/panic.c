// SPDX-License-Identifier: MIT
/*
 * panic(): the kernel cannot go on. It says why, shows where, and ends the machine with a status
 * that the host sees, so that a test run ends at once. The first panic is kept: a second one, from
 * another CPU or from a fault while printing, stops where it is.
 */
#include <linux/console.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/irqflags.h>
#include <asm/processor.h>

#define PANIC_EXIT_STATUS	255

static int panic_cpu = -1;

void panic(const char *fmt, ...)
{
	static char buf[512];
	int nobody = -1, me = raw_smp_processor_id();
	bool reported;
	va_list args;

	local_irq_disable();
	preempt_disable();
	if (!__atomic_compare_exchange_n(&panic_cpu, &nobody, me, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		if (nobody == me)
			machine_exit(PANIC_EXIT_STATUS);
		for (;;)
			cpu_do_idle();
	}
	/* An oops has shown its trace already, and it says more than ours would. */
	reported = oops_in_progress;
	console_verbose();
	bust_spinlocks(1);

	va_start(args, fmt);
	vscnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	pr_emerg("Kernel panic - not syncing: %s\n", buf);
	if (!reported)
		dump_stack();
	smp_send_stop();
	pr_emerg("---[ end Kernel panic - not syncing: %s ]---\n", buf);
	machine_exit(PANIC_EXIT_STATUS);
	for (;;)
		cpu_do_idle();
}
EXPORT_SYMBOL(panic);
