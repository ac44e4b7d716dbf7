/* SPDX-License-Identifier: MIT */
/*
 * EXPORT_SYMBOL(name): modules may use it.
 *
 * In the kernel it leaves nothing but a local symbol, which is seen by scripts/kallsyms.py: that marks the
 * name in the table of symbols that the kernel has anyway. In a module it is an entry in a table of the
 * module's own (struct kernel_symbol, kernel/module/main.c). There are no two classes of exports here.
 */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

#ifndef __ASSEMBLY__

/* Distances from the field itself, in bytes. */
struct kernel_symbol {
	int	value_offset;
	int	name_offset;
};

#ifdef MODULE
extern struct module __this_module;
#define THIS_MODULE		(&__this_module)

#define EXPORT_SYMBOL(sym)						\
	asm("	.pushsection __ksymtab_strings, \"a\"\n"		\
	    "661:	.string \"" #sym "\"\n"				\
	    "	.popsection\n"						\
	    "	.pushsection __ksymtab, \"a\"\n"			\
	    "	.balign	4\n"						\
	    "	.long	" #sym " - .\n"					\
	    "	.long	661b - .\n"					\
	    "	.popsection")
#else
#define THIS_MODULE		((struct module *)0)
#define EXPORT_SYMBOL(sym)	asm(".set __export_" #sym ", 0")
#endif

#else
#define EXPORT_SYMBOL(sym)	.set __export_##sym, 0
#endif /* __ASSEMBLY__ */

#define EXPORT_SYMBOL_GPL(sym)	EXPORT_SYMBOL(sym)

#endif
