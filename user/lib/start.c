// SPDX-License-Identifier: MIT
/* From the kernel's stack image to main(), and the ways out of a program. */
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "internal.h"

#define ATEXIT_MAX 32		/* what POSIX promises */

char **environ;
unsigned long *__auxv;
const char *__progname = "";

static void (*atexit_fn[ATEXIT_MAX])(void);
static int atexit_n;

int main(int argc, char **argv, char **envp);

long __syscall_ret(long ret)
{
	if ((unsigned long)ret > -4096UL) {
		errno = -ret;
		return -1;
	}
	return ret;
}

const char *getprogname(void)
{
	return __progname;
}

void setprogname(const char *name)
{
	const char *slash = strrchr(name, '/');

	__progname = slash ? slash + 1 : name;
}

_Noreturn void __libc_start(unsigned long *sp)
{
	int argc = sp[0];
	char **argv = (char **)(sp + 1), **p;

	environ = argv + argc + 1;
	for (p = environ; *p; p++)
		;
	__auxv = (unsigned long *)(p + 1);
	if (argc > 0)
		setprogname(argv[0]);
	exit(main(argc, argv, environ));
}

unsigned long getauxval(unsigned long type)
{
	unsigned long *p;

	for (p = __auxv; p[0] != AT_NULL; p += 2)
		if (p[0] == type)
			return p[1];
	errno = ENOENT;
	return 0;
}

int atexit(void (*fn)(void))
{
	if (atexit_n == ATEXIT_MAX) {
		errno = ENOMEM;
		return -1;
	}
	atexit_fn[atexit_n++] = fn;
	return 0;
}

/* Only a program that uses stdio has anything to flush; others need not link it. */
__attribute__((weak)) void __stdio_exit(void)
{
}

_Noreturn void exit(int status)
{
	while (atexit_n > 0)
		atexit_fn[--atexit_n]();
	__stdio_exit();
	_exit(status);
}

_Noreturn void _exit(int status)
{
	for (;;)
		RAW(exit_group, status);
}

_Noreturn void _Exit(int status)
{
	_exit(status);
}
