/* SPDX-License-Identifier: MIT */
/* Processes as descriptors (kernel/pidfd.c). */
#ifndef _LINUX_PIDFD_H
#define _LINUX_PIDFD_H

struct pid;
struct task_struct;

struct pid *pidfd_get_pid(unsigned int fd, unsigned int *flags);	/* with a reference; ERR_PTR(-EBADF) */
void do_notify_pidfd(struct task_struct *task);	/* its process has ended, exit_state says so */

#endif
