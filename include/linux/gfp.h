/* SPDX-License-Identifier: MIT */
/* "Get free pages": how an allocation may behave, and the page allocator's interface. */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/types.h>
#include <linux/compiler.h>

#define __GFP_HIGH		((gfp_t)0x20u)		/* may dip into the reserve below min */
#define __GFP_IO		((gfp_t)0x40u)		/* may start block I/O to make room */
#define __GFP_FS		((gfp_t)0x80u)		/* may call into a filesystem to make room */
#define __GFP_ZERO		((gfp_t)0x100u)
#define __GFP_DIRECT_RECLAIM	((gfp_t)0x400u)		/* may sleep and reclaim */
#define __GFP_KSWAPD_RECLAIM	((gfp_t)0x800u)		/* wakes kswapd when memory is low */
#define __GFP_NOWARN		((gfp_t)0x2000u)
#define __GFP_RETRY_MAYFAIL	((gfp_t)0x4000u)
#define __GFP_NOFAIL		((gfp_t)0x8000u)
#define __GFP_NORETRY		((gfp_t)0x10000u)
#define __GFP_MEMALLOC		((gfp_t)0x20000u)	/* frees more than it takes: no limit */
#define __GFP_COMP		((gfp_t)0x40000u)

#define __GFP_RECLAIM		(__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define GFP_ATOMIC		(__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#define GFP_NOWAIT		(__GFP_KSWAPD_RECLAIM)
#define GFP_NOIO		(__GFP_RECLAIM)
#define GFP_NOFS		(__GFP_RECLAIM | __GFP_IO)
#define GFP_KERNEL		(__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_USER		GFP_KERNEL
#define GFP_HIGHUSER		GFP_USER
#define GFP_HIGHUSER_MOVABLE	GFP_USER
/* A huge page if there is one free; nobody is asked to make room for it. */
#define GFP_TRANSHUGE_LIGHT	((GFP_HIGHUSER_MOVABLE | __GFP_COMP | __GFP_NOWARN) & ~__GFP_RECLAIM)

#define gfpflags_allow_blocking(gfp)	(!!((gfp) & __GFP_DIRECT_RECLAIM))

struct page;
struct folio;

struct page *alloc_pages(gfp_t gfp, unsigned int order);
#define alloc_page(gfp)		alloc_pages(gfp, 0)
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
#define __get_free_page(gfp)	__get_free_pages(gfp, 0)
unsigned long get_zeroed_page(gfp_t gfp);
void *alloc_pages_exact(size_t size, gfp_t gfp);
void free_pages_exact(void *virt, size_t size);
void __free_pages(struct page *page, unsigned int order);
#define __free_page(page)	__free_pages(page, 0)
void free_pages(unsigned long addr, unsigned int order);
#define free_page(addr)		free_pages(addr, 0)
struct folio *folio_alloc(gfp_t gfp, unsigned int order);

#endif
