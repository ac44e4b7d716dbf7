// SPDX-License-Identifier: MIT
/*
 * Directories of ext2: files of entries, read and changed in the page cache.
 *
 * An entry is an inode number, its own length, and a name; entries fill each block to the last byte,
 * and a gap is an entry with inode 0, or the end of one that is longer than its name. A page is checked
 * once, when it comes from the disk (PG_checked), so that walking it afterwards needs no checks: lengths
 * lead from one entry to the next one, and end where the block does.
 *
 * A directory with an index of hashes looks to us as one without: the blocks of the index are entries
 * with gaps. It is read from end to end; and when it is changed it loses the flag that says there is an
 * index, so that nobody believes what we do not keep up.
 *
 * Positions for readdir are bytes. What was an entry's start may be none any more when we come back:
 * then the next one counts.
 *
 * Locking: the directory's i_rwsem, for reading to look, for writing to change; a page's lock while it
 * is changed, against write-back.
 */
#include <linux/buffer_head.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/string.h>
#include "ext2.h"

static unsigned int chunk_size(struct inode *dir)
{
	return dir->i_sb->s_blocksize;
}

static unsigned long dir_pages(struct inode *dir)
{
	return (dir->i_size + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

/* Bytes of page @n that belong to the directory. */
static unsigned int ext2_last_byte(struct inode *dir, unsigned long n)
{
	const loff_t left = dir->i_size - ((loff_t)n << PAGE_SHIFT);

	return clamp_t(loff_t, left, 0, PAGE_SIZE);
}

static unsigned int rec_len(const ext2_dirent *de)
{
	return le16_to_cpu(de->rec_len);
}

static ext2_dirent *ext2_next_entry(ext2_dirent *de)
{
	return (ext2_dirent *)((char *)de + rec_len(de));
}

/* ------------------------------------------------------------------ types of files */

static const u8 ext2_type_of_dt[] = {	/* by DT_* */
	[DT_REG] = 1, [DT_DIR] = 2, [DT_CHR] = 3, [DT_BLK] = 4, [DT_FIFO] = 5, [DT_SOCK] = 6, [DT_LNK] = 7,
};

static const u8 dt_of_ext2_type[] = {
	DT_UNKNOWN, DT_REG, DT_DIR, DT_CHR, DT_BLK, DT_FIFO, DT_SOCK, DT_LNK,
};

static bool has_types(struct super_block *sb)
{
	return EXT2_HAS_INCOMPAT_FEATURE(EXT2_SB(sb), EXT2_FEATURE_INCOMPAT_FILETYPE);
}

static void set_de_type(ext2_dirent *de, struct inode *inode)
{
	de->file_type = has_types(inode->i_sb) ? ext2_type_of_dt[fs_umode_to_dtype(inode->i_mode)] : 0;
}

/* ------------------------------------------------------------------ a page and its check */

/* What is wrong with an entry at byte @offs of a page, or NULL. */
static const char *entry_damage(struct inode *dir, const ext2_dirent *de, unsigned int offs)
{
	const unsigned int chunk = chunk_size(dir);
	unsigned int len;

	if (chunk - offs % chunk < EXT2_DIR_REC_LEN(1))
		return "the block's rest is too short for an entry";
	len = rec_len(de);
	if (len < EXT2_DIR_REC_LEN(1) || len & EXT2_DIR_ROUND)
		return "an entry's length is impossible";
	if (len < EXT2_DIR_REC_LEN(de->name_len))
		return "a name is longer than its entry";
	if (offs / chunk != (offs + len - 1) / chunk)
		return "an entry reaches over a block's end";
	if (le32_to_cpu(de->inode) > EXT2_SB(dir->i_sb)->s_inodes_count)
		return "an inode number is out of range";
	if (de->inode && !de->name_len)
		return "a name is empty";
	return NULL;
}

static bool ext2_check_page(struct inode *dir, struct page *page)
{
	const unsigned int limit = ext2_last_byte(dir, page->index);
	const char *kaddr = page_address(page), *damage = NULL;
	unsigned int offs = 0;

	if (limit % chunk_size(dir))
		damage = "the directory ends within a block";
	while (offs < limit && !damage) {
		const ext2_dirent *de = (const ext2_dirent *)(kaddr + offs);

		damage = entry_damage(dir, de, offs);
		if (!damage)
			offs += rec_len(de);
	}
	if (damage) {
		ext2_error(dir->i_sb, "directory inode %lu: at byte %llu %s", dir->i_ino,
			   ((u64)page->index << PAGE_SHIFT) + offs, damage);
		return false;
	}
	SetPageChecked(page);
	return true;
}

/* Page @n, read and checked, with a reference. ERR_PTR: -EIO, -EUCLEAN, -ENOMEM. */
static struct page *ext2_get_page(struct inode *dir, unsigned long n)
{
	struct page *page = read_mapping_page(dir->i_mapping, n, NULL);

	if (IS_ERR(page)) {
		ext2_error(dir->i_sb, "directory inode %lu: cannot read page %lu", dir->i_ino, n);
		return page;
	}
	if (unlikely(!PageChecked(page)) && !ext2_check_page(dir, page)) {
		put_page(page);
		return ERR_PTR(-EUCLEAN);
	}
	return page;
}

/* ------------------------------------------------------------------ looking */

static bool ext2_match(const struct qstr *name, const ext2_dirent *de)
{
	return de->inode && de->name_len == name->len && !memcmp(name->name, de->name, name->len);
}

static ext2_dirent *find_in_page(struct inode *dir, struct page *page, const struct qstr *name)
{
	char *kaddr = page_address(page);
	char *end = kaddr + ext2_last_byte(dir, page->index);

	for (char *p = kaddr; p < end; p += rec_len((ext2_dirent *)p))
		if (ext2_match(name, (ext2_dirent *)p))
			return (ext2_dirent *)p;
	return NULL;
}

/**
 * ext2_find_entry - the entry of a name
 * @res_page: gets its page, with a reference
 *
 * ERR_PTR: -ENOENT, or what is wrong with the directory. Begins where the last name was found.
 */
ext2_dirent *ext2_find_entry(struct inode *dir, const struct qstr *child, struct page **res_page)
{
	struct ext2_inode_info *ei = EXT2_I(dir);
	const unsigned long npages = dir_pages(dir);
	unsigned long n = READ_ONCE(ei->i_dir_start_lookup);

	if (n >= npages)
		n = 0;
	for (unsigned long i = 0; i < npages; i++) {
		struct page *page = ext2_get_page(dir, n);
		ext2_dirent *de;

		if (IS_ERR(page))
			return ERR_CAST(page);
		de = find_in_page(dir, page, child);
		if (de) {
			WRITE_ONCE(ei->i_dir_start_lookup, n);
			*res_page = page;
			return de;
		}
		put_page(page);
		if (++n == npages)
			n = 0;
		cond_resched();
	}
	return ERR_PTR(-ENOENT);
}

/** ext2_inode_by_name - the inode number of a name: 0, -ENOENT, or what is wrong with the directory */
int ext2_inode_by_name(struct inode *dir, const struct qstr *child, u32 *ino)
{
	struct page *page;
	ext2_dirent *de = ext2_find_entry(dir, child, &page);

	if (IS_ERR(de))
		return PTR_ERR(de);
	*ino = le32_to_cpu(de->inode);
	put_page(page);
	return 0;
}

/** ext2_dotdot - the entry ".." of a directory, and its page; ERR_PTR when it is not where it should be */
ext2_dirent *ext2_dotdot(struct inode *dir, struct page **p)
{
	struct page *page = ext2_get_page(dir, 0);
	ext2_dirent *de;

	if (IS_ERR(page))
		return ERR_CAST(page);
	de = page_address(page);
	if (rec_len(de) < chunk_size(dir)) {
		de = ext2_next_entry(de);
		if (de->inode && de->name_len == 2 && de->name[0] == '.' && de->name[1] == '.') {
			*p = page;
			return de;
		}
	}
	put_page(page);
	ext2_error(dir->i_sb, "directory inode %lu: its second name is not \"..\"", dir->i_ino);
	return ERR_PTR(-EUCLEAN);
}

static bool is_dot_or_dotdot(struct inode *dir, const ext2_dirent *de)
{
	if (de->name[0] != '.')
		return false;
	if (de->name_len == 1)
		return le32_to_cpu(de->inode) == dir->i_ino;
	return de->name_len == 2 && de->name[1] == '.';
}

/** ext2_empty_dir - 1 when it has no names but "." and "..", 0 when it has, or a negative errno */
int ext2_empty_dir(struct inode *inode)
{
	int empty = 1;

	for (unsigned long n = 0; n < dir_pages(inode) && empty == 1; n++) {
		struct page *page = ext2_get_page(inode, n);
		char *p, *end;

		if (IS_ERR(page))
			return PTR_ERR(page);
		p = page_address(page);
		end = p + ext2_last_byte(inode, n);
		for (; p < end; p += rec_len((ext2_dirent *)p))
			if (((ext2_dirent *)p)->inode && !is_dot_or_dotdot(inode, (ext2_dirent *)p))
				empty = 0;
		put_page(page);
	}
	return empty;
}

/* The start of the first entry at or behind @offset of a page. */
static unsigned int ext2_validate_entry(struct inode *dir, const char *kaddr, unsigned int offset)
{
	unsigned int p = offset & ~(chunk_size(dir) - 1);

	while (p < offset)
		p += rec_len((const ext2_dirent *)(kaddr + p));
	return p;
}

static int ext2_readdir(struct file *file, struct dir_context *ctx)
{
	struct inode *dir = file_inode(file);
	const bool types = has_types(dir->i_sb);

	if (ctx->pos < 0)
		return -EINVAL;
	while (ctx->pos <= dir->i_size - EXT2_DIR_REC_LEN(1)) {
		const unsigned long n = ctx->pos >> PAGE_SHIFT;
		struct page *page = ext2_get_page(dir, n);
		unsigned int offset, limit = ext2_last_byte(dir, n);
		const char *kaddr;

		if (IS_ERR(page)) {
			ctx->pos = (loff_t)(n + 1) << PAGE_SHIFT;	/* the next call goes on */
			return PTR_ERR(page);
		}
		kaddr = page_address(page);
		offset = ext2_validate_entry(dir, kaddr, ctx->pos & ~PAGE_MASK);
		while (offset < limit) {
			const ext2_dirent *de = (const ext2_dirent *)(kaddr + offset);
			const unsigned int type = types && de->file_type < ARRAY_SIZE(dt_of_ext2_type)
						  ? dt_of_ext2_type[de->file_type] : DT_UNKNOWN;

			ctx->pos = ((loff_t)n << PAGE_SHIFT) + offset;
			if (de->inode && memchr(de->name, '/', de->name_len)) {
				ext2_error(dir->i_sb, "directory inode %lu: at byte %lld a name has a slash",
					   dir->i_ino, ctx->pos);
			} else if (de->inode && !dir_emit(ctx, de->name, de->name_len,
							  le32_to_cpu(de->inode), type)) {
				put_page(page);
				return 0;
			}
			offset += rec_len(de);
		}
		ctx->pos = ((loff_t)n << PAGE_SHIFT) + offset;
		put_page(page);
		cond_resched();
	}
	return 0;
}

/* ------------------------------------------------------------------ changing */

/* Bytes of a page, which is locked, will be changed: they get a block if they have none. */
static int ext2_prepare_chunk(struct page *page, loff_t pos, unsigned int len)
{
	return __block_write_begin(page, pos, len, ext2_get_block);
}

/* They were changed. Unlocks the page; with dirsync waits until all is on the disk. */
static int ext2_commit_chunk(struct page *page, loff_t pos, unsigned int len)
{
	struct address_space *mapping = page->mapping;
	struct inode *dir = mapping->host;
	int err = 0;

	dir->i_version++;
	block_write_end(NULL, mapping, pos, len, len, page, NULL);
	if (pos + len > dir->i_size) {
		i_size_write(dir, pos + len);
		mark_inode_dirty(dir);
	}
	unlock_page(page);
	if (IS_DIRSYNC(dir)) {
		err = filemap_write_and_wait_range(mapping, pos, pos + len - 1);
		if (!err)
			err = sync_inode_metadata(dir, 1);
	}
	return err;
}

static void dir_changed(struct inode *dir, bool update_times)
{
	if (update_times)
		dir->i_mtime = dir->i_ctime = current_time(dir);
	EXT2_I(dir)->i_flags &= ~EXT2_BTREE_FL;
	mark_inode_dirty(dir);
}

static loff_t pos_of(struct page *page, const void *p)
{
	return page_offset(page) + ((const char *)p - (const char *)page_address(page));
}

/** ext2_set_link - an entry leads to another inode; puts @page */
int ext2_set_link(struct inode *dir, ext2_dirent *de, struct page *page, struct inode *inode,
		  bool update_times)
{
	const loff_t pos = pos_of(page, de);
	int err;

	lock_page(page);
	err = ext2_prepare_chunk(page, pos, rec_len(de));
	if (err) {
		unlock_page(page);
		goto out;
	}
	de->inode = cpu_to_le32(inode->i_ino);
	set_de_type(de, inode);
	err = ext2_commit_chunk(page, pos, rec_len(de));
	dir_changed(dir, update_times);
out:
	put_page(page);
	return err;
}

/*
 * Room for an entry of @reclen bytes in a locked page: a gap, or an entry that is longer than it needs
 * to be, or a new block at the directory's end. NULL when there is none; -EEXIST if the name is there.
 */
static ext2_dirent *find_room(struct inode *dir, struct page *page, const struct qstr *name,
			      unsigned int reclen)
{
	char *kaddr = page_address(page), *end = kaddr + ext2_last_byte(dir, page->index), *p;
	ext2_dirent *de;

	for (p = kaddr; p < end; p += rec_len(de)) {
		unsigned int used;

		de = (ext2_dirent *)p;
		if (ext2_match(name, de))
			return ERR_PTR(-EEXIST);
		used = de->inode ? EXT2_DIR_REC_LEN(de->name_len) : 0;
		if (rec_len(de) >= used + reclen)
			return de;
	}
	if (p == kaddr + PAGE_SIZE)
		return NULL;
	de = (ext2_dirent *)p;
	de->inode = 0;
	de->rec_len = cpu_to_le16(chunk_size(dir));
	return de;
}

static int add_to_page(struct inode *dir, struct page *page, ext2_dirent *de, const struct qstr *name,
		       struct inode *inode)
{
	const loff_t pos = pos_of(page, de);
	const unsigned int len = rec_len(de);
	int err = ext2_prepare_chunk(page, pos, len);

	if (err) {
		unlock_page(page);
		return err;
	}
	if (de->inode) {
		const unsigned int used = EXT2_DIR_REC_LEN(de->name_len);
		ext2_dirent *next = (ext2_dirent *)((char *)de + used);

		next->rec_len = cpu_to_le16(len - used);
		de->rec_len = cpu_to_le16(used);
		de = next;
	}
	de->name_len = name->len;
	memcpy(de->name, name->name, name->len);
	de->inode = cpu_to_le32(inode->i_ino);
	set_de_type(de, inode);
	err = ext2_commit_chunk(page, pos, len);
	dir_changed(dir, true);
	return err;
}

static int add_name(struct dentry *dentry, struct inode *inode)
{
	struct inode *dir = d_inode(dentry->d_parent);
	const struct qstr *name = &dentry->d_name;
	const unsigned int reclen = EXT2_DIR_REC_LEN(name->len);
	const unsigned long npages = dir_pages(dir);

	/* The page behind the last one, too: there is room for sure. */
	for (unsigned long n = 0; n <= npages; n++) {
		struct page *page = ext2_get_page(dir, n);
		ext2_dirent *de;
		int err = 0;

		if (IS_ERR(page))
			return PTR_ERR(page);
		lock_page(page);
		de = find_room(dir, page, name, reclen);
		if (IS_ERR_OR_NULL(de)) {
			err = PTR_ERR_OR_ZERO(de);
			unlock_page(page);
		} else {
			err = add_to_page(dir, page, de, name, inode);
		}
		put_page(page);
		if (err || de)
			return err;
	}
	return -EIO;	/* not reached */
}

/** ext2_add_link - adds a name: 0, -EEXIST, -ENOSPC, or what is wrong with the directory */
int ext2_add_link(struct dentry *dentry, struct inode *inode)
{
	int err, retries = 0;

	do {
		err = add_name(dentry, inode);
	} while (err == -ENOSPC && ext2_should_retry_alloc(inode->i_sb, &retries));
	return err;
}

/**
 * ext2_delete_entry - takes a name away; puts @page
 *
 * The entry before it in the block gets its bytes; the first one of a block becomes a gap.
 */
int ext2_delete_entry(ext2_dirent *dir_entry, struct page *page)
{
	struct inode *dir = page->mapping->host;
	char *kaddr = page_address(page);
	const unsigned int offset = (char *)dir_entry - kaddr;
	unsigned int from = offset & ~(chunk_size(dir) - 1), to = offset + rec_len(dir_entry);
	ext2_dirent *before = NULL;
	int err;

	while (from < offset) {
		before = (ext2_dirent *)(kaddr + from);
		from += rec_len(before);
	}
	if (before)
		from = (char *)before - kaddr;
	lock_page(page);
	err = ext2_prepare_chunk(page, page_offset(page) + from, to - from);
	if (err) {
		unlock_page(page);
		goto out;
	}
	if (before)
		before->rec_len = cpu_to_le16(to - from);
	dir_entry->inode = 0;
	err = ext2_commit_chunk(page, page_offset(page) + from, to - from);
	dir_changed(dir, true);
out:
	put_page(page);
	return err;
}

/** ext2_make_empty - gives a new directory its first block, with "." and ".." */
int ext2_make_empty(struct inode *inode, struct inode *parent)
{
	const unsigned int chunk = chunk_size(inode);
	struct page *page;
	ext2_dirent *de;
	int err, retries = 0;

	do {
		page = grab_cache_page(inode->i_mapping, 0);
		if (!page)
			return -ENOMEM;
		err = ext2_prepare_chunk(page, 0, chunk);
		if (!err)
			break;
		unlock_page(page);
		put_page(page);
	} while (err == -ENOSPC && ext2_should_retry_alloc(inode->i_sb, &retries));
	if (err)
		return err;
	de = page_address(page);
	memset(de, 0, chunk);
	de->inode = cpu_to_le32(inode->i_ino);
	de->rec_len = cpu_to_le16(EXT2_DIR_REC_LEN(1));
	de->name_len = 1;
	de->name[0] = '.';
	set_de_type(de, inode);

	de = ext2_next_entry(de);
	de->inode = cpu_to_le32(parent->i_ino);
	de->rec_len = cpu_to_le16(chunk - EXT2_DIR_REC_LEN(1));
	de->name_len = 2;
	memcpy(de->name, "..", 2);
	set_de_type(de, inode);
	err = ext2_commit_chunk(page, 0, chunk);
	put_page(page);
	return err;
}

const struct file_operations ext2_dir_operations = {
	.llseek		= generic_file_llseek,
	.read		= generic_read_dir,
	.iterate_shared	= ext2_readdir,
	.fsync		= ext2_fsync,
};
