// SPDX-License-Identifier: MIT
/* Jumps out of functions: the registers that a call preserves, x19-x30, sp and d8-d15. */
#ifndef _SETJMP_H
#define _SETJMP_H

#include <signal.h>

typedef unsigned long jmp_buf[22];
typedef struct {
	jmp_buf		regs;
	int		mask_saved;
	sigset_t	mask;
} sigjmp_buf[1];

int setjmp(jmp_buf env) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf env, int value);
#define _setjmp(env)		setjmp(env)
#define _longjmp(env, value)	longjmp(env, value)

#define sigsetjmp(env, save)	(__sigjmp_save(env, save), setjmp((env)->regs))
void __sigjmp_save(sigjmp_buf env, int save);
_Noreturn void siglongjmp(sigjmp_buf env, int value);

#endif
