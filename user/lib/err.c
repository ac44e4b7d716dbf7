// SPDX-License-Identifier: MIT
/* Messages of the form "program: what: why", and failed assertions. */
#include <assert.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* code is an errno, or -1 for a message without one. */
static void message(int code, const char *fmt, va_list ap)
{
	fflush(stdout);		/* what was printed before stays before */
	fprintf(stderr, "%s: ", __progname);
	vfprintf(stderr, fmt, ap);
	if (code >= 0)
		fprintf(stderr, ": %s", strerror(code));
	fputc('\n', stderr);
}

void vwarn(const char *fmt, va_list ap)
{
	message(errno, fmt, ap);
}

void vwarnx(const char *fmt, va_list ap)
{
	message(-1, fmt, ap);
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(errno, fmt, ap);
	va_end(ap);
}

void warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(-1, fmt, ap);
	va_end(ap);
}

_Noreturn void err(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(errno, fmt, ap);
	va_end(ap);
	exit(status);
}

_Noreturn void errx(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(-1, fmt, ap);
	va_end(ap);
	exit(status);
}

_Noreturn void __assert_fail(const char *expr, const char *file, int line, const char *func)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s:%d: %s: assertion '%s' failed\n", __progname, file, line, func,
		expr);
	abort();
}
