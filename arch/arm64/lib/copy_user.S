/* SPDX-License-Identifier: MIT */
/*
 * Copies to and from a program's memory, with the exception table.
 *
 *	x0 to, x1 from, x2 bytes; returns in x0 the bytes NOT copied
 *
 * The program's side is accessed by LDTR/STTR, which check as EL0 would. They have no pair form
 * and no write-back, so a round moves 64 bytes by eight of them. When one faults, the bytes of its
 * round that did not arrive are tried one at a time, so that the count is exact: all up to the
 * first byte that cannot be accessed is copied. Touches x3-x12 only.
 */
#include <linux/export.h>
#include <asm/assembler.h>
#include <asm/asm-extable.h>

	/* An access that may fault, and where to go then. */
	.macro	USER, label, insn:vararg
9999:	\insn
	_asm_extable 9999b, \label
	.endm

SYM_FUNC_START(__arch_copy_from_user)
	subs	x2, x2, #64
	b.lo	2f
1:	USER	.Lfrom_fault, ldtr x3, [x1]
	USER	.Lfrom_fault, ldtr x4, [x1, #8]
	USER	.Lfrom_fault, ldtr x5, [x1, #16]
	USER	.Lfrom_fault, ldtr x6, [x1, #24]
	USER	.Lfrom_fault, ldtr x7, [x1, #32]
	USER	.Lfrom_fault, ldtr x8, [x1, #40]
	USER	.Lfrom_fault, ldtr x9, [x1, #48]
	USER	.Lfrom_fault, ldtr x10, [x1, #56]
	add	x1, x1, #64
	stp	x3, x4, [x0]
	stp	x5, x6, [x0, #16]
	stp	x7, x8, [x0, #32]
	stp	x9, x10, [x0, #48]
	add	x0, x0, #64
	subs	x2, x2, #64
	b.hs	1b
2:	add	x2, x2, #64			// 0-63 left
3:	subs	x2, x2, #8
	b.lo	4f
	USER	.Lfrom_fault8, ldtr x3, [x1]
	add	x1, x1, #8
	str	x3, [x0], #8
	b	3b
4:	adds	x2, x2, #8			// 0-7 left
	b.eq	6f
5:	USER	6f, ldtrb w3, [x1]
	add	x1, x1, #1
	strb	w3, [x0], #1
	subs	x2, x2, #1
	b.ne	5b
6:	mov	x0, x2
	ret
.Lfrom_fault:
	add	x2, x2, #64
	b	5b				// x1, x0 are still those of the round's start
.Lfrom_fault8:
	add	x2, x2, #8
	b	5b
SYM_FUNC_END(__arch_copy_from_user)
EXPORT_SYMBOL(__arch_copy_from_user)

SYM_FUNC_START(__arch_copy_to_user)
	subs	x2, x2, #64
	b.lo	2f
1:	ldp	x3, x4, [x1]
	ldp	x5, x6, [x1, #16]
	ldp	x7, x8, [x1, #32]
	ldp	x9, x10, [x1, #48]
	USER	.Lto_fault, sttr x3, [x0]
	USER	.Lto_fault, sttr x4, [x0, #8]
	USER	.Lto_fault, sttr x5, [x0, #16]
	USER	.Lto_fault, sttr x6, [x0, #24]
	USER	.Lto_fault, sttr x7, [x0, #32]
	USER	.Lto_fault, sttr x8, [x0, #40]
	USER	.Lto_fault, sttr x9, [x0, #48]
	USER	.Lto_fault, sttr x10, [x0, #56]
	add	x1, x1, #64
	add	x0, x0, #64
	subs	x2, x2, #64
	b.hs	1b
2:	add	x2, x2, #64
3:	subs	x2, x2, #8
	b.lo	4f
	ldr	x3, [x1]
	USER	.Lto_fault8, sttr x3, [x0]
	add	x1, x1, #8
	add	x0, x0, #8
	b	3b
4:	adds	x2, x2, #8
	b.eq	6f
5:	ldrb	w3, [x1]
	USER	6f, sttrb w3, [x0]
	add	x1, x1, #1
	add	x0, x0, #1
	subs	x2, x2, #1
	b.ne	5b
6:	mov	x0, x2
	ret
.Lto_fault:
	add	x2, x2, #64
	b	5b
.Lto_fault8:
	add	x2, x2, #8
	b	5b
SYM_FUNC_END(__arch_copy_to_user)
EXPORT_SYMBOL(__arch_copy_to_user)

/* x0 to, x1 bytes; returns the bytes not cleared. */
SYM_FUNC_START(__arch_clear_user)
	subs	x1, x1, #64
	b.lo	2f
1:	USER	.Lclear_fault, sttr xzr, [x0]
	USER	.Lclear_fault, sttr xzr, [x0, #8]
	USER	.Lclear_fault, sttr xzr, [x0, #16]
	USER	.Lclear_fault, sttr xzr, [x0, #24]
	USER	.Lclear_fault, sttr xzr, [x0, #32]
	USER	.Lclear_fault, sttr xzr, [x0, #40]
	USER	.Lclear_fault, sttr xzr, [x0, #48]
	USER	.Lclear_fault, sttr xzr, [x0, #56]
	add	x0, x0, #64
	subs	x1, x1, #64
	b.hs	1b
2:	add	x1, x1, #64			// 0-63 left
3:	subs	x1, x1, #8
	b.lo	4f
	USER	.Lclear_fault8, sttr xzr, [x0]
	add	x0, x0, #8
	b	3b
4:	adds	x1, x1, #8			// 0-7 left
	b.eq	6f
5:	USER	6f, sttrb wzr, [x0]
	add	x0, x0, #1
	subs	x1, x1, #1
	b.ne	5b
6:	mov	x0, x1
	ret
.Lclear_fault:
	add	x1, x1, #64
	b	5b
.Lclear_fault8:
	add	x1, x1, #8
	b	5b
SYM_FUNC_END(__arch_clear_user)
EXPORT_SYMBOL(__arch_clear_user)

/* long __arch_strncpy_from_user(x0 dst, x1 src, x2 count): bytes before the NUL, count, or -EFAULT (-14) */
SYM_FUNC_START(__arch_strncpy_from_user)
	mov	x3, #0
1:	cmp	x3, x2
	b.eq	2f
	USER	3f, ldtrb w4, [x1]
	add	x1, x1, #1
	strb	w4, [x0, x3]
	cbz	w4, 2f
	add	x3, x3, #1
	b	1b
2:	mov	x0, x3
	ret
3:	mov	x0, #-14
	ret
SYM_FUNC_END(__arch_strncpy_from_user)
EXPORT_SYMBOL(__arch_strncpy_from_user)
