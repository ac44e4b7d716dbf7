// SPDX-License-Identifier: MIT
/*
 * Out of memory: one process is killed, so that the others go on.
 *
 * The promises that mappings make are more than there is memory (mm/util.c), and now they are called in:
 * an allocation that may wait has reclaimed again and again, and nobody has freed a page. Waiting longer
 * helps nobody. So out_of_memory() kills the process that gives back the most for one death, says so in the
 * log with all that led to it, and the allocation tries again.
 *
 *	out_of_memory()		__alloc_pages_slowpath(), with oom_lock held
 *	  select_bad_process()	the highest oom_badness(): frames, slots in swap and page tables, corrected
 *				by oom_score_adj
 *	  oom_kill_process()	the report; SIGKILL to all who live in the victim's mm
 *	oom_wait_for_victim()	without oom_lock, until the memory is back
 *	exit_oom_victim()	exit_mmap(): it is
 *
 * One victim at a time: while the memory of one is still to come, nobody else is chosen. But the victim may
 * be asleep where no signal wakes it, waiting for a lock whose holder waits for memory, and then neither
 * would ever go on. So there is oom_reaper, a thread which takes what is the victim's alone out of its page
 * tables without waiting for it to end. What it can't have, it gives up (MMF_OOM_SKIP), and the next
 * victim is chosen. A victim may use half of the memory below the min mark, so that its end does not wait for
 * memory itself.
 *
 * Locking: oom_lock is held while a victim is chosen and killed; who wants memory only tries it. Tasks are
 * kept by RCU, their mm by task_lock(). tsk->signal->oom_mm is set once, under task_lock() or by a task
 * itself, and holds a reference to the mm, not to its pages. oom_reaper_lock guards the reaper's list and
 * each task's place in it.
 */
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/panic.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/sysctl.h>
#include <linux/vmstat.h>
#include <linux/wait.h>
#include "internal.h"

/* A page's worth of KiB. */
#define K(pages)	((pages) << (PAGE_SHIFT - 10))

/* oc->chosen: nobody now, for one is dying. */
#define OOM_WAIT	((struct task_struct *)-1UL)

static int sysctl_panic_on_oom;
static int sysctl_oom_kill_allocating_task;
static int sysctl_oom_dump_tasks = 1;

DEFINE_MUTEX(oom_lock);

static atomic_t oom_victims;	/* address spaces of victims, until their memory is back */
static DECLARE_WAIT_QUEUE_HEAD(oom_victims_wait);

/* ------------------------------------------------------------------ tasks and their memory */

/*
 * The leader may have ended, and given up the mm, while other threads go on. One that still has it, with
 * task_lock() held; NULL when none does. rcu_read_lock() is held.
 */
struct task_struct *find_lock_task_mm(struct task_struct *p)
{
	struct task_struct *t;

	for_each_thread(p, t) {
		task_lock(t);
		if (likely(t->mm))
			return t;
		task_unlock(t);
	}
	return NULL;
}

/* Does some thread of p live in mm? rcu_read_lock() is held. */
bool process_shares_mm(struct task_struct *p, struct mm_struct *mm)
{
	struct task_struct *t;

	for_each_thread(p, t) {
		struct mm_struct *t_mm = READ_ONCE(t->mm);

		if (t_mm)
			return t_mm == mm;
	}
	return false;
}

static bool oom_unkillable_task(struct task_struct *p)
{
	return is_global_init(p) || (p->flags & PF_KTHREAD);
}

/* A child in vfork() lives in its parent's memory: killing it alone gives nothing. task_lock() is held. */
static bool in_vfork(struct task_struct *tsk)
{
	return tsk->vfork_done && tsk->real_parent->mm == tsk->mm;
}

/**
 * oom_badness - how much killing p would help
 * @totalpages: memory and swap, in pages
 *
 * Pages that would be free, and for each point of oom_score_adj a thousandth of @totalpages more or less.
 * LONG_MIN: never to be killed.
 */
long oom_badness(struct task_struct *p, unsigned long totalpages)
{
	long points = LONG_MIN, adj;

	if (oom_unkillable_task(p))
		return LONG_MIN;
	rcu_read_lock();
	p = find_lock_task_mm(p);
	if (!p)
		goto out;
	adj = p->signal->oom_score_adj;
	if (adj != OOM_SCORE_ADJ_MIN && !test_bit(MMF_OOM_SKIP, &p->mm->flags) && !in_vfork(p))
		points = (long)(get_mm_rss(p->mm) + get_mm_counter(p->mm, MM_SWAPENTS) +
				mm_pgtables_bytes(p->mm) / PAGE_SIZE) + adj * (long)(totalpages / 1000);
	task_unlock(p);
out:
	rcu_read_unlock();
	return points;
}

static bool __task_will_free_mem(struct task_struct *task)
{
	return (task->signal->flags & SIGNAL_GROUP_EXIT) ||
	       (thread_group_empty(task) && (task->flags & PF_EXITING));
}

/*
 * Is the task on its way out, and with it everybody who lives in its memory? Then nobody need be killed.
 * It is current, or task_lock() is held.
 */
static bool task_will_free_mem(struct task_struct *task)
{
	struct mm_struct *mm = task->mm;
	struct task_struct *p;
	bool ret = true;

	if (!mm || !__task_will_free_mem(task) || test_bit(MMF_OOM_SKIP, &mm->flags))
		return false;
	if (atomic_read(&mm->mm_users) <= 1)
		return true;
	rcu_read_lock();
	for_each_process(p) {
		if (same_thread_group(task, p) || !process_shares_mm(p, mm))
			continue;
		ret = __task_will_free_mem(p);
		if (!ret)
			break;
	}
	rcu_read_unlock();
	return ret;
}

/* ------------------------------------------------------------------ who */

/* Nonzero: the search is over. rcu_read_lock() is held. */
static int oom_evaluate_task(struct task_struct *task, struct oom_control *oc)
{
	long points;

	if (oom_unkillable_task(task))
		return 0;
	if (tsk_is_oom_victim(task)) {
		if (test_bit(MMF_OOM_SKIP, &task->signal->oom_mm->flags))
			return 0;
		if (oc->chosen)
			put_task_struct(oc->chosen);
		oc->chosen = OOM_WAIT;
		return 1;
	}
	points = task->signal->oom_flag_origin ? LONG_MAX : oom_badness(task, oc->totalpages);
	if (points == LONG_MIN || points < oc->chosen_points)
		return 0;
	if (oc->chosen)
		put_task_struct(oc->chosen);
	oc->chosen = get_task_struct(task);
	oc->chosen_points = points;
	return 0;
}

static void select_bad_process(struct oom_control *oc)
{
	struct task_struct *p;

	oc->chosen_points = LONG_MIN;
	rcu_read_lock();
	for_each_process(p)
		if (oom_evaluate_task(p, oc))
			break;
	rcu_read_unlock();
}

/* ------------------------------------------------------------------ the report */

static void dump_tasks(void)
{
	struct task_struct *p, *task;

	pr_info("Tasks state (memory values in pages):\n");
	pr_info("[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name\n");
	rcu_read_lock();
	for_each_process(p) {
		if (oom_unkillable_task(p))
			continue;
		task = find_lock_task_mm(p);
		if (!task)
			continue;
		pr_info("[%7d] %5d %5d %8lu %8lu %8ld %8lu         %5hd %s\n", task->pid,
			from_kuid(&init_user_ns, task_uid(task)), task->tgid, task->mm->total_vm,
			get_mm_rss(task->mm), mm_pgtables_bytes(task->mm),
			get_mm_counter(task->mm, MM_SWAPENTS), task->signal->oom_score_adj, task->comm);
		task_unlock(task);
	}
	rcu_read_unlock();
}

/* Who asked for how much, where the memory is, who has what, and who goes. */
static void dump_header(struct oom_control *oc, struct task_struct *victim)
{
	char names[GFP_NAMES_LEN];

	pr_warn("%s invoked oom-killer: gfp_mask=%#x(%s), order=%d, oom_score_adj=%hd\n", current->comm,
		oc->gfp_mask, gfp_names(names, sizeof(names), oc->gfp_mask), oc->order,
		current->signal->oom_score_adj);
	dump_stack();
	show_mem();
	if (READ_ONCE(sysctl_oom_dump_tasks))
		dump_tasks();
	if (victim)
		pr_info("oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),task=%s,pid=%d,uid=%d\n",
			victim->comm, victim->pid, from_kuid(&init_user_ns, task_uid(victim)));
}

static void check_panic_on_oom(struct oom_control *oc)
{
	const int how = READ_ONCE(sysctl_panic_on_oom);

	if (likely(!how))
		return;
	dump_header(oc, NULL);
	panic("Out of memory: %s panic_on_oom is enabled", how == 2 ? "compulsory" : "system-wide");
}

/* ------------------------------------------------------------------ victims */

/* tsk is current, or task_lock() is held: so its mm is still to be taken apart. */
static void mark_oom_victim(struct task_struct *tsk)
{
	struct mm_struct *mm = tsk->mm;

	if (cmpxchg(&tsk->signal->oom_mm, NULL, mm))
		return;
	mmgrab(mm);
	if (!test_and_set_bit(MMF_OOM_VICTIM, &mm->flags))
		atomic_inc(&oom_victims);
}

/** exit_oom_victim - what can be had of a victim's memory, has been had */
void exit_oom_victim(struct mm_struct *mm)
{
	if (test_and_set_bit(MMF_OOM_SKIP, &mm->flags))
		return;
	atomic_dec(&oom_victims);
	wake_up_all(&oom_victims_wait);
}

/**
 * oom_wait_for_victim - sleeps until no victim's memory is still to come
 *
 * A tenth of a second at most: the caller may hold what the victim waits for.
 */
void oom_wait_for_victim(void)
{
	wait_event_killable_timeout(oom_victims_wait, !atomic_read(&oom_victims), HZ / 10);
}

/* ------------------------------------------------------------------ the reaper */

#define OOM_REAPER_DELAY	(2 * HZ)	/* most come to their end by themselves, and in order */
#define MAX_OOM_REAP_RETRIES	10

static DEFINE_SPINLOCK(oom_reaper_lock);
static LIST_HEAD(oom_reaper_list);	/* tasks, each with a reference; the oldest first */
static DECLARE_WAIT_QUEUE_HEAD(oom_reaper_wait);

static void queue_oom_reaper(struct task_struct *tsk)
{
	bool queued = false;

	spin_lock(&oom_reaper_lock);
	if (!tsk->oom_reap_at) {
		get_task_struct(tsk);
		tsk->oom_reap_at = (jiffies + OOM_REAPER_DELAY) | 1;	/* 0: not queued */
		list_add_tail(&tsk->oom_reaper_list, &oom_reaper_list);
		queued = true;
	}
	spin_unlock(&oom_reaper_lock);
	if (queued)
		wake_up(&oom_reaper_wait);
}

/*
 * Takes the pages that nobody else needs out of the page tables; the regions stay. Who copies from or to
 * the victim's memory from now on finds that it is gone. False: somebody changes the regions, or waits
 * for memory while he does.
 */
static bool oom_reap_task_mm(struct task_struct *tsk, struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	VMA_ITERATOR(vmi, mm, 0);

	if (!mmap_read_trylock(mm))
		return false;
	if (test_bit(MMF_OOM_SKIP, &mm->flags))
		goto out;		/* exit_mmap() was faster */
	/* Seen by every fault that finds a PTE empty on our account: it takes page_table_lock after us. */
	set_bit(MMF_UNSTABLE, &mm->flags);
	for_each_vma(vmi, vma)
		if (vma_is_anonymous(vma) || !(vma->vm_flags & (VM_SHARED | VM_HUGETLB)))
			zap_page_range(vma, vma->vm_start, vma->vm_end - vma->vm_start);
	pr_info("oom_reaper: reaped process %d (%s), now anon-rss:%lukB, file-rss:%lukB, shmem-rss:%lukB\n",
		task_pid_nr(tsk), tsk->comm, K(get_mm_counter(mm, MM_ANONPAGES)),
		K(get_mm_counter(mm, MM_FILEPAGES)), K(get_mm_counter(mm, MM_SHMEMPAGES)));
out:
	mmap_read_unlock(mm);
	return true;
}

/* Gives the victim time to end, then helps. */
static void oom_reap_task(struct task_struct *tsk)
{
	struct mm_struct *mm = tsk->signal->oom_mm;
	long left = tsk->oom_reap_at - jiffies;
	int attempts = 0;

	if (left > 0)
		wait_event_idle_timeout(oom_victims_wait, test_bit(MMF_OOM_SKIP, &mm->flags), left);
	while (!test_bit(MMF_OOM_SKIP, &mm->flags) && !oom_reap_task_mm(tsk, mm)) {
		if (++attempts == MAX_OOM_REAP_RETRIES) {
			pr_info("oom_reaper: unable to reap pid:%d (%s)\n", task_pid_nr(tsk), tsk->comm);
			sched_show_task(tsk);
			break;
		}
		wait_event_idle_timeout(oom_victims_wait, test_bit(MMF_OOM_SKIP, &mm->flags), HZ / 10);
	}
	exit_oom_victim(mm);
	put_task_struct(tsk);
}

static int oom_reaper(void *unused)
{
	struct task_struct *tsk;

	for (;;) {
		wait_event_idle(oom_reaper_wait, !list_empty(&oom_reaper_list));
		spin_lock(&oom_reaper_lock);
		tsk = list_first_entry(&oom_reaper_list, struct task_struct, oom_reaper_list);
		list_del(&tsk->oom_reaper_list);
		spin_unlock(&oom_reaper_lock);
		oom_reap_task(tsk);
	}
	return 0;
}

/* ------------------------------------------------------------------ killing */

/*
 * Those who live in mm without being threads of the victim: it is not free before they are gone, too.
 * False: init is one of them. tasklist_lock is held.
 */
static bool kill_sharers(struct task_struct *victim, struct mm_struct *mm)
{
	bool can_reap = true;
	struct task_struct *p;

	for_each_process(p) {
		if (same_thread_group(p, victim) || !process_shares_mm(p, mm))
			continue;
		if (is_global_init(p)) {
			can_reap = false;
			pr_info("oom killer %d (%s) has mm pinned by %d (%s)\n", task_pid_nr(victim),
				victim->comm, task_pid_nr(p), p->comm);
		} else if (!(p->flags & PF_KTHREAD)) {
			group_send_sig_info(SIGKILL, SEND_SIG_PRIV, p, PIDTYPE_TGID);
		}
	}
	return can_reap;
}

/* Drops the reference to the victim. */
static void __oom_kill_process(struct task_struct *victim, const char *message)
{
	struct task_struct *p;
	struct mm_struct *mm;
	bool can_reap;

	read_lock(&tasklist_lock);
	p = find_lock_task_mm(victim);
	if (!p) {
		pr_info("%s: OOM victim %d (%s) is already exiting. Skip killing the task\n", message,
			task_pid_nr(victim), victim->comm);
		read_unlock(&tasklist_lock);
		put_task_struct(victim);
		return;
	}
	get_task_struct(p);
	put_task_struct(victim);
	victim = p;
	mm = victim->mm;
	mmgrab(mm);
	count_vm_event(OOM_KILL);
	/* The signal before the reserves: the program shall not use them up. */
	group_send_sig_info(SIGKILL, SEND_SIG_PRIV, victim, PIDTYPE_TGID);
	mark_oom_victim(victim);
	pr_err("%s: Killed process %d (%s) total-vm:%lukB, anon-rss:%lukB, file-rss:%lukB, shmem-rss:%lukB, UID:%u pgtables:%lukB oom_score_adj:%hd\n",
	       message, task_pid_nr(victim), victim->comm, K(mm->total_vm),
	       K(get_mm_counter(mm, MM_ANONPAGES)), K(get_mm_counter(mm, MM_FILEPAGES)),
	       K(get_mm_counter(mm, MM_SHMEMPAGES)), from_kuid(&init_user_ns, task_uid(victim)),
	       mm_pgtables_bytes(mm) >> 10, victim->signal->oom_score_adj);
	task_unlock(victim);
	can_reap = kill_sharers(victim, mm);
	read_unlock(&tasklist_lock);

	if (can_reap)
		queue_oom_reaper(victim);
	else
		exit_oom_victim(mm);
	mmdrop(mm);
	put_task_struct(victim);
}

static void oom_kill_process(struct oom_control *oc, const char *message)
{
	static struct ratelimit_state oom_rs;
	struct task_struct *victim = oc->chosen;
	bool dying;

	/* It is dying already: no more than that is needed, and nothing worth a report. */
	task_lock(victim);
	dying = task_will_free_mem(victim);
	if (dying) {
		mark_oom_victim(victim);
		queue_oom_reaper(victim);
	}
	task_unlock(victim);
	if (dying) {
		put_task_struct(victim);
		return;
	}
	if (___ratelimit(&oom_rs, __func__))
		dump_header(oc, victim);
	__oom_kill_process(victim, message);
}

/**
 * out_of_memory - sees to it that memory comes back by somebody's end
 *
 * oom_lock is held. True: it will, try again. False: there is nobody left to kill.
 */
bool out_of_memory(struct oom_control *oc)
{
	/* We are dying ourselves: with what is in reserve it will be done soon. */
	if (task_will_free_mem(current)) {
		mark_oom_victim(current);
		queue_oom_reaper(current);
		return true;
	}
	oc->totalpages = totalram_pages() + READ_ONCE(total_swap_pages);
	check_panic_on_oom(oc);
	if (READ_ONCE(sysctl_oom_kill_allocating_task) && current->mm && !oom_unkillable_task(current) &&
	    current->signal->oom_score_adj != OOM_SCORE_ADJ_MIN) {
		oc->chosen = get_task_struct(current);
		oom_kill_process(oc, "Out of memory (oom_kill_allocating_task)");
		return true;
	}
	select_bad_process(oc);
	if (!oc->chosen) {
		dump_header(oc, NULL);
		pr_warn("Out of memory and no killable processes...\n");
		panic("System is deadlocked on memory");
	}
	if (oc->chosen != OOM_WAIT)
		oom_kill_process(oc, "Out of memory");
	return true;
}

/**
 * pagefault_out_of_memory - a program's fault could not have the memory it wanted
 *
 * Either the program was killed for it, or somebody else was while it did not want to wait (for a disk's
 * read-ahead): on the way back to the program it dies, or faults again.
 */
void pagefault_out_of_memory(void)
{
	if (!fatal_signal_pending(current))
		pr_warn_ratelimited("Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF\n");
}

static struct ctl_table vm_oom_kill_table[] = {
	{ "panic_on_oom", &sysctl_panic_on_oom, sizeof(int), 0644, proc_dointvec_minmax, SYSCTL_ZERO, SYSCTL_TWO },
	{ "oom_kill_allocating_task", &sysctl_oom_kill_allocating_task, sizeof(int), 0644, proc_dointvec,
	  NULL, NULL },
	{ "oom_dump_tasks", &sysctl_oom_dump_tasks, sizeof(int), 0644, proc_dointvec, NULL, NULL },
	{ }
};

static int __init oom_init(void)
{
	struct task_struct *task = kthread_run(oom_reaper, NULL, "oom_reaper");

	if (IS_ERR(task))
		panic("cannot start oom_reaper: %ld", PTR_ERR(task));
	register_sysctl_init("vm", vm_oom_kill_table);
	return 0;
}
device_initcall(oom_init);
