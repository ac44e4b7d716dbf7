/* SPDX-License-Identifier: MIT */
/* The making and ending of tasks: kernel/fork.c, kernel/exit.c, kernel/wait4.c. */
#ifndef _LINUX_SCHED_TASK_H
#define _LINUX_SCHED_TASK_H

#include <linux/sched.h>

struct rusage;

/* What clone(2), clone3(2) and kernel_thread() ask for. */
struct kernel_clone_args {
	u64		flags;
	int __user	*pidfd, *child_tid, *parent_tid;
	const char	*name;
	int		exit_signal;
	unsigned long	stack, stack_size;
	unsigned long	tls;
	int		kthread, idle;
	int		(*fn)(void *);
	void		*fn_arg;
};

pid_t kernel_clone(struct kernel_clone_args *args);
struct task_struct *fork_idle(int cpu);	/* ERR_PTR; for cpu_up() */
pid_t kernel_thread(int (*fn)(void *), void *arg, unsigned long flags);
pid_t user_mode_thread(int (*fn)(void *), void *arg, unsigned long flags);
void __noreturn do_exit(long code);
void __noreturn do_group_exit(int exit_code);
void __noreturn make_task_dead(int signr);
long kernel_wait4(pid_t upid, int __user *stat_addr, int options, struct rusage *ru);
int kernel_wait(pid_t pid, int *stat);
void fork_init(void);
void proc_caches_init(void);
extern int nr_threads;			/* tasklist_lock */
extern unsigned long total_forks;
int copy_thread(struct task_struct *p, const struct kernel_clone_args *args);
void flush_thread(void);
void trim_stack_cache(void);
void put_task_struct_rcu_user(struct task_struct *task);
void exit_mm_release(struct task_struct *tsk, struct mm_struct *mm);
void exec_mm_release(struct task_struct *tsk, struct mm_struct *mm);

#endif
