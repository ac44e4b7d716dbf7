// SPDX-License-Identifier: MIT
/*
 * Names of ext2: looking up, making, linking, removing, renaming.
 *
 * An inode is made before its name, and a name goes before its inode; when something fails on the way
 * what was done before it is undone, so nothing is half done. The VFS has checked permissions, types,
 * existence and the number of links, and holds i_rwsem of the directories (and of a file that loses or
 * gets a name) for writing.
 */
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include "ext2.h"

static struct dentry *ext2_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = NULL;
	struct dentry *ret;
	u32 ino = 0;
	int err;

	if (dentry->d_name.len > EXT2_NAME_LEN)
		return ERR_PTR(-ENAMETOOLONG);
	err = ext2_inode_by_name(dir, &dentry->d_name, &ino);
	if (err && err != -ENOENT)
		return ERR_PTR(err);
	if (!err)
		inode = ext2_iget(dir->i_sb, ino);
	ret = d_splice_alias(inode, dentry);
	/* A directory has one name: this one leads back to where somebody came from. */
	if (ret == ERR_PTR(-ELOOP)) {
		ext2_error(dir->i_sb, "directory inode %lu: it has a second name for directory inode %u",
			   dir->i_ino, ino);
		ret = ERR_PTR(-EUCLEAN);
	}
	return ret;
}

/* One name less. The number on the disk may have been too small: then it stays as it is. */
static void drop_link(struct inode *inode)
{
	const unsigned int least = S_ISDIR(inode->i_mode) ? 2 : 0;

	if (inode->i_nlink <= least) {
		ext2_error(inode->i_sb, "inode %lu: its link count %u is too small", inode->i_ino,
			   inode->i_nlink);
		return;
	}
	inode_dec_link_count(inode);
}

/* A directory has lost its last name. */
static void drop_dir(struct inode *inode)
{
	clear_nlink(inode);
	mark_inode_dirty(inode);
}

/* An inode from ext2_new_inode() does not get a name after all. */
static int discard(struct inode *inode, int err)
{
	clear_nlink(inode);
	discard_new_inode(inode);
	return err;
}

static int ext2_add_nondir(struct dentry *dentry, struct inode *inode)
{
	int err = ext2_add_link(dentry, inode);

	if (err)
		return discard(inode, err);
	d_instantiate_new(dentry, inode);
	return 0;
}

static int ext2_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		       umode_t mode, bool excl)
{
	struct inode *inode = ext2_new_inode(dir, mode);

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	ext2_set_file_ops(inode);
	mark_inode_dirty(inode);
	return ext2_add_nondir(dentry, inode);
}

static int ext2_mknod(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		      umode_t mode, dev_t rdev)
{
	struct inode *inode = ext2_new_inode(dir, mode);

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	init_special_inode(inode, inode->i_mode, rdev);
	inode->i_op = &ext2_special_inode_operations;
	mark_inode_dirty(inode);
	return ext2_add_nondir(dentry, inode);
}

static int ext2_symlink(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
			const char *symname)
{
	const unsigned int len = strlen(symname) + 1;
	struct inode *inode;
	int err;

	if (len > dir->i_sb->s_blocksize)
		return -ENAMETOOLONG;
	inode = ext2_new_inode(dir, S_IFLNK | S_IRWXUGO);
	if (IS_ERR(inode))
		return PTR_ERR(inode);
	if (len > sizeof(EXT2_I(inode)->i_data)) {
		inode->i_op = &ext2_symlink_inode_operations;
		inode->i_mapping->a_ops = &ext2_aops;
		err = page_symlink(inode, symname, len);
		if (err)
			return discard(inode, err);
	} else {
		inode->i_op = &ext2_fast_symlink_inode_operations;
		inode->i_link = (char *)EXT2_I(inode)->i_data;
		memcpy(inode->i_link, symname, len);
		inode->i_size = len - 1;
	}
	mark_inode_dirty(inode);
	return ext2_add_nondir(dentry, inode);
}

static int ext2_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(old_dentry);
	int err;

	inode->i_ctime = current_time(inode);
	inode_inc_link_count(inode);
	err = ext2_add_link(dentry, inode);
	if (err) {
		inode_dec_link_count(inode);
		return err;
	}
	EXT2_I(inode)->i_linked = true;
	ihold(inode);
	d_instantiate(dentry, inode);
	return 0;
}

static int ext2_mkdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		      umode_t mode)
{
	struct inode *inode = ext2_new_inode(dir, S_IFDIR | mode);
	int err;

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	inode->i_op = &ext2_dir_inode_operations;
	inode->i_fop = &ext2_dir_operations;
	inode->i_mapping->a_ops = &ext2_aops;
	set_nlink(inode, 2);
	err = ext2_make_empty(inode, dir);
	if (!err)
		err = ext2_add_link(dentry, inode);
	if (err)
		return discard(inode, err);
	inode_inc_link_count(dir);
	d_instantiate_new(dentry, inode);
	return 0;
}

/* The entry of a name that the VFS has looked up: it must still lead to that inode. */
static ext2_dirent *find_known_entry(struct inode *dir, struct dentry *dentry, struct page **page)
{
	ext2_dirent *de = ext2_find_entry(dir, &dentry->d_name, page);

	if (IS_ERR(de) || le32_to_cpu(de->inode) == d_inode(dentry)->i_ino)
		return de;
	put_page(*page);
	ext2_error(dir->i_sb, "directory inode %lu was changed behind our back", dir->i_ino);
	return ERR_PTR(-EUCLEAN);
}

/*
 * A name is about to go, and the inode is not, for it has got another one: that has to be on the disk first, or a
 * power cut may leave neither. What the disk does not know (i_new) it cannot lose; and of an error sync(2) tells.
 */
static void commit_other_name(struct inode *inode)
{
	struct ext2_inode_info *ei = EXT2_I(inode);

	if (!ei->i_new && ei->i_linked && inode->i_nlink > 1)
		ext2_commit(inode->i_sb);
	ei->i_linked = false;
}

static int ext2_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	struct page *page;
	ext2_dirent *de = find_known_entry(dir, dentry, &page);
	int err;

	if (IS_ERR(de))
		return PTR_ERR(de);
	commit_other_name(inode);
	err = ext2_delete_entry(de, page);
	if (err)
		return err;
	inode->i_ctime = dir->i_ctime;
	drop_link(inode);	/* the blocks go with the last user: ext2_evict_inode() */
	return 0;
}

static int ext2_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	struct page *page;
	ext2_dirent *de;
	int err = ext2_empty_dir(inode);

	if (err <= 0)
		return err ? err : -ENOTEMPTY;
	de = find_known_entry(dir, dentry, &page);
	if (IS_ERR(de))
		return PTR_ERR(de);
	err = ext2_delete_entry(de, page);
	if (err)
		return err;
	inode->i_ctime = dir->i_ctime;
	drop_dir(inode);
	drop_link(dir);
	return 0;
}

/* The new name leads to @inode: in place of @target, or as one more. */
static int set_new_name(struct inode *new_dir, struct dentry *new_dentry, struct inode *inode,
			struct inode *target)
{
	struct page *page;
	ext2_dirent *de;
	int err;

	if (!target)
		return ext2_add_link(new_dentry, inode);
	if (S_ISDIR(target->i_mode)) {
		err = ext2_empty_dir(target);
		if (err <= 0)
			return err ? err : -ENOTEMPTY;
	}
	de = find_known_entry(new_dir, new_dentry, &page);
	if (IS_ERR(de))
		return PTR_ERR(de);
	commit_other_name(target);
	err = ext2_set_link(new_dir, de, page, inode, true);
	if (err)
		return err;
	target->i_ctime = current_time(target);
	if (S_ISDIR(target->i_mode)) {
		drop_dir(target);
		drop_link(new_dir);
	} else {
		drop_link(target);
	}
	return 0;
}

/* The old name goes. Its page is looked for anew: the new name may have taken bytes of its entry. */
static int remove_old_name(struct inode *old_dir, struct dentry *old_dentry)
{
	struct page *page;
	ext2_dirent *de = find_known_entry(old_dir, old_dentry, &page);

	return IS_ERR(de) ? PTR_ERR(de) : ext2_delete_entry(de, page);
}

/* In which block of a directory a name is; -1: it could not be read. */
static loff_t block_of_name(struct inode *dir, struct dentry *dentry)
{
	struct page *page;
	ext2_dirent *de = ext2_find_entry(dir, &dentry->d_name, &page);
	loff_t pos;

	if (IS_ERR(de))
		return -1;
	pos = page_offset(page) + ((char *)de - (char *)page_address(page));
	put_page(page);
	return pos >> dir->i_blkbits;
}

/*
 * The new name first: at no moment is there none, on the disk neither, for two blocks of directories are two
 * writes. Meanwhile the inode has a link more, so that a power cut between the two leaves nothing with
 * fewer links than names.
 */
static int ext2_rename(struct user_namespace *mnt_userns, struct inode *old_dir,
		       struct dentry *old_dentry, struct inode *new_dir, struct dentry *new_dentry,
		       unsigned int flags)
{
	struct inode *inode = d_inode(old_dentry), *target = d_inode(new_dentry);
	const bool moves_dir = S_ISDIR(inode->i_mode) && old_dir != new_dir;
	struct page *dotdot_page = NULL;
	ext2_dirent *dotdot = NULL;
	int err;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	if (moves_dir) {
		dotdot = ext2_dotdot(inode, &dotdot_page);
		if (IS_ERR(dotdot))
			return PTR_ERR(dotdot);
	}
	inode_inc_link_count(inode);
	err = set_new_name(new_dir, new_dentry, inode, target);
	if (err)
		goto out;
	if (moves_dir)
		inode_inc_link_count(new_dir);
	inode->i_ctime = current_time(inode);
	if (old_dir != new_dir || block_of_name(old_dir, old_dentry) != block_of_name(new_dir, new_dentry)) {
		EXT2_I(inode)->i_linked = true;
		commit_other_name(inode);
	}
	err = remove_old_name(old_dir, old_dentry);
	if (err)
		goto out_put;	/* an I/O error: it has both names now, and a link for each */
	if (moves_dir) {
		err = ext2_set_link(inode, dotdot, dotdot_page, new_dir, false);
		dotdot_page = NULL;
		drop_link(old_dir);
	}
out:
	inode_dec_link_count(inode);
out_put:
	if (dotdot_page)
		put_page(dotdot_page);
	return err;
}

const struct inode_operations ext2_dir_inode_operations = {
	.create		= ext2_create,
	.lookup		= ext2_lookup,
	.link		= ext2_link,
	.unlink		= ext2_unlink,
	.symlink	= ext2_symlink,
	.mkdir		= ext2_mkdir,
	.rmdir		= ext2_rmdir,
	.mknod		= ext2_mknod,
	.rename		= ext2_rename,
	.setattr	= ext2_setattr,
};

const struct inode_operations ext2_special_inode_operations = {
	.setattr	= ext2_setattr,
};
