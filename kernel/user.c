// SPDX-License-Identifier: MIT
/*
 * The users that have processes, by real uid. A cred points to its user (cred->user); fork, exit and
 * the setuid family count there, so that RLIMIT_NPROC holds whichever CPUs fork at the same time.
 *
 * uidhash_lock guards the table, and that a count which falls to zero is not taken up again. The last
 * reference may go in a callback of RCU, hence with interrupts off.
 */
#include <linux/hash.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define UIDHASH_BITS	6

static struct hlist_head uidhash_table[1 << UIDHASH_BITS];
static DEFINE_SPINLOCK(uidhash_lock);

/* Held by init_cred for ever, and so never looked for in the table. */
struct user_struct root_user = {
	.__count	= REFCOUNT_INIT(1),
	.processes	= ATOMIC_INIT(1),
	.uid		= GLOBAL_ROOT_UID,
};

static struct hlist_head *uidhashentry(kuid_t uid)
{
	return &uidhash_table[hash_32(__kuid_val(uid), UIDHASH_BITS)];
}

/* With a reference, or NULL. uidhash_lock is held. */
static struct user_struct *uid_hash_find(kuid_t uid)
{
	struct user_struct *up;

	lockdep_assert_held(&uidhash_lock);
	hlist_for_each_entry(up, uidhashentry(uid), uidhash_node)
		if (uid_eq(up->uid, uid))
			return get_uid(up);
	return NULL;
}

/** free_uid - give a reference back */
void free_uid(struct user_struct *up)
{
	unsigned long flags;

	if (!refcount_dec_and_lock_irqsave(&up->__count, &uidhash_lock, &flags))
		return;
	hlist_del(&up->uidhash_node);
	spin_unlock_irqrestore(&uidhash_lock, flags);
	kfree(up);
}

/** alloc_uid - a reference to the user @uid, who is made if he has no process yet. May sleep. NULL: no memory */
struct user_struct *alloc_uid(kuid_t uid)
{
	struct user_struct *up, *new;

	if (uid_eq(uid, root_user.uid))
		return get_uid(&root_user);
	spin_lock_irq(&uidhash_lock);
	up = uid_hash_find(uid);
	spin_unlock_irq(&uidhash_lock);
	if (up)
		return up;
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return NULL;
	new->uid = uid;
	refcount_set(&new->__count, 1);
	spin_lock_irq(&uidhash_lock);
	up = uid_hash_find(uid);
	if (!up)
		hlist_add_head(&new->uidhash_node, uidhashentry(uid));
	spin_unlock_irq(&uidhash_lock);
	if (!up)
		return new;
	kfree(new);		/* another CPU was first */
	return up;
}
