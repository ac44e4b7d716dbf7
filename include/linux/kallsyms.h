/* SPDX-License-Identifier: MIT */
/* Names of the kernel's functions, for traces (kernel/kallsyms.c). */
#ifndef _LINUX_KALLSYMS_H
#define _LINUX_KALLSYMS_H

#include <linux/types.h>

#define KSYM_NAME_LEN	128

/* The function that addr lies in, its name in namebuf; NULL when none. offset and size in bytes. */
const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
			    char namebuf[KSYM_NAME_LEN]);
unsigned long kallsyms_lookup_name(const char *name);
int sprint_symbol(char *buffer, unsigned long address);			/* name+0x10/0x40 */
int sprint_symbol_no_offset(char *buffer, unsigned long address);	/* name */
int sprint_backtrace(char *buffer, unsigned long address);		/* for a return address */

#endif
