/* SPDX-License-Identifier: MIT */
/*
 * Atomic changes of a word in a program's memory, for futexes.
 *
 * The exclusive pair has no unprivileged form, so PAN is lifted around it. What EL0 may not write
 * EL1 may not write here either: AP[2] makes a user page read-only for both.
 */
#ifndef _ASM_FUTEX_H
#define _ASM_FUTEX_H

#include <linux/errno.h>
#include <linux/uaccess.h>
#include <asm/sysreg.h>
#include <uapi/linux/futex.h>

#define FUTEX_MAX_LOOPS	128	/* another CPU may take the line each time; not for ever */

/* ID_AA64MMFR1_EL1.PAN (Arm ARM D17.2.65). Read each time: there are few calls. */
static inline bool cpu_has_pan(void)
{
	return read_sysreg(id_aa64mmfr1_el1) >> 20 & 0xf;
}

/* MSR PAN, #imm: the assembler knows it only for v8.1 */
#define SET_PSTATE_PAN(on)	asm volatile(".inst 0xd500409f | %0 << 8" :: "i"(on) : "memory")

/**
 * futex_atomic_cmpxchg_inatomic - *uaddr becomes newval if it is oldval
 * @uval: what it was
 *
 * 0; -EFAULT when the page is not there to be written; -EAGAIN when others kept changing the line.
 * Sleeps not: page faults are disabled, or a spinlock is held.
 */
static inline int futex_atomic_cmpxchg_inatomic(u32 *uval, u32 __user *uaddr, u32 oldval, u32 newval)
{
	bool pan = cpu_has_pan();
	u32 loops = FUTEX_MAX_LOOPS, val, failed;
	int err = 0;

	if (!access_ok(uaddr, sizeof(u32)))
		return -EFAULT;
	if (pan)
		SET_PSTATE_PAN(0);
	asm volatile(
	"1:	ldxr	%w[val], %[mem]\n"
	"	cmp	%w[val], %w[old]\n"
	"	b.ne	3f\n"
	"2:	stlxr	%w[failed], %w[new], %[mem]\n"
	"	cbz	%w[failed], 3f\n"
	"	sub	%w[loops], %w[loops], #1\n"
	"	cbnz	%w[loops], 1b\n"
	"	mov	%w[err], %[eagain]\n"
	"3:	dmb	ish\n"
	".subsection 1\n"
	"4:	mov	%w[err], %[efault]\n"
	"	mov	%w[val], #0\n"
	"	b	3b\n"
	".previous\n"
	_ASM_EXTABLE(1b, 4b)
	_ASM_EXTABLE(2b, 4b)
	: [err] "+&r"(err), [val] "=&r"(val), [failed] "=&r"(failed), [loops] "+&r"(loops),
	  [mem] "+Q"(*(__force u32 *)uaddr)
	: [old] "r"(oldval), [new] "r"(newval), [efault] "i"(-EFAULT), [eagain] "i"(-EAGAIN)
	: "cc", "memory");
	if (pan)
		SET_PSTATE_PAN(1);
	*uval = val;
	return err;
}

/**
 * arch_futex_atomic_op_inuser - *uaddr = *uaddr OP oparg
 * @op: FUTEX_OP_SET...
 * @oval: what it was
 *
 * 0, -EFAULT, -EAGAIN as above; -ENOSYS: no such op.
 */
static inline int arch_futex_atomic_op_inuser(int op, u32 oparg, u32 *oval, u32 __user *uaddr)
{
	u32 old, new, seen;
	int err, loops;

	if (!access_ok(uaddr, sizeof(u32)))
		return -EFAULT;
	for (loops = 0; loops < FUTEX_MAX_LOOPS; loops++) {
		err = __get_user(old, uaddr);
		if (err)
			return err;
		switch (op) {
		case FUTEX_OP_SET:
			new = oparg;
			break;
		case FUTEX_OP_ADD:
			new = old + oparg;
			break;
		case FUTEX_OP_OR:
			new = old | oparg;
			break;
		case FUTEX_OP_ANDN:
			new = old & ~oparg;
			break;
		case FUTEX_OP_XOR:
			new = old ^ oparg;
			break;
		default:
			return -ENOSYS;
		}
		err = futex_atomic_cmpxchg_inatomic(&seen, uaddr, old, new);
		*oval = old;
		if (err || seen == old)
			return err;
	}
	return -EAGAIN;
}

#endif
