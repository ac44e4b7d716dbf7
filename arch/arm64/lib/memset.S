/* SPDX-License-Identifier: MIT */
/*
 * memset.
 *
 *	x0 dst, w1 byte, x2 bytes; returns dst in x0. Changes x1-x3 and the flags.
 *
 * Whole pages are better cleared by clear_page(), which has DC ZVA: that instruction wants normal
 * memory and the MMU on, and memset() is called before that.
 */

	.text

	.globl	memset
	.type	memset, %function
	.balign	16
memset:
	mov	x3, x0
	/* The byte in all eight places of x1. */
	and	w1, w1, #0xff
	orr	w1, w1, w1, lsl #8
	orr	w1, w1, w1, lsl #16
	orr	x1, x1, x1, lsl #32

	subs	x2, x2, #64
	b.lo	2f
1:	stp	x1, x1, [x3]
	stp	x1, x1, [x3, #16]
	stp	x1, x1, [x3, #32]
	stp	x1, x1, [x3, #48]
	add	x3, x3, #64
	subs	x2, x2, #64
	b.hs	1b
	/* x2 is the rest minus 64: its low six bits are the rest. */
2:	tbz	x2, #5, 3f
	stp	x1, x1, [x3], #16
	stp	x1, x1, [x3], #16
3:	tbz	x2, #4, 4f
	stp	x1, x1, [x3], #16
4:	tbz	x2, #3, 5f
	str	x1, [x3], #8
5:	tbz	x2, #2, 6f
	str	w1, [x3], #4
6:	tbz	x2, #1, 7f
	strh	w1, [x3], #2
7:	tbz	x2, #0, 8f
	strb	w1, [x3]
8:	ret
	.size	memset, . - memset
	.set	__export_memset, 0		// EXPORT_SYMBOL()

	.section .note.GNU-stack, "", %progbits
