// SPDX-License-Identifier: MIT
/*
 * Layouts A and C: a file is one run of blocks from its first on, as many as its size needs. To grow
 * it takes the blocks behind its last if they are free; else all of it moves to the first run of free
 * blocks that is long enough, its own counted as free.
 *
 * A gap, which a write behind the end or a longer size leaves, has blocks like the rest. In layout C
 * they are marked in zero_blocks and read as zeros until they are written; in layout A zeros are
 * written into them at once.
 *
 * A move: the new run is marked as in use, the file's pages are written to it, the inode points to it,
 * and the old run is freed. In which order that reaches the disk is commit.c's: at each moment the inode on
 * the disk points to a run that has been written, and no block of it is anybody else's. When the new run
 * overlaps the old one the file moves twice, by way of a third run, with a commit between; if there is no
 * room for that, there is none for the move (ENOSPC).
 *
 * Locking. Growth has i_rwsem (other writers, truncation); a move besides invalidate_lock for writing
 * (readers that look up blocks, and write faults) and ei->map_lock for writing (write-back, which
 * has it for reading from the first look-up to the submission of the last page). Reads and writes that
 * were under way then are waited for, page by page. So with all three held nobody knows an old place of a block.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include "ezfs.h"

#define COPY_PAGES	16	/* of one request */

/* Data bits in a row. */
struct run {
	unsigned long	bit, len;
};

static struct run run_of(struct inode *inode)
{
	const struct ezfs_inode_info *ei = EZFS_I(inode);

	return (struct run){ ei->block - EZFS_FIRST_DATA_BLOCK, ei->nblocks };
}

static bool in_run(unsigned long bit, struct run r)
{
	return bit - r.bit < r.len;
}

static loff_t contiguous_max_size(struct super_block *sb)
{
	return (loff_t)EZFS_SB(sb)->nr_data_blocks << EZFS_BLOCK_BITS;
}

/* ------------------------------------------------------------------ bits; sbi->lock is held to change them */

static bool is_zero(struct ezfs_sb_info *sbi, unsigned long bit)
{
	return sbi->zero_bits && test_bit(bit + sbi->zero_shift, sbi->zero_bits);
}

static void set_zero(struct ezfs_sb_info *sbi, unsigned long bit, bool zero)
{
	lockdep_assert_held(&sbi->lock);
	if (!sbi->zero_bits)
		return;
	__assign_bit(bit + sbi->zero_shift, sbi->zero_bits, zero);
	ezfs_mark_meta_dirty(sbi->sb_bh);
}

/* The first @len bits in a row that are clear, or @own, and not @others; nr_data_blocks when there are none. */
static unsigned long find_run(struct ezfs_sb_info *sbi, unsigned long len, struct run own, struct run others)
{
	unsigned long bit = sbi->first_block, run = 0;

	if (own.len)
		bit = min(bit, own.bit);
	for (; bit < sbi->nr_data_blocks; bit++) {
		if (in_run(bit, own) || (!test_bit(bit, sbi->block_bits) && !in_run(bit, others)))
			run++;
		else
			run = 0;
		if (run == len)
			return bit + 1 - len;
	}
	return sbi->nr_data_blocks;
}

/* Marks as in use what is not yet. */
static void take_run(struct ezfs_sb_info *sbi, struct run r)
{
	lockdep_assert_held(&sbi->lock);
	for (unsigned long bit = r.bit; in_run(bit, r); bit++) {
		if (__test_and_set_bit(bit, sbi->block_bits))
			continue;
		sbi->free_blocks--;
		set_zero(sbi, bit, false);
	}
	ezfs_mark_meta_dirty(sbi->sb_bh);
}

/* Frees @r of a file but for what is in @keep. */
static void free_run(struct inode *inode, struct run r, struct run keep)
{
	struct ezfs_sb_info *sbi = EZFS_SB(inode->i_sb);

	mutex_lock(&sbi->lock);
	for (unsigned long bit = r.bit; in_run(bit, r); bit++)
		if (!in_run(bit, keep) && test_bit(bit, sbi->block_bits) && !test_bit(bit, sbi->freed))
			ezfs_free_bit(inode, bit);
	mutex_unlock(&sbi->lock);
}

/*
 * Takes the run with which a file will have @want blocks, @own among them or not; and in *way, when
 * the two overlap, one that has none of either. 0 or -ENOSPC.
 */
static int find_room(struct ezfs_sb_info *sbi, unsigned long want, struct run own, struct run *new,
		     struct run *way)
{
	unsigned long end = own.bit + own.len;

	lockdep_assert_held(&sbi->lock);
	*way = (struct run){ 0 };
	*new = (struct run){ own.bit, want };
	while (own.len && in_run(end, *new) && end < sbi->nr_data_blocks && !test_bit(end, sbi->block_bits))
		end++;
	if (!own.len || end < own.bit + want)
		new->bit = find_run(sbi, want, own, *way);
	if (new->bit == sbi->nr_data_blocks)
		return -ENOSPC;
	/* It is found from below: so it overlaps when it begins before the file and ends in it. */
	if (own.len && new->bit < own.bit && in_run(own.bit, *new)) {
		*way = (struct run){ find_run(sbi, own.len, *way, *new), own.len };
		if (way->bit == sbi->nr_data_blocks)
			return -ENOSPC;
		take_run(sbi, *way);
	}
	take_run(sbi, *new);
	return 0;
}

/* ------------------------------------------------------------------ moving */

/* A page of the file, up to date, after I/O of it that was under way; or ERR_PTR. With a reference. */
static struct page *settled_page(struct address_space *mapping, pgoff_t index)
{
	struct page *page = read_mapping_page(mapping, index, NULL);

	if (IS_ERR(page))
		return page;
	lock_page(page);
	wait_on_page_writeback(page);
	unlock_page(page);
	return page;
}

/*
 * Writes up to COPY_PAGES pages of the file from @index on, none of them all zeros, to @block and on.
 * Returns how many, or an error. Pages that are dirty stay so.
 */
static int copy_pages(struct inode *inode, pgoff_t index, unsigned long nr, sector_t block)
{
	struct ezfs_sb_info *sbi = EZFS_SB(inode->i_sb);
	const struct run old = run_of(inode);
	struct bio_vec vecs[COPY_PAGES];
	struct page *pages[COPY_PAGES];
	unsigned int got = 0;
	struct bio bio;
	int err = 0;

	bio_init(&bio, inode->i_sb->s_bdev, vecs, COPY_PAGES, REQ_OP_WRITE | REQ_SYNC);
	bio.bi_iter.bi_sector = block << (EZFS_BLOCK_BITS - SECTOR_SHIFT);
	while (got < min_t(unsigned long, nr, COPY_PAGES) && !is_zero(sbi, old.bit + index + got)) {
		struct page *page = settled_page(inode->i_mapping, index + got);

		if (IS_ERR(page)) {
			err = PTR_ERR(page);
			break;
		}
		pages[got++] = page;
		if (!bio_add_page(&bio, page, PAGE_SIZE, 0)) {
			put_page(pages[--got]);
			break;
		}
	}
	if (got && !err)
		err = submit_bio_wait(&bio);
	WRITE_ONCE(sbi->unflushed, true);	/* the commit's flush comes before the inode */
	for (unsigned int i = 0; i < got; i++)
		put_page(pages[i]);
	return err ? err : (int)got;
}

/* Step 1 of a move: the file's bytes, and which of its blocks are zeros, are at @bit, too. */
static int copy_file(struct inode *inode, unsigned long bit)
{
	struct super_block *sb = inode->i_sb;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	const struct run old = run_of(inode);
	int ret;

	clean_bdev_aliases(sb->s_bdev, bit + EZFS_FIRST_DATA_BLOCK, old.len);
	for (unsigned long i = 0; i < old.len; i += ret) {
		ret = copy_pages(inode, i, old.len - i, bit + i + EZFS_FIRST_DATA_BLOCK);
		if (ret < 0)
			return ret;
		if (ret)
			continue;
		mutex_lock(&sbi->lock);
		set_zero(sbi, bit + i, true);
		mutex_unlock(&sbi->lock);
		ret = 1;
	}
	return 0;
}

/*
 * Moves the file to @bit, where blocks have been taken for it; its old ones are freed but for those in
 * @keep. 0 or an error; it has not moved then.
 */
static int move_file(struct inode *inode, unsigned long bit, struct run keep)
{
	struct address_space *mapping = inode->i_mapping;
	struct ezfs_inode_info *ei = EZFS_I(inode);
	const struct run old = run_of(inode);
	int err;

	filemap_invalidate_lock(mapping);
	down_write(&ei->map_lock);
	err = copy_file(inode, bit);
	if (!err)
		WRITE_ONCE(ei->block, bit + EZFS_FIRST_DATA_BLOCK);
	up_write(&ei->map_lock);
	filemap_invalidate_unlock(mapping);
	if (err)
		return err;
	mark_inode_dirty(inode);
	free_run(inode, old, keep);
	return 0;
}

/* ------------------------------------------------------------------ growing, looking up, shrinking */

/* Layout A: writes zeros to a run of blocks. */
static int write_zeros(struct super_block *sb, struct run r)
{
	struct bio_vec vecs[COPY_PAGES];
	struct bio bio;
	int err = 0;

	clean_bdev_aliases(sb->s_bdev, r.bit + EZFS_FIRST_DATA_BLOCK, r.len);
	while (r.len && !err) {
		bio_init(&bio, sb->s_bdev, vecs, COPY_PAGES, REQ_OP_WRITE | REQ_SYNC);
		bio.bi_iter.bi_sector = (r.bit + EZFS_FIRST_DATA_BLOCK) << (EZFS_BLOCK_BITS - SECTOR_SHIFT);
		for (; r.len && bio_add_page(&bio, ZERO_PAGE(0), PAGE_SIZE, 0); r.len--)
			r.bit++;
		err = submit_bio_wait(&bio);
	}
	WRITE_ONCE(EZFS_SB(sb)->unflushed, true);	/* as above */
	return err;
}

/* The blocks of a gap become zeros. */
static int make_zero(struct super_block *sb, struct run gap)
{
	struct ezfs_sb_info *sbi = EZFS_SB(sb);

	if (!sbi->zero_bits)
		return write_zeros(sb, gap);
	mutex_lock(&sbi->lock);
	for (; gap.len; gap.len--)
		set_zero(sbi, gap.bit++, true);
	mutex_unlock(&sbi->lock);
	return 0;
}

/*
 * Moves the file out of the way of @new, which its old place is a part of: only when the disk does not
 * lead there any more may it be written to.
 */
static int move_aside(struct inode *inode, struct run way, struct run new)
{
	struct super_block *sb = inode->i_sb;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	int err = move_file(inode, way.bit, new);

	if (!err)
		err = ezfs_commit_between(sb);
	if (!err)
		err = blkdev_issue_flush(sb->s_bdev);
	if (err)
		return err;
	/* Zeros that were there have moved, too. */
	mutex_lock(&sbi->lock);
	for (unsigned long bit = new.bit; in_run(bit, new); bit++)
		set_zero(sbi, bit, false);
	mutex_unlock(&sbi->lock);
	return 0;
}

static int contiguous_grow(struct inode *inode, sector_t want, sector_t gap_end)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	struct ezfs_sb_info *sbi = EZFS_SB(inode->i_sb);
	const struct run old = run_of(inode);
	struct run new, way;
	int err;

	lockdep_assert_held_write(&inode->i_rwsem);
	if (sbi->damaged)
		return -EROFS;
	mutex_lock(&sbi->lock);
	err = find_room(sbi, want, old, &new, &way);
	mutex_unlock(&sbi->lock);
	if (err)
		return err;

	if (way.len)
		err = move_aside(inode, way, new);
	if (!err && old.len && new.bit != old.bit)
		err = move_file(inode, new.bit, new);
	if (!err && gap_end > old.len)
		err = make_zero(inode->i_sb, (struct run){ new.bit + old.len, gap_end - old.len });
	if (err) {
		free_run(inode, new, run_of(inode));
		free_run(inode, way, run_of(inode));
		return err;
	}
	clean_bdev_aliases(inode->i_sb->s_bdev, new.bit + old.len + EZFS_FIRST_DATA_BLOCK, want - old.len);
	down_write(&ei->map_lock);
	WRITE_ONCE(ei->block, new.bit + EZFS_FIRST_DATA_BLOCK);
	WRITE_ONCE(ei->nblocks, want);
	up_write(&ei->map_lock);
	inode_set_bytes(inode, (loff_t)want << EZFS_BLOCK_BITS);
	return 0;
}

/* A block of zeros is as good as a hole. */
static int contiguous_lookup(struct inode *inode, sector_t iblock, u64 max, struct ezfs_extent *ext)
{
	struct ezfs_sb_info *sbi = EZFS_SB(inode->i_sb);
	struct ezfs_inode_info *ei = EZFS_I(inode);
	const u64 block = READ_ONCE(ei->block) + iblock, nblocks = READ_ONCE(ei->nblocks);
	const unsigned long bit = block - EZFS_FIRST_DATA_BLOCK;
	bool zero;

	*ext = (struct ezfs_extent){ 0, max };
	if (iblock >= nblocks)
		return 0;
	max = min_t(u64, max, nblocks - iblock);
	zero = is_zero(sbi, bit);
	ext->block = zero ? 0 : block;
	for (ext->len = 1; ext->len < max && is_zero(sbi, bit + ext->len) == zero; ext->len++)
		;
	return 0;
}

/* The file has the block already: ->grow() has seen to that. One of zeros is about to be written, and no others. */
static int contiguous_allocate(struct inode *inode, sector_t iblock, u64 max, struct ezfs_extent *ext, bool *new)
{
	struct ezfs_sb_info *sbi = EZFS_SB(inode->i_sb);
	const u64 block = READ_ONCE(EZFS_I(inode)->block) + iblock;
	const unsigned long bit = block - EZFS_FIRST_DATA_BLOCK;

	*new = false;
	if (iblock >= READ_ONCE(EZFS_I(inode)->nblocks))
		return -EIO;
	*ext = (struct ezfs_extent){ block, 1 };
	mutex_lock(&sbi->lock);
	if (is_zero(sbi, bit)) {
		set_zero(sbi, bit, false);
		*new = true;
	}
	mutex_unlock(&sbi->lock);
	if (*new)
		mark_inode_dirty(inode);	/* its bytes must be on the disk before the bit */
	return 0;
}

static int contiguous_truncate(struct inode *inode, sector_t keep)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	const struct run old = run_of(inode);

	if (keep >= old.len)
		return 0;
	down_write(&ei->map_lock);
	WRITE_ONCE(ei->nblocks, keep);
	if (!keep)
		WRITE_ONCE(ei->block, 0);
	up_write(&ei->map_lock);
	inode_set_bytes(inode, (loff_t)keep << EZFS_BLOCK_BITS);
	free_run(inode, old, (struct run){ old.bit, keep });
	return 0;
}

static bool contiguous_check(struct inode *inode, loff_t size)
{
	struct super_block *sb = inode->i_sb;
	struct ezfs_sb_info *sbi = EZFS_SB(sb);
	struct ezfs_inode_info *ei = EZFS_I(inode);
	const struct run r = run_of(inode);

	if (r.len != ezfs_blocks_of(size)) {
		ezfs_error(sb, "inode %lu: it has %llu blocks for %lld bytes", inode->i_ino, ei->nblocks, size);
		return false;
	}
	if (!r.len) {
		ei->block = 0;
		return true;
	}
	if (!ezfs_block_ok(sb, ei->block) || r.len > sbi->nr_data_blocks - r.bit) {
		ezfs_error(sb, "inode %lu: its %lu blocks from %llu on are out of range", inode->i_ino, r.len,
			   ei->block);
		return false;
	}
	if (find_next_zero_bit(sbi->block_bits, r.bit + r.len, r.bit) < r.bit + r.len) {
		ezfs_error(sb, "inode %lu: of its %lu blocks from %llu on some are not in use", inode->i_ino,
			   r.len, ei->block);
		return false;
	}
	return true;
}

const struct ezfs_map_ops ezfs_contiguous_ops = {
	.max_size	= contiguous_max_size,
	.lookup		= contiguous_lookup,
	.allocate	= contiguous_allocate,
	.grow		= contiguous_grow,
	.truncate	= contiguous_truncate,
	.check		= contiguous_check,
};
