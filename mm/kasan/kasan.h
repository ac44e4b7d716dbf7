/* SPDX-License-Identifier: MIT */
/* KASAN's inside: what its shadow bytes mean, and what it keeps of each object. */
#ifndef _MM_KASAN_KASAN_H
#define _MM_KASAN_KASAN_H

#include <linux/kasan.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include "../slab.h"

#define KASAN_GRANULE_SIZE	(1UL << KASAN_SHADOW_SCALE_SHIFT)
#define KASAN_GRANULE_MASK	(KASAN_GRANULE_SIZE - 1)

/* Shadow bytes of memory that nobody may use. Those of stacks are the compiler's. */
#define KASAN_PAGE_FREE		0xff
#define KASAN_PAGE_REDZONE	0xfe	/* behind a large kmalloc() */
#define KASAN_SLAB_REDZONE	0xfc	/* between objects, and behind what kmalloc() was asked for */
#define KASAN_SLAB_FREE		0xfb
#define KASAN_GLOBAL_REDZONE	0xf9
#define KASAN_VMALLOC_INVALID	0xf8
#define KASAN_STACK_LEFT	0xf1
#define KASAN_STACK_MID		0xf2
#define KASAN_STACK_RIGHT	0xf3
#define KASAN_STACK_PARTIAL	0xf4

#define KASAN_STACK_DEPTH	15

/* Who did it: functions by their distance from _text, 0 behind the last. */
struct kasan_track {
	u32	pid;
	u32	stack[KASAN_STACK_DEPTH];
};

/*
 * Behind each slab object. The object's owner writes it: whoever allocates, then whoever frees. A
 * report reads it without a lock and may see it half new.
 */
struct kasan_meta {
	struct kasan_track alloc_track;
	struct kasan_track free_track;
};

/* A variable of the kernel, as the compiler describes it to __asan_register_globals(). */
struct kasan_global {
	const void	*beg;
	size_t		size;			/* bytes */
	size_t		size_with_redzone;
	const char	*name;
	const char	*module_name;		/* the file */
	unsigned long	nr_in_file;		/* the compiler's has_dynamic_init */
	void		*location;
	struct kasan_global *next_file;		/* its odr_indicator */
};

static inline const void *kasan_shadow_to_mem(const void *shadow)
{
	return (void *)(((unsigned long)shadow - KASAN_SHADOW_OFFSET) << KASAN_SHADOW_SCALE_SHIFT);
}

/* Is there shadow for it? User addresses and NULL have none. */
static inline bool addr_has_metadata(const void *addr)
{
	return (unsigned long)addr >= PAGE_OFFSET;
}

static inline struct kasan_meta *kasan_get_meta(struct kmem_cache *cache, const void *object)
{
	return (void *)object + cache->kasan_offset;
}

static inline void kasan_disable_current(void) { current->kasan_depth++; }
static inline void kasan_enable_current(void) { current->kasan_depth--; }

/* shadow.c */
void kasan_poison(const void *addr, size_t size, u8 value);
/* generic.c. The first: may all of it be used, or was that reported and nobody minds? */
bool kasan_check_range(const void *addr, size_t size, bool write, unsigned long ip);
/* The first byte of the range that may not be used, NULL: it all may */
const void *kasan_find_bad_addr(const void *addr, size_t size);
const struct kasan_global *kasan_find_global(const void *addr);
/* quarantine.c */
void kasan_quarantine_put(struct kmem_cache *cache, void *object);

/* What is being reported. report.c fills it, report_generic.c looks at the shadow. */
struct kasan_report_info {
	const void	*access_addr;
	const void	*first_bad_addr;
	size_t		access_size;		/* 0: a free */
	bool		is_write;
	unsigned long	ip;
	const char	*bug_type;
};

bool kasan_report(const void *addr, size_t size, bool is_write, unsigned long ip);
const char *kasan_get_bug_type(const struct kasan_report_info *info);
bool kasan_print_address_stack_frame(const void *addr);

#endif
