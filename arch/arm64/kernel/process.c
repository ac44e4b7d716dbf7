// SPDX-License-Identifier: MIT
/*
 * What a task is to the CPU: starting a new one, switching, becoming a program.
 * Callers: kernel/fork.c, kernel/sched/core.c, fs/binfmt_elf.c.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <asm/stacktrace.h>
#include <asm/sysreg.h>

/* The task that runs on this CPU, for kernel_entry: at EL0, SP_EL0 is the program's. */
DEFINE_PER_CPU(struct task_struct *, __entry_task);

void ret_from_fork(void);

/**
 * copy_thread - make the new task start in ret_from_fork
 * @p: the new task, a copy of current so far
 * @args: where its user stack and TLS are, or which kernel function it runs
 */
int copy_thread(struct task_struct *p, const struct kernel_clone_args *args)
{
	struct pt_regs *childregs = task_pt_regs(p);

	memset(&p->thread.cpu_context, 0, sizeof(p->thread.cpu_context));
	if (!args->fn) {
		*childregs = *task_pt_regs(current);
		childregs->regs[0] = 0;		/* what fork returns in the child */
		fpsimd_preserve_current_state();
		p->thread.fpsimd_state = current->thread.fpsimd_state;
		p->thread.tp_value = args->flags & CLONE_SETTLS ? args->tls :
								  read_sysreg(tpidr_el0);
		if (args->stack)
			childregs->sp = args->stack + args->stack_size;
	} else {
		/* A kernel thread, or one that will exec: its user registers come from exec. */
		memset(childregs, 0, sizeof(*childregs));
		childregs->pstate = PSR_MODE_EL1h;
		childregs->syscallno = NO_SYSCALL;
		memset(&p->thread.fpsimd_state, 0, sizeof(p->thread.fpsimd_state));
		p->thread.tp_value = 0;
		p->thread.cpu_context.x19 = (unsigned long)args->fn;
		p->thread.cpu_context.x20 = (unsigned long)args->fn_arg;
	}
	p->thread.cpu_context.pc = (unsigned long)ret_from_fork;
	p->thread.cpu_context.sp = (unsigned long)childregs;
	/* Traces end at the frame record in pt_regs. */
	p->thread.cpu_context.fp = (unsigned long)childregs->stackframe;
	childregs->stackframe[0] = childregs->stackframe[1] = 0;
	return 0;
}

/**
 * __switch_to - go on as another task
 *
 * Called by context_switch() with the rq's lock held and interrupts off. Returns, in the task
 * that is switched to, the task that ran before it.
 */
struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next)
{
	fpsimd_thread_switch(prev, next);
	if (!(prev->flags & PF_KTHREAD))
		prev->thread.tp_value = read_sysreg(tpidr_el0);
	if (!(next->flags & PF_KTHREAD))
		write_sysreg(next->thread.tp_value, tpidr_el0);
	__this_cpu_write(__entry_task, next);
	/*
	 * Invalidation of TLB entries that prev began must be complete before another CPU may take
	 * up prev and rely on it.
	 */
	dsb(ish);
	return cpu_switch_to(prev, next);
}

/* exec: nothing of the old program's registers may be seen by the new one. */
void flush_thread(void)
{
	fpsimd_flush_thread();
	write_sysreg(0, tpidr_el0);
	current->thread.tp_value = 0;
}

/**
 * start_thread - set the registers with which a new program starts
 * @pc: its entry point
 * @sp: its stack pointer, where argc lies
 */
void start_thread(struct pt_regs *regs, unsigned long pc, unsigned long sp)
{
	memset(regs, 0, sizeof(*regs));
	forget_syscall(regs);
	regs->pc = pc;
	regs->sp = sp;
	regs->pstate = PSR_MODE_EL0t;
}

/* Only flags, and what EL0 may choose, survive; anything else in PSTATE is refused. */
bool valid_user_regs(struct user_pt_regs *regs, struct task_struct *task)
{
	const u64 allowed = PSR_N_BIT | PSR_Z_BIT | PSR_C_BIT | PSR_V_BIT;
	bool ok = (regs->pstate & (PSR_MODE_MASK | PSR_MODE32_BIT | PSR_DAIF_MASK)) == PSR_MODE_EL0t;

	regs->pstate = (regs->pstate & allowed) | PSR_MODE_EL0t;
	return ok;
}

/* Interrupts are off: a pending one ends the WFI and is taken when they come on again. */
void cpu_do_idle(void)
{
	dsb(sy);
	wfi();
}

struct wchan_info {
	unsigned long pc;
	int count;
};

static bool get_wchan_cb(void *arg, unsigned long pc)
{
	struct wchan_info *info = arg;

	if (!in_sched_functions(pc)) {
		info->pc = pc;
		return false;
	}
	return info->count++ < 16;
}

/* Where a sleeping task waits: the first function outside the scheduler. 0 when it runs. */
unsigned long __get_wchan(struct task_struct *p)
{
	struct wchan_info info = { };

	if (p != current && !task_is_running(p) && !p->on_cpu)
		arch_stack_walk(get_wchan_cb, &info, p, NULL);
	return info.pc;
}
