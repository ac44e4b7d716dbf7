// SPDX-License-Identifier: MIT
/*
 * Freed objects wait here before they may be allocated again, so that who still uses one after the
 * free meets poisoned shadow, not its new owner.
 *
 * A queue for each CPU, first in, first out, of so many bytes; what is too much goes to the slab. The
 * link lies where a free object has its free pointer. A queue belongs to its CPU, which uses it with
 * interrupts off, as it does the arrays of free objects: who wants it emptied asks that CPU
 * (do_drain() in mm/slab.c).
 */
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include "kasan.h"

#define QUARANTINE_FRACTION	128		/* of memory, all queues together */
#define QUARANTINE_CPU_MIN	(16UL << 10)

struct quarantine {
	void		*head, *tail;		/* objects, the oldest at the head */
	size_t		bytes;
};
static DEFINE_PER_CPU(struct quarantine, cpu_quarantine);
static size_t quarantine_max;

static struct kmem_cache *qlink_to_cache(void *object)
{
	return compound_head(virt_to_page(object))->slab_cache;
}

static void **qlink_next(void *object)
{
	return object + qlink_to_cache(object)->offset;
}

/* The oldest one out, to its slab. Interrupts are off. */
static void qlist_release_head(struct quarantine *q)
{
	struct kmem_cache *cache = qlink_to_cache(q->head);
	void *object = q->head;

	q->head = *qlink_next(object);
	q->bytes -= cache->size;
	___cache_free(cache, object);
}

/* Any context. */
void kasan_quarantine_put(struct kmem_cache *cache, void *object)
{
	struct quarantine *q;
	unsigned long flags;

	local_irq_save(flags);
	q = this_cpu_ptr(&cpu_quarantine);
	*qlink_next(object) = NULL;
	if (q->head)
		*qlink_next(q->tail) = object;
	else
		q->head = object;
	q->tail = object;
	q->bytes += cache->size;
	while (q->bytes > quarantine_max)
		qlist_release_head(q);
	local_irq_restore(flags);
}

/**
 * kasan_quarantine_remove_cache - this CPU's freed objects of a cache, or of all (NULL), to the slabs
 *
 * Interrupts are off.
 */
void kasan_quarantine_remove_cache(struct kmem_cache *cache)
{
	struct quarantine *q = this_cpu_ptr(&cpu_quarantine);
	void *object = q->head, *next, *prev = NULL;

	for (; object; object = next) {
		struct kmem_cache *s = qlink_to_cache(object);

		next = *qlink_next(object);
		if (cache && s != cache) {
			prev = object;
			continue;
		}
		if (prev)
			*qlink_next(prev) = next;
		else
			q->head = next;
		q->bytes -= s->size;
		___cache_free(s, object);
	}
	q->tail = prev;
}

/* The size of memory is known. Until then an object is free at once. */
void __init kasan_quarantine_init(void)
{
	quarantine_max = max((totalram_pages() << PAGE_SHIFT) / QUARANTINE_FRACTION / num_possible_cpus(),
			     QUARANTINE_CPU_MIN);
}
