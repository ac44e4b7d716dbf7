/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LIB_HOST_H
#define TESTS_LIB_HOST_H

/*
 * Between the two halves of the test program. One half is compiled with the kernel's headers:
 * lib/ itself, its self-tests and the models; the other, host.c, with the C library's. No header of
 * one is seen by the other, so what crosses is plain types.
 */

/* host.c, for the kernel half */
void *host_malloc(unsigned long bytes);
void host_free(void *p);
void host_write(const char *text, unsigned long n);
unsigned long long host_random(void);		/* seeded: the same sequence for the same seed */

/* kernel half, for host.c; each returns 0, or dies with a message */
void kernel_start(void);
int kernel_ktest(const char *filter);
void xarray_against_model(unsigned long ops);
void xarray_alloc_against_model(unsigned long ops);
void maple_against_model(unsigned long ops);
void rbtree_against_model(unsigned long ops);
void bitmap_against_model(unsigned long ops);
void text_against_host(unsigned long ops);

/* the C library's answers, for text_against_host() */
int host_vsnprintf(char *buf, unsigned long n, const char *fmt, __builtin_va_list args);
unsigned long long host_strtoull(const char *s, int base, int *used, int *overflow);

#endif
