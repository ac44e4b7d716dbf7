// SPDX-License-Identifier: MIT
/*
 * Shared memory without a file to name it: mmap(MAP_SHARED | MAP_ANONYMOUS), memfd_create(2).
 *
 * Callers: do_mmap(), and the memfd system call. Each such memory is a file of a filesystem that only
 * the kernel mounts; it has an inode, whose page cache is the memory. Its pages have nowhere to be
 * written to: the mapping is unevictable, they are never dirty in the sense of write-back, and stay
 * until they are truncated or the last user of the file has gone.
 *
 * Locking: that of the page cache. The size is set when the file is made, or by ftruncate(2).
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/vmstat.h>
#include <uapi/linux/memfd.h>

static struct vfsmount *shm_mnt;

/* ------------------------------------------------------------------ pages */

/* There is nothing to read a page from: it begins as zeros. */
static int shmem_read_folio(struct file *file, struct folio *folio)
{
	folio_zero_range(folio, 0, PAGE_SIZE);
	folio_mark_uptodate(folio);
	node_stat_mod_folio(folio, NR_SHMEM, 1);
	folio_unlock(folio);
	return 0;
}

/* Called as a page leaves; one that never became up to date was not counted. */
static void shmem_free_folio(struct folio *folio)
{
	if (folio_test_uptodate(folio))
		node_stat_mod_folio(folio, NR_SHMEM, -1);
}

static int shmem_write_begin(struct file *file, struct address_space *mapping, loff_t pos,
			     unsigned int len, struct page **pagep, void **fsdata)
{
	struct page *page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);

	if (!page)
		return -ENOMEM;
	if (!PageUptodate(page)) {
		clear_highpage(page);
		SetPageUptodate(page);
		node_stat_mod_folio(page_folio(page), NR_SHMEM, 1);
	}
	*pagep = page;
	return 0;
}

static int shmem_write_end(struct file *file, struct address_space *mapping, loff_t pos,
			   unsigned int len, unsigned int copied, struct page *page, void *fsdata)
{
	struct inode *inode = mapping->host;

	if (pos + copied > inode->i_size)
		i_size_write(inode, pos + copied);
	set_page_dirty(page);
	unlock_page(page);
	put_page(page);
	return copied;
}

static const struct address_space_operations shmem_aops = {
	.read_folio	= shmem_read_folio,
	.dirty_folio	= noop_dirty_folio,
	.write_begin	= shmem_write_begin,
	.write_end	= shmem_write_end,
	.free_folio	= shmem_free_folio,
};

/* ------------------------------------------------------------------ files */

/* As for other files, but a page needs no preparation to be written. */
static const struct vm_operations_struct shmem_vm_ops = {
	.fault		= filemap_fault,
	.map_pages	= filemap_map_pages,
};

static int shmem_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

static const struct file_operations shmem_file_operations = {
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= shmem_mmap,
	.fsync		= noop_fsync,
};

static int shmem_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(mnt_userns, dentry, attr);

	if (err)
		return err;
	if ((attr->ia_valid & ATTR_SIZE) && attr->ia_size != inode->i_size) {
		filemap_invalidate_lock(inode->i_mapping);
		truncate_setsize(inode, attr->ia_size);
		filemap_invalidate_unlock(inode->i_mapping);
	}
	setattr_copy(mnt_userns, inode, attr);
	return 0;
}

static const struct inode_operations shmem_inode_operations = {
	.setattr	= shmem_setattr,
};

static struct inode *shmem_get_inode(loff_t size)
{
	struct inode *inode = new_inode(shm_mnt->mnt_sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode_init_owner(NULL, inode, NULL, S_IFREG | 0777);
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_op = &shmem_inode_operations;
	inode->i_fop = &shmem_file_operations;
	inode->i_mapping->a_ops = &shmem_aops;
	mapping_set_unevictable(inode->i_mapping);
	inode->i_size = size;
	clear_nlink(inode);	/* no name leads here: gone with its last user */
	return inode;
}

/**
 * shmem_file_setup - a file of shared memory, open for reading and writing
 * @name: what /proc/PID/maps shows after a slash
 * @size: bytes
 * @flags: VM_ flags of the mapping it is for; not used
 *
 * Returns the file, or -ENOMEM, -EINVAL for a size that cannot be, -ENFILE.
 */
struct file *shmem_file_setup(const char *name, loff_t size, unsigned long flags)
{
	struct inode *inode;
	struct file *file;

	if (size < 0 || size > MAX_LFS_FILESIZE)
		return ERR_PTR(-EINVAL);
	inode = shmem_get_inode(size);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	file = alloc_file_pseudo(inode, shm_mnt, name, O_RDWR, &shmem_file_operations);
	if (IS_ERR(file))
		iput(inode);
	return file;
}

/** shmem_kernel_file_setup - the same for memory that the kernel maps for a program */
struct file *shmem_kernel_file_setup(const char *name, loff_t size, unsigned long flags)
{
	return shmem_file_setup(name, size, flags);
}

/**
 * shmem_zero_setup - makes a new region shared memory
 * @vma: its limits and flags are set, it has no file; mmap_lock held for writing
 *
 * Returns 0 or a negative errno.
 */
int shmem_zero_setup(struct vm_area_struct *vma)
{
	struct file *file = shmem_kernel_file_setup("dev/zero", vma->vm_end - vma->vm_start,
						    vma->vm_flags);

	if (IS_ERR(file))
		return PTR_ERR(file);
	if (vma->vm_file)
		fput(vma->vm_file);
	vma->vm_file = file;
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

/* ------------------------------------------------------------------ memfd_create(2) */

#define MFD_NAME_PREFIX		"memfd:"
#define MFD_NAME_PREFIX_LEN	(sizeof(MFD_NAME_PREFIX) - 1)
#define MFD_NAME_MAX_LEN	(NAME_MAX - MFD_NAME_PREFIX_LEN)

SYSCALL_DEFINE2(memfd_create, const char __user *, uname, unsigned int, flags)
{
	struct file *file;
	char *name;
	long len;
	int fd;

	/* Sealing is not there, so it is forbidden for every file, which is what the flag's absence says. */
	if (flags & ~(unsigned int)MFD_CLOEXEC)
		return -EINVAL;
	name = kmalloc(MFD_NAME_PREFIX_LEN + MFD_NAME_MAX_LEN + 1, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	memcpy(name, MFD_NAME_PREFIX, MFD_NAME_PREFIX_LEN);
	len = strncpy_from_user(name + MFD_NAME_PREFIX_LEN, uname, MFD_NAME_MAX_LEN + 1);
	if (len < 0 || len > (long)MFD_NAME_MAX_LEN) {
		fd = len < 0 ? len : -EINVAL;
		goto out;
	}
	fd = get_unused_fd_flags(flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
	if (fd < 0)
		goto out;
	file = shmem_file_setup(name, 0, VM_NORESERVE);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		fd = PTR_ERR(file);
		goto out;
	}
	fd_install(fd, file);
out:
	kfree(name);
	return fd;
}

/* ------------------------------------------------------------------ start-up */

static int shmem_init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, TMPFS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type shmem_fs_type = {
	.name			= "shmem",
	.init_fs_context	= shmem_init_fs_context,
	.kill_sb		= kill_anon_super,
};

static int __init shmem_init(void)
{
	shm_mnt = kern_mount(&shmem_fs_type);
	if (IS_ERR(shm_mnt))
		panic("shmem: cannot mount: %ld", PTR_ERR(shm_mnt));
	return 0;
}
core_initcall(shmem_init);
