// SPDX-License-Identifier: MIT
/*
 * Memory that is a file: mmap(MAP_SHARED | MAP_ANONYMOUS), memfd_create(2), shmget(2), and the files of
 * tmpfs. Each has an inode, whose page cache is the memory itself.
 *
 * A page comes when it is first written to or touched through a mapping; reading a hole gives zeros and
 * takes nothing. It is never dirty in the sense of write-back: PG_dirty says that its bytes are nowhere
 * else. Reclaim has such a page written to swap (mm/shmem_swap.c), and drops one that is clean, which
 * is zeros still. Else pages stay until they are truncated or the last user of the file has gone.
 *
 * Callers: do_mmap(), mm/memfd.c, ipc/shm.c, the VFS by the tables below. Mounts and directories of
 * tmpfs are in mm/shmem_dir.c.
 *
 * Locking: that of the page cache. i_rwsem guards size and seals. A page is entered before i_size is
 * looked at again, and truncation lowers i_size before it looks for pages: so one of the two sees the
 * other, and no page stays behind the end.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/shmem_fs.h>
#include <linux/swap.h>
#include <linux/vmstat.h>

struct vfsmount *shm_mnt;	/* where files without a name live */

static const struct address_space_operations shmem_aops;
static const struct vm_operations_struct shmem_vm_ops;

/** shmem_mapping - is this memory of ours? */
bool shmem_mapping(struct address_space *mapping)
{
	return mapping->a_ops == &shmem_aops;
}

/* ------------------------------------------------------------------ what may be taken */

/*
 * What is promised (mm/util.c) is charged by size, all at once, for files that a mapping made; page by page
 * (VM_NORESERVE) for those of tmpfs and memfd_create().
 */
static int shmem_acct_size(unsigned long flags, loff_t size)
{
	if (flags & VM_NORESERVE)
		return 0;
	return security_vm_enough_memory_mm(current->mm, PAGE_ALIGN(size) >> PAGE_SHIFT);
}

static void shmem_unacct_size(unsigned long flags, loff_t size)
{
	if (!(flags & VM_NORESERVE))
		vm_unacct_memory(PAGE_ALIGN(size) >> PAGE_SHIFT);
}

static int shmem_reacct_size(unsigned long flags, loff_t oldsize, loff_t newsize)
{
	if (newsize > oldsize)
		return shmem_acct_size(flags, PAGE_ALIGN(newsize) - PAGE_ALIGN(oldsize));
	shmem_unacct_size(flags, PAGE_ALIGN(oldsize) - PAGE_ALIGN(newsize));
	return 0;
}

static int shmem_inode_acct_block(struct inode *inode)
{
	struct shmem_sb_info *sbinfo = SHMEM_SB(inode->i_sb);
	unsigned long max = READ_ONCE(sbinfo->max_blocks);
	bool by_page = SHMEM_I(inode)->flags & VM_NORESERVE;

	if (by_page && security_vm_enough_memory_mm(current->mm, 1))
		return -ENOSPC;
	if (atomic_long_inc_return(&sbinfo->used_blocks) <= max || !max)
		return 0;
	atomic_long_dec(&sbinfo->used_blocks);
	if (by_page)
		vm_unacct_memory(1);
	return -ENOSPC;
}

static void shmem_inode_unacct_blocks(struct inode *inode, long pages)
{
	atomic_long_sub(pages, &SHMEM_SB(inode->i_sb)->used_blocks);
	if (SHMEM_I(inode)->flags & VM_NORESERVE)
		vm_unacct_memory(pages);
}

/** shmem_recalc_inode - pages have left the file: the mount gets back what it was charged for them */
void shmem_recalc_inode(struct inode *inode)
{
	struct shmem_inode_info *info = SHMEM_I(inode);
	long freed;

	spin_lock(&info->lock);
	/*
	 * Not counted yet, or counted twice for a moment, when a page is just coming (see below) or on its
	 * way to swap or back: then it is found the next time.
	 */
	freed = info->alloced - info->swapped - READ_ONCE(inode->i_mapping->nrpages);
	if (freed > 0)
		info->alloced -= freed;
	spin_unlock(&info->lock);
	if (freed > 0)
		shmem_inode_unacct_blocks(inode, freed);
}

/* ------------------------------------------------------------------ pages */

/* Enters a new page of zeros, locked. -EEXIST: somebody was faster. */
static int shmem_add_folio(struct inode *inode, pgoff_t index, struct folio **foliop)
{
	struct address_space *mapping = inode->i_mapping;
	struct shmem_inode_info *info = SHMEM_I(inode);
	gfp_t gfp = mapping_gfp_mask(mapping);
	struct folio *folio;
	int err = shmem_inode_acct_block(inode);

	if (err)
		return err;
	err = -ENOMEM;
	folio = filemap_alloc_folio(gfp | __GFP_ZERO, 0);
	if (!folio)
		goto unacct;
	folio_mark_uptodate(folio);	/* before anybody can find it */
	__folio_set_swapbacked(folio);
	err = filemap_add_folio(mapping, folio, index, gfp);
	if (err)
		goto put;
	spin_lock(&info->lock);
	info->alloced++;
	spin_unlock(&info->lock);
	node_stat_mod_folio(folio, NR_SHMEM, 1);
	*foliop = folio;
	return 0;
put:
	folio_put(folio);
unacct:
	shmem_inode_unacct_blocks(inode, 1);
	return err;
}

/* What stands at an index, to be looked at, not to be followed: a page, the entry of one in swap, or NULL. */
static void *shmem_entry(struct address_space *mapping, pgoff_t index)
{
	void *entry;

	rcu_read_lock();
	entry = xa_load(&mapping->i_pages, index);
	rcu_read_unlock();
	return entry;
}

/* shmem_get_folio(), with *@fault_type for a fault: VM_FAULT_MAJOR if the disk was read. */
static int shmem_get_folio_gfp(struct inode *inode, pgoff_t index, struct folio **foliop, enum sgp_type sgp,
			       vm_fault_t *fault_type)
{
	struct address_space *mapping = inode->i_mapping;
	bool recalculated = false;
	struct folio *folio;
	void *entry;
	int err;

	do {
		*foliop = NULL;
		if (sgp != SGP_WRITE && (loff_t)index << PAGE_SHIFT >= i_size_read(inode))
			return -EINVAL;
		folio = filemap_lock_folio(mapping, index);
		if (folio) {
			if (sgp == SGP_WRITE)
				folio_mark_accessed(folio);
			*foliop = folio;
			return 0;
		}
		entry = shmem_entry(mapping, index);
		if (xa_is_value(entry))
			err = shmem_swapin_folio(inode, index, entry, &folio, fault_type);
		else if (entry)
			err = -EEXIST;		/* it has just come */
		else if (sgp == SGP_READ)
			return 0;
		else
			err = shmem_add_folio(inode, index, &folio);
		/* Reclaim has perhaps dropped clean pages, for which the mount is charged still. */
		if (err == -ENOSPC && !recalculated) {
			shmem_recalc_inode(inode);
			recalculated = true;
			err = -EEXIST;
		}
	} while (err == -EEXIST);
	if (err)
		return err;
	/* Truncated since the size was looked at? Then nobody else may come to take the page off. */
	if (unlikely(sgp != SGP_WRITE && (loff_t)index << PAGE_SHIFT >= i_size_read(inode))) {
		truncate_inode_folio(mapping, folio);
		folio_unlock(folio);
		folio_put(folio);
		shmem_recalc_inode(inode);
		return -EINVAL;
	}
	*foliop = folio;
	return 0;
}

/**
 * shmem_get_folio - the page of a file
 * @index: which, in pages
 * @foliop: gets it, locked, up to date and with a reference; NULL for a hole with SGP_READ
 * @sgp: what becomes of a hole
 *
 * A page in swap is brought back. 0; -EINVAL behind the end of the file (not with SGP_WRITE), -ENOSPC when the
 * mount is full, -ENOMEM, -EIO.
 */
int shmem_get_folio(struct inode *inode, pgoff_t index, struct folio **foliop, enum sgp_type sgp)
{
	return shmem_get_folio_gfp(inode, index, foliop, sgp, NULL);
}

/* Called as a page leaves. */
static void shmem_free_folio(struct folio *folio)
{
	node_stat_mod_folio(folio, NR_SHMEM, -1);
}

static int shmem_write_begin(struct file *file, struct address_space *mapping, loff_t pos,
			     unsigned int len, struct page **pagep, void **fsdata)
{
	struct inode *inode = mapping->host;
	unsigned int seals = SHMEM_I(inode)->seals;
	struct folio *folio;
	int err;

	if (seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	if ((seals & F_SEAL_GROW) && pos + len > inode->i_size)
		return -EPERM;
	err = shmem_get_folio(inode, pos >> PAGE_SHIFT, &folio, SGP_WRITE);
	if (!err)
		*pagep = folio_page(folio, 0);
	return err;
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
	.dirty_folio	= noop_dirty_folio,
	.write_begin	= shmem_write_begin,
	.write_end	= shmem_write_end,
	.free_folio	= shmem_free_folio,
};

/* ------------------------------------------------------------------ mappings */

static vm_fault_t shmem_fault(struct vm_fault *vmf)
{
	vm_fault_t ret = VM_FAULT_LOCKED;
	struct folio *folio;
	int err = shmem_get_folio_gfp(file_inode(vmf->vma->vm_file), vmf->pgoff, &folio, SGP_CACHE, &ret);

	if (err)
		return err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
	vmf->page = folio_page(folio, 0);
	return ret;
}

/* As for other files, but a page needs no preparation to be written. */
static const struct vm_operations_struct shmem_vm_ops = {
	.fault		= shmem_fault,
	.map_pages	= filemap_map_pages,
};

static int shmem_mmap(struct file *file, struct vm_area_struct *vma)
{
	/* Sealed against writers to come: those who look may map it, and may never write. */
	if ((SHMEM_I(file_inode(file))->seals & F_SEAL_FUTURE_WRITE) && (vma->vm_flags & VM_SHARED)) {
		if (vma->vm_flags & VM_WRITE)
			return -EPERM;
		vma->vm_flags &= ~VM_MAYWRITE;
	}
	file_accessed(file);
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

/* ------------------------------------------------------------------ files */

/* Bytes of one page, or zeros. Returns how many were copied. */
static size_t shmem_read_page(struct folio *folio, size_t offset, size_t bytes, struct iov_iter *to)
{
	size_t copied;

	if (!folio)
		return iov_iter_zero(bytes, to);
	if (!offset)
		folio_mark_accessed(folio);
	folio_unlock(folio);	/* the copy may fault; the reference keeps the page */
	copied = copy_folio_to_iter(folio, offset, bytes, to);
	folio_put(folio);
	return copied;
}

static ssize_t shmem_file_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	loff_t pos = iocb->ki_pos, left;
	int err = 0;

	while (iov_iter_count(to) && pos < i_size_read(inode)) {
		const size_t offset = offset_in_page(pos);
		struct folio *folio;
		size_t bytes, copied;

		err = shmem_get_folio(inode, pos >> PAGE_SHIFT, &folio, SGP_READ);
		left = i_size_read(inode) - pos;
		if (err || left <= 0) {
			if (folio) {
				folio_unlock(folio);
				folio_put(folio);
			}
			if (err == -EINVAL)	/* truncated meanwhile: the end of the file */
				err = 0;
			break;
		}
		bytes = min3(PAGE_SIZE - offset, iov_iter_count(to), (size_t)left);
		copied = shmem_read_page(folio, offset, bytes, to);
		pos += copied;
		if (copied < bytes) {
			err = -EFAULT;
			break;
		}
		if (fatal_signal_pending(current)) {
			err = -EINTR;
			break;
		}
		cond_resched();
	}
	left = pos - iocb->ki_pos;
	iocb->ki_pos = pos;
	file_accessed(iocb->ki_filp);
	return left ? left : err;
}

/* Gives a range its pages. Those behind the end of the file go again if not all could be had. */
static int shmem_allocate(struct inode *inode, loff_t offset, loff_t len)
{
	const loff_t old_end = round_up(i_size_read(inode), PAGE_SIZE);
	pgoff_t index = offset >> PAGE_SHIFT, end = DIV_ROUND_UP(offset + len, PAGE_SIZE);
	struct folio *folio;
	int err = 0;

	for (; index < end && !err; index++) {
		err = signal_pending(current) ? -EINTR : shmem_get_folio(inode, index, &folio, SGP_WRITE);
		if (!err) {
			folio_mark_dirty(folio);	/* zeros, but promised: reclaim must not drop them */
			folio_unlock(folio);
			folio_put(folio);
		}
		cond_resched();
	}
	if (err && offset + len > old_end) {
		shmem_undo_range(inode, max(old_end, round_down(offset, PAGE_SIZE)), -1);
		shmem_recalc_inode(inode);
	}
	return err;
}

/* Bytes @lstart to @lend are zeros from now on: for mappings, too, but for private copies. */
static void shmem_punch_hole(struct inode *inode, loff_t lstart, loff_t lend)
{
	const loff_t first = round_up(lstart, PAGE_SIZE), end = round_down(lend + 1, PAGE_SIZE);

	if (end > first)
		unmap_mapping_range(inode->i_mapping, first, end - first, 0);
	shmem_undo_range(inode, lstart, lend);
	shmem_recalc_inode(inode);
}

static long shmem_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	struct shmem_inode_info *info = SHMEM_I(inode);
	bool grows;
	int err;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	inode_lock(inode);
	if (mode & FALLOC_FL_PUNCH_HOLE) {
		err = -EPERM;
		if (info->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
			goto out;
		shmem_punch_hole(inode, offset, offset + len - 1);
		err = 0;
		goto out;
	}
	grows = !(mode & FALLOC_FL_KEEP_SIZE) && offset + len > inode->i_size;
	err = inode_newsize_ok(inode, offset + len);
	if (!err && (info->seals & F_SEAL_GROW) && offset + len > inode->i_size)
		err = -EPERM;
	if (!err)
		err = shmem_allocate(inode, offset, len);
	if (err)
		goto out;
	if (grows)
		i_size_write(inode, offset + len);
	inode->i_ctime = current_time(inode);
out:
	inode_unlock(inode);
	return err;
}

static const struct file_operations shmem_file_operations = {
	.llseek		= generic_file_llseek,
	.read_iter	= shmem_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= shmem_mmap,
	.fsync		= noop_fsync,
	.fallocate	= shmem_fallocate,
};

/* As truncate_setsize(). */
static void shmem_set_size(struct inode *inode, loff_t newsize)
{
	const loff_t hole = round_up(newsize, PAGE_SIZE), oldsize = inode->i_size;

	i_size_write(inode, newsize);
	if (newsize > oldsize)
		return;
	unmap_mapping_range(inode->i_mapping, hole, 0, 1);
	shmem_undo_range(inode, newsize, -1);
	unmap_mapping_range(inode->i_mapping, hole, 0, 1);	/* copies made since */
	shmem_recalc_inode(inode);
}

int shmem_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	unsigned int seals = SHMEM_I(inode)->seals;
	int err = setattr_prepare(mnt_userns, dentry, attr);

	if (err)
		return err;
	if (S_ISREG(inode->i_mode) && (attr->ia_valid & ATTR_SIZE) && attr->ia_size != inode->i_size) {
		if (seals & (attr->ia_size < inode->i_size ? F_SEAL_SHRINK : F_SEAL_GROW))
			return -EPERM;
		err = shmem_reacct_size(SHMEM_I(inode)->flags, inode->i_size, attr->ia_size);
		if (err)
			return err;
		shmem_set_size(inode, attr->ia_size);
		inode->i_ctime = inode->i_mtime = current_time(inode);
	}
	setattr_copy(mnt_userns, inode, attr);
	return 0;
}

int shmem_getattr(struct user_namespace *mnt_userns, const struct path *path, struct kstat *stat,
		  u32 request_mask, unsigned int query_flags)
{
	struct inode *inode = d_inode(path->dentry);

	shmem_recalc_inode(inode);
	generic_fillattr(mnt_userns, inode, stat);
	stat->blocks = READ_ONCE(SHMEM_I(inode)->alloced) << (PAGE_SHIFT - 9);
	return 0;
}

static const struct inode_operations shmem_inode_operations = {
	.setattr	= shmem_setattr,
	.getattr	= shmem_getattr,
};

/** shmem_reserve_inode - charges the mount for an inode or a name; false when it is full */
bool shmem_reserve_inode(struct super_block *sb)
{
	struct shmem_sb_info *sbinfo = SHMEM_SB(sb);
	unsigned long max = READ_ONCE(sbinfo->max_inodes);

	if (atomic_long_inc_return(&sbinfo->used_inodes) <= max || !max)
		return true;
	atomic_long_dec(&sbinfo->used_inodes);
	return false;
}

void shmem_free_inode(struct super_block *sb)
{
	atomic_long_dec(&SHMEM_SB(sb)->used_inodes);
}

/** shmem_get_inode - a new inode of any kind; NULL when there is no memory or the mount is full */
struct inode *shmem_get_inode(struct super_block *sb, struct inode *dir, umode_t mode, dev_t dev,
			      unsigned long flags)
{
	struct inode *inode;

	if (!shmem_reserve_inode(sb))
		return NULL;
	inode = new_inode(sb);
	if (!inode) {
		shmem_free_inode(sb);
		return NULL;
	}
	inode->i_ino = get_next_ino();
	inode_init_owner(&init_user_ns, inode, dir, mode);
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_mapping->a_ops = &shmem_aops;
	SHMEM_I(inode)->flags = flags;
	SHMEM_I(inode)->seals = F_SEAL_SEAL;
	switch (mode & S_IFMT) {
	default:
		inode->i_op = &shmem_inode_operations;
		init_special_inode(inode, mode, dev);
		break;
	case S_IFREG:
		inode->i_op = &shmem_inode_operations;
		inode->i_fop = &shmem_file_operations;
		break;
	case S_IFDIR:
		inode->i_op = &shmem_dir_inode_operations;
		inode->i_fop = &simple_dir_operations;
		inc_nlink(inode);	/* "." */
		break;
	case S_IFLNK:
		inode->i_op = &shmem_symlink_inode_operations;
		break;
	}
	return inode;
}

/* ->evict_inode() */
void shmem_evict_inode(struct inode *inode)
{
	shmem_unacct_size(SHMEM_I(inode)->flags, inode->i_size);
	shmem_undo_range(inode, 0, -1);
	shmem_leave_swaplist(SHMEM_I(inode));
	shmem_recalc_inode(inode);
	WARN_ON_ONCE(SHMEM_I(inode)->alloced);
	shmem_free_inode(inode->i_sb);
	clear_inode(inode);
}

/* ------------------------------------------------------------------ memory without a name */

/**
 * shmem_file_setup - a file of shared memory, open for reading and writing
 * @name: what /proc/PID/maps shows after a slash
 * @size: bytes
 * @flags: VM_NORESERVE or not, of the mapping it is for
 *
 * Returns the file, or -ENOMEM, -EINVAL for a size that cannot be, -ENFILE.
 */
struct file *shmem_file_setup(const char *name, loff_t size, unsigned long flags)
{
	struct inode *inode;
	struct file *file;

	if (size < 0 || size > MAX_LFS_FILESIZE)
		return ERR_PTR(-EINVAL);
	if (shmem_acct_size(flags, size))
		return ERR_PTR(-ENOMEM);
	inode = shmem_get_inode(shm_mnt->mnt_sb, NULL, S_IFREG | S_IRWXUGO, 0, flags & VM_NORESERVE);
	if (!inode) {
		shmem_unacct_size(flags, size);
		return ERR_PTR(-ENOMEM);
	}
	inode->i_size = size;	/* from here on the inode's end gives back what was charged */
	clear_nlink(inode);	/* no name leads here: gone with its last user */
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

/** shmem_lock - SHM_LOCK: from now on its pages do not go to swap. SHM_UNLOCK: they may again */
void shmem_lock(struct file *file, bool lock)
{
	struct shmem_inode_info *info = SHMEM_I(file_inode(file));

	spin_lock(&info->lock);
	WRITE_ONCE(info->flags, lock ? info->flags | VM_LOCKED : info->flags & ~VM_LOCKED);
	spin_unlock(&info->lock);
}

/**
 * shmem_zero_setup - makes a new region shared memory
 * @vma: its limits and flags are set; mmap_lock held for writing
 *
 * Its file, if it has one (/dev/zero), is exchanged. Returns 0 or a negative errno.
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

static int __init shmem_init(void)
{
	int err;

	shmem_init_inodecache();
	err = register_filesystem(&shmem_fs_type);
	shm_mnt = err ? ERR_PTR(err) : kern_mount(&shmem_fs_type);
	if (IS_ERR(shm_mnt))
		panic("shmem: cannot mount: %ld", PTR_ERR(shm_mnt));
	return 0;
}
core_initcall(shmem_init);
