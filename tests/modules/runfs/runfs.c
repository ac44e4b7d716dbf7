// SPDX-License-Identifier: MIT
/*
 * runfs: a filesystem that is iomap and little else, written from Linux 6.1's headers. Each file is one run of blocks,
 * which it was given when the disk was made; blocks have 512 to 4096 bytes.
 *
 * A disk begins with struct runfs_super. At byte 4096 there is a bit for each block of the disk: it has been written. A
 * block of a file without the bit reads as zeros, whatever is on the disk (IOMAP_UNWRITTEN), as does what lies behind the
 * file's run (IOMAP_HOLE), which cannot be written to. A bit is set when write-back takes the block's page to the disk:
 * until that has happened the page holds what the file has there. So a power cut may show what the disk had before.
 *
 * Locking: i_rwsem for the size; invalidate_lock keeps readers away while bits are cleared; sbi->lock for the bits.
 */
#include <linux/blkdev.h>
#include <linux/buffer_head.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/iomap.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/writeback.h>

#define RUNFS_MAGIC	0x534e5552	/* "RUNS" */
#define RUNFS_FILES	63
#define RUNFS_BITS	4096		/* bytes before the bits */
#define RUNFS_ROOT	1		/* inode number; file i has i + 2 */

struct runfs_file {
	char	name[32];	/* "": none */
	__le64	start;		/* of its run on the disk, bytes */
	__le64	capacity;	/* bytes of the run */
	__le64	size;
	__le64	pad;
};

struct runfs_super {
	__le32	magic;
	__le32	block_bits;
	u8	pad[56];
	struct runfs_file files[RUNFS_FILES];
};

struct runfs_sb_info {
	struct mutex lock;
};

struct runfs_inode {
	loff_t		start, capacity;
	struct inode	vfs;
};

static struct runfs_inode *RUNFS_I(struct inode *inode)
{
	return container_of(inode, struct runfs_inode, vfs);
}

static int wrong;
module_param(wrong, int, 0444);
MODULE_PARM_DESC(wrong, "a mistake that iomap must not believe: 1 to 6");

static struct kmem_cache *runfs_cachep;
static const struct file_operations runfs_file_fops, runfs_dir_fops;
static const struct inode_operations runfs_file_iops, runfs_dir_iops;
static const struct address_space_operations runfs_aops;

/* Byte @at of the disk, in *bh, which the caller releases; or NULL. */
static void *meta(struct super_block *sb, u64 at, struct buffer_head **bh)
{
	*bh = sb_bread(sb, at >> sb->s_blocksize_bits);
	return *bh ? (*bh)->b_data + (at & (sb->s_blocksize - 1)) : NULL;
}

static struct runfs_file *file_entry(struct super_block *sb, unsigned int i, struct buffer_head **bh)
{
	return meta(sb, offsetof(struct runfs_super, files) + i * sizeof(struct runfs_file), bh);
}

/* ------------------------------------------------------------------ bits */

/*
 * How many of up to @count blocks from disk block @block on have the bit as the first one has it; that is *set.
 * Or -EIO. sbi->lock is held.
 */
static long same_bits(struct super_block *sb, u64 block, long count, bool *set)
{
	struct buffer_head *bh = NULL;
	u8 *byte = NULL;
	long n;

	for (n = 0; n < count; n++, block++) {
		if (!byte || !(block % 8)) {
			brelse(bh);
			byte = meta(sb, RUNFS_BITS + block / 8, &bh);
			if (!byte)
				return n ? n : -EIO;
		}
		if (!n)
			*set = *byte & 1 << block % 8;
		else if (*set != !!(*byte & 1 << block % 8))
			break;
	}
	brelse(bh);
	return n;
}

/* sbi->lock is held. */
static int set_bits(struct inode *inode, u64 block, u64 end, bool set)
{
	struct buffer_head *bh;

	for (; block < end; block++) {
		u8 *byte = meta(inode->i_sb, RUNFS_BITS + block / 8, &bh);

		if (!byte)
			return -EIO;
		if (set != !!(*byte & 1 << block % 8)) {
			*byte ^= 1 << block % 8;
			mark_buffer_dirty_inode(bh, inode);
		}
		brelse(bh);
	}
	return 0;
}

/* ------------------------------------------------------------------ iomap */

static int right_iomap_begin(struct inode *inode, loff_t pos, loff_t length, unsigned flags, struct iomap *iomap,
			     struct iomap *srcmap)
{
	struct runfs_sb_info *sbi = inode->i_sb->s_fs_info;
	struct runfs_inode *ri = RUNFS_I(inode);
	const unsigned int blkbits = inode->i_blkbits;
	long blocks;
	bool written = false;

	iomap->bdev = inode->i_sb->s_bdev;
	if (pos >= ri->capacity) {
		if (flags & IOMAP_WRITE)
			return -ENOSPC;
		iomap->type = IOMAP_HOLE;
		iomap->addr = IOMAP_NULL_ADDR;
		iomap->offset = pos;
		iomap->length = length;
		return 0;
	}
	iomap->offset = round_down(pos, i_blocksize(inode));
	iomap->addr = ri->start + iomap->offset;
	blocks = DIV_ROUND_UP(min(pos + length, ri->capacity) - iomap->offset, i_blocksize(inode));
	mutex_lock(&sbi->lock);
	blocks = same_bits(inode->i_sb, iomap->addr >> blkbits, min(blocks, 1024L), &written);
	mutex_unlock(&sbi->lock);
	if (blocks < 0)
		return blocks;
	iomap->length = (u64)blocks << blkbits;
	iomap->type = written ? IOMAP_MAPPED : IOMAP_UNWRITTEN;
	return 0;
}

/* What a filesystem may get wrong: see @wrong. */
static int runfs_iomap_begin(struct inode *inode, loff_t pos, loff_t length, unsigned flags, struct iomap *iomap,
			     struct iomap *srcmap)
{
	int err = right_iomap_begin(inode, pos, length, flags, iomap, srcmap);

	switch (err ? 0 : wrong) {
	case 1: return -EUCLEAN;
	case 2: iomap->offset += iomap->length; break;		/* it has not the position in it */
	case 3: iomap->length = 0; break;
	case 4: iomap->addr += 512; break;			/* within a block */
	case 5: iomap->type = IOMAP_INLINE; break;
	case 6: iomap->type = IOMAP_HOLE; break;		/* also for who wants to write */
	}
	return err;
}

static int runfs_iomap_end(struct inode *inode, loff_t pos, loff_t length, ssize_t written, unsigned flags,
			   struct iomap *iomap)
{
	if (iomap->flags & IOMAP_F_SIZE_CHANGED)
		mark_inode_dirty(inode);
	return 0;
}

static const struct iomap_ops runfs_iomap_ops = {
	.iomap_begin	= runfs_iomap_begin,
	.iomap_end	= runfs_iomap_end,
};

static int runfs_map_blocks(struct iomap_writepage_ctx *wpc, struct inode *inode, loff_t offset)
{
	struct runfs_sb_info *sbi = inode->i_sb->s_fs_info;
	const u64 addr = RUNFS_I(inode)->start + offset, block = addr >> inode->i_blkbits;
	int err;

	if (offset >= RUNFS_I(inode)->capacity)
		return -EIO;
	mutex_lock(&sbi->lock);
	err = set_bits(inode, block, block + 1, true);
	mutex_unlock(&sbi->lock);
	wpc->iomap = (struct iomap){
		.type = IOMAP_MAPPED, .addr = addr, .offset = offset, .length = i_blocksize(inode),
		.bdev = inode->i_sb->s_bdev,
	};
	return err;
}

static const struct iomap_writeback_ops runfs_writeback_ops = {
	.map_blocks	= runfs_map_blocks,
};

static int runfs_read_folio(struct file *file, struct folio *folio)
{
	return iomap_read_folio(folio, &runfs_iomap_ops);
}

static void runfs_readahead(struct readahead_control *rac)
{
	iomap_readahead(rac, &runfs_iomap_ops);
}

static int runfs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct iomap_writepage_ctx wpc = { };

	return iomap_writepages(mapping, wbc, &wpc, &runfs_writeback_ops);
}

static sector_t runfs_bmap(struct address_space *mapping, sector_t block)
{
	return iomap_bmap(mapping, block, &runfs_iomap_ops);
}

static const struct address_space_operations runfs_aops = {
	.read_folio		= runfs_read_folio,
	.readahead		= runfs_readahead,
	.writepages		= runfs_writepages,
	.dirty_folio		= filemap_dirty_folio,
	.release_folio		= iomap_release_folio,
	.invalidate_folio	= iomap_invalidate_folio,
	.is_partially_uptodate	= iomap_is_partially_uptodate,
	.bmap			= runfs_bmap,
};

/* ------------------------------------------------------------------ files */

static ssize_t runfs_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t ret;

	inode_lock(inode);
	ret = generic_write_checks(iocb, from);
	if (ret <= 0)
		goto out;
	ret = file_remove_privs(iocb->ki_filp);
	if (!ret)
		ret = file_update_time(iocb->ki_filp);
	/* A gap: what the block of the end has behind it becomes part of the file. */
	if (!ret && iocb->ki_pos > i_size_read(inode))
		ret = iomap_zero_range(inode, i_size_read(inode), iocb->ki_pos - i_size_read(inode), NULL,
				       &runfs_iomap_ops);
	if (!ret)
		ret = iomap_file_buffered_write(iocb, from, &runfs_iomap_ops);
	if (ret > 0)
		iocb->ki_pos += ret;
out:
	inode_unlock(inode);
	return ret > 0 ? generic_write_sync(iocb, ret) : ret;
}

static vm_fault_t runfs_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	vm_fault_t ret;

	file_update_time(vmf->vma->vm_file);
	filemap_invalidate_lock_shared(inode->i_mapping);
	ret = iomap_page_mkwrite(vmf, &runfs_iomap_ops);
	filemap_invalidate_unlock_shared(inode->i_mapping);
	return ret;
}

static const struct vm_operations_struct runfs_vm_ops = {
	.fault		= filemap_fault,
	.map_pages	= filemap_map_pages,
	.page_mkwrite	= runfs_page_mkwrite,
};

static int runfs_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &runfs_vm_ops;
	return 0;
}

static int runfs_setsize(struct inode *inode, loff_t newsize)
{
	struct runfs_sb_info *sbi = inode->i_sb->s_fs_info;
	struct runfs_inode *ri = RUNFS_I(inode);
	const loff_t bsize = i_blocksize(inode), oldsize = i_size_read(inode);
	int err;

	filemap_invalidate_lock(inode->i_mapping);
	if (newsize < oldsize)
		err = iomap_truncate_page(inode, newsize, NULL, &runfs_iomap_ops);
	else
		err = iomap_zero_range(inode, oldsize, newsize - oldsize, NULL, &runfs_iomap_ops);
	if (!err) {
		truncate_setsize(inode, newsize);
		mutex_lock(&sbi->lock);
		err = set_bits(inode, (ri->start + round_up(newsize, bsize)) >> inode->i_blkbits,
			       (ri->start + min(round_up(oldsize, bsize), ri->capacity)) >> inode->i_blkbits, false);
		mutex_unlock(&sbi->lock);
		inode->i_mtime = inode->i_ctime = current_time(inode);
		mark_inode_dirty(inode);
	}
	filemap_invalidate_unlock(inode->i_mapping);
	return err;
}

static int runfs_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(ns, dentry, attr);

	if (!err && (attr->ia_valid & ATTR_SIZE) && attr->ia_size != i_size_read(inode))
		err = runfs_setsize(inode, attr->ia_size);
	if (!err)
		setattr_copy(ns, inode, attr);
	return err;
}

static const struct inode_operations runfs_file_iops = {
	.setattr	= runfs_setattr,
};

static const struct file_operations runfs_file_fops = {
	.owner		= THIS_MODULE,
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.write_iter	= runfs_write_iter,
	.mmap		= runfs_mmap,
	.fsync		= generic_file_fsync,
	.splice_read	= generic_file_splice_read,
};

/* ------------------------------------------------------------------ inodes and the one directory */

static struct inode *runfs_alloc_inode(struct super_block *sb)
{
	struct runfs_inode *ri = alloc_inode_sb(sb, runfs_cachep, GFP_KERNEL);

	return ri ? &ri->vfs : NULL;
}

static void runfs_free_inode(struct inode *inode)
{
	kmem_cache_free(runfs_cachep, RUNFS_I(inode));
}

static struct inode *runfs_iget(struct super_block *sb, unsigned long ino)
{
	struct inode *inode = iget_locked(sb, ino);
	struct runfs_file *file;
	struct buffer_head *bh;

	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (!(inode->i_state & I_NEW))
		return inode;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	if (ino == RUNFS_ROOT) {
		inode->i_mode = S_IFDIR | 0755;
		set_nlink(inode, 2);
		inode->i_op = &runfs_dir_iops;
		inode->i_fop = &runfs_dir_fops;
	} else {
		file = file_entry(sb, ino - RUNFS_ROOT - 1, &bh);
		if (!file) {
			iget_failed(inode);
			return ERR_PTR(-EIO);
		}
		inode->i_mode = S_IFREG | 0644;
		i_size_write(inode, le64_to_cpu(file->size));
		RUNFS_I(inode)->start = le64_to_cpu(file->start);
		RUNFS_I(inode)->capacity = le64_to_cpu(file->capacity);
		inode->i_blocks = RUNFS_I(inode)->capacity >> 9;
		inode->i_op = &runfs_file_iops;
		inode->i_fop = &runfs_file_fops;
		inode->i_mapping->a_ops = &runfs_aops;
		brelse(bh);
	}
	unlock_new_inode(inode);
	return inode;
}

static int runfs_write_inode(struct inode *inode, struct writeback_control *wbc)
{
	struct runfs_file *file;
	struct buffer_head *bh;
	int err = 0;

	if (inode->i_ino == RUNFS_ROOT)
		return 0;
	file = file_entry(inode->i_sb, inode->i_ino - RUNFS_ROOT - 1, &bh);
	if (!file)
		return -EIO;
	file->size = cpu_to_le64(i_size_read(inode));
	mark_buffer_dirty(bh);
	if (wbc->sync_mode == WB_SYNC_ALL)
		err = sync_dirty_buffer(bh);
	brelse(bh);
	return err;
}

static void runfs_evict_inode(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_data);
	invalidate_inode_buffers(inode);
	clear_inode(inode);
}

static struct dentry *runfs_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = NULL;
	unsigned int i;

	for (i = 0; i < RUNFS_FILES && !inode; i++) {
		struct buffer_head *bh;
		struct runfs_file *file = file_entry(dir->i_sb, i, &bh);

		if (!file)
			return ERR_PTR(-EIO);
		if (dentry->d_name.len < sizeof(file->name) && !file->name[dentry->d_name.len] &&
		    !memcmp(file->name, dentry->d_name.name, dentry->d_name.len))
			inode = runfs_iget(dir->i_sb, i + RUNFS_ROOT + 1);
		brelse(bh);
	}
	return d_splice_alias(inode, dentry);
}

static int runfs_iterate(struct file *dir, struct dir_context *ctx)
{
	if (!dir_emit_dots(dir, ctx))
		return 0;
	for (; ctx->pos < RUNFS_FILES + 2; ctx->pos++) {
		struct buffer_head *bh;
		struct runfs_file *file = file_entry(file_inode(dir)->i_sb, ctx->pos - 2, &bh);
		bool more;

		if (!file)
			return -EIO;
		more = !file->name[0] || dir_emit(ctx, file->name, strnlen(file->name, sizeof(file->name)),
						  ctx->pos, DT_REG);
		brelse(bh);
		if (!more)
			break;
	}
	return 0;
}

static const struct inode_operations runfs_dir_iops = {
	.lookup		= runfs_lookup,
};

static const struct file_operations runfs_dir_fops = {
	.owner		= THIS_MODULE,
	.llseek		= generic_file_llseek,
	.read		= generic_read_dir,
	.iterate_shared	= runfs_iterate,
	.fsync		= generic_file_fsync,
};

/* ------------------------------------------------------------------ mounting */

static void runfs_put_super(struct super_block *sb)
{
	kfree(sb->s_fs_info);
	sb->s_fs_info = NULL;
}

static const struct super_operations runfs_sops = {
	.alloc_inode	= runfs_alloc_inode,
	.free_inode	= runfs_free_inode,
	.write_inode	= runfs_write_inode,
	.evict_inode	= runfs_evict_inode,
	.put_super	= runfs_put_super,
	.statfs		= simple_statfs,
};

static int runfs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct runfs_sb_info *sbi;
	struct runfs_super *super;
	struct buffer_head *bh;
	struct inode *root;
	unsigned int bits = 0;

	if (!sb_set_blocksize(sb, 512))
		return -EINVAL;
	super = meta(sb, 0, &bh);
	if (!super)
		return -EIO;
	if (le32_to_cpu(super->magic) == RUNFS_MAGIC)
		bits = le32_to_cpu(super->block_bits);
	brelse(bh);
	if (bits < 9 || bits > PAGE_SHIFT || !sb_set_blocksize(sb, 1 << bits))
		return -EINVAL;
	sbi = kzalloc(sizeof(*sbi), GFP_KERNEL);
	if (!sbi)
		return -ENOMEM;
	mutex_init(&sbi->lock);
	sb->s_fs_info = sbi;
	sb->s_magic = RUNFS_MAGIC;
	sb->s_op = &runfs_sops;
	sb->s_time_gran = 1;
	sb->s_maxbytes = MAX_LFS_FILESIZE;
	root = runfs_iget(sb, RUNFS_ROOT);
	if (IS_ERR(root)) {
		runfs_put_super(sb);
		return PTR_ERR(root);
	}
	sb->s_root = d_make_root(root);
	if (sb->s_root)
		return 0;
	runfs_put_super(sb);
	return -ENOMEM;
}

static int runfs_get_tree(struct fs_context *fc)
{
	return get_tree_bdev(fc, runfs_fill_super);
}

static const struct fs_context_operations runfs_context_ops = {
	.get_tree	= runfs_get_tree,
};

static int runfs_init_fs_context(struct fs_context *fc)
{
	fc->ops = &runfs_context_ops;
	return 0;
}

static struct file_system_type runfs_type = {
	.owner			= THIS_MODULE,
	.name			= "runfs",
	.fs_flags		= FS_REQUIRES_DEV,
	.init_fs_context	= runfs_init_fs_context,
	.kill_sb		= kill_block_super,
};

static int __init runfs_init(void)
{
	int err;

	runfs_cachep = kmem_cache_create("runfs_inode_cache", sizeof(struct runfs_inode), 0, SLAB_RECLAIM_ACCOUNT,
					 NULL);
	if (!runfs_cachep)
		return -ENOMEM;
	err = register_filesystem(&runfs_type);
	if (err)
		kmem_cache_destroy(runfs_cachep);
	return err;
}

static void __exit runfs_exit(void)
{
	unregister_filesystem(&runfs_type);
	rcu_barrier();
	kmem_cache_destroy(runfs_cachep);
}

module_init(runfs_init);
module_exit(runfs_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A run of blocks a file, by iomap");
