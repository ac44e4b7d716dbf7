/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_POISON_H
#define _LINUX_POISON_H

/*
 * Values that name the mistake when they turn up in a fault or a dump. The addresses are ones that
 * a CPU with 48-bit virtual addresses can never have mapped.
 */
#define POISON_POINTER_DELTA	0xdead000000000000UL

/* In the links of an entry that was taken off its list. */
#define LIST_POISON1		((void *)(POISON_POINTER_DELTA + 0x100))
#define LIST_POISON2		((void *)(POISON_POINTER_DELTA + 0x122))

/* The slab's and the page allocator's, in debug builds. */
#define SLUB_RED_INACTIVE	0xbb
#define SLUB_RED_ACTIVE		0xcc
#define POISON_INUSE		0x5a	/* allocated, not yet written */
#define POISON_FREE		0x6b	/* freed */
#define POISON_END		0xa5	/* the last byte of the poison */
#define PAGE_POISON		0xaa
#define POISON_FREE_INITMEM	0xcc
#define STACK_END_MAGIC		0x57AC6E9D

#endif
