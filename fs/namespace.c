// SPDX-License-Identifier: MIT
/*
 * The tree of mounts: which filesystem shows where.
 *
 * A mount is attached to a dentry of its parent mount; the walk finds it there by lookup_mnt(), in
 * a hash table, when the dentry has DCACHE_MOUNTED. There is one tree for all tasks.
 *
 * mnt_count: the tree's reference, one for each child, one for each path (open file, working
 * directory...) that holds the mount. A mount is busy when more than the tree and the caller of
 * umount(2) have it. New references come from old ones or, under mount_lock, from the table:
 * so under mount_lock a mount that is not busy stays so. Locks: see fs/mount.h.
 */
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/fs_struct.h>
#include <linux/hash.h>
#include <linux/idr.h>
#include <linux/ramfs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/mm.h>
#include "internal.h"
#include "mount.h"

#define MOUNT_HASH_BITS	6

static struct hlist_head mount_hashtable[1 << MOUNT_HASH_BITS];	/* mount_lock */
static struct kmem_cache *mnt_cache;
static DEFINE_IDA(mnt_id_ida);

DEFINE_SPINLOCK(mount_lock);
DECLARE_RWSEM(namespace_sem);
LIST_HEAD(mount_list);

static struct hlist_head *m_hash(struct vfsmount *mnt, struct dentry *dentry)
{
	unsigned long key = ((unsigned long)mnt >> 5) + ((unsigned long)dentry >> 5);

	return &mount_hashtable[hash_long(key, MOUNT_HASH_BITS)];
}

/* ------------------------------------------------------------------ references */

struct vfsmount *mntget(struct vfsmount *mnt)
{
	if (mnt)
		atomic_inc(&real_mount(mnt)->mnt_count);
	return mnt;
}
EXPORT_SYMBOL(mntget);

static struct mount *alloc_vfsmnt(const char *name)
{
	struct mount *mnt = kmem_cache_zalloc(mnt_cache, GFP_KERNEL);

	if (!mnt)
		return NULL;
	mnt->mnt_id = ida_alloc(&mnt_id_ida, GFP_KERNEL);
	if (mnt->mnt_id < 0)
		goto out_free;
	mnt->mnt_devname = kstrdup(name ?: "none", GFP_KERNEL);
	if (!mnt->mnt_devname)
		goto out_id;
	atomic_set(&mnt->mnt_count, 1);
	atomic_set(&mnt->mnt_writers, 0);
	INIT_HLIST_NODE(&mnt->mnt_hash);
	INIT_LIST_HEAD(&mnt->mnt_mounts);
	INIT_LIST_HEAD(&mnt->mnt_child);
	INIT_LIST_HEAD(&mnt->mnt_instance);
	INIT_LIST_HEAD(&mnt->mnt_list);
	mnt->mnt_parent = mnt;
	return mnt;
out_id:
	ida_free(&mnt_id_ida, mnt->mnt_id);
out_free:
	kmem_cache_free(mnt_cache, mnt);
	return NULL;
}

static void free_vfsmnt(struct mount *mnt)
{
	ida_free(&mnt_id_ida, mnt->mnt_id);
	kfree(mnt->mnt_devname);
	kmem_cache_free(mnt_cache, mnt);
}

static void mntput_no_expire(struct mount *mnt)
{
	struct vfsmount *m = &mnt->mnt;
	struct super_block *sb;

	if (!atomic_dec_and_test(&mnt->mnt_count))
		return;
	WARN_ON(atomic_read(&mnt->mnt_writers));
	spin_lock(&mount_lock);
	list_del_init(&mnt->mnt_instance);
	spin_unlock(&mount_lock);
	sb = m->mnt_sb;
	dput(m->mnt_root);
	deactivate_super(sb);
	free_vfsmnt(mnt);
}
EXPORT_SYMBOL(mntput);

/** mntput - gives a reference back, or NULL. The last may shut the filesystem down: sleeps */
void mntput(struct vfsmount *m)
{
	if (!m)
		return;
	if (unlikely(READ_ONCE(real_mount(m)->mnt_expiry_mark)))
		WRITE_ONCE(real_mount(m)->mnt_expiry_mark, 0);
	mntput_no_expire(real_mount(m));
}

/* ------------------------------------------------------------------ write access */

bool __mnt_is_readonly(struct vfsmount *mnt)
{
	return (mnt->mnt_flags & MNT_READONLY) || sb_rdonly(mnt->mnt_sb) ||
	       READ_ONCE(mnt->mnt_sb->s_readonly_remount);
}
EXPORT_SYMBOL(__mnt_is_readonly);

/**
 * mnt_want_write - before anything that changes the filesystem through this mount
 *
 * Returns 0, and then mnt_drop_write() is owed, or -EROFS. A remount to read-only counts those
 * who are inside and refuses while there are any.
 */
int mnt_want_write(struct vfsmount *m)
{
	struct mount *mnt = real_mount(m);

	atomic_inc(&mnt->mnt_writers);
	/* We count ourselves, then look at the flags; a remount sets HOLD, then counts. */
	smp_mb();
	while (READ_ONCE(m->mnt_flags) & MNT_WRITE_HOLD)
		cpu_relax();
	smp_rmb();
	if (__mnt_is_readonly(m)) {
		mnt_drop_write(m);
		return -EROFS;
	}
	return 0;
}
EXPORT_SYMBOL(mnt_want_write);

void mnt_drop_write(struct vfsmount *m)
{
	atomic_dec(&real_mount(m)->mnt_writers);
}
EXPORT_SYMBOL(mnt_drop_write);

/** mnt_want_write_file - the same for an open file, which has access already if open for writing */
int mnt_want_write_file(struct file *file)
{
	return mnt_want_write(file->f_path.mnt);
}
EXPORT_SYMBOL(mnt_want_write_file);

void mnt_drop_write_file(struct file *file)
{
	mnt_drop_write(file->f_path.mnt);
}
EXPORT_SYMBOL(mnt_drop_write_file);

/*
 * Stops new writers on all mounts of a super block, and says -EBUSY if there are some. On success
 * sb_end_remount_readonly() is owed, soon: until then who wants to write is refused.
 */
int sb_prepare_remount_readonly(struct super_block *sb)
{
	struct mount *mnt;
	int err = 0;

	/* Files that were removed but are in use would be freed on disk later. */
	if (atomic_long_read(&sb->s_remove_count))
		return -EBUSY;
	spin_lock(&mount_lock);
	list_for_each_entry(mnt, &sb->s_mounts, mnt_instance)
		WRITE_ONCE(mnt->mnt.mnt_flags, mnt->mnt.mnt_flags | MNT_WRITE_HOLD);
	smp_mb();
	list_for_each_entry(mnt, &sb->s_mounts, mnt_instance)
		if (atomic_read(&mnt->mnt_writers))
			err = -EBUSY;
	if (!err)
		WRITE_ONCE(sb->s_readonly_remount, 1);
	smp_wmb();
	list_for_each_entry(mnt, &sb->s_mounts, mnt_instance)
		WRITE_ONCE(mnt->mnt.mnt_flags, mnt->mnt.mnt_flags & ~MNT_WRITE_HOLD);
	spin_unlock(&mount_lock);
	return err;
}

void sb_end_remount_readonly(struct super_block *sb)
{
	smp_wmb();		/* SB_RDONLY, if it has come, is seen first */
	WRITE_ONCE(sb->s_readonly_remount, 0);
}

bool path_noexec(const struct path *path)
{
	return path->mnt->mnt_flags & MNT_NOEXEC;
}

bool mnt_may_suid(struct vfsmount *mnt)
{
	return !(mnt->mnt_flags & MNT_NOSUID);
}

/* ------------------------------------------------------------------ the tree */

/* mount_lock held */
struct mount *__lookup_mnt(struct vfsmount *mnt, struct dentry *dentry)
{
	struct mount *p;

	hlist_for_each_entry(p, m_hash(mnt, dentry), mnt_hash)
		if (&p->mnt_parent->mnt == mnt && p->mnt_mountpoint == dentry)
			return p;
	return NULL;
}

/* What is mounted right on @path, with a reference, or NULL. */
struct vfsmount *lookup_mnt(const struct path *path)
{
	struct mount *child;
	struct vfsmount *m;

	spin_lock(&mount_lock);
	child = __lookup_mnt(path->mnt, path->dentry);
	m = child ? mntget(&child->mnt) : NULL;
	spin_unlock(&mount_lock);
	return m;
}

/** is_local_mountpoint - is something mounted on this dentry, in whichever mount? */
bool is_local_mountpoint(struct dentry *dentry)
{
	struct mount *mnt;
	bool found = false;

	if (!d_mountpoint(dentry))
		return false;
	spin_lock(&mount_lock);
	for (int i = 0; i < 1 << MOUNT_HASH_BITS && !found; i++)
		hlist_for_each_entry(mnt, &mount_hashtable[i], mnt_hash)
			if (mnt->mnt_mountpoint == dentry)
				found = true;
	spin_unlock(&mount_lock);
	return found;
}

bool path_is_mountpoint(const struct path *path)
{
	struct vfsmount *m = d_mountpoint(path->dentry) ? lookup_mnt(path) : NULL;

	mntput(m);
	return m != NULL;
}

bool our_mnt(struct vfsmount *mnt)
{
	return real_mount(mnt)->attached;
}

/* References on a place that something is to be mounted on, and its mark. */
static void get_mountpoint(const struct path *where)
{
	path_get(where);
	spin_lock(&where->dentry->d_lock);
	where->dentry->d_flags |= DCACHE_MOUNTED;
	spin_unlock(&where->dentry->d_lock);
}

/* Puts @mnt onto a place; mount_lock held. The references on both pass to the tree. */
static void hash_mnt(struct mount *mnt, const struct path *where)
{
	struct mount *parent = real_mount(where->mnt);

	mnt->mnt_parent = parent;
	mnt->mnt_mountpoint = where->dentry;
	mnt->attached = true;
	list_add_tail(&mnt->mnt_child, &parent->mnt_mounts);
	hlist_add_head(&mnt->mnt_hash, m_hash(&parent->mnt, where->dentry));
	list_add_tail(&mnt->mnt_list, &mount_list);
}

static void attach_mnt(struct mount *mnt, const struct path *where)
{
	get_mountpoint(where);
	spin_lock(&mount_lock);
	hash_mnt(mnt, where);
	spin_unlock(&mount_lock);
}

/* Takes @mnt out of the tree; mount_lock held. What it held of its place goes to @where. */
static void unhash_mnt(struct mount *mnt, struct path *where)
{
	where->mnt = &mnt->mnt_parent->mnt;
	where->dentry = mnt->mnt_mountpoint;
	mnt->mnt_parent = mnt;
	mnt->mnt_mountpoint = NULL;
	mnt->attached = false;
	list_del_init(&mnt->mnt_child);
	hlist_del_init(&mnt->mnt_hash);
	list_del_init(&mnt->mnt_list);
}

/* The other half, without the lock: clears the mark on the place and lets it go. */
static void release_mountpoint(struct path *where)
{
	if (!is_local_mountpoint(where->dentry)) {
		spin_lock(&where->dentry->d_lock);
		where->dentry->d_flags &= ~DCACHE_MOUNTED;
		spin_unlock(&where->dentry->d_lock);
	}
	path_put(where);
}

/*
 * Attaches a mount to the topmost thing at @path. On success the tree owns the caller's reference
 * on @mnt. The place is locked, so that it is not removed meanwhile.
 */
static int graft_mount(struct mount *mnt, const struct path *path)
{
	struct path where = *path;
	struct inode *inode;
	int err;

	path_get(&where);
	down_write(&namespace_sem);
	follow_down(&where);
	inode = where.dentry->d_inode;
	inode_lock(inode);
	err = -ENOENT;
	if (cant_mount(where.dentry) || d_unlinked(where.dentry))
		goto out;
	err = -EINVAL;
	if (!real_mount(where.mnt)->attached)
		goto out;
	err = -EBUSY;
	if (where.mnt->mnt_sb == mnt->mnt.mnt_sb && where.mnt->mnt_root == where.dentry &&
	    mnt->mnt.mnt_root == where.dentry)
		goto out;		/* the very same, once more on top of itself */
	err = -ENOTDIR;
	if (d_is_dir(where.dentry) != d_is_dir(mnt->mnt.mnt_root))
		goto out;
	attach_mnt(mnt, &where);
	err = 0;
out:
	inode_unlock(inode);
	up_write(&namespace_sem);
	path_put(&where);
	return err;
}

/* ------------------------------------------------------------------ making mounts */

/* A mount of a root, both of whose references pass to it: on the dentry and, active, on its sb. */
static struct mount *mount_of_root(struct dentry *root, const char *devname)
{
	struct mount *mnt = alloc_vfsmnt(devname);

	if (!mnt)
		return ERR_PTR(-ENOMEM);
	mnt->mnt.mnt_root = root;
	mnt->mnt.mnt_sb = root->d_sb;
	mnt->mnt_mountpoint = root;
	spin_lock(&mount_lock);
	list_add_tail(&mnt->mnt_instance, &root->d_sb->s_mounts);
	spin_unlock(&mount_lock);
	return mnt;
}

/** vfs_create_mount - a mount of what vfs_get_tree() got; attached nowhere yet */
struct vfsmount *vfs_create_mount(struct fs_context *fc)
{
	struct mount *mnt;

	if (!fc->root)
		return ERR_PTR(-EINVAL);
	mnt = mount_of_root(fc->root, fc->source);
	if (IS_ERR(mnt))
		return ERR_CAST(mnt);
	fc->root = NULL;
	return &mnt->mnt;
}

static struct vfsmount *fc_mount(struct fs_context *fc)
{
	int err = vfs_get_tree(fc);

	if (err)
		return ERR_PTR(err);
	up_write(&fc->root->d_sb->s_umount);
	return vfs_create_mount(fc);
}

/* A context for mount(2)'s arguments. */
static struct fs_context *mount_context(struct file_system_type *type, int flags, const char *name,
					void *data)
{
	struct fs_context *fc = fs_context_for_mount(type, flags);
	int err = 0;

	if (IS_ERR(fc))
		return fc;
	if (name)
		err = vfs_parse_fs_string(fc, "source", name, strlen(name));
	if (!err)
		err = parse_monolithic_mount_data(fc, data);
	if (!err)
		return fc;
	put_fs_context(fc);
	return ERR_PTR(err);
}

/** vfs_kern_mount - a mount for the kernel's own use or to be attached; mntput() ends it */
struct vfsmount *vfs_kern_mount(struct file_system_type *type, int flags, const char *name,
				void *data)
{
	struct fs_context *fc = mount_context(type, flags, name, data);
	struct vfsmount *mnt;

	if (IS_ERR(fc))
		return ERR_CAST(fc);
	mnt = fc_mount(fc);
	put_fs_context(fc);
	return mnt;
}
EXPORT_SYMBOL(vfs_kern_mount);

struct vfsmount *kern_mount(struct file_system_type *type)
{
	struct vfsmount *mnt = vfs_kern_mount(type, SB_KERNMOUNT, type->name, NULL);

	if (!IS_ERR(mnt))
		mnt->mnt_flags |= MNT_INTERNAL;
	return mnt;
}
EXPORT_SYMBOL(kern_mount);

void kern_unmount(struct vfsmount *mnt)
{
	if (!IS_ERR_OR_NULL(mnt))
		mntput(mnt);
}
EXPORT_SYMBOL(kern_unmount);

/* ------------------------------------------------------------------ mount(2) */

static int do_new_mount(const struct path *path, const char *fstype, int sb_flags, int mnt_flags,
			const char *name, void *data)
{
	struct file_system_type *type;
	struct fs_context *fc;
	struct vfsmount *mnt;
	int err;

	if (!fstype)
		return -EINVAL;
	type = get_fs_type(fstype);
	if (!type)
		return -ENODEV;
	fc = mount_context(type, sb_flags, name, data);
	put_filesystem(type);
	if (IS_ERR(fc))
		return PTR_ERR(fc);
	mnt = fc_mount(fc);
	put_fs_context(fc);
	if (IS_ERR(mnt))
		return PTR_ERR(mnt);
	if (mnt->mnt_sb->s_flags & SB_NOUSER) {
		mntput(mnt);
		return -EINVAL;
	}
	mnt->mnt_flags = mnt_flags;
	err = graft_mount(real_mount(mnt), path);
	if (err)
		mntput(mnt);
	return err;
}

/* The same filesystem, from @old on downwards, at a second place. */
static int do_bind_mount(const struct path *path, const char *old_name)
{
	struct path old;
	struct mount *mnt;
	int err;

	if (!old_name || !*old_name)
		return -EINVAL;
	err = kern_path(old_name, LOOKUP_FOLLOW, &old);
	if (err)
		return err;
	err = -EINVAL;
	if (!real_mount(old.mnt)->attached)
		goto out;
	atomic_inc(&old.mnt->mnt_sb->s_active);
	mnt = mount_of_root(dget(old.dentry), real_mount(old.mnt)->mnt_devname);
	if (IS_ERR(mnt)) {
		dput(old.dentry);
		deactivate_super(old.mnt->mnt_sb);
		err = PTR_ERR(mnt);
		goto out;
	}
	mnt->mnt.mnt_flags = old.mnt->mnt_flags & MNT_USER_SETTABLE_MASK;
	err = graft_mount(mnt, path);
	if (err)
		mntput(&mnt->mnt);
out:
	path_put(&old);
	return err;
}

/* New flags for one mount; going read-only needs that nobody writes through it. */
static int change_mount_flags(struct mount *mnt, int mnt_flags)
{
	int err = 0;

	spin_lock(&mount_lock);
	if ((mnt_flags & MNT_READONLY) && !(mnt->mnt.mnt_flags & MNT_READONLY)) {
		WRITE_ONCE(mnt->mnt.mnt_flags, mnt->mnt.mnt_flags | MNT_WRITE_HOLD);
		smp_mb();
		if (atomic_read(&mnt->mnt_writers))
			err = -EBUSY;
	}
	if (!err)
		mnt_flags |= mnt->mnt.mnt_flags & ~(MNT_USER_SETTABLE_MASK | MNT_WRITE_HOLD);
	else
		mnt_flags = mnt->mnt.mnt_flags & ~MNT_WRITE_HOLD;
	smp_wmb();
	WRITE_ONCE(mnt->mnt.mnt_flags, mnt_flags);
	spin_unlock(&mount_lock);
	return err;
}

static int do_remount(const struct path *path, int sb_flags, int mnt_flags, void *data)
{
	struct super_block *sb = path->mnt->mnt_sb;
	struct fs_context *fc;
	int err;

	fc = fs_context_for_reconfigure(path->dentry, sb_flags,
					SB_RDONLY | SB_SYNCHRONOUS | SB_DIRSYNC | SB_MANDLOCK);
	if (IS_ERR(fc))
		return PTR_ERR(fc);
	err = parse_monolithic_mount_data(fc, data);
	if (!err) {
		down_write(&sb->s_umount);
		err = reconfigure_super(fc);
		up_write(&sb->s_umount);
	}
	if (!err)
		err = change_mount_flags(real_mount(path->mnt), mnt_flags);
	put_fs_context(fc);
	return err;
}

/* MS_ flags that are the mount's own. "relatime" is the rule unless another is asked for. */
static int mount_flags(unsigned long flags)
{
	int mnt_flags = MNT_RELATIME;

	if (flags & MS_NOSUID)
		mnt_flags |= MNT_NOSUID;
	if (flags & MS_NODEV)
		mnt_flags |= MNT_NODEV;
	if (flags & MS_NOEXEC)
		mnt_flags |= MNT_NOEXEC;
	if (flags & MS_NODIRATIME)
		mnt_flags |= MNT_NODIRATIME;
	if (flags & MS_RDONLY)
		mnt_flags |= MNT_READONLY;
	if (flags & MS_STRICTATIME)
		mnt_flags &= ~MNT_RELATIME;
	if (flags & MS_NOATIME)
		mnt_flags = (mnt_flags & ~MNT_RELATIME) | MNT_NOATIME;
	return mnt_flags;
}

/**
 * path_mount - mount(2) on a place that is looked up already
 * @dev_name: a device, a source folder for MS_BIND, or what the type makes of it; may be NULL
 * @data_page: the type's options as text, or NULL; may be written to
 */
int path_mount(const char *dev_name, struct path *path, const char *type_page, unsigned long flags,
	       void *data_page)
{
	int mnt_flags, sb_flags;

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~MS_MGC_MSK;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	mnt_flags = mount_flags(flags);
	sb_flags = flags & (SB_RDONLY | SB_SYNCHRONOUS | SB_MANDLOCK | SB_DIRSYNC | SB_SILENT);

	if (flags & MS_REMOUNT) {
		if (path->dentry != path->mnt->mnt_root || !real_mount(path->mnt)->attached)
			return -EINVAL;
		if (flags & MS_BIND)
			return change_mount_flags(real_mount(path->mnt), mnt_flags);
		return do_remount(path, sb_flags, mnt_flags, data_page);
	}
	if (flags & MS_BIND)	/* what is mounted below the source does not come along */
		return (flags & MS_REC) ? -EINVAL : do_bind_mount(path, dev_name);
	if (flags & (MS_SHARED | MS_SLAVE | MS_UNBINDABLE | MS_MOVE))
		return -EINVAL;	/* one tree for all: there is nobody to share with */
	if (flags & MS_PRIVATE)	/* and so every mount is private already */
		return path->dentry == path->mnt->mnt_root ? 0 : -EINVAL;
	return do_new_mount(path, type_page, sb_flags, mnt_flags, dev_name, data_page);
}

/** init_mount - mount(2) for the kernel, on a path */
int init_mount(const char *dev_name, const char *dir_name, const char *type_page,
	       unsigned long flags, void *data_page)
{
	struct path path;
	int err = kern_path(dir_name, LOOKUP_FOLLOW, &path);

	if (err)
		return err;
	err = path_mount(dev_name, &path, type_page, flags, data_page);
	path_put(&path);
	return err;
}

/* ------------------------------------------------------------------ umount(2) */

/* Takes @mnt and all that is mounted below it out of the tree; users keep what they have. */
static void umount_tree(struct mount *mnt, struct list_head *gone)
{
	struct mount *p = mnt;

	/* Leaves first: children hold their parent, and the list is in the order of attaching. */
	spin_lock(&mount_lock);
	for (;;) {
		while (!list_empty(&p->mnt_mounts))
			p = list_first_entry(&p->mnt_mounts, struct mount, mnt_child);
		list_move(&p->mnt_list, gone);
		list_del_init(&p->mnt_child);
		hlist_del_init(&p->mnt_hash);
		p->attached = false;
		if (p == mnt)
			break;
		p = p->mnt_parent;
	}
	spin_unlock(&mount_lock);
}

/* Lets go what umount_tree() collected: each mount's place and the tree's reference on it. */
static void release_mounts(struct list_head *gone)
{
	while (!list_empty(gone)) {
		struct mount *mnt = list_first_entry(gone, struct mount, mnt_list);
		struct path where;

		spin_lock(&mount_lock);
		unhash_mnt(mnt, &where);
		spin_unlock(&mount_lock);
		release_mountpoint(&where);
		mntput(&mnt->mnt);
	}
}

/* umount of "/" makes it read-only: that is what is left to do for it at shut-down. */
static int umount_root(struct super_block *sb)
{
	struct path root;
	int err = 0;

	get_fs_root(current->fs, &root);
	if (!sb_rdonly(sb))
		err = do_remount(&root, SB_RDONLY, root.mnt->mnt_flags | MNT_READONLY, NULL);
	path_put(&root);
	return err;
}

static int do_umount(struct mount *mnt, int flags)
{
	struct super_block *sb = mnt->mnt.mnt_sb;
	LIST_HEAD(gone);
	int err = 0;

	if (flags & MNT_EXPIRE) {
		if (&mnt->mnt == current->fs->root.mnt || (flags & (MNT_FORCE | MNT_DETACH)))
			return -EINVAL;
		if (atomic_read(&mnt->mnt_count) != 2)
			return -EBUSY;
		/* The first time it is only marked; each use takes the mark away (mntput()). */
		if (!xchg(&mnt->mnt_expiry_mark, 1))
			return -EAGAIN;
	}
	if ((flags & MNT_FORCE) && sb->s_op->umount_begin)
		sb->s_op->umount_begin(sb);
	if (&mnt->mnt == current->fs->root.mnt && !(flags & MNT_DETACH))
		return umount_root(sb);

	shrink_dcache_parent(mnt->mnt.mnt_root);
	down_write(&namespace_sem);
	if (!mnt->attached || !mnt_has_parent(mnt)) {
		up_write(&namespace_sem);
		return -EINVAL;
	}
	/* The tree has one reference, the caller another. */
	spin_lock(&mount_lock);
	if (!(flags & MNT_DETACH) &&
	    (atomic_read(&mnt->mnt_count) > 2 || !list_empty(&mnt->mnt_mounts)))
		err = -EBUSY;
	else if (!(flags & MNT_DETACH))
		hlist_del_init(&mnt->mnt_hash);		/* nobody finds it from here on */
	spin_unlock(&mount_lock);
	if (!err)
		umount_tree(mnt, &gone);
	up_write(&namespace_sem);
	release_mounts(&gone);
	return err;
}

/** path_umount - umount2(2) of a mount whose root @path is; the path's references are released */
int path_umount(struct path *path, int flags)
{
	struct mount *mnt = real_mount(path->mnt);
	int err = -EINVAL;

	if (path->dentry == path->mnt->mnt_root && mnt->attached)
		err = capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
	/* Our own dentry reference must not look like a user of the filesystem. */
	dput(path->dentry);
	if (!err)
		err = do_umount(mnt, flags);
	mntput_no_expire(mnt);
	return err;
}

/* ------------------------------------------------------------------ pivot_root(2) */

/* Does the way up from @dentry in @mnt lead through @root? namespace_sem held. */
static noinline bool is_path_reachable(struct mount *mnt, struct dentry *dentry, const struct path *root)
{
	while (&mnt->mnt != root->mnt && mnt_has_parent(mnt)) {
		dentry = mnt->mnt_mountpoint;
		mnt = mnt->mnt_parent;
	}
	return &mnt->mnt == root->mnt && is_subdir(dentry, root->dentry);
}

static bool is_mount_root(const struct path *path)
{
	return path->dentry == path->mnt->mnt_root && mnt_has_parent(real_mount(path->mnt));
}

static int may_pivot(const struct path *new, const struct path *old, const struct path *root)
{
	if (!our_mnt(root->mnt) || !our_mnt(new->mnt) || !our_mnt(old->mnt))
		return -EINVAL;
	if (d_unlinked(new->dentry) || d_unlinked(old->dentry) || cant_mount(old->dentry))
		return -ENOENT;
	if (new->mnt == root->mnt || old->mnt == root->mnt)
		return -EBUSY;
	if (!is_mount_root(root) || !is_mount_root(new))
		return -EINVAL;
	/* put_old has to be below the new root, and that below the old one. */
	if (!is_path_reachable(real_mount(old->mnt), old->dentry, new) ||
	    !is_path_reachable(real_mount(new->mnt), new->dentry, root))
		return -EINVAL;
	return 0;
}

/* The mount @new takes the place of the mount @root, which goes to @old. */
int pivot_mounts(const struct path *new, const struct path *put_old, const struct path *root)
{
	struct mount *new_mnt = real_mount(new->mnt), *root_mnt = real_mount(root->mnt);
	struct path old = *put_old, new_at, root_at;
	int err;

	path_get(&old);
	down_write(&namespace_sem);
	follow_down(&old);
	inode_lock(d_inode(old.dentry));
	err = may_pivot(new, &old, root);
	if (!err) {
		get_mountpoint(&old);
		spin_lock(&mount_lock);
		unhash_mnt(new_mnt, &new_at);
		unhash_mnt(root_mnt, &root_at);
		hash_mnt(root_mnt, &old);
		hash_mnt(new_mnt, &root_at);
		spin_unlock(&mount_lock);
	}
	inode_unlock(d_inode(old.dentry));
	up_write(&namespace_sem);
	if (!err) {
		chroot_fs_refs(root, new);
		release_mountpoint(&new_at);
	}
	path_put(&old);
	return err;
}

/* ------------------------------------------------------------------ start-up */

/*
 * The first mount, under everything: an empty ramfs. The real root is mounted on its "/root" and
 * becomes every task's root (init/do_mounts.c).
 */
static void __init init_mount_tree(void)
{
	struct file_system_type *type = get_fs_type("ramfs");
	struct vfsmount *m = type ? vfs_kern_mount(type, 0, "rootfs", NULL) : ERR_PTR(-ENODEV);
	struct path root;

	if (IS_ERR(m))
		panic("cannot make the first mount: error %ld", PTR_ERR(m));
	put_filesystem(type);
	m->mnt_flags = MNT_RELATIME;
	real_mount(m)->attached = true;
	list_add(&real_mount(m)->mnt_list, &mount_list);

	root.mnt = m;
	root.dentry = m->mnt_root;
	set_fs_pwd(current->fs, &root);
	set_fs_root(current->fs, &root);
}

void __init mnt_init(void)
{
	mnt_cache = kmem_cache_create("mnt_cache", sizeof(struct mount), __alignof__(struct mount),
				      SLAB_PANIC, NULL);
	init_rootfs();
	init_mount_tree();
}
