// SPDX-License-Identifier: MIT
/*
 * System calls: SVC #0 at EL0 with the number in w8. Called by el0t_64_sync_handler() with
 * interrupts on; the result goes to x0.
 */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <asm/exception.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

/* A number without an implementation: ENOSYS, and one line in the log for each number. */
long __arm64_sys_ni_syscall(const struct pt_regs *regs)
{
	static DECLARE_BITMAP(told, __NR_syscalls);
	static bool told_large;
	unsigned int nr = regs->syscallno;

	if (nr < __NR_syscalls ? !test_and_set_bit(nr, told) : !told_large) {
		if (nr >= __NR_syscalls)
			told_large = true;
		pr_info("%s[%d]: system call %d is not implemented\n", current->comm, current->pid,
			(int)nr);
	}
	return -ENOSYS;
}

void do_el0_svc(struct pt_regs *regs)
{
	unsigned int nr = (unsigned int)regs->regs[8];
	long ret;

	regs->orig_x0 = regs->regs[0];
	regs->syscallno = (s32)nr;
	if (likely(nr < __NR_syscalls))
		ret = sys_call_table[nr](regs);
	else
		ret = __arm64_sys_ni_syscall(regs);
	regs->regs[0] = ret;
}
