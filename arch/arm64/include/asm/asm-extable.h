/* SPDX-License-Identifier: MIT */
/*
 * The exception table: pairs (instruction that may fault, where to go then), as offsets relative
 * to the entry itself. Searched by fixup_exception() (arch/arm64/mm/extable.c).
 */
#ifndef _ASM_EXTABLE_DEFS_H
#define _ASM_EXTABLE_DEFS_H

#ifdef __ASSEMBLY__
	.macro	_asm_extable, insn, fixup
	.pushsection	__ex_table, "a"
	.align	2
	.long	(\insn - .), (\fixup - .)
	.popsection
	.endm
#else
#define _ASM_EXTABLE(insn, fixup)			\
	".pushsection __ex_table, \"a\"\n"		\
	".align 2\n"					\
	".long (" #insn " - .), (" #fixup " - .)\n"	\
	".popsection\n"
#endif
#endif
