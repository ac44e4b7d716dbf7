// SPDX-License-Identifier: MIT
/*
 * Replacement by a clock: an approximation of LRU, and what Linux does. A page that was used since it was last
 * looked at - the accessed flag of its PTEs, or PG_referenced - gets a second chance, and when it was used again
 * the next time, a place on the active list. When the active list is the longer one, pages that were not used
 * lately move from its rear to the inactive list. So both lists are clocks.
 *
 * Callers: mm/vmscan.c and folio_mark_accessed(), by the table. Locking: what <linux/reclaim_policy.h> says.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm_inline.h>
#include <linux/reclaim_policy.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <linux/vmstat.h>
#include "internal.h"

/* Read or written: the first time it is marked, the second time it becomes active. */
static void clock_accessed(struct folio *folio)
{
	if (!folio_test_referenced(folio)) {
		folio_set_referenced(folio);
	} else if (!folio_test_active(folio) && !folio_test_unevictable(folio)) {
		folio_activate(folio);
		folio_clear_referenced(folio);
	}
}

/* Was it used since it was last looked at? Clears the traces. */
static enum folio_references clock_references(struct folio *folio)
{
	unsigned long vm_flags;
	const int ptes = folio_referenced(folio, 1, &vm_flags);
	const bool before = folio_test_clear_referenced(folio);

	if (vm_flags & VM_LOCKED)
		return FOLIOREF_ACTIVATE;
	if (ptes < 0)
		return FOLIOREF_KEEP;		/* cannot be told now */
	if (ptes) {
		folio_set_referenced(folio);
		/* Used by several, or again since the last time, or a program's code: it will be used again. */
		if (before || ptes > 1 || ((vm_flags & VM_EXEC) && folio_is_file_lru(folio)))
			return FOLIOREF_ACTIVATE;
		return FOLIOREF_KEEP;
	}
	/* Read once: not kept for that. The second time clock_accessed() makes it active. */
	return FOLIOREF_RECLAIM;
}

/* Moves pages that were not used lately from an active list to its inactive one. */
static void shrink_active_list(struct lruvec *lruvec, enum lru_list lru, unsigned long nr)
{
	struct folio *folio;
	unsigned long vm_flags;
	LIST_HEAD(batch);

	lru_add_drain();
	count_vm_events(PGREFILL, isolate_lru_folios(lruvec, lru, nr, lru_rear, &batch));
	list_for_each_entry(folio, &batch, lru) {
		bool used = folio_test_clear_referenced(folio);

		if (folio_mapped(folio))
			used |= folio_referenced(folio, 0, &vm_flags) != 0;
		if (!used) {
			folio_clear_active(folio);
			count_vm_event(PGDEACTIVATE);
		}
		cond_resched();
	}
	move_folios_to_lru(&batch);
}

static void clock_age(struct lruvec *lruvec, enum lru_list lru, int priority)
{
	const unsigned long active = lruvec_list_nr(lruvec, lru + LRU_ACTIVE);

	if (active > lruvec_list_nr(lruvec, lru))
		shrink_active_list(lruvec, lru + LRU_ACTIVE, max(active >> priority, SWAP_CLUSTER_MAX));
}

DEFINE_RECLAIM_POLICY(clock) = {
	.name		= "clock",
	.accessed	= clock_accessed,
	.victim		= lru_rear,
	.references	= clock_references,
	.age		= clock_age,
};
