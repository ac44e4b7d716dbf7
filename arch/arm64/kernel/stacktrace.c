// SPDX-License-Identifier: MIT
/*
 * Call traces. The kernel is compiled with frame pointers: x29 points at a pair (caller's x29,
 * return address), and so on to a pair of zeroes. kernel_entry makes such a pair for an exception,
 * so a trace goes through interrupts and faults to what they interrupted.
 *
 * The chain may be rubbish when something is badly wrong: every pair must lie on the task's stack
 * (or the overflow stack) and above the one before, or the walk ends.
 */
#include <linux/export.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <asm/ptrace.h>
#include <asm/stacktrace.h>

static bool on_stack(unsigned long addr, unsigned long low, unsigned long size)
{
	return addr >= low && addr + 16 <= low + size && !(addr & 7);
}

static bool frame_ok(struct task_struct *tsk, unsigned long fp)
{
	return on_stack(fp, (unsigned long)tsk->stack, THREAD_SIZE) ||
	       on_stack(fp, (unsigned long)this_cpu_ptr(&overflow_stack), OVERFLOW_STACK_SIZE);
}

void arch_stack_walk(bool (*fn)(void *cookie, unsigned long pc), void *cookie,
		     struct task_struct *task, struct pt_regs *regs)
{
	unsigned long fp, pc;

	if (regs) {
		fp = regs->regs[29];
		pc = regs->pc;
	} else if (task && task != current) {
		fp = task->thread.cpu_context.fp;
		pc = task->thread.cpu_context.pc;
	} else {
		fp = (unsigned long)__builtin_frame_address(0);
		pc = (unsigned long)__builtin_return_address(0);
		fp = *(unsigned long *)fp;
	}
	if (!task)
		task = current;

	while (fn(cookie, pc)) {
		unsigned long *frame = (unsigned long *)fp;

		if (!frame_ok(task, fp))
			break;
		if (frame[0] <= fp && frame_ok(task, frame[0]))
			break;			/* goes down: a loop */
		fp = frame[0];
		pc = frame[1];
		if (!pc)
			break;
	}
}

struct backtrace {
	const char *loglvl;
	bool exact;		/* the next address is a PC; the others are return addresses */
};

static bool dump_backtrace_entry(void *cookie, unsigned long pc)
{
	struct backtrace *bt = cookie;

	if (bt->exact)
		printk("%s %pS\n", bt->loglvl, (void *)pc);
	else
		printk("%s %pB\n", bt->loglvl, (void *)pc);
	bt->exact = false;
	return true;
}

void dump_backtrace(struct pt_regs *regs, struct task_struct *tsk, const char *loglvl)
{
	struct backtrace bt = { .loglvl = loglvl, .exact = regs != NULL };

	if (regs && user_mode(regs))
		return;
	printk("%sCall trace:\n", loglvl);
	arch_stack_walk(dump_backtrace_entry, &bt, tsk, regs);
}

void dump_stack(void)
{
	printk(KERN_DEFAULT "CPU: %u PID: %d Comm: %s\n", raw_smp_processor_id(), current->pid,
	       current->comm);
	dump_backtrace(NULL, NULL, KERN_DEFAULT);
}
EXPORT_SYMBOL(dump_stack);
