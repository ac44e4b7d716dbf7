// SPDX-License-Identifier: MIT
/*
 * Is this file a module? Who may load modules may do anything, but a file that was cut short or
 * damaged on its way shall be refused with a word, not followed off the end of memory. After
 * elf_validity_check() every offset, size, index and name in the headers lies where it should.
 *
 * Called by load_module() (main.c), on a copy that nobody else sees.
 */
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/elf.h>
#include "internal.h"

static int bad(const char *why, unsigned int section)
{
	pr_err("Invalid module file: %s (section %u)\n", why, section);
	return -ENOEXEC;
}

static bool inside(const struct load_info *info, u64 offset, u64 size)
{
	return offset <= info->len && size <= info->len - offset;
}

/* A table of strings: it ends in a NUL, so that no name runs off it. */
static bool is_strtab(const struct load_info *info, unsigned int i)
{
	const Elf64_Shdr *s = &info->sechdrs[i];

	return i < info->hdr->e_shnum && s->sh_type == SHT_STRTAB && s->sh_size &&
	       ((const char *)info->hdr)[s->sh_offset + s->sh_size - 1] == '\0';
}

/* What will be written to, by itself: in a strange file it might overlap with what was checked. */
static void *copy(const struct load_info *info, u64 offset, u64 size)
{
	void *p = kvmalloc(size + 1, GFP_KERNEL);

	if (p)
		memcpy(p, (void *)info->hdr + offset, size);
	return p;
}

static int check_header(struct load_info *info)
{
	const Elf64_Ehdr *h = info->hdr;

	if (info->len < sizeof(*h) || memcmp(h->e_ident, ELFMAG, SELFMAG) ||
	    h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB)
		return bad("not a little-endian ELF file of 64 bits", 0);
	if (h->e_type != ET_REL || h->e_machine != EM_AARCH64)
		return bad("not a relocatable file for arm64", 0);
	if (h->e_shentsize != sizeof(Elf64_Shdr) || h->e_shoff & 7 ||
	    !inside(info, h->e_shoff, (u64)h->e_shnum * sizeof(Elf64_Shdr)))
		return bad("the section headers are not in the file", 0);
	info->sechdrs = copy(info, h->e_shoff, h->e_shnum * sizeof(Elf64_Shdr));
	if (!info->sechdrs)
		return -ENOMEM;
	if (h->e_shstrndx >= h->e_shnum)
		return bad("no section names", h->e_shstrndx);
	return 0;
}

/* Each header by itself. */
static int check_sections(struct load_info *info)
{
	for (unsigned int i = 0; i < info->hdr->e_shnum; i++) {
		const Elf64_Shdr *s = &info->sechdrs[i];

		if (!i || s->sh_type == SHT_NULL) {
			if (s->sh_type != SHT_NULL || s->sh_flags & SHF_ALLOC)
				return bad("a null section that is none", i);
			continue;
		}
		if (s->sh_type != SHT_NOBITS && !inside(info, s->sh_offset, s->sh_size))
			return bad("it is not in the file", i);
		if (s->sh_addralign && (!is_power_of_2(s->sh_addralign) || s->sh_addralign > PAGE_SIZE))
			return bad("bad alignment", i);
		if ((s->sh_flags & SHF_ALLOC) && s->sh_size > MODULES_END - MODULES_VADDR)
			return bad("it is too large", i);
		if ((s->sh_type == SHT_SYMTAB || s->sh_type == SHT_RELA) && s->sh_offset & 7)
			return bad("a table that is not aligned", i);
	}
	return 0;
}

/* The one table of symbols; names and section numbers of all of them. */
static int check_symbols(struct load_info *info)
{
	const Elf64_Shdr *s;

	for (unsigned int i = 1; i < info->hdr->e_shnum; i++) {
		if (info->sechdrs[i].sh_type != SHT_SYMTAB)
			continue;
		if (info->index.sym)
			return bad("a second symbol table", i);
		info->index.sym = i;
	}
	if (!info->index.sym)
		return bad("no symbols: is it stripped?", 0);
	s = &info->sechdrs[info->index.sym];
	info->index.str = s->sh_link;
	if (!is_strtab(info, s->sh_link) || s->sh_entsize != sizeof(Elf64_Sym) || s->sh_size % sizeof(Elf64_Sym))
		return bad("a bad symbol table", info->index.sym);
	info->syms = copy(info, s->sh_offset, s->sh_size);
	if (!info->syms)
		return -ENOMEM;
	info->num_syms = s->sh_size / sizeof(Elf64_Sym);
	info->strtab = (void *)info->hdr + info->sechdrs[s->sh_link].sh_offset;
	for (unsigned int i = 0; i < info->num_syms; i++) {
		const Elf64_Sym *sym = &info->syms[i];

		if (sym->st_name >= info->sechdrs[s->sh_link].sh_size)
			return bad("a symbol without a name", info->index.sym);
		if (sym->st_shndx >= info->hdr->e_shnum && sym->st_shndx < SHN_LORESERVE)
			return bad("a symbol in no section", info->index.sym);
	}
	return 0;
}

static int check_relocations(struct load_info *info)
{
	for (unsigned int i = 1; i < info->hdr->e_shnum; i++) {
		const Elf64_Shdr *s = &info->sechdrs[i];

		if (s->sh_type == SHT_REL)
			return bad("relocations without addends", i);
		if (s->sh_type != SHT_RELA)
			continue;
		if (s->sh_flags & SHF_ALLOC || s->sh_entsize != sizeof(Elf64_Rela) ||
		    s->sh_size % sizeof(Elf64_Rela) || s->sh_info >= info->hdr->e_shnum ||
		    s->sh_link != info->index.sym)
			return bad("bad relocations", i);
	}
	return 0;
}

/**
 * elf_validity_check - sets all of @info from hdr and len, if the file keeps to the rules
 *
 * 0, or -ENOEXEC with the reason in the log.
 */
int elf_validity_check(struct load_info *info)
{
	int err = check_header(info) ?: check_sections(info);
	const Elf64_Shdr *mod;
	const char *name;

	if (err)
		return err;
	if (!is_strtab(info, info->hdr->e_shstrndx))
		return bad("no section names", info->hdr->e_shstrndx);
	info->secstrings = (void *)info->hdr + info->sechdrs[info->hdr->e_shstrndx].sh_offset;
	for (unsigned int i = 0; i < info->hdr->e_shnum; i++)
		if (info->sechdrs[i].sh_name >= info->sechdrs[info->hdr->e_shstrndx].sh_size)
			return bad("no name", i);
	err = check_symbols(info) ?: check_relocations(info);
	if (err)
		return err;

	info->index.info = find_sec(info, ".modinfo");
	if (info->index.info) {
		Elf64_Shdr *s = &info->sechdrs[info->index.info];

		s->sh_flags &= ~SHF_ALLOC;	/* read from the file */
		if (s->sh_type == SHT_NOBITS || !s->sh_size ||
		    ((const char *)info->hdr)[s->sh_offset + s->sh_size - 1])
			return bad(".modinfo is no text", info->index.info);
	}
	name = get_modname(info);
	if (!name || !*name || strlen(name) >= MODULE_NAME_LEN)
		return bad(".modinfo gives no name: not built as a module", info->index.info);
	info->index.mod = find_sec(info, ".gnu.linkonce.this_module");
	if (!info->index.mod)
		return bad("no .gnu.linkonce.this_module: not built as a module", 0);
	mod = &info->sechdrs[info->index.mod];
	if (mod->sh_size != sizeof(struct module) || mod->sh_type != SHT_PROGBITS ||
	    mod->sh_addralign < __alignof__(struct module) ||
	    (mod->sh_flags & (SHF_WRITE | SHF_EXECINSTR)) != SHF_WRITE)
		return bad("struct module has another size: built for another kernel", info->index.mod);
	return 0;
}

/* The number of a section that has a place in memory or is .modinfo; 0: there is none. */
unsigned int find_sec(const struct load_info *info, const char *name)
{
	for (unsigned int i = 1; i < info->hdr->e_shnum; i++)
		if (info->sechdrs[i].sh_flags & SHF_ALLOC && !strcmp(info->secstrings + info->sechdrs[i].sh_name, name))
			return i;
	return 0;
}

/* Code and data for init alone: not kept when that has returned. */
bool is_init_section(const struct load_info *info, unsigned int i)
{
	return strstarts(info->secstrings + info->sechdrs[i].sh_name, ".init");
}

/* What .modinfo says behind "tag=", or NULL. */
const char *get_modinfo(const struct load_info *info, const char *tag)
{
	const Elf64_Shdr *s = &info->sechdrs[info->index.info];
	const char *p = (const char *)info->hdr + s->sh_offset, *end = p + s->sh_size;
	size_t len = strlen(tag);

	if (!info->index.info)
		return NULL;
	for (; p < end; p += strlen(p) + 1)
		if (!strncmp(p, tag, len) && p[len] == '=')
			return p + len + 1;
	return NULL;
}

const char *get_modname(const struct load_info *info)
{
	return get_modinfo(info, "name");
}
