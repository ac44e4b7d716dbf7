/* SPDX-License-Identifier: MIT */
/* Symbols of linker.ld: where the parts of the image begin and end. */
#ifndef _ASM_SECTIONS_H
#define _ASM_SECTIONS_H

extern char _text[], _stext[], _etext[];
extern char __start_rodata[], __end_rodata[];
extern char __init_begin[], __init_end[];
extern char __inittext_begin[], __inittext_end[];
extern char _sdata[], _edata[];
extern char __bss_start[], __bss_stop[];
extern char __per_cpu_start[], __per_cpu_end[];
extern char _end[];

static inline int is_kernel_text(unsigned long addr)
{
	return (addr >= (unsigned long)_stext && addr < (unsigned long)_etext) ||
	       (addr >= (unsigned long)__inittext_begin && addr < (unsigned long)__inittext_end);
}

#endif
