/* SPDX-License-Identifier: MIT */
/* What the files of kernel/module/ share. */
#ifndef _KERNEL_MODULE_INTERNAL_H
#define _KERNEL_MODULE_INTERNAL_H

#include <linux/module.h>
#include <linux/mutex.h>
#include <uapi/linux/elf.h>

extern struct mutex module_mutex;	/* the list, states, who uses whom */
extern struct list_head modules;

/* One module uses another, which holds a reference on it. module_mutex guards the lists. */
struct module_use {
	struct list_head source_list;	/* in target->source_list */
	struct list_head target_list;	/* in source->target_list, or load_info.uses before it is there */
	struct module	*source, *target;
};

/* The file while it is being loaded: a copy in memory that nobody else sees. */
struct load_info {
	const Elf64_Ehdr *hdr;		/* the file, not written to */
	unsigned long	len;
	Elf64_Shdr	*sechdrs;	/* sh_addr becomes where the section is in memory */
	const char	*secstrings, *strtab;
	Elf64_Sym	*syms;		/* st_value becomes an address */
	unsigned int	num_syms;
	struct {
		unsigned int sym, str, mod, info;
	} index;
	struct list_head uses;
};

int elf_validity_check(struct load_info *info);
unsigned int find_sec(const struct load_info *info, const char *name);
const char *get_modinfo(const struct load_info *info, const char *tag);
const char *get_modname(const struct load_info *info);
bool is_init_section(const struct load_info *info, unsigned int i);

const struct kernel_symbol *find_module_symbol(struct module *mod, const char *name);
int mod_sysfs_setup(struct module *mod);
void mod_sysfs_teardown(struct module *mod);
int module_keep_symbols(struct module *mod, const struct load_info *info);

#endif
