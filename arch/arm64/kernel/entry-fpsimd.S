/* SPDX-License-Identifier: MIT */
/* Saving and loading the floating-point registers; x0 = struct user_fpsimd_state. Touches x8. */
#include <asm/assembler.h>

	.arch	armv8-a+fp+simd

	.macro	for_each_pair, op
	.irp	n, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
	fp_pair	\op, \n
	.endr
	.endm

	.altmacro
	.macro	fp_pair2, op, n, m
	\op	q\n, q\m, [x0, #16 * \n]
	.endm
	.macro	fp_pair, op, n
	fp_pair2 \op, \n, %(\n + 1)
	.endm

SYM_FUNC_START(fpsimd_save_state)
	for_each_pair stp
	mrs	x8, fpsr
	str	w8, [x0, #16 * 32]
	mrs	x8, fpcr
	str	w8, [x0, #16 * 32 + 4]
	ret
SYM_FUNC_END(fpsimd_save_state)

SYM_FUNC_START(fpsimd_load_state)
	for_each_pair ldp
	ldr	w8, [x0, #16 * 32]
	msr	fpsr, x8
	ldr	w8, [x0, #16 * 32 + 4]
	msr	fpcr, x8
	ret
SYM_FUNC_END(fpsimd_load_state)
