/* SPDX-License-Identifier: MIT */
/* Between the loader (kernel/module/main.c) and what knows the CPU (arch/arm64/kernel/module.c). */
#ifndef _LINUX_MODULELOADER_H
#define _LINUX_MODULELOADER_H

#include <linux/module.h>
#include <uapi/linux/elf.h>

/* Writable memory near the kernel's text, not executable yet; NULL when there is none. May sleep. */
void *module_alloc(unsigned long size);
void module_memfree(void *region);	/* NULL is nothing to free */

/*
 * Applies section @relsec of relocations to the section that it is for, which is in memory, of @sec_size
 * bytes. Symbols' st_value are addresses. 0 or -ENOEXEC, and the reason is in the log.
 */
int apply_relocate_add(Elf64_Shdr *sechdrs, const Elf64_Sym *symtab, unsigned int num_syms,
		       unsigned int relsec, struct module *mod);

#endif
