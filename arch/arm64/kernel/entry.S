/* SPDX-License-Identifier: MIT */
/*
 * Exception vectors, and the way in and out of the kernel.
 *
 * Each of the 16 vectors makes a struct pt_regs on the kernel stack (kernel_entry), calls a C
 * function of entry-common.c with its address, and returns through ret_to_kernel or ret_to_user
 * (kernel_exit). C decides everything; assembly only saves and restores.
 */
#include <asm/assembler.h>
#include <asm/asm-offsets.h>
#include <asm/memory.h>
#include <asm/ptrace.h>
#include <asm/thread_info.h>

	/*
	 * el: the level we came from. On the way in from EL0, SP_EL1 is the top of the task's stack,
	 * SP_EL0 the program's stack pointer; `current` is taken from the per-CPU __entry_task.
	 */
	.macro	kernel_entry, el
	stp	x0, x1, [sp, #16 * 0]
	stp	x2, x3, [sp, #16 * 1]
	stp	x4, x5, [sp, #16 * 2]
	stp	x6, x7, [sp, #16 * 3]
	stp	x8, x9, [sp, #16 * 4]
	stp	x10, x11, [sp, #16 * 5]
	stp	x12, x13, [sp, #16 * 6]
	stp	x14, x15, [sp, #16 * 7]
	stp	x16, x17, [sp, #16 * 8]
	stp	x18, x19, [sp, #16 * 9]
	stp	x20, x21, [sp, #16 * 10]
	stp	x22, x23, [sp, #16 * 11]
	stp	x24, x25, [sp, #16 * 12]
	stp	x26, x27, [sp, #16 * 13]
	stp	x28, x29, [sp, #16 * 14]
	mrs	x22, elr_el1
	mrs	x23, spsr_el1
	.if	\el == 0
	mrs	x21, sp_el0
	adr_this_cpu x20, __entry_task, x19
	ldr	x20, [x20]
	msr	sp_el0, x20
	stp	xzr, xzr, [sp, #S_STACKFRAME]	// traces end here
	.else
	add	x21, sp, #PT_REGS_SIZE
	stp	x29, x22, [sp, #S_STACKFRAME]	// as if the interrupted code had called us
	.endif
	add	x29, sp, #S_STACKFRAME
	stp	x30, x21, [sp, #S_LR]
	stp	x22, x23, [sp, #S_PC]
	mov	w19, #-1
	str	w19, [sp, #S_SYSCALLNO]
	.endm

	.macro	kernel_exit, el
	ldp	x22, x23, [sp, #S_PC]
	ldp	x30, x21, [sp, #S_LR]
	.if	\el == 0
	msr	sp_el0, x21
	.endif
	msr	elr_el1, x22
	msr	spsr_el1, x23
	ldp	x0, x1, [sp, #16 * 0]
	ldp	x2, x3, [sp, #16 * 1]
	ldp	x4, x5, [sp, #16 * 2]
	ldp	x6, x7, [sp, #16 * 3]
	ldp	x8, x9, [sp, #16 * 4]
	ldp	x10, x11, [sp, #16 * 5]
	ldp	x12, x13, [sp, #16 * 6]
	ldp	x14, x15, [sp, #16 * 7]
	ldp	x16, x17, [sp, #16 * 8]
	ldp	x18, x19, [sp, #16 * 9]
	ldp	x20, x21, [sp, #16 * 10]
	ldp	x22, x23, [sp, #16 * 11]
	ldp	x24, x25, [sp, #16 * 12]
	ldp	x26, x27, [sp, #16 * 13]
	ldp	x28, x29, [sp, #16 * 14]
	add	sp, sp, #PT_REGS_SIZE
	eret
	.endm

	/*
	 * A stack is 16 KiB at a multiple of 32 KiB: bit THREAD_SHIFT of a good SP is 0. When an
	 * exception finds no room, SP has run into the guard below and the bit is 1. No register is
	 * free to look at SP with, so x0 and SP are swapped by sums and put back.
	 */
	.macro	kernel_ventry, el, ht, label
	.balign	128
	sub	sp, sp, #PT_REGS_SIZE
	.if	\el == 1
	add	sp, sp, x0			// sp = SP + X0
	sub	x0, sp, x0			// x0 = SP
	tbnz	x0, #THREAD_SHIFT, 1f
	sub	x0, sp, x0			// x0 = X0
	sub	sp, sp, x0			// sp = SP
	.endif
	b	el\el\ht\()_64_\label
	.if	\el == 1
1:	msr	tpidr_el0, x0			// the bad SP; the task will not run again
	sub	x0, sp, x0
	msr	tpidrro_el0, x0			// X0
	b	__bad_stack
	.endif
	.endm

	/* gdb's backtraces end here: nothing called us. */
	.macro	no_caller
	.cfi_startproc
	.cfi_undefined x30
	.endm

	.macro	entry_handler, el, ht, label
SYM_FUNC_START_LOCAL(el\el\ht\()_64_\label)
	no_caller
	kernel_entry \el
	mov	x0, sp
	bl	el\el\ht\()_64_\label\()_handler
	.if	\el == 0
	b	ret_to_user
	.else
	b	ret_to_kernel
	.endif
	.cfi_endproc
SYM_FUNC_END(el\el\ht\()_64_\label)
	.endm

	/* 32-bit programs: SPSR says so, nothing else differs for us. */
	.macro	kernel_ventry_32, label
	.balign	128
	sub	sp, sp, #PT_REGS_SIZE
	b	el0t_32_\label
	.endm

	.cfi_sections .debug_frame
	.section ".text", "ax"
	.balign	2048
SYM_DATA_START(vectors)
	kernel_ventry	1, t, sync		// EL1 with SP_EL0: never used
	kernel_ventry	1, t, irq
	kernel_ventry	1, t, fiq
	kernel_ventry	1, t, error

	kernel_ventry	1, h, sync		// EL1: the kernel itself
	kernel_ventry	1, h, irq
	kernel_ventry	1, h, fiq
	kernel_ventry	1, h, error

	kernel_ventry	0, t, sync		// EL0, 64-bit: programs
	kernel_ventry	0, t, irq
	kernel_ventry	0, t, fiq
	kernel_ventry	0, t, error

	kernel_ventry_32 sync			// EL0, 32-bit: none run here
	kernel_ventry_32 irq
	kernel_ventry_32 fiq
	kernel_ventry_32 error

	entry_handler	1, t, sync
	entry_handler	1, t, irq
	entry_handler	1, t, fiq
	entry_handler	1, t, error

	entry_handler	1, h, sync
	entry_handler	1, h, irq
	entry_handler	1, h, fiq
	entry_handler	1, h, error

	entry_handler	0, t, sync
	entry_handler	0, t, irq
	entry_handler	0, t, fiq
	entry_handler	0, t, error

	.irp	label, sync, irq, fiq, error
el0t_32_\label:
	kernel_entry 0
	mov	x0, sp
	bl	el0t_32_\label\()_handler
	b	ret_to_user
	.endr

SYM_FUNC_START_LOCAL(ret_to_kernel)
	kernel_exit 1
SYM_FUNC_END(ret_to_kernel)

/* sp = pt_regs; interrupts masked; exit_to_user_mode() has done what was pending */
SYM_FUNC_START(ret_to_user)
	kernel_exit 0
SYM_FUNC_END(ret_to_user)

/* The task ran out of kernel stack: go on on this CPU's overflow stack, to say so. */
SYM_FUNC_START_LOCAL(__bad_stack)
	adr_this_cpu x0, overflow_stack + OVERFLOW_STACK_SIZE, x30
	mov	sp, x0
	mrs	x0, tpidrro_el0
	msr	tpidrro_el0, xzr
	sub	sp, sp, #PT_REGS_SIZE
	kernel_entry 1
	mrs	x0, tpidr_el0
	add	x0, x0, #PT_REGS_SIZE
	str	x0, [sp, #S_SP]			// the SP that failed
	mov	x0, sp
	bl	handle_bad_stack
	b	.
SYM_FUNC_END(__bad_stack)

/*
 * cpu_switch_to - from one task's kernel stack to another's
 *
 * x0 = prev, x1 = next; returns prev in x0, on next's stack, where next once called us (or in
 * ret_from_fork when it is new). Only what a call must keep is saved: the compiler keeps the rest.
 */
SYM_FUNC_START(cpu_switch_to)
	mov	x10, #THREAD_CPU_CONTEXT
	add	x8, x0, x10
	mov	x9, sp
	stp	x19, x20, [x8], #16
	stp	x21, x22, [x8], #16
	stp	x23, x24, [x8], #16
	stp	x25, x26, [x8], #16
	stp	x27, x28, [x8], #16
	stp	x29, x9, [x8], #16
	str	x30, [x8]
	add	x8, x1, x10
	ldp	x19, x20, [x8], #16
	ldp	x21, x22, [x8], #16
	ldp	x23, x24, [x8], #16
	ldp	x25, x26, [x8], #16
	ldp	x27, x28, [x8], #16
	ldp	x29, x9, [x8], #16
	ldr	x30, [x8]
	mov	sp, x9
	msr	sp_el0, x1
	ret
SYM_FUNC_END(cpu_switch_to)

/* Where a new task starts: x19 = a kernel thread's function or 0, x20 = its argument. */
SYM_FUNC_START(ret_from_fork)
	no_caller
	bl	schedule_tail			// x0 = prev, from cpu_switch_to
	cbz	x19, 1f
	mov	x0, x20
	blr	x19				// returns when it has become a program by exec
1:	mov	x0, sp
	bl	exit_to_user_mode
	b	ret_to_user
	.cfi_endproc
SYM_FUNC_END(ret_from_fork)

/* Read-only page that every process has for signal handlers without a restorer of their own. */
	.section ".rodata", "a"
	.balign	4096
SYM_DATA_START(vdso_sigtramp_start)
	mov	x8, #139			// rt_sigreturn
	svc	#0
SYM_DATA_START(vdso_sigtramp_end)
	.balign	4096
