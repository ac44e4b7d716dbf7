/* SPDX-License-Identifier: MIT */
/*
 * Reaching the bytes of a page. All RAM is in the linear map, so this is arithmetic; the names are
 * kept because code that uses them says which page it works on, and for how long.
 */
#ifndef _LINUX_HIGHMEM_H
#define _LINUX_HIGHMEM_H

#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/cacheflush.h>

static inline void *kmap(struct page *page)
{
	return page_address(page);
}
#define kunmap(page)			do { (void)(page); } while (0)
#define kmap_local_page(page)		kmap(page)
#define kmap_local_folio(folio, off)	((void *)((char *)folio_address(folio) + (off)))
#define kunmap_local(addr)		do { (void)(addr); } while (0)

/* With page faults disabled until kunmap_atomic(): a fault inside fails at once. */
static inline void *kmap_atomic(struct page *page)
{
	pagefault_disable();
	return page_address(page);
}

static inline void kunmap_atomic(void *addr)
{
	pagefault_enable();
}

/** zero_user_segments - clears [start1, end1) and [start2, end2) of a page, in bytes */
static inline void zero_user_segments(struct page *page, unsigned int start1, unsigned int end1,
				      unsigned int start2, unsigned int end2)
{
	char *addr = kmap_local_page(page);

	if (end1 > start1)
		memset(addr + start1, 0, end1 - start1);
	if (end2 > start2)
		memset(addr + start2, 0, end2 - start2);
	flush_dcache_page(page);
	kunmap_local(addr);
}

static inline void zero_user_segment(struct page *page, unsigned int start, unsigned int end)
{
	zero_user_segments(page, start, end, 0, 0);
}

static inline void zero_user(struct page *page, unsigned int start, unsigned int size)
{
	zero_user_segments(page, start, start + size, 0, 0);
}

#define folio_zero_segment(folio, start, end)	zero_user_segment(&(folio)->page, start, end)
#define folio_zero_segments(folio, s1, e1, s2, e2)	\
	zero_user_segments(&(folio)->page, s1, e1, s2, e2)
#define folio_zero_range(folio, start, len)	zero_user(&(folio)->page, start, len)

static inline void memcpy_from_page(void *to, struct page *page, size_t offset, size_t len)
{
	memcpy(to, (char *)page_address(page) + offset, len);
}

static inline void memcpy_to_page(struct page *page, size_t offset, const void *from, size_t len)
{
	memcpy((char *)page_address(page) + offset, from, len);
	flush_dcache_page(page);
}

static inline void copy_highpage(struct page *to, struct page *from)
{
	copy_page(page_address(to), page_address(from));
}

#endif
