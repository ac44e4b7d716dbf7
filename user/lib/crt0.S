// SPDX-License-Identifier: MIT
/*
 * Where the kernel enters a program: sp points at argc, argv, envp and the auxiliary vector, and
 * is 16-aligned; x0 is 0. The zeroed frame pointer ends a debugger's walk of the stack.
 */
	.text
	.globl	_start
	.type	_start, %function
_start:
	mov	x29, #0
	mov	x30, #0
	mov	x0, sp
	bl	__libc_start
	brk	#0			// __libc_start does not return
	.size	_start, . - _start

	.section .note.GNU-stack, "", %progbits
