/* SPDX-License-Identifier: MIT */
/*
 * The bits of page->flags, and for each of them PageX(), SetPageX(), ClearPageX(), the same with
 * folio_test_x() and so on, and for some TestSetPageX() and TestClearPageX().
 *
 * SetPageX() is atomic, since other bits of the same word change at any time; __SetPageX() is for a
 * page that nobody else can see yet or any more.
 *
 * Who may change what:
 *   PG_locked      the owner of the page lock, by lock_page() and unlock_page() (mm/filemap.c)
 *   PG_uptodate    set with the page locked; never cleared while the page is in a mapping and good
 *   PG_dirty       with the tag of the mapping: mm/page-writeback.c
 *   PG_writeback   set with the page locked, cleared by whoever ends the write: folio_end_writeback()
 *   PG_lru, PG_active, PG_referenced  mm/vmscan.c under its lru_lock (PG_referenced: anybody)
 *   PG_mlocked     mm/mlock.c, under lru_lock
 *   PG_slab, PG_buddy, PG_head, PG_table  the allocators, with the page theirs alone
 */
#ifndef _LINUX_PAGE_FLAGS_H
#define _LINUX_PAGE_FLAGS_H

#include <linux/types.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/mm_types.h>

enum pageflags {
	PG_locked,		/* somebody works on its contents; a lock that sleeps */
	PG_referenced,		/* used since reclaim last looked */
	PG_uptodate,		/* holds what the file holds */
	PG_dirty,		/* newer than the disk */
	PG_lru,			/* on a list of mm/vmscan.c */
	PG_active,		/* on the active one */
	PG_waiters,		/* somebody may sleep on PG_locked or PG_writeback */
	PG_error,		/* an I/O error happened on it */
	PG_slab,		/* belongs to the slab allocator */
	PG_owner_priv_1,	/* for the owner's use */
	PG_reserved,		/* not RAM for use: the kernel image, memory holes */
	PG_private,		/* page->private means something, such as buffer heads */
	PG_writeback,		/* being written to disk */
	PG_head,		/* first page of a compound page */
	PG_mappedtodisk,	/* all of its blocks have a place on the disk */
	PG_reclaim,		/* shares its bit with PG_readahead */
	PG_swapbacked,		/* anonymous: its backing is swap */
	PG_unevictable,		/* reclaim must leave it alone */
	PG_buddy,		/* first page of a free block of the buddy allocator */
	PG_table,		/* a page table */
	PG_arch_1,		/* the instruction caches know what it holds */
	PG_mlocked,		/* a region with VM_LOCKED maps it */
	__NR_PAGEFLAGS,

	PG_checked = PG_owner_priv_1,
	PG_swapcache = PG_owner_priv_1,	/* of an anonymous page: it has a slot in a swap area */
	PG_readahead = PG_reclaim,	/* on a clean page: reading it starts the next read-ahead */
};

/* The upper half of the word counts the PTEs of regions with VM_LOCKED that map the page: mm/mlock.c. */
#define MLOCK_COUNT_SHIFT	32
static_assert(__NR_PAGEFLAGS <= MLOCK_COUNT_SHIFT);

/* Names in order, for dumps of a page. */
#define PAGEFLAGS_NAMES								\
	"locked", "referenced", "uptodate", "dirty", "lru", "active", "waiters",	\
	"error", "slab", "owner_priv_1", "reserved", "private", "writeback", "head",	\
	"mappedtodisk", "reclaim", "swapbacked", "unevictable", "buddy", "table", "arch_1", \
	"mlocked"

#define __PAGEFLAG_TEST(uname, lname)						\
static __always_inline bool Page##uname(const struct page *page)		\
{										\
	return test_bit(PG_##lname, &page->flags);				\
}										\
static __always_inline bool folio_test_##lname(const struct folio *folio)	\
{										\
	return test_bit(PG_##lname, &folio->flags);				\
}

#define __PAGEFLAG_OP(page_fn, folio_fn, lname, ret, op)			\
static __always_inline ret page_fn(struct page *page)				\
{										\
	return op(PG_##lname, &page->flags);					\
}										\
static __always_inline ret folio_fn(struct folio *folio)			\
{										\
	return op(PG_##lname, &folio->flags);					\
}

#define PAGEFLAG(uname, lname)							\
__PAGEFLAG_TEST(uname, lname)							\
__PAGEFLAG_OP(SetPage##uname, folio_set_##lname, lname, void, set_bit)		\
__PAGEFLAG_OP(ClearPage##uname, folio_clear_##lname, lname, void, clear_bit)	\
__PAGEFLAG_OP(__SetPage##uname, __folio_set_##lname, lname, void, __set_bit)	\
__PAGEFLAG_OP(__ClearPage##uname, __folio_clear_##lname, lname, void, __clear_bit) \
__PAGEFLAG_OP(TestSetPage##uname, folio_test_set_##lname, lname, bool, test_and_set_bit) \
__PAGEFLAG_OP(TestClearPage##uname, folio_test_clear_##lname, lname, bool, test_and_clear_bit)

PAGEFLAG(Locked, locked)
PAGEFLAG(Referenced, referenced)
PAGEFLAG(Dirty, dirty)
PAGEFLAG(LRU, lru)
PAGEFLAG(Active, active)
PAGEFLAG(Waiters, waiters)
PAGEFLAG(Error, error)
PAGEFLAG(Slab, slab)
PAGEFLAG(Checked, checked)
PAGEFLAG(Reserved, reserved)
PAGEFLAG(Private, private)
PAGEFLAG(Writeback, writeback)
PAGEFLAG(Head, head)
PAGEFLAG(MappedToDisk, mappedtodisk)
PAGEFLAG(Reclaim, reclaim)
PAGEFLAG(Readahead, readahead)
PAGEFLAG(SwapBacked, swapbacked)
PAGEFLAG(Unevictable, unevictable)
PAGEFLAG(Mlocked, mlocked)
PAGEFLAG(Buddy, buddy)
PAGEFLAG(Table, table)

/*
 * Up to date is a message from the one who filled the page to those who read it without its lock:
 * the contents are written before the bit is set, and the bit is read before the contents are.
 */
static __always_inline bool folio_test_uptodate(const struct folio *folio)
{
	bool ret = test_bit(PG_uptodate, &folio->flags);

	if (ret)
		smp_rmb();
	return ret;
}

static __always_inline void folio_mark_uptodate(struct folio *folio)
{
	smp_wmb();
	set_bit(PG_uptodate, &folio->flags);
}

/* Of a page that nobody else can see yet. */
static __always_inline void __folio_mark_uptodate(struct folio *folio)
{
	smp_wmb();
	__set_bit(PG_uptodate, &folio->flags);
}

static __always_inline void folio_clear_uptodate(struct folio *folio)
{
	clear_bit(PG_uptodate, &folio->flags);
}

#define PageUptodate(page)	folio_test_uptodate(page_folio(page))
#define SetPageUptodate(page)	folio_mark_uptodate(page_folio(page))
#define __SetPageUptodate(page)	__folio_mark_uptodate(page_folio(page))
#define ClearPageUptodate(page)	folio_clear_uptodate(page_folio(page))

static __always_inline bool folio_test_swapcache(const struct folio *folio)
{
	const unsigned long both = 1UL << PG_swapbacked | 1UL << PG_swapcache;

	return (READ_ONCE(folio->flags) & both) == both;
}

#define folio_set_swapcache(folio)	set_bit(PG_swapcache, &(folio)->flags)
#define folio_clear_swapcache(folio)	clear_bit(PG_swapcache, &(folio)->flags)
#define PageSwapCache(page)		folio_test_swapcache(page_folio(page))

/* A tail of a compound page: the word that is lru.next elsewhere holds the head's address and 1. */
static __always_inline bool PageTail(const struct page *page)
{
	return READ_ONCE(page->compound_head) & 1;
}

static __always_inline bool PageCompound(const struct page *page)
{
	/* Both bits without a branch: it is asked for each page that is unmapped. */
	return (READ_ONCE(page->flags) >> PG_head | READ_ONCE(page->compound_head)) & 1;
}

u64 stable_page_flags(struct page *page);	/* fs/proc/page.c */

/* Bits that no page may have when it goes back to the allocator, or comes from it. */
#define PAGE_FLAGS_CHECK_AT_FREE						\
	(1UL << PG_locked | 1UL << PG_lru | 1UL << PG_slab | 1UL << PG_private |	\
	 1UL << PG_writeback | 1UL << PG_active | 1UL << PG_reserved | 1UL << PG_buddy | \
	 1UL << PG_dirty | 1UL << PG_table | 1UL << PG_mlocked)
/* PG_waiters may be left over: a waker clears it late, at worst on a page that has gone on. */
#define PAGE_FLAGS_CHECK_AT_PREP	(((1UL << __NR_PAGEFLAGS) - 1) & ~(1UL << PG_waiters))

#endif
