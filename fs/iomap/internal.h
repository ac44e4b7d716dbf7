/* SPDX-License-Identifier: MIT */
/*
 * What reading, writing and write-back of a page share: the state of its blocks, where there are several.
 *
 * It hangs at folio->private, from the first time that blocks of the page are treated apart until the page
 * leaves the file or reclaim wants it (iomap_release_folio()): neither happens to a page that is dirty,
 * or being read or written. A page of one block has none: PG_uptodate says it all.
 */
#ifndef _IOMAP_INTERNAL_H
#define _IOMAP_INTERNAL_H

#include <linux/iomap.h>
#include <linux/pagemap.h>
#include <linux/spinlock.h>

struct iomap_page {
	atomic_t	read_bytes_pending;	/* 0: the page's read has ended */
	atomic_t	write_bytes_pending;	/* the same of its write-back */
	spinlock_t	uptodate_lock;		/* taken in interrupts; guards */
	unsigned long	uptodate;		/* a bit a block; set, never cleared */
};

static inline struct iomap_page *to_iomap_page(struct folio *folio)
{
	return folio_test_private(folio) ? folio_get_private(folio) : NULL;
}

struct iomap_page *__iomap_page_create(struct folio *folio);

/** iomap_page_create - a page's state, made if need be; NULL for a page of one block. Locked */
static inline struct iomap_page *iomap_page_create(struct inode *inode, struct folio *folio)
{
	struct iomap_page *iop = to_iomap_page(folio);

	return iop || i_blocksize(inode) == PAGE_SIZE ? iop : __iomap_page_create(folio);
}

#endif
