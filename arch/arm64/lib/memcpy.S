/* SPDX-License-Identifier: MIT */
/*
 * memcpy and memmove.
 *
 *	x0 dst, x1 src, x2 bytes; returns dst in x0. Changes x1-x13 and the flags.
 *
 * 64 bytes a turn by LDP and STP, then what is left by the bits of its length: 32, 16, 8, 4, 2, 1.
 * Addresses may be odd: normal memory does not mind. On device memory, or with the MMU off, an
 * unaligned access faults, so there both addresses must be aligned to 16.
 */

	.text

	.globl	memcpy
	.type	memcpy, %function
	.balign	16
memcpy:
	mov	x3, x0
.Lforward:
	subs	x2, x2, #64
	b.lo	2f
1:	ldp	x6, x7, [x1]
	ldp	x8, x9, [x1, #16]
	ldp	x10, x11, [x1, #32]
	ldp	x12, x13, [x1, #48]
	add	x1, x1, #64
	/* All 64 are read before one is written: memmove() to a lower address relies on it. */
	stp	x6, x7, [x3]
	stp	x8, x9, [x3, #16]
	stp	x10, x11, [x3, #32]
	stp	x12, x13, [x3, #48]
	add	x3, x3, #64
	subs	x2, x2, #64
	b.hs	1b
	/* x2 is the rest minus 64: its low six bits are the rest. */
2:	tbz	x2, #5, 3f
	ldp	x6, x7, [x1], #16
	ldp	x8, x9, [x1], #16
	stp	x6, x7, [x3], #16
	stp	x8, x9, [x3], #16
3:	tbz	x2, #4, 4f
	ldp	x6, x7, [x1], #16
	stp	x6, x7, [x3], #16
4:	tbz	x2, #3, 5f
	ldr	x6, [x1], #8
	str	x6, [x3], #8
5:	tbz	x2, #2, 6f
	ldr	w6, [x1], #4
	str	w6, [x3], #4
6:	tbz	x2, #1, 7f
	ldrh	w6, [x1], #2
	strh	w6, [x3], #2
7:	tbz	x2, #0, 8f
	ldrb	w6, [x1]
	strb	w6, [x3]
8:	ret
	.size	memcpy, . - memcpy
	.set	__export_memcpy, 0		// EXPORT_SYMBOL()

	.globl	memmove
	.type	memmove, %function
	.balign	16
memmove:
	mov	x3, x0
	/* Forward is right unless dst lies inside [src, src + n); one unsigned comparison tells. */
	sub	x4, x0, x1
	cmp	x4, x2
	b.hs	.Lforward

	add	x1, x1, x2
	add	x3, x3, x2
	subs	x2, x2, #64
	b.lo	2f
1:	ldp	x6, x7, [x1, #-16]
	ldp	x8, x9, [x1, #-32]
	ldp	x10, x11, [x1, #-48]
	ldp	x12, x13, [x1, #-64]!
	stp	x6, x7, [x3, #-16]
	stp	x8, x9, [x3, #-32]
	stp	x10, x11, [x3, #-48]
	stp	x12, x13, [x3, #-64]!
	subs	x2, x2, #64
	b.hs	1b
2:	tbz	x2, #5, 3f
	ldp	x6, x7, [x1, #-16]
	ldp	x8, x9, [x1, #-32]!
	stp	x6, x7, [x3, #-16]
	stp	x8, x9, [x3, #-32]!
3:	tbz	x2, #4, 4f
	ldp	x6, x7, [x1, #-16]!
	stp	x6, x7, [x3, #-16]!
4:	tbz	x2, #3, 5f
	ldr	x6, [x1, #-8]!
	str	x6, [x3, #-8]!
5:	tbz	x2, #2, 6f
	ldr	w6, [x1, #-4]!
	str	w6, [x3, #-4]!
6:	tbz	x2, #1, 7f
	ldrh	w6, [x1, #-2]!
	strh	w6, [x3, #-2]!
7:	tbz	x2, #0, 8f
	ldrb	w6, [x1, #-1]
	strb	w6, [x3, #-1]
8:	ret
	.size	memmove, . - memmove
	.set	__export_memmove, 0		// EXPORT_SYMBOL()

	.section .note.GNU-stack, "", %progbits
