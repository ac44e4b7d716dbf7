/* SPDX-License-Identifier: MIT */
/* Swap areas, for mm/swapfile.c and mm/swapoff.c. */
#ifndef _MM_SWAP_H
#define _MM_SWAP_H

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/swap.h>

enum {
	SWP_USED	= 1 << 0,	/* not free; swapon_mutex, as the two below */
	SWP_WRITEOK	= 1 << 1,	/* slots are given out; the area's lock */
	SWP_BLKDEV	= 1 << 6,	/* a device, claimed */
	SWP_FS_OPS	= 1 << 12,	/* a file, marked S_SWAPFILE */
};

#define SWAP_BDEV_MODE	(FMODE_READ | FMODE_WRITE | FMODE_EXCL)

/* Of a slot in swap_map: how many PTEs have its entry, and this. */
#define SWAP_HAS_CACHE	0x80000000u
#define SWAP_MAP_BAD	0x7fffffffu	/* not to be used, says the header */

struct swap_info_struct {
	unsigned int		type;		/* which one of swap_info it is */
	struct address_space	space;		/* the swap cache: pages by offset */
	int			prio;
	struct list_head	list;		/* swap_lock */
	struct block_device	*bdev;
	struct file		*swap_file;
	struct rb_root		swap_extent_root;	/* none for a device */
	unsigned long		pages;		/* good slots */

	/* lock guards these, and flags */
	spinlock_t		lock;
	unsigned long		flags;
	unsigned long		max;		/* slots, with the header's; 0 when off */
	unsigned int		*swap_map;
	unsigned long		cluster_next;	/* where to look for a free one */
	unsigned long		inuse_pages;
};

extern struct swap_info_struct *swap_info[MAX_SWAPFILES];
extern struct mutex swapon_mutex;

void enable_swap_info(struct swap_info_struct *si);
void disable_swap_info(struct swap_info_struct *si);
void free_swap_info(struct swap_info_struct *si);
struct file *open_swap_file(const char __user *specialfile);

#endif
