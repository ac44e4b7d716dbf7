// SPDX-License-Identifier: MIT
/*
 * The life of an address space: made for exec, copied by fork, put down by its last user.
 *
 * mm_users counts the tasks (and others) that use what is mapped: the last mmput() unmaps all of it.
 * mm_count counts those that need the structure and the page tables, among them CPUs that still run on them
 * while a kernel thread borrows them; the users together are one of these.
 *
 * Callers: kernel/fork.c, kernel/exit.c, fs/exec.c, /proc. mmap_lock guards the regions and exe_file, whose
 * changes come from exec, before anybody else knows of the address space.
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/resource.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <asm/mmu_context.h>
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include "internal.h"

static struct kmem_cache *mm_cachep;

/* Guards mm->mmlist: the address spaces that swapoff has to look at. */
DEFINE_SPINLOCK(mmlist_lock);

static struct mm_struct *mm_init(struct mm_struct *mm)
{
	int i;

	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	init_rwsem(&mm->mmap_lock);
	spin_lock_init(&mm->page_table_lock);
	spin_lock_init(&mm->arg_lock);
	mt_init_flags(&mm->mm_mt, MM_MT_FLAGS);
	mm->mmap_cache = NULL;
	mm->map_count = 0;
	mm->total_vm = mm->locked_vm = mm->data_vm = mm->exec_vm = mm->stack_vm = 0;
	mm->exe_file = NULL;
	mm->pmd_huge_pte = NULL;
	mm->flags = current->mm ? current->mm->flags & MMF_INIT_MASK : 0;
	INIT_LIST_HEAD(&mm->mmlist);
	mm->task_size = TASK_SIZE;
	atomic_long_set(&mm->pgtables_bytes, 0);
	for (i = 0; i < NR_MM_COUNTERS; i++)
		atomic_long_set(&mm->rss_stat[i], 0);
	atomic_long_set(&mm->hugetlb_usage, 0);
	init_new_context(NULL, mm);
	mm->pgd = pgd_alloc(mm);
	if (!mm->pgd)
		goto free;
	mm->lruvec = NULL;
	if (rlimit(RLIMIT_RSS) != RLIM_INFINITY && mm_limit_rss(mm, rlimit(RLIMIT_RSS)))
		goto free_pgd;
	return mm;

free_pgd:
	pgd_free(mm, mm->pgd);
free:
	kmem_cache_free(mm_cachep, mm);
	return NULL;
}

struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = kmem_cache_zalloc(mm_cachep, GFP_KERNEL);

	return mm ? mm_init(mm) : NULL;
}

/* All is unmapped: what was counted as mapped must have been counted as gone, by whatever way it went. */
static void check_mm(struct mm_struct *mm)
{
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++) {
		const long x = atomic_long_read(&mm->rss_stat[i]);

		if (unlikely(x))
			pr_alert("BUG: Bad rss-counter state mm:%p type:%d val:%ld\n", mm, i, x);
	}
	if (unlikely(mm_pgtables_bytes(mm)))
		pr_alert("BUG: non-zero pgtables_bytes on freeing mm: %ld\n", (long)mm_pgtables_bytes(mm));
}

/* Nobody runs on its page tables any more. */
void __mmdrop(struct mm_struct *mm)
{
	check_mm(mm);
	WARN_ON_ONCE(mm == &init_mm || mm == current->active_mm || mm->pmd_huge_pte);
	pgd_free(mm, mm->pgd);
	kmem_cache_free(mm_cachep, mm);
}
EXPORT_SYMBOL(__mmdrop);

/* The last user takes the address space apart. May sleep. */
void mmput(struct mm_struct *mm)
{
	might_sleep();
	if (!atomic_dec_and_test(&mm->mm_users))
		return;
	exit_mmap(mm);
	if (!list_empty(&mm->mmlist)) {
		spin_lock(&mmlist_lock);
		list_del(&mm->mmlist);
		spin_unlock(&mmlist_lock);
	}
	if (mm->lruvec)
		mm_limit_rss(mm, RLIM_INFINITY);
	set_mm_exe_file(mm, NULL);
	mmdrop(mm);
}
EXPORT_SYMBOL(mmput);

struct mm_struct *get_task_mm(struct task_struct *task)
{
	struct mm_struct *mm;

	task_lock(task);
	mm = task->mm;
	if (mm && (task->flags & PF_KTHREAD))
		mm = NULL;
	if (mm)
		mmget(mm);
	task_unlock(task);
	return mm;
}
EXPORT_SYMBOL(get_task_mm);

void set_mm_exe_file(struct mm_struct *mm, struct file *file)
{
	struct file *old = mm->exe_file;

	if (file)
		get_file(file);
	mm->exe_file = file;
	if (old) {
		allow_write_access(old);
		fput(old);
	}
}

struct file *get_mm_exe_file(struct mm_struct *mm)
{
	struct file *file;

	mmap_read_lock(mm);
	file = mm->exe_file;
	if (file)
		get_file(file);
	mmap_read_unlock(mm);
	return file;
}

struct file *get_task_exe_file(struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	struct file *file;

	if (!mm)
		return NULL;
	file = get_mm_exe_file(mm);
	mmput(mm);
	return file;
}

/* One region for the child, in the place of the parent's on which mas stands in the child's tree. */
static int dup_vma(struct mm_struct *mm, struct vm_area_struct *mpnt, struct ma_state *mas,
		   struct vm_area_struct **pnew)
{
	unsigned long charged = mpnt->vm_flags & VM_ACCOUNT ? vma_pages(mpnt) : 0;
	struct vm_area_struct *new;

	if (charged && security_vm_enough_memory_mm(mm, charged))
		return -ENOMEM;		/* its pages may not be promised twice */
	new = vm_area_dup(mpnt);
	if (!new)
		goto unacct;
	new->vm_mm = mm;
	new->vm_flags &= ~VM_LOCKED_MASK;	/* locks are not inherited */
	if (anon_vma_fork(new, mpnt))
		goto free_vma;
	if (is_vm_hugetlb_page(new))
		hugetlb_dup_vma_private(new);
	if (new->vm_file)
		get_file(new->vm_file);
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
	mas_store_prealloc(mas, new);
	mm->map_count++;
	vma_link_file(new);
	vm_stat_account(mm, new->vm_flags, vma_pages(new));
	*pnew = new;
	return 0;

free_vma:
	vm_area_free(new);
unacct:
	vm_unacct_memory(charged);
	return -ENOMEM;
}

/*
 * The parent's regions and pages. The tree is copied as it is, then each region in it is replaced by the
 * child's own. On failure mm holds a part, which mmput() takes apart.
 */
static int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	MA_STATE(mas, &mm->mm_mt, 0, 0);
	struct vm_area_struct *mpnt, *new;
	unsigned long from = 0;
	int ret;

	if (mmap_write_lock_killable(oldmm))
		return -EINTR;
	down_write_nested(&mm->mmap_lock, 1);
	ret = __mt_dup(&oldmm->mm_mt, &mm->mm_mt, GFP_KERNEL);
	while (!ret && (mpnt = mas_find(&mas, ULONG_MAX)) != NULL) {
		if (mpnt->vm_flags & VM_DONTCOPY) {
			mas_store_prealloc(&mas, NULL);
			continue;
		}
		from = mpnt->vm_start;
		ret = dup_vma(mm, mpnt, &mas, &new);
		if (!ret) {
			from = mpnt->vm_end;
			if (!(new->vm_flags & VM_WIPEONFORK))
				ret = copy_page_range(new, mpnt);
		}
	}
	if (ret) {	/* from here on, what is in the tree is the parent's */
		mas_set_range(&mas, from, ULONG_MAX);
		mas_store_prealloc(&mas, NULL);
	}
	/* The parent's pages became read-only. */
	flush_tlb_mm(oldmm);
	mmap_write_unlock(mm);
	mmap_write_unlock(oldmm);
	return ret;
}

/* For a child that gets an address space of its own. ERR_PTR(-ENOMEM), or -EINTR for a killed caller. */
struct mm_struct *dup_mm(struct mm_struct *oldmm)
{
	struct mm_struct *mm = kmem_cache_alloc(mm_cachep, GFP_KERNEL);
	struct file *exe;
	int ret;

	if (!mm)
		return ERR_PTR(-ENOMEM);
	*mm = *oldmm;
	mm->def_flags &= ~VM_LOCKED_MASK;
	if (!mm_init(mm))
		return ERR_PTR(-ENOMEM);
	exe = get_mm_exe_file(oldmm);
	if (exe) {
		deny_write_access(exe);		/* it is denied already: cannot fail */
		set_mm_exe_file(mm, exe);
		fput(exe);
	}
	ret = dup_mmap(mm, oldmm);
	if (ret) {
		mmput(mm);
		return ERR_PTR(ret);
	}
	mm->hiwater_rss = get_mm_rss(mm);
	mm->hiwater_vm = mm->total_vm;
	return mm;
}

void __init mm_cache_init(void)
{
	mm_cachep = KMEM_CACHE(mm_struct, SLAB_PANIC);
}
