// SPDX-License-Identifier: MIT
/*
 * The kernel's own symbol table, for call traces and %pS, and for modules, which find here what they use. scripts/kallsyms.py makes it from the
 * linked kernel, and the kernel is linked again with it; it lies behind all code, so that no address
 * changes. Text symbols only, sorted by address. Never changes, needs no lock. /proc/kallsyms shows it, and modules' after it.
 */
#include <linux/capability.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <asm/sections.h>

extern const u32 kallsyms_num_syms;
extern const u32 kallsyms_offsets[];	/* from _text, and: */
#define KALLSYMS_GLOBAL	(1U << 31)
extern const u16 kallsyms_name_offsets[];
extern const u8 kallsyms_pairs[128][2];
extern const u8 kallsyms_names[];
/* What modules may use: indices of names, sorted by name. From kallsyms_num_syms on they are variables. */
extern const u32 kallsyms_num_exports;
extern const u16 kallsyms_exports[];
extern const s32 kallsyms_data[];	/* from the field itself */

static unsigned long sym_address(u32 i)
{
	return (unsigned long)_text + (kallsyms_offsets[i] & ~KALLSYMS_GLOBAL);
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
			    char **modname, char namebuf[KSYM_NAME_LEN])
{
	u32 lo = 0, hi = kallsyms_num_syms;

	*modname = NULL;
	if (!is_kernel_text(addr))
		return module_address_lookup(addr, size, offset, modname, namebuf);
	if (!hi || addr < sym_address(0))
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

/* The address of what the kernel exports under that name: a function or a variable. */
unsigned long kallsyms_lookup_export(const char *name)
{
	u32 lo = 0, hi = kallsyms_num_exports;
	char namebuf[KSYM_NAME_LEN];

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2, i = kallsyms_exports[mid];
		int cmp;

		expand_name(i, namebuf);
		cmp = strcmp(name, namebuf);
		if (!cmp && i < kallsyms_num_syms)
			return sym_address(i);
		if (!cmp) {
			const s32 *p = &kallsyms_data[i - kallsyms_num_syms];

			return (unsigned long)p + *p;
		}
		if (cmp < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return 0;
}

/* "do_exit+0x10/0x340", or the bare address. Returns the length. @back: look up the byte before. */
static int __sprint_symbol(char *buffer, unsigned long address, int back, bool add_offset)
{
	char namebuf[KSYM_NAME_LEN];
	unsigned long size, offset;
	const char *name;
	char *modname;
	int len;

	preempt_disable();		/* for modname */
	name = kallsyms_lookup(address - back, &size, &offset, &modname, namebuf);
	len = name ? sprintf(buffer, "%s", name) : sprintf(buffer, "0x%lx", address);
	if (name && add_offset)
		len += sprintf(buffer + len, "+%#lx/%#lx", offset + back, size);
	if (name && modname)
		len += sprintf(buffer + len, " [%s]", modname);
	preempt_enable();
	return len;
}

int sprint_symbol(char *buffer, unsigned long address)
{
	return __sprint_symbol(buffer, address, 0, true);
}

int sprint_symbol_no_offset(char *buffer, unsigned long address)
{
	return __sprint_symbol(buffer, address, 0, false);
}

/* A return address may belong to the next function, when the call was the last instruction. */
int sprint_backtrace(char *buffer, unsigned long address)
{
	return __sprint_symbol(buffer, address, 1, true);
}

/* ------------------------------------------------------------------ /proc/kallsyms */

/* What is at a position: the kernel's own, then those of modules. */
struct kallsym_iter {
	unsigned long	value;
	char		type;
	char		name[KSYM_NAME_LEN], module_name[MODULE_NAME_LEN];
};

static bool get_ksym(struct kallsym_iter *iter, loff_t pos)
{
	iter->module_name[0] = '\0';
	if (pos >= kallsyms_num_syms)
		return module_get_kallsym(pos - kallsyms_num_syms, &iter->value, &iter->type, iter->name,
					  iter->module_name);
	iter->value = sym_address(pos);
	iter->type = kallsyms_offsets[pos] & KALLSYMS_GLOBAL ? 'T' : 't';
	expand_name(pos, iter->name);
	return true;
}

static void *s_start(struct seq_file *m, loff_t *pos)
{
	return get_ksym(m->private, *pos) ? m->private : NULL;
}

static void *s_next(struct seq_file *m, void *p, loff_t *pos)
{
	++*pos;
	return s_start(m, pos);
}

static void s_stop(struct seq_file *m, void *p) { }

/* Addresses are for those who might know them when they opened the file, as with Linux's kptr_restrict=0. */
static int s_show(struct seq_file *m, void *p)
{
	const struct kallsym_iter *iter = p;
	void *value = file_ns_capable(m->file, &init_user_ns, CAP_SYSLOG) ? (void *)iter->value : NULL;

	seq_printf(m, "%px %c %s", value, iter->type, iter->name);
	if (iter->module_name[0])
		seq_printf(m, "\t[%s]", iter->module_name);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations kallsyms_op = {
	.start	= s_start,
	.next	= s_next,
	.stop	= s_stop,
	.show	= s_show,
};

static int __init kallsyms_init(void)
{
	return proc_create_seq_private("kallsyms", 0444, NULL, &kallsyms_op, sizeof(struct kallsym_iter), NULL) ?
	       0 : -ENOMEM;
}
device_initcall(kallsyms_init);
