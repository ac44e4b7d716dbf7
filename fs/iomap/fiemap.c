// SPDX-License-Identifier: MIT
/* Where a file is, for programs that ask: FIBMAP. (FIEMAP is not there: the VFS has no ->fiemap().) */
#include <linux/export.h>
#include <linux/iomap.h>
#include <linux/pagemap.h>

/** iomap_bmap - ->bmap(): the disk block of a file's block, 0 for a hole, or when it cannot be said */
sector_t iomap_bmap(struct address_space *mapping, sector_t bno, const struct iomap_ops *ops)
{
	const unsigned int blkbits = mapping->host->i_blkbits;
	struct iomap_iter iter = {
		.inode = mapping->host, .pos = (loff_t)bno << blkbits, .len = 1UL << blkbits,
		.flags = IOMAP_REPORT,
	};
	sector_t block = 0;

	/* What has no place yet gets one. */
	if (filemap_write_and_wait(mapping))
		return 0;
	/* processed stays 0: one step. */
	while (iomap_iter(&iter, ops) > 0)
		if (iter.iomap.type == IOMAP_MAPPED)
			block = iomap_sector(&iter.iomap, iter.pos) >> (blkbits - SECTOR_SHIFT);
	return block;
}
EXPORT_SYMBOL(iomap_bmap);
