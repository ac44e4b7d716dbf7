// SPDX-License-Identifier: MIT
/*
 * Shrinkers: caches other than the page cache, such as dentries and inodes, that give memory back
 * when reclaim (mm/vmscan.c) asks them, in proportion to what it asks of pages.
 *
 * shrinker_rwsem guards the list of them, and keeps one from going while it is asked.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/swap.h>

/* Held for reading while shrinkers are asked. */
static DECLARE_RWSEM(shrinker_rwsem);
static LIST_HEAD(shrinker_list);

#define SHRINK_BATCH	128

/**
 * register_shrinker - from now on reclaim asks @shrinker; always returns 0
 * @shrinker: its two functions are set; it stays where it is until unregister_shrinker()
 * @fmt: its name
 */
int register_shrinker(struct shrinker *shrinker, const char *fmt, ...)
{
	shrinker->name = fmt;
	down_write(&shrinker_rwsem);
	list_add_tail(&shrinker->list, &shrinker_list);
	up_write(&shrinker_rwsem);
	return 0;
}
EXPORT_SYMBOL(register_shrinker);

void unregister_shrinker(struct shrinker *shrinker)
{
	down_write(&shrinker_rwsem);
	list_del(&shrinker->list);
	up_write(&shrinker_rwsem);
}
EXPORT_SYMBOL(unregister_shrinker);

/* Asks one cache for its share: objects >> priority, weighted by how dear they are. */
static unsigned long do_shrink_slab(struct shrinker *shrinker, gfp_t gfp_mask, int priority)
{
	const long batch = shrinker->batch ? shrinker->batch : SHRINK_BATCH;
	struct shrink_control sc = { .gfp_mask = gfp_mask };
	unsigned long freeable, total, freed = 0;

	freeable = shrinker->count_objects(shrinker, &sc);
	if (freeable == 0 || freeable == SHRINK_EMPTY)
		return 0;
	total = (freeable >> priority) * 4 / max(shrinker->seeks, 1);
	/* A small cache is not spared for being small once the need is great. */
	if (priority <= 4)
		total = max(total, min_t(unsigned long, freeable, batch));
	total = min(total, 2 * freeable);

	while (total) {
		unsigned long ret;

		sc.nr_to_scan = min_t(unsigned long, total, batch);
		ret = shrinker->scan_objects(shrinker, &sc);
		if (ret == SHRINK_STOP)
			break;
		freed += ret;
		total -= sc.nr_to_scan;
		cond_resched();
	}
	return freed;
}

/**
 * shrink_slab - asks all shrinkers
 * @gfp_mask: what the one who wants memory may do
 * @nid: not used: one node
 * @priority: 12 for a little, down to 0 for everything
 *
 * Returns how many objects were freed.
 */
unsigned long shrink_slab(gfp_t gfp_mask, int nid, int priority)
{
	struct shrinker *shrinker;
	unsigned long freed = 0;

	/* Whoever registers one may want memory for it. */
	if (!down_read_trylock(&shrinker_rwsem))
		return 0;
	list_for_each_entry(shrinker, &shrinker_list, list)
		freed += do_shrink_slab(shrinker, gfp_mask, priority);
	up_read(&shrinker_rwsem);
	return freed;
}
