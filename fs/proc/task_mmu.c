// SPDX-License-Identifier: MIT
/*
 * /proc/PID/maps: the regions of an address space, one a line; and its sizes for status.
 *
 * The position in the file is the address to go on from, so a reader who comes back after regions
 * were added or removed goes on at the right place. mmap_lock is held from start() to stop().
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
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
	show_kb(m, "VmSwap", 0);
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
	if (vma->vm_next)
		return vma->vm_next;
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

static int show_map(struct seq_file *m, void *v)
{
	struct vm_area_struct *vma = v;
	struct file *file = vma->vm_file;
	unsigned long flags = vma->vm_flags, ino = 0;
	loff_t pgoff = 0;
	dev_t dev = 0;
	const char *name = NULL;
	size_t begin = m->count;

	if (file) {
		dev = file_inode(file)->i_sb->s_dev;
		ino = file_inode(file)->i_ino;
		pgoff = (loff_t)vma->vm_pgoff << PAGE_SHIFT;
	}
	seq_printf(m, "%08lx-%08lx %c%c%c%c %08llx %02x:%02x %lu ", vma->vm_start, vma->vm_end,
		   flags & VM_READ ? 'r' : '-', flags & VM_WRITE ? 'w' : '-',
		   flags & VM_EXEC ? 'x' : '-', flags & VM_MAYSHARE ? 's' : 'p', pgoff, MAJOR(dev),
		   MINOR(dev), ino);
	if (!file)
		name = region_name(vma);
	if (file || name) {
		m->pad_until = begin + 73;	/* names stand below each other */
		seq_pad(m, 0);
	}
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

static int pid_maps_open(struct inode *inode, struct file *file)
{
	struct proc_maps_private *priv;
	struct task_struct *task = get_proc_task(inode);
	struct mm_struct *mm;

	if (!task)
		return -ESRCH;
	mm = proc_may_look(task) ? get_task_mm(task) : ERR_PTR(-EACCES);
	put_task_struct(task);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	priv = __seq_open_private(file, &proc_pid_maps_op, sizeof(*priv));
	if (priv && mm) {
		/* The structure is kept, not the memory: a reader must not keep that alive. */
		mmgrab(mm);
		priv->mm = mm;
	}
	if (mm)
		mmput(mm);
	return priv ? 0 : -ENOMEM;
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
