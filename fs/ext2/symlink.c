// SPDX-License-Identifier: MIT
/*
 * Symbolic links of ext2: a target of less than 60 bytes stands in the inode in place of the block
 * numbers, a longer one is the contents of a file of one block.
 */
#include "ext2.h"

const struct inode_operations ext2_symlink_inode_operations = {
	.get_link	= page_get_link,
	.setattr	= ext2_setattr,
};

const struct inode_operations ext2_fast_symlink_inode_operations = {
	.get_link	= simple_get_link,
	.setattr	= ext2_setattr,
};
