/* SPDX-License-Identifier: MIT */
/*
 * Page replacement: which page goes when memory is short. A policy is one file, mm/policy_NAME.c, with a
 * table of these functions; `reclaim=NAME` on the kernel command line chooses it (mm/reclaim_policy.c). What
 * is done with a page that was chosen - out of the page tables, written, freed - is the same for all
 * (mm/vmscan.c).
 *
 * What a policy knows of the past stands in the order of the lists (struct lruvec): a new page comes to the
 * front of an inactive one, anonymous or file, and so does one that was looked at and stays. lru_lock guards
 * them; a page leaves by itself when it is freed.
 */
#ifndef _LINUX_RECLAIM_POLICY_H
#define _LINUX_RECLAIM_POLICY_H

#include <linux/compiler.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/mmzone.h>
#include <asm/cpufeature.h>

enum folio_references {
	FOLIOREF_RECLAIM,	/* it may go */
	FOLIOREF_KEEP,		/* back to the front of its list */
	FOLIOREF_ACTIVATE,	/* to the active list, if the policy has age() */
};

struct reclaim_policy {
	const char *name;
	/* It is in force, before any page is on a list. arg: what follows "NAME," or NULL. 0 or -EINVAL. May be missing. */
	int (*init)(const char *arg);

	/* A page was read or written by a system call. May be missing. */
	void (*accessed)(struct folio *folio);
	/*
	 * A fault of the task itself was dealt with, so that its access to address, of a page, will not fault again.
	 * flags: FAULT_FLAG_*. mmap_lock is held. May be missing. If not, CPUs leave the access flag to faults, and PTEs that nobody has asked
	 * for yet - of a child, or around a fault - are old: each page's first use comes here.
	 */
	void (*touched)(struct vm_area_struct *vma, unsigned long address, unsigned int flags,
			struct pt_regs *regs);
	/* The page of this inactive list that should go first, NULL if it is empty. lru_lock is held. */
	struct folio *(*victim)(struct lruvec *lruvec, enum lru_list lru);
	/* What victim() named was taken off its list and locked: was it used meanwhile? Missing: it may go. */
	enum folio_references (*references)(struct folio *folio);
	/*
	 * Before each round over an inactive list: brings pages to it from the active one, which begins at
	 * lru + LRU_ACTIVE. A round looks at 1 / 2^priority of a list. Missing: the active lists are not used.
	 */
	void (*age)(struct lruvec *lruvec, enum lru_list lru, int priority);
};

/* Without reclaim= it is "clock". */
#define DEFINE_RECLAIM_POLICY(id)							\
	const struct reclaim_policy id##_policy						\
	__attribute__((used, section(".reclaim_policies"), aligned(__alignof__(struct reclaim_policy))))

extern const struct reclaim_policy *reclaim_policy;

/* Are PTEs old that are made before anybody uses them? Not where it costs a fault for each, and nobody counts them. */
static inline bool ptes_start_old(void)
{
	return cpu_has_hw_af() || reclaim_policy->touched;
}

/* The page that has been on a list longest: where its front is the latest. */
static inline struct folio *lru_rear(struct lruvec *lruvec, enum lru_list lru)
{
	struct list_head *list = lruvec_list(lruvec, lru);

	return list_empty(list) ? NULL : list_last_entry(list, struct folio, lru);
}

#endif
