// SPDX-License-Identifier: MIT
/*
 * The swap cache: pages that have a slot in a swap area and are in memory, too.
 *
 * Callers: reclaim puts pages in that are to be written out, faults and swapoff those that are read.
 *
 * A page is in the cache from before its PTEs become swap entries until it is gone or has no slot any
 * more. So two that fault on the same entry - after a fork - find one page, and a page that was only read
 * since it came back need not be written again. Each area has an address_space; the page's place
 * in it is folio->private, the entry, since folio->mapping and index are those of its anon_vma.
 *
 * Locking: a page enters and leaves the cache locked, under the xarray's lock. swap_map (mm/swapfile.c)
 * says SWAP_HAS_CACHE from before it enters until after it has left: two that read the same slot
 * meet there.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/xarray.h>
#include "swap.h"

/* For remove_mapping(): nothing of a file's is done with these pages. */
static const struct address_space_operations swap_aops = { .dirty_folio = noop_dirty_folio };

struct address_space *swap_address_space(swp_entry_t entry)
{
	return &swap_info[swp_type(entry)]->space;
}

void init_swap_address_space(struct address_space *mapping)
{
	xa_init_flags(&mapping->i_pages, XA_FLAGS_LOCK_IRQ);
	mapping->a_ops = &swap_aops;
}

/* ------------------------------------------------------------------ entering and leaving */

/**
 * add_to_swap_cache - a locked page gets the slot that its caller has marked SWAP_HAS_CACHE
 *
 * Returns 0 or -ENOMEM.
 */
int add_to_swap_cache(struct folio *folio, swp_entry_t entry, gfp_t gfp)
{
	struct address_space *mapping = swap_address_space(entry);
	int err;

	BUG_ON(!folio_test_locked(folio) || folio_test_swapcache(folio));
	folio_get(folio);
	folio->private = (void *)entry.val;
	folio_set_swapcache(folio);
	xa_lock_irq(&mapping->i_pages);
	err = __xa_insert(&mapping->i_pages, swp_offset(entry), folio, gfp & ~__GFP_ZERO);
	if (!err)
		mapping->nrpages++;
	xa_unlock_irq(&mapping->i_pages);
	if (err) {
		folio_clear_swapcache(folio);
		folio->private = NULL;
		folio_put(folio);
		return -ENOMEM;
	}
	mod_node_page_state(NULL, NR_SWAPCACHE, 1);
	return 0;
}

/* The xarray's lock is held; the cache's reference and the slot are left to the caller. */
void __delete_from_swap_cache(struct folio *folio, swp_entry_t entry)
{
	struct address_space *mapping = swap_address_space(entry);

	BUG_ON(!folio_test_locked(folio) || folio_test_writeback(folio));
	__xa_erase(&mapping->i_pages, swp_offset(entry));
	mapping->nrpages--;
	folio->private = NULL;
	folio_clear_swapcache(folio);
	/* PG_dirty of an anonymous page says "newer than its slot". */
	folio_clear_dirty(folio);
	mod_node_page_state(NULL, NR_SWAPCACHE, -1);
}

/** delete_from_swap_cache - a page loses its slot; it is locked, and not being written */
void delete_from_swap_cache(struct folio *folio)
{
	swp_entry_t entry = folio_swap_entry(folio);
	struct address_space *mapping = swap_address_space(entry);

	xa_lock_irq(&mapping->i_pages);
	__delete_from_swap_cache(folio, entry);
	xa_unlock_irq(&mapping->i_pages);
	put_swap_folio(entry);
	folio_put(folio);
}

/**
 * add_to_swap - gives an anonymous page a slot; it is locked
 *
 * False when there is none free, or no memory.
 */
bool add_to_swap(struct folio *folio)
{
	swp_entry_t entry = folio_alloc_swap();

	if (!entry.val)
		return false;
	if (add_to_swap_cache(folio, entry, GFP_NOIO | __GFP_NOWARN)) {
		put_swap_folio(entry);
		return false;
	}
	/* The slot holds nothing yet. */
	folio_set_dirty(folio);
	return true;
}

/**
 * folio_free_swap - takes a page out of the cache if no PTE has its entry
 *
 * It is locked. True: it has no slot any more, and is as new.
 */
bool folio_free_swap(struct folio *folio)
{
	if (!folio_test_swapcache(folio) || folio_test_writeback(folio) ||
	    swap_count(folio_swap_entry(folio)))
		return false;
	delete_from_swap_cache(folio);
	return true;
}

/* A page that lost a PTE: if nothing else keeps it, let its slot go, and so the page. */
void free_swap_cache(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (folio_test_swapcache(folio) && !folio_mapped(folio) && folio_trylock(folio)) {
		folio_free_swap(folio);
		folio_unlock(folio);
	}
}

/* ------------------------------------------------------------------ finding and reading */

static atomic_t swapin_readahead_hits = ATOMIC_INIT(4);

static struct folio *swap_cache_get_folio(swp_entry_t entry)
{
	return filemap_get_entry(swap_address_space(entry), swp_offset(entry));
}

/** lookup_swap_cache - the page of an entry, with a reference, or NULL */
struct folio *lookup_swap_cache(swp_entry_t entry)
{
	struct folio *folio = swap_cache_get_folio(entry);

	if (folio && folio_test_clear_readahead(folio)) {
		atomic_inc(&swapin_readahead_hits);
		count_vm_event(SWAP_RA_HIT);
	}
	return folio;
}

/**
 * read_swap_cache_async - the page of an entry, being read if it was not there
 * @readahead: nobody has asked for it yet
 *
 * With a reference; locked until it has been read. NULL: no memory, or the slot is free by now.
 */
struct folio *read_swap_cache_async(swp_entry_t entry, gfp_t gfp, bool readahead)
{
	struct folio *folio, *new = NULL;
	int err;

	for (;;) {
		folio = swap_cache_get_folio(entry);
		if (folio)
			break;
		if (!new) {
			rss_make_room(gfp);
			new = folio_alloc(gfp, 0);
		}
		if (!new)
			return NULL;
		err = swapcache_prepare(entry);
		if (!err)
			goto read;
		if (err != -EEXIST)
			break;
		/* Somebody has marked the slot and is about to enter his page, or has just taken it out. */
		schedule_timeout_uninterruptible(1);
	}
	if (new)
		folio_put(new);
	return folio;

read:
	__folio_set_locked(new);
	__folio_set_swapbacked(new);
	if (add_to_swap_cache(new, entry, gfp)) {
		put_swap_folio(entry);
		__folio_clear_locked(new);
		folio_put(new);
		return NULL;
	}
	if (readahead) {
		folio_set_readahead(new);
		count_vm_event(SWAP_RA);
	}
	folio_add_lru(new);
	swap_readpage(new);
	return new;
}

/*
 * How many slots to read at once. Twice as many as were of use lately, up to 8; one alone when none was
 * and the faults do not follow each other.
 */
#define PAGE_CLUSTER	3

static unsigned int swapin_nr_pages(unsigned long offset)
{
	static unsigned long prev_offset;
	static unsigned int last;
	unsigned int pages = atomic_xchg(&swapin_readahead_hits, 0) + 2;

	/* Guesses of several CPUs at once: none needs to be right. */
	if (pages == 2) {
		if (offset != READ_ONCE(prev_offset) + 1 && offset != READ_ONCE(prev_offset) - 1)
			pages = 1;
		WRITE_ONCE(prev_offset, offset);
	} else {
		pages = roundup_pow_of_two(pages);
	}
	pages = clamp(pages, max(READ_ONCE(last) / 2, 1U), 1U << PAGE_CLUSTER);
	WRITE_ONCE(last, pages);
	return pages;
}

/**
 * swapin_readahead - the page of an entry, and its neighbours
 *
 * What was swapped out together lies together, and is often wanted together. As
 * read_swap_cache_async().
 */
struct folio *swapin_readahead(swp_entry_t entry, gfp_t gfp)
{
	/* Who has a limit has no frames for guesses. */
	const unsigned long offset = swp_offset(entry), mask = current_lruvec() ? 0 : swapin_nr_pages(offset) - 1;
	unsigned long i;

	for (i = max(offset & ~mask, 1UL); mask && i <= (offset | mask); i++) {
		struct folio *folio;

		if (i == offset || !swap_count(swp_entry(swp_type(entry), i)))
			continue;
		folio = read_swap_cache_async(swp_entry(swp_type(entry), i), gfp | __GFP_NORETRY | __GFP_NOWARN, true);
		if (!folio)
			break;
		folio_put(folio);
	}
	return read_swap_cache_async(entry, gfp, false);
}
