// SPDX-License-Identifier: MIT
/*
 * A filesystem in memory, like ramfs: its names are dentries that are kept, its bytes pages that are never written
 * anywhere. What a filesystem on a disk has in addition is reading and writing blocks; the rest is this.
 *
 *	insmod memfs.ko; mount -t memfs none /mnt
 *
 * A mount holds the module, by memfs_type.owner. Locks: the VFS holds the directory's i_rwsem in all
 * operations that change it.
 */
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/string.h>

#define MEMFS_MAGIC	0x6d656d66

static struct kmem_cache *memfs_inode_cachep;

/* What a filesystem knows of a file beyond the VFS: here, how often it was opened. */
struct memfs_inode {
	atomic_t	opened;
	struct inode	vfs_inode;
};

static struct memfs_inode *MEMFS_I(struct inode *inode)
{
	return container_of(inode, struct memfs_inode, vfs_inode);
}

/* ------------------------------------------------------------------ files */

static int memfs_open(struct inode *inode, struct file *file)
{
	atomic_inc(&MEMFS_I(inode)->opened);
	return generic_file_open(inode, file);
}

static const struct file_operations memfs_file_operations = {
	.owner		= THIS_MODULE,
	.open		= memfs_open,
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= generic_file_mmap,
	.fsync		= noop_fsync,
	.llseek		= generic_file_llseek,
};

static const struct inode_operations memfs_file_inode_operations = {
	.setattr	= simple_setattr,
	.getattr	= simple_getattr,
};

/* ------------------------------------------------------------------ directories */

static const struct inode_operations memfs_dir_inode_operations;

static struct inode *memfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode, dev_t dev)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode_init_owner(&init_user_ns, inode, dir, mode);
	inode->i_mapping->a_ops = &ram_aops;
	mapping_set_unevictable(inode->i_mapping);
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	switch (mode & S_IFMT) {
	case S_IFREG:
		inode->i_op = &memfs_file_inode_operations;
		inode->i_fop = &memfs_file_operations;
		break;
	case S_IFDIR:
		inode->i_op = &memfs_dir_inode_operations;
		inode->i_fop = &simple_dir_operations;
		inc_nlink(inode);		/* "." */
		break;
	case S_IFLNK:
		inode->i_op = &page_symlink_inode_operations;
		break;
	default:
		init_special_inode(inode, mode, dev);
	}
	return inode;
}

/* The dentry's additional reference keeps the name: it is nowhere else. */
static int memfs_mknod(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		       umode_t mode, dev_t dev)
{
	struct inode *inode = memfs_get_inode(dir->i_sb, dir, mode, dev);

	if (!inode)
		return -ENOSPC;
	d_instantiate(dentry, inode);
	dget(dentry);
	dir->i_mtime = dir->i_ctime = current_time(dir);
	return 0;
}

static int memfs_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
			umode_t mode, bool excl)
{
	return memfs_mknod(mnt_userns, dir, dentry, mode | S_IFREG, 0);
}

static int memfs_mkdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		       umode_t mode)
{
	int err = memfs_mknod(mnt_userns, dir, dentry, mode | S_IFDIR, 0);

	if (!err)
		inc_nlink(dir);			/* its ".." */
	return err;
}

static int memfs_symlink(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
			 const char *symname)
{
	struct inode *inode = memfs_get_inode(dir->i_sb, dir, S_IFLNK | 0777, 0);
	int err;

	if (!inode)
		return -ENOSPC;
	err = page_symlink(inode, symname, strlen(symname) + 1);
	if (err) {
		iput(inode);
		return err;
	}
	d_instantiate(dentry, inode);
	dget(dentry);
	dir->i_mtime = dir->i_ctime = current_time(dir);
	return 0;
}

static const struct inode_operations memfs_dir_inode_operations = {
	.create		= memfs_create,
	.lookup		= simple_lookup,
	.link		= simple_link,
	.unlink		= simple_unlink,
	.symlink	= memfs_symlink,
	.mkdir		= memfs_mkdir,
	.rmdir		= simple_rmdir,
	.mknod		= memfs_mknod,
	.rename		= simple_rename,
};

/* ------------------------------------------------------------------ the whole */

static struct inode *memfs_alloc_inode(struct super_block *sb)
{
	struct memfs_inode *mi = alloc_inode_sb(sb, memfs_inode_cachep, GFP_KERNEL);

	if (!mi)
		return NULL;
	atomic_set(&mi->opened, 0);
	return &mi->vfs_inode;
}

/* A grace period after the last use: RCU calls it, which may be after the umount. */
static void memfs_free_inode(struct inode *inode)
{
	kmem_cache_free(memfs_inode_cachep, MEMFS_I(inode));
}

static const struct super_operations memfs_ops = {
	.alloc_inode	= memfs_alloc_inode,
	.free_inode	= memfs_free_inode,
	.statfs		= simple_statfs,
	.drop_inode	= generic_delete_inode,
};

static int memfs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	sb->s_maxbytes = MAX_LFS_FILESIZE;
	sb->s_magic = MEMFS_MAGIC;
	sb->s_op = &memfs_ops;
	sb->s_time_gran = 1;
	sb->s_root = d_make_root(memfs_get_inode(sb, NULL, S_IFDIR | 0755, 0));
	return sb->s_root ? 0 : -ENOMEM;
}

static int memfs_get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, memfs_fill_super);
}

static const struct fs_context_operations memfs_context_ops = {
	.get_tree	= memfs_get_tree,
};

static int memfs_init_fs_context(struct fs_context *fc)
{
	fc->ops = &memfs_context_ops;
	return 0;
}

static struct file_system_type memfs_type = {
	.owner		= THIS_MODULE,
	.name		= "memfs",
	.init_fs_context = memfs_init_fs_context,
	.kill_sb	= kill_litter_super,
};
MODULE_ALIAS_FS("memfs");

/* Objects of the cache are constructed once, and come back as they were: inodes keep what init_once() made. */
static void init_once(void *object)
{
	struct memfs_inode *mi = object;

	inode_init_once(&mi->vfs_inode);
}

static int __init memfs_init(void)
{
	int err;

	memfs_inode_cachep = kmem_cache_create("memfs_inode", sizeof(struct memfs_inode), 0,
					       SLAB_RECLAIM_ACCOUNT, init_once);
	if (!memfs_inode_cachep)
		return -ENOMEM;
	err = register_filesystem(&memfs_type);
	if (err)
		kmem_cache_destroy(memfs_inode_cachep);
	return err;
}

static void __exit memfs_exit(void)
{
	unregister_filesystem(&memfs_type);
	rcu_barrier();			/* for memfs_free_inode() */
	kmem_cache_destroy(memfs_inode_cachep);
}

module_init(memfs_init);
module_exit(memfs_exit);

MODULE_LICENSE("MIT");
MODULE_DESCRIPTION("A filesystem in memory");
