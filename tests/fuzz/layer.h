/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_LAYER_H
#define TESTS_FUZZ_LAYER_H

/* Among the files of the kernel half that are ours. */

#include <linux/types.h>

/* memory.c */
void fuzz_memory_init(void);
long fuzz_objects(void);
void fuzz_note_objects(void);
void fuzz_show_objects(void);
extern long fuzz_fail_memory;

/* layer.c */
void fuzz_might_sleep(const char *what);	/* dies unless the task may sleep now */
void fuzz_rcu(void);				/* a grace period ends */
void fuzz_tick(void);				/* time passes */

extern unsigned long fuzz_failures;		/* of memory and the disk, brought about since the input began */

/* disk.c */
extern long fuzz_fail_disk;			/* so many requests succeed, then one fails */
void fuzz_disk_init(void);
void fuzz_disk_set(unsigned char *bytes, unsigned long nr);
extern unsigned long fuzz_bios, fuzz_writes;	/* requests, since fuzz_disk_set() */

#endif
