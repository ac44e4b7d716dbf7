// SPDX-License-Identifier: MIT
/*
 * One read-only, executable page in every address space, with the instructions that end a signal
 * handler (vdso_sigtramp_start in entry.S): C libraries may leave sa_restorer to the kernel, and
 * glibc does. All processes share the frame. Called by exec.
 */
#include <linux/binfmts.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <asm/processor.h>

extern char vdso_sigtramp_start[], vdso_sigtramp_end[];

static vm_fault_t vdso_fault(struct vm_fault *vmf)
{
	struct page *page = virt_to_page(vdso_sigtramp_start);

	get_page(page);
	lock_page(page);
	vmf->page = page;
	return VM_FAULT_LOCKED;
}

static const char *vdso_name(struct vm_area_struct *vma)
{
	return "[vdso]";
}

/* Signal handlers return to where it is now. */
static int vdso_mremap(struct vm_area_struct *vma)
{
	current->mm->vdso = (void *)vma->vm_start;
	return 0;
}

static const struct vm_operations_struct vdso_vm_ops = {
	.fault = vdso_fault,
	.name = vdso_name,
	.mremap = vdso_mremap,
};

int arch_setup_additional_pages(struct linux_binprm *bprm)
{
	struct mm_struct *mm = current->mm;
	unsigned long addr;
	int ret;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	addr = get_unmapped_area(NULL, 0, PAGE_SIZE, 0, 0);
	ret = IS_ERR_VALUE(addr) ? (int)addr :
		install_special_mapping(mm, addr, PAGE_SIZE, VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYEXEC,
					&vdso_vm_ops);
	if (!ret)
		mm->vdso = (void *)addr;
	mmap_write_unlock(mm);
	return ret;
}
