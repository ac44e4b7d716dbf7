// SPDX-License-Identifier: MIT
/*
 * The exception table: where to go on when an instruction faults that is allowed to.
 * The kernel's is sorted once while booting, a module's when it is loaded; searched by halves.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sort.h>
#include <asm/extable.h>
#include <asm/ptrace.h>

extern struct exception_table_entry __start___ex_table[], __stop___ex_table[];

static unsigned long ex_insn(const struct exception_table_entry *e)
{
	return (unsigned long)&e->insn + e->insn;
}

static int cmp_ex(const void *a, const void *b)
{
	unsigned long x = ex_insn(a), y = ex_insn(b);

	return x < y ? -1 : x > y;
}

/* Entries are relative to themselves, so moving one changes its offsets. */
static void swap_ex(void *a, void *b, int size)
{
	struct exception_table_entry *x = a, *y = b, tmp = *x;
	s32 delta = (s32)((char *)b - (char *)a);

	x->insn = y->insn + delta;
	x->fixup = y->fixup + delta;
	y->insn = tmp.insn - delta;
	y->fixup = tmp.fixup - delta;
}

void sort_extable(struct exception_table_entry *base, size_t num)
{
	sort(base, num, sizeof(*base), cmp_ex, swap_ex);
}

void __init sort_main_extable(void)
{
	sort_extable(__start___ex_table, __stop___ex_table - __start___ex_table);
}

const struct exception_table_entry *search_extable(const struct exception_table_entry *base, size_t num,
						   unsigned long pc)
{
	const struct exception_table_entry *lo = base, *hi = base + num;

	while (lo < hi) {
		const struct exception_table_entry *mid = lo + (hi - lo) / 2;
		unsigned long insn = ex_insn(mid);

		if (insn == pc)
			return mid;
		if (insn < pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

const struct exception_table_entry *search_exception_tables(unsigned long pc)
{
	return search_extable(__start___ex_table, __stop___ex_table - __start___ex_table, pc) ?:
	       search_module_extables(pc);
}

bool fixup_exception(struct pt_regs *regs)
{
	const struct exception_table_entry *e = search_exception_tables(regs->pc);

	if (!e)
		return false;
	regs->pc = (unsigned long)&e->fixup + e->fixup;
	return true;
}
