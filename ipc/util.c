// SPDX-License-Identifier: MIT
/*
 * System V IPC, what all kinds share: identifiers, keys, permissions.
 *
 * An identifier is an index into the table of its kind, with a sequence number above it, so that an
 * identifier that a program still has from a removed object does not name the next one at that index.
 *
 * Callers: ipc/shm.c.
 * Locking, outermost first:
 *   ids->rwsem	adding, removing, looking for a key, walking over all
 *   perm->lock	one object. It is looked up under rcu_read_lock() alone; whoever then has the lock
 *		asks ipc_valid_object(), for the object may be removed. Its memory is freed by RCU.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include "util.h"

void __init ipc_init_ids(struct ipc_ids *ids)
{
	init_rwsem(&ids->rwsem);
	ids->in_use = 0;
	ids->seq = 0;
	ids->last_idx = -1;
	idr_init(&ids->ipcs_idr);
}

/* ------------------------------------------------------------------ identifiers */

static struct kern_ipc_perm *ipc_findkey(struct ipc_ids *ids, __kernel_key_t key)
{
	struct kern_ipc_perm *ipcp;
	int idx;

	idr_for_each_entry(&ids->ipcs_idr, ipcp, idx)
		if (ipcp->key == key)
			return ipcp;
	return NULL;
}

/** ipc_get_maxidx - the greatest index in use, -1 if there is none; rwsem held */
int ipc_get_maxidx(struct ipc_ids *ids)
{
	struct kern_ipc_perm *ipcp;
	int idx, max = -1;

	idr_for_each_entry(&ids->ipcs_idr, ipcp, idx)
		max = idx;
	return max;
}

/*
 * A free index, in turn rather than the lowest, among a few more than are in use: so that the
 * sequence number, which counts the rounds, does not come around soon.
 */
static int ipc_idr_alloc(struct ipc_ids *ids, struct kern_ipc_perm *new)
{
	int max_idx = min(max(ids->in_use * 3 / 2, 64), IPCMNI);
	int idx = idr_alloc_cyclic(&ids->ipcs_idr, NULL, 0, max_idx, GFP_KERNEL);

	if (idx < 0)
		return idx;
	if (idx <= ids->last_idx)
		ids->seq = (ids->seq + 1) % (INT_MAX >> IPCMNI_SHIFT);
	ids->last_idx = idx;
	new->seq = ids->seq;
	new->id = (int)(new->seq << IPCMNI_SHIFT) + idx;
	return idx;
}

/**
 * ipc_addid - gives an object its identifier, owner and permissions
 * @new: key and mode are set; the caller fills in the rest and unlocks it
 * @limit: of objects of this kind
 *
 * rwsem is held for writing. 0 with rcu_read_lock() and the object's lock held; -ENOSPC, -ENOMEM.
 */
int ipc_addid(struct ipc_ids *ids, struct kern_ipc_perm *new, int limit)
{
	int idx;

	spin_lock_init(&new->lock);
	new->deleted = false;
	if (ids->in_use >= min(limit, IPCMNI))
		return -ENOSPC;
	current_euid_egid(&new->cuid, &new->cgid);
	new->uid = new->cuid;
	new->gid = new->cgid;
	idx = ipc_idr_alloc(ids, new);
	if (idx < 0)
		return idx;
	ids->in_use++;
	rcu_read_lock();
	ipc_lock_object(new);
	idr_replace(&ids->ipcs_idr, new, idx);	/* from here on it can be found */
	return 0;
}

/** ipc_rmid - takes an object off the table; rwsem held for writing, and its lock */
void ipc_rmid(struct ipc_ids *ids, struct kern_ipc_perm *ipcp)
{
	idr_remove(&ids->ipcs_idr, ipcid_to_idx(ipcp->id));
	ids->in_use--;
	ipcp->deleted = true;
}

/** ipc_obtain_object_idr - by index, whatever its sequence number; rcu_read_lock() held */
struct kern_ipc_perm *ipc_obtain_object_idr(struct ipc_ids *ids, int id)
{
	return idr_find(&ids->ipcs_idr, ipcid_to_idx(id)) ?: ERR_PTR(-EINVAL);
}

/** ipc_obtain_object_check - by identifier; -EIDRM: its object was removed, and another has its place */
struct kern_ipc_perm *ipc_obtain_object_check(struct ipc_ids *ids, int id)
{
	struct kern_ipc_perm *ipcp = ipc_obtain_object_idr(ids, id);

	if (!IS_ERR(ipcp) && id >> IPCMNI_SHIFT != ipcp->seq)
		return ERR_PTR(-EIDRM);
	return ipcp;
}

/* ------------------------------------------------------------------ permissions */

/**
 * ipcperms - may the current task?
 * @flag: what it wants, as permission bits of user, group or others; any of them
 *
 * 0, or -1. No lock is needed: what is answered may be out of date at once, as for a file.
 */
int ipcperms(struct kern_ipc_perm *ipcp, short flag)
{
	int wanted = (flag >> 6) | (flag >> 3) | flag, granted = ipcp->mode;
	kuid_t euid = current_euid();

	if (uid_eq(euid, ipcp->cuid) || uid_eq(euid, ipcp->uid))
		granted >>= 6;
	else if (in_group_p(ipcp->cgid) || in_group_p(ipcp->gid))
		granted >>= 3;
	return (wanted & ~granted & 7) && !capable(CAP_IPC_OWNER) ? -1 : 0;
}

/**
 * ipcctl_obtain_check - for IPC_SET and IPC_RMID, which only owner and maker may
 *
 * rwsem is held for writing, and rcu_read_lock(). The object, not locked; -EINVAL, -EIDRM, -EPERM.
 */
struct kern_ipc_perm *ipcctl_obtain_check(struct ipc_ids *ids, int id)
{
	struct kern_ipc_perm *ipcp = ipc_obtain_object_check(ids, id);
	kuid_t euid = current_euid();

	if (IS_ERR(ipcp) || uid_eq(euid, ipcp->cuid) || uid_eq(euid, ipcp->uid) || capable(CAP_SYS_ADMIN))
		return ipcp;
	return ERR_PTR(-EPERM);
}

void kernel_to_ipc64_perm(struct kern_ipc_perm *in, struct ipc64_perm *out)
{
	*out = (struct ipc64_perm){
		.key = in->key, .uid = in->uid.val, .gid = in->gid.val,
		.cuid = in->cuid.val, .cgid = in->cgid.val, .mode = in->mode, .seq = in->seq,
	};
}

/** ipc_update_perm - IPC_SET: owner and permissions; the object is locked. 0 or -EINVAL */
int ipc_update_perm(struct ipc64_perm *in, struct kern_ipc_perm *out)
{
	kuid_t uid = KUIDT_INIT(in->uid);
	kgid_t gid = KGIDT_INIT(in->gid);

	if (!uid_valid(uid) || !gid_valid(gid))
		return -EINVAL;
	out->uid = uid;
	out->gid = gid;
	out->mode = (out->mode & ~S_IRWXUGO) | (in->mode & S_IRWXUGO);
	return 0;
}

/* ------------------------------------------------------------------ the get calls */

/* There is one with that key. Returns its identifier, or -EACCES or what more_checks() says. */
static int ipc_get_old(struct kern_ipc_perm *ipcp, const struct ipc_ops *ops, struct ipc_params *params)
{
	int err;

	ipc_lock_object(ipcp);
	err = ops->more_checks(ipcp, params);
	if (!err)
		err = ipcperms(ipcp, params->flg) ? -EACCES : ipcp->id;
	ipc_unlock_object(ipcp);
	return err;
}

/**
 * ipcget - finds the object of a key, or makes one
 *
 * Returns its identifier; -ENOENT without IPC_CREAT, -EEXIST with IPC_EXCL, -EACCES, and what the two
 * functions say.
 */
int ipcget(struct ipc_ids *ids, const struct ipc_ops *ops, struct ipc_params *params)
{
	struct kern_ipc_perm *ipcp;
	int err;

	down_write(&ids->rwsem);
	ipcp = params->key == IPC_PRIVATE ? NULL : ipc_findkey(ids, params->key);
	if (ipcp && (params->flg & IPC_CREAT) && (params->flg & IPC_EXCL))
		err = -EEXIST;
	else if (ipcp)
		err = ipc_get_old(ipcp, ops, params);
	else if (params->key != IPC_PRIVATE && !(params->flg & IPC_CREAT))
		err = -ENOENT;
	else
		err = ops->getnew(ids, params);
	up_write(&ids->rwsem);
	return err;
}
