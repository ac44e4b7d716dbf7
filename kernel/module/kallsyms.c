// SPDX-License-Identifier: MIT
/*
 * Names for addresses in modules: for call traces, and sections for gdb. Kept from the file when it is
 * loaded, in one allocation; read under RCU.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "internal.h"

/* A function, or a label of assembly, in code that stays. Not the assembler's marks ($x, $d). */
static bool is_core_function(const struct load_info *info, const Elf64_Sym *sym)
{
	const unsigned int type = ELF64_ST_TYPE(sym->st_info);
	const char *name = info->strtab + sym->st_name;

	if (sym->st_shndx == SHN_UNDEF || sym->st_shndx >= info->hdr->e_shnum)
		return false;
	return (info->sechdrs[sym->st_shndx].sh_flags & (SHF_ALLOC | SHF_EXECINSTR)) ==
	       (SHF_ALLOC | SHF_EXECINSTR) && !is_init_section(info, sym->st_shndx) &&
	       (type == STT_FUNC || type == STT_NOTYPE) && *name && *name != '$' && *name != '.';
}

static int by_value(const void *a, const void *b)
{
	const struct mod_symbol *x = a, *y = b;

	return x->value < y->value ? -1 : x->value > y->value;
}

/* @s behind what is in the pool already. */
static const char *keep_string(char **pool, const char *s)
{
	char *kept = *pool;

	*pool = stpcpy(kept, s) + 1;
	return kept;
}

/** module_keep_symbols - sets mod->symbols and mod->sections; 0 or -ENOMEM */
int module_keep_symbols(struct module *mod, const struct load_info *info)
{
	unsigned int num_symbols = 0, num_sections = 0, i;
	size_t strings = 0;
	char *pool;

	for (i = 1; i < info->num_syms; i++) {
		if (is_core_function(info, &info->syms[i])) {
			num_symbols++;
			strings += strlen(info->strtab + info->syms[i].st_name) + 1;
		}
	}
	for (i = 1; i < info->hdr->e_shnum; i++) {
		if ((info->sechdrs[i].sh_flags & SHF_ALLOC) && !is_init_section(info, i)) {
			num_sections++;
			strings += strlen(info->secstrings + info->sechdrs[i].sh_name) + 1;
		}
	}
	mod->symbols = kvmalloc(num_symbols * sizeof(*mod->symbols) + num_sections * sizeof(*mod->sections) +
				strings, GFP_KERNEL);
	if (!mod->symbols)
		return -ENOMEM;
	mod->sections = (void *)(mod->symbols + num_symbols);
	pool = (void *)(mod->sections + num_sections);

	for (i = 1; i < info->num_syms; i++)
		if (is_core_function(info, &info->syms[i]))
			mod->symbols[mod->num_symbols++] = (struct mod_symbol){
				info->syms[i].st_value, keep_string(&pool, info->strtab + info->syms[i].st_name) };
	for (i = 1; i < info->hdr->e_shnum; i++)
		if ((info->sechdrs[i].sh_flags & SHF_ALLOC) && !is_init_section(info, i))
			mod->sections[mod->num_sections++] = (struct mod_section){
				info->sechdrs[i].sh_addr,
				keep_string(&pool, info->secstrings + info->sechdrs[i].sh_name) };
	sort(mod->symbols, num_symbols, sizeof(*mod->symbols), by_value, NULL);
	return 0;
}

/*
 * The last function that starts at or before @addr, in namebuf: like kallsyms_lookup(), for modules. The
 * caller keeps preemption off for as long as it uses *@modname.
 */
const char *module_address_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
				  char **modname, char *namebuf)
{
	struct module *mod = __module_text_address(addr);

	if (mod) {
		unsigned long start = (unsigned long)mod->core_layout.base, end = start + mod->core_layout.text_size;
		const char *name = "init";	/* those of the init sections are not kept */

		for (unsigned int i = 0; i < mod->num_symbols && addr - start < mod->core_layout.text_size; i++) {
			if (mod->symbols[i].value > addr) {
				end = mod->symbols[i].value;
				break;
			}
			start = mod->symbols[i].value;
			name = mod->symbols[i].name;
		}
		if (addr - start >= end - start) {
			start = (unsigned long)mod->init_layout.base;
			end = start + mod->init_layout.text_size;
		}
		strscpy(namebuf, name, KSYM_NAME_LEN);
		*offset = addr - start;
		*size = end - start;
		*modname = mod->name;
	}
	return mod ? namebuf : NULL;
}

bool module_get_kallsym(unsigned int symnum, unsigned long *value, char *type, char *name, char *module_name)
{
	bool found = false;
	struct module *mod;

	preempt_disable();
	list_for_each_entry_rcu(mod, &modules, list) {
		found = symnum < mod->num_symbols;
		if (found)
			break;
		symnum -= mod->num_symbols;
	}
	if (found) {
		*value = mod->symbols[symnum].value;
		strscpy(name, mod->symbols[symnum].name, KSYM_NAME_LEN);
		strscpy(module_name, mod->name, MODULE_NAME_LEN);
		*type = find_module_symbol(mod, name) ? 'T' : 't';
	}
	preempt_enable();
	return found;
}

/* Part of an oops. */
void print_modules(void)
{
	struct module *mod;

	if (list_empty(&modules))
		return;
	printk(KERN_DEFAULT "Modules linked in:");
	preempt_disable();
	list_for_each_entry_rcu(mod, &modules, list)
		pr_cont(" %s", mod->name);
	preempt_enable();
	pr_cont("\n");
}
