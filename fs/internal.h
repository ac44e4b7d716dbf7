/* SPDX-License-Identifier: MIT */
/* What the files of fs/ share among themselves. */
#ifndef _FS_INTERNAL_H
#define _FS_INTERNAL_H

#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/rwsem.h>

/*
 * Held for reading while reclaim frees dentries and inodes that it does not own a reference on, for writing while a
 * super block goes away: so no super block goes under reclaim. Reclaim only tries it.
 */
extern struct rw_semaphore vfs_shrink_rwsem;

/* dcache.c, for dcache_prune.c */
extern spinlock_t dcache_lru_lock;	/* guards the next two, d_lru and DCACHE_LRU_LIST */
extern struct list_head dcache_lru;	/* longest unused first */
extern unsigned long nr_dentry_unused;
void __d_lru_del(struct dentry *dentry);
struct dentry *dentry_kill(struct dentry *dentry);
struct dentry *__d_lookup(const struct dentry *parent, const struct qstr *name);
void d_kill_unused(struct dentry *dentry);

/* buffer_lru.c */
struct buffer_head *lookup_bh_lru(struct block_device *bdev, sector_t block, unsigned int size);
void bh_lru_install(struct buffer_head *bh);

/* inode.c */
void inode_init(void);
int inode_shrinker_init(void);
void inode_lru_del(struct inode *inode);
void evict(struct inode *inode);
void wake_up_inode(struct inode *inode);

/* namespace.c */
struct vfsmount *lookup_mnt(const struct path *path);
extern const struct seq_operations mounts_op;
bool is_local_mountpoint(struct dentry *dentry);
int sb_prepare_remount_readonly(struct super_block *sb);
void sb_end_remount_readonly(struct super_block *sb);
int path_umount(struct path *path, int flags);
int pivot_mounts(const struct path *new, const struct path *put_old, const struct path *root);
bool mnt_may_suid(struct vfsmount *mnt);

/* open.c, file.c */
void fdtable_init(void);
int do_dentry_open(struct file *file, struct inode *inode);
int build_open_flags(const struct open_how *how, struct open_flags *op);
struct open_how build_open_how(int flags, umode_t mode);

/* namei.c */
int filename_parentat(int dfd, struct filename *name, unsigned int flags, struct path *parent,
		      struct qstr *last, int *type);
struct dentry *lookup_in_locked_dir(const struct qstr *name, struct dentry *dir,
				    unsigned int flags);
int may_delete(struct inode *dir, struct dentry *victim, bool isdir);
int may_create(struct inode *dir, struct dentry *child);

#endif
