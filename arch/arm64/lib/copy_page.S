/* SPDX-License-Identifier: MIT */
/* copy_page(x0 to, x1 from): 512 bytes a round, by pairs of registers. Touches x2-x17. */
#include <linux/export.h>
#include <asm/assembler.h>
#include <asm/page.h>

SYM_FUNC_START(copy_page)
	add	x17, x1, #PAGE_SIZE
1:
	.irp	at, 0, 128, 256, 384
	ldp	x2, x3, [x1, #\at]
	ldp	x4, x5, [x1, #\at + 16]
	ldp	x6, x7, [x1, #\at + 32]
	ldp	x8, x9, [x1, #\at + 48]
	ldp	x10, x11, [x1, #\at + 64]
	ldp	x12, x13, [x1, #\at + 80]
	ldp	x14, x15, [x1, #\at + 96]
	stp	x2, x3, [x0, #\at]
	ldp	x2, x3, [x1, #\at + 112]
	stp	x4, x5, [x0, #\at + 16]
	stp	x6, x7, [x0, #\at + 32]
	stp	x8, x9, [x0, #\at + 48]
	stp	x10, x11, [x0, #\at + 64]
	stp	x12, x13, [x0, #\at + 80]
	stp	x14, x15, [x0, #\at + 96]
	stp	x2, x3, [x0, #\at + 112]
	.endr
	add	x1, x1, #512
	add	x0, x0, #512
	cmp	x1, x17
	b.ne	1b
	ret
SYM_FUNC_END(copy_page)
EXPORT_SYMBOL(copy_page)
