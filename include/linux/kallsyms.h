/* SPDX-License-Identifier: MIT */
/* Names of functions, for traces, and what is exported to modules (kernel/kallsyms.c). */
#ifndef _LINUX_KALLSYMS_H
#define _LINUX_KALLSYMS_H

#include <linux/types.h>

#define KSYM_NAME_LEN	128

/*
 * The function that addr lies in, its name in namebuf; NULL when none. size and offset in bytes; *modname:
 * the module that it is in, NULL for the kernel itself; it stays while preemption is off.
 */
const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
			    char **modname, char namebuf[KSYM_NAME_LEN]);
unsigned long kallsyms_lookup_name(const char *name);
unsigned long kallsyms_lookup_export(const char *name);			/* of the kernel; 0: not exported */
#define KSYM_SYMBOL_LEN	(KSYM_NAME_LEN + 128)
int sprint_symbol(char *buffer, unsigned long address);			/* name+0x10/0x40 [module] */
int sprint_symbol_no_offset(char *buffer, unsigned long address);	/* name [module] */
int sprint_backtrace(char *buffer, unsigned long address);		/* for a return address */

#endif
