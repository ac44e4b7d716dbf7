// SPDX-License-Identifier: MIT
/*
 * The table of the three layouts of EZFS, and how to tell which one a disk has.
 *
 * The layouts share magic and version and none names itself. Only the root inode tells: it is a
 * directory of 4096 bytes in 1 block at block 2, and each layout keeps those figures elsewhere.
 */
#include <sys/stat.h>

#include "ezfs.h"

const struct ezfs_layout ezfs_layouts[] = {
	{
		.name = 'A', .contiguous = true, .has_nsec = true,
		.inode_size = 96, .max_inodes = 42, .max_data_blocks = 336,
		.no_block = EZFS_NO_BLOCK,
		.sb_free_inodes = 16, .sb_free_data_blocks = 24,
		.i_time = { 16, 32, 48 }, .i_nlink = 64,
		.i_block = 72, .i_size = 80, .i_nblocks = 88,
	}, {
		.name = 'B', .contiguous = false, .has_nsec = true,
		.inode_size = 104, .max_inodes = 39, .max_data_blocks = 19968,
		.no_block = 0,
		.sb_disk_blks = 16, .sb_free_inodes = 24, .sb_free_data_blocks = 32,
		.i_time = { 16, 32, 48 }, .i_nlink = 64,
		.i_block = 72, .i_indirect = 80, .i_size = 88, .i_nblocks = 96,
	}, {
		.name = 'C', .contiguous = true, .has_nsec = false,
		.inode_size = 72, .max_inodes = 56, .max_data_blocks = 14336,
		.no_block = 0,
		.sb_disk_blks = 16, .sb_free_inodes = 24, .sb_free_data_blocks = 32,
		.sb_zero_blocks = 1828,
		.i_time = { 16, 24, 32 }, .i_nlink = 40,
		.i_block = 48, .i_size = 56, .i_nblocks = 64,
	},
};
const unsigned int ezfs_nr_layouts = sizeof(ezfs_layouts) / sizeof(ezfs_layouts[0]);

const struct ezfs_layout *ezfs_layout_by_name(const char *name)
{
	for (unsigned int i = 0; i < ezfs_nr_layouts; i++)
		if ((name[0] & ~0x20) == ezfs_layouts[i].name && !name[1])
			return &ezfs_layouts[i];
	return NULL;
}

bool ezfs_layout_fits(const struct ezfs_layout *l, const uint8_t *store)
{
	const uint8_t *root = store + ezfs_inode_offset(l, EZFS_ROOT_INODE_NUMBER);

	return S_ISDIR(ezfs_get32(root + EZFS_I_MODE)) &&
	       ezfs_get64(root + l->i_block) == EZFS_ROOT_BLOCK &&
	       ezfs_get64(root + l->i_size) == EZFS_BLOCK_SIZE &&
	       ezfs_get64(root + l->i_nblocks) == 1;
}
