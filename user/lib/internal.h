// SPDX-License-Identifier: MIT
/*
 * What the library's files share: system calls in line, and the inside of a FILE.
 *
 * SYS(name, args...) makes the call and returns as POSIX has it: the result, or -1 with errno set.
 * RAW(name, args...) returns the kernel's own answer, an error being -1..-4095.
 */
#ifndef _INTERNAL_H
#define _INTERNAL_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>

long __syscall_ret(long ret);

static inline long __svc(long nr, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc #0" : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
}

#define __raw(nr, a, b, c, d, e, f, ...) \
	__svc(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define RAW(name, ...)	__raw(SYS_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SYS(name, ...)	__syscall_ret(RAW(name, ##__VA_ARGS__))

extern unsigned long *__auxv;		/* pairs of type and value */
extern const char *__progname;

void __stdio_exit(void);

/*
 * A FILE's buffer holds either bytes read and not yet consumed (rpos < rend) or bytes written
 * and not yet sent (wpos > 0), never both. UNGET bytes before buf are room for ungetc.
 */
#define UNGET	8

#define F_READ	0x01
#define F_WRITE	0x02
#define F_APP	0x04		/* opened with O_APPEND */
#define F_EOF	0x08
#define F_ERR	0x10
#define F_OWN	0x20		/* buf came from malloc */

struct __file {
	int		fd;
	unsigned char	flags;
	signed char	mode;		/* _IOFBF.., -1 until the first use decides */
	unsigned char	*buf;		/* NULL until the first use */
	size_t		size, rpos, rend, wpos;
	struct __file	*next;		/* all files that fopen made */
};

#endif
