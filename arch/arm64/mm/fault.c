// SPDX-License-Identifier: MIT
/*
 * Page faults and other aborts.
 *
 * Callers: el0t_64_sync_handler() and el1h_64_sync_handler() with FAR and ESR. The fault status
 * code in ESR indexes fault_info[], which says who deals with it and, if nobody can, which signal
 * it is and what to call it.
 *
 * do_page_fault() holds mm->mmap_lock for reading from find_vma() to the end of handle_mm_fault().
 */
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/printk.h>
#include <linux/reclaim_policy.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/fs.h>
#include <linux/uaccess.h>
#include <asm/esr.h>
#include <asm/exception.h>
#include <asm/extable.h>
#include <asm/processor.h>
#include <asm/sysreg.h>

struct fault_info {
	int (*fn)(unsigned long far, unsigned long esr, struct pt_regs *regs);	/* 0: dealt with */
	int sig, code;
	const char *name;
};

static const struct fault_info fault_info[64];

static const struct fault_info *esr_to_fault_info(unsigned long esr)
{
	return fault_info + (esr & ESR_ELx_FSC);
}

static bool is_el0_instruction_abort(unsigned long esr)
{
	return ESR_ELx_EC(esr) == ESR_ELx_EC_IABT_LOW;
}

static bool is_el1_instruction_abort(unsigned long esr)
{
	return ESR_ELx_EC(esr) == ESR_ELx_EC_IABT_CUR;
}

/* Cache maintenance is reported as a write, but reads rights suffice for it. */
static bool is_write_abort(unsigned long esr)
{
	return (esr & ESR_ELx_WNR) && !(esr & ESR_ELx_CM);
}

static bool is_ttbr0_addr(unsigned long addr)
{
	return addr < TASK_SIZE;
}

/* ------------------------------------------------------------------ saying what is wrong */

static void print_entry(const char *level, unsigned long index, u64 val, bool leaf)
{
	char line[128], *p = line;

	p += sprintf(p, "  %s[%3lu] = %016llx", level, index, val);
	if (!(val & PTE_VALID))
		p += sprintf(p, val ? " not valid" : " empty");
	else if (!leaf)
		p += sprintf(p, " table");
	else
		p += sprintf(p, " frame %#llx %s%s%s%s%s", val & PTE_ADDR_MASK,
			     val & PTE_USER ? "user " : "kernel ", val & PTE_RDONLY ? "ro " : "rw ",
			     val & PTE_UXN ? "" : "ux ", val & PTE_PXN ? "" : "px ",
			     val & PTE_AF ? "accessed" : "not-accessed");
	if (!(val & PTE_VALID))
		sprintf(p, "   <- the walk ends here");
	pr_alert("%s\n", line);
}

/**
 * show_pte - print the page-table walk of an address, level by level
 *
 * Tables are read through the linear map and each address is checked, for they may be rubbish.
 */
static void show_pte(unsigned long addr)
{
	struct mm_struct *mm = is_ttbr0_addr(addr) ? current->active_mm : &init_mm;
	const char *const names[] = { "pgd", "pud", "pmd", "pte" };
	const int shifts[] = { PGDIR_SHIFT, PUD_SHIFT, PMD_SHIFT, PAGE_SHIFT };
	u64 *table;
	int i;

	if (is_ttbr0_addr(addr) && (!mm || mm == &init_mm)) {
		pr_alert("[%016lx] a user address, but the task has no address space\n", addr);
		return;
	}
	if (!is_ttbr0_addr(addr) && addr < PAGE_OFFSET) {
		pr_alert("[%016lx] lies between the user and the kernel half: a wild pointer\n", addr);
		return;
	}
	table = (u64 *)mm->pgd;
	pr_alert("Walk of %016lx, tables of %s at %px:\n", addr,
		 mm == &init_mm ? "the kernel" : "the task", table);
	for (i = 0; i < 4; i++) {
		unsigned long idx = (addr >> shifts[i]) & (PTRS_PER_TABLE - 1);
		u64 val;
		bool leaf;

		if (copy_from_kernel_nofault(&val, table + idx, sizeof(val))) {
			pr_alert("  %s: no table at %px\n", names[i], table);
			return;
		}
		leaf = i == 3 || (val & TYPE_MASK) == BLOCK_TYPE;
		print_entry(names[i], idx, val, leaf);
		if (!(val & PTE_VALID) || leaf)
			return;
		table = __va(val & PTE_ADDR_MASK);
	}
}

/*
 * Which region the address hits, or which neighbours it misses. A report must not wait for mmap_lock: who
 * holds it may be ourselves, or another thread that changes the list right now. It is not given back
 * either, for that could wake a writer, and the machine stops here.
 */
static void show_vma(unsigned long addr)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma, *prev;

	if (!mm || !is_ttbr0_addr(addr))
		return;
	if (!mmap_read_trylock(mm)) {
		pr_alert("The regions of the task are being changed, or held by the one who faults\n");
		return;
	}
	vma = find_vma_prev(mm, addr, &prev);
	if (vma && vma->vm_start <= addr) {
		pr_alert("In the region %lx-%lx %c%c%c%c %s\n", vma->vm_start, vma->vm_end,
			 vma->vm_flags & VM_READ ? 'r' : '-', vma->vm_flags & VM_WRITE ? 'w' : '-',
			 vma->vm_flags & VM_EXEC ? 'x' : '-', vma->vm_flags & VM_SHARED ? 's' : 'p',
			 vma->vm_file ? (const char *)vma->vm_file->f_path.dentry->d_name.name : "[anon]");
		return;
	}
	pr_alert("In no region of the task; below it ends %lx, above it starts %lx\n",
		 prev ? prev->vm_end : 0, vma ? vma->vm_start : 0);
}

static void mem_abort_decode(unsigned long esr)
{
	pr_alert("Mem abort: ESR %08lx, %s, FSC %#04lx: %s, %s%s%s\n", esr, esr_get_class_string(esr),
		 esr & ESR_ELx_FSC, esr_to_fault_info(esr)->name,
		 is_write_abort(esr) ? "a write" : is_el1_instruction_abort(esr) ? "a fetch" : "a read",
		 esr & ESR_ELx_S1PTW ? ", on a table walk" : "",
		 esr & ESR_ELx_FnV ? ", the address is not known" : "");
}

static void __noreturn die_kernel_fault(const char *msg, unsigned long addr, unsigned long esr,
					struct pt_regs *regs)
{
	bust_spinlocks(1);
	pr_alert("Unable to handle kernel %s at virtual address %016lx\n", msg, addr);
	kasan_non_canonical_hook(addr);
	mem_abort_decode(esr);
	show_pte(addr);
	show_vma(addr);
	die("Oops", regs, esr);
}

/* A fault of the kernel itself that no region can mend. */
static void __do_kernel_fault(unsigned long addr, unsigned long esr, struct pt_regs *regs)
{
	const char *msg;

	if (!is_el1_instruction_abort(esr) && fixup_exception(regs))
		return;
	if ((esr & ESR_ELx_FSC_TYPE) == ESR_ELx_FSC_PERM) {
		if (is_write_abort(esr))
			msg = "write to read-only memory";
		else if (is_el1_instruction_abort(esr))
			msg = "execute from non-executable memory";
		else
			msg = "read from unreadable memory";
	} else if (addr < PAGE_SIZE) {
		msg = "NULL pointer dereference";
	} else {
		msg = "paging request";
	}
	die_kernel_fault(msg, addr, esr, regs);
}

static void do_bad_area(unsigned long far, unsigned long esr, struct pt_regs *regs)
{
	if (user_mode(regs)) {
		const struct fault_info *inf = esr_to_fault_info(esr);
		/* Which of the kernel's addresses are mapped is not a program's business. */
		int code = is_ttbr0_addr(far) ? inf->code : SEGV_MAPERR;

		current->thread.fault_address = far;
		current->thread.fault_code = esr;
		arm64_force_sig_fault(inf->sig, code, far, inf->name);
	} else {
		__do_kernel_fault(far, esr, regs);
	}
}

/* ------------------------------------------------------------------ page faults */

#define VM_FAULT_BADMAP		((vm_fault_t)0x010000)
#define VM_FAULT_BADACCESS	((vm_fault_t)0x020000)

/* Takes mmap_lock. vm_flags: the region must have one of these. */
static vm_fault_t __do_page_fault(struct mm_struct *mm, unsigned long addr, unsigned int mm_flags,
				  unsigned long vm_flags, struct pt_regs *regs)
{
	struct vm_area_struct *vma = lock_mm_and_find_vma(mm, addr);
	vm_fault_t fault = VM_FAULT_BADACCESS;

	if (unlikely(!vma))
		return VM_FAULT_BADMAP;
	if (likely(vma->vm_flags & vm_flags)) {
		fault = handle_mm_fault(vma, addr & PAGE_MASK, mm_flags, regs);
		if (unlikely(reclaim_policy->touched) && !(fault & VM_FAULT_ERROR))
			reclaim_policy->touched(vma, addr & PAGE_MASK, mm_flags, regs);
	}
	mmap_read_unlock(mm);
	return fault;
}

/* What the access was, as flags for the fault and as what the region must allow. */
static unsigned int fault_access(unsigned long esr, struct pt_regs *regs, unsigned long *vm_flags)
{
	unsigned int mm_flags = user_mode(regs) ? FAULT_FLAG_USER : 0;

	if (is_el0_instruction_abort(esr)) {
		*vm_flags = VM_EXEC;
		return mm_flags | FAULT_FLAG_INSTRUCTION;
	}
	if (is_write_abort(esr)) {
		*vm_flags = VM_WRITE;
		return mm_flags | FAULT_FLAG_WRITE;
	}
	/* Whatever may be written or executed may be read: the MMU knows no less. */
	*vm_flags = VM_READ | VM_WRITE | VM_EXEC;
	return mm_flags;
}

/* Turn what handle_mm_fault() could not do into a signal for the program. */
static void fault_signal(vm_fault_t fault, unsigned long far, unsigned long esr)
{
	current->thread.fault_address = far;
	current->thread.fault_code = esr;
	if (fault & VM_FAULT_OOM)
		pagefault_out_of_memory();
	else if (fault & VM_FAULT_SIGBUS)
		arm64_force_sig_fault(SIGBUS, BUS_ADRERR, far, "bus error: past the end of a mapped file, I/O error, or no huge page left");
	else
		arm64_force_sig_fault(SIGSEGV, fault == VM_FAULT_BADACCESS ? SEGV_ACCERR : SEGV_MAPERR,
				      far, esr_to_fault_info(esr)->name);
}

/**
 * do_page_fault - a translation, access-flag or permission fault on a user address
 *
 * At EL0 or in a copy to or from user space. Returns 0: it is dealt with, be it by a signal.
 */
static int do_page_fault(unsigned long far, unsigned long esr, struct pt_regs *regs)
{
	struct mm_struct *mm = current->mm;
	unsigned long vm_flags;
	unsigned int mm_flags;
	vm_fault_t fault;

	if (faulthandler_disabled() || !mm)
		goto no_context;
	mm_flags = fault_access(esr, regs, &vm_flags);

	if (!user_mode(regs)) {
		if (is_el1_instruction_abort(esr))
			die_kernel_fault("execution of user memory", far, esr, regs);
		if (!search_exception_tables(regs->pc)) {
			/* Mapped, yet refused: PAN at work. Else it is a wild or null pointer. */
			if ((esr & ESR_ELx_FSC_TYPE) == ESR_ELx_FSC_PERM)
				die_kernel_fault("access to user memory outside uaccess routines", far,
						 esr, regs);
			goto no_context;
		}
	}

	fault = __do_page_fault(mm, far, mm_flags, vm_flags, regs);

	if (fault & VM_FAULT_MAJOR)
		current->maj_flt++;
	else
		current->min_flt++;
	/* What the kernel is about to copy may not be what the program had there. */
	if (!(mm_flags & FAULT_FLAG_USER))
		fault |= check_stable_address_space(mm);
	if (likely(!(fault & (VM_FAULT_ERROR | VM_FAULT_BADMAP | VM_FAULT_BADACCESS))))
		return 0;
	if (!user_mode(regs))
		goto no_context;	/* the copy says EFAULT */
	fault_signal(fault, far, esr);
	return 0;

no_context:
	if (user_mode(regs))
		do_bad_area(far, esr, regs);
	else
		__do_kernel_fault(far, esr, regs);
	return 0;
}

static int do_translation_fault(unsigned long far, unsigned long esr, struct pt_regs *regs)
{
	if (likely(is_ttbr0_addr(far)))
		return do_page_fault(far, esr, regs);
	do_bad_area(far, esr, regs);
	return 0;
}

/* Permission and access-flag faults on kernel addresses are mistakes. */
static int do_perm_fault(unsigned long far, unsigned long esr, struct pt_regs *regs)
{
	return do_translation_fault(far, esr, regs);
}

static int do_alignment_fault(unsigned long far, unsigned long esr, struct pt_regs *regs)
{
	do_bad_area(far, esr, regs);
	return 0;
}

static int do_bad(unsigned long far, unsigned long esr, struct pt_regs *regs)
{
	return 1;
}

/* Arm ARM D17.2.37, "DFSC, bits [5:0]" */
static const struct fault_info fault_info[64] = {
	[0 ... 63] = { do_bad,		SIGKILL, SI_KERNEL,	"unknown fault" },
	[0x00] = { do_bad,		SIGKILL, SI_KERNEL,	"address size fault, level 0" },
	[0x01] = { do_bad,		SIGKILL, SI_KERNEL,	"address size fault, level 1" },
	[0x02] = { do_bad,		SIGKILL, SI_KERNEL,	"address size fault, level 2" },
	[0x03] = { do_bad,		SIGKILL, SI_KERNEL,	"address size fault, level 3" },
	[0x04] = { do_translation_fault, SIGSEGV, SEGV_MAPERR,	"translation fault, level 0" },
	[0x05] = { do_translation_fault, SIGSEGV, SEGV_MAPERR,	"translation fault, level 1" },
	[0x06] = { do_translation_fault, SIGSEGV, SEGV_MAPERR,	"translation fault, level 2" },
	[0x07] = { do_translation_fault, SIGSEGV, SEGV_MAPERR,	"translation fault, level 3" },
	[0x09] = { do_perm_fault,	SIGSEGV, SEGV_ACCERR,	"access flag fault, level 1" },
	[0x0a] = { do_perm_fault,	SIGSEGV, SEGV_ACCERR,	"access flag fault, level 2" },
	[0x0b] = { do_perm_fault,	SIGSEGV, SEGV_ACCERR,	"access flag fault, level 3" },
	[0x0d] = { do_perm_fault,	SIGSEGV, SEGV_ACCERR,	"permission fault, level 1" },
	[0x0e] = { do_perm_fault,	SIGSEGV, SEGV_ACCERR,	"permission fault, level 2" },
	[0x0f] = { do_perm_fault,	SIGSEGV, SEGV_ACCERR,	"permission fault, level 3" },
	[0x10] = { do_bad,		SIGBUS,	 BUS_OBJERR,	"external abort" },
	[0x14] = { do_bad,		SIGKILL, SI_KERNEL,	"external abort on a table walk, level 0" },
	[0x15] = { do_bad,		SIGKILL, SI_KERNEL,	"external abort on a table walk, level 1" },
	[0x16] = { do_bad,		SIGKILL, SI_KERNEL,	"external abort on a table walk, level 2" },
	[0x17] = { do_bad,		SIGKILL, SI_KERNEL,	"external abort on a table walk, level 3" },
	[0x18] = { do_bad,		SIGBUS,	 BUS_OBJERR,	"memory parity error" },
	[0x21] = { do_alignment_fault,	SIGBUS,	 BUS_ADRALN,	"alignment fault" },
	[0x30] = { do_bad,		SIGKILL, SI_KERNEL,	"TLB conflict abort" },
	[0x31] = { do_bad,		SIGKILL, SI_KERNEL,	"unsupported atomic hardware update" },
};

void do_mem_abort(unsigned long far, unsigned long esr, struct pt_regs *regs)
{
	const struct fault_info *inf = esr_to_fault_info(esr);

	if (!inf->fn(far, esr, regs))
		return;
	if (!user_mode(regs)) {
		if (fixup_exception(regs))
			return;
		die_kernel_fault(inf->name, far, esr, regs);
	}
	arm64_force_sig_fault(inf->sig, inf->code, far, inf->name);
}

void do_sp_pc_abort(unsigned long addr, unsigned long esr, struct pt_regs *regs)
{
	if (!user_mode(regs))
		die("Oops - SP or PC not aligned", regs, esr);
	arm64_force_sig_fault(SIGBUS, BUS_ADRALN, addr, esr_get_class_string(esr));
}
