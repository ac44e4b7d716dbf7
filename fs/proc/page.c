// SPDX-License-Identifier: MIT
/*
 * /proc/kpagecount and /proc/kpageflags: 8 bytes for each frame of the machine, by frame number from 0
 * on. How many PTEs map it; and what it is, in the bits of <linux/kernel-page-flags.h>.
 *
 * Together with /proc/PID/pagemap, which gives the frame number behind an address, they say who shares
 * what. For root only. No lock: a frame may change its owner while it is looked at, and then the word
 * is of both.
 */
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kernel-page-flags.h>
#include <linux/mm.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#define KPMSIZE	sizeof(u64)
#define KPMMASK	(KPMSIZE - 1)

/* NULL: there is no such frame. */
static struct page *pfn_to_ram_page(unsigned long pfn)
{
	return pfn_valid(pfn) ? pfn_to_page(pfn) : NULL;
}

/* What both files do: @word of each frame from *ppos on, as far as RAM goes. */
static ssize_t kpage_read(char __user *buf, size_t count, loff_t *ppos, u64 (*word)(struct page *page))
{
	const unsigned long end = max_pfn * KPMSIZE;
	u64 __user *out = (u64 __user *)buf;
	unsigned long src = *ppos;
	ssize_t ret = 0;

	if ((src & KPMMASK) || (count & KPMMASK))
		return -EINVAL;
	if (src >= end)
		return 0;
	for (count = min(count, end - src); count; count -= KPMSIZE) {
		if (put_user(word(pfn_to_ram_page(src / KPMSIZE)), out)) {
			ret = -EFAULT;
			break;
		}
		out++;
		src += KPMSIZE;
		cond_resched();
	}
	*ppos = src;
	return (char __user *)out - buf ?: ret;
}

static u64 page_word_count(struct page *page)
{
	return page && !PageSlab(page) ? page_mapcount(page) : 0;
}

static ssize_t kpagecount_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	return kpage_read(buf, count, ppos, page_word_count);
}

/* Bits that are the same in page->flags, under other numbers. */
static const struct { unsigned char kpf, pg; } copied_bits[] = {
	{ KPF_LOCKED, PG_locked }, { KPF_ERROR, PG_error }, { KPF_REFERENCED, PG_referenced },
	{ KPF_UPTODATE, PG_uptodate }, { KPF_DIRTY, PG_dirty }, { KPF_LRU, PG_lru },
	{ KPF_ACTIVE, PG_active }, { KPF_SLAB, PG_slab }, { KPF_WRITEBACK, PG_writeback },
	{ KPF_RECLAIM, PG_reclaim }, { KPF_BUDDY, PG_buddy }, { KPF_SWAPBACKED, PG_swapbacked },
	{ KPF_COMPOUND_HEAD, PG_head }, { KPF_UNEVICTABLE, PG_unevictable }, { KPF_MLOCKED, PG_mlocked },
	{ KPF_PGTABLE, PG_table }, { KPF_RESERVED, PG_reserved },
	{ KPF_MAPPEDTODISK, PG_mappedtodisk }, { KPF_PRIVATE, PG_private },
	{ KPF_OWNER_PRIVATE, PG_owner_priv_1 }, { KPF_ARCH, PG_arch_1 },
};

/** stable_page_flags - what a frame is, in KPF_ bits; @page may be NULL */
u64 stable_page_flags(struct page *page)
{
	unsigned long k;
	u64 u = 0;

	if (!page)
		return BIT_ULL(KPF_NOPAGE);
	k = READ_ONCE(page->flags);
	for (size_t i = 0; i < ARRAY_SIZE(copied_bits); i++)
		u |= (u64)(k >> copied_bits[i].pg & 1) << copied_bits[i].kpf;
	if (!PageSlab(page) && page_mapped(page))
		u |= BIT_ULL(KPF_MMAP);
	if (PageAnon(compound_head(page)))
		u |= BIT_ULL(KPF_ANON);
	if (PageSwapCache(page))
		u |= BIT_ULL(KPF_SWAPCACHE);
	if (PageTail(page)) {
		u |= BIT_ULL(KPF_COMPOUND_TAIL);
		if (PageSlab(compound_head(page)))
			u |= BIT_ULL(KPF_SLAB);
	}
	if (PageHuge(page))
		u |= BIT_ULL(KPF_HUGE);
	else if (PageCompound(page) && PageAnon(compound_head(page)))
		u |= BIT_ULL(KPF_THP);
	if (is_zero_pfn(page_to_pfn(page)))
		u |= BIT_ULL(KPF_ZERO_PAGE);
	return u;
}

static ssize_t kpageflags_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	return kpage_read(buf, count, ppos, stable_page_flags);
}

static const struct proc_ops kpagecount_proc_ops = {
	.proc_lseek	= generic_file_llseek,
	.proc_read	= kpagecount_read,
};

static const struct proc_ops kpageflags_proc_ops = {
	.proc_lseek	= generic_file_llseek,
	.proc_read	= kpageflags_read,
};

static int __init proc_page_init(void)
{
	if (!proc_create("kpagecount", S_IRUSR, NULL, &kpagecount_proc_ops) ||
	    !proc_create("kpageflags", S_IRUSR, NULL, &kpageflags_proc_ops))
		return -ENOMEM;
	return 0;
}
fs_initcall(proc_page_init);
