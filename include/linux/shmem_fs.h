/* SPDX-License-Identifier: MIT */
/* Memory that several address spaces share: files that live in the page cache alone (mm/shmem.c). */
#ifndef _LINUX_SHMEM_FS_H
#define _LINUX_SHMEM_FS_H

#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct shmem_inode_info {
	unsigned int	seals;		/* F_SEAL_*; i_rwsem to change and to rely on */
	unsigned long	flags;		/* VM_NORESERVE, of the mapping it was made for; VM_LOCKED: SHM_LOCK */

	/* lock guards it */
	spinlock_t	lock;
	unsigned long	alloced;	/* pages that are charged to the mount */
	unsigned long	swapped;	/* of those, in swap */

	struct list_head swaplist;	/* of files that have had pages in swap; shmem_swaplist_mutex */
	atomic_t	stop_eviction;	/* swapoff looks through it */

	struct inode	vfs_inode;
};

struct shmem_sb_info {
	unsigned long	max_blocks;	/* pages at most; 0: no limit. s_umount to change, as max_inodes */
	atomic_long_t	used_blocks;
	unsigned long	max_inodes;	/* 0: no limit */
	atomic_long_t	used_inodes;
	umode_t		mode;		/* of the root directory; with its owners never changes */
	kuid_t		uid;
	kgid_t		gid;
};

static inline struct shmem_inode_info *SHMEM_I(struct inode *inode)
{
	return container_of(inode, struct shmem_inode_info, vfs_inode);
}

static inline struct shmem_sb_info *SHMEM_SB(struct super_block *sb)
{
	return sb->s_fs_info;
}

enum sgp_type {
	SGP_READ,	/* a hole stays a hole */
	SGP_CACHE,	/* a page is made, within i_size */
	SGP_WRITE,	/* the same, and behind it too */
};

/* mm/shmem.c */
struct file *shmem_file_setup(const char *name, loff_t size, unsigned long flags);
struct file *shmem_kernel_file_setup(const char *name, loff_t size, unsigned long flags);
int shmem_zero_setup(struct vm_area_struct *vma);
bool shmem_mapping(struct address_space *mapping);
int shmem_get_folio(struct inode *inode, pgoff_t index, struct folio **foliop, enum sgp_type sgp);
void shmem_recalc_inode(struct inode *inode);
struct inode *shmem_get_inode(struct super_block *sb, struct inode *dir, umode_t mode, dev_t dev,
			      unsigned long flags);
bool shmem_reserve_inode(struct super_block *sb);
void shmem_free_inode(struct super_block *sb);
void shmem_evict_inode(struct inode *inode);
int shmem_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr);
int shmem_getattr(struct user_namespace *mnt_userns, const struct path *path, struct kstat *stat,
		  u32 request_mask, unsigned int query_flags);
extern struct vfsmount *shm_mnt;

void shmem_lock(struct file *file, bool lock);

/* mm/shmem_swap.c */
bool shmem_writepage(struct folio *folio);
int shmem_swapin_folio(struct inode *inode, pgoff_t index, void *value, struct folio **foliop,
		       vm_fault_t *fault_type);
int shmem_unuse(unsigned int type);
void shmem_leave_swaplist(struct shmem_inode_info *info);
void shmem_undo_range(struct inode *inode, loff_t lstart, loff_t lend);
unsigned long shmem_partial_swap_usage(struct address_space *mapping, pgoff_t start, pgoff_t end);
unsigned long shmem_swap_usage(struct vm_area_struct *vma);

/* mm/shmem_dir.c */
extern const struct inode_operations shmem_dir_inode_operations, shmem_symlink_inode_operations;
extern struct file_system_type shmem_fs_type;
void shmem_init_inodecache(void);

/* mm/memfd.c */
long memfd_fcntl(struct file *file, unsigned int cmd, unsigned long arg);

#endif
