// SPDX-License-Identifier: MIT
/*
 * Self-tests of the allocators under concurrency: two threads on each CPU and an interrupt allocate,
 * hand to each other and free, and what they hold is theirs alone all the while.
 *
 * Each block carries a stamp in every cache line, which is looked at before it is freed: a block that
 * was given out twice has somebody else's. Afterwards the free lists must be what they were.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/kthread.h>
#include <linux/ktest.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include "slab.h"

#define MAX_WORKERS	(2 * NR_CPUS)
#define HELD		24		/* blocks that a worker keeps at most: above a CPU's list now and then */
#define BOXES		8
#define IRQ_PERIOD_NS	5000

/* What is under test: blocks of a size that the second argument of alloc chooses. */
struct allocator {
	void	*(*alloc)(gfp_t gfp, u32 choice, u32 *size);
	void	(*free)(void *p, u32 size);
	int	rounds;
};

/* The start of each block. */
struct block {
	u64	stamp;
	u32	size;		/* bytes */
};

static const struct allocator *allocator __initdata;
static struct completion ready __initdata, go __initdata, done __initdata, leave __initdata;
static struct block *boxes[BOXES] __initdata;
static atomic_t mistakes __initdata, failures __initdata;
static unsigned int workers __initdata;

/* ------------------------------------------------------------------ blocks */

static u32 __init next_random(u32 *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Every cache line's last word, so that the block's own head and the allocator's words stay out. */
static u64 * __init line(struct block *b, u32 at)
{
	return (void *)b + at + 64 - sizeof(u64);
}

static struct block * __init make_block(gfp_t gfp, u32 choice, u64 stamp)
{
	u32 size, at;
	struct block *b = allocator->alloc(gfp, choice, &size);

	if (!b) {
		atomic_inc(&failures);
		return NULL;
	}
	b->stamp = stamp;
	b->size = size;
	for (at = 0; at + 64 <= size; at += 64)
		*line(b, at) = stamp + at;
	return b;
}

static void __init free_block(struct block *b)
{
	u32 at;

	if (!b)
		return;
	for (at = 0; at + 64 <= b->size; at += 64)
		if (*line(b, at) != b->stamp + at)
			atomic_inc(&mistakes);
	allocator->free(b, b->size);
}

/* ------------------------------------------------------------------ who allocates */

static int __init worker(void *data)
{
	const unsigned long id = (unsigned long)data;
	struct block *held[HELD] = { };
	u32 state = id * 7919 + 1;
	int i;

	complete(&ready);
	wait_for_completion(&go);
	for (i = 0; i < allocator->rounds; i++) {
		struct block **slot = &held[next_random(&state) % HELD];

		if (!*slot)
			*slot = make_block(GFP_KERNEL, next_random(&state), id << 48 | (u64)i << 24);
		else	/* to a box, and free what lay there: it may be another CPU's */
			free_block(xchg(&boxes[next_random(&state) % BOXES], xchg(slot, NULL)));
		if (i % 64 == 63)
			yield();
	}
	for (i = 0; i < HELD; i++)
		free_block(held[i]);
	complete(&done);
	wait_for_completion(&leave);
	complete(&done);
	return 0;
}

static struct hrtimer irq_timer __initdata;
static struct block *irq_held[8] __initdata;
static u32 irq_state __initdata;

/*
 * In the middle of whatever a worker does. Each time there is one block less or more, so that what the
 * interrupted one had read is wrong afterwards.
 */
static enum hrtimer_restart __init irq_allocates(struct hrtimer *timer)
{
	u32 r = next_random(&irq_state);
	struct block **slot = &irq_held[r % ARRAY_SIZE(irq_held)];

	if (*slot)
		free_block(xchg(slot, NULL));
	else
		*slot = make_block(GFP_ATOMIC, 1, 0xffULL << 48 | (u64)r << 16);
	hrtimer_forward_now(timer, IRQ_PERIOD_NS);
	return HRTIMER_RESTART;
}

static void __init run_interrupt(void)
{
	irq_state = 1;
	hrtimer_init(&irq_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	irq_timer.function = irq_allocates;
	hrtimer_start(&irq_timer, IRQ_PERIOD_NS, HRTIMER_MODE_REL);
}

static void __init end_interrupt(void)
{
	unsigned int i;

	hrtimer_cancel(&irq_timer);
	for (i = 0; i < ARRAY_SIZE(irq_held); i++)
		free_block(xchg(&irq_held[i], NULL));
}

/* Threads that wait for the start. What they need themselves is allocated then. */
static bool __init gather_workers(const struct allocator *a)
{
	unsigned int i, cpu = 0, n = 2 * num_online_cpus();

	allocator = a;
	atomic_set(&mistakes, 0);
	atomic_set(&failures, 0);
	init_completion(&ready);
	init_completion(&go);
	init_completion(&done);
	init_completion(&leave);
	for (workers = 0; workers < max(n, 4U); workers++) {
		struct task_struct *k = kthread_create(worker, (void *)(long)workers, "alloc/%u", workers);

		if (IS_ERR(k))
			break;
		kthread_bind(k, cpu);
		wake_up_process(k);
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
	}
	for (i = 0; i < workers; i++)
		wait_for_completion(&ready);
	return workers >= n;
}

static void __init let_them_work(void)
{
	unsigned int i;

	run_interrupt();
	complete_all(&go);
	for (i = 0; i < workers; i++)
		wait_for_completion(&done);
	end_interrupt();
	for (i = 0; i < BOXES; i++)
		free_block(xchg(&boxes[i], NULL));
}

static void __init dismiss_workers(void)
{
	complete_all(&leave);
	while (workers--)
		wait_for_completion(&done);
}

/* ------------------------------------------------------------------ frames */

static void * __init alloc_frames(gfp_t gfp, u32 choice, u32 *size)
{
	/* Mostly single ones; a block of order 3 at times. */
	static const u8 orders[8] __initconst = { 0, 0, 0, 0, 0, 1, 2, 3 };
	unsigned int order = orders[choice % 8];

	*size = PAGE_SIZE << order;
	return (void *)__get_free_pages(gfp, order);
}

static void __init free_frames(void *p, u32 size)
{
	free_pages((unsigned long)p, __ffs(size) - PAGE_SHIFT);
}

static const struct allocator frames __initconst = { alloc_frames, free_frames, 3000 };

static void __init count_blocks(unsigned long nr[MAX_ORDER])
{
	unsigned long flags;
	int order;

	drain_all_pages();
	raw_spin_lock_irqsave(&contig_zone.lock, flags);
	for (order = 0; order < MAX_ORDER; order++)
		nr[order] = contig_zone.free_area[order].nr_free;
	raw_spin_unlock_irqrestore(&contig_zone.lock, flags);
}

/*
 * How many frames are free once nobody gives any back: threads of earlier tests may still be on their way
 * out on other CPUs, and what they leave is freed after a grace period.
 */
static unsigned long __init settled_free_pages(void)
{
	unsigned long free, before;
	int tries = 50;

	free = nr_free_pages();
	do {
		before = free;
		rcu_barrier();
		msleep(20);
		kmem_cache_reap();
		free = nr_free_pages();
	} while (free != before && --tries);
	return free;
}

static void __init frames_are_owned_and_merge_again(struct ktest *test)
{
	unsigned long before[MAX_ORDER], after[MAX_ORDER], free;
	int order;

	KTEST_EXPECT_TRUE(test, gather_workers(&frames));
	settled_free_pages();
	count_blocks(before);
	free = nr_free_pages();
	let_them_work();
	KTEST_EXPECT_EQ(test, nr_free_pages(), free);
	count_blocks(after);
	KTEST_EXPECT_EQ(test, nr_free_pages(), free);
	dismiss_workers();
	for (order = 0; order < MAX_ORDER; order++)
		KTEST_EXPECT_EQ(test, after[order], before[order]);
	KTEST_EXPECT_EQ(test, atomic_read(&mistakes), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&failures), 0);
}

/* With interrupts off, so that nobody else uses this CPU's list. */
static void __init single_frames_go_through_the_cpus_list(struct ktest *test)
{
	unsigned long flags, first, second, zone_free, free;
	struct per_cpu_pages *pcp;
	int filled, kept, batch;

	local_irq_save(flags);
	drain_local_pages();
	free = nr_free_pages();
	pcp = this_cpu_ptr(&zone_pageset);
	batch = pcp->batch;
	first = __get_free_page(GFP_ATOMIC);
	filled = pcp->count;
	zone_free = contig_zone.nr_free_pages;
	free_page(first);
	second = __get_free_page(GFP_ATOMIC);
	kept = pcp->count;
	free_page(second);
	zone_free -= contig_zone.nr_free_pages;
	free -= nr_free_pages();
	local_irq_restore(flags);

	KTEST_EXPECT_EQ(test, filled, batch - 1);
	KTEST_EXPECT_EQ(test, kept, filled);
	KTEST_EXPECT_EQ(test, second, first);	/* the one that is warm */
	if (num_online_cpus() == 1) {
		KTEST_EXPECT_EQ(test, zone_free, 0);
		KTEST_EXPECT_EQ(test, free, 0);	/* a frame in the list is free */
	}
}

static void __init the_list_does_not_grow_beyond_its_mark(struct ktest *test)
{
	struct per_cpu_pages *pcp;
	unsigned long flags;
	struct page *page, *next;
	LIST_HEAD(pages);
	int i, high, most = 0;

	local_irq_save(flags);
	pcp = this_cpu_ptr(&zone_pageset);
	high = pcp->high;
	for (i = 0; i < 3 * high; i++) {
		page = alloc_page(GFP_ATOMIC);
		if (page)
			list_add(&page->lru, &pages);
	}
	list_for_each_entry_safe(page, next, &pages, lru) {
		__free_page(page);
		most = max(most, pcp->count);
	}
	drain_local_pages();
	i = pcp->count;
	local_irq_restore(flags);
	KTEST_EXPECT_EQ(test, most, high);
	KTEST_EXPECT_EQ(test, i, 0);
}

/* ------------------------------------------------------------------ objects */

#define TEST_SIZE	320		/* of no cache of kmalloc() */

static struct kmem_cache *test_cache __initdata;

static void * __init alloc_object(gfp_t gfp, u32 choice, u32 *size)
{
	/* Half of them of one cache, so that the threads and the interrupt meet there. */
	*size = choice & 1 ? TEST_SIZE : 64 << choice / 2 % 8;
	return choice & 1 ? kmem_cache_alloc(test_cache, gfp) : kmalloc(*size, gfp);
}

static void __init free_object(void *p, u32 size)
{
	if (size == TEST_SIZE)
		kmem_cache_free(test_cache, p);
	else
		kfree(p);
}

static const struct allocator objects __initconst = { alloc_object, free_object, 20000 };

/* Of all kmalloc() caches, with nothing left in the arrays. */
static unsigned long __init count_kmalloc_objects(void)
{
	unsigned long n = 0;
	int i;

	kmem_cache_reap();
	for (i = 0; i < KMALLOC_SIZES; i++)
		n += READ_ONCE(kmalloc_caches[i]->nr_inuse);
	return n;
}

static void __init objects_are_owned_and_none_is_lost(struct ktest *test)
{
	unsigned long before;

	test_cache = kmem_cache_create("test", TEST_SIZE, 0, 0, NULL);
	KTEST_ASSERT_NOT_NULL(test, test_cache);
	KTEST_EXPECT_TRUE(test, gather_workers(&objects));
	before = count_kmalloc_objects();
	let_them_work();
	KTEST_EXPECT_EQ(test, count_kmalloc_objects(), before);
	dismiss_workers();
	KTEST_EXPECT_EQ(test, kmem_cache_shrink(test_cache), 0);
	KTEST_EXPECT_EQ(test, test_cache->nr_slabs, 0);
	KTEST_EXPECT_EQ(test, atomic_read(&mistakes), 0);
	KTEST_EXPECT_EQ(test, atomic_read(&failures), 0);
	kmem_cache_destroy(test_cache);
}

#ifndef CONFIG_KASAN	/* which lets freed objects wait in quarantine before they come to an array */

/* What an array must be, so that objects neither pile up in it nor pass it by. */
static void __init an_array_gives_back_half_when_full(struct ktest *test)
{
	static void *held[3 * 64] __initdata;
	unsigned int limit, batch, most = 0, after_fill, i, n;
	struct array_cache *ac;
	unsigned long flags;
	void *again;

	test_cache = kmem_cache_create("test", 64, 0, 0, NULL);
	KTEST_ASSERT_NOT_NULL(test, test_cache);
	local_irq_save(flags);
	ac = test_cache->cpu_cache[smp_processor_id()];
	limit = ac->limit;
	batch = ac->batchcount;
	held[0] = kmem_cache_alloc(test_cache, GFP_ATOMIC);
	after_fill = ac->avail;
	kmem_cache_free(test_cache, held[0]);
	again = kmem_cache_alloc(test_cache, GFP_ATOMIC);
	for (n = 1; n < min(3 * limit, 3U * 64); n++)
		held[n] = kmem_cache_alloc(test_cache, GFP_ATOMIC);
	kmem_cache_free(test_cache, again);
	for (i = 1; i < n; i++) {
		kmem_cache_free(test_cache, held[i]);
		most = max(most, ac->avail);
	}
	local_irq_restore(flags);
	KTEST_EXPECT_EQ(test, after_fill, batch);
	KTEST_EXPECT_PTR_EQ(test, again, held[0]);
	KTEST_EXPECT_EQ(test, most, limit);
	KTEST_EXPECT_EQ(test, test_cache->nr_inuse, nr_cached_objects(test_cache));
	kmem_cache_destroy(test_cache);
}

#endif

static void __init free_here(void *obj)
{
	kmem_cache_free(test_cache, obj);
}

static void __init a_destroyed_cache_leaves_nothing_with_any_cpu(struct ktest *test)
{
	unsigned long free = 0, failed = 0;
	int cpu, round;
	void *obj;

	/* Once for the slab of the cache of caches and for that of the arrays. */
	for (round = 0; round < 2; round++) {
		free = settled_free_pages();
		test_cache = kmem_cache_create("test", 1000, 0, 0, NULL);
		KTEST_ASSERT_NOT_NULL(test, test_cache);
		for_each_online_cpu(cpu) {
			obj = kmem_cache_alloc(test_cache, GFP_KERNEL);
			failed += !obj || smp_call_function_single(cpu, free_here, obj, 1);
		}
#ifndef CONFIG_KASAN
		KTEST_EXPECT_EQ(test, test_cache->nr_inuse, nr_cached_objects(test_cache));
#endif
		KTEST_EXPECT_GE(test, test_cache->nr_inuse, num_online_cpus());
		kmem_cache_destroy(test_cache);
	}
	KTEST_EXPECT_EQ(test, settled_free_pages(), free);
	KTEST_EXPECT_EQ(test, failed, 0);
}

ktest_suite("slab",
#ifndef CONFIG_KASAN
	    KTEST_CASE(an_array_gives_back_half_when_full),
#endif
	    KTEST_CASE(a_destroyed_cache_leaves_nothing_with_any_cpu),
	    KTEST_CASE(objects_are_owned_and_none_is_lost));
ktest_suite("page_alloc", KTEST_CASE(single_frames_go_through_the_cpus_list),
	    KTEST_CASE(the_list_does_not_grow_beyond_its_mark),
	    KTEST_CASE(frames_are_owned_and_merge_again));
