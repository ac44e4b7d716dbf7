// SPDX-License-Identifier: MIT
/*
 * Credentials: copy, change the copy, put it in place. See <linux/cred.h> for why nothing here
 * needs a lock: a cred that is in use is never written to.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <uapi/linux/sched.h>

static struct kmem_cache *cred_jar;

struct user_namespace init_user_ns;
EXPORT_SYMBOL(init_user_ns);

struct group_info init_groups = { .usage = ATOMIC_INIT(2) };

/* Root's. One reference each for the two pointers of init_task, and one that is never dropped. */
struct cred init_cred = {
	.usage		= ATOMIC_INIT(3),
	.user		= INIT_USER,
	.group_info	= &init_groups,
};

/* What file accesses go by: fsuid decides them, euid the rest. */
static bool is_file_capability(int cap)
{
	return cap == CAP_CHOWN || cap == CAP_DAC_OVERRIDE || cap == CAP_DAC_READ_SEARCH ||
	       cap == CAP_FOWNER || cap == CAP_FSETID || cap == CAP_MKNOD;
}

static bool cred_capable(const struct cred *cred, int cap)
{
	return (is_file_capability(cap) ? cred->fsuid.val : cred->euid.val) == 0;
}

/** capable - may the current task do what @cap stands for? */
bool capable(int cap)
{
	return cred_capable(current_cred(), cap);
}
EXPORT_SYMBOL(capable);

bool ns_capable(struct user_namespace *ns, int cap)
{
	return capable(cap);
}
EXPORT_SYMBOL(ns_capable);

/** file_ns_capable - might the one who opened the file, when he did? */
bool file_ns_capable(const struct file *file, struct user_namespace *ns, int cap)
{
	return cred_capable(file->f_cred, cap);
}
EXPORT_SYMBOL(file_ns_capable);

static void put_cred_rcu(struct rcu_head *head)
{
	struct cred *cred = container_of(head, struct cred, rcu);

	free_uid(cred->user);
	put_group_info(cred->group_info);
	kmem_cache_free(cred_jar, cred);
}

/* The last reference is gone; a reader of RCU may still look at it (__task_cred()). */
void __put_cred(struct cred *cred)
{
	call_rcu(&cred->rcu, put_cred_rcu);
}
EXPORT_SYMBOL(__put_cred);

static struct cred *copy_of(const struct cred *old)
{
	struct cred *new = kmem_cache_alloc(cred_jar, GFP_KERNEL);

	if (!new)
		return NULL;
	*new = *old;
	atomic_set(&new->usage, 1);
	get_uid(new->user);
	get_group_info(new->group_info);
	return new;
}

/** prepare_creds - a copy of the current task's, for commit_creds() or abort_creds() */
struct cred *prepare_creds(void)
{
	return copy_of(current_cred());
}
EXPORT_SYMBOL(prepare_creds);

struct cred *prepare_exec_creds(void)
{
	return prepare_creds();
}

/** prepare_kernel_cred - a copy of a kernel task's (NULL: of root's) */
struct cred *prepare_kernel_cred(struct task_struct *daemon)
{
	const struct cred *old = daemon ? get_task_cred(daemon) : get_cred(&init_cred);
	struct cred *new = copy_of(old);

	put_cred(old);
	return new;
}
EXPORT_SYMBOL(prepare_kernel_cred);

const struct cred *get_task_cred(struct task_struct *task)
{
	const struct cred *cred;

	/* commit_creds() changes the pointer under the same lock, so the count cannot be zero. */
	task_lock(task);
	cred = get_cred(__task_cred(task));
	task_unlock(task);
	return cred;
}

/** commit_creds - the current task becomes what @new says; takes over the reference. Returns 0 */
int commit_creds(struct cred *new)
{
	struct task_struct *task = current;
	const struct cred *old = task->real_cred;

	BUG_ON(task->cred != old);	/* not within override_creds() */
	get_cred(new);
	if (new->user != old->user) {
		atomic_long_inc(&new->user->processes);
		atomic_long_dec(&old->user->processes);
	}
	task_lock(task);
	rcu_assign_pointer(task->real_cred, new);
	rcu_assign_pointer(task->cred, new);
	task_unlock(task);
	put_cred(old);
	put_cred(old);
	return 0;
}
EXPORT_SYMBOL(commit_creds);

void abort_creds(struct cred *new)
{
	put_cred(new);
}
EXPORT_SYMBOL(abort_creds);

/** override_creds - act as @new for a while; revert_creds() ends it with what this returns */
const struct cred *override_creds(const struct cred *new)
{
	const struct cred *old = current->cred;

	current->cred = get_cred(new);
	return old;
}
EXPORT_SYMBOL(override_creds);

void revert_creds(const struct cred *old)
{
	const struct cred *override = current->cred;

	current->cred = old;
	put_cred(override);
}
EXPORT_SYMBOL(revert_creds);

/** copy_creds - for fork: the child, a copy of its parent, gets references of its own */
int copy_creds(struct task_struct *child, unsigned long clone_flags)
{
	const struct cred *cred = current->real_cred;

	/* Nobody changes a cred in place, so threads and children can all share the one. */
	child->real_cred = get_cred(cred);
	child->cred = get_cred(cred);
	atomic_long_inc(&cred->user->processes);
	return 0;
}

void exit_creds(struct task_struct *task)
{
	const struct cred *real = task->real_cred, *cred = task->cred;

	task->real_cred = task->cred = NULL;
	put_cred(real);
	put_cred(cred);
}

void __init cred_init(void)
{
	cred_jar = kmem_cache_create("cred_jar", sizeof(struct cred), 0,
				     SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
}
