// SPDX-License-Identifier: MIT
/*
 * The C library's half of the host tests of lib/: memory, output, random numbers, and main().
 *
 *	lib_test SEED OPERATIONS [TEST]
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

static unsigned long long state;

/* splitmix64 (Steele, Lea, Flood 2014) */
unsigned long long host_random(void)
{
	unsigned long long z = (state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

void *host_malloc(unsigned long bytes)
{
	return malloc(bytes);
}

void host_free(void *p)
{
	free(p);
}

void host_write(const char *text, unsigned long n)
{
	fwrite(text, 1, n, stdout);
	fflush(stdout);
}

void host_die(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
	abort();
}

int host_vsnprintf(char *buf, unsigned long n, const char *fmt, va_list args)
{
	return vsnprintf(buf, n, fmt, args);
}

unsigned long long host_strtoull(const char *s, int base, int *used, int *overflow)
{
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(s, &end, base);
	*used = end - s;
	*overflow = errno == ERANGE;
	return v;
}

static const struct {
	const char *name;
	void (*run)(unsigned long ops);
	unsigned long divisor;		/* of the number of operations, for slower ones */
} models[] = {
	{ "xarray", xarray_against_model, 1 },
	{ "xarray-alloc", xarray_alloc_against_model, 4 },
	{ "maple", maple_against_model, 1 },
	{ "rbtree", rbtree_against_model, 1 },
	{ "bitmap", bitmap_against_model, 10 },
	{ "text", text_against_host, 4 },
};

int main(int argc, char **argv)
{
	const char *only = argc > 3 ? argv[3] : NULL;
	unsigned long ops;

	if (argc < 3) {
		fprintf(stderr, "usage: %s SEED OPERATIONS [TEST]\n", argv[0]);
		return 2;
	}
	ops = strtoul(argv[2], NULL, 0);
	kernel_start();
	if ((!only || !strcmp(only, "ktest")) && kernel_ktest("all"))
		return 1;
	for (unsigned int i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		if (only && strcmp(only, models[i].name))
			continue;
		state = strtoull(argv[1], NULL, 0);
		models[i].run(ops / models[i].divisor);
		printf("%s: %lu operations agree with the model\n", models[i].name,
		       ops / models[i].divisor);
	}
	return 0;
}
