/* SPDX-License-Identifier: MIT */
/* Kernel threads: kernel/kthread.c. */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

/* A thread that waits to be woken; ERR_PTR when there is no memory. The name is a format. */
__printf(3, 4) struct task_struct *kthread_create(int (*threadfn)(void *data), void *data,
						  const char *namefmt, ...);
#define kthread_run(threadfn, data, namefmt, ...)				\
({										\
	struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
	if (!IS_ERR(__k))							\
		wake_up_process(__k);						\
	__k;									\
})

void kthread_bind(struct task_struct *k, unsigned int cpu);
/* Asks the thread to end, waits, returns what threadfn returned (-EINTR: it never ran). */
int kthread_stop(struct task_struct *k);
bool kthread_should_stop(void);
void *kthread_data(struct task_struct *k);
int kthreadd(void *unused);
extern struct task_struct *kthreadd_task;

#endif
