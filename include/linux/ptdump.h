/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PTDUMP_H
#define _LINUX_PTDUMP_H

#include <linux/types.h>

struct seq_file;

/* arch/arm64/mm/ptdump.c: the attributes of a block or a page, in words; where a kernel address lies. */
void ptdump_show_attributes(struct seq_file *m, u64 entry);
const char *ptdump_kernel_area(unsigned long addr);

#endif
