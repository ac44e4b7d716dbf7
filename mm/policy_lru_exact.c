// SPDX-License-Identifier: MIT
/*
 * Exact replacement by least recent use: the page whose last use is longest ago goes. What the clock approximates.
 *
 * The MMU does not tell when a page is used, so each use is made a fault: a PTE is old, the access takes an
 * access-flag fault, the page goes to the front of its list, and its PTE is made old again by the next fault.
 * So a list is always in the order of the last uses. Right, and hundreds of times slower than no policy at all.
 *
 * What is young, and so used without a fault, is as little as a program can run with: the last two pages
 * that code came from, and the data pages of one instruction. That may take several faults before it goes through: an
 * access that crosses into a second page, or code and data each; if the PTEs of the first were made old by
 * the second fault it would never end. So: do all registers have the values of the fault before? Then
 * the instruction is still the same. Code gets two pages since a loop that loads and stores exclusively may
 * lie across a page boundary, and a fault in it starts it over. A system call keeps the last two data pages: it faults in
 * what it will copy where it must not fault, and that may cross into a second page, too.
 *
 * A page that is young when it is to go - a program slept with it, or a child has inherited it - counts as
 * used just now.
 *
 * Callers: do_page_fault(), folio_mark_accessed() and mm/vmscan.c, by the table.
 * Locking: current->touched is the task's own. A PTE is changed under its lock, lru_lock nests inside.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm_inline.h>
#include <linux/reclaim_policy.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <asm/cpufeature.h>
#include <asm/ptrace.h>
#include <asm/tlbflush.h>
#include "internal.h"

static int lru_exact_init(const char *arg)
{
	if (arg)
		return -EINVAL;
	cpu_disable_hw_af();	/* the others do as they come up */
	return 0;
}

static void move_to_front(struct folio *folio)
{
	struct lruvec *lruvec = folio_lruvec(folio);
	unsigned long flags;

	spin_lock_irqsave(&lruvec->lru_lock, flags);
	if (folio_test_lru(folio) && !folio_test_unevictable(folio))
		list_move(&folio->lru, folio_list(folio));
	spin_unlock_irqrestore(&lruvec->lru_lock, flags);
}

static void lru_exact_accessed(struct folio *folio)
{
	lru_add_drain();	/* those that came before are behind it */
	move_to_front(folio);
}

/* The next access to this address will fault. mmap_lock is held, of the address space that the VMA is in. */
static void make_old(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	pmd_t *pmd = addr ? mm_find_pmd(mm, addr) : NULL;
	spinlock_t *ptl;
	pte_t *pte;

	if (!pmd || !pmd_table(READ_ONCE(*pmd)))
		return;
	pte = pte_offset_map_lock(mm, pmd, addr, &ptl);
	if (pte_present(*pte) && ptep_test_and_clear_young(vma, addr, pte))
		flush_tlb_page(vma, addr);	/* looks only at whose address it is, not at the region */
	pte_unmap_unlock(pte, ptl);
}

/* The page that is mapped there is used now. */
static void stamp(struct mm_struct *mm, unsigned long addr)
{
	pmd_t *pmd = mm_find_pmd(mm, addr);
	struct page *page = NULL;
	spinlock_t *ptl;
	pte_t *pte;

	if (!pmd || !pmd_table(READ_ONCE(*pmd)))
		return;
	lru_add_drain();
	pte = pte_offset_map_lock(mm, pmd, addr, &ptl);
	if (pte_present(*pte))
		page = vm_normal_page(*pte);
	if (page)
		move_to_front(page_folio(page));
	pte_unmap_unlock(pte, ptl);
}

/* A number that tells one state of the registers from another. */
static u64 hash_regs(struct pt_regs *regs)
{
	u64 hash = regs->pc ^ regs->sp << 32;

	for (int i = 0; i < ARRAY_SIZE(regs->regs); i++)
		hash = (hash ^ regs->regs[i]) * 0x9e3779b97f4a7c15ULL + (hash >> 29);
	return hash;
}

/* addr is the latest of two; the one before the last is made old. */
static void push(struct vm_area_struct *vma, unsigned long pages[2], unsigned long addr)
{
	if (pages[0] == addr)
		return;
	if (pages[1] != addr)
		make_old(vma, pages[1]);
	pages[1] = pages[0];
	pages[0] = addr;
}

static void lru_exact_touched(struct vm_area_struct *vma, unsigned long addr, unsigned int flags,
			      struct pt_regs *regs)
{
	struct touched_pages *t = &current->touched;
	const u64 hash = user_mode(regs) ? hash_regs(regs) : 0;

	if (hash && hash != t->regs) {
		for (int i = 0; i < 2; i++) {
			if (t->data[i] != addr)
				make_old(vma, t->data[i]);
			t->data[i] = 0;
		}
	}
	t->regs = hash;
	push(vma, flags & FAULT_FLAG_INSTRUCTION ? t->code : t->data, addr);
	stamp(vma->vm_mm, addr);
}

static enum folio_references lru_exact_references(struct folio *folio)
{
	unsigned long vm_flags;

	return folio_referenced(folio, 1, &vm_flags) || (vm_flags & VM_LOCKED) ? FOLIOREF_KEEP : FOLIOREF_RECLAIM;
}

DEFINE_RECLAIM_POLICY(lru_exact) = {
	.name		= "lru-exact",
	.init		= lru_exact_init,
	.accessed	= lru_exact_accessed,
	.touched	= lru_exact_touched,
	.victim		= lru_rear,
	.references	= lru_exact_references,
};
