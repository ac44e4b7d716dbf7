// SPDX-License-Identifier: MIT
/*
 * Replacement by the dice: any page of the list goes, each as likely as another. What the others are measured
 * against: a policy that is no better knows nothing. reclaim=random,SEED: the same seed throws the same dice.
 *
 * Callers: mm/vmscan.c, by the table, and the command line. Locking: lru_lock guards the dice.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm_inline.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/reclaim_policy.h>

static u64 state;

/* 0 to below - 1: xorshift64*, whose state must not be 0. The upper half of the product is the better one. */
static unsigned long dice(unsigned long below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (((state * 0x2545f4914f6cdd1dULL) >> 32) * below) >> 32;
}

static int random_init(const char *arg)
{
	u64 seed = get_random_u32();

	if (arg && kstrtoull(arg, 0, &seed))
		return -EINVAL;
	state = seed ^ 0x9e3779b97f4a7c15ULL ? : 1;
	pr_info("reclaim=random,%llu\n", seed);
	return 0;
}

/*
 * A list cannot be entered in the middle. If most frames are in it, one thrown among all frames soon hits one
 * that is; if few are, walking to it takes few steps. So no more than about the root of the frames' number is looked at.
 */
static struct folio *random_victim(struct lruvec *lruvec, enum lru_list lru)
{
	const unsigned long frames = contig_zone.spanned_pages, nr = lruvec_list_nr(lruvec, lru);
	struct list_head *list = lruvec_list(lruvec, lru);
	struct folio *folio;
	unsigned long n;

	if (!nr)
		return NULL;
	if (frames / nr < nr) {
		do {
			folio = page_folio(pfn_to_page(contig_zone.zone_start_pfn + dice(frames)));
		} while (!folio_test_lru(folio) || folio_test_unevictable(folio) || folio_list(folio) != list);
		return folio;
	}
	n = dice(nr);
	list_for_each_entry(folio, list, lru) {
		if (n < folio_nr_pages(folio))
			return folio;
		n -= folio_nr_pages(folio);
	}
	return NULL;
}

DEFINE_RECLAIM_POLICY(random) = {
	.name	= "random",
	.init	= random_init,
	.victim	= random_victim,
};
