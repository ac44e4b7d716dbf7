// SPDX-License-Identifier: MIT
/*
 * int clone(int (*fn)(void *), void *stack, int flags, void *arg,
 *	     pid_t *parent_tid, void *tls, pid_t *child_tid)
 *
 * The child starts with nothing but its new stack, so fn and arg are put there first. arm64's
 * order of arguments is flags, stack, parent_tid, tls, child_tid.
 */
#include <sys/syscall.h>

	.text
	.globl	clone
	.type	clone, %function
clone:
	and	x1, x1, #~15
	cbz	x1, 2f
	stp	x0, x3, [x1, #-16]!
	mov	w0, w2
	mov	x2, x4
	mov	x3, x5
	mov	x4, x6
	mov	x8, #SYS_clone
	svc	#0
	cbz	x0, 1f
	b	__syscall_ret
1:	ldp	x1, x0, [sp], #16	// the child
	mov	x29, #0
	mov	x30, #0
	blr	x1
	mov	x8, #SYS_exit
	svc	#0
2:	mov	x0, #-22		// -EINVAL: no stack
	b	__syscall_ret
	.size	clone, . - clone

	.section .note.GNU-stack, "", %progbits
