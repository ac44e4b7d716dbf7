/* SPDX-License-Identifier: MIT */
/*
 * A mount: one appearance of a filesystem in the tree of names.
 *
 * mount_lock guards mnt_hash, mnt_parent, mnt_mountpoint, mnt_mounts, mnt_child, mnt_instance and
 * MNT_WRITE_HOLD; namespace_sem is held for writing around each change of the tree, so that a
 * reader who may sleep can hold that instead.
 */
#ifndef _FS_MOUNT_H
#define _FS_MOUNT_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mount.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

struct mount {
	struct hlist_node	mnt_hash;
	struct mount		*mnt_parent;	/* itself when it is attached nowhere */
	struct dentry		*mnt_mountpoint;	/* in the parent; referenced */
	struct vfsmount		mnt;
	atomic_t		mnt_count;	/* the tree's reference counts as one */
	atomic_t		mnt_writers;	/* files open for writing and changes under way */
	struct list_head	mnt_mounts;	/* children */
	struct list_head	mnt_child;
	struct list_head	mnt_instance;	/* in sb->s_mounts */
	struct list_head	mnt_list;	/* in mount_list, oldest first; namespace_sem */
	const char		*mnt_devname;
	int			mnt_id;
	bool			attached;	/* part of the tree of names */
	int			mnt_expiry_mark;	/* 1: MNT_EXPIRE found it unused, and nobody came by since */
};

extern spinlock_t mount_lock;
extern struct rw_semaphore namespace_sem;
extern struct list_head mount_list;

static inline struct mount *real_mount(struct vfsmount *mnt)
{
	return container_of(mnt, struct mount, mnt);
}

static inline bool mnt_has_parent(struct mount *mnt)
{
	return mnt != mnt->mnt_parent;
}

struct mount *__lookup_mnt(struct vfsmount *mnt, struct dentry *dentry);

#endif
