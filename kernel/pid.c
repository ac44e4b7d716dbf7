// SPDX-License-Identifier: MIT
/*
 * Process numbers: struct pid, and finding tasks by it.
 *
 * A struct pid stands for a number; it lives while a task uses it as its pid, process group or
 * session, and while somebody holds a reference (so that a stored struct pid never comes to mean
 * another process, as a stored number would). Numbers go round from 1 to pid_max.
 *
 * The table of numbers has a lock of its own; tasklist_lock, held for writing, guards the lists of users
 * in each struct pid. Who looks needs neither: table, lists, struct pid and task are all freed after a
 * grace period of RCU, so rcu_read_lock() keeps what is found. The table's own reference to a struct
 * pid, and the family's to a task, are dropped after that grace period, so a reader who wants to keep
 * what he found takes a reference like anybody (get_pid(), get_task_struct()).
 */
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

static DEFINE_IDR(pid_idr);
static struct kmem_cache *pid_cachep;

static int pid_max = PID_MAX_LIMIT;

/* PID 0, of the idle task; its groups are those that kernel threads and init are born into. */
struct pid init_struct_pid = {
	.count = REFCOUNT_INIT(1),
	.nr = 0,
};

void __init pid_idr_init(void)
{
	pid_cachep = KMEM_CACHE(pid, SLAB_PANIC);
	init_waitqueue_head(&init_struct_pid.wait_pidfd);
}

void put_pid(struct pid *pid)
{
	if (pid && refcount_dec_and_test(&pid->count))
		kmem_cache_free(pid_cachep, pid);
}

/* The next free number. ERR_PTR(-ENOMEM), ERR_PTR(-EAGAIN) when all are taken. */
struct pid *alloc_pid(void)
{
	struct pid *pid = kmem_cache_alloc(pid_cachep, GFP_KERNEL);
	int nr, type;

	if (!pid)
		return ERR_PTR(-ENOMEM);
	refcount_set(&pid->count, 1);
	for (type = 0; type < PIDTYPE_MAX; type++)
		INIT_HLIST_HEAD(&pid->tasks[type]);
	init_waitqueue_head(&pid->wait_pidfd);

	/* Take the number first: who finds a struct pid may rely on pid->nr. */
	nr = idr_alloc_cyclic(&pid_idr, NULL, 1, pid_max, GFP_KERNEL);
	if (nr < 0) {
		kmem_cache_free(pid_cachep, pid);
		return ERR_PTR(nr == -ENOSPC ? -EAGAIN : nr);
	}
	pid->nr = nr;
	idr_replace(&pid_idr, pid, nr);
	return pid;
}

/* The number that was given out last, for /proc/loadavg. */
pid_t last_pid(void)
{
	return idr_get_cursor(&pid_idr) - 1;
}

static void delayed_put_pid(struct rcu_head *head)
{
	put_pid(container_of(head, struct pid, rcu));
}

/* Nobody uses the number any more: it may be given out again. Readers may still hold what it was. */
void free_pid(struct pid *pid)
{
	idr_remove(&pid_idr, pid->nr);
	call_rcu(&pid->rcu, delayed_put_pid);
}

struct pid *find_vpid(pid_t nr)
{
	return nr > 0 ? idr_find(&pid_idr, nr) : NULL;
}

struct pid *find_ge_pid(pid_t nr)
{
	int id = nr;

	return idr_get_next(&pid_idr, &id);
}

struct pid *find_get_pid(pid_t nr)
{
	struct pid *pid;

	rcu_read_lock();
	pid = get_pid(find_vpid(nr));
	rcu_read_unlock();
	return pid;
}

struct task_struct *pid_task(struct pid *pid, enum pid_type type)
{
	struct hlist_node *first;

	if (!pid)
		return NULL;
	first = rcu_dereference(hlist_first_rcu(&pid->tasks[type]));
	return hlist_entry_safe(first, struct task_struct, pid_links[type]);
}

struct task_struct *get_pid_task(struct pid *pid, enum pid_type type)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(pid, type);
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

struct task_struct *find_task_by_vpid(pid_t nr)
{
	return pid_task(find_vpid(nr), PIDTYPE_PID);
}

struct task_struct *find_get_task_by_vpid(pid_t nr)
{
	struct task_struct *task;

	rcu_read_lock();
	task = find_task_by_vpid(nr);
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

static struct pid **task_pid_ptr(struct task_struct *task, enum pid_type type)
{
	return type == PIDTYPE_PID ? &task->thread_pid : &task->signal->pids[type];
}

struct pid *get_task_pid(struct task_struct *task, enum pid_type type)
{
	struct pid *pid;

	rcu_read_lock();
	pid = get_pid(rcu_dereference(*task_pid_ptr(task, type)));
	rcu_read_unlock();
	return pid;
}

pid_t __task_pid_nr(struct task_struct *task, enum pid_type type)
{
	pid_t nr;

	rcu_read_lock();
	nr = pid_nr(rcu_dereference(*task_pid_ptr(task, type)));
	rcu_read_unlock();
	return nr;
}

pid_t task_ppid_nr(struct task_struct *t)
{
	pid_t nr;

	rcu_read_lock();
	nr = READ_ONCE(t->thread_pid) ? rcu_dereference(t->real_parent)->tgid : 0;
	rcu_read_unlock();
	return nr;
}

/* The three below: tasklist_lock is held for writing. */
void attach_pid(struct task_struct *task, enum pid_type type)
{
	hlist_add_head_rcu(&task->pid_links[type], &(*task_pid_ptr(task, type))->tasks[type]);
}

static void __change_pid(struct task_struct *task, enum pid_type type, struct pid *new)
{
	struct pid **slot = task_pid_ptr(task, type), *old = *slot;
	int t;

	hlist_del_rcu(&task->pid_links[type]);
	rcu_assign_pointer(*slot, new);
	for (t = PIDTYPE_MAX; --t >= 0; )
		if (!hlist_empty(&old->tasks[t]))
			return;
	if (old != &init_struct_pid)
		free_pid(old);
}

void detach_pid(struct task_struct *task, enum pid_type type)
{
	__change_pid(task, type, NULL);
}

void change_pid(struct task_struct *task, enum pid_type type, struct pid *pid)
{
	__change_pid(task, type, pid);
	attach_pid(task, type);
}

/* exec: the two tasks, a thread and its leader, each get the other's number. */
void exchange_tids(struct task_struct *left, struct task_struct *right)
{
	hlists_swap_heads_rcu(&left->thread_pid->tasks[PIDTYPE_PID], &right->thread_pid->tasks[PIDTYPE_PID]);
	swap(left->thread_pid, right->thread_pid);
	swap(left->pid, right->pid);
}

/* exec: new stands in the list where old stood; both are of one process. */
void transfer_pid(struct task_struct *old, struct task_struct *new, enum pid_type type)
{
	hlist_replace_rcu(&old->pid_links[type], &new->pid_links[type]);
}
