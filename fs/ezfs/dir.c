// SPDX-License-Identifier: MIT
/*
 * Directories of EZFS: one block of 32 slots, each a name and an inode number or free. Free slots may
 * be anywhere. "." and ".." are not stored; readdir makes them up at positions 0 and 1, and slot i
 * is position i + 2, so a position stays valid whatever else is made or removed.
 *
 * Locking: the directory's i_rwsem, for reading to look, for writing to change.
 */
#include <linux/fs_types.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "ezfs.h"

/*
 * The directory's block, with a reference; NULL on an I/O error, which is in the log. The inode keeps one
 * as well, for to look the buffer up is a tenth of what it costs to make a file.
 */
static struct buffer_head *read_dir(struct inode *dir)
{
	struct buffer_head *bh = ezfs_read_meta(dir, EZFS_I(dir)->block);

	if (bh)
		get_bh(bh);
	return bh;
}

static struct ezfs_dir_entry *entries(struct buffer_head *bh)
{
	return (struct ezfs_dir_entry *)bh->b_data;
}

/* The whole name is compared, its end too: names that share a beginning stay apart. */
static bool name_matches(const struct ezfs_dir_entry *de, const struct qstr *name)
{
	return de->active && de->filename[name->len] == '\0' &&
	       !memcmp(de->filename, name->name, name->len);
}

/**
 * ezfs_find_entry - the slot of a name
 * @dir: the directory
 * @name: at most EZFS_NAME_MAX bytes
 * @slot: gets it
 *
 * Returns 0, -ENOENT or -EIO.
 */
int ezfs_find_entry(struct inode *dir, const struct qstr *name, struct ezfs_slot *slot)
{
	slot->bh = read_dir(dir);
	if (!slot->bh)
		return -EIO;
	slot->de = entries(slot->bh);
	for (int i = 0; i < EZFS_MAX_CHILDREN; i++, slot->de++)
		if (name_matches(slot->de, name))
			return 0;
	brelse(slot->bh);
	return -ENOENT;
}

/** ezfs_find_free_slot - the first free slot: 0, -ENOSPC when there are 32 names, -EIO */
int ezfs_find_free_slot(struct inode *dir, struct ezfs_slot *slot)
{
	slot->bh = read_dir(dir);
	if (!slot->bh)
		return -EIO;
	slot->de = entries(slot->bh);
	for (int i = 0; i < EZFS_MAX_CHILDREN; i++, slot->de++)
		if (!slot->de->active)
			return 0;
	brelse(slot->bh);
	return -ENOSPC;
}

/* The slot was changed. */
static void commit_entry(struct inode *dir, struct ezfs_slot *slot)
{
	ezfs_mark_block_dirty(dir, slot->bh);
	dir->i_mtime = dir->i_ctime = current_time(dir);
	mark_inode_dirty(dir);
}

/**
 * ezfs_set_entry - a slot gets a name and an inode; NULL for @name leaves the name that it has
 *
 * The buffer lock keeps half an entry from being written.
 */
void ezfs_set_entry(struct inode *dir, struct ezfs_slot *slot, const struct qstr *name,
		    struct inode *inode)
{
	struct ezfs_dir_entry *de = slot->de;

	lock_buffer(slot->bh);
	if (name) {
		memset(de->filename, 0, sizeof(de->filename));
		memcpy(de->filename, name->name, name->len);
	}
	de->inode_no = cpu_to_le64(inode->i_ino);
	de->active = 1;
	unlock_buffer(slot->bh);
	commit_entry(dir, slot);
}

/** ezfs_clear_entry - a slot becomes free */
void ezfs_clear_entry(struct inode *dir, struct ezfs_slot *slot)
{
	lock_buffer(slot->bh);
	memset(slot->de, 0, sizeof(*slot->de));
	unlock_buffer(slot->bh);
	commit_entry(dir, slot);
}

/** ezfs_make_empty - gives a new directory its block: 0, -ENOSPC, -ENOMEM */
int ezfs_make_empty(struct inode *inode)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	u64 block;
	int err = ezfs_new_meta(inode, &block);

	if (err)
		return err;
	ei->block = block;
	ei->nblocks = 1;
	inode_set_bytes(inode, EZFS_BLOCK_SIZE);
	i_size_write(inode, EZFS_BLOCK_SIZE);
	return 0;
}

/** ezfs_empty_dir - 1 when it has no names, 0 when it has, -EIO */
int ezfs_empty_dir(struct inode *inode)
{
	struct buffer_head *bh = read_dir(inode);
	int empty = 1;

	if (!bh)
		return -EIO;
	for (int i = 0; i < EZFS_MAX_CHILDREN; i++)
		if (entries(bh)[i].active)
			empty = 0;
	brelse(bh);
	return empty;
}

/* ------------------------------------------------------------------ readdir */

/* What is wrong with an entry, or NULL. */
static const char *entry_damage(struct super_block *sb, const struct ezfs_dir_entry *de, size_t len)
{
	if (de->active != 1)
		return "a mark other than 0 and 1";
	if (len == EZFS_FILENAME_BUF_SIZE)
		return "a name without end";
	if (!len)
		return "an empty name";
	if (memchr(de->filename, '/', len))
		return "a name with a slash";
	if (!ezfs_inode_no_in_use(sb, le64_to_cpu(de->inode_no)))
		return "the number of an inode that is out of range or not in use";
	return NULL;
}

/* The type comes from the file's own inode. One in memory may have changed, but never its type. */
static unsigned int entry_type(struct super_block *sb, const struct ezfs_dir_entry *de)
{
	return fs_umode_to_dtype(ezfs_get32(ezfs_raw_inode(EZFS_SB(sb), le64_to_cpu(de->inode_no)), 0));
}

static int ezfs_readdir(struct file *file, struct dir_context *ctx)
{
	struct inode *dir = file_inode(file);
	struct super_block *sb = dir->i_sb;
	struct buffer_head *bh;
	int err = 0;

	if (ctx->pos < 0)
		return -EINVAL;
	if (!dir_emit_dots(file, ctx))
		return 0;
	if (ctx->pos >= EZFS_MAX_CHILDREN + 2)
		return 0;
	bh = read_dir(dir);
	if (!bh)
		return -EIO;
	for (; ctx->pos < EZFS_MAX_CHILDREN + 2; ctx->pos++) {
		const struct ezfs_dir_entry *de = entries(bh) + (ctx->pos - 2);
		const size_t len = strnlen(de->filename, EZFS_FILENAME_BUF_SIZE);
		const char *damage;

		if (!de->active)
			continue;
		damage = entry_damage(sb, de, len);
		if (damage) {
			ezfs_error(sb, "directory inode %lu: slot %lld has %s", dir->i_ino, ctx->pos - 2,
				   damage);
			err = -EUCLEAN;
			break;
		}
		if (!dir_emit(ctx, de->filename, len, le64_to_cpu(de->inode_no), entry_type(sb, de)))
			break;
	}
	brelse(bh);
	return err;
}

const struct file_operations ezfs_dir_operations = {
	.llseek		= generic_file_llseek,
	.read		= generic_read_dir,
	.iterate_shared	= ezfs_readdir,
	.fsync		= ezfs_fsync,
};
