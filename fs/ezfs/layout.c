// SPDX-License-Identifier: MIT
/*
 * The three layouts of EZFS: where each keeps its fields, how a disk's layout is recognized, and
 * inodes between the disk's form and ours.
 *
 * The layouts share magic and version, and none names itself. The root inode tells: it is a directory
 * of 4096 bytes in one block, block 2, and each layout has these figures somewhere else. On a healthy
 * disk exactly one of them fits.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include "ezfs.h"

static_assert(sizeof(struct ezfs_dir_entry) == 128);
static_assert(sizeof(struct ezfs_dir_entry) * EZFS_MAX_CHILDREN == EZFS_BLOCK_SIZE);

static const struct ezfs_layout ezfs_layouts[] = {
	{
		.name = 'A', .has_nsec = true,
		.inode_size = 96, .nr_inodes = 42, .nr_data_blocks = 336,
		.sb_free_inodes = 16, .sb_free_data_blocks = 24,
		.i_atime = 16, .i_mtime = 32, .i_ctime = 48, .i_nlink = 64,
		.i_block = 72, .i_size = 80, .i_nblocks = 88,
		.no_block = ~0ULL, .map = &ezfs_contiguous_ops,
	}, {
		.name = 'B', .has_nsec = true,
		.inode_size = 104, .nr_inodes = 39, .nr_data_blocks = 19968,
		.sb_disk_blks = 16, .sb_free_inodes = 24, .sb_free_data_blocks = 32,
		.i_atime = 16, .i_mtime = 32, .i_ctime = 48, .i_nlink = 64,
		.i_block = 72, .i_indirect = 80, .i_size = 88, .i_nblocks = 96,
		.map = &ezfs_indexed_ops,
	}, {
		.name = 'C', .has_nsec = false,
		.inode_size = 72, .nr_inodes = 56, .nr_data_blocks = 14336,
		.sb_disk_blks = 16, .sb_free_inodes = 24, .sb_free_data_blocks = 32,
		.i_atime = 16, .i_mtime = 24, .i_ctime = 32, .i_nlink = 40,
		.i_block = 48, .i_size = 56, .i_nblocks = 64,
		.sb_zero_blocks = 1828, .map = &ezfs_contiguous_ops,
	},
};

/* In all layouts. */
enum { EZFS_I_MODE = 0, EZFS_I_UID = 4, EZFS_I_GID = 8 };

/* The root is the first inode of the store, whatever the size of an inode. */
static bool layout_fits(const struct ezfs_layout *l, const void *root)
{
	return S_ISDIR(ezfs_get32(root, EZFS_I_MODE)) &&
	       ezfs_get64(root, l->i_block) == EZFS_ROOT_BLOCK &&
	       ezfs_get64(root, l->i_size) == EZFS_BLOCK_SIZE && ezfs_get64(root, l->i_nblocks) == 1;
}

/**
 * ezfs_find_layout - which layout a disk has
 * @sb: for messages
 * @store: its inode store
 *
 * Returns NULL, and says why in the log, when none fits, or several.
 */
const struct ezfs_layout *ezfs_find_layout(struct super_block *sb, const void *store)
{
	const struct ezfs_layout *found = NULL;

	for (unsigned int i = 0; i < ARRAY_SIZE(ezfs_layouts); i++) {
		if (!layout_fits(&ezfs_layouts[i], store))
			continue;
		if (found) {
			ezfs_msg(sb, KERN_ERR, "the root inode fits layout %c and layout %c: it is damaged",
				 found->name, ezfs_layouts[i].name);
			return NULL;
		}
		found = &ezfs_layouts[i];
	}
	if (!found)
		ezfs_msg(sb, KERN_ERR, "the root inode (mode %07o) fits no layout: expected a directory "
			 "of %d bytes in block %d", ezfs_get32(store, EZFS_I_MODE), EZFS_BLOCK_SIZE,
			 EZFS_ROOT_BLOCK);
	return found;
}

/** ezfs_raw_inode - inode @ino in the inode store; 1 <= @ino <= layout->nr_inodes */
void *ezfs_raw_inode(struct ezfs_sb_info *sbi, unsigned long ino)
{
	BUG_ON(ino < 1 || ino > sbi->layout->nr_inodes);
	return sbi->i_store_bh->b_data + (ino - 1) * sbi->layout->inode_size;
}

static void decode_time(const struct ezfs_layout *l, const void *raw, unsigned int off,
			struct timespec64 *t)
{
	t->tv_sec = ezfs_get64(raw, off);
	t->tv_nsec = 0;
	/* A figure that cannot be is not worth refusing the file for. */
	if (l->has_nsec && ezfs_get64(raw, off + 8) < NSEC_PER_SEC)
		t->tv_nsec = ezfs_get64(raw, off + 8);
}

static void encode_time(const struct ezfs_layout *l, void *raw, unsigned int off, struct timespec64 t)
{
	ezfs_put64(raw, off, t.tv_sec);
	if (l->has_nsec)
		ezfs_put64(raw, off + 8, t.tv_nsec);
}

void ezfs_decode_times(const struct ezfs_layout *l, const void *raw, struct inode *inode)
{
	decode_time(l, raw, l->i_atime, &inode->i_atime);
	decode_time(l, raw, l->i_mtime, &inode->i_mtime);
	decode_time(l, raw, l->i_ctime, &inode->i_ctime);
}

/** ezfs_encode_inode - an inode as the disk has it */
void ezfs_encode_inode(const struct ezfs_layout *l, void *raw, struct inode *inode)
{
	struct ezfs_inode_info *ei = EZFS_I(inode);
	const u64 block = READ_ONCE(ei->block);
	const loff_t size = i_size_read(inode);

	ezfs_put32(raw, EZFS_I_MODE, inode->i_mode);
	ezfs_put32(raw, EZFS_I_UID, i_uid_read(inode));
	ezfs_put32(raw, EZFS_I_GID, i_gid_read(inode));
	encode_time(l, raw, l->i_atime, inode->i_atime);
	encode_time(l, raw, l->i_mtime, inode->i_mtime);
	encode_time(l, raw, l->i_ctime, inode->i_ctime);
	/* As long as its inode is on the disk a name may be, too. */
	ezfs_put32(raw, l->i_nlink, max(inode->i_nlink, 1U));
	ezfs_put64(raw, l->i_block, block ? block : l->no_block);
	if (l->i_indirect)
		ezfs_put64(raw, l->i_indirect, READ_ONCE(ei->indirect));
	ezfs_put64(raw, l->i_size, size);
	/* A contiguous file may have got a block that it has no bytes in yet. */
	ezfs_put64(raw, l->i_nblocks, l->map->grow ? ezfs_blocks_of(size) : READ_ONCE(ei->nblocks));
}
