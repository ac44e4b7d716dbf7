/* SPDX-License-Identifier: MIT */
/*
 * clear_page(x0): zero one page. DC ZVA zeroes a whole block (64 bytes on most CPUs) at once. Sixteen a round:
 * the loop's own instructions hardly count then.
 */
#include <linux/export.h>
#include <asm/assembler.h>
#include <asm/page.h>

SYM_FUNC_START(clear_page)
	mrs	x1, dczid_el0
	tbnz	x1, #4, 2f		// DC ZVA prohibited
	and	w1, w1, #0xf		// log2 of the block size in words
	mov	x2, #4
	lsl	x1, x2, x1
	add	x2, x0, #PAGE_SIZE
	cmp	x1, #PAGE_SIZE / 16
	b.hi	1f			// sixteen are more than a page
0:
	.rept	16
	dc	zva, x0
	add	x0, x0, x1
	.endr
	cmp	x0, x2
	b.ne	0b
	ret
1:	dc	zva, x0
	add	x0, x0, x1
	cmp	x0, x2
	b.ne	1b
	ret
2:	add	x2, x0, #PAGE_SIZE
3:	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	cmp	x0, x2
	b.ne	3b
	ret
SYM_FUNC_END(clear_page)
EXPORT_SYMBOL(clear_page)
