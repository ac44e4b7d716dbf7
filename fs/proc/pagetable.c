// SPDX-License-Identifier: MIT
/*
 * /proc/PID/pagetable and /proc/kernel_page_tables: the four levels of page tables as a tree, as the MMU
 * walks them, a line for each table and for each run of equal blocks or pages.
 *
 *	0: 0000000000000000-0000007fffffffff table at 48165
 *	1:   0000000000000000-000000003fffffff table at 48166
 *	2:     0000000000400000-00000000005fffff table at 48167
 *	3:       0000000000400000-000000000041dfff 30 pages at 48294-482b1: user r-x, kernel r--, ...
 *
 * First the level of the entry, then the addresses it is for, then the frame it leads to, all in
 * hexadecimal. A run has the same words throughout, and frames that follow each other, upwards or
 * downwards, or are all the same one (the zero page).
 *
 * A record of the seq_file is what one PMD entry covers, 2 MiB, so mmap_lock, from start() to stop(), is
 * not held for the whole of a large tree. Which record prints the line of an upper entry, or of a run
 * of blocks, can be told from the tables alone: the one where it begins. Nothing is kept from record
 * to record. mmap_lock keeps the tables; entries change meanwhile, and each is read once. The words on
 * the page behind one may be late when it is freed at that moment.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagewalk.h>
#include <linux/proc_fs.h>
#include <linux/ptdump.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "internal.h"

struct pt_private {
	struct mm_struct *mm;
	unsigned long	start, end;	/* the half of the addresses that it shows */
	unsigned long	addr;		/* of the record */
	struct seq_file	*m;
};

static const unsigned char level_shift[] = { PGDIR_SHIFT, PUD_SHIFT, PMD_SHIFT, PAGE_SHIFT };

static bool is_kernel(const struct pt_private *priv)
{
	return priv->mm == &init_mm;
}

/* ------------------------------------------------------------------ one entry, and those like it */

enum leaf_kind { LEAF_OTHER, LEAF_ZERO, LEAF_ANON, LEAF_FILE, LEAF_SHMEM, LEAF_SWAP };

/* What a line says of a block or page. */
struct leaf {
	u64		attributes;	/* the entry without its address */
	unsigned long	pfn;
	enum leaf_kind	kind;
	int		mapcount;
};

static struct leaf read_leaf(const struct pt_private *priv, u64 entry)
{
	struct leaf leaf = { .attributes = entry & ~PTE_ADDR_MASK, .pfn = pte_pfn(__pte(entry)) };
	struct page *page;

	if (!pte_present(__pte(entry))) {
		leaf = (struct leaf){ .kind = LEAF_SWAP };
	} else if (is_kernel(priv) || !pfn_valid(leaf.pfn)) {
		leaf.kind = LEAF_OTHER;
	} else if (is_zero_pfn(leaf.pfn)) {
		leaf.kind = LEAF_ZERO;
	} else {
		page = pfn_to_page(leaf.pfn);
		leaf.kind = PageAnon(page) ? LEAF_ANON :
			    PageSwapBacked(compound_head(page)) ? LEAF_SHMEM : LEAF_FILE;
		leaf.mapcount = page_mapcount(page);
	}
	return leaf;
}

static bool leaf_follows(const struct leaf *a, const struct leaf *b, long frames)
{
	return a->attributes == b->attributes && a->kind == b->kind && a->mapcount == b->mapcount &&
	       a->pfn + frames == b->pfn;
}

static void show_range(struct seq_file *m, int level, unsigned long addr, unsigned long size)
{
	seq_printf(m, "%d: %*s%016lx-%016lx ", level, 2 * level, "", addr, addr + size - 1);
}

static void show_table(const struct pt_private *priv, int level, unsigned long addr, u64 entry)
{
	show_range(priv->m, level, addr, 1UL << level_shift[level]);
	seq_printf(priv->m, "table at %llx", pte_pfn(__pte(entry)));
	if (!level && is_kernel(priv))
		seq_printf(priv->m, ": %s", ptdump_kernel_area(addr));
	seq_putc(priv->m, '\n');
}

/* Whose the page is, and what a write to it does. */
static void show_owner(const struct pt_private *priv, unsigned long addr, const struct leaf *leaf)
{
	static const char *const names[] = { "", ", zero page", ", anonymous", ", file", ", shmem", "" };
	struct vm_area_struct *vma = find_vma(priv->mm, addr);
	bool private = vma && vma->vm_start <= addr && !(vma->vm_flags & VM_SHARED);

	seq_puts(priv->m, names[leaf->kind]);
	if (leaf->mapcount > 1)
		seq_printf(priv->m, ", shared by %d", leaf->mapcount);
	if (private && (vma->vm_flags & VM_WRITE) && !pte_write(__pte(leaf->attributes)))
		seq_puts(priv->m, ", copy-on-write");
}

/* A run of @n; their frames go up, down or nowhere by @stride each. */
static void show_run(const struct pt_private *priv, int level, unsigned long addr, const struct leaf *leaf,
		     unsigned long n, long stride)
{
	const unsigned long size = 1UL << level_shift[level];
	struct seq_file *m = priv->m;

	show_range(m, level, addr, n * size);
	if (n > 1)
		seq_printf(m, "%lu ", n);
	seq_printf(m, "%s%s ", level == 3 ? "page" : "block", n > 1 ? "s" : "");
	if (leaf->kind == LEAF_SWAP) {
		seq_puts(m, "in swap\n");
		return;
	}
	seq_printf(m, "at %lx", leaf->pfn);
	if (n > 1 && stride)
		seq_printf(m, "-%lx", leaf->pfn + (n - 1) * stride);
	seq_puts(m, ": ");
	ptdump_show_attributes(m, leaf->attributes);
	if (!is_kernel(priv))
		show_owner(priv, addr, leaf);
	seq_putc(m, '\n');
}

/* ------------------------------------------------------------------ blocks: level 1 and 2 */

static bool is_block(u64 entry)
{
	return pmd_leaf(__pmd(entry));
}

/* Is the block the next one of a run that began before it in the same table? */
static bool block_continues(const struct pt_private *priv, int level, const u64 *entry)
{
	struct leaf before, leaf;

	if (!((unsigned long)entry & ~PAGE_MASK) || !is_block(READ_ONCE(entry[-1])))
		return false;
	before = read_leaf(priv, READ_ONCE(entry[-1]));
	leaf = read_leaf(priv, READ_ONCE(entry[0]));
	return leaf_follows(&before, &leaf, 1L << (level_shift[level] - PAGE_SHIFT));
}

static void show_blocks(const struct pt_private *priv, int level, unsigned long addr, const u64 *entry)
{
	struct leaf leaf = read_leaf(priv, READ_ONCE(*entry));
	unsigned long n = 1;

	while (((unsigned long)(entry + n) & ~PAGE_MASK) && is_block(READ_ONCE(entry[n])) &&
	       block_continues(priv, level, entry + n))
		n++;
	show_run(priv, level, addr, &leaf, n, 1L << (level_shift[level] - PAGE_SHIFT));
}

/* ------------------------------------------------------------------ pages: level 3 */

/*
 * How many PTEs from @pte on are of one run, at most @max; @leaf is the first. The second tells where
 * the frames go.
 */
static unsigned long pte_run(const struct pt_private *priv, const pte_t *pte, unsigned long max,
			     const struct leaf *leaf, long *stride)
{
	struct leaf last = *leaf;
	unsigned long n;

	*stride = 0;
	for (n = 1; n < max; n++) {
		pte_t entry = READ_ONCE(pte[n]);
		struct leaf next = read_leaf(priv, pte_val(entry));
		long step = next.pfn - last.pfn;

		if (pte_none(entry) || step < -1 || step > 1 || (n > 1 && step != *stride) ||
		    !leaf_follows(&last, &next, step))
			break;
		*stride = step;
		last = next;
	}
	return n;
}

/* The pages below a PMD entry. A run ends with its region: what a write does depends on that. */
static void show_ptes(const struct pt_private *priv, pmd_t *pmd, unsigned long addr, unsigned long end)
{
	const pte_t *pte = pte_offset_kernel(pmd, addr);
	unsigned long n, max;
	long stride;

	for (; addr < end; addr += n * PAGE_SIZE, pte += n) {
		struct vm_area_struct *vma = is_kernel(priv) ? NULL : find_vma(priv->mm, addr);
		pte_t entry = READ_ONCE(*pte);
		struct leaf leaf;

		n = 1;
		if (pte_none(entry))
			continue;
		leaf = read_leaf(priv, pte_val(entry));
		max = (end - addr) >> PAGE_SHIFT;
		if (vma && vma->vm_start <= addr)
			max = min(max, (vma->vm_end - addr) >> PAGE_SHIFT);
		n = pte_run(priv, pte, max, &leaf, &stride);
		show_run(priv, 3, addr, &leaf, n, stride);
	}
}

/* ------------------------------------------------------------------ what a record shows */

static int show_pgd(pgd_t *pgd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	if (!(addr & ~PGDIR_MASK))
		show_table(walk->private, 0, addr, pgd_val(READ_ONCE(*pgd)));
	return 0;
}

static int show_pud(pud_t *pud, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	u64 entry = pud_val(READ_ONCE(*pud));

	if (addr & ~PUD_MASK)
		return 0;
	if (!is_block(entry))
		show_table(walk->private, 1, addr, entry);
	else if (!block_continues(walk->private, 1, (u64 *)pud))
		show_blocks(walk->private, 1, addr, (u64 *)pud);
	return 0;
}

static int show_pmd(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	u64 entry = pmd_val(READ_ONCE(*pmd));

	if (!is_block(entry)) {
		show_table(walk->private, 2, addr, entry);
		show_ptes(walk->private, pmd, addr, next);
	} else if (!block_continues(walk->private, 2, (u64 *)pmd)) {
		show_blocks(walk->private, 2, addr, (u64 *)pmd);
	}
	return 0;
}

static const struct mm_walk_ops show_ops = {
	.pgd_entry	= show_pgd,
	.pud_entry	= show_pud,
	.pmd_entry	= show_pmd,
};

static int pt_show(struct seq_file *m, void *v)
{
	struct pt_private *priv = m->private;

	if (v == SEQ_START_TOKEN) {
		seq_printf(m, "pgd at %llx\n", virt_to_pfn(priv->mm->pgd));
		return 0;
	}
	priv->m = m;
	walk_page_range_novma(priv->mm, priv->addr, priv->addr + PMD_SIZE, &show_ops, NULL, priv);
	return 0;
}

/* ------------------------------------------------------------------ from record to record */

static int found(struct mm_walk *walk, unsigned long addr)
{
	((struct pt_private *)walk->private)->addr = addr;
	return 1;
}

static int find_pgd(pgd_t *pgd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	return addr & ~PGDIR_MASK ? 0 : found(walk, addr);
}

static int find_pud(pud_t *pud, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	if ((addr & ~PUD_MASK) ||
	    (is_block(pud_val(READ_ONCE(*pud))) && block_continues(walk->private, 1, (u64 *)pud)))
		return 0;
	return found(walk, addr);
}

static int find_pmd(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	if (is_block(pmd_val(READ_ONCE(*pmd))) && block_continues(walk->private, 2, (u64 *)pmd))
		return 0;
	return found(walk, addr);
}

static const struct mm_walk_ops find_ops = {
	.pgd_entry	= find_pgd,
	.pud_entry	= find_pud,
	.pmd_entry	= find_pmd,
};

/* Position 0 is the first line, position n + 1 the n-th stretch of 2 MiB: goes to the next that has any. */
static void *pt_seek(struct pt_private *priv, loff_t *pos)
{
	unsigned long addr = priv->start + ((unsigned long)(*pos - 1) << PMD_SHIFT);

	if (!*pos)
		return SEQ_START_TOKEN;
	/* The end of the kernel's half is 0. */
	if ((unsigned long)(*pos - 1) >= (priv->end - priv->start) >> PMD_SHIFT ||
	    walk_page_range_novma(priv->mm, addr, priv->end, &find_ops, NULL, priv) <= 0)
		return NULL;
	*pos = ((priv->addr - priv->start) >> PMD_SHIFT) + 1;
	return priv;
}

static void *pt_start(struct seq_file *m, loff_t *pos)
{
	struct pt_private *priv = m->private;
	void *v;

	if (!priv->mm || !mmget_not_zero(priv->mm))
		return NULL;
	mmap_read_lock(priv->mm);
	v = pt_seek(priv, pos);
	if (!v) {
		mmap_read_unlock(priv->mm);
		mmput(priv->mm);
	}
	return v;
}

static void *pt_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct pt_private *priv = m->private;

	++*pos;
	v = pt_seek(priv, pos);
	if (!v) {
		mmap_read_unlock(priv->mm);
		mmput(priv->mm);
	}
	return v;
}

static void pt_stop(struct seq_file *m, void *v)
{
	struct pt_private *priv = m->private;

	if (!v)
		return;		/* released already */
	mmap_read_unlock(priv->mm);
	mmput(priv->mm);
}

static const struct seq_operations pt_seq_ops = {
	.start	= pt_start,
	.next	= pt_next,
	.stop	= pt_stop,
	.show	= pt_show,
};

/* ------------------------------------------------------------------ the files */

/* Frame numbers are for root only. Takes over the reference to mm, also when it fails. */
static int pt_open(struct file *file, struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct pt_private *priv;
	int err = -EPERM;

	if (!capable(CAP_SYS_ADMIN))
		goto drop;
	err = -ENOMEM;
	priv = __seq_open_private(file, &pt_seq_ops, sizeof(*priv));
	if (!priv)
		goto drop;
	priv->mm = mm;
	priv->start = start;
	priv->end = end;
	return 0;
drop:
	if (mm)
		mmdrop(mm);
	return err;
}

static int pid_pagetable_open(struct inode *inode, struct file *file)
{
	struct mm_struct *mm = proc_mem_open(inode);

	return IS_ERR(mm) ? PTR_ERR(mm) : pt_open(file, mm, 0, TASK_SIZE);
}

static int kernel_page_tables_open(struct inode *inode, struct file *file)
{
	mmgrab(&init_mm);
	return pt_open(file, &init_mm, PAGE_OFFSET, 0);
}

static int pagetable_release(struct inode *inode, struct file *file)
{
	struct pt_private *priv = ((struct seq_file *)file->private_data)->private;

	if (priv->mm)
		mmdrop(priv->mm);
	return seq_release_private(inode, file);
}

const struct file_operations proc_pid_pagetable_operations = {
	.open		= pid_pagetable_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= pagetable_release,
};

static const struct proc_ops kernel_page_tables_ops = {
	.proc_open	= kernel_page_tables_open,
	.proc_read_iter	= seq_read_iter,
	.proc_lseek	= seq_lseek,
	.proc_release	= pagetable_release,
};

static int __init kernel_page_tables_init(void)
{
	return proc_create("kernel_page_tables", S_IRUSR, NULL, &kernel_page_tables_ops) ? 0 : -ENOMEM;
}
fs_initcall(kernel_page_tables_init);
