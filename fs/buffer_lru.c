// SPDX-License-Identifier: MIT
/*
 * The buffers that each CPU has looked for last.
 *
 * A driver asks for the same few blocks again and again - a bitmap, an inode table, the indirect block of
 * the file that grows - and finding one in the page cache takes longer than what is done with it. So each CPU
 * has a short list, the last one first.
 *
 * Callers: __find_get_block() (buffer.c); who wants clean pages to go: lru_add_drain_all() (mm/swap.c).
 *
 * A buffer on a list is counted once for it: it keeps its place and its page, and is nobody's to free.
 * Blocks that are thrown away (kill_bdev()) lose their device, and are never found again.
 * A list is its CPU's own, with interrupts off, for another CPU has it emptied by an interrupt.
 */
#include <linux/buffer_head.h>
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include "internal.h"

#define BH_LRU_SIZE	16

struct bh_lru {
	struct buffer_head *bhs[BH_LRU_SIZE];
};

static DEFINE_PER_CPU(struct bh_lru, bh_lrus);

/** lookup_bh_lru - a block's buffer with a reference, if it is on this CPU's list; it is the first then */
struct buffer_head *lookup_bh_lru(struct block_device *bdev, sector_t block, unsigned int size)
{
	struct buffer_head *bh = NULL, **bhs;
	unsigned long flags;

	local_irq_save(flags);
	bhs = this_cpu_ptr(&bh_lrus)->bhs;
	for (int i = 0; i < BH_LRU_SIZE && bhs[i]; i++) {
		if (bhs[i]->b_blocknr != block || bhs[i]->b_bdev != bdev || bhs[i]->b_size != size)
			continue;
		bh = bhs[i];
		get_bh(bh);
		for (; i; i--)
			bhs[i] = bhs[i - 1];
		bhs[0] = bh;
		break;
	}
	local_irq_restore(flags);
	return bh;
}

/** bh_lru_install - puts a buffer that was not on this CPU's list there as the first; the last one goes */
void bh_lru_install(struct buffer_head *bh)
{
	struct buffer_head *evictee = bh, **bhs;
	unsigned long flags;

	get_bh(bh);
	local_irq_save(flags);
	bhs = this_cpu_ptr(&bh_lrus)->bhs;
	for (int i = 0; i < BH_LRU_SIZE && evictee; i++) {
		swap(bhs[i], evictee);
		if (evictee == bh)	/* it came while we looked in the page cache, or we are on another CPU now */
			break;
	}
	local_irq_restore(flags);
	brelse(evictee);
}

/** invalidate_bh_lrus_cpu - empties this CPU's list; interrupts are off */
void invalidate_bh_lrus_cpu(void)
{
	struct buffer_head **bhs = this_cpu_ptr(&bh_lrus)->bhs;

	for (int i = 0; i < BH_LRU_SIZE && bhs[i]; i++) {
		brelse(bhs[i]);
		bhs[i] = NULL;
	}
}

static void invalidate_bh_lru(void *unused)
{
	invalidate_bh_lrus_cpu();
}

/** invalidate_bh_lrus - the same on all CPUs; sleeps */
void invalidate_bh_lrus(void)
{
	on_each_cpu(invalidate_bh_lru, NULL, 1);
}
