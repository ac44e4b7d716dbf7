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
extern const u16 kallsyms_name_offsets[];
extern const u8 kallsyms_pairs[128][2];
extern const u8 kallsyms_names[];

static unsigned long sym_address(u32 i)
{
	return (unsigned long)_text + kallsyms_offsets[i];
}

/*
 * The name of symbol @i. A byte from 128 on stands for two, and each of them may do so itself: what is
 * still to be taken apart waits in `rest`, the next on top. A name that is too long is cut off.
 */
static void expand_name(u32 i, char namebuf[KSYM_NAME_LEN])
{
	const u8 *next = kallsyms_names + kallsyms_name_offsets[i];
	unsigned int n = 0, len = 0;
	u8 rest[KSYM_NAME_LEN];

	while (len < KSYM_NAME_LEN - 1) {
		u8 c = n ? rest[--n] : *next++;

		if (!c)
			break;
		if (c < 128) {
			namebuf[len++] = c;
		} else if (n + 2 <= sizeof(rest)) {
			rest[n++] = kallsyms_pairs[c - 128][1];
			rest[n++] = kallsyms_pairs[c - 128][0];
		}
	}
	namebuf[len] = '\0';
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
			    char namebuf[KSYM_NAME_LEN])
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
	expand_name(lo, namebuf);
	return namebuf;
}

unsigned long kallsyms_lookup_name(const char *name)
{
	char namebuf[KSYM_NAME_LEN];
	u32 i;

	for (i = 0; i < kallsyms_num_syms; i++) {
		expand_name(i, namebuf);
		if (!strcmp(namebuf, name))
			return sym_address(i);
	}
	return 0;
}

/* "do_exit+0x10/0x340", or the bare address. Returns the length. */
int sprint_symbol(char *buffer, unsigned long address)
{
	char namebuf[KSYM_NAME_LEN];
	unsigned long size, offset;
	const char *name = kallsyms_lookup(address, &size, &offset, namebuf);

	if (!name)
		return sprintf(buffer, "0x%lx", address);
	return sprintf(buffer, "%s+%#lx/%#lx", name, offset, size);
}

int sprint_symbol_no_offset(char *buffer, unsigned long address)
{
	char namebuf[KSYM_NAME_LEN];
	unsigned long size, offset;
	const char *name = kallsyms_lookup(address, &size, &offset, namebuf);

	return name ? sprintf(buffer, "%s", name) : sprintf(buffer, "0x%lx", address);
}

/* A return address may belong to the next function, when the call was the last instruction. */
int sprint_backtrace(char *buffer, unsigned long address)
{
	char namebuf[KSYM_NAME_LEN];
	unsigned long size, offset;
	const char *name = kallsyms_lookup(address - 1, &size, &offset, namebuf);

	if (!name)
		return sprintf(buffer, "0x%lx", address);
	return sprintf(buffer, "%s+%#lx/%#lx", name, offset + 1, size);
}
