// SPDX-License-Identifier: MIT
/*
 * Files of huge pages, without a name: behind each mapping of MAP_HUGETLB, a segment of SHM_HUGETLB, and
 * memfd_create(MFD_HUGETLB). The filesystem is one that only the kernel mounts.
 *
 * A file's pages, and those that are promised to it, are in info->pages, not in i_pages: nothing of the page cache's
 * business is theirs, neither small pages nor reclaim nor write-back. They stay until they are truncated
 * or the file goes. There is no write(2), as in Linux: the way to fill it is to map it.
 *
 * Callers: mmap(2), memfd_create(2), shmget(2), the VFS by the tables below; faults (mm/hugetlb_vma.c).
 * Locking: info->fault_mutex, which is taken with mmap_lock held. i_rwsem for truncation and seals.
 */
#include <linux/capability.h>
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/panic.h>
#include <linux/pseudo_fs.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>

#define HUGETLBFS_MAGIC	0x958458f6

static struct vfsmount *hugetlbfs_mnt;
static struct kmem_cache *hugetlbfs_inode_cachep;

const struct address_space_operations hugetlbfs_aops = {
	.dirty_folio	= noop_dirty_folio,
};

/* ------------------------------------------------------------------ pages */

/**
 * hugetlb_file_page - a page of a file, with a reference; fault_mutex is held
 * @create: make one of zeroes if there is none: NULL, if the pool is empty, or ERR_PTR(-ENOMEM)
 */
struct page *hugetlb_file_page(struct hugetlbfs_inode_info *info, unsigned long idx, bool create)
{
	void *entry = xa_load(&info->pages, idx);
	struct page *page = entry;

	if (!entry || xa_is_value(entry)) {
		page = create ? alloc_huge_page(entry != NULL) : NULL;
		if (!page)
			return NULL;
		clear_huge_page(page);
		__SetPageUptodate(page);
		page->mapping = info->vfs_inode.i_mapping;
		page->index = idx;
		/* In the place of a promise it needs no memory: then it has kept it. */
		if (xa_err(xa_store(&info->pages, idx, page, GFP_KERNEL))) {
			put_page(page);
			return ERR_PTR(-ENOMEM);
		}
	}
	get_page(page);
	return page;
}

/* Takes the pages [from, to) away, from those who map them, too, and gives back what was promised of them. */
static void remove_inode_hugepages(struct inode *inode, unsigned long from, unsigned long to)
{
	struct hugetlbfs_inode_info *info = HUGETLBFS_I(inode);
	const unsigned long pages = to == ULONG_MAX ? ULONG_MAX : (to - from) << HUGETLB_PAGE_ORDER;
	unsigned long index;
	long promised = 0;
	void *entry;

	mutex_lock(&info->fault_mutex);
	unmap_mapping_pages(inode->i_mapping, from << HUGETLB_PAGE_ORDER, pages, true);
	xa_for_each_range(&info->pages, index, entry, from, to - 1) {
		xa_erase(&info->pages, index);
		if (xa_is_value(entry)) {
			promised++;
		} else {
			((struct page *)entry)->mapping = NULL;
			put_page((struct page *)entry);
		}
	}
	mutex_unlock(&info->fault_mutex);
	hugetlb_acct_memory(-promised);
}

/* ------------------------------------------------------------------ files */

static int hugetlbfs_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct inode *inode = file_inode(file);
	struct hugetlbfs_inode_info *info = HUGETLBFS_I(inode);
	const loff_t start = (loff_t)vma->vm_pgoff << PAGE_SHIFT, end = start + (vma->vm_end - vma->vm_start);
	int err;

	if ((start & ~HPAGE_MASK) || end < start)
		return -EINVAL;
	if ((info->seals & F_SEAL_FUTURE_WRITE) && (vma->vm_flags & VM_SHARED)) {
		if (vma->vm_flags & VM_WRITE)
			return -EPERM;
		vma->vm_flags &= ~VM_MAYWRITE;
	}
	vma->vm_flags |= VM_HUGETLB | VM_DONTEXPAND;
	err = hugetlb_reserve_pages(inode, start >> HPAGE_SHIFT, end >> HPAGE_SHIFT, vma, vma->vm_flags);
	if (err)
		return err;
	vma->vm_ops = &hugetlb_vm_ops;
	file_accessed(file);
	/* Who may write it makes it as long as he maps it. */
	mutex_lock(&info->fault_mutex);
	if ((vma->vm_flags & VM_WRITE) && inode->i_size < end)
		i_size_write(inode, end);
	mutex_unlock(&info->fault_mutex);
	return 0;
}

static ssize_t hugetlbfs_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct hugetlbfs_inode_info *info = HUGETLBFS_I(file_inode(iocb->ki_filp));
	ssize_t done = 0;

	while (iov_iter_count(to) && iocb->ki_pos < i_size_read(&info->vfs_inode)) {
		const size_t offset = iocb->ki_pos & ~HPAGE_MASK, in_page = offset_in_page(offset);
		const size_t bytes = min(PAGE_SIZE - in_page, iov_iter_count(to));
		struct page *page;
		size_t copied;

		mutex_lock(&info->fault_mutex);
		page = hugetlb_file_page(info, iocb->ki_pos >> HPAGE_SHIFT, false);
		mutex_unlock(&info->fault_mutex);	/* the copy may fault */
		if (page) {
			copied = copy_page_to_iter(page + (offset >> PAGE_SHIFT), in_page, bytes, to);
			put_page(page);
		} else {
			copied = iov_iter_zero(bytes, to);
		}
		iocb->ki_pos += copied;
		done += copied;
		if (copied < bytes)
			return done ?: -EFAULT;
		if (fatal_signal_pending(current))
			return done ?: -EINTR;
		cond_resched();
	}
	return done;
}

/* A hole: what of it are whole pages goes. */
static void hugetlbfs_punch_hole(struct inode *inode, loff_t offset, loff_t len)
{
	const unsigned long from = round_up(offset, HPAGE_SIZE) >> HPAGE_SHIFT, to = (offset + len) >> HPAGE_SHIFT;

	if (from < to)
		remove_inode_hugepages(inode, from, to);
}

/* Gives a range its pages, as far as the pool has them. */
static int hugetlbfs_allocate(struct hugetlbfs_inode_info *info, loff_t offset, loff_t len)
{
	unsigned long index = offset >> HPAGE_SHIFT, end = DIV_ROUND_UP(offset + len, HPAGE_SIZE);
	int err = 0;

	for (; index < end && !err; index++) {
		struct page *page;

		if (signal_pending(current))
			return -EINTR;
		mutex_lock(&info->fault_mutex);
		page = hugetlb_file_page(info, index, true);
		mutex_unlock(&info->fault_mutex);
		if (IS_ERR_OR_NULL(page))
			err = page ? PTR_ERR(page) : -ENOSPC;
		else
			put_page(page);
		cond_resched();
	}
	return err;
}

static long hugetlbfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	struct hugetlbfs_inode_info *info = HUGETLBFS_I(inode);
	int err;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	inode_lock(inode);
	if (mode & FALLOC_FL_PUNCH_HOLE) {
		err = info->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE) ? -EPERM : 0;
		if (!err)
			hugetlbfs_punch_hole(inode, offset, len);
		goto out;
	}
	err = inode_newsize_ok(inode, offset + len);
	if (!err && (info->seals & F_SEAL_GROW) && offset + len > inode->i_size)
		err = -EPERM;
	if (!err)
		err = hugetlbfs_allocate(info, offset, len);
	if (!err && !(mode & FALLOC_FL_KEEP_SIZE) && offset + len > inode->i_size)
		i_size_write(inode, offset + len);
	inode->i_ctime = current_time(inode);
out:
	inode_unlock(inode);
	return err;
}

static const struct file_operations hugetlbfs_file_operations = {
	.llseek		= generic_file_llseek,
	.read_iter	= hugetlbfs_read_iter,
	.mmap		= hugetlbfs_file_mmap,
	.fsync		= noop_fsync,
	.fallocate	= hugetlbfs_fallocate,
};

static int hugetlbfs_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	struct hugetlbfs_inode_info *info = HUGETLBFS_I(inode);
	int err = setattr_prepare(mnt_userns, dentry, attr);

	if (err)
		return err;
	if (attr->ia_valid & ATTR_SIZE) {
		if (attr->ia_size & ~HPAGE_MASK)
			return -EINVAL;
		if ((attr->ia_size < inode->i_size && (info->seals & F_SEAL_SHRINK)) ||
		    (attr->ia_size > inode->i_size && (info->seals & F_SEAL_GROW)))
			return -EPERM;
		/* Before pages are looked for: a fault sees it, or its page is found. */
		i_size_write(inode, attr->ia_size);
		remove_inode_hugepages(inode, attr->ia_size >> HPAGE_SHIFT, ULONG_MAX);
		inode->i_ctime = inode->i_mtime = current_time(inode);
	}
	setattr_copy(mnt_userns, inode, attr);
	return 0;
}

static const struct inode_operations hugetlbfs_inode_operations = {
	.setattr	= hugetlbfs_setattr,
};

/**
 * hugetlb_file_setup - a file of huge pages, open for reading and writing
 * @size: bytes, a multiple of the size of a huge page
 * @acctflag: VM_NORESERVE: nothing is promised yet, but when it is mapped
 * @creat_flags: HUGETLB_SHMFS_INODE or HUGETLB_ANONHUGE_INODE
 * @page_size_log: the logarithm of a huge page's size, or 0
 *
 * Returns the file, or ERR_PTR(): -ENODEV: no such size; -EPERM; -ENOMEM: not so many pages; -ENFILE.
 */
struct file *hugetlb_file_setup(const char *name, size_t size, unsigned long acctflag, int creat_flags,
				int page_size_log)
{
	struct inode *inode;
	struct file *file;
	int err;

	if (!hstate_sizelog(page_size_log))
		return ERR_PTR(-ENODEV);
	if (creat_flags == HUGETLB_SHMFS_INODE && !capable(CAP_IPC_LOCK))
		return ERR_PTR(-EPERM);
	inode = alloc_anon_inode(hugetlbfs_mnt->mnt_sb);
	if (IS_ERR(inode))
		return ERR_CAST(inode);
	inode->i_mode = S_IFREG | S_IRWXUGO;
	inode->i_op = &hugetlbfs_inode_operations;
	inode->i_fop = &hugetlbfs_file_operations;
	inode->i_mapping->a_ops = &hugetlbfs_aops;
	inode->i_blkbits = HPAGE_SHIFT;
	inode->i_size = size;
	clear_nlink(inode);
	err = hugetlb_reserve_pages(inode, 0, size >> HPAGE_SHIFT, NULL, acctflag);
	file = err ? ERR_PTR(err)
		   : alloc_file_pseudo(inode, hugetlbfs_mnt, name, O_RDWR, &hugetlbfs_file_operations);
	if (IS_ERR(file))
		iput(inode);
	return file;
}

/* ------------------------------------------------------------------ the filesystem */

static struct inode *hugetlbfs_alloc_inode(struct super_block *sb)
{
	struct hugetlbfs_inode_info *info = kmem_cache_zalloc(hugetlbfs_inode_cachep, GFP_KERNEL);

	if (!info)
		return NULL;
	mutex_init(&info->fault_mutex);
	xa_init(&info->pages);
	info->seals = F_SEAL_SEAL;
	return &info->vfs_inode;
}

static void hugetlbfs_free_inode(struct inode *inode)
{
	kmem_cache_free(hugetlbfs_inode_cachep, HUGETLBFS_I(inode));
}

static void hugetlbfs_evict_inode(struct inode *inode)
{
	remove_inode_hugepages(inode, 0, ULONG_MAX);
	clear_inode(inode);
}

static const struct super_operations hugetlbfs_ops = {
	.alloc_inode	= hugetlbfs_alloc_inode,
	.free_inode	= hugetlbfs_free_inode,
	.evict_inode	= hugetlbfs_evict_inode,
	.statfs		= simple_statfs,
};

static int hugetlbfs_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, HUGETLBFS_MAGIC);

	if (!ctx)
		return -ENOMEM;
	ctx->ops = &hugetlbfs_ops;
	return 0;
}

static struct file_system_type hugetlbfs_fs_type = {
	.name		= "hugetlbfs",
	.init_fs_context = hugetlbfs_init_fs_context,
	.kill_sb	= kill_anon_super,
};

static int __init init_hugetlbfs_fs(void)
{
	int err;

	hugetlbfs_inode_cachep = kmem_cache_create("hugetlbfs_inode_cache", sizeof(struct hugetlbfs_inode_info), 0,
						   SLAB_PANIC, NULL);
	err = register_filesystem(&hugetlbfs_fs_type);
	hugetlbfs_mnt = err ? ERR_PTR(err) : kern_mount(&hugetlbfs_fs_type);
	if (IS_ERR(hugetlbfs_mnt))
		panic("hugetlbfs: cannot be mounted: error %ld", PTR_ERR(hugetlbfs_mnt));
	return 0;
}
fs_initcall(init_hugetlbfs_fs);
