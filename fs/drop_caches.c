// SPDX-License-Identifier: MIT
/*
 * Forgetting what can be had again: clean pages of files, unused dentries and inodes. For whoever
 * measures memory or wants to read the disk; the work of /proc/sys/vm/drop_caches.
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/swap.h>

static void drop_pagecache_sb(struct super_block *sb, void *arg)
{
	struct inode *inode, *old = NULL;

	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list) {
		if (!inode->i_data.nrpages || (READ_ONCE(inode->i_state) & I_NEW) || !igrab(inode))
			continue;
		spin_unlock(&sb->s_inode_list_lock);
		iput(old);
		old = inode;
		if (!mapping_unevictable(inode->i_mapping))
			invalidate_mapping_pages(inode->i_mapping, 0, -1);
		cond_resched();
		spin_lock(&sb->s_inode_list_lock);
	}
	spin_unlock(&sb->s_inode_list_lock);
	iput(old);
}

/** drop_pagecache - drops all clean pages of files that nobody uses */
void drop_pagecache(void)
{
	lru_add_drain_all();	/* a page in a batch looks as if it were in use */
	iterate_supers(drop_pagecache_sb, NULL);
}

/** drop_slab - frees unused objects of other caches until little is left to free, and then the slabs */
void drop_slab(void)
{
	int round = 0;

	while (shrink_slab(GFP_KERNEL, 0, 0) > 10 && round++ < 16)
		cond_resched();
	kmem_cache_reap();
}
