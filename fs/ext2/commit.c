// SPDX-License-Identifier: MIT
/*
 * What of ext2 reaches the disk in which order: no pointer before what it points to.
 *
 * A power cut may leave any part of what was written since the last flush. e2fsck mends bitmaps, counts and names
 * that do not fit together, but it cannot see that an inode's new block still has the bytes of somebody else. So
 * blocks of inodes and of numbers are not dirty for write-back; they are on lists of ours, and ext2_commit() writes
 * them:
 *   1. the data of all files and directories that got blocks or another size, and new blocks of numbers, to
 *      which nothing on the disk leads;
 *   2. after a flush the inodes, and the blocks of numbers that were there before; then another flush.
 * After that what was freed before it may be given out again (balloc.c): nothing on the disk leads to it. Bitmaps,
 * descriptors and the superblock are written by write-back at any time, for e2fsck makes them anew.
 *
 * Files may change meanwhile. What step 2 writes is as it was at the beginning: inodes are copied into their
 * buffers here alone, and of old blocks of numbers a copy is taken. So step 1 has to find the data of every pointer
 * in these. A file gets its blocks, and its pages become dirty, with s_alloc_sem held for reading, and the copies
 * are taken with it held for writing: then all pages are dirty that there are pointers to. A directory's page is
 * marked in its tree before a pointer to it exists (__block_write_begin()). Either is on s_dirty before
 * that (ext2_splice_branch()). Copying comes before the writing of new blocks of numbers, and that before the data.
 *
 * Callers: fsync, sync, unmount; ext2_write_inode(), for the flusher; who finds nothing free but what was freed.
 * None has a page locked, or a truncate_mutex: writing the data takes both.
 *
 * Locking: s_commit is one commit at a time. s_alloc_sem is inside i_rwsem and mmap_lock, outside invalidate_lock and page
 * locks; who has it for reading does not wait for a commit. s_dirty_lock guards the lists and the marks of the inodes on them. An
 * inode on s_dirty has no reference for it: when it is evicted it leaves the list, and waits while it is s_busy.
 */
#include <linux/blkdev.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include "ext2.h"

#define BATCH		16		/* buffers under way at once */
#define COMMIT_INTERVAL	(5 * HZ)	/* not more often, when only memory is wanted */

/* ------------------------------------------------------------------ what is dirty */

/* Not in line: there are many. */
static noinline void lock_dirty(struct ext2_sb_info *sbi)
{
	spin_lock(&sbi->s_dirty_lock);
}

static noinline void unlock_dirty(struct ext2_sb_info *sbi)
{
	spin_unlock(&sbi->s_dirty_lock);
}

/** ext2_mark_ordered - a block of inodes or of numbers was changed; the caller has a reference */
void ext2_mark_ordered(struct super_block *sb, struct buffer_head *bh, int kind)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);

	lock_dirty(sbi);
	if (list_empty(&bh->b_assoc_buffers)) {
		get_bh(bh);
		list_add_tail(&bh->b_assoc_buffers, &sbi->s_meta[kind]);
	} else if (kind == EXT2_META_NEW) {	/* it could not be written, and was changed meanwhile */
		list_move_tail(&bh->b_assoc_buffers, &sbi->s_meta[kind]);
	}
	unlock_dirty(sbi);
}

/** ext2_forget - a block of numbers was freed and is not to be written; drops the reference. NULL is allowed */
void ext2_forget(struct super_block *sb, struct buffer_head *bh)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);

	if (!bh)
		return;
	lock_dirty(sbi);
	if (!list_empty(&bh->b_assoc_buffers)) {
		list_del_init(&bh->b_assoc_buffers);
		put_bh(bh);	/* the caller's remains */
	}
	unlock_dirty(sbi);
	bforget(bh);
}

/**
 * ext2_dirty_inode - ->dirty_inode(): the commit is to copy an inode into its buffer
 *
 * After the change; but with I_DIRTY_DATASYNC before a pointer to data appears: the data are to be written first.
 */
void ext2_dirty_inode(struct inode *inode, int flags)
{
	struct ext2_sb_info *sbi = EXT2_SB(inode->i_sb);
	struct ext2_inode_info *ei = EXT2_I(inode);

	lock_dirty(sbi);
	if (!(READ_ONCE(inode->i_state) & I_FREEING)) {		/* ext2_evict_inode() does without */
		ei->i_stale = true;
		if (flags & I_DIRTY_DATASYNC)
			ei->i_ordered = true;
		if (list_empty(&ei->i_dirty))
			list_add_tail(&ei->i_dirty, &sbi->s_dirty);
	}
	unlock_dirty(sbi);
}

/** ext2_undirty_inode - an inode is being evicted. Returns whether its buffer lacks something */
bool ext2_undirty_inode(struct inode *inode)
{
	struct ext2_sb_info *sbi = EXT2_SB(inode->i_sb);
	struct ext2_inode_info *ei = EXT2_I(inode);

	lock_dirty(sbi);
	while (sbi->s_busy == ei) {
		unlock_dirty(sbi);
		wait_event(sbi->s_busy_wait, READ_ONCE(sbi->s_busy) != ei);
		lock_dirty(sbi);
	}
	list_del_init(&ei->i_dirty);
	unlock_dirty(sbi);
	return ei->i_stale;
}

/** ext2_drop_dirty - the filesystem goes, and what could not be written is lost */
void ext2_drop_dirty(struct ext2_sb_info *sbi)
{
	struct buffer_head *bh, *next;

	for (int kind = 0; kind < EXT2_NR_META; kind++)
		list_for_each_entry_safe(bh, next, &sbi->s_meta[kind], b_assoc_buffers) {
			list_del_init(&bh->b_assoc_buffers);
			brelse(bh);
		}
}

/* ------------------------------------------------------------------ the commit; s_commit is held */

static int flush(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	const int err = blkdev_issue_flush(sb->s_bdev);

	if (!err)
		sbi->s_unflushed = false;
	return err;
}

/* Takes the first buffer off a list, with the list's reference; or NULL. */
static struct buffer_head *take_first(struct ext2_sb_info *sbi, struct list_head *list)
{
	struct buffer_head *bh;

	lock_dirty(sbi);
	bh = list_first_entry_or_null(list, struct buffer_head, b_assoc_buffers);
	if (bh)
		list_del_init(&bh->b_assoc_buffers);
	unlock_dirty(sbi);
	return bh;
}

/*
 * Moves copies of old blocks of numbers to @copies. A copy's b_private is the block, whose reference it has. A
 * number that is being written meanwhile is copied as it was or as it will be: it is aligned.
 */
static void copy_numbers(struct super_block *sb, struct list_head *copies)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct buffer_head *bh, *copy;

	while ((bh = take_first(sbi, &sbi->s_meta[EXT2_META_NUMBERS]))) {
		copy = alloc_buffer_head(GFP_NOFS | __GFP_NOFAIL);
		copy->b_page = alloc_page(GFP_NOFS | __GFP_NOFAIL);
		copy->b_data = page_address(copy->b_page);
		copy->b_private = bh;
		map_bh(copy, sb, bh->b_blocknr);
		memcpy(copy->b_data, bh->b_data, bh->b_size);
		list_add_tail(&copy->b_assoc_buffers, copies);
	}
}

/* A buffer was written, or could not be, and then it is dirty again. */
static void end_buffer(struct super_block *sb, struct buffer_head *bh, int kind, bool failed)
{
	struct buffer_head *copy = bh->b_private ? bh : NULL;

	if (copy) {
		bh = copy->b_private;
		put_page(copy->b_page);
		free_buffer_head(copy);
	}
	if (failed)
		ext2_mark_ordered(sb, bh, kind);
	brelse(bh);
}

/* What is in memory stays right when it cannot be written: the buffer remains up to date. */
static void end_meta_write(struct buffer_head *bh, int uptodate)
{
	if (!uptodate) {
		pr_err_ratelimited("Buffer I/O error on dev %s, logical block %llu, lost sync page write\n",
				   bh->b_bdev->bd_name, (u64)bh->b_blocknr);
		set_buffer_write_io_error(bh);
	}
	unlock_buffer(bh);
}

/* Writes the buffers of a list, and waits. 0, or -EIO: what could not be written is on its list again. */
static int write_buffers(struct super_block *sb, struct list_head *list, int kind)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct buffer_head *batch[BATCH];
	LIST_HEAD(todo);
	int n, err = 0;

	lock_dirty(sbi);
	list_splice_init(list, &todo);
	unlock_dirty(sbi);
	do {
		for (n = 0; n < BATCH && (batch[n] = take_first(sbi, &todo)); n++) {
			lock_buffer(batch[n]);
			batch[n]->b_end_io = end_meta_write;
			submit_bh(REQ_OP_WRITE | REQ_SYNC, batch[n]);
		}
		for (int i = 0; i < n; i++) {
			wait_on_buffer(batch[i]);
			if (buffer_write_io_error(batch[i]))
				err = -EIO;
			end_buffer(sb, batch[i], kind, buffer_write_io_error(batch[i]));
		}
	} while (n == BATCH);
	return err;
}

/* Keeps the first error. */
static void note_error(int *ret, int err)
{
	if (!*ret)
		*ret = err;
}

/* Takes a mark off an inode, before what it is about is done: who sets it again after that wants it done again. */
static bool take_mark(struct ext2_sb_info *sbi, bool *mark)
{
	bool was;

	lock_dirty(sbi);
	was = *mark;
	*mark = false;
	unlock_dirty(sbi);
	return was;
}

/* Copies an inode into its buffer. */
static int copy_inode(struct inode *inode)
{
	int err;

	if (!take_mark(EXT2_SB(inode->i_sb), &EXT2_I(inode)->i_stale))
		return 0;
	err = ext2_update_inode(inode);
	if (err)
		ext2_dirty_inode(inode, 0);
	return err;
}

/* Starts writing its data: those of many files are under way at once. */
static int start_inode(struct inode *inode)
{
	if (READ_ONCE(EXT2_I(inode)->i_ordered))
		filemap_flush(inode->i_mapping);
	return 0;
}

/* Has its data written. Errors stay with a file, for its fsync; those of a directory are everybody's. */
static int finish_inode(struct inode *inode)
{
	struct ext2_sb_info *sbi = EXT2_SB(inode->i_sb);

	if (!take_mark(sbi, &EXT2_I(inode)->i_ordered))
		return 0;
	sbi->s_unflushed = true;	/* also what was written long before */
	if (S_ISDIR(inode->i_mode))
		return filemap_write_and_wait(inode->i_mapping);
	filemap_fdatawrite(inode->i_mapping);
	return filemap_fdatawait_keep_errors(inode->i_mapping);
}

/* Calls @fn for each inode on s_dirty. It stays there if @keep, or if it has become stale. */
static int for_each_dirty_inode(struct super_block *sb, int (*fn)(struct inode *inode), bool keep)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct ext2_inode_info *ei;
	LIST_HEAD(todo);
	int ret = 0;

	lock_dirty(sbi);
	list_splice_init(&sbi->s_dirty, &todo);
	while ((ei = list_first_entry_or_null(&todo, struct ext2_inode_info, i_dirty))) {
		list_del_init(&ei->i_dirty);
		if (keep)
			list_add_tail(&ei->i_dirty, &sbi->s_dirty);
		WRITE_ONCE(sbi->s_busy, ei);
		unlock_dirty(sbi);

		note_error(&ret, fn(&ei->vfs_inode));
		cond_resched();

		lock_dirty(sbi);
		if (ei->i_stale && list_empty(&ei->i_dirty))
			list_add_tail(&ei->i_dirty, &sbi->s_dirty);
		WRITE_ONCE(sbi->s_busy, NULL);
		wake_up_all(&sbi->s_busy_wait);
	}
	unlock_dirty(sbi);
	return ret;
}

/* Without step 1 there is no step 2. Other errors do not keep what can be written from being so. */
static int write_all(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	struct buffer_head *bh;
	LIST_HEAD(copies);
	int ret, err = 0;

	down_write(&sbi->s_alloc_sem);
	copy_numbers(sb, &copies);
	ret = for_each_dirty_inode(sb, copy_inode, true);
	up_write(&sbi->s_alloc_sem);
	for_each_dirty_inode(sb, start_inode, true);

	if (!list_empty(&sbi->s_meta[EXT2_META_NEW])) {
		sbi->s_unflushed = true;
		err = write_buffers(sb, &sbi->s_meta[EXT2_META_NEW], EXT2_META_NEW);
	}
	note_error(&ret, for_each_dirty_inode(sb, finish_inode, false));
	if (!err && sbi->s_unflushed)
		err = flush(sb);
	if (err) {
		while ((bh = take_first(sbi, &copies)))
			end_buffer(sb, bh, EXT2_META_NUMBERS, true);
		return err;
	}

	note_error(&ret, write_buffers(sb, &copies, EXT2_META_NUMBERS));
	note_error(&ret, write_buffers(sb, &sbi->s_meta[EXT2_META_INODES], EXT2_META_INODES));
	return ret;
}

/**
 * ext2_commit - makes all that has been done until now survive a power cut
 *
 * Returns 0 or -EIO: then what could not be written is still dirty, and what was freed stays unused. Errors of
 * data are left to fsync() of their files.
 */
int ext2_commit(struct super_block *sb)
{
	struct ext2_sb_info *sbi = EXT2_SB(sb);
	int err;

	mutex_lock(&sbi->s_commit);
	WRITE_ONCE(sbi->s_last_commit, jiffies);
	ext2_rotate_freed(sb);		/* what is freed from here on is the next one's */
	err = write_all(sb);
	if (!err)
		err = flush(sb);
	if (!err)
		ext2_release_freed(sb);
	mutex_unlock(&sbi->s_commit);
	return err;
}

/**
 * ext2_write_inode - ->write_inode(): when it is to be on the disk all is committed, and the next is done soon
 *
 * So an inode that is clean for the VFS is on s_dirty no more. One whose pages were written since there is
 * little memory waits a while with its inode.
 */
int ext2_write_inode(struct inode *inode, struct writeback_control *wbc)
{
	struct ext2_sb_info *sbi = EXT2_SB(inode->i_sb);

	if (list_empty(&EXT2_I(inode)->i_dirty) && (wbc->sync_mode == WB_SYNC_NONE || wbc->for_sync))
		return 0;
	if (wbc->sync_mode == WB_SYNC_NONE && !wbc->for_kupdate &&
	    time_before(jiffies, READ_ONCE(sbi->s_last_commit) + COMMIT_INTERVAL)) {
		mark_inode_dirty_sync(inode);
		return 0;
	}
	return ext2_commit(inode->i_sb);
}

/** ext2_should_retry_alloc - no block was free: are there some now? No page is locked; *retries begins with 0 */
bool ext2_should_retry_alloc(struct super_block *sb, int *retries)
{
	return READ_ONCE(EXT2_SB(sb)->s_nr_freed[EXT2_FREED_BLOCKS]) && (*retries)++ < 3 && !ext2_commit(sb);
}
