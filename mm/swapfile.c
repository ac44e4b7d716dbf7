// SPDX-License-Identifier: MIT
/*
 * Swap areas: their slots, and swapon(2).
 *
 * An area is a block device or a file, in pages; the first one is the header that mkswap writes. Of each
 * other page, a slot, swap_map says how many PTEs have its entry, and whether a page in memory has
 * it (SWAP_HAS_CACHE). A slot whose word is 0 is free.
 *
 *	swapped out by reclaim	folio_alloc_swap()	0 -> CACHE
 *	a PTE becomes an entry	swap_duplicate()	  -> CACHE + 1		fork: + 1
 *	the page is gone	put_swap_folio()	  -> 1
 *	somebody faults		swapcache_prepare()	  -> CACHE + 1
 *	his PTE has the page	swap_free()		  -> CACHE
 *
 * Callers: the swap cache, reclaim, faults, fork, munmap. swapoff(2) is in mm/swapoff.c.
 *
 * Locking: swap_lock guards the list of areas; each area's lock its map and its flags. Both nest inside
 * page_table_lock. An area's structure is never freed and its map goes only under its lock, so an
 * entry that was read from a PTE some time ago is refused, not followed.
 */
#include <linux/blkdev.h>
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/sysinfo.h>
#include "swap.h"

static DEFINE_SPINLOCK(swap_lock);
struct swap_info_struct *swap_info[MAX_SWAPFILES];	/* NULL until first used, then for good */
static LIST_HEAD(swap_active_head);	/* by priority, the highest first; swap_lock */
static int least_priority = -1;		/* of the next area that asks for none; swapon_mutex */

/* swapon and swapoff, one at a time. */
DEFINE_MUTEX(swapon_mutex);

atomic_long_t nr_swap_pages;		/* free slots */
long total_swap_pages;			/* all slots; swap_lock */

/* ------------------------------------------------------------------ slots */

/* The area of an entry, locked, if the entry can be one of its; else NULL. */
static struct swap_info_struct *swap_info_get(swp_entry_t entry)
{
	struct swap_info_struct *si;

	if (swp_type(entry) >= MAX_SWAPFILES || !swap_info[swp_type(entry)])
		return NULL;
	si = swap_info[swp_type(entry)];
	spin_lock(&si->lock);
	if (likely(swp_offset(entry) && swp_offset(entry) < si->max))
		return si;
	spin_unlock(&si->lock);
	return NULL;
}

/*
 * A free slot, 0 if there is none. Those that are given out one after the other lie one after the
 * other, so that they are written and read together. si->lock is held.
 */
static unsigned long scan_swap_map(struct swap_info_struct *si)
{
	unsigned long i, offset = si->cluster_next;

	if (si->inuse_pages == si->pages)
		return 0;
	for (i = 1; i < si->max; i++, offset++) {
		if (offset >= si->max)
			offset = 1;
		if (!si->swap_map[offset]) {
			si->cluster_next = offset + 1;
			return offset;
		}
	}
	return 0;
}

/** folio_alloc_swap - a slot for a page, marked SWAP_HAS_CACHE; an entry of 0 when all are taken */
swp_entry_t folio_alloc_swap(void)
{
	struct swap_info_struct *si;
	swp_entry_t entry = { 0 };

	if (atomic_long_read(&nr_swap_pages) <= 0)
		return entry;
	spin_lock(&swap_lock);
	list_for_each_entry(si, &swap_active_head, list) {
		unsigned long offset;

		spin_lock(&si->lock);
		offset = si->flags & SWP_WRITEOK ? scan_swap_map(si) : 0;
		if (offset) {
			si->swap_map[offset] = SWAP_HAS_CACHE;
			si->inuse_pages++;
			atomic_long_dec(&nr_swap_pages);
			entry = swp_entry(si->type, offset);
		}
		spin_unlock(&si->lock);
		if (offset)
			break;
	}
	spin_unlock(&swap_lock);
	return entry;
}

/* What is left of a slot's word after `what` was taken from it. */
static void swap_entry_put(swp_entry_t entry, unsigned int what)
{
	struct swap_info_struct *si = swap_info_get(entry);
	unsigned int *map;

	if (WARN_ON_ONCE(!si))
		return;
	map = &si->swap_map[swp_offset(entry)];
	if (what == SWAP_HAS_CACHE ? *map & SWAP_HAS_CACHE : *map & ~SWAP_HAS_CACHE)
		*map -= what;
	else
		WARN_ON_ONCE(1);
	if (!*map) {
		si->inuse_pages--;
		if (si->flags & SWP_WRITEOK)
			atomic_long_inc(&nr_swap_pages);
	}
	spin_unlock(&si->lock);
}

/** put_swap_folio - the page that had the slot has left the swap cache */
void put_swap_folio(swp_entry_t entry)
{
	swap_entry_put(entry, SWAP_HAS_CACHE);
}

/** swap_free - one PTE less has the entry */
void swap_free(swp_entry_t entry)
{
	swap_entry_put(entry, 1);
}

/* Adds to a slot that is in use: -ENOENT when it is not, -EEXIST when it has a page already. */
static int __swap_duplicate(swp_entry_t entry, unsigned int what)
{
	struct swap_info_struct *si = swap_info_get(entry);
	unsigned int *map;
	int err = 0;

	if (!si)
		return -ENOENT;
	map = &si->swap_map[swp_offset(entry)];
	if (!*map || *map == SWAP_MAP_BAD)
		err = -ENOENT;
	else if (what == SWAP_HAS_CACHE && (*map & SWAP_HAS_CACHE))
		err = -EEXIST;
	else
		*map += what;
	spin_unlock(&si->lock);
	return err;
}

/** swap_duplicate - one PTE more has the entry */
int swap_duplicate(swp_entry_t entry)
{
	return __swap_duplicate(entry, 1);
}

/** swapcache_prepare - the caller is going to read the slot's page: nobody else shall */
int swapcache_prepare(swp_entry_t entry)
{
	return __swap_duplicate(entry, SWAP_HAS_CACHE);
}

/** swap_count - how many PTEs have the entry; 0 also when it is none */
unsigned int swap_count(swp_entry_t entry)
{
	struct swap_info_struct *si = swap_info_get(entry);
	unsigned int count = 0;

	if (si) {
		count = si->swap_map[swp_offset(entry)];
		count = count == SWAP_MAP_BAD ? 0 : count & ~SWAP_HAS_CACHE;
		spin_unlock(&si->lock);
	}
	return count;
}

/**
 * free_swap_and_cache - the PTE that had an entry is gone for good
 *
 * If it was the last one the page in the cache goes, too. page_table_lock may be held. Returns by how many
 * MM_SWAPENTS is less now.
 */
int free_swap_and_cache(swp_entry_t entry)
{
	struct folio *folio;

	if (unlikely(non_swap_entry(entry)))
		return 0;
	swap_free(entry);
	if (swap_count(entry))
		return 1;
	folio = filemap_get_entry(swap_address_space(entry), swp_offset(entry));
	if (!folio)
		return 1;
	if (folio_trylock(folio)) {
		if (folio_test_swapcache(folio) && folio_swap_entry(folio).val == entry.val &&
		    !folio_mapped(folio))
			folio_free_swap(folio);
		folio_unlock(folio);
	}
	folio_put(folio);
	return 1;
}

/* ------------------------------------------------------------------ where a slot is on the disk */

/* The disk blocks of a file need not lie in a row. By page; rb is ordered by start_page. */
struct swap_extent {
	struct rb_node	rb_node;
	pgoff_t		start_page, nr_pages;
	sector_t	start_block;	/* in pages */
};

/** add_swap_extent - pages from @start_page on are blocks from @start_block on; in ascending order */
static int add_swap_extent(struct swap_info_struct *si, unsigned long start_page, sector_t start_block)
{
	struct rb_node *last = rb_last(&si->swap_extent_root);
	struct swap_extent *se = rb_entry_safe(last, struct swap_extent, rb_node);

	if (se && se->start_block + se->nr_pages == start_block) {
		se->nr_pages++;
		return 0;
	}
	se = kmalloc(sizeof(*se), GFP_KERNEL);
	if (!se)
		return -ENOMEM;
	*se = (struct swap_extent){ .start_page = start_page, .nr_pages = 1, .start_block = start_block };
	rb_link_node(&se->rb_node, last, last ? &last->rb_right : &si->swap_extent_root.rb_node);
	rb_insert_color(&se->rb_node, &si->swap_extent_root);
	return 0;
}

static void destroy_swap_extents(struct swap_info_struct *si)
{
	struct rb_node *rb;

	while ((rb = si->swap_extent_root.rb_node)) {
		rb_erase(rb, &si->swap_extent_root);
		kfree(rb_entry(rb, struct swap_extent, rb_node));
	}
}

/* All pages of a file must have blocks that lie together, at a multiple of the page size. */
static int setup_swap_extents(struct swap_info_struct *si, struct inode *inode)
{
	const unsigned int blocks = PAGE_SIZE >> inode->i_blkbits;
	struct address_space *mapping = inode->i_mapping;
	unsigned long page;
	unsigned int i;
	int err;

	if (!mapping->a_ops->bmap)
		return -EINVAL;
	for (page = 0; page < si->max; page++) {
		sector_t first = mapping->a_ops->bmap(mapping, page * blocks);

		if (!first || first % blocks)
			goto holes;
		for (i = 1; i < blocks; i++)
			if (mapping->a_ops->bmap(mapping, page * blocks + i) != first + i)
				goto holes;
		err = add_swap_extent(si, page, first / blocks);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
holes:
	pr_err("swapon: swapfile has holes\n");
	return -EINVAL;
}

struct block_device *swap_folio_bdev(struct folio *folio)
{
	return swap_info[swp_type(folio_swap_entry(folio))]->bdev;
}

/** swap_folio_sector - where on the device a page of the swap cache is */
sector_t swap_folio_sector(struct folio *folio)
{
	const swp_entry_t entry = folio_swap_entry(folio);
	struct swap_info_struct *si = swap_info[swp_type(entry)];
	struct rb_node *rb = si->swap_extent_root.rb_node;
	const pgoff_t offset = swp_offset(entry);

	while (rb) {
		struct swap_extent *se = rb_entry(rb, struct swap_extent, rb_node);

		if (offset < se->start_page)
			rb = rb->rb_left;
		else if (offset >= se->start_page + se->nr_pages)
			rb = rb->rb_right;
		else
			return (se->start_block + offset - se->start_page) << (PAGE_SHIFT - SECTOR_SHIFT);
	}
	return (sector_t)offset << (PAGE_SHIFT - SECTOR_SHIFT);	/* a device: as it is */
}

/* ------------------------------------------------------------------ swapon(2) */

/* Of mkswap's, in the first page. */
#define SWAP_MAGIC		"SWAPSPACE2"
#define SWAP_MAGIC_AT		(PAGE_SIZE - 10)
#define SWAP_INFO_AT		1024

struct swap_header_info {
	u32	version, last_page, nr_badpages;
	u8	uuid[16], volume[16];
	u32	padding[117];
	u32	badpages[];
};

#define MAX_BADPAGES	((SWAP_MAGIC_AT - SWAP_INFO_AT - sizeof(struct swap_header_info)) / sizeof(u32))

/*
 * The area's size and its bad pages, by its header. `pages`: how large the file is.
 *
 * The header lies in the page cache, where others may be writing to it: each number is read once. Size
 * and map are shown together: a late look at an entry of the area that had this number before must
 * not find the one without the other.
 */
static int read_swap_header(struct swap_info_struct *si, const void *page, unsigned long pages)
{
	const struct swap_header_info *info = page + SWAP_INFO_AT;
	const u32 last_page = READ_ONCE(info->last_page), nr_bad = READ_ONCE(info->nr_badpages);
	unsigned int *map;
	unsigned long i;

	if (memcmp(page + SWAP_MAGIC_AT, SWAP_MAGIC, 10)) {
		pr_err("swapon: no swap signature; has mkswap been run on it?\n");
		return -EINVAL;
	}
	if (info->version != 1 || !last_page || nr_bad > MAX_BADPAGES || last_page >= pages) {
		pr_err("swapon: version %u, last page %u of %lu: not a swap area of this kind\n",
		       info->version, last_page, pages);
		return -EINVAL;
	}
	map = kvcalloc(last_page + 1UL, sizeof(*map), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	si->pages = last_page;
	for (i = 0; i < nr_bad; i++) {
		const u32 bad = READ_ONCE(info->badpages[i]);

		if (!bad || bad > last_page) {
			kvfree(map);
			return -EINVAL;
		}
		if (!map[bad])
			si->pages--;
		map[bad] = SWAP_MAP_BAD;
	}
	spin_lock(&si->lock);
	si->swap_map = map;
	si->max = last_page + 1UL;
	spin_unlock(&si->lock);
	return si->pages ? 0 : -EINVAL;
}

/* The device below the file, claimed or marked so that nobody else writes there. */
static int claim_swapfile(struct swap_info_struct *si, struct inode *inode)
{
	if (S_ISBLK(inode->i_mode)) {
		struct block_device *bdev = blkdev_get_by_dev(inode->i_rdev, SWAP_BDEV_MODE, si);

		if (IS_ERR(bdev))
			return PTR_ERR(bdev);
		if (bdev_read_only(bdev)) {
			blkdev_put(bdev, SWAP_BDEV_MODE);
			return -EACCES;
		}
		si->bdev = bdev;
		si->flags |= SWP_BLKDEV;
		return 0;
	}
	if (!S_ISREG(inode->i_mode) || !inode->i_sb->s_bdev)
		return -EINVAL;
	si->bdev = inode->i_sb->s_bdev;
	inode_lock(inode);
	if (IS_SWAPFILE(inode)) {
		inode_unlock(inode);
		return -EBUSY;
	}
	inode->i_flags |= S_SWAPFILE;
	inode_unlock(inode);
	si->flags |= SWP_FS_OPS;
	return 0;
}

static void release_swapfile(struct swap_info_struct *si)
{
	struct inode *inode = file_inode(si->swap_file);

	if (si->flags & SWP_BLKDEV)
		blkdev_put(si->bdev, SWAP_BDEV_MODE);
	if (si->flags & SWP_FS_OPS) {
		inode_lock(inode);
		inode->i_flags &= ~S_SWAPFILE;
		inode_unlock(inode);
	}
}

/* Everything but making it known; on an error the caller undoes what is set. */
static int setup_swap(struct swap_info_struct *si)
{
	struct address_space *mapping = si->swap_file->f_mapping;
	struct inode *inode = file_inode(si->swap_file);
	struct page *page;
	int err;

	err = claim_swapfile(si, inode);
	if (err)
		return err;
	/* What is in the page cache must be on the disk, for swap goes past it. */
	err = filemap_write_and_wait(mapping);
	if (err)
		return err;
	page = read_mapping_page(mapping, 0, si->swap_file);
	if (IS_ERR(page))
		return PTR_ERR(page);
	err = read_swap_header(si, page_address(page), i_size_read(mapping->host) >> PAGE_SHIFT);
	put_page(page);
	if (!err && !(si->flags & SWP_BLKDEV))
		err = setup_swap_extents(si, inode);
	return err;
}

/* From now on slots are given out. */
void enable_swap_info(struct swap_info_struct *si)
{
	struct list_head *at;

	spin_lock(&swap_lock);
	spin_lock(&si->lock);
	si->flags |= SWP_WRITEOK;
	atomic_long_add(si->pages - si->inuse_pages, &nr_swap_pages);
	total_swap_pages += si->pages;
	list_for_each(at, &swap_active_head)
		if (list_entry(at, struct swap_info_struct, list)->prio < si->prio)
			break;
	list_add_tail(&si->list, at);
	spin_unlock(&si->lock);
	spin_unlock(&swap_lock);
}

/* No more slots from now on. swapon_mutex is held, and the area is active. */
void disable_swap_info(struct swap_info_struct *si)
{
	spin_lock(&swap_lock);
	spin_lock(&si->lock);
	si->flags &= ~SWP_WRITEOK;
	list_del(&si->list);
	atomic_long_sub(si->pages - si->inuse_pages, &nr_swap_pages);
	total_swap_pages -= si->pages;
	spin_unlock(&si->lock);
	spin_unlock(&swap_lock);
}

/* The structure is free again. swapon_mutex is held, and no slot is in use. */
void free_swap_info(struct swap_info_struct *si)
{
	unsigned int *map;

	spin_lock(&si->lock);
	map = si->swap_map;
	si->swap_map = NULL;
	si->max = 0;
	spin_unlock(&si->lock);
	kvfree(map);
	destroy_swap_extents(si);
	release_swapfile(si);
	filp_close(si->swap_file, NULL);
	si->swap_file = NULL;
	si->bdev = NULL;
	si->flags = 0;
}

static struct swap_info_struct *alloc_swap_info(void)
{
	struct swap_info_struct *si;
	unsigned int type = 0;

	while (type < MAX_SWAPFILES && swap_info[type] && (swap_info[type]->flags & SWP_USED))
		type++;
	if (type == MAX_SWAPFILES)
		return ERR_PTR(-EPERM);
	si = swap_info[type];
	if (!si) {
		si = kzalloc(sizeof(*si), GFP_KERNEL);
		if (!si)
			return ERR_PTR(-ENOMEM);
		spin_lock_init(&si->lock);
		si->type = type;
		si->swap_extent_root = RB_ROOT;
		init_swap_address_space(&si->space);
		smp_store_release(&swap_info[type], si);
	}
	si->flags = SWP_USED;
	si->cluster_next = 1;
	return si;
}

/* What swapon(2) and swapoff(2) are called with, open; an ERR_PTR for who may not, or if it is not there. */
struct file *open_swap_file(const char __user *specialfile)
{
	struct filename *name;
	struct file *file;

	if (!capable(CAP_SYS_ADMIN))
		return ERR_PTR(-EPERM);
	name = getname(specialfile);
	if (IS_ERR(name))
		return ERR_CAST(name);
	file = file_open_name(name, O_RDWR | O_LARGEFILE, 0);
	putname(name);
	return file;
}

SYSCALL_DEFINE2(swapon, const char __user *, specialfile, int, swap_flags)
{
	struct swap_info_struct *si;
	struct file *file;
	int err;

	if (swap_flags & ~SWAP_FLAGS_VALID)
		return -EINVAL;
	file = open_swap_file(specialfile);
	if (IS_ERR(file))
		return PTR_ERR(file);

	mutex_lock(&swapon_mutex);
	si = alloc_swap_info();
	if (IS_ERR(si)) {
		err = PTR_ERR(si);
		filp_close(file, NULL);
		goto out;
	}
	si->swap_file = file;
	err = setup_swap(si);
	if (err) {
		free_swap_info(si);
		goto out;
	}
	si->prio = swap_flags & SWAP_FLAG_PREFER ? swap_flags & SWAP_FLAG_PRIO_MASK : --least_priority;
	enable_swap_info(si);
	pr_info("Adding %luk swap on %s. Priority:%d\n", si->pages << (PAGE_SHIFT - 10),
		file->f_path.dentry->d_name.name, si->prio);
out:
	mutex_unlock(&swapon_mutex);
	return err;
}

/* ------------------------------------------------------------------ figures */

void si_swapinfo(struct sysinfo *val)
{
	const long free = atomic_long_read(&nr_swap_pages);

	val->totalswap = READ_ONCE(total_swap_pages);
	val->freeswap = free > 0 ? free : 0;
}

/** swaps_show - the text of /proc/swaps */
int swaps_show(struct seq_file *m, void *arg)
{
	seq_puts(m, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	mutex_lock(&swapon_mutex);
	for (int type = 0; type < MAX_SWAPFILES; type++) {
		struct swap_info_struct *si = swap_info[type];
		size_t at = m->count;

		if (!si || !(si->flags & SWP_USED))
			continue;
		seq_path(m, &si->swap_file->f_path, " \t\n\\");
		seq_printf(m, "%*s", (int)max(1L, 40 - (long)(m->count - at)), " ");
		seq_printf(m, "%s\t%lu\t\t%lu\t\t%d\n", si->flags & SWP_BLKDEV ? "partition" : "file\t",
			   si->pages << (PAGE_SHIFT - 10), si->inuse_pages << (PAGE_SHIFT - 10), si->prio);
	}
	mutex_unlock(&swapon_mutex);
	return 0;
}
