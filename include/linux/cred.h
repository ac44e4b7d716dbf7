/* SPDX-License-Identifier: MIT */
/*
 * Who a task is. A cred that a task uses never changes: to become somebody else, prepare_creds()
 * makes a copy, the copy is changed, and commit_creds() puts it in place. So it may be read
 * without a lock by its own task, by others under rcu_read_lock(), and a reference keeps it.
 */
#ifndef _LINUX_CRED_H
#define _LINUX_CRED_H

#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/sched/user.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <asm/current.h>

struct task_struct;

struct group_info {
	atomic_t	usage;
	int		ngroups;
	kgid_t		gid[];		/* sorted */
};

struct cred {
	atomic_t	usage;
	kuid_t		uid, suid, euid, fsuid;
	kgid_t		gid, sgid, egid, fsgid;
	struct user_struct *user;		/* whose processes are counted: uid's */
	struct group_info *group_info;
	struct rcu_head	rcu;
};

extern struct cred init_cred;
extern struct group_info init_groups;

struct cred *prepare_creds(void);
struct cred *prepare_exec_creds(void);
struct cred *prepare_kernel_cred(struct task_struct *daemon);
int commit_creds(struct cred *new);
void abort_creds(struct cred *new);
const struct cred *override_creds(const struct cred *new);
void revert_creds(const struct cred *old);
void __put_cred(struct cred *cred);
int copy_creds(struct task_struct *child, unsigned long clone_flags);
void exit_creds(struct task_struct *task);
void cred_init(void);

struct group_info *groups_alloc(int gidsetsize);
void groups_free(struct group_info *info);
void groups_sort(struct group_info *info);
int groups_search(const struct group_info *info, kgid_t gid);
void set_groups(struct cred *new, struct group_info *info);
int set_current_groups(struct group_info *info);
int in_group_p(kgid_t gid);
int in_egroup_p(kgid_t gid);
bool may_setgroups(void);

static inline struct group_info *get_group_info(struct group_info *info)
{
	atomic_inc(&info->usage);
	return info;
}

static inline void put_group_info(struct group_info *info)
{
	if (atomic_dec_and_test(&info->usage))
		groups_free(info);
}

static inline const struct cred *get_cred(const struct cred *cred)
{
	if (cred)
		atomic_inc(&((struct cred *)cred)->usage);
	return cred;
}

static inline struct cred *get_new_cred(struct cred *cred)
{
	atomic_inc(&cred->usage);
	return cred;
}

static inline void put_cred(const struct cred *cred)
{
	if (cred && atomic_dec_and_test(&((struct cred *)cred)->usage))
		__put_cred((struct cred *)cred);
}

/* cred is what the task acts as, real_cred what it is when others act on it. */
const struct cred *get_task_cred(struct task_struct *task);
#define current_cred()		((const struct cred *)current->cred)
#define current_real_cred()	((const struct cred *)current->real_cred)
#define get_current_cred()	get_cred(current_cred())
/* For as long as rcu_read_lock(), or a lock that keeps preemption off, is held; or of oneself. */
#define __task_cred(task)	((const struct cred *)rcu_dereference_raw((task)->real_cred))
#define task_cred_xxx(task, xxx)					\
({									\
	typeof(((struct cred *)NULL)->xxx) ___val;			\
	rcu_read_lock();						\
	___val = __task_cred(task)->xxx;				\
	rcu_read_unlock();						\
	___val;								\
})

#define current_cred_xxx(xxx)	(current_cred()->xxx)
#define current_uid()		(current_cred_xxx(uid))
#define current_gid()		(current_cred_xxx(gid))
#define current_euid()		(current_cred_xxx(euid))
#define current_egid()		(current_cred_xxx(egid))
#define current_suid()		(current_cred_xxx(suid))
#define current_sgid()		(current_cred_xxx(sgid))
#define current_fsuid()		(current_cred_xxx(fsuid))
#define current_fsgid()		(current_cred_xxx(fsgid))
#define task_uid(task)		(task_cred_xxx(task, uid))
#define task_euid(task)		(task_cred_xxx(task, euid))

#define current_uid_gid(u, g)						\
do { *(u) = current_cred()->uid; *(g) = current_cred()->gid; } while (0)
#define current_euid_egid(u, g)						\
do { *(u) = current_cred()->euid; *(g) = current_cred()->egid; } while (0)

#endif
