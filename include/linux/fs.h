/* SPDX-License-Identifier: MIT */
/*
 * The objects of the virtual file system and the tables of functions that a filesystem fills in.
 *
 *   file        an open file: a position and a way to operate on ...
 *   dentry      a name in a directory, known or known to be absent (<linux/dcache.h>), naming ...
 *   inode       the file itself, whose bytes are reached through its ...
 *   address_space   the page cache of one inode
 *   super_block one mounted filesystem instance, made by a file_system_type
 *
 * Locks, outermost first:
 *   sb->s_umount            mounting and unmounting against users of the super block
 *   inode->i_rwsem          directory contents (parents before children), file size and writes
 *   mapping->invalidate_lock  page-cache filling against truncation
 *   folio lock (PG_locked)  contents of one page while it is read, written or truncated
 *   inode->i_lock           i_state, i_blocks, i_bytes; innermost together with dentry->d_lock
 */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/types.h>
#include <linux/list.h>
#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/rwsem.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include <linux/time64.h>
#include <linux/path.h>
#include <linux/stat.h>
#include <linux/fs_types.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/cred.h>
#include <linux/capability.h>
#include <linux/kdev_t.h>
#include <linux/uio.h>
#include <linux/dcache.h>
#include <linux/module.h>
#include <linux/fcntl.h>
#include <uapi/linux/fs.h>

struct address_space;
struct block_device;
struct dir_context;
struct file;
struct file_system_type;
struct folio;
struct fs_context;
struct inode;
struct iov_iter;
struct kiocb;
struct kstatfs;
struct page;
struct pipe_inode_info;
struct poll_table_struct;
struct readahead_control;
struct seq_file;
struct super_block;
struct user_namespace;
struct vm_area_struct;
struct vfsmount;
struct writeback_control;
struct cdev;
struct file_lock;
struct file_lock_context;
struct kstat;
struct filename;

#define FMODE_READ		((fmode_t)0x1)
#define FMODE_WRITE		((fmode_t)0x2)
#define FMODE_LSEEK		((fmode_t)0x4)
#define FMODE_PREAD		((fmode_t)0x8)
#define FMODE_PWRITE		((fmode_t)0x10)
#define FMODE_EXEC		((fmode_t)0x20)
#define FMODE_NDELAY		((fmode_t)0x40)		/* block device: do not wait for a medium */
#define FMODE_EXCL		((fmode_t)0x80)		/* block device: a claim, as a mount makes it */
#define FMODE_PATH		((fmode_t)0x4000)
#define FMODE_ATOMIC_POS	((fmode_t)0x8000)	/* f_pos_lock is taken by read, write, lseek */
#define FMODE_CAN_READ		((fmode_t)0x20000)	/* has read or read_iter */
#define FMODE_CAN_WRITE		((fmode_t)0x40000)
#define FMODE_OPENED		((fmode_t)0x80000)	/* ->open() succeeded: ->release() is owed */
#define FMODE_CREATED		((fmode_t)0x100000)
#define FMODE_STREAM		((fmode_t)0x200000)	/* no position at all */
#define FMODE_WRITER		((fmode_t)0x10000)	/* holds mnt_want_write() and i_writecount */

/* For inode_permission() and ->permission(). */
#define MAY_EXEC		0x01
#define MAY_WRITE		0x02
#define MAY_READ		0x04
#define MAY_APPEND		0x08
#define MAY_ACCESS		0x10
#define MAY_OPEN		0x20
#define MAY_CHDIR		0x40

/* ------------------------------------------------------------------ page cache of an inode */

#define PAGECACHE_TAG_DIRTY	XA_MARK_0
#define PAGECACHE_TAG_WRITEBACK	XA_MARK_1
#define PAGECACHE_TAG_TOWRITE	XA_MARK_2

struct address_space {
	struct inode		*host;
	struct xarray		i_pages;		/* xa_lock guards it, nrpages and the tags */
	struct rw_semaphore	invalidate_lock;
	gfp_t			gfp_mask;
	unsigned long		nrpages;
	pgoff_t			writeback_index;
	const struct address_space_operations *a_ops;
	unsigned long		flags;			/* AS_* bits */
	int			wb_err;			/* last write-back error, see filemap_set_wb_err */
	spinlock_t		private_lock;		/* guards private_list, and buffers of our pages */
	struct list_head	private_list;		/* metadata buffers of this inode: b_assoc_buffers */
	struct rw_semaphore	i_mmap_rwsem;		/* guards i_mmap */
	struct rb_root_cached	i_mmap;			/* VMAs that map this file: an interval tree */
	atomic_t		i_mmap_writable;	/* how many of them are shared and may write */
};

enum mapping_flags {
	AS_EIO = 0,		/* an asynchronous write failed with EIO */
	AS_ENOSPC = 1,
	AS_UNEVICTABLE = 3,	/* its pages have no backing store: never reclaimed (ramfs) */
};

struct address_space_operations {
	int  (*writepage)(struct page *page, struct writeback_control *wbc);
	int  (*read_folio)(struct file *file, struct folio *folio);
	int  (*writepages)(struct address_space *mapping, struct writeback_control *wbc);
	bool (*dirty_folio)(struct address_space *mapping, struct folio *folio);
	void (*readahead)(struct readahead_control *rac);
	int  (*write_begin)(struct file *file, struct address_space *mapping, loff_t pos, unsigned len,
			    struct page **pagep, void **fsdata);
	int  (*write_end)(struct file *file, struct address_space *mapping, loff_t pos, unsigned len,
			  unsigned copied, struct page *page, void *fsdata);
	sector_t (*bmap)(struct address_space *mapping, sector_t block);
	void (*invalidate_folio)(struct folio *folio, size_t offset, size_t len);
	bool (*release_folio)(struct folio *folio, gfp_t gfp);
	void (*free_folio)(struct folio *folio);
	bool (*is_partially_uptodate)(struct folio *folio, size_t from, size_t count);
};

/* ------------------------------------------------------------------ inode */

struct inode {
	umode_t			i_mode;
	unsigned short		i_opflags;
	unsigned int		i_flags;		/* S_* below */
	kuid_t			i_uid;
	kgid_t			i_gid;
	const struct inode_operations *i_op;
	struct super_block	*i_sb;
	struct address_space	*i_mapping;		/* &i_data, or the block device's */
	unsigned long		i_ino;
	union {
		const unsigned int i_nlink;		/* read it; change it by set_nlink() and its kin */
		unsigned int	__i_nlink;
	};
	dev_t			i_rdev;
	loff_t			i_size;			/* i_rwsem to change, i_size_read() anywhere */
	struct timespec64	i_atime, i_mtime, i_ctime;
	unsigned int		i_blkbits;
	struct rw_semaphore	i_rwsem;
	atomic_t		i_count;
	atomic_t		i_writecount;		/* > 0 writers, < 0 executing (ETXTBSY) */
	const struct file_operations *i_fop;		/* what ->f_op of a new file becomes */
	struct address_space	i_data;
	unsigned long		i_version;
	atomic64_t		i_sequence;		/* its number among all futexes' files, 0: none yet */
	struct file_lock_context *i_flctx;		/* locks on it, made when first needed */

	/* i_lock guards these */
	spinlock_t		i_lock;
	unsigned long		i_state;		/* I_* below */
	blkcnt_t		i_blocks;		/* in 512-byte sectors */
	unsigned short		i_bytes;

	struct hlist_node	i_hash;			/* inode_hash_lock */
	struct list_head	i_io_list;		/* dirty list: bdi's wb list_lock */
	unsigned long		dirtied_when;		/* jiffies, valid while I_DIRTY */
	struct list_head	i_lru;			/* unused inodes: inode_lru_lock */
	struct list_head	i_sb_list;		/* sb->s_inode_list_lock */
	struct hlist_head	i_dentry;		/* aliases; i_lock */
	union {
		struct pipe_inode_info *i_pipe;
		struct cdev	*i_cdev;
		struct block_device *i_bdev;
		char		*i_link;		/* target of a short symbolic link */
	};
	void			*i_private;		/* the filesystem's own */
};

/* i_flags */
#define S_SYNC		(1 << 0)
#define S_NOATIME	(1 << 1)
#define S_APPEND	(1 << 2)
#define S_IMMUTABLE	(1 << 3)
#define S_SWAPFILE	(1 << 8)	/* its blocks are a swap area: not to be written, truncated or removed */
#define S_DEAD		(1 << 4)	/* a directory that was removed but is still open */

/* i_state */
#define I_DIRTY_SYNC		(1 << 0)	/* times and the like changed: fdatasync may skip it */
#define I_DIRTY_DATASYNC	(1 << 1)	/* what is needed to find the data changed */
#define I_DIRTY_PAGES		(1 << 2)	/* the mapping has dirty pages */
#define __I_NEW			3
#define I_NEW			(1 << __I_NEW)	/* being filled: wait on it */
#define I_WILL_FREE		(1 << 4)
#define I_FREEING		(1 << 5)
#define I_CLEAR			(1 << 6)
#define __I_SYNC		7
#define I_SYNC			(1 << __I_SYNC)	/* write-back of it is under way */
#define I_REFERENCED		(1 << 8)
#define I_LINKABLE		(1 << 10)	/* made by O_TMPFILE: may get a first name */
#define I_DIRTY_INODE		(I_DIRTY_SYNC | I_DIRTY_DATASYNC)
#define I_DIRTY			(I_DIRTY_INODE | I_DIRTY_PAGES)

struct iattr {
	unsigned int		ia_valid;		/* ATTR_* */
	umode_t			ia_mode;
	kuid_t			ia_uid;
	kgid_t			ia_gid;
	loff_t			ia_size;
	struct timespec64	ia_atime, ia_mtime, ia_ctime;
	struct file		*ia_file;
};

#define ATTR_MODE	(1 << 0)
#define ATTR_UID	(1 << 1)
#define ATTR_GID	(1 << 2)
#define ATTR_SIZE	(1 << 3)
#define ATTR_ATIME	(1 << 4)
#define ATTR_MTIME	(1 << 5)
#define ATTR_CTIME	(1 << 6)
#define ATTR_ATIME_SET	(1 << 7)
#define ATTR_MTIME_SET	(1 << 8)
#define ATTR_FORCE	(1 << 9)
#define ATTR_KILL_SUID	(1 << 11)	/* set-id bits go, as the file gets another owner */
#define ATTR_FILE	(1 << 13)
#define ATTR_OPEN	(1 << 15)
#define ATTR_TIMES_SET	(1 << 16)
#define ATTR_TOUCH	(1 << 17)

struct delayed_call {
	void (*fn)(void *);
	void *arg;
};

struct inode_operations {
	struct dentry *(*lookup)(struct inode *dir, struct dentry *dentry, unsigned int flags);
	const char *(*get_link)(struct dentry *dentry, struct inode *inode, struct delayed_call *done);
	int (*permission)(struct user_namespace *mnt_userns, struct inode *inode, int mask);
	int (*readlink)(struct dentry *dentry, char __user *buffer, int buflen);
	int (*create)(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		      umode_t mode, bool excl);
	int (*link)(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry);
	int (*unlink)(struct inode *dir, struct dentry *dentry);
	int (*symlink)(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		       const char *symname);
	int (*mkdir)(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		     umode_t mode);
	int (*rmdir)(struct inode *dir, struct dentry *dentry);
	int (*mknod)(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		     umode_t mode, dev_t rdev);
	int (*rename)(struct user_namespace *mnt_userns, struct inode *old_dir,
		      struct dentry *old_dentry, struct inode *new_dir, struct dentry *new_dentry,
		      unsigned int flags);
	int (*setattr)(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr);
	int (*getattr)(struct user_namespace *mnt_userns, const struct path *path, struct kstat *stat,
		       u32 request_mask, unsigned int query_flags);
	int (*update_time)(struct inode *inode, struct timespec64 *time, int flags);
	int (*tmpfile)(struct user_namespace *mnt_userns, struct inode *dir, struct file *file,
		       umode_t mode);
};

/* ------------------------------------------------------------------ file */

struct file_ra_state {
	pgoff_t			start;		/* where the current window starts */
	unsigned int		size;		/* pages in it */
	unsigned int		async_size;	/* start the next one when this many are left */
	unsigned int		ra_pages;	/* the largest window */
	loff_t			prev_pos;
};

struct fown_struct {
	int			signum;
};

struct file {
	union {
		struct path	f_path;
		struct rcu_head	f_rcuhead;	/* of one that is closed */
	};
	struct inode		*f_inode;
	const struct file_operations *f_op;
	spinlock_t		f_lock;		/* guards f_flags, f_ep */
	atomic_long_t		f_count;
	unsigned int		f_flags;	/* O_* */
	fmode_t			f_mode;
	struct mutex		f_pos_lock;
	loff_t			f_pos;
	const struct cred	*f_cred;
	struct file_ra_state	f_ra;
	void			*private_data;
	struct hlist_head	f_ep;		/* epoll items that watch it */
	struct address_space	*f_mapping;
	int			f_wb_err;	/* write-back errors already told to this file */
	unsigned long		f_version;	/* for the file's own use */
};

typedef bool (*filldir_t)(struct dir_context *, const char *, int, loff_t, u64, unsigned);

struct dir_context {
	filldir_t		actor;		/* returns false when the buffer is full */
	loff_t			pos;
};

struct file_operations {
	struct module *owner;		/* whose functions these are: an open file holds it */
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
	ssize_t (*read)(struct file *file, char __user *buf, size_t count, loff_t *pos);
	ssize_t (*write)(struct file *file, const char __user *buf, size_t count, loff_t *pos);
	ssize_t (*read_iter)(struct kiocb *iocb, struct iov_iter *to);
	ssize_t (*write_iter)(struct kiocb *iocb, struct iov_iter *from);
	int (*iterate_shared)(struct file *file, struct dir_context *ctx);
	__poll_t (*poll)(struct file *file, struct poll_table_struct *wait);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	int (*open)(struct inode *inode, struct file *file);
	int (*flush)(struct file *file, void *id);
	int (*release)(struct inode *inode, struct file *file);
	int (*fsync)(struct file *file, loff_t start, loff_t end, int datasync);
	long (*fallocate)(struct file *file, int mode, loff_t offset, loff_t len);
	ssize_t (*splice_read)(struct file *in, loff_t *ppos, struct pipe_inode_info *pipe,
			       size_t len, unsigned int flags);
};

struct kiocb {
	struct file		*ki_filp;
	loff_t			ki_pos;
	int			ki_flags;	/* IOCB_* */
};

#define IOCB_DSYNC	0x00000002
#define IOCB_SYNC	0x00000004
#define IOCB_NOWAIT	0x00000008
#define IOCB_APPEND	0x00020000
#define IOCB_DIRECT	0x00040000

/* ------------------------------------------------------------------ super block */

struct super_block {
	struct list_head	s_list;			/* sb_lock */
	dev_t			s_dev;
	unsigned char		s_blocksize_bits;
	unsigned long		s_blocksize;
	loff_t			s_maxbytes;
	unsigned int		s_max_links;	/* of one inode; 0: any number */
	struct file_system_type	*s_type;
	const struct super_operations *s_op;
	unsigned long		s_flags;		/* SB_* */
	unsigned long		s_magic;
	struct dentry		*s_root;
	struct rw_semaphore	s_umount;
	int			s_count;		/* sb_lock: references to the structure */
	atomic_t		s_active;		/* mounts and others that keep it mounted */
	struct hlist_node	s_instances;		/* sb_lock: s_type->fs_supers */
	struct block_device	*s_bdev;
	struct backing_dev_info	*s_bdi;
	fmode_t			s_mode;
	char			s_id[32];		/* for messages: "vda" */
	void			*s_fs_info;
	u32			s_time_gran;		/* ns between representable times */
	time64_t		s_time_min, s_time_max;
	const struct dentry_operations *s_d_op;
	struct mutex		s_vfs_rename_mutex;	/* one cross-directory rename at a time */
	spinlock_t		s_inode_list_lock;
	struct list_head	s_inodes;
	struct list_head	s_mounts;		/* mount_lock: the mounts that show it */
	atomic_long_t		s_remove_count;		/* inodes without links that are still in use */
	int			s_readonly_remount;	/* going read-only: no new writers */
	const char		*s_subtype;
};

/* s_flags and mount flags */
#define SB_RDONLY	1
#define SB_NOSUID	2
#define SB_NODEV	4
#define SB_NOEXEC	8
#define SB_SYNCHRONOUS	16
#define SB_DIRSYNC	128
#define SB_NOATIME	1024
#define SB_SILENT	32768
#define SB_BORN		(1 << 29)
#define SB_ACTIVE	(1 << 30)

struct super_operations {
	struct inode *(*alloc_inode)(struct super_block *sb);
	void (*destroy_inode)(struct inode *inode);
	void (*free_inode)(struct inode *inode);
	void (*dirty_inode)(struct inode *inode, int flags);
	int  (*write_inode)(struct inode *inode, struct writeback_control *wbc);
	int  (*drop_inode)(struct inode *inode);
	void (*evict_inode)(struct inode *inode);
	void (*put_super)(struct super_block *sb);
	int  (*sync_fs)(struct super_block *sb, int wait);
	int  (*statfs)(struct dentry *dentry, struct kstatfs *buf);
	int  (*remount_fs)(struct super_block *sb, int *flags, char *data);
	void (*umount_begin)(struct super_block *sb);
	int  (*show_options)(struct seq_file *m, struct dentry *root);
};

struct file_system_type {
	const char		*name;
	int			fs_flags;
#define FS_REQUIRES_DEV		1
#define FS_USERNS_MOUNT		8
	int (*init_fs_context)(struct fs_context *fc);
	struct dentry *(*mount)(struct file_system_type *type, int flags, const char *dev_name,
				void *data);
	void (*kill_sb)(struct super_block *sb);
	struct module		*owner;
	struct file_system_type	*next;			/* file_systems_lock */
	int			users;			/* file_systems_lock: instances and mounts under way */
	struct hlist_head	fs_supers;		/* sb_lock */
};

#define SB_MANDLOCK	64
#define SB_POSIXACL	(1 << 16)
#define SB_I_VERSION	(1 << 23)
#define SB_NOUSER	(1 << 31)	/* no program may mount it */
#define SB_KERNMOUNT	(1 << 22)
#define SB_DYING	(1 << 28)	/* going away: take no reference */

#define MAX_LFS_FILESIZE	((loff_t)LLONG_MAX)

#define sb_rdonly(sb)		((sb)->s_flags & SB_RDONLY)
#define __IS_FLG(inode, flg)	((inode)->i_sb->s_flags & (flg))
#define IS_RDONLY(inode)	sb_rdonly((inode)->i_sb)
#define IS_SYNC(inode)		(__IS_FLG(inode, SB_SYNCHRONOUS) || ((inode)->i_flags & S_SYNC))
#define IS_DIRSYNC(inode)	(__IS_FLG(inode, SB_SYNCHRONOUS | SB_DIRSYNC))
#define IS_NOATIME(inode)	(__IS_FLG(inode, SB_RDONLY | SB_NOATIME) || ((inode)->i_flags & S_NOATIME))
#define IS_APPEND(inode)	((inode)->i_flags & S_APPEND)
#define IS_SWAPFILE(inode)	((inode)->i_flags & S_SWAPFILE)
#define IS_IMMUTABLE(inode)	((inode)->i_flags & S_IMMUTABLE)
#define IS_DEADDIR(inode)	((inode)->i_flags & S_DEAD)

/* ------------------------------------------------------------------ inline helpers */

static inline void inode_lock(struct inode *inode)
{
	down_write(&inode->i_rwsem);
}

static inline void inode_unlock(struct inode *inode)
{
	up_write(&inode->i_rwsem);
}

static inline void inode_lock_shared(struct inode *inode)
{
	down_read(&inode->i_rwsem);
}

static inline void inode_unlock_shared(struct inode *inode)
{
	up_read(&inode->i_rwsem);
}

static inline int inode_trylock(struct inode *inode)
{
	return down_write_trylock(&inode->i_rwsem);
}

static inline int inode_is_locked(struct inode *inode)
{
	return rwsem_is_locked(&inode->i_rwsem);
}

/* The order in which one task may lock several: the directories, parent before child, then the file. */
enum inode_i_mutex_lock_class { I_MUTEX_NORMAL, I_MUTEX_PARENT, I_MUTEX_CHILD, I_MUTEX_XATTR, I_MUTEX_NONDIR2, I_MUTEX_PARENT2 };

static inline void inode_lock_nested(struct inode *inode, unsigned int subclass)
{
	down_write_nested(&inode->i_rwsem, subclass);
}

static inline loff_t i_size_read(const struct inode *inode)
{
	return READ_ONCE(inode->i_size);
}

/** i_size_write - sets the size in bytes; i_rwsem held for writing */
static inline void i_size_write(struct inode *inode, loff_t i_size)
{
	WRITE_ONCE(inode->i_size, i_size);
}

static inline unsigned int i_blocksize(const struct inode *node)
{
	return 1U << node->i_blkbits;
}

static inline unsigned int iminor(const struct inode *inode)
{
	return MINOR(inode->i_rdev);
}

static inline unsigned int imajor(const struct inode *inode)
{
	return MAJOR(inode->i_rdev);
}

static inline uid_t i_uid_read(const struct inode *inode) { return inode->i_uid.val; }
static inline gid_t i_gid_read(const struct inode *inode) { return inode->i_gid.val; }
static inline void i_uid_write(struct inode *inode, uid_t uid) { inode->i_uid = KUIDT_INIT(uid); }
static inline void i_gid_write(struct inode *inode, gid_t gid) { inode->i_gid = KGIDT_INIT(gid); }

static inline struct inode *file_inode(const struct file *f)
{
	return f->f_inode;
}

static inline struct dentry *file_dentry(const struct file *file)
{
	return file->f_path.dentry;
}

static inline struct file *get_file(struct file *f)
{
	atomic_long_inc(&f->f_count);
	return f;
}

#define get_file_rcu(f)	atomic_long_inc_not_zero(&(f)->f_count)
#define file_count(x)	atomic_long_read(&(x)->f_count)

static inline bool sb_start_write_trylock(struct super_block *sb) { return true; }
static inline void sb_start_write(struct super_block *sb) { }
static inline void sb_end_write(struct super_block *sb) { }
static inline void sb_start_pagefault(struct super_block *sb) { }
static inline void sb_end_pagefault(struct super_block *sb) { }
static inline void file_start_write(struct file *file) { }
static inline void file_end_write(struct file *file) { }

static inline bool dir_emit(struct dir_context *ctx, const char *name, int namelen, u64 ino,
			    unsigned int type)
{
	return ctx->actor(ctx, name, namelen, ctx->pos, ino, type);
}

static inline bool dir_emit_dot(struct file *file, struct dir_context *ctx)
{
	return ctx->actor(ctx, ".", 1, ctx->pos, file->f_path.dentry->d_inode->i_ino, DT_DIR);
}

bool dir_emit_dotdot(struct file *file, struct dir_context *ctx);

/** dir_emit_dots - "." and ".." at positions 0 and 1; false when the buffer is full */
static inline bool dir_emit_dots(struct file *file, struct dir_context *ctx)
{
	if (ctx->pos == 0) {
		if (!dir_emit_dot(file, ctx))
			return false;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		if (!dir_emit_dotdot(file, ctx))
			return false;
		ctx->pos = 2;
	}
	return true;
}

static inline void init_sync_kiocb(struct kiocb *kiocb, struct file *filp)
{
	int flags = 0;

	if (filp->f_flags & O_APPEND)
		flags |= IOCB_APPEND;
	if (filp->f_flags & O_DIRECT)
		flags |= IOCB_DIRECT;
	if (filp->f_flags & O_DSYNC)
		flags |= IOCB_DSYNC;
	if (filp->f_flags & __O_SYNC)
		flags |= IOCB_SYNC;
	*kiocb = (struct kiocb){ .ki_filp = filp, .ki_flags = flags };
}

static inline bool is_sync_kiocb(struct kiocb *kiocb)
{
	return true;
}

static inline ssize_t call_read_iter(struct file *file, struct kiocb *kio, struct iov_iter *iter)
{
	return file->f_op->read_iter(kio, iter);
}

static inline ssize_t call_write_iter(struct file *file, struct kiocb *kio, struct iov_iter *iter)
{
	return file->f_op->write_iter(kio, iter);
}

static inline int call_mmap(struct file *file, struct vm_area_struct *vma)
{
	return file->f_op->mmap(file, vma);
}

static inline int iocb_flags(struct file *file)
{
	struct kiocb iocb;

	init_sync_kiocb(&iocb, file);
	return iocb.ki_flags;
}

/* Whether the file may be opened for writing or executed: one forbids the other (ETXTBSY). */
static inline int get_write_access(struct inode *inode)
{
	int old = atomic_read(&inode->i_writecount);

	do {
		if (old < 0)
			return -ETXTBSY;
	} while (!atomic_try_cmpxchg(&inode->i_writecount, &old, old + 1));
	return 0;
}

static inline void put_write_access(struct inode *inode)
{
	atomic_dec(&inode->i_writecount);
}

static inline int deny_write_access(struct file *file)
{
	struct inode *inode = file_inode(file);
	int old = atomic_read(&inode->i_writecount);

	do {
		if (old > 0)
			return -ETXTBSY;
	} while (!atomic_try_cmpxchg(&inode->i_writecount, &old, old - 1));
	return 0;
}

static inline void allow_write_access(struct file *file)
{
	if (file)
		atomic_inc(&file_inode(file)->i_writecount);
}

static inline bool inode_is_open_for_write(const struct inode *inode)
{
	return atomic_read(&inode->i_writecount) > 0;
}

/* A mapping that programs may write through also holds the file against execution. */
static inline int mapping_map_writable(struct address_space *mapping)
{
	return atomic_add_unless(&mapping->i_mmap_writable, 1, -1) ? 0 : -EPERM;
}

static inline void mapping_unmap_writable(struct address_space *mapping)
{
	atomic_dec(&mapping->i_mmap_writable);
}

/* No such mapping from now on; -EBUSY while there is one. */
static inline int mapping_deny_writable(struct address_space *mapping)
{
	int old = atomic_read(&mapping->i_mmap_writable);

	do {
		if (old > 0)
			return -EBUSY;
	} while (!atomic_try_cmpxchg(&mapping->i_mmap_writable, &old, old - 1));
	return 0;
}

static inline bool mapping_writably_mapped(struct address_space *mapping)
{
	return atomic_read(&mapping->i_mmap_writable) > 0;
}

static inline void i_mmap_lock_write(struct address_space *mapping)
{
	down_write(&mapping->i_mmap_rwsem);
}

static inline void i_mmap_unlock_write(struct address_space *mapping)
{
	up_write(&mapping->i_mmap_rwsem);
}

static inline void i_mmap_lock_read(struct address_space *mapping)
{
	down_read(&mapping->i_mmap_rwsem);
}

static inline void i_mmap_unlock_read(struct address_space *mapping)
{
	up_read(&mapping->i_mmap_rwsem);
}

static inline int mapping_mapped(struct address_space *mapping)
{
	return !RB_EMPTY_ROOT(&mapping->i_mmap.rb_root);
}

static inline void filemap_invalidate_lock(struct address_space *mapping)
{
	down_write(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_unlock(struct address_space *mapping)
{
	up_write(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_lock_shared(struct address_space *mapping)
{
	down_read(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_unlock_shared(struct address_space *mapping)
{
	up_read(&mapping->invalidate_lock);
}

static inline umode_t mode_strip_umask(const struct inode *dir, umode_t mode, umode_t umask)
{
	return mode & ~umask;
}

/* ------------------------------------------------------------------ fs/super.c, filesystems.c */

int register_filesystem(struct file_system_type *type);
int unregister_filesystem(struct file_system_type *type);
struct file_system_type *get_fs_type(const char *name);
void get_filesystem(struct file_system_type *type);
void put_filesystem(struct file_system_type *type);
int list_bdev_fs_names(char *buf, size_t size);

struct super_block *sget(struct file_system_type *type,
			 int (*test)(struct super_block *, void *),
			 int (*set)(struct super_block *, void *), int flags, void *data);
struct dentry *mount_bdev(struct file_system_type *fs_type, int flags, const char *dev_name,
			  void *data, int (*fill_super)(struct super_block *, void *, int));
struct dentry *mount_nodev(struct file_system_type *fs_type, int flags, void *data,
			   int (*fill_super)(struct super_block *, void *, int));
struct dentry *mount_single(struct file_system_type *fs_type, int flags, void *data,
			    int (*fill_super)(struct super_block *, void *, int));
void generic_shutdown_super(struct super_block *sb);
void kill_block_super(struct super_block *sb);
void kill_anon_super(struct super_block *sb);
void kill_litter_super(struct super_block *sb);
void deactivate_super(struct super_block *sb);
void deactivate_locked_super(struct super_block *sb);
void drop_super(struct super_block *sb);
int set_anon_super(struct super_block *sb, void *data);
int get_anon_bdev(dev_t *p);
void free_anon_bdev(dev_t dev);
void iterate_supers(void (*fn)(struct super_block *sb, void *arg), void *arg);
void iterate_supers_type(struct file_system_type *type,
			 void (*fn)(struct super_block *sb, void *arg), void *arg);
struct super_block *get_super(struct block_device *bdev);
struct super_block *user_get_super(dev_t dev, bool excl);
bool trylock_super(struct super_block *sb);
extern struct list_head super_blocks;	/* sb_lock */
extern spinlock_t sb_lock;
int sb_set_blocksize(struct super_block *sb, int size);		/* fs/bdev */
int sb_min_blocksize(struct super_block *sb, int size);

/* ------------------------------------------------------------------ fs/inode.c, inode_attr.c, attr.c */

void inode_init_once(struct inode *inode);
int inode_init_always(struct super_block *sb, struct inode *inode);
void address_space_init_once(struct address_space *mapping);
struct inode *new_inode(struct super_block *sb);
struct inode *new_inode_pseudo(struct super_block *sb);
void free_inode_nonrcu(struct inode *inode);
void __destroy_inode(struct inode *inode);
void clear_inode(struct inode *inode);
void ihold(struct inode *inode);
void iput(struct inode *inode);
struct inode *igrab(struct inode *inode);
struct inode *ilookup(struct super_block *sb, unsigned long ino);
struct inode *ilookup5(struct super_block *sb, unsigned long hashval,
		       int (*test)(struct inode *, void *), void *data);
struct inode *iget_locked(struct super_block *sb, unsigned long ino);
struct inode *iget5_locked(struct super_block *sb, unsigned long hashval,
			   int (*test)(struct inode *, void *),
			   int (*set)(struct inode *, void *), void *data);
int insert_inode_locked(struct inode *inode);
void __insert_inode_hash(struct inode *inode, unsigned long hashval);
void __remove_inode_hash(struct inode *inode);
void unlock_new_inode(struct inode *inode);
void discard_new_inode(struct inode *inode);
void iget_failed(struct inode *inode);
void evict_inodes(struct super_block *sb);
int invalidate_inodes(struct super_block *sb, bool kill_dirty);
void inode_sb_list_add(struct inode *inode);
void inode_add_lru(struct inode *inode);
unsigned int get_next_ino(void);
int generic_delete_inode(struct inode *inode);
void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev);
void inode_init_owner(struct user_namespace *mnt_userns, struct inode *inode,
		      const struct inode *dir, umode_t mode);
bool inode_owner_or_capable(struct user_namespace *mnt_userns, const struct inode *inode);

void set_nlink(struct inode *inode, unsigned int nlink);
void inc_nlink(struct inode *inode);
void drop_nlink(struct inode *inode);
void clear_nlink(struct inode *inode);

void inode_add_bytes(struct inode *inode, loff_t bytes);
void inode_sub_bytes(struct inode *inode, loff_t bytes);
loff_t inode_get_bytes(struct inode *inode);
void inode_set_bytes(struct inode *inode, loff_t bytes);

struct timespec64 current_time(struct inode *inode);
struct timespec64 timestamp_truncate(struct timespec64 t, struct inode *inode);
int generic_update_time(struct inode *inode, struct timespec64 *time, int flags);
int inode_update_time(struct inode *inode, struct timespec64 *time, int flags);
#define S_ATIME		1
#define S_MTIME		2
#define S_CTIME		4
#define S_VERSION	8
bool atime_needs_update(const struct path *path, struct inode *inode);
void touch_atime(const struct path *path);
int file_update_time(struct file *file);
int file_remove_privs(struct file *file);
int file_modified(struct file *file);
int inode_newsize_ok(const struct inode *inode, loff_t offset);
int setattr_prepare(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr);
void setattr_copy(struct user_namespace *mnt_userns, struct inode *inode,
		  const struct iattr *attr);
int notify_change(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr);
int setattr_should_drop_suidgid(struct inode *inode);

static inline void insert_inode_hash(struct inode *inode)
{
	__insert_inode_hash(inode, inode->i_ino);
}

static inline int inode_unhashed(struct inode *inode)
{
	return hlist_unhashed(&inode->i_hash);
}

static inline void remove_inode_hash(struct inode *inode)
{
	if (!inode_unhashed(inode))
		__remove_inode_hash(inode);
}

static inline int generic_drop_inode(struct inode *inode)
{
	return !inode->i_nlink || inode_unhashed(inode);
}

static inline void inode_inc_link_count(struct inode *inode);
static inline void inode_dec_link_count(struct inode *inode);

/* A filesystem with inodes of its own calls this in ->alloc_inode(), on its cache. */
#define alloc_inode_sb(sb, cache, gfp)	((void)(sb), kmem_cache_alloc(cache, gfp))

static inline void file_accessed(struct file *file)
{
	if (!(file->f_flags & O_NOATIME))
		touch_atime(&file->f_path);
}

/* ------------------------------------------------------------------ write-back: fs/fs-writeback.c, fs/sync.c */

void __mark_inode_dirty(struct inode *inode, int flags);
int write_inode_now(struct inode *inode, int sync);
int sync_inode_metadata(struct inode *inode, int wait);
void inode_wait_for_writeback(struct inode *inode);
void inode_io_list_del(struct inode *inode);
void sync_inodes_sb(struct super_block *sb);
int sync_filesystem(struct super_block *sb);
int vfs_fsync_range(struct file *file, loff_t start, loff_t end, int datasync);
int vfs_fsync(struct file *file, int datasync);

static inline void mark_inode_dirty(struct inode *inode)
{
	__mark_inode_dirty(inode, I_DIRTY);
}

static inline void mark_inode_dirty_sync(struct inode *inode)
{
	__mark_inode_dirty(inode, I_DIRTY_SYNC);
}

static inline void inode_inc_link_count(struct inode *inode)
{
	inc_nlink(inode);
	mark_inode_dirty(inode);
}

static inline void inode_dec_link_count(struct inode *inode)
{
	drop_nlink(inode);
	mark_inode_dirty(inode);
}

/** generic_write_sync - what O_SYNC and O_DSYNC owe after @count bytes were written */
static inline ssize_t generic_write_sync(struct kiocb *iocb, ssize_t count)
{
	if (iocb->ki_flags & (IOCB_DSYNC | IOCB_SYNC)) {
		int ret = vfs_fsync_range(iocb->ki_filp, iocb->ki_pos - count, iocb->ki_pos - 1,
					  !(iocb->ki_flags & IOCB_SYNC));
		if (ret)
			return ret;
	}
	return count;
}

/* ------------------------------------------------------------------ page cache users: mm/filemap.c, mm/truncate.c */

ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *to);
ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from);
ssize_t __generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from);
ssize_t generic_perform_write(struct kiocb *iocb, struct iov_iter *from);
ssize_t generic_write_checks(struct kiocb *iocb, struct iov_iter *from);
int generic_write_check_limits(struct file *file, loff_t pos, loff_t *count);
int generic_file_mmap(struct file *file, struct vm_area_struct *vma);
int generic_file_readonly_mmap(struct file *file, struct vm_area_struct *vma);
int generic_file_fsync(struct file *file, loff_t start, loff_t end, int datasync);
int __generic_file_fsync(struct file *file, loff_t start, loff_t end, int datasync);
int filemap_fdatawrite(struct address_space *mapping);
int filemap_flush(struct address_space *mapping);
int filemap_fdatawait(struct address_space *mapping);
int filemap_write_and_wait(struct address_space *mapping);
int filemap_write_and_wait_range(struct address_space *mapping, loff_t start, loff_t end);
int file_check_and_advance_wb_err(struct file *file);
void truncate_inode_pages(struct address_space *mapping, loff_t lstart);
void truncate_inode_pages_final(struct address_space *mapping);
void truncate_pagecache(struct inode *inode, loff_t newsize);
void truncate_setsize(struct inode *inode, loff_t newsize);
void pagecache_isize_extended(struct inode *inode, loff_t from, loff_t to);

/* ------------------------------------------------------------------ fs/namei.c */

/* A path as a program gave it, copied in. Short ones share one allocation with the structure. */
struct filename {
	const char	*name;
	const char __user *uptr;
	int		refcnt;
	char		iname[];
};

struct filename *getname(const char __user *filename);
struct filename *getname_flags(const char __user *filename, int flags, int *empty);
struct filename *getname_uflags(const char __user *filename, int uflags);
struct filename *getname_kernel(const char *filename);
void putname(struct filename *name);

int inode_permission(struct user_namespace *mnt_userns, struct inode *inode, int mask);
int generic_permission(struct user_namespace *mnt_userns, struct inode *inode, int mask);
int path_permission(const struct path *path, int mask);
int file_permission(struct file *file, int mask);

int vfs_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
	       umode_t mode, bool want_excl);
int vfs_mkdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
	      umode_t mode);
int vfs_mknod(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
	      umode_t mode, dev_t dev);
int vfs_symlink(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
		const char *target);
int vfs_link(struct dentry *old_dentry, struct user_namespace *mnt_userns, struct inode *dir,
	     struct dentry *new_dentry, struct inode **delegated_inode);
int vfs_rmdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry);
int vfs_unlink(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
	       struct inode **delegated_inode);

struct renamedata {
	struct user_namespace	*old_mnt_userns, *new_mnt_userns;
	struct inode		*old_dir, *new_dir;
	struct dentry		*old_dentry, *new_dentry;
	struct inode		**delegated_inode;
	unsigned int		flags;		/* RENAME_* */
};
int vfs_rename(struct renamedata *rd);

const char *page_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done);
const char *simple_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done);
int vfs_readlink(struct dentry *dentry, char __user *buffer, int buflen);
int readlink_copy(char __user *buffer, int buflen, const char *link);
int page_symlink(struct inode *inode, const char *symname, int len);
extern const struct inode_operations page_symlink_inode_operations;

static inline void set_delayed_call(struct delayed_call *call, void (*fn)(void *), void *arg)
{
	call->fn = fn;
	call->arg = arg;
}

static inline void do_delayed_call(struct delayed_call *call)
{
	if (call->fn)
		call->fn(call->arg);
}

/* ------------------------------------------------------------------ fs/open.c, file_table.c, exec's openers */

struct open_flags {
	int	open_flag;	/* O_* */
	umode_t	mode;		/* of a file that is created, with its type */
	int	acc_mode;	/* MAY_* to check */
	int	intent;		/* LOOKUP_* for the last component */
	int	lookup_flags;
};

struct file *do_filp_open(int dfd, struct filename *pathname, const struct open_flags *op);
struct file *filp_open(const char *filename, int flags, umode_t mode);
struct file *file_open_name(struct filename *name, int flags, umode_t mode);
struct file *file_open_root(const struct path *root, const char *filename, int flags,
			    umode_t mode);
struct file *dentry_open(const struct path *path, int flags, const struct cred *cred);
struct file *open_exec(const char *name);			/* fs/exec.c */
int filp_close(struct file *file, void *id);
int vfs_open(const struct path *path, struct file *file);
int finish_open(struct file *file, struct dentry *dentry,
		int (*open)(struct inode *, struct file *));

/* The end of a ->tmpfile(), with what it came to. */
static inline int finish_open_simple(struct file *file, int error)
{
	return error ? error : finish_open(file, file->f_path.dentry, NULL);
}
int do_truncate(struct user_namespace *mnt_userns, struct dentry *dentry, loff_t length,
		unsigned int time_attrs, struct file *filp);
int vfs_truncate(const struct path *path, loff_t length);
int vfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len);
int nonseekable_open(struct inode *inode, struct file *filp);
int stream_open(struct inode *inode, struct file *filp);
int generic_file_open(struct inode *inode, struct file *filp);
long do_sys_open(int dfd, const char __user *filename, int flags, umode_t mode);
void files_init(void);
void files_maxfiles_init(void);
unsigned long get_nr_files(void);

/* ------------------------------------------------------------------ fs/read_write.c */

ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos);
ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos);
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos);
ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos);
ssize_t vfs_iter_read(struct file *file, struct iov_iter *iter, loff_t *ppos, int flags);
ssize_t vfs_iter_write(struct file *file, struct iov_iter *iter, loff_t *ppos, int flags);
int rw_verify_area(int read_write, struct file *file, const loff_t *ppos, size_t count);
#define READ	0
#define WRITE	1
loff_t vfs_llseek(struct file *file, loff_t offset, int whence);
loff_t vfs_setpos(struct file *file, loff_t offset, loff_t maxsize);
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);
loff_t generic_file_llseek_size(struct file *file, loff_t offset, int whence, loff_t maxsize,
				loff_t eof);
loff_t default_llseek(struct file *file, loff_t offset, int whence);
loff_t noop_llseek(struct file *file, loff_t offset, int whence);
loff_t no_llseek(struct file *file, loff_t offset, int whence);
loff_t fixed_size_llseek(struct file *file, loff_t offset, int whence, loff_t size);

/* The most that one read or write moves, as in Linux: page-aligned and positive as an int. */
#define MAX_RW_COUNT	(INT_MAX & ~0xfff)

/* fs/splice.c */
ssize_t generic_file_splice_read(struct file *in, loff_t *ppos, struct pipe_inode_info *pipe, size_t len,
				 unsigned int flags);

void file_ra_state_init(struct file_ra_state *ra, struct address_space *mapping); /* mm/readahead.c */

/* ------------------------------------------------------------------ fs/stat.c, readdir.c, statfs.c, ioctl.c */

void generic_fillattr(struct user_namespace *mnt_userns, struct inode *inode, struct kstat *stat);
int vfs_getattr(const struct path *path, struct kstat *stat, u32 request_mask,
		unsigned int query_flags);
int vfs_getattr_nosec(const struct path *path, struct kstat *stat, u32 request_mask,
		      unsigned int query_flags);
int vfs_fstat(int fd, struct kstat *stat);
int vfs_fstatat(int dfd, const char __user *filename, struct kstat *stat, int flags);
int iterate_dir(struct file *file, struct dir_context *ctx);
long vfs_ioctl(struct file *filp, unsigned int cmd, unsigned long arg);
int vfs_utimes(const struct path *path, struct timespec64 *times);

/* ------------------------------------------------------------------ fs/char_dev.c */

#define CHRDEV_MAJOR_MAX	512
int alloc_chrdev_region(dev_t *dev, unsigned int baseminor, unsigned int count, const char *name);
int register_chrdev_region(dev_t from, unsigned int count, const char *name);
void unregister_chrdev_region(dev_t from, unsigned int count);
int __register_chrdev(unsigned int major, unsigned int baseminor, unsigned int count,
		      const char *name, const struct file_operations *fops);
void __unregister_chrdev(unsigned int major, unsigned int baseminor, unsigned int count,
			 const char *name);
int chrdev_show(struct seq_file *m);
extern const struct file_operations def_chr_fops;
extern const struct file_operations def_blk_fops;	/* block/fops.c */

static inline int register_chrdev(unsigned int major, const char *name,
				  const struct file_operations *fops)
{
	return __register_chrdev(major, 0, 256, name, fops);
}

static inline void unregister_chrdev(unsigned int major, const char *name)
{
	__unregister_chrdev(major, 0, 256, name);
}

/* A new operations table for an open file: a driver of drivers hands the file on. */
#define fops_get(fops)			((fops) && try_module_get((fops)->owner) ? (fops) : NULL)
#define fops_put(fops)			do { if (fops) module_put((fops)->owner); } while (0)
#define replace_fops(f, fops)						\
do {									\
	fops_put((f)->f_op);						\
	(f)->f_op = (fops);						\
} while (0)

/* ------------------------------------------------------------------ fs/libfs.c */

struct tree_descr {
	const char			*name;
	const struct file_operations	*ops;
	int				mode;
};

int simple_statfs(struct dentry *dentry, struct kstatfs *buf);
int simple_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr);
int simple_getattr(struct user_namespace *mnt_userns, const struct path *path,
		   struct kstat *stat, u32 request_mask, unsigned int query_flags);
struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags);
int simple_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry);
int simple_unlink(struct inode *dir, struct dentry *dentry);
int simple_rmdir(struct inode *dir, struct dentry *dentry);
int simple_empty(struct dentry *dentry);
int simple_rename(struct user_namespace *mnt_userns, struct inode *old_dir,
		  struct dentry *old_dentry, struct inode *new_dir, struct dentry *new_dentry,
		  unsigned int flags);
int simple_rename_exchange(struct inode *old_dir, struct dentry *old_dentry,
			   struct inode *new_dir, struct dentry *new_dentry);
int simple_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned len,
		       struct page **pagep, void **fsdata);
int simple_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned len,
		     unsigned copied, struct page *page, void *fsdata);
int simple_read_folio(struct file *file, struct folio *folio);
int simple_fill_super(struct super_block *s, unsigned long magic, const struct tree_descr *files);
int simple_pin_fs(struct file_system_type *type, struct vfsmount **mount, int *count);
void simple_release_fs(struct vfsmount **mount, int *count);
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos, const void *from,
				size_t available);
ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void __user *from,
			       size_t count);
int simple_open(struct inode *inode, struct file *file);
int always_delete_dentry(const struct dentry *dentry);
struct inode *alloc_anon_inode(struct super_block *sb);
int noop_fsync(struct file *file, loff_t start, loff_t end, int datasync);
bool noop_dirty_folio(struct address_space *mapping, struct folio *folio);
void kfree_link(void *p);
int dcache_dir_open(struct inode *inode, struct file *file);
int dcache_dir_close(struct inode *inode, struct file *file);
loff_t dcache_dir_lseek(struct file *file, loff_t offset, int whence);
int dcache_readdir(struct file *file, struct dir_context *ctx);
ssize_t generic_read_dir(struct file *file, char __user *buf, size_t size, loff_t *ppos);
extern const struct address_space_operations ram_aops;
extern const struct file_operations simple_dir_operations;
extern const struct inode_operations simple_dir_inode_operations;
extern const struct inode_operations simple_symlink_inode_operations;
extern const struct dentry_operations simple_dentry_operations;
extern const struct super_operations simple_super_operations;

/* ------------------------------------------------------------------ fs/locks.c */

void locks_free_lock_context(struct inode *inode);
void locks_remove_posix(struct file *file, void *owner);
void locks_remove_file(struct file *file);
int fcntl_getlk(struct file *file, unsigned int cmd, struct flock *flock);
int fcntl_setlk(unsigned int fd, struct file *file, unsigned int cmd, struct flock *flock);

/* ------------------------------------------------------------------ start-up */

void vfs_caches_init(void);
void bdev_cache_init(void);		/* block/bdev.c */

/* fs/namespace.c: may nothing be executed from there? */
bool path_noexec(const struct path *path);

#endif /* _LINUX_FS_H */
