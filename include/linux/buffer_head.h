/* SPDX-License-Identifier: MIT */
/*
 * Buffer heads: one block of a disk within a page of the page cache (fs/buffer.c).
 *
 * A page of a block device's own cache has its buffers for metadata: sb_bread() finds or reads
 * one. A page of a file has them as the record of where its blocks lie on the disk. The buffers of
 * a page form a ring by b_this_page; folio->private points at one of them.
 */
#ifndef _LINUX_BUFFER_HEAD_H
#define _LINUX_BUFFER_HEAD_H

#include <linux/types.h>
#include <linux/blk_types.h>
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/pagemap.h>
#include <linux/wait.h>
#include <linux/atomic.h>

enum bh_state_bits {
	BH_Uptodate,		/* holds what the disk holds, or newer */
	BH_Dirty,		/* newer than the disk */
	BH_Lock,		/* I/O under way, or being set up */
	BH_Req,			/* was submitted for I/O once */
	BH_Mapped,		/* b_blocknr is its place on the disk */
	BH_New,			/* get_block() has just given it that place */
	BH_Async_Read,		/* end_buffer_async_read() will end it */
	BH_Async_Write,
	BH_Delay,
	BH_Boundary,
	BH_Write_EIO,		/* the last write failed */
	BH_Unwritten,
	BH_Quiet,		/* no message about its errors */
	BH_Meta,
	BH_Prio,
	BH_PrivateStart,	/* first bit for the filesystem */
};

struct buffer_head;
typedef void (bh_end_io_t)(struct buffer_head *bh, int uptodate);

struct buffer_head {
	unsigned long		b_state;	/* BH_* bits, atomic */
	struct buffer_head	*b_this_page;	/* ring of the page's buffers */
	struct page		*b_page;
	sector_t		b_blocknr;	/* in units of b_size, from the device's start */
	size_t			b_size;		/* bytes */
	char			*b_data;	/* within the page */
	struct block_device	*b_bdev;
	bh_end_io_t		*b_end_io;	/* called in interrupts; the buffer is locked */
	void			*b_private;
	struct list_head	b_assoc_buffers;	/* in b_assoc_map's private_list */
	struct address_space	*b_assoc_map;	/* the file whose metadata this is; private_lock */
	atomic_t		b_count;	/* users: not to be taken off the page */
	spinlock_t		b_uptodate_lock;	/* in a page's first buffer: end of its I/O */
};

#define BUFFER_FNS(bit, name)							\
static __always_inline void set_buffer_##name(struct buffer_head *bh)		\
{										\
	if (!test_bit(BH_##bit, &bh->b_state))					\
		set_bit(BH_##bit, &bh->b_state);				\
}										\
static __always_inline void clear_buffer_##name(struct buffer_head *bh)	\
{										\
	clear_bit(BH_##bit, &bh->b_state);					\
}										\
static __always_inline int buffer_##name(const struct buffer_head *bh)		\
{										\
	return test_bit(BH_##bit, &bh->b_state);				\
}

#define TAS_BUFFER_FNS(bit, name)						\
static __always_inline int test_set_buffer_##name(struct buffer_head *bh)	\
{										\
	return test_and_set_bit(BH_##bit, &bh->b_state);			\
}										\
static __always_inline int test_clear_buffer_##name(struct buffer_head *bh)	\
{										\
	return test_and_clear_bit(BH_##bit, &bh->b_state);			\
}

BUFFER_FNS(Dirty, dirty)
TAS_BUFFER_FNS(Dirty, dirty)
BUFFER_FNS(Lock, locked)
BUFFER_FNS(Req, req)
TAS_BUFFER_FNS(Req, req)
BUFFER_FNS(Mapped, mapped)
BUFFER_FNS(New, new)
BUFFER_FNS(Async_Read, async_read)
BUFFER_FNS(Async_Write, async_write)
BUFFER_FNS(Delay, delay)
BUFFER_FNS(Boundary, boundary)
BUFFER_FNS(Write_EIO, write_io_error)
BUFFER_FNS(Unwritten, unwritten)
BUFFER_FNS(Meta, meta)
BUFFER_FNS(Prio, prio)

/* Contents first, then the bit; and the other way round for who reads without the lock. */
static __always_inline void set_buffer_uptodate(struct buffer_head *bh)
{
	if (test_bit(BH_Uptodate, &bh->b_state))
		return;
	smp_mb__before_atomic();
	set_bit(BH_Uptodate, &bh->b_state);
}

static __always_inline void clear_buffer_uptodate(struct buffer_head *bh)
{
	clear_bit(BH_Uptodate, &bh->b_state);
}

static __always_inline int buffer_uptodate(const struct buffer_head *bh)
{
	return test_bit_acquire(BH_Uptodate, &bh->b_state);
}

#define bh_offset(bh)		((unsigned long)(bh)->b_data & ~PAGE_MASK)
#define page_has_buffers(page)	PagePrivate(page)
#define folio_buffers(folio)	((struct buffer_head *)folio_get_private(folio))
#define page_buffers(page)						\
({									\
	BUG_ON(!PagePrivate(page));					\
	(struct buffer_head *)page_private(page);			\
})

typedef int (get_block_t)(struct inode *inode, sector_t iblock, struct buffer_head *bh_result,
			  int create);

static inline void map_bh(struct buffer_head *bh, struct super_block *sb, sector_t block)
{
	set_buffer_mapped(bh);
	bh->b_bdev = sb->s_bdev;
	bh->b_blocknr = block;
	bh->b_size = sb->s_blocksize;
}

static inline void get_bh(struct buffer_head *bh)
{
	atomic_inc(&bh->b_count);
}

static inline void put_bh(struct buffer_head *bh)
{
	smp_mb__before_atomic();
	atomic_dec(&bh->b_count);
}

struct buffer_head *alloc_buffer_head(gfp_t gfp);
void free_buffer_head(struct buffer_head *bh);
struct buffer_head *alloc_page_buffers(struct page *page, unsigned long size, bool retry);
void create_empty_buffers(struct page *page, unsigned long blocksize, unsigned long b_state);
bool try_to_free_buffers(struct folio *folio);

void __lock_buffer(struct buffer_head *bh);
void unlock_buffer(struct buffer_head *bh);
void __wait_on_buffer(struct buffer_head *bh);

static inline int trylock_buffer(struct buffer_head *bh)
{
	return likely(!test_and_set_bit_lock(BH_Lock, &bh->b_state));
}

static inline void lock_buffer(struct buffer_head *bh)
{
	if (!trylock_buffer(bh))
		__lock_buffer(bh);
}

static inline void wait_on_buffer(struct buffer_head *bh)
{
	if (buffer_locked(bh))
		__wait_on_buffer(bh);
}

/* Metadata: blocks of a device, by number. */
void invalidate_bh_lrus(void);
void invalidate_bh_lrus_cpu(void);
struct buffer_head *__find_get_block(struct block_device *bdev, sector_t block, unsigned int size);
struct buffer_head *__getblk_gfp(struct block_device *bdev, sector_t block, unsigned int size,
				 gfp_t gfp);
struct buffer_head *__bread_gfp(struct block_device *bdev, sector_t block, unsigned int size,
				gfp_t gfp);
void __breadahead(struct block_device *bdev, sector_t block, unsigned int size);
void __brelse(struct buffer_head *bh);
void __bforget(struct buffer_head *bh);
void clean_bdev_aliases(struct block_device *bdev, sector_t block, sector_t len);

static inline void clean_bdev_bh_alias(struct buffer_head *bh)
{
	clean_bdev_aliases(bh->b_bdev, bh->b_blocknr, 1);
}

static inline struct buffer_head *__getblk(struct block_device *bdev, sector_t block,
					   unsigned int size)
{
	return __getblk_gfp(bdev, block, size, GFP_NOFS);
}

static inline struct buffer_head *__bread(struct block_device *bdev, sector_t block,
					  unsigned int size)
{
	return __bread_gfp(bdev, block, size, GFP_NOFS);
}

/** sb_bread - block @block of the filesystem's device, read; NULL on an I/O error or no memory */
static inline struct buffer_head *sb_bread(struct super_block *sb, sector_t block)
{
	return __bread(sb->s_bdev, block, sb->s_blocksize);
}

/** sb_getblk - the same without reading: for a block that is about to be written whole */
static inline struct buffer_head *sb_getblk(struct super_block *sb, sector_t block)
{
	return __getblk(sb->s_bdev, block, sb->s_blocksize);
}

static inline struct buffer_head *sb_find_get_block(struct super_block *sb, sector_t block)
{
	return __find_get_block(sb->s_bdev, block, sb->s_blocksize);
}

static inline void sb_breadahead(struct super_block *sb, sector_t block)
{
	__breadahead(sb->s_bdev, block, sb->s_blocksize);
}

/** brelse - done with a buffer; NULL is allowed */
static inline void brelse(struct buffer_head *bh)
{
	if (bh)
		__brelse(bh);
}

/** bforget - done with it for good: the block was freed, its contents need not be written */
static inline void bforget(struct buffer_head *bh)
{
	if (bh)
		__bforget(bh);
}

void mark_buffer_dirty(struct buffer_head *bh);
void mark_buffer_dirty_inode(struct buffer_head *bh, struct inode *inode);
void mark_buffer_write_io_error(struct buffer_head *bh);
void submit_bh(blk_opf_t opf, struct buffer_head *bh);
void guard_bio_eod(struct bio *bio);
void write_dirty_buffer(struct buffer_head *bh, blk_opf_t op_flags);
int sync_dirty_buffer(struct buffer_head *bh);
int __sync_dirty_buffer(struct buffer_head *bh, blk_opf_t op_flags);
int bh_read(struct buffer_head *bh, blk_opf_t op_flags);
int sync_mapping_buffers(struct address_space *mapping);
void invalidate_inode_buffers(struct inode *inode);
int inode_has_buffers(struct inode *inode);
int remove_inode_buffers(struct inode *inode);
void end_buffer_read_sync(struct buffer_head *bh, int uptodate);
void end_buffer_write_sync(struct buffer_head *bh, int uptodate);
void end_buffer_async_write(struct buffer_head *bh, int uptodate);

/* File pages: the address_space_operations of a filesystem that has a get_block(). */
int block_read_full_folio(struct folio *folio, get_block_t *get_block);
int __block_write_begin(struct page *page, loff_t pos, unsigned int len, get_block_t *get_block);
int block_write_begin(struct address_space *mapping, loff_t pos, unsigned int len,
		      struct page **pagep, get_block_t *get_block);
int block_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
		    unsigned int copied, struct page *page, void *fsdata);
int generic_write_end(struct file *file, struct address_space *mapping, loff_t pos,
		      unsigned int len, unsigned int copied, struct page *page, void *fsdata);
int block_commit_write(struct page *page, unsigned int from, unsigned int to);
int block_page_mkwrite(struct vm_area_struct *vma, struct vm_fault *vmf, get_block_t *get_block);

/* What ->page_mkwrite() says for the error of block_page_mkwrite(). */
static inline vm_fault_t block_page_mkwrite_return(int err)
{
	if (!err)
		return VM_FAULT_LOCKED;
	if (err == -EFAULT || err == -EAGAIN)
		return VM_FAULT_NOPAGE;
	return err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
}

void page_zero_new_buffers(struct page *page, unsigned int from, unsigned int to);
int block_write_full_page(struct page *page, get_block_t *get_block,
			  struct writeback_control *wbc);
int __block_write_full_page(struct inode *inode, struct page *page, get_block_t *get_block,
			    struct writeback_control *wbc, bh_end_io_t *handler);
bool block_dirty_folio(struct address_space *mapping, struct folio *folio);
void block_invalidate_folio(struct folio *folio, size_t offset, size_t length);
int block_truncate_page(struct address_space *mapping, loff_t from, get_block_t *get_block);
sector_t generic_block_bmap(struct address_space *mapping, sector_t block, get_block_t *get_block);

#endif
