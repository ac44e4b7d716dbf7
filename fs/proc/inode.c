// SPDX-License-Identifier: MIT
/*
 * procfs's inodes, and the file operations that stand between an open file and the proc_ops of an
 * entry which may have been removed meanwhile.
 */
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "internal.h"

static struct kmem_cache *proc_inode_cachep;

void __init proc_init_kmemcache(void)
{
	proc_inode_cachep = KMEM_CACHE(proc_inode, SLAB_PANIC | SLAB_RECLAIM_ACCOUNT);
}

static struct inode *proc_alloc_inode(struct super_block *sb)
{
	struct proc_inode *ei = kmem_cache_zalloc(proc_inode_cachep, GFP_KERNEL);

	return ei ? &ei->vfs_inode : NULL;
}

static void proc_free_inode(struct inode *inode)
{
	kmem_cache_free(proc_inode_cachep, PROC_I(inode));
}

static void proc_evict_inode(struct inode *inode)
{
	struct proc_inode *ei = PROC_I(inode);

	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
	put_pid(ei->pid);
	if (ei->pde)
		pde_put(ei->pde);
}

static const struct super_operations proc_sops = {
	.alloc_inode	= proc_alloc_inode,
	.free_inode	= proc_free_inode,
	.drop_inode	= generic_delete_inode,
	.evict_inode	= proc_evict_inode,
	.statfs		= simple_statfs,
};

/* ------------------------------------------------------------------ files with proc_ops */

static ssize_t proc_reg_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));

	if (pde->removed)
		return -ENOENT;
	return pde->proc_ops->proc_read ? pde->proc_ops->proc_read(file, buf, count, ppos) : -EIO;
}

static ssize_t proc_reg_read_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	struct proc_dir_entry *pde = PDE(file_inode(iocb->ki_filp));

	if (pde->removed)
		return -ENOENT;
	return pde->proc_ops->proc_read_iter(iocb, iter);
}

static ssize_t proc_reg_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));

	if (pde->removed)
		return -ENOENT;
	return pde->proc_ops->proc_write ? pde->proc_ops->proc_write(file, buf, count, ppos) : -EIO;
}

static loff_t proc_reg_llseek(struct file *file, loff_t offset, int whence)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));

	if (pde->removed)
		return -ENOENT;
	return pde->proc_ops->proc_lseek ? pde->proc_ops->proc_lseek(file, offset, whence)
					 : default_llseek(file, offset, whence);
}

static __poll_t proc_reg_poll(struct file *file, struct poll_table_struct *pts)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));

	if (pde->removed || !pde->proc_ops->proc_poll)
		return DEFAULT_POLLMASK;
	return pde->proc_ops->proc_poll(file, pts);
}

static long proc_reg_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));

	if (pde->removed || !pde->proc_ops->proc_ioctl)
		return -ENOTTY;
	return pde->proc_ops->proc_ioctl(file, cmd, arg);
}

static int proc_reg_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct proc_dir_entry *pde = PDE(file_inode(file));

	if (pde->removed || !pde->proc_ops->proc_mmap)
		return -EIO;
	return pde->proc_ops->proc_mmap(file, vma);
}

static int proc_reg_open(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *pde = PDE(inode);

	if (pde->removed)
		return -ENOENT;
	return pde->proc_ops->proc_open ? pde->proc_ops->proc_open(inode, file) : 0;
}

static int proc_reg_release(struct inode *inode, struct file *file)
{
	const struct proc_ops *ops = PDE(inode)->proc_ops;

	return ops->proc_release ? ops->proc_release(inode, file) : 0;
}

static const struct file_operations proc_reg_file_ops = {
	.llseek		= proc_reg_llseek,
	.read		= proc_reg_read,
	.write		= proc_reg_write,
	.poll		= proc_reg_poll,
	.unlocked_ioctl	= proc_reg_ioctl,
	.mmap		= proc_reg_mmap,
	.open		= proc_reg_open,
	.release	= proc_reg_release,
};

static const struct file_operations proc_iter_file_ops = {
	.llseek		= proc_reg_llseek,
	.read_iter	= proc_reg_read_iter,
	.write		= proc_reg_write,
	.poll		= proc_reg_poll,
	.unlocked_ioctl	= proc_reg_ioctl,
	.mmap		= proc_reg_mmap,
	.open		= proc_reg_open,
	.release	= proc_reg_release,
};

/* ------------------------------------------------------------------ files of records */

static int proc_seq_open(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *de = PDE(inode);

	if (de->state_size)
		return seq_open_private(file, de->seq_ops, de->state_size);
	return seq_open(file, de->seq_ops);
}

static int proc_seq_release(struct inode *inode, struct file *file)
{
	if (PDE(inode)->state_size)
		return seq_release_private(inode, file);
	return seq_release(inode, file);
}

static const struct file_operations proc_seq_ops = {
	.open		= proc_seq_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= proc_seq_release,
};

static int proc_single_open(struct inode *inode, struct file *file)
{
	return single_open(file, PDE(inode)->single_show, PDE(inode)->data);
}

static const struct file_operations proc_single_ops = {
	.open		= proc_single_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static const struct file_operations *fops_of(const struct proc_dir_entry *de)
{
	if (de->proc_dir_fops)
		return de->proc_dir_fops;
	if (de->seq_ops)
		return &proc_seq_ops;
	if (de->single_show)
		return &proc_single_ops;
	return de->proc_ops->proc_read_iter ? &proc_iter_file_ops : &proc_reg_file_ops;
}

/* ------------------------------------------------------------------ inodes, the super block */

/* An inode for an entry, whose reference is taken over, also on failure. */
struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *de)
{
	struct inode *inode = new_inode(sb);

	if (!inode) {
		pde_put(de);
		return NULL;
	}
	PROC_I(inode)->pde = de;
	inode->i_ino = de->low_ino;
	inode->i_mode = de->mode;
	inode->i_size = de->size;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_op = de->proc_iops;
	if (S_ISDIR(de->mode))
		set_nlink(inode, de->nlink);
	if (!S_ISLNK(de->mode))
		inode->i_fop = fops_of(de);
	return inode;
}

int proc_fill_super(struct super_block *s, struct fs_context *fc)
{
	struct inode *root;

	s->s_flags |= SB_NOEXEC;
	s->s_blocksize = 1024;
	s->s_blocksize_bits = 10;
	s->s_magic = PROC_SUPER_MAGIC;
	s->s_op = &proc_sops;
	refcount_inc(&proc_root.refcnt);
	root = proc_get_inode(s, &proc_root);
	if (!root)
		return -ENOMEM;
	s->s_root = d_make_root(root);
	return s->s_root ? 0 : -ENOMEM;
}
