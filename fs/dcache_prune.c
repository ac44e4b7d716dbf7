// SPDX-License-Identifier: MIT
/*
 * Making the dentry cache smaller: below one directory, for a whole filesystem that is unmounted,
 * and when memory is wanted.
 *
 * A subtree is walked without holding a lock between steps, by references on a dentry and its
 * parent. Reclaim takes the longest unused dentries off the LRU list; one that was used again since
 * it came there (DCACHE_REFERENCED) is let off once.
 */
#include <linux/dcache.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/rwsem.h>
#include <linux/shrinker.h>
#include "internal.h"

DECLARE_RWSEM(vfs_shrink_rwsem);

/* ------------------------------------------------------------------ walking subtrees */

/* The first child at or after @pos that is alive, with a reference. parent->d_lock held. */
static struct dentry *child_from(struct dentry *parent, struct list_head *pos)
{
	for (; pos != &parent->d_subdirs; pos = pos->next) {
		struct dentry *child = list_entry(pos, struct dentry, d_child);

		if (dget_alive(child))
			return child;
	}
	return NULL;
}

static struct dentry *first_child(struct dentry *parent)
{
	struct dentry *child;

	spin_lock(&parent->d_lock);
	child = child_from(parent, parent->d_subdirs.next);
	spin_unlock(&parent->d_lock);
	return child;
}

/* The sibling after @child; false in *@ok when @child has moved away from @parent. */
static struct dentry *next_sibling(struct dentry *parent, struct dentry *child, bool *ok)
{
	struct dentry *next = NULL;

	spin_lock(&parent->d_lock);
	*ok = child->d_parent == parent;
	if (*ok)
		next = child_from(parent, child->d_child.next);
	spin_unlock(&parent->d_lock);
	return next;
}

/*
 * Calls @leave on every dentry below @root, children before parents; @leave takes over a
 * reference. It holds no lock between steps: what is added behind it is not seen, and when a
 * rename takes the ground from under it, it begins again.
 */
static void d_walk_up(struct dentry *root, void (*leave)(struct dentry *))
{
	struct dentry *parent, *this, *child, *next;
	bool ok;

again:
	parent = dget(root);
	this = first_child(parent);
	while (this) {
		while ((child = first_child(this)) != NULL) {
			dput(parent);
			parent = this;
			this = child;
		}
		/* this is a leaf now, or has only children already left: go on behind it. */
		for (;;) {
			next = next_sibling(parent, this, &ok);
			if (!ok) {
				dput(this);
				dput(parent);
				goto again;
			}
			leave(this);
			this = next;
			if (this || parent == root)
				break;
			this = parent;
			parent = dget_parent(this);
		}
		if (!this)
			break;
	}
	dput(parent);
}

/** shrink_dcache_parent - frees what is unused below @parent */
void shrink_dcache_parent(struct dentry *parent)
{
	d_walk_up(parent, d_kill_unused);
}
EXPORT_SYMBOL(shrink_dcache_parent);

static void unpin(struct dentry *dentry)
{
	bool pinned;

	spin_lock(&dentry->d_lock);
	pinned = simple_positive(dentry) && !(dentry->d_flags & DCACHE_GENOCIDE);
	if (pinned)
		dentry->d_flags |= DCACHE_GENOCIDE;
	spin_unlock(&dentry->d_lock);
	if (pinned)
		lockref_put_not_last(&dentry->d_lockref);	/* the walk has a reference too */
	d_kill_unused(dentry);
}

/**
 * d_genocide - frees the dentries of a filesystem that has no other store than the cache
 *
 * Such a filesystem keeps each name by one extra reference; here they are dropped.
 */
void d_genocide(struct dentry *parent)
{
	d_walk_up(parent, unpin);
}
EXPORT_SYMBOL(d_genocide);

/**
 * d_invalidate - the name is no longer right: forget it and what is below it
 *
 * The caller has a reference. Dentries in use stay with their users but are found no more.
 */
void d_invalidate(struct dentry *dentry)
{
	d_drop(dentry);
	if (dentry->d_inode)
		shrink_dcache_parent(dentry);
}
EXPORT_SYMBOL(d_invalidate);

/** d_prune_aliases - frees the unused names of an inode; the caller has a reference on the inode */
void d_prune_aliases(struct inode *inode)
{
	struct dentry *dentry;

	while ((dentry = d_find_alias(inode)) != NULL) {
		bool busy = d_count(dentry) > 1;

		d_kill_unused(dentry);
		if (busy)
			break;
	}
}
EXPORT_SYMBOL(d_prune_aliases);

/** shrink_dcache_sb - frees all unused dentries of a super block */
void shrink_dcache_sb(struct super_block *sb)
{
	shrink_dcache_parent(sb->s_root);
}
EXPORT_SYMBOL(shrink_dcache_sb);

static void report_busy(struct dentry *dentry)
{
	pr_err("%s (%s): \"%s\" is still in use at unmount (count %d)\n", dentry->d_sb->s_id,
	       dentry->d_sb->s_type->name, dentry->d_name.name, d_count(dentry) - 1);
	dput(dentry);
}

/* The end of a filesystem's dentries, its root included. vfs_shrink_rwsem keeps reclaim away. */
void shrink_dcache_for_umount(struct super_block *sb)
{
	struct dentry *root = sb->s_root;

	sb->s_root = NULL;
	shrink_dcache_parent(root);
	if (d_count(root) != 1) {
		d_walk_up(root, report_busy);
		pr_err("%s: the root is still in use at unmount (count %d)\n", sb->s_id,
		       d_count(root));
	}
	d_drop(root);
	dput(root);
}

/* ------------------------------------------------------------------ reclaim */

static unsigned long dcache_count(struct shrinker *shrink, struct shrink_control *sc)
{
	return READ_ONCE(nr_dentry_unused);
}

/* Takes up to @nr old dentries off the LRU, dead, onto @dispose. Returns how many it looked at. */
static unsigned long isolate_dentries(unsigned long nr, struct list_head *dispose)
{
	unsigned long seen = 0;

	spin_lock(&dcache_lru_lock);
	for (; seen < nr && !list_empty(&dcache_lru); seen++) {
		struct dentry *dentry = list_first_entry(&dcache_lru, struct dentry, d_lru);

		/* The usual order is d_lock first, so here it can only be tried. */
		if (!spin_trylock(&dentry->d_lock)) {
			list_move_tail(&dentry->d_lru, &dcache_lru);
			continue;
		}
		if (dentry->d_flags & DCACHE_REFERENCED) {
			dentry->d_flags &= ~DCACHE_REFERENCED;
			list_move_tail(&dentry->d_lru, &dcache_lru);
		} else if (lockref_mark_dead(&dentry->d_lockref)) {
			__d_lru_del(dentry);
			list_add(&dentry->d_lru, dispose);
		} else {
			__d_lru_del(dentry);	/* in use: dput() puts it back */
		}
		spin_unlock(&dentry->d_lock);
	}
	spin_unlock(&dcache_lru_lock);
	return seen;
}

static unsigned long dcache_scan(struct shrinker *shrink, struct shrink_control *sc)
{
	LIST_HEAD(dispose);
	unsigned long freed = 0;

	/* Freeing an inode enters its filesystem, whose locks the allocator's caller may hold. */
	if (!(sc->gfp_mask & __GFP_FS) || !down_read_trylock(&vfs_shrink_rwsem))
		return SHRINK_STOP;
	isolate_dentries(sc->nr_to_scan, &dispose);
	while (!list_empty(&dispose)) {
		struct dentry *dentry = list_first_entry(&dispose, struct dentry, d_lru);

		list_del_init(&dentry->d_lru);
		dput(dentry_kill(dentry));
		freed++;
	}
	up_read(&vfs_shrink_rwsem);
	return freed;
}

static struct shrinker dcache_shrinker = {
	.count_objects	= dcache_count,
	.scan_objects	= dcache_scan,
	.seeks		= DEFAULT_SEEKS,
};

static int __init vfs_shrinkers_init(void)
{
	int err = register_shrinker(&dcache_shrinker, "dentries");

	return err ?: inode_shrinker_init();
}
core_initcall(vfs_shrinkers_init);
