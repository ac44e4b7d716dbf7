/* SPDX-License-Identifier: MIT */
/*
 * EZFS: what is on the disk, and what its files share.
 *
 * A disk is blocks of 4096 bytes: 0 the superblock with the two bit vectors, 1 the inode store, from
 * 2 on directories, data and indirect blocks. Three layouts of it exist that differ in where the
 * fields stand and in how a file's blocks are found; layout.c has them in a table, and what depends
 * on finding blocks goes through struct ezfs_map_ops: layout B in indexed.c, A and C in contiguous.c.
 */
#ifndef _EZFS_H
#define _EZFS_H

#include <linux/buffer_head.h>
#include <linux/compiler.h>
#include <linux/fs.h>
#include <linux/iomap.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#define EZFS_MAGIC_NUMBER	0x00004118
#define EZFS_VERSION		1
#define EZFS_BLOCK_SIZE		4096
#define EZFS_BLOCK_BITS		12

#define EZFS_SUPERBLOCK_BLOCK	0
#define EZFS_INODE_STORE_BLOCK	1
#define EZFS_ROOT_BLOCK		2
#define EZFS_FIRST_DATA_BLOCK	2	/* data bit 0 */
#define EZFS_ROOT_INODE_NUMBER	1

#define EZFS_FILENAME_BUF_SIZE	119
#define EZFS_NAME_MAX		(EZFS_FILENAME_BUF_SIZE - 1)
#define EZFS_MAX_CHILDREN	32

#define EZFS_INDIRECT_ENTRIES	512
#define EZFS_INDEXED_MAX_BLOCKS	(1 + EZFS_INDIRECT_ENTRIES)

struct ezfs_dir_entry {
	__le64	inode_no;
	u8	active;
	char	filename[EZFS_FILENAME_BUF_SIZE];	/* NUL-terminated */
};

/* Blocks of a file that follow each other on the disk; or of a hole. */
struct ezfs_extent {
	u64		block;		/* the first one on the disk; 0: a hole, which reads as zeros */
	u64		len;		/* how many */
};

struct ezfs_map_ops;

/* One layout: byte offsets in the superblock (sb_) and in an inode (i_). All fields are naturally aligned. */
struct ezfs_layout {
	char		name;			/* 'A', 'B', 'C' */
	bool		has_nsec;		/* a time is {s64 sec, s64 nsec}; else s64 sec */
	unsigned int	inode_size;
	unsigned int	nr_inodes;
	unsigned int	nr_data_blocks;		/* at most, on the largest disk */
	unsigned int	sb_disk_blks;		/* 0: not stored, the device's size counts */
	unsigned int	sb_free_inodes;		/* bit vectors: a set bit means in use */
	unsigned int	sb_free_data_blocks;
	unsigned int	sb_zero_blocks;		/* 0: none */
	u64		no_block;		/* how the inode of an empty file says so */
	unsigned int	i_atime, i_mtime, i_ctime;
	unsigned int	i_nlink, i_block, i_indirect, i_size, i_nblocks;
	const struct ezfs_map_ops *map;
};

/* How a layout finds, adds and frees the blocks of a file. */
struct ezfs_map_ops {
	/* Bytes of the largest file. */
	loff_t (*max_size)(struct super_block *sb);
	/*
	 * Where block @iblock of the file is, and how many behind it, up to @max, are so, too. The file must
	 * not be cut meanwhile: i_rwsem, invalidate_lock or the lock of a page there are held. 0, -EIO, -EUCLEAN.
	 */
	int (*lookup)(struct inode *inode, sector_t iblock, u64 max, struct ezfs_extent *ext);
	/*
	 * The same within an operation, and gives it blocks if it is a hole: as many as follow each other, up to
	 * @max. True in *new, then; they hold what somebody has left there. Besides -ENOSPC, -ENOMEM.
	 */
	int (*allocate)(struct inode *inode, sector_t iblock, u64 max, struct ezfs_extent *ext, bool *new);
	/*
	 * Contiguous layouts only: gives the file @blocks blocks, more than it has. Those that it had
	 * not, up to file block @gap_end, read as zeros from now on; the others must be written. i_rwsem
	 * is held for writing, invalidate_lock not; the operation, which has changed nothing yet, may be
	 * ended and begun anew. 0, -ENOSPC, -EIO.
	 */
	int (*grow)(struct inode *inode, sector_t blocks, sector_t gap_end);
	/*
	 * Frees the blocks from file block @keep on. i_rwsem and invalidate_lock are held for writing, or
	 * the inode is being evicted. Returns 0 or -EIO, and then some are lost.
	 */
	int (*truncate)(struct inode *inode, sector_t keep);
	/* Are the block numbers in a new ezfs_inode_info possible, for a file of @size bytes? */
	bool (*check)(struct inode *inode, loff_t size);
};

struct ezfs_sb_info {
	const struct ezfs_layout *layout;
	struct buffer_head	*sb_bh;		/* block 0 */
	struct buffer_head	*i_store_bh;	/* block 1 */
	unsigned int		nr_data_blocks;	/* that this disk has */
	bool			damaged;	/* an inconsistency was found: nothing is written any more */

	struct mutex		lock;		/* guards the bits in sb_bh, and the rest: */
	unsigned long		*inode_bits;	/* in sb_bh */
	unsigned long		*block_bits;	/* in sb_bh */
	unsigned long		*zero_bits;	/* in sb_bh; bit i is at i + zero_shift; NULL: none */
	unsigned int		zero_shift;
	unsigned int		free_inodes, free_blocks;	/* how many */
	unsigned int		first_block;	/* no data bit below this one is clear */
	/* Freed, but their bits are set: the disk may lead to them until the commit is over. */
	unsigned long		*freed;		/* one bit for each data block */
	unsigned int		nr_freed;	/* how many; they are among free_blocks */
	u64			dead;		/* the same of inode numbers; bit i: inode i + 1 */
	void			*disk_sb, *disk_store;	/* what of the two is on the disk; changed by the commit */

	/* commit.c */
	struct rw_semaphore	commit_sem;	/* operations have it for reading, the commit for writing */
	unsigned int		generation;	/* commits so far, and one */
	bool			unflushed;	/* something was written since the last flush */
	spinlock_t		dirty_lock;	/* guards the rest */
	struct list_head	dirty_inodes;	/* to be copied into the store */
	struct list_head	dirty_new;	/* buffers, by b_assoc_buffers, with a reference: of new inodes, */
	struct list_head	dirty_blocks;	/* indirect blocks of others, */
	struct list_head	dirty_dirs;	/* directories, to be written after the inodes */
	struct ezfs_inode_info	*ordering;	/* whose data are being written */
	wait_queue_head_t	ordering_wait;
};

struct ezfs_inode_info {
	struct list_head	dirty;		/* in sbi->dirty_inodes */
	bool			ordered;	/* its data must be on the disk before it */
	unsigned int		generation;	/* in which it was made; 0: read from the disk */
	struct rw_semaphore	map_lock;	/* guards the growth and shrinkage of what follows */
	u64			block;		/* direct or first block; 0: none */
	u64			indirect;	/* indirect block; 0: none */
	u64			nblocks;	/* data blocks it has */
	unsigned int		cuts;		/* how often blocks were taken from it; changes before they are free */
	struct buffer_head	*meta_bh;	/* a directory's block, a file's indirect block: once it was wanted, until it is freed */
	struct inode		vfs_inode;
};

static inline struct ezfs_sb_info *EZFS_SB(struct super_block *sb)
{
	return sb->s_fs_info;
}

static inline struct ezfs_inode_info *EZFS_I(struct inode *inode)
{
	return container_of(inode, struct ezfs_inode_info, vfs_inode);
}

/* "No block" is written as 0, by some as all ones. */
static inline bool ezfs_is_no_block(u64 block)
{
	return block == 0 || block == ~0ULL;
}

/* Was it made since the last commit? Then the disk does not know it, nor what it has. commit_sem held. */
static inline bool ezfs_is_young(struct inode *inode)
{
	return EZFS_I(inode)->generation == EZFS_SB(inode->i_sb)->generation;
}

static inline unsigned int ezfs_blocks_of(loff_t bytes)
{
	return DIV_ROUND_UP((u64)bytes, EZFS_BLOCK_SIZE);
}

/* Fields of the disk, by offset. */
static inline u32 ezfs_get32(const void *p, unsigned int off)
{
	return le32_to_cpu(*(const __le32 *)((const char *)p + off));
}

static inline u64 ezfs_get64(const void *p, unsigned int off)
{
	return le64_to_cpu(*(const __le64 *)((const char *)p + off));
}

static inline void ezfs_put32(void *p, unsigned int off, u32 v)
{
	*(__le32 *)((char *)p + off) = cpu_to_le32(v);
}

static inline void ezfs_put64(void *p, unsigned int off, u64 v)
{
	*(__le64 *)((char *)p + off) = cpu_to_le64(v);
}

/* super.c */
__printf(2, 3) void ezfs_error(struct super_block *sb, const char *fmt, ...);
__printf(3, 4) void ezfs_msg(struct super_block *sb, const char *level, const char *fmt, ...);

/* For what programs can bring about again and again. */
#define ezfs_msg_ratelimited(sb, fmt, ...)					\
do {										\
	static struct ratelimit_state __rs;					\
	if (___ratelimit(&__rs, __func__))					\
		ezfs_msg(sb, KERN_ERR, fmt, ##__VA_ARGS__);			\
} while (0)

/* commit.c */

/** ezfs_begin - an operation is going to change metadata; may sleep. Not within another, nor with pages locked */
static inline void ezfs_begin(struct super_block *sb)
{
	lockdep_assert_not_held(&EZFS_SB(sb)->commit_sem);
	down_read(&EZFS_SB(sb)->commit_sem);
}

/** ezfs_end - it has, and nothing is half done */
static inline void ezfs_end(struct super_block *sb)
{
	up_read(&EZFS_SB(sb)->commit_sem);
}

int ezfs_commit_between(struct super_block *sb);
bool ezfs_should_retry(struct super_block *sb, int err, int *retries);
void ezfs_mark_meta_dirty(struct buffer_head *bh);
void ezfs_mark_block_dirty(struct inode *inode, struct buffer_head *bh);
void ezfs_forget_block(struct super_block *sb, u64 block);
void ezfs_dirty_inode(struct inode *inode, int flags);
void ezfs_store_inode(struct inode *inode);
void ezfs_forget_inode(struct inode *inode, bool delete);
int ezfs_commit(struct super_block *sb, bool wait);
void ezfs_drop_dirty(struct ezfs_sb_info *sbi);

/* layout.c */
const struct ezfs_layout *ezfs_find_layout(struct super_block *sb, const void *store);
void *ezfs_raw_inode(struct ezfs_sb_info *sbi, unsigned long ino);
void ezfs_decode_times(const struct ezfs_layout *l, const void *raw, struct inode *inode);
void ezfs_encode_inode(const struct ezfs_layout *l, void *raw, struct inode *inode);

/* balloc.c */
bool ezfs_block_ok(struct super_block *sb, u64 block);
bool ezfs_block_in_use(struct super_block *sb, u64 block);
int ezfs_alloc_blocks(struct super_block *sb, u64 max, struct ezfs_extent *ext);
void ezfs_free_bit(struct inode *inode, unsigned long bit);
void ezfs_free_block(struct inode *inode, u64 block);
int ezfs_alloc_inode_no(struct super_block *sb, unsigned long *ino);
void ezfs_free_inode_no(struct inode *inode);
void ezfs_bury_inodes(struct super_block *sb);
void ezfs_release_bits(struct super_block *sb);
bool ezfs_inode_no_in_use(struct super_block *sb, u64 ino);
void ezfs_count_free(struct ezfs_sb_info *sbi);

/* indexed.c */
extern const struct ezfs_map_ops ezfs_indexed_ops;

/* contiguous.c */
extern const struct ezfs_map_ops ezfs_contiguous_ops;

/* inode.c */
struct inode *ezfs_iget(struct super_block *sb, u64 ino);
struct inode *ezfs_new_inode(struct inode *dir, umode_t mode);
int ezfs_write_inode(struct inode *inode, struct writeback_control *wbc);
void ezfs_evict_inode(struct inode *inode);
struct buffer_head *ezfs_read_meta(struct inode *inode, u64 block);
int ezfs_new_meta(struct inode *inode, u64 *block);
int ezfs_prepare_gap(struct inode *inode);
int ezfs_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr);

/* aops.c */
int ezfs_grow(struct inode *inode, loff_t size, sector_t gap_end);
extern const struct iomap_ops ezfs_iomap_ops;
extern const struct address_space_operations ezfs_aops;

/* file.c */
int ezfs_fsync(struct file *file, loff_t start, loff_t end, int datasync);
extern const struct file_operations ezfs_file_operations;
extern const struct inode_operations ezfs_file_inode_operations;

/* dir.c */
struct ezfs_slot {
	struct buffer_head	*bh;	/* the directory's block; brelse() it */
	struct ezfs_dir_entry	*de;	/* within it */
};

int ezfs_find_entry(struct inode *dir, const struct qstr *name, struct ezfs_slot *slot);
int ezfs_find_free_slot(struct inode *dir, struct ezfs_slot *slot);
void ezfs_set_entry(struct inode *dir, struct ezfs_slot *slot, const struct qstr *name,
		    struct inode *inode);
void ezfs_clear_entry(struct inode *dir, struct ezfs_slot *slot);
int ezfs_make_empty(struct inode *inode);
int ezfs_empty_dir(struct inode *inode);
extern const struct file_operations ezfs_dir_operations;

/* namei.c */
extern const struct inode_operations ezfs_dir_inode_operations;

#endif
