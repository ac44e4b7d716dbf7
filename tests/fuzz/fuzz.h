/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

/*
 * Between the two halves of the program. One half is compiled with the kernel's headers: the kernel's
 * sources, and memory.c, layer.c, disk.c and ops.c; the other, host.c, with the C library's. No header
 * of one is seen by the other, so what crosses is plain types.
 */

/* host.c, for the kernel half */
void *host_malloc(unsigned long bytes);
void host_free(void *p);
void host_map(unsigned long address, unsigned long bytes);
void host_poison(const void *p, unsigned long bytes);
void host_unpoison(const void *p, unsigned long bytes);
void host_write(const char *text, unsigned long n);
void host_die(const char *what, const char *file, int line) __attribute__((noreturn));
extern int host_verbose;			/* the kernel's messages and each operation are shown */
extern int host_failures;			/* memory and the disk may fail */

/* kernel half, for host.c */
struct fuzz_counts {
	unsigned long mounts;			/* tried */
	unsigned long mounted;			/* that succeeded */
	unsigned long operations;		/* system calls on what was mounted */
	unsigned long succeeded;		/* of those */
};
extern struct fuzz_counts fuzz_counts;

void fuzz_boot(void);
/* Mounts @disk as @type, does what @ops says, unmounts. 1: it was mounted, and unmounted without an error; else 0 */
int fuzz_run(const char *type, unsigned char *disk, unsigned long bytes, const unsigned char *ops,
	     unsigned long nr);

#endif
