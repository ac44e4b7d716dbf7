// SPDX-License-Identifier: MIT
/*
 * Self-tests of reverse mapping: ktest=rmap. Whatever is done to address spaces, a walk from a page finds
 * exactly the PTEs that map it: as many as page_mapcount() says, since a PTE can be found only if it is
 * there. The address spaces are made by hand; nobody runs in them.
 */
#include <linux/err.h>
#include <linux/interval_tree_generic.h>
#include <linux/ktest.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/slab.h>
#include "internal.h"

#define BASE		0x10000000UL
#define PAGES		16
#define END		(BASE + PAGES * PAGE_SIZE)
#define FLAGS		VM_DATA_DEFAULT_FLAGS

static u32 __init next_random(u32 *state, u32 below)
{
	*state = *state * 1664525 + 1013904223;
	return (*state >> 8) % below;
}

/* ------------------------------------------------------------------ the tree of intervals */

struct interval {
	struct rb_node	rb;
	unsigned long	start, last, subtree_last;
	bool		in;
};

#define interval_start(n)	((n)->start)
#define interval_last(n)	((n)->last)
INTERVAL_TREE_DEFINE(struct interval, rb, unsigned long, subtree_last, interval_start, interval_last,
		     static, interval)

#define INTERVALS	48
static struct interval intervals[INTERVALS] __initdata;

/* How many answers the tree gives, or -1: one does not touch, they are out of order. */
static int __init ask_tree(struct rb_root_cached *root, unsigned long start, unsigned long last)
{
	struct interval *n, *prev = NULL;
	int count = 0;

	for (n = interval_iter_first(root, start, last); n; n = interval_iter_next(n, start, last)) {
		if (!n->in || n->last < start || n->start > last || (prev && prev->start > n->start))
			return -1;
		prev = n;
		count++;
	}
	return count;
}

static void __init tree_finds_all_that_touch(struct ktest *test)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	u32 seed = 1;

	for (int round = 0; round < 4000; round++) {
		struct interval *n = &intervals[next_random(&seed, INTERVALS)];
		unsigned long start = next_random(&seed, 220), last = start + next_random(&seed, 20);
		int expected = 0;

		if (n->in) {
			interval_remove(n, &root);
		} else {
			n->start = next_random(&seed, 200);
			n->last = n->start + next_random(&seed, next_random(&seed, 2) ? 3 : 60);
			interval_insert(n, &root);
		}
		n->in = !n->in;
		for (int i = 0; i < INTERVALS; i++)
			expected += intervals[i].in && intervals[i].last >= start &&
				    intervals[i].start <= last;
		KTEST_ASSERT_EQ(test, ask_tree(&root, start, last), expected);
	}
}

/* ------------------------------------------------------------------ address spaces by hand */

/* An address space with one private region, or NULL. */
static struct mm_struct * __init make_mm(void)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;

	if (!mm)
		return NULL;
	mmap_write_lock(mm);
	vma = vm_area_alloc(mm);
	if (vma) {
		vma->vm_start = BASE;
		vma->vm_end = END;
		vma->vm_flags = FLAGS;
		vma->vm_page_prot = vm_get_page_prot(FLAGS);
		vma->vm_pgoff = BASE >> PAGE_SHIFT;
		insert_vm_struct(mm, vma);
	}
	mmap_write_unlock(mm);
	return mm;
}

static unsigned long page_addr(int n)
{
	return BASE + n * PAGE_SIZE;
}

static struct vm_area_struct * __init vma_at(struct mm_struct *mm, int n)
{
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	vma = find_vma(mm, page_addr(n));
	mmap_read_unlock(mm);
	return vma;
}

static void __init fault(struct mm_struct *mm, int n, unsigned int flags)
{
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	vma = find_vma(mm, page_addr(n));
	if (vma && vma->vm_start <= page_addr(n))
		handle_mm_fault(vma, page_addr(n), flags, NULL);
	mmap_read_unlock(mm);
}

static void __init touch(struct mm_struct *mm, int n)
{
	fault(mm, n, FAULT_FLAG_WRITE);
}

/* The page that is mapped there, without a reference, or NULL. */
static struct page * __init page_at(struct mm_struct *mm, int n)
{
	pmd_t *pmd = mm_find_pmd(mm, page_addr(n));
	pte_t pte = pmd ? *pte_offset_kernel(pmd, page_addr(n)) : __pte(0);

	return pte_present(pte) ? vm_normal_page(pte) : NULL;
}

static bool __init count_one(struct folio *folio, struct vm_area_struct *vma, unsigned long addr, void *arg)
{
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, addr);

	while (page_vma_mapped_walk(&pvmw))
		++*(int *)arg;
	return true;
}

/* How many PTEs a walk finds. */
static int __init walk(struct page *page)
{
	int found = 0;
	struct rmap_walk_control rwc = { .arg = &found, .rmap_one = count_one };

	lock_page(page);
	rmap_walk(page_folio(page), &rwc);
	unlock_page(page);
	return found;
}

static int __init split_at(struct mm_struct *mm, int n, int new_below)
{
	struct vm_area_struct *vma;
	int ret = 0;

	mmap_write_lock(mm);
	vma = find_vma(mm, page_addr(n));
	if (vma && vma->vm_start < page_addr(n))
		ret = __split_vma(mm, vma, page_addr(n), new_below);
	mmap_write_unlock(mm);
	return ret;
}

static void __init unmap(struct mm_struct *mm, int n, int pages)
{
	mmap_write_lock(mm);
	do_munmap(mm, page_addr(n), pages * PAGE_SIZE);
	mmap_write_unlock(mm);
}

/* The region of page n joins its neighbours if it can. Returns how many regions there are. */
static int __init merge_at(struct mm_struct *mm, int n)
{
	struct vm_area_struct *vma, *prev;

	mmap_write_lock(mm);
	vma = find_vma_prev(mm, page_addr(n), &prev);
	if (vma && vma->vm_start <= page_addr(n))
		vma_merge(mm, prev, vma->vm_start, vma->vm_end, vma->vm_flags, vma->anon_vma, NULL,
			  vma->vm_pgoff);
	mmap_write_unlock(mm);
	return mm->map_count;
}

/* ------------------------------------------------------------------ cases */

static void __init forks_are_found(struct ktest *test)
{
	struct mm_struct *p = make_mm(), *c, *d, *e;
	struct page *page;

	touch(p, 3);
	page = page_at(p, 3);
	KTEST_ASSERT_NOT_NULL(test, page);
	KTEST_EXPECT_TRUE(test, PageAnon(page));
	KTEST_EXPECT_EQ(test, walk(page), 1);
	c = dup_mm(p);
	d = dup_mm(c);
	e = dup_mm(p);
	KTEST_ASSERT_FALSE(test, IS_ERR(c) || IS_ERR(d) || IS_ERR(e));
	KTEST_EXPECT_EQ(test, walk(page), 4);

	/* The child's copy is its own, also for those that it forks. */
	touch(c, 3);
	KTEST_EXPECT_TRUE(test, page_at(c, 3) != page);
	KTEST_EXPECT_EQ(test, walk(page), 3);
	KTEST_EXPECT_EQ(test, walk(page_at(c, 3)), 1);
	mmput(p);
	KTEST_EXPECT_EQ(test, walk(page), 2);
	p = dup_mm(c);
	KTEST_ASSERT_FALSE(test, IS_ERR(p));
	KTEST_EXPECT_EQ(test, walk(page_at(c, 3)), 2);
	mmput(p);
	mmput(d);
	KTEST_EXPECT_EQ(test, walk(page), 1);
	mmput(e);
	mmput(c);
}

static void __init split_and_merged_regions_are_found(struct ktest *test)
{
	struct mm_struct *mm = make_mm();
	struct page *pages[PAGES];

	for (int i = 0; i < PAGES; i++) {
		touch(mm, i);
		pages[i] = page_at(mm, i);
		KTEST_ASSERT_NOT_NULL(test, pages[i]);
	}
	for (int i = 1; i < PAGES; i++)
		KTEST_EXPECT_EQ(test, split_at(mm, i, i & 1), 0);
	KTEST_EXPECT_EQ(test, mm->map_count, PAGES);
	for (int i = 0; i < PAGES; i++)
		KTEST_EXPECT_EQ(test, walk(pages[i]), 1);
	KTEST_EXPECT_EQ(test, merge_at(mm, 1), PAGES - 2);
	KTEST_EXPECT_EQ(test, merge_at(mm, PAGES - 1), PAGES - 3);
	unmap(mm, 5, 2);
	for (int i = 0; i < PAGES; i++)
		if (i != 5 && i != 6)
			KTEST_EXPECT_EQ(test, walk(pages[i]), 1);
	mmput(mm);
}

/* Read first, it has the zero page, which is replaced by its first page. */
static void __init copies_of_the_zero_page_are_found(struct ktest *test)
{
	struct mm_struct *mm = make_mm();

	fault(mm, 4, 0);
	KTEST_EXPECT_NULL(test, page_at(mm, 4));
	touch(mm, 4);
	KTEST_ASSERT_NOT_NULL(test, page_at(mm, 4));
	KTEST_EXPECT_EQ(test, walk(page_at(mm, 4)), 1);
	mmput(mm);
}

/* Regions that got their anon_vma apart share it, and so can be joined. */
static void __init neighbours_share_an_anon_vma(struct ktest *test)
{
	struct mm_struct *mm = make_mm();

	split_at(mm, 8, 0);
	touch(mm, 2);
	touch(mm, 12);
	KTEST_EXPECT_PTR_EQ(test, vma_at(mm, 0)->anon_vma, vma_at(mm, 12)->anon_vma);
	KTEST_EXPECT_EQ(test, merge_at(mm, 0), 1);
	KTEST_EXPECT_EQ(test, walk(page_at(mm, 2)), 1);
	KTEST_EXPECT_EQ(test, walk(page_at(mm, 12)), 1);
	mmput(mm);
}

static void __init the_last_owner_takes_over(struct ktest *test)
{
	struct mm_struct *p = make_mm(), *c;
	struct page *page;

	touch(p, 0);
	page = page_at(p, 0);
	c = dup_mm(p);
	KTEST_ASSERT_FALSE(test, IS_ERR(c));
	mmput(p);
	touch(c, 0);
	KTEST_EXPECT_PTR_EQ(test, page_at(c, 0), page);
	KTEST_EXPECT_EQ(test, (unsigned long)page->mapping,
			(unsigned long)vma_at(c, 0)->anon_vma | PAGE_MAPPING_ANON);
	KTEST_EXPECT_EQ(test, walk(page), 1);
	mmput(c);
}

static int __init chain_length(struct vm_area_struct *vma)
{
	struct anon_vma_chain *avc;
	int n = 0;

	list_for_each_entry(avc, &vma->anon_vma_chain, same_vma)
		n++;
	return n;
}

static void __init generations_do_not_lengthen_the_chain(struct ktest *test)
{
	struct mm_struct *mm = make_mm(), *child;

	for (int i = 0; i < 20; i++) {
		touch(mm, i % PAGES);
		child = dup_mm(mm);
		KTEST_ASSERT_FALSE(test, IS_ERR(child));
		mmput(mm);
		mm = child;
	}
	KTEST_EXPECT_LE(test, chain_length(vma_at(mm, 0)), 3);
	for (int i = 0; i < PAGES; i++)
		KTEST_EXPECT_EQ(test, walk(page_at(mm, i)), 1);
	mmput(mm);
}

static void __init referenced_pages_are_told(struct ktest *test)
{
	struct mm_struct *p = make_mm(), *c;
	unsigned long vm_flags;
	struct folio *folio;

	touch(p, 0);
	c = dup_mm(p);
	KTEST_ASSERT_FALSE(test, IS_ERR(c));
	folio = page_folio(page_at(p, 0));
	KTEST_EXPECT_EQ(test, folio_referenced(folio, 0, &vm_flags), 2);
	KTEST_EXPECT_EQ(test, folio_referenced(folio, 0, &vm_flags), 0);
	mmput(c);
	mmput(p);
}

#define SPACES	5

/* Every page of every space. */
static bool __init all_found(struct mm_struct **mms)
{
	for (int i = 0; i < SPACES; i++) {
		for (int n = 0; mms[i] && n < PAGES; n++) {
			struct page *page = page_at(mms[i], n);

			if (page && walk(page) != page_mapcount(page))
				return false;
		}
	}
	return true;
}

static void __init random_histories_are_found(struct ktest *test)
{
	struct mm_struct *mms[SPACES] = { make_mm() };
	u32 seed = 4711;

	for (int step = 0; step < 1500; step++) {
		int i = next_random(&seed, SPACES), n = next_random(&seed, PAGES);
		int j = next_random(&seed, SPACES);
		struct mm_struct *mm = mms[i];

		switch (mm ? next_random(&seed, 16) : 0) {
		case 0:			/* a new one, or one forked */
			if (mm && j != i && !mms[j]) {
				mms[j] = dup_mm(mm);
				KTEST_ASSERT_FALSE(test, IS_ERR(mms[j]));
			} else if (!mm) {
				mms[i] = make_mm();
			}
			break;
		case 1:
			mmput(mm);
			mms[i] = NULL;
			break;
		case 2:
		case 3:
			split_at(mm, n, seed & 1);
			break;
		case 4:
		case 5:
			merge_at(mm, n);
			break;
		case 6:
			if (!next_random(&seed, 4))
				unmap(mm, n, 1);
			break;
		default:
			if (j != i && !mms[j] && !next_random(&seed, 3)) {
				mms[j] = dup_mm(mm);
				KTEST_ASSERT_FALSE(test, IS_ERR(mms[j]));
			}
			touch(mm, n);
		}
		KTEST_ASSERT_TRUE(test, all_found(mms));
	}
	for (int i = 0; i < SPACES; i++)
		if (mms[i])
			mmput(mms[i]);
}

ktest_suite("rmap",
	KTEST_CASE(tree_finds_all_that_touch),
	KTEST_CASE(forks_are_found),
	KTEST_CASE(split_and_merged_regions_are_found),
	KTEST_CASE(copies_of_the_zero_page_are_found),
	KTEST_CASE(neighbours_share_an_anon_vma),
	KTEST_CASE(the_last_owner_takes_over),
	KTEST_CASE(generations_do_not_lengthen_the_chain),
	KTEST_CASE(referenced_pages_are_told),
	KTEST_CASE(random_histories_are_found));
