/* SPDX-License-Identifier: MIT */
/*
 * struct pid: a process number that outlives its process for as long as someone refers to it,
 * and the lists of tasks that use it as their pid, process group or session.
 * tasklist_lock is held for writing to change the lists. Readers of lists and of the table hold it
 * for reading, or rcu_read_lock(); then what they found is there until they unlock, but may have
 * ended meanwhile.
 */
#ifndef _LINUX_PID_H
#define _LINUX_PID_H

#include <linux/types.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/wait.h>

enum pid_type { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID, PIDTYPE_MAX };

struct task_struct;

struct pid {
	refcount_t		count;
	pid_t			nr;
	struct hlist_head	tasks[PIDTYPE_MAX];
	wait_queue_head_t	wait_pidfd;
	struct rcu_head		rcu;
};

extern struct pid init_struct_pid;

static inline struct pid *get_pid(struct pid *pid)
{
	if (pid)
		refcount_inc(&pid->count);
	return pid;
}

static inline pid_t pid_nr(struct pid *pid) { return pid ? pid->nr : 0; }
#define pid_vnr(pid) pid_nr(pid)

void put_pid(struct pid *pid);
struct pid *alloc_pid(void);			/* ERR_PTR: ENOMEM, EAGAIN */
void free_pid(struct pid *pid);
struct pid *find_vpid(pid_t nr);		/* as a reader, see above; so are the next two */
struct pid *find_ge_pid(pid_t nr);		/* the next one in use */
struct task_struct *pid_task(struct pid *pid, enum pid_type type);
struct pid *find_get_pid(pid_t nr);
struct task_struct *get_pid_task(struct pid *pid, enum pid_type type);
struct pid *get_task_pid(struct task_struct *task, enum pid_type type);
void attach_pid(struct task_struct *task, enum pid_type type);
void detach_pid(struct task_struct *task, enum pid_type type);
void change_pid(struct task_struct *task, enum pid_type type, struct pid *pid);
void pid_idr_init(void);
void exchange_tids(struct task_struct *left, struct task_struct *right);
void transfer_pid(struct task_struct *old, struct task_struct *new, enum pid_type type);
pid_t last_pid(void);

/* The body runs for each task that uses pid in this role; for readers. */
#define do_each_pid_task(pid, type, task)						\
	do {										\
		if ((pid) != NULL)							\
			hlist_for_each_entry_rcu((task), &(pid)->tasks[type], pid_links[type]) {

#define while_each_pid_task(pid, type, task)						\
			}								\
	} while (0)

#endif
