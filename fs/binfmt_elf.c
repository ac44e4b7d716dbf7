// SPDX-License-Identifier: MIT
/*
 * ELF programs: static ones at fixed addresses (ET_EXEC) and position-independent ones (ET_DYN)
 * that relocate themselves. A dynamic program is loaded with its interpreter (ld.so) beside it.
 *
 * Nothing of the file is read in: its segments are mapped, and page faults bring what is used. Only
 * the tail of the page where a writable segment's file part ends is cleared by hand.
 */
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/random.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/elf.h>
#include <asm/processor.h>
#include <uapi/linux/auxvec.h>
#include <uapi/linux/elf.h>

#define ELF_PAGESTART(v)	((v) & PAGE_MASK)
#define ELF_PAGEOFFSET(v)	((v) & ~PAGE_MASK)
#define MAX_PHDRS_SIZE		65536

/* A program or interpreter in memory. */
struct elf_image {
	unsigned long load_bias;	/* from addresses in the file to addresses in memory */
	unsigned long entry, phdr_addr;
	unsigned long start_code, end_code, start_data, end_data, elf_brk;
};

static bool elf_header_ok(const Elf64_Ehdr *ex)
{
	return !memcmp(ex->e_ident, ELFMAG, SELFMAG) && ex->e_ident[EI_CLASS] == ELFCLASS64 &&
	       ex->e_ident[EI_DATA] == ELFDATA2LSB && ex->e_machine == EM_AARCH64 &&
	       (ex->e_type == ET_EXEC || ex->e_type == ET_DYN) &&
	       ex->e_phentsize == sizeof(Elf64_Phdr) && ex->e_phnum &&
	       ex->e_phnum * sizeof(Elf64_Phdr) <= MAX_PHDRS_SIZE;
}

static int elf_read(struct file *file, void *buf, size_t len, loff_t pos)
{
	ssize_t n = kernel_read(file, buf, len, &pos);

	if (n < 0)
		return n;
	return n == len ? 0 : -ENOEXEC;
}

static Elf64_Phdr *load_elf_phdrs(const Elf64_Ehdr *ex, struct file *file)
{
	size_t size = ex->e_phnum * sizeof(Elf64_Phdr);
	Elf64_Phdr *phdrs = kvmalloc(size, GFP_KERNEL);
	int ret;

	if (!phdrs)
		return ERR_PTR(-ENOMEM);
	ret = elf_read(file, phdrs, size, ex->e_phoff);
	if (ret) {
		kvfree(phdrs);
		return ERR_PTR(ret);
	}
	return phdrs;
}

static int make_prot(u32 p_flags)
{
	return (p_flags & PF_R ? PROT_READ : 0) | (p_flags & PF_W ? PROT_WRITE : 0) |
	       (p_flags & PF_X ? PROT_EXEC : 0);
}

/* A segment must be mappable: in the user half, offset and address alike within a page. */
static bool segment_ok(const Elf64_Phdr *ph)
{
	return ph->p_filesz <= ph->p_memsz && ph->p_memsz <= TASK_SIZE &&
	       ph->p_vaddr <= TASK_SIZE - ph->p_memsz && ph->p_offset + ph->p_filesz >= ph->p_offset &&
	       ELF_PAGEOFFSET(ph->p_vaddr) == ELF_PAGEOFFSET(ph->p_offset);
}

/* Bytes from the first segment's page to the end of the last segment; 0 when something is wrong. */
static unsigned long total_mapping_size(const Elf64_Phdr *phdr, int nr)
{
	unsigned long min = ~0UL, max = 0;
	int i;

	for (i = 0; i < nr; i++) {
		if (phdr[i].p_type != PT_LOAD)
			continue;
		if (!segment_ok(&phdr[i]))
			return 0;
		min = min_t(unsigned long, min, ELF_PAGESTART(phdr[i].p_vaddr));
		max = max(max, (unsigned long)(phdr[i].p_vaddr + phdr[i].p_memsz));
	}
	return max > min ? PAGE_ALIGN(max - min) : 0;
}

/*
 * Can a program of this size be loaded at all? Asked while there is still somebody who can be told:
 * the mappings are refused for the same two reasons, but only after the old program is gone.
 */
static bool enough_memory_for(const Elf64_Phdr *phdr, int nr)
{
	unsigned long pages = 0;
	int i;

	for (i = 0; i < nr; i++)
		if (phdr[i].p_type == PT_LOAD && phdr[i].p_flags & PF_W)
			pages += phdr[i].p_memsz >> PAGE_SHIFT;
	return pages <= totalram_pages() &&
	       total_mapping_size(phdr, nr) <= rlimit(RLIMIT_AS);
}

/* The largest alignment that a segment asks for. */
static unsigned long maximum_alignment(const Elf64_Phdr *phdr, int nr)
{
	unsigned long align = PAGE_SIZE;
	int i;

	for (i = 0; i < nr; i++)
		if (phdr[i].p_type == PT_LOAD && phdr[i].p_align <= 1UL << 30 &&
		    !(phdr[i].p_align & (phdr[i].p_align - 1)))
			align = max(align, (unsigned long)phdr[i].p_align);
	return align;
}

/* Map one segment: the file part, a cleared tail, and zeroes behind. */
static int map_segment(struct file *file, const Elf64_Phdr *ph, unsigned long bias)
{
	unsigned long start = bias + ph->p_vaddr, off = ELF_PAGEOFFSET(start);
	unsigned long file_end = start + ph->p_filesz, mem_end = start + ph->p_memsz, ret;
	int prot = make_prot(ph->p_flags);

	if (ph->p_filesz) {
		ret = vm_mmap(file, start - off, ph->p_filesz + off, prot, MAP_PRIVATE | MAP_FIXED,
			      ph->p_offset - off);
		if (IS_ERR_VALUE(ret))
			return (int)ret;
	} else {
		file_end = start - off;
	}
	if (mem_end <= file_end)
		return 0;
	/* The page where the file part ends holds whatever the file has there. */
	if (ph->p_filesz && ELF_PAGEOFFSET(file_end) && (prot & PROT_WRITE) &&
	    clear_user((void __user *)file_end, PAGE_ALIGN(file_end) - file_end))
		return -EFAULT;
	if (PAGE_ALIGN(mem_end) > PAGE_ALIGN(file_end)) {
		ret = vm_mmap(NULL, PAGE_ALIGN(file_end), PAGE_ALIGN(mem_end) - PAGE_ALIGN(file_end), prot,
			      MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, 0);
		if (IS_ERR_VALUE(ret))
			return (int)ret;
	}
	return 0;
}

/* Where a position-independent image goes: reserve the whole range, so that it is one piece. */
static long choose_bias(const Elf64_Ehdr *ex, const Elf64_Phdr *phdr, unsigned long size,
			unsigned long hint)
{
	unsigned long align = maximum_alignment(phdr, ex->e_phnum), addr, first = ~0UL;
	int i;

	for (i = 0; i < ex->e_phnum; i++)
		if (phdr[i].p_type == PT_LOAD)
			first = min_t(unsigned long, first, ELF_PAGESTART(phdr[i].p_vaddr));
	addr = vm_mmap(NULL, hint, size + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, 0);
	if (IS_ERR_VALUE(addr))
		return (long)addr;
	vm_munmap(addr, size + align);
	return (long)(round_up(addr, align) - first);
}

static int load_image(struct file *file, const Elf64_Ehdr *ex, const Elf64_Phdr *phdr,
		      unsigned long hint, struct elf_image *img)
{
	unsigned long size = total_mapping_size(phdr, ex->e_phnum);
	int i, ret;

	memset(img, 0, sizeof(*img));
	img->start_code = ~0UL;
	if (!size)
		return -ENOEXEC;
	if (ex->e_type == ET_DYN) {
		long bias = choose_bias(ex, phdr, size, hint);

		if (IS_ERR_VALUE(bias))
			return (int)bias;
		img->load_bias = bias;
	}
	for (i = 0; i < ex->e_phnum; i++) {
		const Elf64_Phdr *ph = &phdr[i];
		unsigned long start = img->load_bias + ph->p_vaddr;

		if (ph->p_type != PT_LOAD || !ph->p_memsz)
			continue;
		ret = map_segment(file, ph, img->load_bias);
		if (ret)
			return ret;
		if (ph->p_offset <= ex->e_phoff && ex->e_phoff < ph->p_offset + ph->p_filesz)
			img->phdr_addr = start + ex->e_phoff - ph->p_offset;
		if (ph->p_flags & PF_X) {
			img->start_code = min(img->start_code, start);
			img->end_code = max(img->end_code, (unsigned long)(start + ph->p_filesz));
		}
		if (start >= img->start_data) {
			img->start_data = start;
			img->end_data = start + ph->p_filesz;
		}
		img->elf_brk = max(img->elf_brk, (unsigned long)(start + ph->p_memsz));
	}
	img->entry = img->load_bias + ex->e_entry;
	return 0;
}

/* The interpreter that the program names, opened and checked; NULL when it names none. */
static struct file *open_interpreter(struct file *file, const Elf64_Ehdr *ex, const Elf64_Phdr *phdr,
				     Elf64_Ehdr *interp_ex)
{
	struct file *interp;
	char *name;
	int i, ret;

	for (i = 0; i < ex->e_phnum && phdr[i].p_type != PT_INTERP; i++)
		;
	if (i == ex->e_phnum)
		return NULL;
	if (phdr[i].p_filesz < 2 || phdr[i].p_filesz > PATH_MAX)
		return ERR_PTR(-ENOEXEC);
	name = kmalloc(phdr[i].p_filesz, GFP_KERNEL);
	if (!name)
		return ERR_PTR(-ENOMEM);
	ret = elf_read(file, name, phdr[i].p_filesz, phdr[i].p_offset);
	if (!ret && name[phdr[i].p_filesz - 1])
		ret = -ENOEXEC;
	interp = ret ? ERR_PTR(ret) : open_exec(name);
	kfree(name);
	if (IS_ERR(interp))
		return interp;
	ret = elf_read(interp, interp_ex, sizeof(*interp_ex), 0);
	if (!ret && !elf_header_ok(interp_ex))
		ret = -ELIBBAD;
	if (!ret)
		return interp;
	allow_write_access(interp);
	fput(interp);
	return ERR_PTR(ret);
}

static int load_interpreter(struct file *interp, const Elf64_Ehdr *ex, struct elf_image *img)
{
	Elf64_Phdr *phdr = load_elf_phdrs(ex, interp);
	int ret;

	if (IS_ERR(phdr))
		return PTR_ERR(phdr);
	ret = load_image(interp, ex, phdr, 0, img);
	kvfree(phdr);
	return ret;
}

/* ------------------------------------------------------------------ the initial stack */

struct auxv {
	unsigned long *vec;
	int n;
};

static void new_aux_ent(struct auxv *aux, unsigned long id, unsigned long val)
{
	aux->vec[aux->n++] = id;
	aux->vec[aux->n++] = val;
}

/* In Linux's order, from which programs that print it expect no other. */
static void fill_auxv(struct auxv *aux, struct linux_binprm *bprm, const Elf64_Ehdr *ex,
		      const struct elf_image *prog, unsigned long interp_base,
		      unsigned long random, unsigned long platform)
{
	const struct cred *cred = bprm->cred;

	new_aux_ent(aux, AT_MINSIGSTKSZ, MINSIGSTKSZ);
	new_aux_ent(aux, AT_HWCAP, ELF_HWCAP);
	new_aux_ent(aux, AT_PAGESZ, PAGE_SIZE);
	new_aux_ent(aux, AT_CLKTCK, 100);
	new_aux_ent(aux, AT_PHDR, prog->phdr_addr);
	new_aux_ent(aux, AT_PHENT, sizeof(Elf64_Phdr));
	new_aux_ent(aux, AT_PHNUM, ex->e_phnum);
	new_aux_ent(aux, AT_BASE, interp_base);
	new_aux_ent(aux, AT_FLAGS, 0);
	new_aux_ent(aux, AT_ENTRY, prog->entry);
	new_aux_ent(aux, AT_UID, __kuid_val(cred->uid));
	new_aux_ent(aux, AT_EUID, __kuid_val(cred->euid));
	new_aux_ent(aux, AT_GID, __kgid_val(cred->gid));
	new_aux_ent(aux, AT_EGID, __kgid_val(cred->egid));
	new_aux_ent(aux, AT_SECURE, !uid_eq(cred->uid, cred->euid) || !gid_eq(cred->gid, cred->egid));
	new_aux_ent(aux, AT_RANDOM, random);
	new_aux_ent(aux, AT_HWCAP2, 0);
	new_aux_ent(aux, AT_EXECFN, bprm->exec);
	new_aux_ent(aux, AT_PLATFORM, platform);
	new_aux_ent(aux, AT_NULL, 0);
}

/* Write n pointers to consecutive strings from p on; returns where the strings end, 0 on a fault. */
static unsigned long put_pointers(unsigned long __user **slot, unsigned long p, int n)
{
	while (n-- > 0) {
		long len;

		if (put_user(p, (*slot)++))
			return 0;
		len = strnlen_user((void __user *)p, MAX_ARG_STRLEN);
		if (!len || len > MAX_ARG_STRLEN)
			return 0;
		p += len;
	}
	return put_user(0UL, (*slot)++) ? 0 : p;
}

/*
 * From the stack pointer upwards: argc, argv, NULL, envp, NULL, auxv, padding, random bytes and the
 * platform's name, the strings. bprm->p becomes the stack pointer.
 */
static int create_elf_tables(struct linux_binprm *bprm, const Elf64_Ehdr *ex,
			     const struct elf_image *prog, unsigned long interp_base)
{
	struct mm_struct *mm = current->mm;
	struct auxv aux = { .vec = mm->saved_auxv };
	unsigned long p = bprm->p, strings = mm->arg_start, platform, random, sp;
	unsigned long __user *slot;
	u8 random_bytes[16];

	p &= ~15UL;
	platform = p -= round_up(sizeof(ELF_PLATFORM), 16);
	if (copy_to_user((void __user *)platform, ELF_PLATFORM, sizeof(ELF_PLATFORM)))
		return -EFAULT;
	get_random_bytes(random_bytes, sizeof(random_bytes));
	random = p -= sizeof(random_bytes);
	if (copy_to_user((void __user *)random, random_bytes, sizeof(random_bytes)))
		return -EFAULT;

	memset(mm->saved_auxv, 0, sizeof(mm->saved_auxv));
	fill_auxv(&aux, bprm, ex, prog, interp_base, random, platform);
	sp = p - (aux.n + 1 + bprm->argc + 1 + bprm->envc + 1) * sizeof(long);
	sp &= ~15UL;
	slot = (unsigned long __user *)sp;
	if (put_user((unsigned long)bprm->argc, slot++))
		return -EFAULT;
	strings = put_pointers(&slot, strings, bprm->argc);
	if (!strings)
		return -EFAULT;
	mm->arg_end = mm->env_start = strings;
	strings = put_pointers(&slot, strings, bprm->envc);
	if (!strings)
		return -EFAULT;
	mm->env_end = strings;
	if (copy_to_user(slot, aux.vec, aux.n * sizeof(long)))
		return -EFAULT;
	bprm->p = sp;
	return 0;
}

/* ------------------------------------------------------------------ loading */

static void set_mm_fields(const struct elf_image *prog)
{
	struct mm_struct *mm = current->mm;

	mm->start_code = prog->start_code;
	mm->end_code = prog->end_code;
	mm->start_data = prog->start_data;
	mm->end_data = prog->end_data;
	mm->start_brk = mm->brk = PAGE_ALIGN(prog->elf_brk);
}

/* After the point of no return: any error kills the task. */
static int load_new_program(struct linux_binprm *bprm, const Elf64_Ehdr *ex, const Elf64_Phdr *phdr,
			    struct file *interp, const Elf64_Ehdr *interp_ex)
{
	struct elf_image prog, ld = { };
	int ret;

	setup_new_exec(bprm);
	ret = setup_arg_pages(bprm, STACK_TOP);
	if (ret)
		return ret;
	ret = load_image(bprm->file, ex, phdr, ELF_ET_DYN_BASE, &prog);
	if (ret)
		return ret;
	set_mm_fields(&prog);
	if (interp) {
		ret = load_interpreter(interp, interp_ex, &ld);
		if (ret)
			return ret;
	}
	ret = arch_setup_additional_pages(bprm);
	if (ret)
		return ret;
	ret = create_elf_tables(bprm, ex, &prog, ld.load_bias);
	if (ret)
		return ret;
	finalize_exec(bprm);
	start_thread(task_pt_regs(current), interp ? ld.entry : prog.entry, bprm->p);
	return 0;
}

static int load_elf_binary(struct linux_binprm *bprm)
{
	const Elf64_Ehdr ex = *(const Elf64_Ehdr *)bprm->buf;
	Elf64_Ehdr interp_ex;
	struct file *interp;
	Elf64_Phdr *phdr;
	int ret;

	if (!elf_header_ok(&ex) || !bprm->file->f_op->mmap)
		return -ENOEXEC;
	phdr = load_elf_phdrs(&ex, bprm->file);
	if (IS_ERR(phdr))
		return PTR_ERR(phdr);
	ret = -ENOEXEC;
	if (!total_mapping_size(phdr, ex.e_phnum))
		goto out_phdr;
	ret = -ENOMEM;
	if (!enough_memory_for(phdr, ex.e_phnum))
		goto out_phdr;
	interp = open_interpreter(bprm->file, &ex, phdr, &interp_ex);
	ret = PTR_ERR(interp);
	if (IS_ERR(interp))
		goto out_phdr;
	ret = begin_new_exec(bprm);
	if (!ret)
		ret = load_new_program(bprm, &ex, phdr, interp, &interp_ex);
	if (interp) {
		allow_write_access(interp);
		fput(interp);
	}
out_phdr:
	kvfree(phdr);
	return ret;
}

static struct linux_binfmt elf_format = {
	.load_binary = load_elf_binary,
};

static int __init init_elf_binfmt(void)
{
	register_binfmt(&elf_format);
	return 0;
}
core_initcall(init_elf_binfmt);
