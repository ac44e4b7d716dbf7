// SPDX-License-Identifier: MIT
/*
 * What reaches the disk in which order, so that a power cut at any moment leaves an EZFS that mounts,
 * in which no file has bytes that are not its own, and nothing is missing that fsync() has returned for.
 *
 * Metadata - bit vectors, inode store, indirect blocks, directories - are changed in their buffers, which
 * write-back does not know of: they are dirty by marks of our own, and only ezfs_commit() writes them:
 *   1. the data of files that got blocks or another size; indirect blocks and directories of what is new,
 *      to which nothing on the disk leads; the bit vectors, with the bits of new blocks and inodes set, and those
 *      of freed ones not cleared yet (in layout C after the data, for with the first bytes of a block the vectors
 *      cease to say that it is zeros);
 *   2. the other indirect blocks;
 *   3. the inode store, in which the inodes of removed files stand still, as they were at the last commit:
 *      what was written into the file since then has gone with it;
 *   4. the directories that were there before;
 *   5. the inode store without the removed files; 6. the bit vectors without what was freed.
 * Between two of them the device's cache is flushed, steps with nothing to do are left out. So nothing on
 * the disk points to what is not written yet, and nothing is given to somebody else as long as something
 * on the disk points to it: what is freed is taken again only after the commit. (But what was made since
 * the last one, and on the disk never was, is free at once.)
 *
 * Who commits: fsync, sync, unmount, the flusher with the first inode that is old enough, and whoever
 * finds nothing free though something was freed (ezfs_should_retry()).
 *
 * Locking: operations that change metadata do so between ezfs_begin() and ezfs_end(), which is
 * commit_sem for reading: inside i_rwsem and mmap_lock, outside invalidate_lock, map_lock and page locks.
 * The commit has it for writing, and so sees no operation half done. A reader waits behind a writer who
 * waits: so nobody begins within an operation, nor evicts a removed file, nor waits for a commit. Times are
 * changed without commit_sem. dirty_lock guards the lists while operations run, and the copying of an
 * inode into the store; sbi->lock the bits.
 */
#include <linux/bitmap.h>
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/string.h>
#include <linux/writeback.h>
#include "ezfs.h"

#define BH_Ezfs_Dirty	BH_PrivateStart		/* superblock, inode store: to be committed */

/* ------------------------------------------------------------------ operations */

/** ezfs_commit_between - in the midst of an operation that has nothing half done: commits; 0 or an error */
int ezfs_commit_between(struct super_block *sb)
{
	int err;

	ezfs_end(sb);
	err = ezfs_commit(sb, true);
	ezfs_begin(sb);
	return err;
}

/**
 * ezfs_should_retry - after an operation: has it failed for want of what a commit would make free?
 * @err: its outcome
 * @retries: how often that was the case; 0 at first
 *
 * If so it has been committed.
 */
bool ezfs_should_retry(struct super_block *sb, int err, int *retries)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);

	return unlikely(err == -ENOSPC) && (READ_ONCE(sbi->nr_freed) || READ_ONCE(sbi->dead)) &&
	       ++*retries < 3 && !ezfs_commit(sb, true);
}

/** ezfs_mark_meta_dirty - the superblock's or the inode store's buffer was changed */
void ezfs_mark_meta_dirty(struct buffer_head *bh)
{
	smp_mb();	/* the change, before the mark; pairs with write_meta() */
	if (!test_bit(BH_Ezfs_Dirty, &bh->b_state))
		set_bit(BH_Ezfs_Dirty, &bh->b_state);
}

/**
 * ezfs_mark_block_dirty - an inode's directory block or indirect block was changed
 *
 * Those of an inode that is new are written at first, for nothing leads there; another's indirect block before the
 * inode, and a directory that is known to the disk after the inodes that it has names for.
 */
void ezfs_mark_block_dirty(struct inode *inode, struct buffer_head *bh)
{
	struct ezfs_sb_info *sbi = EZFS_SB(inode->i_sb);
	struct list_head *list = &sbi->dirty_new;

	rwsem_assert_held(&sbi->commit_sem);
	/* The block is the inode's, whose i_rwsem or map_lock we hold: nobody else puts it there now. */
	if (!list_empty(&bh->b_assoc_buffers))
		return;
	if (!ezfs_is_young(inode))
		list = S_ISDIR(inode->i_mode) ? &sbi->dirty_dirs : &sbi->dirty_blocks;
	get_bh(bh);
	spin_lock(&sbi->dirty_lock);
	list_add_tail(&bh->b_assoc_buffers, list);
	spin_unlock(&sbi->dirty_lock);
}

/** ezfs_forget_block - metadata block @block is being freed: it is not to be written any more */
void ezfs_forget_block(struct super_block *sb, u64 block)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	struct buffer_head *bh = sb_find_get_block(sb, block);

	if (!bh)
		return;
	spin_lock(&sbi->dirty_lock);
	if (!list_empty(&bh->b_assoc_buffers)) {
		list_del_init(&bh->b_assoc_buffers);
		put_bh(bh);	/* ours remains */
	}
	spin_unlock(&sbi->dirty_lock);
	brelse(bh);
}

/** ezfs_dirty_inode - ->dirty_inode(): an inode was changed; its place in the store follows with the commit */
void ezfs_dirty_inode(struct inode *inode, int flags)
{
	struct ezfs_sb_info *sbi = EZFS_SB(inode->i_sb);
	struct ezfs_inode_info *ei = EZFS_I(inode);

	spin_lock(&sbi->dirty_lock);
	if (list_empty(&ei->dirty))
		list_add_tail(&ei->dirty, &sbi->dirty_inodes);
	/* It may have another size, or more blocks: then its data must be on the disk before it. */
	if ((flags & I_DIRTY_DATASYNC) && S_ISREG(inode->i_mode))
		ei->ordered = true;
	spin_unlock(&sbi->dirty_lock);
}

/* Takes it off the list, if it is on it, and copies it into the store. dirty_lock held. */
static void store_inode(struct ezfs_sb_info *sbi, struct ezfs_inode_info *ei)
{
	struct inode *inode = &ei->vfs_inode;

	lockdep_assert_held(&sbi->dirty_lock);
	list_del_init(&ei->dirty);
	ezfs_encode_inode(sbi->layout, ezfs_raw_inode(sbi, inode->i_ino), inode);
	ezfs_mark_meta_dirty(sbi->i_store_bh);
}

/** ezfs_store_inode - copies a new inode into the inode store, where readdir looks up its type */
void ezfs_store_inode(struct inode *inode)
{
	struct ezfs_sb_info *sbi = EZFS_SB(inode->i_sb);

	spin_lock(&sbi->dirty_lock);
	store_inode(sbi, EZFS_I(inode));
	spin_unlock(&sbi->dirty_lock);
}

/**
 * ezfs_forget_inode - an inode leaves memory: what the commit has not copied yet is copied now
 * @delete: its file goes, too: nothing is copied
 */
void ezfs_forget_inode(struct inode *inode, bool delete)
{
	struct ezfs_sb_info *sbi = EZFS_SB(inode->i_sb);
	struct ezfs_inode_info *ei = EZFS_I(inode);

	spin_lock(&sbi->dirty_lock);
	if (!list_empty(&ei->dirty)) {
		if (delete || sbi->damaged) {
			list_del_init(&ei->dirty);
		} else {
			store_inode(sbi, ei);
			WRITE_ONCE(sbi->unflushed, true);	/* its data were written some time */
		}
	}
	spin_unlock(&sbi->dirty_lock);
	wait_event(sbi->ordering_wait, READ_ONCE(sbi->ordering) != ei);
}

/* ------------------------------------------------------------------ the commit; commit_sem is held for writing */

static int flush(struct super_block *sb)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	int err;

	if (!sbi->unflushed)
		return 0;
	sbi->unflushed = false;
	err = blkdev_issue_flush(sb->s_bdev);
	if (err)
		sbi->unflushed = true;
	return err;
}

/*
 * Copies the dirty inodes into the store, and writes step 1's data. Errors stay with the files, for their
 * fsync. There is no reference to the inodes: one that is being evicted waits for us (and in here nobody
 * evicts, for there is no __GFP_FS).
 */
static void write_ordered_data(struct super_block *sb)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	struct ezfs_inode_info *ei;

	spin_lock(&sbi->dirty_lock);
	while ((ei = list_first_entry_or_null(&sbi->dirty_inodes, struct ezfs_inode_info, dirty))) {
		store_inode(sbi, ei);
		if (!ei->ordered)
			continue;
		ei->ordered = false;
		WRITE_ONCE(sbi->ordering, ei);
		sbi->unflushed = true;
		spin_unlock(&sbi->dirty_lock);
		filemap_fdatawrite(ei->vfs_inode.i_mapping);
		filemap_fdatawait_keep_errors(ei->vfs_inode.i_mapping);
		spin_lock(&sbi->dirty_lock);
		WRITE_ONCE(sbi->ordering, NULL);
		wake_up_all(&sbi->ordering_wait);
	}
	spin_unlock(&sbi->dirty_lock);
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
	put_bh(bh);
}

static void start_meta_write(struct buffer_head *bh)
{
	lock_buffer(bh);
	get_bh(bh);
	bh->b_end_io = end_meta_write;
	submit_bh(REQ_OP_WRITE | REQ_SYNC, bh);
}

/* Starts writing the superblock or the inode store, if it is dirty. Returns whether it was: then finish_meta(). */
static bool start_meta(struct super_block *sb, struct buffer_head *bh)
{
	if (!test_bit(BH_Ezfs_Dirty, &bh->b_state))
		return false;
	clear_bit(BH_Ezfs_Dirty, &bh->b_state);
	smp_mb__after_atomic();
	start_meta_write(bh);
	EZFS_SB(sb)->unflushed = true;
	return true;
}

/* It was written: 0; or -EIO, and then it is still dirty. */
static int finish_meta(struct super_block *sb, struct buffer_head *bh)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);

	wait_on_buffer(bh);
	if (buffer_write_io_error(bh)) {
		set_bit(BH_Ezfs_Dirty, &bh->b_state);
		return -EIO;
	}
	memcpy(bh == sbi->sb_bh ? sbi->disk_sb : sbi->disk_store, bh->b_data, EZFS_BLOCK_SIZE);
	return 0;
}

/* One of the two, after what was written before has been flushed. */
static int write_meta(struct super_block *sb, struct buffer_head *bh)
{
	int err = test_bit(BH_Ezfs_Dirty, &bh->b_state) ? flush(sb) : 0;

	return !err && start_meta(sb, bh) ? finish_meta(sb, bh) : err;
}

static void start_list(struct super_block *sb, struct list_head *list)
{
	struct buffer_head *bh;

	list_for_each_entry(bh, list, b_assoc_buffers) {
		start_meta_write(bh);
		EZFS_SB(sb)->unflushed = true;
	}
}

/* They were written: 0; or -EIO, and those that could not be are on the list still. */
static int finish_list(struct list_head *list)
{
	struct buffer_head *bh, *next;
	int err = 0;

	list_for_each_entry_safe(bh, next, list, b_assoc_buffers) {
		wait_on_buffer(bh);
		if (buffer_write_io_error(bh)) {
			err = -EIO;
			continue;
		}
		list_del_init(&bh->b_assoc_buffers);
		brelse(bh);
	}
	return err;
}

static int write_list(struct super_block *sb, struct list_head *list)
{
	int err;

	if (list_empty(list))
		return 0;
	err = flush(sb);
	if (err)
		return err;
	start_list(sb, list);
	return finish_list(list);
}

/* Step 1, all of it under way at once. In layout C the vectors come after the rest. */
static int write_new(struct super_block *sb)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	const bool started = !sbi->zero_bits && start_meta(sb, sbi->sb_bh);
	int err = 0, err2;

	start_list(sb, &sbi->dirty_new);
	write_ordered_data(sb);
	if (started)
		err = finish_meta(sb, sbi->sb_bh);
	err2 = finish_list(&sbi->dirty_new);
	if (!err)
		err = err2;
	return err ? err : write_meta(sb, sbi->sb_bh);
}

/* Steps 5 and 6: nothing on the disk leads to the removed and the freed any more. */
static int release_freed(struct super_block *sb)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	int err;

	if (!sbi->dead && !sbi->nr_freed)
		return 0;
	ezfs_bury_inodes(sb);
	err = write_meta(sb, sbi->i_store_bh);
	if (!err)
		err = flush(sb);	/* before the bits can be taken by somebody else */
	if (err)
		return err;
	ezfs_release_bits(sb);
	return write_meta(sb, sbi->sb_bh);
}

static int commit(struct super_block *sb)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	int err;

	if (sbi->damaged)
		return -EROFS;
	sbi->generation++;	/* from here on the disk may know what was made before */
	err = write_new(sb);
	if (!err)
		err = write_list(sb, &sbi->dirty_blocks);
	if (!err)
		err = write_meta(sb, sbi->i_store_bh);
	if (!err)
		err = write_list(sb, &sbi->dirty_dirs);
	return err ? err : release_freed(sb);
}

/**
 * ezfs_commit - writes all metadata, in their order, and the data that must go first
 * @wait: for operations that are under way; else -EAGAIN
 *
 * No flush at the end. Returns 0, -EROFS, or -EIO: then all that is not on the disk is still dirty, and
 * what would have come after it is not written.
 */
int ezfs_commit(struct super_block *sb, bool wait)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	unsigned int flags;
	int err;

	lockdep_assert_not_held(&sbi->commit_sem);
	if (wait)
		down_write(&sbi->commit_sem);
	else if (!down_write_trylock(&sbi->commit_sem))
		return -EAGAIN;
	/* No reclaim of pages or inodes: that could wait for us. */
	flags = memalloc_noio_save();
	err = commit(sb);
	memalloc_noio_restore(flags);
	up_write(&sbi->commit_sem);
	return err;
}

/** ezfs_drop_dirty - the filesystem goes, and what could not be written is lost */
void ezfs_drop_dirty(struct ezfs_sb_info *sbi)
{
	struct buffer_head *bh, *next;

	list_splice_init(&sbi->dirty_new, &sbi->dirty_dirs);
	list_splice_init(&sbi->dirty_blocks, &sbi->dirty_dirs);
	list_for_each_entry_safe(bh, next, &sbi->dirty_dirs, b_assoc_buffers) {
		list_del_init(&bh->b_assoc_buffers);
		brelse(bh);
	}
}
