// SPDX-License-Identifier: MIT
/*
 * The kernel's own symbol table, for call traces and %pS. scripts/kallsyms.py makes it from the
 * linked kernel, and the kernel is linked again with it; it lies behind all code, so that no address
 * changes. Text symbols only, sorted by address. Never changes, needs no lock.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/sections.h>

extern const u32 kallsyms_num_syms;
extern const u32 kallsyms_offsets[];	/* from _text */
extern const u32 kallsyms_name_offsets[];
extern const char kallsyms_names[];

static unsigned long sym_address(u32 i)
{
	return (unsigned long)_text + kallsyms_offsets[i];
}

static const char *sym_name(u32 i)
{
	return kallsyms_names + kallsyms_name_offsets[i];
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset)
{
	u32 lo = 0, hi = kallsyms_num_syms;

	if (!is_kernel_text(addr) || !hi || addr < sym_address(0))
		return NULL;
	while (hi - lo > 1) {
		u32 mid = lo + (hi - lo) / 2;

		if (sym_address(mid) <= addr)
			lo = mid;
		else
			hi = mid;
	}
	*offset = addr - sym_address(lo);
	*size = (lo + 1 < kallsyms_num_syms ? sym_address(lo + 1) : (unsigned long)__inittext_end) -
		sym_address(lo);
	return sym_name(lo);
}

unsigned long kallsyms_lookup_name(const char *name)
{
	u32 i;

	for (i = 0; i < kallsyms_num_syms; i++)
		if (!strcmp(sym_name(i), name))
			return sym_address(i);
	return 0;
}

/* "do_exit+0x10/0x340", or the bare address. Returns the length. */
int sprint_symbol(char *buffer, unsigned long address)
{
	unsigned long size, offset;
	const char *name = kallsyms_lookup(address, &size, &offset);

	if (!name)
		return sprintf(buffer, "0x%lx", address);
	return sprintf(buffer, "%s+%#lx/%#lx", name, offset, size);
}

int sprint_symbol_no_offset(char *buffer, unsigned long address)
{
	unsigned long size, offset;
	const char *name = kallsyms_lookup(address, &size, &offset);

	return name ? sprintf(buffer, "%s", name) : sprintf(buffer, "0x%lx", address);
}

/* A return address may belong to the next function, when the call was the last instruction. */
int sprint_backtrace(char *buffer, unsigned long address)
{
	unsigned long size, offset;
	const char *name = kallsyms_lookup(address - 1, &size, &offset);

	if (!name)
		return sprintf(buffer, "0x%lx", address);
	return sprintf(buffer, "%s+%#lx/%#lx", name, offset + 1, size);
}
