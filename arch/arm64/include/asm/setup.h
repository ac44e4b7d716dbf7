/* SPDX-License-Identifier: MIT */
#ifndef _ASM_SETUP_H
#define _ASM_SETUP_H

void setup_arch(void);		/* memblock and paging */
void setup_arch_late(void);	/* what needs kmalloc */
void parse_early_param(void);
void init_IRQ(void);
void time_init(void);

#endif
