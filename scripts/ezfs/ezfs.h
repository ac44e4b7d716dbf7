/* SPDX-License-Identifier: MIT */
/*
 * The on-disk format of EZFS for the host tools: constants, the table of the three layouts, and
 * access to little-endian fields by their offset.
 *
 * Nothing here is a C struct laid over the disk: the tools read and write all three layouts
 * through one table of offsets, on a host of either endianness. docs/ezfs-format.md has the
 * format in tables.
 */
#ifndef EZFS_TOOLS_EZFS_H
#define EZFS_TOOLS_EZFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EZFS_MAGIC_NUMBER	0x4118u
#define EZFS_VERSION		1u
#define EZFS_BLOCK_SIZE		4096u

#define EZFS_ROOT_INODE_NUMBER	1u
#define EZFS_SUPER_BLOCK	0u
#define EZFS_STORE_BLOCK	1u
#define EZFS_ROOT_BLOCK		2u
#define EZFS_FIRST_DATA_BLOCK	2u	/* data bit 0 */
#define EZFS_MIN_BLOCKS		3u

#define EZFS_MAX_CHILDREN	32u
#define EZFS_FILENAME_BUF_SIZE	119u
#define EZFS_NAME_MAX		118u

#define EZFS_INDIRECT_ENTRIES	512u
#define EZFS_NO_BLOCK		UINT64_MAX	/* the other spelling of "no block" is 0 */

/* The largest of any layout, for arrays. */
#define EZFS_MOST_INODES	56u
#define EZFS_MOST_BLOCKS	(19968u + EZFS_FIRST_DATA_BLOCK)

/* Offsets that all layouts share. */
enum {
	EZFS_SB_VERSION		= 0,
	EZFS_SB_MAGIC		= 8,

	EZFS_I_MODE		= 0,
	EZFS_I_UID		= 4,
	EZFS_I_GID		= 8,

	EZFS_DE_INODE		= 0,
	EZFS_DE_ACTIVE		= 8,
	EZFS_DE_NAME		= 9,
	EZFS_DE_SIZE		= 128,
};

enum { EZFS_ATIME, EZFS_MTIME, EZFS_CTIME, EZFS_NR_TIMES };

/* Where one layout keeps things: byte offsets, in the superblock (sb_) and in an inode (i_). */
struct ezfs_layout {
	char		name;			/* 'A', 'B' or 'C' */
	bool		contiguous;		/* a file is one run of blocks; else direct + indirect */
	bool		has_nsec;		/* a time is {s64 sec, s64 nsec}; else s64 sec */
	unsigned int	inode_size;
	unsigned int	max_inodes;
	unsigned int	max_data_blocks;
	uint64_t	no_block;		/* how mkfs spells it */

	unsigned int	sb_disk_blks;		/* 0: the disk's size is the device's */
	unsigned int	sb_free_inodes;
	unsigned int	sb_free_data_blocks;
	unsigned int	sb_zero_blocks;		/* 0: none */

	unsigned int	i_time[EZFS_NR_TIMES];
	unsigned int	i_nlink;
	unsigned int	i_block;		/* first or direct block */
	unsigned int	i_indirect;		/* 0: none */
	unsigned int	i_size;
	unsigned int	i_nblocks;
};

extern const struct ezfs_layout ezfs_layouts[];
extern const unsigned int ezfs_nr_layouts;

/**
 * ezfs_layout_by_name - find a layout in the table
 * @name: "A", "B" or "C", in either case
 *
 * Returns NULL for any other name.
 */
const struct ezfs_layout *ezfs_layout_by_name(const char *name);

/**
 * ezfs_layout_fits - does the root inode look healthy under this layout?
 * @l: the layout
 * @store: the block that holds the inodes
 */
bool ezfs_layout_fits(const struct ezfs_layout *l, const uint8_t *store);

/* The blocks of the largest disk, those two without a bit included. */
static inline uint64_t ezfs_max_blocks(const struct ezfs_layout *l)
{
	return l->max_data_blocks + EZFS_FIRST_DATA_BLOCK;
}

/* The blocks of the largest file on a disk of disk_blocks blocks. */
static inline uint64_t ezfs_max_file_blocks(const struct ezfs_layout *l, uint64_t disk_blocks)
{
	return l->contiguous ? disk_blocks - EZFS_FIRST_DATA_BLOCK : 1 + EZFS_INDIRECT_ENTRIES;
}

/* A vector of n bits has n/32+1 words, so there is always at least one bit to spare. */
static inline unsigned int ezfs_vector_bits(unsigned int n)
{
	return (n / 32 + 1) * 32;
}

static inline bool ezfs_is_no_block(uint64_t blk)
{
	return blk == 0 || blk == EZFS_NO_BLOCK;
}

static inline uint64_t ezfs_blocks_of(uint64_t bytes)
{
	return bytes / EZFS_BLOCK_SIZE + (bytes % EZFS_BLOCK_SIZE != 0);
}

static inline uint64_t ezfs_get(const uint8_t *p, unsigned int bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

static inline void ezfs_put(uint8_t *p, unsigned int bytes, uint64_t v)
{
	for (; bytes--; v >>= 8)
		*p++ = v & 0xff;
}

static inline uint32_t ezfs_get32(const uint8_t *p) { return (uint32_t)ezfs_get(p, 4); }
static inline uint64_t ezfs_get64(const uint8_t *p) { return ezfs_get(p, 8); }
static inline void ezfs_put32(uint8_t *p, uint32_t v) { ezfs_put(p, 4, v); }
static inline void ezfs_put64(uint8_t *p, uint64_t v) { ezfs_put(p, 8, v); }

/* Bit k is in little-endian word k/32, which is the same as byte k/8. */
static inline bool ezfs_bit(const uint8_t *vector, unsigned int k)
{
	return vector[k / 8] >> (k % 8) & 1;
}

static inline void ezfs_set_bit(uint8_t *vector, unsigned int k)
{
	vector[k / 8] |= 1u << (k % 8);
}

/* Inode n (from 1) inside a buffer that holds the inode store. */
static inline size_t ezfs_inode_offset(const struct ezfs_layout *l, unsigned int n)
{
	return (size_t)(n - 1) * l->inode_size;
}

#endif
