// SPDX-License-Identifier: MIT
/*
 * Exceptions that mean a mistake: in a program (a signal) or in the kernel (an oops, then panic).
 *
 * Called by entry-common.c and fault.c. die() and the panics below talk under die_lock, so that
 * two CPUs' reports do not mix; a fault while reporting is seen by the lock's owner and ends in a
 * short message, the first report kept.
 */
#include <linux/bug.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/uaccess.h>
#include <asm/brk-imm.h>
#include <asm/esr.h>
#include <asm/exception.h>
#include <asm/extable.h>
#include <asm/stacktrace.h>
#include <asm/sysreg.h>

static const char *const esr_class_str[64] = {
	[0 ... 63]			= "reserved exception class",
	[ESR_ELx_EC_UNKNOWN]		= "undefined instruction",
	[ESR_ELx_EC_WFx]		= "WFI or WFE",
	[ESR_ELx_EC_FP_ASIMD]		= "floating point or SIMD, trapped",
	[ESR_ELx_EC_PAC]		= "pointer authentication, trapped",
	[ESR_ELx_EC_BTI]		= "branch target",
	[ESR_ELx_EC_ILL]		= "illegal execution state",
	[ESR_ELx_EC_SVC32]		= "SVC, 32-bit",
	[ESR_ELx_EC_SVC64]		= "SVC",
	[ESR_ELx_EC_SYS64]		= "system register or instruction, trapped",
	[ESR_ELx_EC_SVE]		= "SVE, trapped",
	[ESR_ELx_EC_FPAC]		= "pointer authentication failed",
	[ESR_ELx_EC_SME]		= "SME, trapped",
	[ESR_ELx_EC_IABT_LOW]		= "instruction abort at EL0",
	[ESR_ELx_EC_IABT_CUR]		= "instruction abort in the kernel",
	[ESR_ELx_EC_PC_ALIGN]		= "PC not aligned",
	[ESR_ELx_EC_DABT_LOW]		= "data abort at EL0",
	[ESR_ELx_EC_DABT_CUR]		= "data abort in the kernel",
	[ESR_ELx_EC_SP_ALIGN]		= "SP not aligned",
	[ESR_ELx_EC_FP_EXC64]		= "floating point exception",
	[ESR_ELx_EC_SERROR]		= "SError",
	[ESR_ELx_EC_BREAKPT_LOW]	= "breakpoint at EL0",
	[ESR_ELx_EC_BREAKPT_CUR]	= "breakpoint in the kernel",
	[ESR_ELx_EC_SOFTSTP_LOW]	= "single step at EL0",
	[ESR_ELx_EC_SOFTSTP_CUR]	= "single step in the kernel",
	[ESR_ELx_EC_WATCHPT_LOW]	= "watchpoint at EL0",
	[ESR_ELx_EC_WATCHPT_CUR]	= "watchpoint in the kernel",
	[ESR_ELx_EC_BRK64]		= "BRK",
};

const char *esr_get_class_string(unsigned long esr)
{
	return esr_class_str[ESR_ELx_EC(esr)];
}

/* The instructions around the PC, the faulting one in parentheses. */
static void dump_instr(const char *lvl, struct pt_regs *regs)
{
	unsigned long addr = regs->pc;
	char str[sizeof("00000000 ") * 5 + 2 + 1], *p = str;
	int i;

	if (user_mode(regs) || (addr & 3))
		return;
	for (i = -4; i < 1; i++) {
		u32 val;

		if (copy_from_kernel_nofault(&val, (void *)(addr + i * 4), sizeof(val))) {
			p += sprintf(p, i == 0 ? "(bad PC value)" : "???????? ");
			continue;
		}
		p += sprintf(p, i == 0 ? "(%08x) " : "%08x ", val);
	}
	printk("%sCode: %s\n", lvl, str);
}

/* What a report says about the task: who, where, what it holds. */
static void __show_regs(struct pt_regs *regs)
{
	int i;

	printk("pc : %pS\n", (void *)regs->pc);
	printk("lr : %pS\n", (void *)regs->regs[30]);
	printk("sp : %016llx pstate: %08llx (%c%c%c%c %cI%cF %cPAN EL%llu%s)\n", regs->sp, regs->pstate,
	       regs->pstate & PSR_N_BIT ? 'N' : 'n', regs->pstate & PSR_Z_BIT ? 'Z' : 'z',
	       regs->pstate & PSR_C_BIT ? 'C' : 'c', regs->pstate & PSR_V_BIT ? 'V' : 'v',
	       regs->pstate & PSR_I_BIT ? '+' : '-', regs->pstate & PSR_F_BIT ? '+' : '-',
	       regs->pstate & PSR_PAN_BIT ? '+' : '-', (regs->pstate >> 2) & 3,
	       regs->pstate & 1 ? "h" : "t");
	for (i = 29; i >= 0; i -= 3) {
		char line[80], *p = line;
		int j;

		for (j = i; j > i - 3 && j >= 0; j--)
			p += sprintf(p, "x%-2d: %016llx ", j, regs->regs[j]);
		printk("%s\n", line);
	}
}

void show_regs(struct pt_regs *regs)
{
	__show_regs(regs);
	dump_backtrace(regs, NULL, KERN_DEFAULT);
}

static DEFINE_RAW_SPINLOCK(die_lock);	/* never released: nothing comes after die() */
static struct task_struct *die_owner;
static int die_counter;

/**
 * die - the kernel made a mistake: say all that is known of it, and panic
 * @str: what, in words
 * @regs: where
 * @esr: the syndrome, 0 when there is none
 *
 * A teaching kernel does not go on after an oops: what it would do next teaches nothing.
 */
void die(const char *str, struct pt_regs *regs, unsigned long esr)
{
	local_irq_disable();
	if (die_owner == current) {
		/* A fault while reporting a fault: the first is above, keep it in sight. */
		bust_spinlocks(1);
		pr_emerg("A second fault while reporting the first: %s at %pS\n", str, (void *)regs->pc);
		panic("fault inside a fault report");
	}
	raw_spin_lock(&die_lock);
	die_owner = current;
	console_verbose();
	bust_spinlocks(1);

	pr_emerg("Internal error: %s [#%d]\n", str, ++die_counter);
	if (esr)
		pr_emerg("ESR %08lx: EC %02lx %s, ISS %07lx\n", esr, ESR_ELx_EC(esr),
			 esr_get_class_string(esr), esr & ESR_ELx_ISS_MASK);
	pr_emerg("Task %s, PID %d, CPU %u, preempt_count %x, kernel stack %px-%px\n", current->comm,
		 current->pid, raw_smp_processor_id(), preempt_count(), current->stack,
		 current->stack + THREAD_SIZE);
	print_modules();
	debug_show_held_locks(current);
	__show_regs(regs);
	dump_instr(KERN_EMERG, regs);
	dump_backtrace(regs, NULL, KERN_EMERG);
	if (in_interrupt())
		panic("%s in interrupt", str);
	panic("%s", str);
}

/* A signal for what a program did at regs; the log says so when the signal will kill it. */
void arm64_force_sig_fault(int signo, int code, unsigned long far, const char *str)
{
	struct task_struct *tsk = current;

	if (unhandled_signal(tsk, signo) && show_unhandled_signals_ratelimited()) {
		struct pt_regs *regs = task_pt_regs(tsk);

		pr_info("%s[%d]: %s at %#lx, pc %#llx, lr %#llx, sp %#llx\n", tsk->comm, task_pid_nr(tsk),
			str, far, regs->pc, regs->regs[30], regs->sp);
	}
	if (signo == SIGKILL)
		force_sig(SIGKILL);
	else
		force_sig_fault(signo, code, (void __user *)far);
}

void do_el1_undef(struct pt_regs *regs, unsigned long esr)
{
	/* Some code asks whether an instruction is there by executing it. */
	if (fixup_exception(regs))
		return;
	die("Oops - undefined instruction", regs, esr);
}

void do_el0_undef(struct pt_regs *regs, unsigned long esr)
{
	arm64_force_sig_fault(SIGILL, ILL_ILLOPC, regs->pc, esr_get_class_string(esr));
}

void bad_el0_sync(struct pt_regs *regs, unsigned long esr)
{
	arm64_force_sig_fault(SIGILL, ILL_ILLOPC, regs->pc, esr_get_class_string(esr));
}

void do_el0_debug(unsigned long far, unsigned long esr, struct pt_regs *regs)
{
	int code = ESR_ELx_EC(esr) == ESR_ELx_EC_BRK64 ? TRAP_BRKPT :
		   ESR_ELx_EC(esr) == ESR_ELx_EC_SOFTSTP_LOW ? TRAP_TRACE : TRAP_HWBKPT;

	arm64_force_sig_fault(SIGTRAP, code, regs->pc, esr_get_class_string(esr));
}

/* BUG() and WARN() are BRK instructions with an entry in __bug_table. */
void do_brk_el1(unsigned long esr, struct pt_regs *regs)
{
	if ((esr & ESR_ELx_BRK64_ISS_COMMENT_MASK) != BUG_BRK_IMM)
		die("Oops - unexpected BRK", regs, esr);
	switch (report_bug(regs->pc, regs)) {
	case BUG_TRAP_TYPE_WARN:
		regs->pc += 4;
		break;
	default:
		die("Oops - BUG", regs, esr);
	}
}

void do_serror(struct pt_regs *regs, unsigned long esr)
{
	console_verbose();
	bust_spinlocks(1);
	pr_emerg("SError on CPU%u, ESR %08lx: the hardware reports an error of its own\n",
		 raw_smp_processor_id(), esr);
	show_regs(regs);
	panic("asynchronous SError interrupt");
}

void arm64_panic_unhandled(struct pt_regs *regs, const char *vector, unsigned long esr)
{
	console_verbose();
	bust_spinlocks(1);
	pr_emerg("Unhandled %s exception on CPU%u, ESR %08lx: %s\n", vector, raw_smp_processor_id(),
		 esr, esr_get_class_string(esr));
	show_regs(regs);
	panic("unhandled exception");
}

DEFINE_PER_CPU(struct overflow_stack, overflow_stack);

/* On the overflow stack; regs->sp is the stack pointer that ran out of its stack. */
void handle_bad_stack(struct pt_regs *regs)
{
	unsigned long esr = read_sysreg(esr_el1), far = read_sysreg(far_el1);

	console_verbose();
	bust_spinlocks(1);
	pr_emerg("Kernel stack overflow: sp %016llx, but the stack of %s (PID %d) is %px-%px\n", regs->sp,
		 current->comm, current->pid, current->stack, current->stack + THREAD_SIZE);
	pr_emerg("A recursion, or a large array in a function? The trace shows the deepest frames.\n");
	pr_emerg("ESR %08lx: %s, FAR %016lx\n", esr, esr_get_class_string(esr), far);
	show_regs(regs);
	panic("kernel stack overflow");
}
