// SPDX-License-Identifier: MIT
/*
 * membarrier(2): a memory barrier in all threads of the process that are running, so that they need none
 * of their own on their fast path. For the slow side of two that share data:
 *
 *	fast (often)				slow (seldom)
 *	store A					store B
 *	compiler barrier			membarrier()
 *	load B					load A
 *
 * One of the two sees the other's store, as if both had a full barrier.
 *
 * Expedited: an interrupt to each CPU that runs a thread of this mm, taken and returned from with a
 * barrier. A CPU that we find running something else needs none: its switch away from our thread, or to
 * it, is ordered with our look at rq->curr:
 *
 *	__schedule(): rq->lock, full barrier;		here: full barrier
 *		      rq->curr = next			      load rq->curr
 *		      __switch_to(): DSB ISH		      full barrier
 *
 * So what the thread did before it was switched out is before our return, and what it does when it is
 * switched in is after our call. Threads that go to sleep or wake meanwhile are the same case.
 *
 * _SYNC_CORE also makes them see changed instructions: returning from the interrupt, as from any
 * exception, is a context synchronization event (Arm ARM, glossary).
 *
 * GLOBAL: a grace period of RCU, in which every CPU goes through the scheduler or takes an interrupt in
 * user mode.
 */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/syscalls.h>
#include <uapi/linux/membarrier.h>
#include "sched.h"

#define MEMBARRIER_CMD_BITMASK							\
	(MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_PRIVATE_EXPEDITED |		\
	 MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED |				\
	 MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE |				\
	 MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE)

/* Taking and leaving the interrupt does not order memory by itself. */
static void ipi_mb(void *info)
{
	smp_mb();
}

/* ready: what the process must have registered for, so that its threads' CPUs may be disturbed. */
static int membarrier_private_expedited(int ready)
{
	struct mm_struct *mm = current->mm;
	cpumask_t running;
	int cpu;

	if (!(atomic_read(&mm->membarrier_state) & ready))
		return -EPERM;
	if (atomic_read(&mm->mm_users) == 1 || num_online_cpus() == 1)
		return 0;		/* nobody else runs in it */
	smp_mb();
	cpumask_clear(&running);
	rcu_read_lock();		/* keeps the tasks that we look at */
	for_each_online_cpu(cpu) {
		struct task_struct *p = READ_ONCE(cpu_rq(cpu)->curr);

		if (p && READ_ONCE(p->mm) == mm)
			cpumask_set_cpu(cpu, &running);
	}
	rcu_read_unlock();
	preempt_disable();
	smp_call_function_many(&running, ipi_mb, NULL, true);
	preempt_enable();
	/* This thread, which may have moved to another CPU: a switch is a barrier. And the last one. */
	smp_mb();
	return 0;
}

static int membarrier_register(int ready)
{
	/* There is no CPU that would have to learn of it: expedited calls look at the mm. */
	atomic_or(ready, &current->mm->membarrier_state);
	return 0;
}

/**
 * membarrier - make memory accesses of other threads ordered
 * @flags: 0
 *
 * 0, or for QUERY the commands there are; -EPERM: expedited without being registered; -EINVAL.
 */
SYSCALL_DEFINE3(membarrier, int, cmd, unsigned int, flags, int, cpu_id)
{
	if (flags)
		return -EINVAL;
	switch (cmd) {
	case MEMBARRIER_CMD_QUERY:
		return MEMBARRIER_CMD_BITMASK;
	case MEMBARRIER_CMD_GLOBAL:
		if (num_online_cpus() > 1)
			synchronize_rcu();
		return 0;
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE:
		return membarrier_private_expedited(cmd);
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
		return membarrier_register(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
		return membarrier_register(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE);
	}
	return -EINVAL;
}
