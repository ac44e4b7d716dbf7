// SPDX-License-Identifier: MIT
/*
 * The windows onto an address space: /proc/PID/maps, its regions, one a line; smaps and smaps_rollup,
 * the same with what of each is there, counted by walking its page tables; pagemap, 8 bytes for each
 * page of it; and its sizes for status.
 *
 * The position in maps and smaps is the address to go on from, so a reader who comes back after regions
 * were added or removed goes on at the right place. mmap_lock is held from start() to stop(), for
 * reading; by the others for a stretch at a time. A PTE is looked at under the page-table lock, so that
 * its page stays what it is meanwhile.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagewalk.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/uaccess.h>
#include "internal.h"

unsigned long task_vsize(struct mm_struct *mm)
{
	return mm->total_vm << PAGE_SHIFT;
}

static void show_kb(struct seq_file *m, const char *name, unsigned long pages)
{
	seq_printf(m, "%s:\t%8lu kB\n", name, pages << (PAGE_SHIFT - 10));
}

void task_mem(struct seq_file *m, struct mm_struct *mm)
{
	unsigned long anon = get_mm_counter(mm, MM_ANONPAGES);
	unsigned long file = get_mm_counter(mm, MM_FILEPAGES);
	unsigned long shmem = get_mm_counter(mm, MM_SHMEMPAGES), rss = anon + file + shmem;
	unsigned long text = (PAGE_ALIGN(mm->end_code) - (mm->start_code & PAGE_MASK)) >>
			     PAGE_SHIFT;

	text = min(text, mm->exec_vm);
	show_kb(m, "VmPeak", max(mm->hiwater_vm, mm->total_vm));
	show_kb(m, "VmSize", mm->total_vm);
	show_kb(m, "VmLck", mm->locked_vm);
	show_kb(m, "VmHWM", max(mm->hiwater_rss, rss));
	show_kb(m, "VmRSS", rss);
	show_kb(m, "RssAnon", anon);
	show_kb(m, "RssFile", file);
	show_kb(m, "RssShmem", shmem);
	show_kb(m, "VmData", mm->data_vm);
	show_kb(m, "VmStk", mm->stack_vm);
	show_kb(m, "VmExe", text);
	show_kb(m, "VmLib", mm->exec_vm - text);
	seq_printf(m, "VmPTE:\t%8lu kB\n",
		   (unsigned long)atomic_long_read(&mm->pgtables_bytes) >> 10);
	show_kb(m, "VmSwap", get_mm_counter(mm, MM_SWAPENTS));
	show_kb(m, "HugetlbPages", atomic_long_read(&mm->hugetlb_usage));
}

/* Of an open maps file. The mm is found at open(): the file shows that one, also after exec. */
struct proc_maps_private {
	struct mm_struct	*mm;
};

static void *m_start(struct seq_file *m, loff_t *ppos)
{
	struct proc_maps_private *priv = m->private;
	struct mm_struct *mm = priv->mm;
	struct vm_area_struct *vma;

	if (!mm || !mmget_not_zero(mm))
		return NULL;
	mmap_read_lock(mm);
	vma = find_vma(mm, *ppos);
	if (vma)
		return vma;
	mmap_read_unlock(mm);
	mmput(mm);
	return NULL;
}

static void *m_next(struct seq_file *m, void *v, loff_t *ppos)
{
	struct proc_maps_private *priv = m->private;
	struct vm_area_struct *vma = v;

	/* The end of this one is where the next one is looked for. */
	*ppos = vma->vm_end;
	vma = find_vma(priv->mm, vma->vm_end);
	if (vma)
		return vma;
	mmap_read_unlock(priv->mm);
	mmput(priv->mm);
	return NULL;
}

static void m_stop(struct seq_file *m, void *v)
{
	struct proc_maps_private *priv = m->private;

	if (IS_ERR_OR_NULL(v))
		return;		/* released already */
	mmap_read_unlock(priv->mm);
	mmput(priv->mm);
}

/* What an anonymous region is, if that can be told. */
static const char *region_name(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;

	if (vma->vm_ops && vma->vm_ops->name)
		return vma->vm_ops->name(vma);
	if (vma->vm_start == (unsigned long)mm->vdso)
		return "[vdso]";
	if (vma->vm_start <= mm->brk && vma->vm_end >= mm->start_brk && mm->brk > mm->start_brk)
		return "[heap]";
	if (vma->vm_start <= mm->start_stack && vma->vm_end >= mm->start_stack)
		return "[stack]";
	return NULL;
}

/* The part of a line that regions and the rollup have in common. */
static void show_vma_header_prefix(struct seq_file *m, unsigned long start, unsigned long end,
				   unsigned long flags, loff_t pgoff, dev_t dev, unsigned long ino)
{
	m->pad_until = m->count + 73;	/* names stand below each other */
	seq_printf(m, "%08lx-%08lx %c%c%c%c %08llx %02x:%02x %lu ", start, end,
		   flags & VM_READ ? 'r' : '-', flags & VM_WRITE ? 'w' : '-',
		   flags & VM_EXEC ? 'x' : '-', flags & VM_MAYSHARE ? 's' : 'p', pgoff, MAJOR(dev),
		   MINOR(dev), ino);
}

static int show_map(struct seq_file *m, void *v)
{
	struct vm_area_struct *vma = v;
	struct file *file = vma->vm_file;
	unsigned long ino = 0;
	loff_t pgoff = 0;
	dev_t dev = 0;
	const char *name = NULL;

	if (file) {
		dev = file_inode(file)->i_sb->s_dev;
		ino = file_inode(file)->i_ino;
		pgoff = (loff_t)vma->vm_pgoff << PAGE_SHIFT;
	}
	show_vma_header_prefix(m, vma->vm_start, vma->vm_end, vma->vm_flags, pgoff, dev, ino);
	if (!file)
		name = region_name(vma);
	if (file || name)
		seq_pad(m, 0);
	if (file)
		seq_file_path(m, file, "\n");
	else if (name)
		seq_puts(m, name);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations proc_pid_maps_op = {
	.start	= m_start,
	.next	= m_next,
	.stop	= m_stop,
	.show	= show_map,
};

/*
 * The address space that a file is about, if we may look at it: the structure is kept, not the memory,
 * as a reader must not keep that alive. NULL: a kernel thread's. Or an error.
 */
struct mm_struct *proc_mem_open(struct inode *inode)
{
	struct task_struct *task = get_proc_task(inode);
	struct mm_struct *mm;

	if (!task)
		return ERR_PTR(-ESRCH);
	mm = proc_may_look(task) ? get_task_mm(task) : ERR_PTR(-EACCES);
	put_task_struct(task);
	if (!IS_ERR_OR_NULL(mm)) {
		mmgrab(mm);
		mmput(mm);
	}
	return mm;
}

static int do_maps_open(struct inode *inode, struct file *file, const struct seq_operations *ops)
{
	struct mm_struct *mm = proc_mem_open(inode);
	struct proc_maps_private *priv;

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	priv = __seq_open_private(file, ops, sizeof(*priv));
	if (priv)
		priv->mm = mm;
	else if (mm)
		mmdrop(mm);
	return priv ? 0 : -ENOMEM;
}

static int pid_maps_open(struct inode *inode, struct file *file)
{
	return do_maps_open(inode, file, &proc_pid_maps_op);
}

static int proc_map_release(struct inode *inode, struct file *file)
{
	struct proc_maps_private *priv = ((struct seq_file *)file->private_data)->private;

	if (priv->mm)
		mmdrop(priv->mm);
	return seq_release_private(inode, file);
}

const struct file_operations proc_pid_maps_operations = {
	.open		= pid_maps_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= proc_map_release,
};

/* ------------------------------------------------------------------ smaps: what of a region is there */

/* Proportional sizes are kept with a fraction: a page that 3 map is a third of a page for each. */
#define PSS_SHIFT	12

/* In bytes; those with pss in their name in 1 / 2^PSS_SHIFT of a byte. */
struct mem_size_stats {
	unsigned long resident, shared_clean, shared_dirty, private_clean, private_dirty;
	unsigned long referenced, anonymous, lazyfree, anonymous_thp, shared_hugetlb, private_hugetlb, swap;
	u64 pss, pss_anon, pss_file, pss_shmem, pss_dirty, pss_locked, swap_pss;
};

/* @size bytes, all of one page or of one block, which PTEs map or a PMD does. */
static void smaps_account(struct mem_size_stats *mss, struct vm_area_struct *vma, struct page *page,
			  unsigned long size, bool young, bool dirty)
{
	const int mapcount = page_mapcount(page);
	const bool shared = mapcount > 1;
	const u64 pss = ((u64)size << PSS_SHIFT) / (shared ? mapcount : 1);

	page = compound_head(page);
	dirty |= PageDirty(page);
	mss->resident += size;
	if (young || PageReferenced(page))
		mss->referenced += size;
	mss->pss += pss;
	if (PageAnon(page)) {
		mss->anonymous += size;
		mss->pss_anon += pss;
		if (!PageSwapBacked(page) && !dirty)
			mss->lazyfree += size;
	} else if (PageSwapBacked(page)) {
		mss->pss_shmem += pss;
	} else {
		mss->pss_file += pss;
	}
	if (vma->vm_flags & VM_LOCKED)
		mss->pss_locked += pss;
	if (dirty)
		mss->pss_dirty += pss;
	*(shared ? dirty ? &mss->shared_dirty : &mss->shared_clean
		 : dirty ? &mss->private_dirty : &mss->private_clean) += size;
}

/* A page in swap; whoever has the entry, after a fork, counts for an equal part of its slot. */
static void smaps_account_swap(struct mem_size_stats *mss, swp_entry_t entry)
{
	if (non_swap_entry(entry))
		return;
	mss->swap += PAGE_SIZE;
	mss->swap_pss += ((u64)PAGE_SIZE << PSS_SHIFT) / max(swap_count(entry), 1U);
}

/* Nothing is mapped, but of shared memory the file knows what of it is in swap. */
static int smaps_pte_hole(unsigned long addr, unsigned long next, int depth, struct mm_walk *walk)
{
	struct mem_size_stats *mss = walk->private;
	struct vm_area_struct *vma = walk->vma;

	mss->swap += shmem_partial_swap_usage(vma->vm_file->f_mapping, linear_page_index(vma, addr),
					      linear_page_index(vma, next));
	return 0;
}

static int smaps_pte_entry(pte_t *ptep, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	struct mem_size_stats *mss = walk->private;
	pte_t pte = ptep_get(ptep);
	struct page *page;

	if (pte_none(pte))
		return walk->ops->pte_hole ? smaps_pte_hole(addr, next, 3, walk) : 0;
	if (!pte_present(pte) && is_migration_entry(pte_to_swp_entry(pte))) {
		/* Being split; it stays the page of this entry while we have the lock. */
		smaps_account(mss, walk->vma, pfn_swap_entry_to_page(pte_to_swp_entry(pte)), PAGE_SIZE,
			      is_migration_entry_young(pte_to_swp_entry(pte)), true);
		return 0;
	}
	if (!pte_present(pte)) {
		smaps_account_swap(mss, pte_to_swp_entry(pte));
		return 0;
	}
	page = vm_normal_page(pte);
	if (page)
		smaps_account(mss, walk->vma, page, PAGE_SIZE, pte_young(pte), pte_dirty(pte));
	return 0;
}

/* A huge page, all of which lies in the region. Its frames may be mapped by PTEs of others, too. */
static void smaps_account_thp(struct mem_size_stats *mss, struct vm_area_struct *vma, struct page *page,
			      bool young, bool dirty)
{
	const bool alike = atomic_read(&page[1]._nr_pages_mapped) == COMPOUND_MAPPED;
	const int step = alike ? HPAGE_PMD_NR : 1;

	for (int i = 0; i < HPAGE_PMD_NR; i += step)
		smaps_account(mss, vma, page + i, step * PAGE_SIZE, young, dirty);
	mss->anonymous_thp += HPAGE_PMD_SIZE;
}

/* Not resident in the sense of the others: nobody could take it away. */
static void smaps_account_hugetlb(struct mem_size_stats *mss, struct page *page)
{
	*(compound_mapcount(page) > 1 ? &mss->shared_hugetlb : &mss->private_hugetlb) += HPAGE_SIZE;
}

static int smaps_pmd_entry(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	spinlock_t *ptl;

	if (!pmd_trans_huge(READ_ONCE(*pmd)))
		return 0;
	ptl = pmd_lock(walk->mm, pmd);
	if (pmd_trans_huge(*pmd) && is_vm_hugetlb_page(walk->vma)) {
		smaps_account_hugetlb(walk->private, pmd_page(*pmd));
	} else if (pmd_trans_huge(*pmd)) {
		smaps_account_thp(walk->private, walk->vma, pmd_page(*pmd), pmd_young(*pmd),
				  pte_dirty(pmd_pte(*pmd)));
		walk->action = ACTION_CONTINUE;
	}
	spin_unlock(ptl);
	return 0;
}

static const struct mm_walk_ops smaps_walk_ops = {
	.pmd_entry	= smaps_pmd_entry,
	.pte_entry	= smaps_pte_entry,
};

static const struct mm_walk_ops smaps_shmem_walk_ops = {
	.pmd_entry	= smaps_pmd_entry,
	.pte_entry	= smaps_pte_entry,
	.pte_hole	= smaps_pte_hole,
};

/*
 * Adds up one region. Of what a region of shared memory does not map, some may be in swap: all of it is the
 * file's, but where a private copy stands in its place.
 */
static void smap_gather_stats(struct vm_area_struct *vma, struct mem_size_stats *mss)
{
	const struct mm_walk_ops *ops = &smaps_walk_ops;
	unsigned long swapped = 0;

	if (vma->vm_file && shmem_mapping(vma->vm_file->f_mapping))
		swapped = shmem_swap_usage(vma);
	if (swapped && (vma->vm_flags & (VM_SHARED | VM_WRITE)) == VM_WRITE)
		ops = &smaps_shmem_walk_ops;
	else
		mss->swap += swapped;
	walk_page_vma(vma, ops, mss);
}

static void smaps_line(struct seq_file *m, const char *name, unsigned long bytes)
{
	seq_printf(m, "%-15s %8lu kB\n", name, bytes >> 10);
}

static void __show_smap(struct seq_file *m, const struct mem_size_stats *mss, bool rollup)
{
	smaps_line(m, "Rss:", mss->resident);
	smaps_line(m, "Pss:", mss->pss >> PSS_SHIFT);
	smaps_line(m, "Pss_Dirty:", mss->pss_dirty >> PSS_SHIFT);
	if (rollup) {
		smaps_line(m, "Pss_Anon:", mss->pss_anon >> PSS_SHIFT);
		smaps_line(m, "Pss_File:", mss->pss_file >> PSS_SHIFT);
		smaps_line(m, "Pss_Shmem:", mss->pss_shmem >> PSS_SHIFT);
	}
	smaps_line(m, "Shared_Clean:", mss->shared_clean);
	smaps_line(m, "Shared_Dirty:", mss->shared_dirty);
	smaps_line(m, "Private_Clean:", mss->private_clean);
	smaps_line(m, "Private_Dirty:", mss->private_dirty);
	smaps_line(m, "Referenced:", mss->referenced);
	smaps_line(m, "Anonymous:", mss->anonymous);
	smaps_line(m, "LazyFree:", mss->lazyfree);
	smaps_line(m, "AnonHugePages:", mss->anonymous_thp);
	smaps_line(m, "Shared_Hugetlb:", mss->shared_hugetlb);
	seq_printf(m, "Private_Hugetlb: %7lu kB\n", mss->private_hugetlb >> 10);
	smaps_line(m, "Swap:", mss->swap);
	smaps_line(m, "SwapPss:", mss->swap_pss >> PSS_SHIFT);
	smaps_line(m, "Locked:", mss->pss_locked >> PSS_SHIFT);
}

/* Is there a place in it where a huge page would fit? */
static bool vma_has_room_for_thp(struct vm_area_struct *vma)
{
	return transhuge_vma_suitable(vma, ALIGN(vma->vm_start, HPAGE_PMD_SIZE));
}

/* The flags of a region, two letters each, by the number of their bit. */
static void show_smap_vma_flags(struct seq_file *m, struct vm_area_struct *vma)
{
	static const char names[] = "rdwrexshmrmwmemsgd??pf????loiosrrrdcdelfacnrhtsf??wfdd??mmhgnh";

	seq_puts(m, "VmFlags: ");
	for (unsigned int bit = 0; bit < sizeof(names) / 2; bit++)
		if (vma->vm_flags & BIT(bit))
			seq_printf(m, "%.2s ", names + 2 * bit);
	seq_putc(m, '\n');
}

static int show_smap(struct seq_file *m, void *v)
{
	struct vm_area_struct *vma = v;
	struct mem_size_stats mss = { };

	smap_gather_stats(vma, &mss);
	show_map(m, vma);
	smaps_line(m, "Size:", vma->vm_end - vma->vm_start);
	smaps_line(m, "KernelPageSize:", vma_kernel_pagesize(vma));
	smaps_line(m, "MMUPageSize:", vma_kernel_pagesize(vma));
	__show_smap(m, &mss, false);
	seq_printf(m, "THPeligible:    %d\n", hugepage_vma_check(vma) && vma_has_room_for_thp(vma));
	show_smap_vma_flags(m, vma);
	return 0;
}

static const struct seq_operations proc_pid_smaps_op = {
	.start	= m_start,
	.next	= m_next,
	.stop	= m_stop,
	.show	= show_smap,
};

static int pid_smaps_open(struct inode *inode, struct file *file)
{
	return do_maps_open(inode, file, &proc_pid_smaps_op);
}

const struct file_operations proc_pid_smaps_operations = {
	.open		= pid_smaps_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= proc_map_release,
};

/* All regions together. The lock is let go after each, for those who wait to change them. */
static int show_smaps_rollup(struct seq_file *m, void *v)
{
	struct mm_struct *mm = m->private;
	struct mem_size_stats mss = { };
	unsigned long start = 0, end = 0;
	struct vm_area_struct *vma;
	int err = 0;

	if (!mm || !mmget_not_zero(mm))
		return -ESRCH;
	for (;;) {
		err = mmap_read_lock_killable(mm);
		if (err)
			goto out;
		vma = find_vma(mm, end);
		if (vma) {
			if (!end)
				start = vma->vm_start;
			end = vma->vm_end;
			smap_gather_stats(vma, &mss);
		}
		mmap_read_unlock(mm);
		if (!vma)
			break;
		cond_resched();
	}
	show_vma_header_prefix(m, start, end, 0, 0, 0, 0);
	seq_pad(m, ' ');
	seq_puts(m, "[rollup]\n");
	__show_smap(m, &mss, true);
out:
	mmput(mm);
	return err;
}

static int smaps_rollup_open(struct inode *inode, struct file *file)
{
	struct mm_struct *mm = proc_mem_open(inode);
	int err;

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	err = single_open(file, show_smaps_rollup, mm);
	if (err && mm)
		mmdrop(mm);
	return err;
}

static int smaps_rollup_release(struct inode *inode, struct file *file)
{
	struct mm_struct *mm = ((struct seq_file *)file->private_data)->private;

	if (mm)
		mmdrop(mm);
	return single_release(inode, file);
}

const struct file_operations proc_pid_smaps_rollup_operations = {
	.open		= smaps_rollup_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= smaps_rollup_release,
};

/* ------------------------------------------------------------------ pagemap: 8 bytes for each page */

#define PM_ENTRY_BYTES		sizeof(u64)
#define PM_PFRAME_MASK		((BIT_ULL(55)) - 1)	/* frame; in swap: bits 4-0 area, the rest slot */
#define PM_MMAP_EXCLUSIVE	BIT_ULL(56)		/* nothing else maps it */
#define PM_FILE			BIT_ULL(61)		/* of a file, or shared */
#define PM_SWAP			BIT_ULL(62)
#define PM_PRESENT		BIT_ULL(63)
/* Bits 55 and 57, soft-dirty and write-protected by userfaultfd, are never set on arm64. */

/* Addresses that are walked in one go under mmap_lock: one page of entries. */
#define PAGEMAP_WALK_SIZE	(PAGE_SIZE / PM_ENTRY_BYTES * PAGE_SIZE)

struct pagemapread {
	u64	*buffer;	/* of the walk's pages, zeroes at first: so holes need no care */
	unsigned long start;	/* address of the first */
	bool	show_pfn;
};

static u64 pagemap_entry(const struct pagemapread *pm, pte_t pte, unsigned long offset)
{
	struct page *page = vm_normal_page(pte);
	u64 entry = PM_PRESENT;

	if (page)
		page += offset >> PAGE_SHIFT;
	if (pm->show_pfn)
		entry |= (pte_pfn(pte) + (offset >> PAGE_SHIFT)) & PM_PFRAME_MASK;
	if (page && !PageAnon(compound_head(page)))
		entry |= PM_FILE;
	if (page && page_mapcount(page) == 1)
		entry |= PM_MMAP_EXCLUSIVE;
	return entry;
}

/* Where in swap: area and slot, as far as the reader may know. */
static u64 pagemap_swap_entry(const struct pagemapread *pm, swp_entry_t entry)
{
	u64 where = swp_type(entry) | swp_offset(entry) << MAX_SWAPFILES_SHIFT;

	return PM_SWAP | (pm->show_pfn ? where & PM_PFRAME_MASK : 0);
}

static int pagemap_pte_entry(pte_t *ptep, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	const struct pagemapread *pm = walk->private;
	pte_t pte = ptep_get(ptep);

	if (!pte_none(pte))
		pm->buffer[(addr - pm->start) >> PAGE_SHIFT] =
			pte_present(pte) ? pagemap_entry(pm, pte, 0)
					 : pagemap_swap_entry(pm, pte_to_swp_entry(pte));
	return 0;
}

static int pagemap_pmd_entry(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	const struct pagemapread *pm = walk->private;
	spinlock_t *ptl = pte_lockptr(walk->mm, pmd);
	pmd_t entry;

	if (!pmd_leaf(READ_ONCE(*pmd)))
		return 0;
	spin_lock(ptl);
	entry = READ_ONCE(*pmd);
	if (pmd_leaf(entry)) {
		for (; addr < next; addr += PAGE_SIZE)
			pm->buffer[(addr - pm->start) >> PAGE_SHIFT] =
				pagemap_entry(pm, __pte(pmd_val(entry)), addr & ~PMD_MASK);
		walk->action = ACTION_CONTINUE;
	}
	spin_unlock(ptl);
	return 0;
}

static const struct mm_walk_ops pagemap_ops = {
	.pmd_entry	= pagemap_pmd_entry,
	.pte_entry	= pagemap_pte_entry,
};

/* The entries of pages [start, end), a walk's worth at most, to the reader. */
static int pagemap_walk(struct mm_struct *mm, struct pagemapread *pm, unsigned long end, char __user *buf)
{
	const size_t len = (end - pm->start) / PAGE_SIZE * PM_ENTRY_BYTES;
	int err;

	memset(pm->buffer, 0, len);
	err = mmap_read_lock_killable(mm);
	if (err)
		return err;
	err = walk_page_range(mm, pm->start, end, &pagemap_ops, pm);
	mmap_read_unlock(mm);
	if (err)
		return err;
	return copy_to_user(buf, pm->buffer, len) ? -EFAULT : 0;
}

/*
 * The entry of address a is at byte a / PAGE_SIZE * 8. Who was not root when he opened the file learns
 * what is there, but no frame numbers: they would tell him which rows of a memory chip to hammer.
 */
static ssize_t pagemap_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct mm_struct *mm = file->private_data;
	struct pagemapread pm = {
		.show_pfn = file_ns_capable(file, &init_user_ns, CAP_SYS_ADMIN),
	};
	unsigned long end;
	ssize_t ret = 0, copied = 0;

	if (!mm || !mmget_not_zero(mm))
		return 0;
	if ((*ppos % PM_ENTRY_BYTES) || (count % PM_ENTRY_BYTES))
		ret = -EINVAL;
	if (ret || *ppos / PM_ENTRY_BYTES >= mm->task_size / PAGE_SIZE)
		goto out;
	pm.start = *ppos / PM_ENTRY_BYTES * PAGE_SIZE;
	end = pm.start + min(count / PM_ENTRY_BYTES, (mm->task_size - pm.start) / PAGE_SIZE) * PAGE_SIZE;
	pm.buffer = (u64 *)__get_free_page(GFP_KERNEL);
	ret = pm.buffer ? 0 : -ENOMEM;
	while (!ret && pm.start < end) {
		unsigned long next = min(end, (pm.start + PAGEMAP_WALK_SIZE) & ~(PAGEMAP_WALK_SIZE - 1));

		ret = pagemap_walk(mm, &pm, next, buf + copied);
		if (!ret)
			copied += (next - pm.start) / PAGE_SIZE * PM_ENTRY_BYTES;
		pm.start = next;
	}
	free_page((unsigned long)pm.buffer);
	*ppos += copied;
out:
	mmput(mm);
	return copied ?: ret;
}

static int pagemap_open(struct inode *inode, struct file *file)
{
	struct mm_struct *mm = proc_mem_open(inode);

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	file->private_data = mm;
	return 0;
}

static int pagemap_release(struct inode *inode, struct file *file)
{
	struct mm_struct *mm = file->private_data;

	if (mm)
		mmdrop(mm);
	return 0;
}

const struct file_operations proc_pagemap_operations = {
	.open		= pagemap_open,
	.read		= pagemap_read,
	.llseek		= generic_file_llseek,
	.release	= pagemap_release,
};
