// SPDX-License-Identifier: MIT
/*
 * Super blocks: one for each filesystem instance that is mounted, however often it shows.
 *
 * Two counts. s_active counts those who keep it mounted (each struct mount is one); when the last
 * goes, the filesystem is shut down by its type's ->kill_sb(). s_count counts those who keep only
 * the structure in memory, and all active ones together are one of them.
 *
 * Locks: sb_lock guards the lists and s_count. s_umount is held for writing while an instance is
 * set up and while it is shut down, for reading by those who go through its inodes meanwhile. Who
 * finds a super block in a list takes s_count first, then s_umount, and then looks at s_root:
 * without it the instance is not born yet, or dead.
 */
#include <linux/backing-dev.h>
#include <linux/blkdev.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/writeback.h>
#include "internal.h"

LIST_HEAD(super_blocks);
DEFINE_SPINLOCK(sb_lock);

/* ------------------------------------------------------------------ the structure */

/* Returned with s_umount held for writing, one s_count and one s_active. */
static struct super_block *alloc_super(struct file_system_type *type, unsigned int flags)
{
	static const struct super_operations default_op;
	struct super_block *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	INIT_LIST_HEAD(&s->s_list);
	INIT_HLIST_NODE(&s->s_instances);
	INIT_LIST_HEAD(&s->s_inodes);
	INIT_LIST_HEAD(&s->s_mounts);
	spin_lock_init(&s->s_inode_list_lock);
	mutex_init(&s->s_vfs_rename_mutex);
	init_rwsem(&s->s_umount);
	/* Nobody knows it yet, so nobody waits for it: sget_fc() may lock an older one inside. */
	down_write_nested(&s->s_umount, SINGLE_DEPTH_NESTING);
	s->s_count = 1;
	atomic_set(&s->s_active, 1);
	s->s_flags = flags;
	s->s_type = type;
	s->s_op = &default_op;
	s->s_bdi = &noop_backing_dev_info;
	s->s_blocksize = PAGE_SIZE;
	s->s_blocksize_bits = PAGE_SHIFT;
	s->s_maxbytes = MAX_LFS_FILESIZE;
	s->s_time_gran = 1;
	s->s_time_min = S64_MIN;
	s->s_time_max = S64_MAX;
	strscpy(s->s_id, type->name, sizeof(s->s_id));
	return s;
}

/* sb_lock held */
static void __put_super(struct super_block *s)
{
	if (!--s->s_count) {
		list_del_init(&s->s_list);
		kfree(s->s_subtype);
		kfree(s);
	}
}

static void put_super(struct super_block *sb)
{
	spin_lock(&sb_lock);
	__put_super(sb);
	spin_unlock(&sb_lock);
}

/* Releases s_umount (held for reading) and the reference on the structure. */
void drop_super(struct super_block *sb)
{
	up_read(&sb->s_umount);
	put_super(sb);
}
EXPORT_SYMBOL(drop_super);

/** deactivate_locked_super - gives back an active reference; s_umount is held, and released */
void deactivate_locked_super(struct super_block *s)
{
	struct file_system_type *fs = s->s_type;

	if (!atomic_dec_and_test(&s->s_active)) {
		up_write(&s->s_umount);
		return;
	}
	fs->kill_sb(s);
	put_filesystem(fs);
	put_super(s);
}
EXPORT_SYMBOL(deactivate_locked_super);

/** deactivate_super - gives back an active reference; the last one shuts the filesystem down */
void deactivate_super(struct super_block *s)
{
	if (atomic_add_unless(&s->s_active, -1, 1))
		return;
	down_write(&s->s_umount);
	deactivate_locked_super(s);
}
EXPORT_SYMBOL(deactivate_super);

/*
 * Turns a super block found under sb_lock, which is released, into an active reference with
 * s_umount held for writing. False when it died meanwhile: look again.
 */
static bool grab_super(struct super_block *s)
{
	bool alive;

	s->s_count++;
	spin_unlock(&sb_lock);
	down_write(&s->s_umount);
	alive = (s->s_flags & SB_BORN) && atomic_inc_not_zero(&s->s_active);
	if (!alive)
		up_write(&s->s_umount);
	put_super(s);
	return alive;
}

/** trylock_super - s_umount for reading, if it can be had at once and the instance is alive */
bool trylock_super(struct super_block *sb)
{
	if (!down_read_trylock(&sb->s_umount))
		return false;
	if (sb->s_root && (sb->s_flags & SB_BORN))
		return true;
	up_read(&sb->s_umount);
	return false;
}

/* ------------------------------------------------------------------ finding and making them */

/**
 * sget_fc - the instance that @test picks among the type's, or a new one
 * @test: may be NULL: always a new one. Called under sb_lock
 * @set: gives a new one its identity (s_dev, s_bdev); under sb_lock too, may fail
 *
 * Returns it active and with s_umount held for writing; a new one has no s_root yet. Errors:
 * -ENOMEM, what @set says, -EBUSY when it is mounted with another idea of read-only.
 */
struct super_block *sget_fc(struct fs_context *fc,
			    int (*test)(struct super_block *, struct fs_context *),
			    int (*set)(struct super_block *, struct fs_context *))
{
	struct super_block *s, *old;
	int err;

	s = alloc_super(fc->fs_type, fc->sb_flags);
	if (!s)
		return ERR_PTR(-ENOMEM);
retry:
	spin_lock(&sb_lock);
	if (test) {
		hlist_for_each_entry(old, &fc->fs_type->fs_supers, s_instances) {
			if (!test(old, fc))
				continue;
			if (!grab_super(old))
				goto retry;
			up_write(&s->s_umount);
			put_super(s);
			return old;
		}
	}
	s->s_fs_info = fc->s_fs_info;
	err = set(s, fc);
	if (err) {
		s->s_fs_info = NULL;
		spin_unlock(&sb_lock);
		up_write(&s->s_umount);
		put_super(s);
		return ERR_PTR(err);
	}
	fc->s_fs_info = NULL;
	list_add_tail(&s->s_list, &super_blocks);
	hlist_add_head(&s->s_instances, &fc->fs_type->fs_supers);
	get_filesystem(fc->fs_type);
	spin_unlock(&sb_lock);
	return s;
}
EXPORT_SYMBOL(sget_fc);

static DEFINE_IDA(unnamed_dev_ida);

/** get_anon_bdev - a device number for a filesystem without a device */
int get_anon_bdev(dev_t *p)
{
	int dev = ida_alloc_range(&unnamed_dev_ida, 1, MINORMASK, GFP_ATOMIC);

	if (dev < 0)
		return dev == -ENOSPC ? -EMFILE : dev;
	*p = MKDEV(0, dev);
	return 0;
}
EXPORT_SYMBOL(get_anon_bdev);

void free_anon_bdev(dev_t dev)
{
	ida_free(&unnamed_dev_ida, MINOR(dev));
}
EXPORT_SYMBOL(free_anon_bdev);

int set_anon_super(struct super_block *s, void *data)
{
	return get_anon_bdev(&s->s_dev);
}
EXPORT_SYMBOL(set_anon_super);

int set_anon_super_fc(struct super_block *sb, struct fs_context *fc)
{
	return set_anon_super(sb, NULL);
}
EXPORT_SYMBOL(set_anon_super_fc);

static int set_bdev_super_fc(struct super_block *s, struct fs_context *fc)
{
	struct block_device *bdev = fc->bdev;

	s->s_bdev = bdev;
	s->s_dev = bdev->bd_dev;
	s->s_bdi = bdev->bd_disk->bdi;
	return 0;
}

static int test_bdev_super_fc(struct super_block *s, struct fs_context *fc)
{
	return s->s_bdev == fc->bdev;
}

/* ------------------------------------------------------------------ fc->ops->get_tree() */

static int fill_new_super(struct super_block *s, struct fs_context *fc,
			  int (*fill_super)(struct super_block *, struct fs_context *))
{
	int err = fill_super(s, fc);

	if (err) {
		deactivate_locked_super(s);
		return err;
	}
	s->s_flags |= SB_ACTIVE;
	fc->root = dget(s->s_root);
	return 0;
}

/** get_tree_nodev - a new instance each time, without a device */
int get_tree_nodev(struct fs_context *fc,
		   int (*fill_super)(struct super_block *, struct fs_context *))
{
	struct super_block *s = sget_fc(fc, NULL, set_anon_super_fc);

	return IS_ERR(s) ? PTR_ERR(s) : fill_new_super(s, fc, fill_super);
}
EXPORT_SYMBOL(get_tree_nodev);

static int test_any_super(struct super_block *s, struct fs_context *fc)
{
	return 1;
}

/** get_tree_single - the one instance that the type has */
int get_tree_single(struct fs_context *fc,
		    int (*fill_super)(struct super_block *, struct fs_context *))
{
	struct super_block *s = sget_fc(fc, test_any_super, set_anon_super_fc);

	if (IS_ERR(s))
		return PTR_ERR(s);
	if (!s->s_root)
		return fill_new_super(s, fc, fill_super);
	fc->root = dget(s->s_root);
	return 0;
}
EXPORT_SYMBOL(get_tree_single);

/**
 * get_tree_bdev - the instance on the block device that fc->source names
 *
 * A device has one instance; mounting it again shows the same one. -EACCES when the device is
 * read-only and the mount is not, -EBUSY when somebody else has claimed the device.
 */
int get_tree_bdev(struct fs_context *fc,
		  int (*fill_super)(struct super_block *, struct fs_context *))
{
	fmode_t mode = FMODE_READ | FMODE_EXCL;
	struct block_device *bdev;
	struct super_block *s;

	if (!fc->source)
		return -EINVAL;
	if (!(fc->sb_flags & SB_RDONLY))
		mode |= FMODE_WRITE;
	bdev = blkdev_get_by_path(fc->source, mode, fc->fs_type);
	if (IS_ERR(bdev))
		return PTR_ERR(bdev);
	if (!(fc->sb_flags & SB_RDONLY) && bdev_read_only(bdev)) {
		blkdev_put(bdev, mode);
		return -EACCES;
	}

	fc->bdev = bdev;
	s = sget_fc(fc, test_bdev_super_fc, set_bdev_super_fc);
	if (IS_ERR(s)) {
		blkdev_put(bdev, mode);
		return PTR_ERR(s);
	}
	if (s->s_root) {
		bool differ = (fc->sb_flags ^ s->s_flags) & SB_RDONLY;

		/* Its own claim on the device is enough; putting ours may need s_umount's lock. */
		up_write(&s->s_umount);
		blkdev_put(bdev, mode);
		down_write(&s->s_umount);
		if (differ) {
			deactivate_locked_super(s);
			return -EBUSY;
		}
		fc->root = dget(s->s_root);
		return 0;
	}
	s->s_mode = mode;
	strscpy(s->s_id, bdev->bd_name, sizeof(s->s_id));
	sb_set_blocksize(s, max(bdev_logical_block_size(bdev), 1024U));
	bdev->bd_super = s;
	return fill_new_super(s, fc, fill_super);
}
EXPORT_SYMBOL(get_tree_bdev);

/* ------------------------------------------------------------------ types with ->mount() */

struct legacy_fill {
	int (*fill)(struct super_block *, void *, int);
	void *data;
};

static int legacy_fill_super(struct super_block *s, struct fs_context *fc)
{
	struct legacy_fill *l = fc->fs_private;

	return l->fill(s, l->data, (fc->sb_flags & SB_SILENT) ? 1 : 0);
}

typedef int (*get_tree_t)(struct fs_context *fc,
			  int (*fill_super)(struct super_block *, struct fs_context *));

static struct dentry *legacy_tree(struct file_system_type *type, int flags, const char *dev_name,
				  struct legacy_fill *l, get_tree_t get_tree)
{
	struct fs_context fc = {
		.fs_type = type, .sb_flags = flags, .source = dev_name, .fs_private = l,
	};
	int err = get_tree(&fc, legacy_fill_super);

	return err ? ERR_PTR(err) : fc.root;
}

/** mount_bdev - for ->mount() of a type with a device; @fill_super reads the disk */
struct dentry *mount_bdev(struct file_system_type *fs_type, int flags, const char *dev_name,
			  void *data, int (*fill_super)(struct super_block *, void *, int))
{
	struct legacy_fill l = { fill_super, data };

	return legacy_tree(fs_type, flags, dev_name, &l, get_tree_bdev);
}
EXPORT_SYMBOL(mount_bdev);

struct dentry *mount_nodev(struct file_system_type *fs_type, int flags, void *data,
			   int (*fill_super)(struct super_block *, void *, int))
{
	struct legacy_fill l = { fill_super, data };

	return legacy_tree(fs_type, flags, NULL, &l, get_tree_nodev);
}
EXPORT_SYMBOL(mount_nodev);

struct dentry *mount_single(struct file_system_type *fs_type, int flags, void *data,
			    int (*fill_super)(struct super_block *, void *, int))
{
	struct legacy_fill l = { fill_super, data };

	return legacy_tree(fs_type, flags, NULL, &l, get_tree_single);
}
EXPORT_SYMBOL(mount_single);

/**
 * vfs_get_tree - gets the instance that a context describes
 *
 * On success fc->root is its root, with a reference, the instance is active for the caller and
 * s_umount is held for writing.
 */
int vfs_get_tree(struct fs_context *fc)
{
	struct super_block *sb;
	int err;

	if (fc->root)
		return -EBUSY;
	err = fc->ops->get_tree(fc);
	if (err < 0)
		return err;
	sb = fc->root->d_sb;
	smp_wmb();		/* what is set up is seen before SB_BORN */
	sb->s_flags |= SB_BORN;
	return 0;
}

/* ------------------------------------------------------------------ shutting down */

/**
 * generic_shutdown_super - takes an instance apart; the common part of every ->kill_sb()
 *
 * s_umount is held for writing, and released. Dirty inodes are written, names and inodes freed,
 * then ->put_super() frees what the filesystem has.
 */
void generic_shutdown_super(struct super_block *sb)
{
	const struct super_operations *sop = sb->s_op;

	if (sb->s_root) {
		down_write(&vfs_shrink_rwsem);
		shrink_dcache_for_umount(sb);
		sync_filesystem(sb);
		sb->s_flags &= ~SB_ACTIVE;
		evict_inodes(sb);
		up_write(&vfs_shrink_rwsem);
		if (sop->put_super)
			sop->put_super(sb);
		if (!list_empty(&sb->s_inodes))
			pr_err("%s (%s): inodes are still in use after unmount\n", sb->s_id,
			       sb->s_type->name);
	}
	spin_lock(&sb_lock);
	hlist_del_init(&sb->s_instances);
	spin_unlock(&sb_lock);
	up_write(&sb->s_umount);
}
EXPORT_SYMBOL(generic_shutdown_super);

void kill_anon_super(struct super_block *sb)
{
	dev_t dev = sb->s_dev;

	generic_shutdown_super(sb);
	free_anon_bdev(dev);
}
EXPORT_SYMBOL(kill_anon_super);

/** kill_litter_super - for filesystems that live in the dentry cache only, like ramfs */
void kill_litter_super(struct super_block *sb)
{
	if (sb->s_root)
		d_genocide(sb->s_root);
	kill_anon_super(sb);
}
EXPORT_SYMBOL(kill_litter_super);

void kill_block_super(struct super_block *sb)
{
	struct block_device *bdev = sb->s_bdev;
	fmode_t mode = sb->s_mode;

	bdev->bd_super = NULL;
	generic_shutdown_super(sb);
	sync_blockdev(bdev);
	blkdev_put(bdev, mode);
}
EXPORT_SYMBOL(kill_block_super);

/* ------------------------------------------------------------------ remounting */

/**
 * reconfigure_super - changes a mounted instance's options; s_umount held for writing
 *
 * Going read-only fails with -EBUSY while a file is open for writing, or removed but in use.
 */
int reconfigure_super(struct fs_context *fc)
{
	struct super_block *sb = fc->root->d_sb;
	unsigned int flags = (sb->s_flags & ~fc->sb_flags_mask) |
			     (fc->sb_flags & fc->sb_flags_mask);
	bool to_ro = (flags & SB_RDONLY) && !sb_rdonly(sb);
	bool to_rw = !(flags & SB_RDONLY) && sb_rdonly(sb);
	int err = 0;

	if (to_rw && sb->s_bdev && bdev_read_only(sb->s_bdev))
		return -EACCES;
	shrink_dcache_sb(sb);
	if (to_ro) {
		err = sb_prepare_remount_readonly(sb);
		if (err)
			return err;
		sync_filesystem(sb);
	}
	if (fc->ops->reconfigure)
		err = fc->ops->reconfigure(fc);
	if (!err)
		sb->s_flags = flags;
	if (to_ro)
		sb_end_remount_readonly(sb);
	/* The cache of the device may hold what a program is about to read from there. */
	if (!err && to_ro && sb->s_bdev)
		sync_blockdev(sb->s_bdev);
	return err;
}

/* ------------------------------------------------------------------ going through all */

static void for_each_super(struct file_system_type *type,
			   void (*fn)(struct super_block *, void *), void *arg)
{
	struct super_block *sb, *prev = NULL;

	spin_lock(&sb_lock);
	list_for_each_entry(sb, &super_blocks, s_list) {
		if (hlist_unhashed(&sb->s_instances) || (type && sb->s_type != type))
			continue;
		sb->s_count++;
		spin_unlock(&sb_lock);

		down_read(&sb->s_umount);
		if (sb->s_root && (sb->s_flags & SB_BORN))
			fn(sb, arg);
		up_read(&sb->s_umount);

		spin_lock(&sb_lock);
		/* The previous one kept our place in the list. */
		if (prev)
			__put_super(prev);
		prev = sb;
	}
	if (prev)
		__put_super(prev);
	spin_unlock(&sb_lock);
}

/** iterate_supers - calls @fn on each mounted instance, with s_umount held for reading */
void iterate_supers(void (*fn)(struct super_block *, void *), void *arg)
{
	for_each_super(NULL, fn, arg);
}

void iterate_supers_type(struct file_system_type *type,
			 void (*fn)(struct super_block *, void *), void *arg)
{
	for_each_super(type, fn, arg);
}

/** user_get_super - the instance with a device number; drop_super() gives it back */
struct super_block *user_get_super(dev_t dev, bool excl)
{
	struct super_block *sb;

	spin_lock(&sb_lock);
	list_for_each_entry(sb, &super_blocks, s_list) {
		if (sb->s_dev != dev || hlist_unhashed(&sb->s_instances))
			continue;
		sb->s_count++;
		spin_unlock(&sb_lock);
		if (excl)
			down_write(&sb->s_umount);
		else
			down_read(&sb->s_umount);
		if (sb->s_root && (sb->s_flags & SB_BORN))
			return sb;
		if (excl)
			up_write(&sb->s_umount);
		else
			up_read(&sb->s_umount);
		put_super(sb);
		return NULL;
	}
	spin_unlock(&sb_lock);
	return NULL;
}

struct super_block *get_super(struct block_device *bdev)
{
	return bdev ? user_get_super(bdev->bd_dev, false) : NULL;
}
