// SPDX-License-Identifier: MIT
/*
 * PID 0, made by the linker: the task that boots the kernel and then idles on CPU 0. Everything
 * that copy_process() would have made for it is written down here.
 */
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <asm/pgtable.h>

/* Cleared as part of .bss, but nothing lies on it yet then. */
unsigned long init_stack[THREAD_SIZE / sizeof(long)] __aligned(THREAD_ALIGN)
	__attribute__((section(".bss..init_stack")));

static struct signal_struct init_signals = {
	.sigcnt = REFCOUNT_INIT(1),
	.live = ATOMIC_INIT(1),
	.nr_threads = 1,
	.quick_threads = 1,
	.thread_head = LIST_HEAD_INIT(init_task.thread_node),
	.wait_chldexit = __WAIT_QUEUE_HEAD_INITIALIZER(init_signals.wait_chldexit),
	.shared_pending = { .list = LIST_HEAD_INIT(init_signals.shared_pending.list) },
	.pids = {
		[PIDTYPE_TGID] = &init_struct_pid,
		[PIDTYPE_PGID] = &init_struct_pid,
		[PIDTYPE_SID] = &init_struct_pid,
	},
	.rlim = {
		[0 ... RLIM_NLIMITS - 1] = { RLIM_INFINITY, RLIM_INFINITY },
		[RLIMIT_STACK] = { _STK_LIM, RLIM_INFINITY },
		[RLIMIT_CORE] = { 0, RLIM_INFINITY },
		[RLIMIT_NOFILE] = { 1024, 4096 },
		[RLIMIT_MEMLOCK] = { 8 << 20, 8 << 20 },
		[RLIMIT_MSGQUEUE] = { 819200, 819200 },
		[RLIMIT_NICE] = { 0, 0 },
		[RLIMIT_RTPRIO] = { 0, 0 },
	},
};

static struct sighand_struct init_sighand = {
	.count = REFCOUNT_INIT(1),
	.siglock = __SPIN_LOCK_UNLOCKED(init_sighand.siglock),
	.signalfd_wqh = __WAIT_QUEUE_HEAD_INITIALIZER(init_sighand.signalfd_wqh),
};

/* The kernel's own address space: no user half. */
struct mm_struct init_mm = {
	.mm_users = ATOMIC_INIT(2),
	.mm_count = ATOMIC_INIT(1),
	.pgd = swapper_pg_dir,
	.mmap_lock = __RWSEM_INITIALIZER(init_mm.mmap_lock),
	.page_table_lock = __SPIN_LOCK_UNLOCKED(init_mm.page_table_lock),
	.arg_lock = __SPIN_LOCK_UNLOCKED(init_mm.arg_lock),
	.mmlist = LIST_HEAD_INIT(init_mm.mmlist),
};

struct task_struct init_task __aligned(64) = {
	.thread_info = { .preempt_count = PREEMPT_OFFSET },	/* sched_init() makes it the idle task */
	.stack = init_stack,
	.usage = REFCOUNT_INIT(2),
	.rcu_users = REFCOUNT_INIT(2),
	.stack_refcount = REFCOUNT_INIT(1),
	.flags = PF_KTHREAD,
	.pi_lock = __SPIN_LOCK_UNLOCKED(init_task.pi_lock),
	.prio = DEFAULT_PRIO,
	.static_prio = DEFAULT_PRIO,
	.normal_prio = DEFAULT_PRIO,
	.policy = SCHED_NORMAL,
	.cpus_ptr = &init_task.cpus_mask,
	.cpus_mask = { .bits = { ~0UL } },
	.nr_cpus_allowed = NR_CPUS,
	.rt = { .run_list = LIST_HEAD_INIT(init_task.rt.run_list) },
	.tasks = LIST_HEAD_INIT(init_task.tasks),
	.active_mm = &init_mm,
	.real_parent = &init_task,
	.parent = &init_task,
	.children = LIST_HEAD_INIT(init_task.children),
	.sibling = LIST_HEAD_INIT(init_task.sibling),
	.group_leader = &init_task,
	.thread_group = LIST_HEAD_INIT(init_task.thread_group),
	.thread_node = LIST_HEAD_INIT(init_signals.thread_head),
	.thread_pid = &init_struct_pid,
	.real_cred = &init_cred,
	.cred = &init_cred,
	.comm = "swapper",
	.fs = &init_fs,
	.files = &init_files,
	.signal = &init_signals,
	.sighand = &init_sighand,
	.pending = { .list = LIST_HEAD_INIT(init_task.pending.list) },
	.alloc_lock = __SPIN_LOCK_UNLOCKED(init_task.alloc_lock),
	.restart_block = { .fn = do_no_restart_syscall },
	.timer_slack_ns = 50000,
#ifdef CONFIG_KASAN
	.kasan_depth = 1,		/* until kasan_init() */
#endif
};
EXPORT_SYMBOL(init_task);
