// SPDX-License-Identifier: MIT
/* futex(2), set_robust_list(2), get_robust_list(2): arguments checked, and on to the others. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/syscalls.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "futex.h"

/* Nothing is read before the task ends. */
SYSCALL_DEFINE2(set_robust_list, struct robust_list_head __user *, head, size_t, len)
{
	if (len != sizeof(*head))
		return -EINVAL;
	current->robust_list = head;
	return 0;
}

/* Whose memory may be looked at: one's own threads', and those of the same user in all ways. */
static bool may_see_robust_list(struct task_struct *p)
{
	const struct cred *cred = current_cred(), *pcred = __task_cred(p);

	return same_thread_group(p, current) || capable(CAP_SYS_PTRACE) ||
	       (uid_eq(cred->uid, pcred->euid) && uid_eq(cred->uid, pcred->suid) &&
		uid_eq(cred->uid, pcred->uid) && gid_eq(cred->gid, pcred->egid) &&
		gid_eq(cred->gid, pcred->sgid) && gid_eq(cred->gid, pcred->gid));
}

SYSCALL_DEFINE3(get_robust_list, int, pid, struct robust_list_head __user *__user *, head_ptr,
		size_t __user *, len_ptr)
{
	struct robust_list_head __user *head = NULL;
	struct task_struct *p;
	int ret = -ESRCH;

	read_lock(&tasklist_lock);
	p = pid ? find_task_by_vpid(pid) : current;
	if (p) {
		ret = may_see_robust_list(p) ? 0 : -EPERM;
		head = p->robust_list;
	}
	read_unlock(&tasklist_lock);
	if (ret)
		return ret;
	if (put_user(sizeof(*head), len_ptr))
		return -EFAULT;
	return put_user(head, head_ptr);
}

/* timeout: absolute, by the clock that op names. */
long do_futex(u32 __user *uaddr, int op, u32 val, ktime_t *timeout, u32 __user *uaddr2, u32 val2, u32 val3)
{
	unsigned int flags = op & FUTEX_PRIVATE_FLAG ? 0 : FLAGS_SHARED;
	int cmd = op & FUTEX_CMD_MASK;

	if (op & FUTEX_CLOCK_REALTIME) {
		if (cmd != FUTEX_WAIT_BITSET)
			return -ENOSYS;
		flags |= FLAGS_CLOCKRT;
	}
	switch (cmd) {
	case FUTEX_WAIT:
		return futex_wait(uaddr, flags, val, timeout, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAIT_BITSET:
		return futex_wait(uaddr, flags, val, timeout, val3);
	case FUTEX_WAKE:
		return futex_wake(uaddr, flags, val, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAKE_BITSET:
		return futex_wake(uaddr, flags, val, val3);
	case FUTEX_REQUEUE:
		return futex_requeue(uaddr, flags, uaddr2, val, val2, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(uaddr, flags, uaddr2, val, val2, &val3);
	case FUTEX_WAKE_OP:
		return futex_wake_op(uaddr, flags, uaddr2, val, val2, val3);
	}
	return -ENOSYS;
}

/* The fourth argument is a time for those that wait, a number for the others. */
SYSCALL_DEFINE6(futex, u32 __user *, uaddr, int, op, u32, val,
		const struct __kernel_timespec __user *, utime, u32 __user *, uaddr2, u32, val3)
{
	int cmd = op & FUTEX_CMD_MASK;
	struct timespec64 ts;
	ktime_t t;

	if (utime && (cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET)) {
		if (get_timespec64(&ts, utime))
			return -EFAULT;
		if (!timespec64_valid(&ts))
			return -EINVAL;
		t = timespec64_to_ktime(ts);
		if (cmd == FUTEX_WAIT)
			t = ktime_add_safe(ktime_get(), t);
		return do_futex(uaddr, op, val, &t, uaddr2, 0, val3);
	}
	return do_futex(uaddr, op, val, NULL, uaddr2, (unsigned long)utime, val3);
}
