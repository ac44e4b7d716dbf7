/* SPDX-License-Identifier: MIT */
/*
 * The table of a process's file descriptors.
 *
 * files->file_lock is held to change the table. A task that is the only user of its table (count one)
 * may read fd[] as it is, since only users write. Others read it under rcu_read_lock(): a table that
 * was replaced by a larger one, and an open file, are freed after a grace period.
 */
#ifndef _LINUX_FDTABLE_H
#define _LINUX_FDTABLE_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define NR_OPEN_DEFAULT	64		/* the table that is part of files_struct */

struct file;
struct task_struct;

struct fdtable {
	unsigned int	max_fds;	/* a multiple of 64 */
	struct file	**fd;
	unsigned long	*close_on_exec;	/* bitmaps of max_fds bits */
	unsigned long	*open_fds;	/* taken, though perhaps not installed yet */
	struct rcu_head	rcu;
};

struct files_struct {
	atomic_t	count;		/* tasks that share the table */

	/* file_lock guards the rest */
	spinlock_t	file_lock;
	struct fdtable	*fdt;		/* &fdtab, or a larger one that expand_files() made */
	unsigned int	next_fd;	/* no free descriptor is below this */
	struct fdtable	fdtab;
	unsigned long	close_on_exec_init[NR_OPEN_DEFAULT / BITS_PER_LONG];
	unsigned long	open_fds_init[NR_OPEN_DEFAULT / BITS_PER_LONG];
	struct file	*fd_array[NR_OPEN_DEFAULT];
};

#define files_fdtable(files)	((files)->fdt)

extern struct files_struct init_files;
extern unsigned int sysctl_nr_open;

struct files_struct *get_files_struct(struct task_struct *task);
void put_files_struct(struct files_struct *files);
struct files_struct *dup_fd(struct files_struct *old, unsigned int max_fds, int *errorp);
int unshare_files(void);
int unshare_fd(unsigned long unshare_flags, unsigned int max_fds, struct files_struct **new_files);
void exit_files(struct task_struct *task);
void do_close_on_exec(struct files_struct *files);

#endif
