/* SPDX-License-Identifier: MIT */
#ifndef _ASM_EXTABLE_H
#define _ASM_EXTABLE_H

#include <linux/types.h>

struct exception_table_entry {
	s32 insn, fixup;	/* each relative to its own address */
};

struct pt_regs;

/* Goes to the fixup of the instruction at regs->pc; false when it has none. */
bool fixup_exception(struct pt_regs *regs);
/* The entry of the instruction at pc, or NULL. */
const struct exception_table_entry *search_exception_tables(unsigned long pc);
const struct exception_table_entry *search_extable(const struct exception_table_entry *base, size_t num,
						   unsigned long pc);
void sort_extable(struct exception_table_entry *base, size_t num);
void sort_main_extable(void);

#endif
