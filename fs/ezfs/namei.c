// SPDX-License-Identifier: MIT
/*
 * Names of EZFS: looking up, making, linking, removing, renaming.
 *
 * Each operation first gets all that can be lacking - the slot, the inode number, the block - and
 * then changes things, so that when it fails nothing is half done. The VFS has checked permissions,
 * types and existence, and holds i_rwsem of the directories (and of a file that loses or gets a
 * name) for writing. The commit sees each operation whole: ezfs_begin() to ezfs_end().
 *
 * Symbolic links and device nodes do not exist in EZFS: without ->symlink() and ->mknod() the VFS
 * answers -EPERM.
 */
#include <linux/kernel.h>
#include "ezfs.h"

static struct dentry *ezfs_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = NULL;
	struct ezfs_slot slot;
	struct dentry *ret;
	u64 ino = 0;
	int err;

	if (dentry->d_name.len > EZFS_NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	err = ezfs_find_entry(dir, &dentry->d_name, &slot);
	if (err && err != -ENOENT)
		return ERR_PTR(err);
	if (!err) {
		ino = le64_to_cpu(slot.de->inode_no);
		brelse(slot.bh);
		inode = ezfs_iget(dir->i_sb, ino);
	}
	ret = d_splice_alias(inode, dentry);
	/* A directory has one name: this one leads back to where somebody came from. */
	if (ret == ERR_PTR(-ELOOP)) {
		ezfs_error(dir->i_sb, "directory inode %lu: it has a second name for directory inode %llu",
			   dir->i_ino, ino);
		ret = ERR_PTR(-EUCLEAN);
	}
	return ret;
}

static int create_file(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct super_block *sb = dir->i_sb;
	struct ezfs_slot slot;
	struct inode *inode;
	int err;

	ezfs_begin(sb);
	err = ezfs_find_free_slot(dir, &slot);
	if (err)
		goto out;
	inode = ezfs_new_inode(dir, (mode & S_IALLUGO) | S_IFREG);
	err = PTR_ERR_OR_ZERO(inode);
	if (!err) {
		ezfs_set_entry(dir, &slot, &dentry->d_name, inode);
		d_instantiate_new(dentry, inode);
	}
	brelse(slot.bh);
out:
	ezfs_end(sb);
	return err;
}

static int ezfs_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		       umode_t mode, bool excl)
{
	int err, retries = 0;

	do
		err = create_file(dir, dentry, mode);
	while (ezfs_should_retry(dir->i_sb, err, &retries));
	return err;
}

static int make_dir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct super_block *sb = dir->i_sb;
	struct inode *failed = NULL, *inode;
	struct ezfs_slot slot;
	int err;

	ezfs_begin(sb);
	err = ezfs_find_free_slot(dir, &slot);
	if (err)
		goto out;
	inode = ezfs_new_inode(dir, (mode & S_IALLUGO) | S_IFDIR);
	err = PTR_ERR_OR_ZERO(inode);
	if (err)
		goto out_slot;
	err = ezfs_make_empty(inode);
	if (err) {
		clear_nlink(inode);
		failed = inode;
		goto out_slot;
	}
	mark_inode_dirty(inode);
	ezfs_set_entry(dir, &slot, &dentry->d_name, inode);
	inode_inc_link_count(dir);
	d_instantiate_new(dentry, inode);
out_slot:
	brelse(slot.bh);
out:
	ezfs_end(sb);
	if (failed)
		discard_new_inode(failed);
	return err;
}

static int ezfs_mkdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		      umode_t mode)
{
	int err, retries = 0;

	do
		err = make_dir(dir, dentry, mode);
	while (ezfs_should_retry(dir->i_sb, err, &retries));
	return err;
}

static int ezfs_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(old_dentry);
	struct ezfs_slot slot;
	int err;

	ezfs_begin(dir->i_sb);
	err = ezfs_find_free_slot(dir, &slot);
	if (!err) {
		inode->i_ctime = current_time(inode);
		inode_inc_link_count(inode);
		ezfs_set_entry(dir, &slot, &dentry->d_name, inode);
		brelse(slot.bh);
		ihold(inode);
		d_instantiate(dentry, inode);
	}
	ezfs_end(dir->i_sb);
	return err;
}

/* The slot of a name that the VFS has looked up: it must still lead to that inode. */
static int find_known_entry(struct inode *dir, struct dentry *dentry, struct ezfs_slot *slot)
{
	int err = ezfs_find_entry(dir, &dentry->d_name, slot);

	if (err)
		return err;
	if (le64_to_cpu(slot->de->inode_no) == d_inode(dentry)->i_ino)
		return 0;
	brelse(slot->bh);
	ezfs_error(dir->i_sb, "directory inode %lu was changed behind our back", dir->i_ino);
	return -EUCLEAN;
}

/* One name less. The number on the disk may have been too small: then it stays as it is. */
static void drop_link(struct inode *inode)
{
	const unsigned int least = S_ISDIR(inode->i_mode) ? 2 : 0;

	if (inode->i_nlink <= least) {
		ezfs_error(inode->i_sb, "inode %lu: its link count %u is too small", inode->i_ino,
			   inode->i_nlink);
		return;
	}
	inode_dec_link_count(inode);
}

static int ezfs_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	struct ezfs_slot slot;
	int err;

	ezfs_begin(dir->i_sb);
	err = find_known_entry(dir, dentry, &slot);
	if (!err) {
		ezfs_clear_entry(dir, &slot);
		brelse(slot.bh);
		inode->i_ctime = dir->i_ctime;
		drop_link(inode);	/* the blocks go with the last user: ezfs_evict_inode() */
	}
	ezfs_end(dir->i_sb);
	return err;
}

/* A directory has lost its last name. */
static void drop_dir(struct inode *inode)
{
	clear_nlink(inode);
	mark_inode_dirty(inode);
}

static int ezfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	struct ezfs_slot slot;
	int err = ezfs_empty_dir(inode);

	if (err <= 0)
		return err ? err : -ENOTEMPTY;
	ezfs_begin(dir->i_sb);
	err = find_known_entry(dir, dentry, &slot);
	if (!err) {
		ezfs_clear_entry(dir, &slot);
		brelse(slot.bh);
		inode->i_ctime = dir->i_ctime;
		drop_dir(inode);
		drop_link(dir);
	}
	ezfs_end(dir->i_sb);
	return err;
}

/* The slot for the new name: that of a name to be replaced, or the old one, or a free one. */
static int find_rename_slot(struct inode *old_dir, struct ezfs_slot *old, struct inode *new_dir,
			    struct dentry *new_dentry, struct ezfs_slot *new)
{
	struct inode *target = d_inode(new_dentry);
	int err;

	if (target) {
		if (S_ISDIR(target->i_mode)) {
			err = ezfs_empty_dir(target);
			if (err <= 0)
				return err ? err : -ENOTEMPTY;
		}
		return find_known_entry(new_dir, new_dentry, new);
	}
	if (old_dir != new_dir)
		return ezfs_find_free_slot(new_dir, new);
	/* In one directory the name alone changes: that works in a full one, too. */
	*new = *old;
	get_bh(new->bh);
	return 0;
}

/*
 * A file has got a name in another directory and is to lose the old one. The two are different blocks, of which
 * the disk may see either first: so that it is never without a name, the new one is written now. Nobody else
 * changes the two directories while other operations come in between. An error will come back at the next commit.
 */
static void commit_new_name(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;

	if (ezfs_is_young(inode))
		return;		/* it has no name on the disk yet */
	inode_inc_link_count(inode);
	ezfs_commit_between(sb);
	inode_dec_link_count(inode);
}

static int ezfs_rename(struct user_namespace *mnt_userns, struct inode *old_dir,
		       struct dentry *old_dentry, struct inode *new_dir, struct dentry *new_dentry,
		       unsigned int flags)
{
	struct inode *inode = d_inode(old_dentry), *target = d_inode(new_dentry);
	struct super_block *sb = old_dir->i_sb;
	struct ezfs_slot old, new;
	int err;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	ezfs_begin(sb);
	err = find_known_entry(old_dir, old_dentry, &old);
	if (err)
		goto out;
	err = find_rename_slot(old_dir, &old, new_dir, new_dentry, &new);
	if (err) {
		brelse(old.bh);
		goto out;
	}

	/* The new name first: at no moment is there none in memory. */
	ezfs_set_entry(new_dir, &new, &new_dentry->d_name, inode);
	if (old_dir != new_dir)
		commit_new_name(inode);
	if (new.de != old.de)
		ezfs_clear_entry(old_dir, &old);
	brelse(new.bh);
	brelse(old.bh);

	inode->i_ctime = current_time(inode);
	mark_inode_dirty(inode);
	if (target) {
		target->i_ctime = inode->i_ctime;
		if (S_ISDIR(target->i_mode)) {
			drop_dir(target);
			drop_link(new_dir);
		} else {
			drop_link(target);
		}
	}
	if (S_ISDIR(inode->i_mode) && old_dir != new_dir) {
		drop_link(old_dir);
		inode_inc_link_count(new_dir);
	}
out:
	ezfs_end(sb);
	return err;
}

const struct inode_operations ezfs_dir_inode_operations = {
	.lookup		= ezfs_lookup,
	.create		= ezfs_create,
	.link		= ezfs_link,
	.unlink		= ezfs_unlink,
	.mkdir		= ezfs_mkdir,
	.rmdir		= ezfs_rmdir,
	.rename		= ezfs_rename,
	.setattr	= ezfs_setattr,
};
