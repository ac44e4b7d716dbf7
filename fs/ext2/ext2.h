/* SPDX-License-Identifier: MIT */
/*
 * ext2: what is on the disk, and what its files share.
 *
 * A disk is a boot block of 1024 bytes, the superblock of 1024 bytes, and groups of blocks. A group
 * has (in some groups a copy of the superblock and of the table of group descriptors, then) a block
 * with a bit for each of its blocks, one with a bit for each of its inodes, its part of the table
 * of inodes, and data. All numbers are little-endian, and are not believed before they are checked.
 */
#ifndef _EXT2_H
#define _EXT2_H

#include <linux/buffer_head.h>
#include <linux/compiler.h>
#include <linux/fs.h>
#include <linux/iomap.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

typedef u32 ext2_fsblk_t;

#define EXT2_ROOT_INO		2
#define EXT2_GOOD_OLD_FIRST_INO	11
#define EXT2_GOOD_OLD_INODE_SIZE 128
#define EXT2_GOOD_OLD_REV	0
#define EXT2_DYNAMIC_REV	1
#define EXT2_NAME_LEN		255
#define EXT2_LINK_MAX		32000
#define EXT2_MIN_BLOCK_LOG	10

/* ------------------------------------------------------------------ on the disk */

struct ext2_super_block {
	__le32	s_inodes_count;
	__le32	s_blocks_count;
	__le32	s_r_blocks_count;	/* for root alone */
	__le32	s_free_blocks_count;
	__le32	s_free_inodes_count;
	__le32	s_first_data_block;
	__le32	s_log_block_size;	/* 0: 1024 bytes */
	__le32	s_log_frag_size;
	__le32	s_blocks_per_group;
	__le32	s_frags_per_group;
	__le32	s_inodes_per_group;
	__le32	s_mtime;
	__le32	s_wtime;
	__le16	s_mnt_count;
	__le16	s_max_mnt_count;
	__le16	s_magic;
	__le16	s_state;		/* EXT2_VALID_FS, EXT2_ERROR_FS */
	__le16	s_errors;		/* EXT2_ERRORS_* */
	__le16	s_minor_rev_level;
	__le32	s_lastcheck;
	__le32	s_checkinterval;
	__le32	s_creator_os;
	__le32	s_rev_level;
	__le16	s_def_resuid;		/* who may use the reserved blocks besides root */
	__le16	s_def_resgid;
	/* from revision 1 on */
	__le32	s_first_ino;
	__le16	s_inode_size;
	__le16	s_block_group_nr;
	__le32	s_feature_compat;
	__le32	s_feature_incompat;
	__le32	s_feature_ro_compat;
	u8	s_uuid[16];
	char	s_volume_name[16];
	char	s_last_mounted[64];
	u8	s_rest[1024 - 200];
};

#define EXT2_VALID_FS		1	/* was unmounted in good order */
#define EXT2_ERROR_FS		2

#define EXT2_ERRORS_CONTINUE	1
#define EXT2_ERRORS_RO		2
#define EXT2_ERRORS_PANIC	3

#define EXT2_FEATURE_INCOMPAT_FILETYPE		0x0002
#define EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER	0x0001
#define EXT2_FEATURE_RO_COMPAT_LARGE_FILE	0x0002
#define EXT2_FEATURE_RO_COMPAT_BTREE_DIR	0x0004
#define EXT2_FEATURE_INCOMPAT_SUPP	EXT2_FEATURE_INCOMPAT_FILETYPE
#define EXT2_FEATURE_RO_COMPAT_SUPP						\
	(EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER | EXT2_FEATURE_RO_COMPAT_LARGE_FILE | \
	 EXT2_FEATURE_RO_COMPAT_BTREE_DIR)

struct ext2_group_desc {
	__le32	bg_block_bitmap;
	__le32	bg_inode_bitmap;
	__le32	bg_inode_table;
	__le16	bg_free_blocks_count;
	__le16	bg_free_inodes_count;
	__le16	bg_used_dirs_count;
	__le16	bg_pad;
	__le32	bg_reserved[3];
};

#define EXT2_NDIR_BLOCKS	12
#define EXT2_IND_BLOCK		12
#define EXT2_DIND_BLOCK		13
#define EXT2_TIND_BLOCK		14
#define EXT2_N_BLOCKS		15

struct ext2_inode {
	__le16	i_mode;
	__le16	i_uid;
	__le32	i_size;
	__le32	i_atime, i_ctime, i_mtime, i_dtime;
	__le16	i_gid;
	__le16	i_links_count;
	__le32	i_blocks;		/* in sectors of 512 bytes, with indirect blocks */
	__le32	i_flags;
	__le32	i_osd1;
	__le32	i_block[EXT2_N_BLOCKS];
	__le32	i_generation;
	__le32	i_file_acl;		/* the block with extended attributes */
	__le32	i_size_high;		/* of a file; nothing for others */
	__le32	i_faddr;
	u8	i_frag, i_fsize;
	__le16	i_pad1;
	__le16	i_uid_high;
	__le16	i_gid_high;
	__le32	i_reserved2;
};

/* i_flags */
#define EXT2_SYNC_FL		0x00000008
#define EXT2_IMMUTABLE_FL	0x00000010
#define EXT2_APPEND_FL		0x00000020
#define EXT2_NOATIME_FL		0x00000080
#define EXT2_BTREE_FL		0x00001000	/* a directory has an index, which we do not keep up */
#define EXT2_FL_INHERITED	(EXT2_SYNC_FL | EXT2_NOATIME_FL | 0x00000047)

struct ext2_dir_entry_2 {
	__le32	inode;			/* 0: a gap */
	__le16	rec_len;		/* bytes to the next entry; none reaches over a block's end */
	u8	name_len;
	u8	file_type;
	char	name[];
};
typedef struct ext2_dir_entry_2 ext2_dirent;

#define EXT2_DIR_PAD		4
#define EXT2_DIR_ROUND		(EXT2_DIR_PAD - 1)
#define EXT2_DIR_REC_LEN(name_len) (((name_len) + 8 + EXT2_DIR_ROUND) & ~EXT2_DIR_ROUND)

#define EXT2_XATTR_MAGIC	0xEA020000

struct ext2_xattr_header {
	__le32	h_magic;
	__le32	h_refcount;		/* inodes that share the block */
	__le32	h_rest[6];
};

/* ------------------------------------------------------------------ in memory */

/* Blocks or inodes of one group that were freed, but may not be used again yet: balloc.c. */
struct ext2_freed {
	unsigned long	*now;		/* a bit for each; NULL: none */
	unsigned long	*syncing;
};

enum { EXT2_FREED_BLOCKS, EXT2_FREED_INODES, EXT2_NR_FREED };

/* Blocks that only ext2_commit() writes: commit.c. */
enum {
	EXT2_META_NEW,		/* of numbers; nothing on the disk leads there */
	EXT2_META_NUMBERS,	/* other blocks of numbers */
	EXT2_META_INODES,
	EXT2_NR_META
};

struct ext2_sb_info {
	/* never change */
	unsigned int	s_groups_count;
	unsigned int	s_blocks_per_group, s_inodes_per_group, s_itb_per_group;
	unsigned int	s_inode_size, s_inodes_per_block;
	unsigned int	s_desc_per_block, s_gdb_count;
	unsigned int	s_addr_per_block_bits;
	ext2_fsblk_t	s_blocks_count, s_first_data_block;
	u32		s_inodes_count, s_first_ino, s_r_blocks_count;
	kuid_t		s_resuid;
	kgid_t		s_resgid;
	struct buffer_head *s_sbh;	/* the superblock's */
	struct ext2_super_block *s_es;	/* in it */
	struct buffer_head **s_group_desc;

	unsigned int	s_errors;	/* EXT2_ERRORS_*; s_umount to change */
	unsigned int	s_mount_state;	/* what becomes s_state at the end */
	int		s_wb_err;	/* errors of writing to the device: those that we know of */
	struct ratelimit_state s_error_ratelimit;

	struct rw_semaphore s_alloc_sem;	/* for reading from before a file gets blocks until its pages are dirty: commit.c */

	struct mutex	s_commit;	/* one ext2_commit() at a time; it guards: */
	unsigned long	s_last_commit;	/* in jiffies */
	bool		s_unflushed;	/* data were written and are not surely on the medium */

	/* s_dirty_lock guards the lists */
	spinlock_t	s_dirty_lock;
	struct list_head s_dirty;	/* inodes, by i_dirty */
	struct list_head s_meta[EXT2_NR_META];	/* buffers, by b_assoc_buffers, with a reference */
	struct ext2_inode_info *s_busy;	/* the commit works on it */
	wait_queue_head_t s_busy_wait;

	/* s_lock guards the bits in all bitmaps, the counts in all descriptors, and these */
	spinlock_t	s_lock;
	unsigned long	s_free_blocks, s_free_inodes;
	struct ext2_freed *s_freed[EXT2_NR_FREED];	/* an array each, one a group */
	unsigned long	s_nr_freed[EXT2_NR_FREED];	/* bits set in them, */
	unsigned long	s_nr_syncing[EXT2_NR_FREED];	/* and in ->syncing */
};

struct ext2_inode_info {
	__le32		i_data[EXT2_N_BLOCKS];	/* block numbers, or a short link's target */
	u32		i_flags;
	ext2_fsblk_t	i_file_acl;
	u32		i_dtime, i_generation;
	unsigned int	i_block_group;
	bool		i_new;			/* the rest of it on the disk is to be cleared */
	bool		i_linked;		/* the disk may not know all its names; i_rwsem */
	unsigned long	i_dir_start_lookup;	/* page in which the last name was found; a hint */

	struct list_head i_dirty;	/* in s_dirty; s_dirty_lock guards it, and: */
	bool		i_stale;	/* its buffer lacks something */
	bool		i_ordered;	/* its data are to be written before what points to them */

	struct mutex	truncate_mutex;		/* guards changes of i_data and indirect blocks, and: */
	sector_t	i_next_alloc_block;	/* the file block after the last one allocated, */
	ext2_fsblk_t	i_next_alloc_goal;	/* and the disk block after it */
	unsigned int	i_cuts;			/* how often blocks were taken from it; changes before they are free */

	struct inode	vfs_inode;
};

static inline struct ext2_sb_info *EXT2_SB(struct super_block *sb)
{
	return sb->s_fs_info;
}

static inline struct ext2_inode_info *EXT2_I(struct inode *inode)
{
	return container_of(inode, struct ext2_inode_info, vfs_inode);
}

static inline u64 ext2_blocks_of(struct inode *inode, loff_t bytes)
{
	return ((u64)bytes + i_blocksize(inode) - 1) >> inode->i_blkbits;
}

#define EXT2_HAS_INCOMPAT_FEATURE(sbi, mask)	\
	((sbi)->s_es->s_feature_incompat & cpu_to_le32(mask))

static inline ext2_fsblk_t ext2_group_first_block_no(struct ext2_sb_info *sbi, unsigned int group)
{
	return group * sbi->s_blocks_per_group + sbi->s_first_data_block;
}

/* Blocks of a group: the last one may have fewer. */
static inline unsigned int ext2_group_blocks(struct ext2_sb_info *sbi, unsigned int group)
{
	return min(sbi->s_blocks_per_group,
		   sbi->s_blocks_count - ext2_group_first_block_no(sbi, group));
}

/* Numbers are cleared and checked as 32 bits, but the counts in 16 must neither wrap. */
static inline void ext2_count_add(__le16 *count, int by, unsigned int max)
{
	*count = cpu_to_le16(clamp((int)le16_to_cpu(*count) + by, 0, (int)max));
}

/* super.c */
__printf(2, 3) void ext2_error(struct super_block *sb, const char *fmt, ...);
__printf(3, 4) void ext2_msg(struct super_block *sb, const char *level, const char *fmt, ...);
void ext2_update_dynamic_rev(struct super_block *sb);
void ext2_set_large_file(struct super_block *sb);
void ext2_mark_meta_dirty(struct buffer_head *bh);

/* balloc.c */
struct ext2_group_desc *ext2_get_group_desc(struct super_block *sb, unsigned int group,
					    struct buffer_head **bh);
bool ext2_bg_has_super(struct super_block *sb, unsigned int group);
bool ext2_data_block_valid(struct super_block *sb, ext2_fsblk_t block);
bool ext2_block_in_use(struct super_block *sb, ext2_fsblk_t block);
int ext2_new_blocks(struct inode *inode, ext2_fsblk_t goal, bool grows, ext2_fsblk_t *block, unsigned int *count);
void ext2_free_blocks(struct super_block *sb, ext2_fsblk_t block, unsigned int count);
unsigned long ext2_find_free(struct ext2_sb_info *sbi, int kind, unsigned int group,
			     const void *bits, unsigned long size, unsigned long from);
void ext2_lock_freed(struct super_block *sb, int kind, unsigned int group);
bool ext2_clear_freed(struct ext2_sb_info *sbi, int kind, unsigned int group, void *bits,
		      unsigned int bit);
void ext2_rotate_freed(struct super_block *sb);
void ext2_release_freed(struct super_block *sb);
void ext2_free_freed(struct ext2_sb_info *sbi);

/* commit.c */
void ext2_mark_ordered(struct super_block *sb, struct buffer_head *bh, int kind);
void ext2_forget(struct super_block *sb, struct buffer_head *bh);
void ext2_dirty_inode(struct inode *inode, int flags);
bool ext2_undirty_inode(struct inode *inode);
void ext2_drop_dirty(struct ext2_sb_info *sbi);
int ext2_commit(struct super_block *sb);
int ext2_write_inode(struct inode *inode, struct writeback_control *wbc);
bool ext2_should_retry_alloc(struct super_block *sb, int *retries);

/* ialloc.c */
struct inode *ext2_new_inode(struct inode *dir, umode_t mode);
void ext2_free_inode(struct inode *inode);

/* inode.c */
struct inode *ext2_iget(struct super_block *sb, unsigned long ino);
struct ext2_inode *ext2_get_inode(struct super_block *sb, unsigned long ino, struct buffer_head **p);
int ext2_update_inode(struct inode *inode);
void ext2_evict_inode(struct inode *inode);
int ext2_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr);
void ext2_set_inode_flags(struct inode *inode);
void ext2_set_file_ops(struct inode *inode);

/* aops.c */
extern const struct iomap_ops ext2_iomap_ops;
extern const struct address_space_operations ext2_file_aops;	/* of regular files, */
extern const struct address_space_operations ext2_aops;		/* and of directories and links */

/* indirect.c */
loff_t ext2_max_size(unsigned int bits);
int ext2_get_blocks(struct inode *inode, sector_t iblock, unsigned int maxblocks, ext2_fsblk_t *bno, bool *new,
		    bool create);
int ext2_get_block(struct inode *inode, sector_t iblock, struct buffer_head *bh, int create);
void ext2_truncate_blocks(struct inode *inode, u64 keep);

/* dir.c */
int ext2_add_link(struct dentry *dentry, struct inode *inode);
int ext2_inode_by_name(struct inode *dir, const struct qstr *child, u32 *ino);
int ext2_make_empty(struct inode *inode, struct inode *parent);
ext2_dirent *ext2_find_entry(struct inode *dir, const struct qstr *child, struct page **res_page);
int ext2_delete_entry(ext2_dirent *dir, struct page *page);
int ext2_empty_dir(struct inode *inode);
ext2_dirent *ext2_dotdot(struct inode *dir, struct page **p);
int ext2_set_link(struct inode *dir, ext2_dirent *de, struct page *page, struct inode *inode,
		  bool update_times);
extern const struct file_operations ext2_dir_operations;

/* file.c */
int ext2_fsync(struct file *file, loff_t start, loff_t end, int datasync);
extern const struct inode_operations ext2_file_inode_operations;
extern const struct file_operations ext2_file_operations;

/* namei.c, symlink.c */
extern const struct inode_operations ext2_dir_inode_operations;
extern const struct inode_operations ext2_special_inode_operations;
extern const struct inode_operations ext2_fast_symlink_inode_operations;
extern const struct inode_operations ext2_symlink_inode_operations;

#endif
