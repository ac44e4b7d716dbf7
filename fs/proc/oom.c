// SPDX-License-Identifier: MIT
/*
 * /proc/PID/oom_score, oom_score_adj and oom_adj: how likely the process is the next victim of the OOM killer
 * (mm/oom_kill.c), and a say in it.
 *
 * Processes that share their memory die together, so they have one oom_score_adj: it is set for all of
 * them, under oom_adj_mutex. Readers take no lock.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/uaccess.h>
#include "internal.h"

static DEFINE_MUTEX(oom_adj_mutex);

/* 0 to 2000: two thirds are "uses all memory, nothing adjusted"; 0: never. */
int proc_oom_score(struct seq_file *m, struct pid *pid, struct task_struct *task)
{
	const unsigned long total = totalram_pages() + READ_ONCE(total_swap_pages);
	const long badness = oom_badness(task, total);

	seq_printf(m, "%lu\n", badness == LONG_MIN ? 0UL : (1000 + badness * 1000 / (long)total) * 2 / 3);
	return 0;
}

static ssize_t read_adj(struct file *file, char __user *buf, size_t count, loff_t *ppos, bool legacy)
{
	struct task_struct *task = get_proc_task(file_inode(file));
	char text[16];
	int adj;

	if (!task)
		return -ESRCH;
	adj = task->signal->oom_score_adj;
	put_task_struct(task);
	if (legacy)
		adj = adj == OOM_SCORE_ADJ_MAX ? OOM_ADJUST_MAX :
			min(adj * -OOM_DISABLE / OOM_SCORE_ADJ_MAX, OOM_ADJUST_MAX);
	return simple_read_from_buffer(buf, count, ppos, text, snprintf(text, sizeof(text), "%d\n", adj));
}

static ssize_t oom_score_adj_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	return read_adj(file, buf, count, ppos, false);
}

static ssize_t oom_adj_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	return read_adj(file, buf, count, ppos, true);
}

/* The processes besides the task's own that live in its memory. A child in vfork() is about to leave it. */
static void adjust_sharers(struct task_struct *task, int adj, bool new_min)
{
	struct task_struct *p, *holder;
	struct mm_struct *mm;

	rcu_read_lock();
	holder = task->vfork_done ? NULL : find_lock_task_mm(task);
	if (!holder)
		goto out;
	mm = holder->mm;	/* only compared from here on */
	task_unlock(holder);
	for_each_process(p) {
		if (same_thread_group(task, p) || (p->flags & PF_KTHREAD) || is_global_init(p) ||
		    p->vfork_done || !process_shares_mm(p, mm))
			continue;
		p->signal->oom_score_adj = adj;
		if (new_min)
			p->signal->oom_score_adj_min = adj;
	}
out:
	rcu_read_unlock();
}

/* Everybody may make his processes likelier victims; to spare them is root's. */
static int __set_oom_adj(struct task_struct *task, int adj, bool legacy)
{
	const bool root = capable(CAP_SYS_RESOURCE);
	const int least = legacy ? task->signal->oom_score_adj : task->signal->oom_score_adj_min;
	int err = -EACCES;

	mutex_lock(&oom_adj_mutex);
	if (adj >= least || root) {
		task->signal->oom_score_adj = adj;
		if (root && !legacy)
			task->signal->oom_score_adj_min = adj;
		adjust_sharers(task, adj, root && !legacy);
		err = 0;
	}
	mutex_unlock(&oom_adj_mutex);
	return err;
}

static ssize_t set_oom_adj(struct file *file, const char __user *buf, size_t count, bool legacy)
{
	struct task_struct *task;
	char text[16] = { };
	int adj, err;

	if (copy_from_user(text, buf, min(count, sizeof(text) - 1)))
		return -EFAULT;
	err = kstrtoint(strstrip(text), 0, &adj);
	if (err)
		return err;
	if (legacy ? (adj < OOM_ADJUST_MIN || adj > OOM_ADJUST_MAX) && adj != OOM_DISABLE :
		     adj < OOM_SCORE_ADJ_MIN || adj > OOM_SCORE_ADJ_MAX)
		return -EINVAL;
	if (legacy)
		adj = adj == OOM_ADJUST_MAX ? OOM_SCORE_ADJ_MAX : adj * OOM_SCORE_ADJ_MAX / -OOM_DISABLE;
	task = get_proc_task(file_inode(file));
	if (!task)
		return -ESRCH;
	err = __set_oom_adj(task, adj, legacy);
	put_task_struct(task);
	return err ? err : count;
}

static ssize_t oom_score_adj_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	return set_oom_adj(file, buf, count, false);
}

static ssize_t oom_adj_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	return set_oom_adj(file, buf, count, true);
}

const struct file_operations proc_oom_score_adj_operations = {
	.read	= oom_score_adj_read,
	.write	= oom_score_adj_write,
	.llseek	= default_llseek,
};

const struct file_operations proc_oom_adj_operations = {
	.read	= oom_adj_read,
	.write	= oom_adj_write,
	.llseek	= default_llseek,
};
