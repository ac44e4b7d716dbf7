/* SPDX-License-Identifier: MIT */
#ifndef _ASM_BRK_IMM_H
#define _ASM_BRK_IMM_H

/* The 16-bit immediates of the BRK instruction, by which its handler tells what is meant. */
#define KGDB_DYN_DBG_BRK_IMM	0x400
#define BUG_BRK_IMM		0x800	/* BUG() and WARN(), linux/bug.h */

#endif
