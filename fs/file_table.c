// SPDX-License-Identifier: MIT
/*
 * struct file: making one and giving it back.
 *
 * The last fput() releases the file on the spot, in the context of its caller: ->release(), the
 * dentry, the mount. So fput() may sleep, and must not be called with a spinlock held, nor with a
 * mutex that some ->release() takes. (Linux puts that work off to the return to user mode.)
 */
#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/eventpoll.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include "internal.h"

static struct kmem_cache *filp_cachep;
static atomic_long_t nr_files;
static unsigned long max_files;		/* for all together; root may go beyond */

unsigned long get_nr_files(void)
{
	return atomic_long_read(&nr_files);
}

static void file_free_rcu(struct rcu_head *head)
{
	kmem_cache_free(filp_cachep, container_of(head, struct file, f_rcuhead));
}

/* A reader of a table of descriptors may still look at its count and mode (__fget_files()). */
static void file_free(struct file *f)
{
	put_cred(f->f_cred);
	atomic_long_dec(&nr_files);
	call_rcu(&f->f_rcuhead, file_free_rcu);
}

/** alloc_empty_file - a file that is not open yet, with one reference; -ENFILE, -ENOMEM */
struct file *alloc_empty_file(int flags, const struct cred *cred)
{
	struct file *f;

	if (get_nr_files() >= max_files && cred->euid.val != 0) {
		pr_warn_once("VFS: the limit of %lu open files is reached\n", max_files);
		return ERR_PTR(-ENFILE);
	}
	f = kmem_cache_zalloc(filp_cachep, GFP_KERNEL);
	if (!f)
		return ERR_PTR(-ENOMEM);
	atomic_long_inc(&nr_files);
	f->f_cred = get_cred(cred);
	atomic_long_set(&f->f_count, 1);
	spin_lock_init(&f->f_lock);
	mutex_init(&f->f_pos_lock);
	f->f_flags = flags;
	f->f_mode = (flags + 1) & O_ACCMODE;	/* O_RDONLY, O_WRONLY, O_RDWR become FMODE_ bits */
	return f;
}

/* An open file of an inode without further checks; takes over the references of @path. */
static struct file *alloc_file(const struct path *path, int flags,
			       const struct file_operations *fop)
{
	struct file *file = alloc_empty_file(flags, current_cred());

	if (IS_ERR(file))
		return file;
	file->f_path = *path;
	file->f_inode = path->dentry->d_inode;
	file->f_mapping = file->f_inode->i_mapping;
	if (fop->read || fop->read_iter)
		file->f_mode |= FMODE_CAN_READ & -!!(file->f_mode & FMODE_READ);
	if (fop->write || fop->write_iter)
		file->f_mode |= FMODE_CAN_WRITE & -!!(file->f_mode & FMODE_WRITE);
	file->f_mode |= FMODE_OPENED;
	file->f_op = fop;
	return file;
}

/* For filesystems that do not name such files themselves. */
static const struct dentry_operations anon_ops = {
	.d_dname	= simple_dname,
};

/**
 * alloc_file_pseudo - an open file of an inode that is in no directory
 * @inode: its reference passes to the file; on failure it stays with the caller
 * @mnt: a mount of its pseudo filesystem
 * @name: shown in /proc/PID/fd unless the filesystem has ->d_dname()
 */
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fop)
{
	struct qstr this = QSTR_INIT(name, strlen(name));
	struct path path;
	struct file *file;

	path.dentry = d_alloc_pseudo(mnt->mnt_sb, &this);
	if (!path.dentry)
		return ERR_PTR(-ENOMEM);
	if (!mnt->mnt_sb->s_d_op)
		d_set_d_op(path.dentry, &anon_ops);
	path.mnt = mntget(mnt);
	d_instantiate(path.dentry, inode);
	file = alloc_file(&path, flags, fop);
	if (IS_ERR(file)) {
		ihold(inode);
		path_put(&path);
	}
	return file;
}
EXPORT_SYMBOL(alloc_file_pseudo);

/** alloc_file_clone - a second open file of the same inode */
struct file *alloc_file_clone(struct file *base, int flags, const struct file_operations *fop)
{
	struct file *f = alloc_file(&base->f_path, flags, fop);

	if (!IS_ERR(f))
		path_get(&f->f_path);
	return f;
}

static void __fput(struct file *file)
{
	struct inode *inode = file->f_inode;
	fmode_t mode = file->f_mode;

	if (!(mode & FMODE_OPENED))
		goto out;
	eventpoll_release(file);
	locks_remove_file(file);
	if (!(mode & FMODE_PATH) && file->f_op->release)
		file->f_op->release(inode, file);
	fops_put(file->f_op);
	if (mode & FMODE_WRITER) {
		put_write_access(inode);
		mnt_drop_write(file->f_path.mnt);
	}
	dput(file->f_path.dentry);
	mntput(file->f_path.mnt);
out:
	file_free(file);
}

/** fput - gives a reference back; the last one closes the file, here and now. May sleep */
void fput(struct file *file)
{
	if (atomic_long_dec_and_test(&file->f_count))
		__fput(file);
}
EXPORT_SYMBOL(fput);

void __fput_sync(struct file *file)
{
	fput(file);
}

void __init files_init(void)
{
	filp_cachep = kmem_cache_create("filp", sizeof(struct file), 0,
					SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
}

/* About a tenth of memory may go into files, at 1 KiB for each with its inode and dentry. */
void __init files_maxfiles_init(void)
{
	max_files = max(totalram_pages() * (PAGE_SIZE / 1024) / 10, 8192UL);
}
