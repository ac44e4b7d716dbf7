/* SPDX-License-Identifier: MIT */
/*
 * The page cache (mm/filemap.c): the pages of a file, by their index in it.
 *
 * mapping->i_pages holds them; each entry counts as one reference to its page. A page found there is
 * the file's for as long as it is locked and folio->mapping still says so; who only has a reference
 * must expect that it is truncated away at any moment, and keeps nothing but the bytes.
 *
 * Locks, outermost first; see also <linux/fs.h>:
 *   folio lock            contents, PG_uptodate, folio->mapping, folio->private
 *   mapping->private_lock the ring of buffers of a page, and mapping->private_list
 *   i_pages.xa_lock       entries and their marks; with interrupts off, for a write ends in one
 */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/mm.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/gfp.h>
#include <linux/xarray.h>

#define PAGE_ALIGN_DOWN_POS(pos)	((pos) & ~((loff_t)PAGE_SIZE - 1))

/* ------------------------------------------------------------------ the mapping */

/* Says that write-back failed: to AS_EIO or AS_ENOSPC for whoever waits, and to open files. */
void __filemap_set_wb_err(struct address_space *mapping, int err);
int filemap_check_wb_err(struct address_space *mapping, int since);
int filemap_check_errors(struct address_space *mapping);
int errseq_check_and_advance(int *wb_err, int *since);

static inline int filemap_sample_wb_err(struct address_space *mapping);

static inline void mapping_set_error(struct address_space *mapping, int error)
{
	if (likely(!error))
		return;
	__filemap_set_wb_err(mapping, error);
	set_bit(error == -ENOSPC ? AS_ENOSPC : AS_EIO, &mapping->flags);
}

static inline void mapping_set_unevictable(struct address_space *mapping)
{
	set_bit(AS_UNEVICTABLE, &mapping->flags);
}

static inline bool mapping_unevictable(struct address_space *mapping)
{
	return test_bit(AS_UNEVICTABLE, &mapping->flags);
}

static inline gfp_t mapping_gfp_mask(struct address_space *mapping)
{
	return mapping->gfp_mask;
}

static inline gfp_t mapping_gfp_constraint(struct address_space *mapping, gfp_t gfp_mask)
{
	return mapping_gfp_mask(mapping) & gfp_mask;
}

static inline void mapping_set_gfp_mask(struct address_space *mapping, gfp_t mask)
{
	mapping->gfp_mask = mask;
}

static inline bool mapping_empty(struct address_space *mapping)
{
	return xa_empty(&mapping->i_pages);
}

static inline int mapping_tagged(struct address_space *mapping, xa_mark_t tag)
{
	return xa_marked(&mapping->i_pages, tag);
}

/*
 * wb_err: bits 0-11 the last error, bit 12 "somebody was told of it", above a count of errors, so
 * that two failures with the same errno differ.
 */
#define ERRSEQ_SEEN		(1 << 12)
#define ERRSEQ_CTR_INC		(1 << 13)

/** filemap_sample_wb_err - what a file that is opened now remembers: an untold error is still news */
static inline int filemap_sample_wb_err(struct address_space *mapping)
{
	int old = READ_ONCE(mapping->wb_err);

	return old & ERRSEQ_SEEN ? old : 0;
}

/* ------------------------------------------------------------------ finding and adding pages */

#define FGP_ACCESSED		0x00000001	/* mark it accessed */
#define FGP_LOCK		0x00000002	/* return it locked */
#define FGP_CREAT		0x00000004	/* add a new one if there is none */
#define FGP_WRITE		0x00000008	/* it will be written */
#define FGP_NOFS		0x00000010	/* allocate without entering a filesystem */
#define FGP_NOWAIT		0x00000020	/* do not sleep on the lock */

struct folio *filemap_alloc_folio(gfp_t gfp, unsigned int order);
int filemap_add_folio(struct address_space *mapping, struct folio *folio, pgoff_t index, gfp_t gfp);
int add_to_page_cache_lru(struct page *page, struct address_space *mapping, pgoff_t index,
			  gfp_t gfp);
void filemap_remove_folio(struct folio *folio);
void __filemap_remove_folio(struct folio *folio, void *shadow);
struct folio *filemap_get_entry(struct address_space *mapping, pgoff_t index);
struct folio *__filemap_get_folio(struct address_space *mapping, pgoff_t index, int fgp_flags,
				  gfp_t gfp);
struct page *pagecache_get_page(struct address_space *mapping, pgoff_t index, int fgp_flags,
				gfp_t gfp);
struct page *grab_cache_page_write_begin(struct address_space *mapping, pgoff_t index);
unsigned int filemap_get_folios(struct address_space *mapping, pgoff_t *start, pgoff_t end,
				struct folio **folios, unsigned int max);
unsigned int filemap_get_folios_tag(struct address_space *mapping, pgoff_t *start, pgoff_t end,
				    xa_mark_t tag, struct folio **folios, unsigned int max);
bool filemap_range_has_page(struct address_space *mapping, loff_t start, loff_t end);

/** filemap_get_folio - the page at @index with a reference, or NULL */
static inline struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index)
{
	return filemap_get_entry(mapping, index);
}

static inline struct folio *filemap_lock_folio(struct address_space *mapping, pgoff_t index)
{
	return __filemap_get_folio(mapping, index, FGP_LOCK, 0);
}

static inline struct page *find_get_page(struct address_space *mapping, pgoff_t index)
{
	return pagecache_get_page(mapping, index, 0, 0);
}

static inline struct page *find_lock_page(struct address_space *mapping, pgoff_t index)
{
	return pagecache_get_page(mapping, index, FGP_LOCK, 0);
}

static inline struct page *find_or_create_page(struct address_space *mapping, pgoff_t index,
					       gfp_t gfp)
{
	return pagecache_get_page(mapping, index, FGP_LOCK | FGP_ACCESSED | FGP_CREAT, gfp);
}

static inline struct page *grab_cache_page(struct address_space *mapping, pgoff_t index)
{
	return find_or_create_page(mapping, index, mapping_gfp_mask(mapping));
}

typedef int filler_t(struct file *, struct folio *);

struct folio *read_cache_folio(struct address_space *mapping, pgoff_t index, filler_t *filler,
			       struct file *file);
struct page *read_cache_page(struct address_space *mapping, pgoff_t index, filler_t *filler,
			     struct file *file);

/** read_mapping_page - the page at @index, read in if need be: referenced, up to date, not locked */
static inline struct page *read_mapping_page(struct address_space *mapping, pgoff_t index,
					     struct file *file)
{
	return read_cache_page(mapping, index, NULL, file);
}

static inline struct folio *read_mapping_folio(struct address_space *mapping, pgoff_t index,
					       struct file *file)
{
	return read_cache_folio(mapping, index, NULL, file);
}

static inline loff_t page_offset(struct page *page)
{
	return (loff_t)page->index << PAGE_SHIFT;
}

static inline loff_t folio_pos(struct folio *folio)
{
	return page_offset(&folio->page);
}

#define folio_index(folio)		((folio)->index)
#define folio_file_page(folio, index)	((void)(index), &(folio)->page)
#define folio_contains(folio, idx)	((folio)->index == (idx))
#define folio_next_index(folio)		((folio)->index + 1)
#define page_index(page)		((page)->index)

/* page->private with a reference for it: buffer heads or the filesystem's own. */
static inline void folio_attach_private(struct folio *folio, void *data)
{
	folio_get(folio);
	folio->private = data;
	folio_set_private(folio);
}

static inline void *folio_detach_private(struct folio *folio)
{
	void *data = folio->private;

	if (!folio_test_private(folio))
		return NULL;
	folio_clear_private(folio);
	folio->private = NULL;
	folio_put(folio);
	return data;
}

#define folio_get_private(folio)	((folio)->private)
#define attach_page_private(page, data)	folio_attach_private(page_folio(page), data)
#define detach_page_private(page)	folio_detach_private(page_folio(page))

/* ------------------------------------------------------------------ the page lock, waiting */

void __folio_lock(struct folio *folio);
int __folio_lock_killable(struct folio *folio);
void folio_unlock(struct folio *folio);
void folio_wait_bit(struct folio *folio, int bit_nr);
int folio_wait_bit_killable(struct folio *folio, int bit_nr);
void folio_wait_writeback(struct folio *folio);
int folio_wait_writeback_killable(struct folio *folio);
void folio_wait_stable(struct folio *folio);
void folio_end_writeback(struct folio *folio);
void pagecache_init(void);

static inline bool folio_trylock(struct folio *folio)
{
	return likely(!test_and_set_bit_lock(PG_locked, &folio->flags));
}

/** folio_lock - sleeps until the page is this task's alone; never while holding a spinlock */
static inline void folio_lock(struct folio *folio)
{
	if (!folio_trylock(folio))
		__folio_lock(folio);
}

/** folio_lock_killable - the same, but -EINTR when a fatal signal comes first */
static inline int folio_lock_killable(struct folio *folio)
{
	return folio_trylock(folio) ? 0 : __folio_lock_killable(folio);
}

static inline void folio_wait_locked(struct folio *folio)
{
	if (folio_test_locked(folio))
		folio_wait_bit(folio, PG_locked);
}

static inline int folio_wait_locked_killable(struct folio *folio)
{
	return folio_test_locked(folio) ? folio_wait_bit_killable(folio, PG_locked) : 0;
}

#define trylock_page(page)		folio_trylock(page_folio(page))
#define lock_page(page)			folio_lock(page_folio(page))
#define lock_page_killable(page)	folio_lock_killable(page_folio(page))
#define unlock_page(page)		folio_unlock(page_folio(page))
#define wait_on_page_bit(page, bit)	folio_wait_bit(page_folio(page), bit)
#define wait_on_page_locked(page)	folio_wait_locked(page_folio(page))
#define wait_on_page_writeback(page)	folio_wait_writeback(page_folio(page))
#define wait_for_stable_page(page)	folio_wait_stable(page_folio(page))
#define end_page_writeback(page)	folio_end_writeback(page_folio(page))

/* ------------------------------------------------------------------ dirty pages: mm/page-writeback.c */

bool folio_mark_dirty(struct folio *folio);
bool filemap_dirty_folio(struct address_space *mapping, struct folio *folio);
bool noop_dirty_folio(struct address_space *mapping, struct folio *folio);
bool set_page_dirty(struct page *page);
int set_page_dirty_lock(struct page *page);
void __folio_mark_dirty(struct folio *folio, struct address_space *mapping, int warn);
bool folio_clear_dirty_for_io(struct folio *folio);
void __folio_cancel_dirty(struct folio *folio);
void __folio_start_writeback(struct folio *folio, bool keep_write);

static inline void folio_cancel_dirty(struct folio *folio)
{
	if (folio_test_dirty(folio))
		__folio_cancel_dirty(folio);
}

#define folio_start_writeback(folio)	__folio_start_writeback(folio, false)
#define set_page_writeback(page)	folio_start_writeback(page_folio(page))
#define clear_page_dirty_for_io(page)	folio_clear_dirty_for_io(page_folio(page))
#define cancel_dirty_page(page)		folio_cancel_dirty(page_folio(page))
#define __set_page_dirty_nobuffers(page) filemap_dirty_folio(page_mapping(page), page_folio(page))

/* ------------------------------------------------------------------ files: mm/filemap.c */

ssize_t filemap_read(struct kiocb *iocb, struct iov_iter *to, ssize_t already_read);
vm_fault_t filemap_fault(struct vm_fault *vmf);
vm_fault_t filemap_map_pages(struct vm_fault *vmf, pgoff_t start_pgoff, pgoff_t end_pgoff);
vm_fault_t filemap_page_mkwrite(struct vm_fault *vmf);
extern const struct vm_operations_struct generic_file_vm_ops;

int __filemap_fdatawrite_range(struct address_space *mapping, loff_t start, loff_t end,
			       int sync_mode);
int filemap_fdatawrite_range(struct address_space *mapping, loff_t start, loff_t end);
int filemap_fdatawait_range(struct address_space *mapping, loff_t start, loff_t end);
int filemap_fdatawait_keep_errors(struct address_space *mapping);
int file_write_and_wait_range(struct file *file, loff_t start, loff_t end);

/* ------------------------------------------------------------------ truncation: mm/truncate.c */

int truncate_inode_folio(struct address_space *mapping, struct folio *folio);
void folio_invalidate(struct folio *folio, size_t offset, size_t length);
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend);
void truncate_pagecache_range(struct inode *inode, loff_t lstart, loff_t lend);
unsigned long invalidate_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t end);
int invalidate_inode_pages2(struct address_space *mapping);
int invalidate_inode_pages2_range(struct address_space *mapping, pgoff_t start, pgoff_t end);
bool filemap_release_folio(struct folio *folio, gfp_t gfp);
long mapping_evict_folio(struct address_space *mapping, struct folio *folio);

/* ------------------------------------------------------------------ read-ahead: mm/readahead.c */

#define VM_READAHEAD_PAGES	(128 * 1024 / PAGE_SIZE)

/* What ->readahead() is asked for: locked pages that are in the cache but not up to date. */
struct readahead_control {
	struct file		*file;
	struct address_space	*mapping;
	struct file_ra_state	*ra;
	pgoff_t			_index;		/* next page to hand out */
	unsigned int		_nr_pages;	/* left */
};

#define DEFINE_READAHEAD(ractl, f, r, m, i)					\
	struct readahead_control ractl = {					\
		.file = f, .mapping = m, .ra = r, ._index = i,			\
	}

void file_ra_state_init(struct file_ra_state *ra, struct address_space *mapping);
void page_cache_ra_unbounded(struct readahead_control *ractl, unsigned long nr_to_read,
			     unsigned long lookahead_size);
void force_page_cache_ra(struct readahead_control *ractl, unsigned long nr_to_read);
void page_cache_sync_ra(struct readahead_control *ractl, unsigned long req_count);
void page_cache_async_ra(struct readahead_control *ractl, struct folio *folio,
			 unsigned long req_count);
struct folio *readahead_folio(struct readahead_control *ractl);

static inline struct page *readahead_page(struct readahead_control *ractl)
{
	struct folio *folio = readahead_folio(ractl);

	if (!folio)
		return NULL;
	folio_get(folio);	/* the caller of this one puts it */
	return &folio->page;
}

static inline unsigned int readahead_count(struct readahead_control *ractl)
{
	return ractl->_nr_pages;
}

static inline pgoff_t readahead_index(struct readahead_control *ractl)
{
	return ractl->_index;
}

static inline loff_t readahead_pos(struct readahead_control *ractl)
{
	return (loff_t)ractl->_index << PAGE_SHIFT;
}

static inline size_t readahead_length(struct readahead_control *ractl)
{
	return (size_t)ractl->_nr_pages << PAGE_SHIFT;
}

static inline unsigned int i_blocks_per_page(struct inode *inode, struct page *page)
{
	return PAGE_SIZE >> inode->i_blkbits;
}

#endif
