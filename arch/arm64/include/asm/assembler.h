/* SPDX-License-Identifier: MIT */
/* Macros for assembly files. */
#ifndef _ASM_ASSEMBLER_H
#define _ASM_ASSEMBLER_H

#define SYM_FUNC_START(name)	.globl name; .type name, %function; .balign 4; name:
#define SYM_FUNC_START_LOCAL(name) .type name, %function; .balign 4; name:
#define SYM_FUNC_END(name)	.size name, . - name
#define SYM_DATA_START(name)	.globl name; .type name, %object; name:

	/* Address of a symbol within 4 GiB of here. MMU off: its physical address. */
	.macro adr_l, dst, sym
	adrp	\dst, \sym
	add	\dst, \dst, :lo12:\sym
	.endm

	.macro ldr_l, dst, sym
	adrp	\dst, \sym
	ldr	\dst, [\dst, :lo12:\sym]
	.endm

	.macro str_l, src, sym, tmp
	adrp	\tmp, \sym
	str	\src, [\tmp, :lo12:\sym]
	.endm

	/* This CPU's copy of a per-CPU variable. */
	.macro adr_this_cpu, dst, sym, tmp
	adr_l	\dst, \sym
	mrs	\tmp, tpidr_el1
	add	\dst, \dst, \tmp
	.endm

	.macro get_current_task, rd
	mrs	\rd, sp_el0
	.endm

	/* Smallest data cache line of the system, in bytes (CTR_EL0.DminLine: log2 of words). */
	.macro dcache_line_size, reg, tmp
	mrs	\tmp, ctr_el0
	ubfx	\tmp, \tmp, #16, #4
	mov	\reg, #4
	lsl	\reg, \reg, \tmp
	.endm

	.macro icache_line_size, reg, tmp
	mrs	\tmp, ctr_el0
	and	\tmp, \tmp, #0xf
	mov	\reg, #4
	lsl	\reg, \reg, \tmp
	.endm

#endif
