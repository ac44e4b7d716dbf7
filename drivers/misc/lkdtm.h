/* SPDX-License-Identifier: MIT */
/* What the files behind /proc/provoke-crash share. */
#ifndef _LKDTM_H
#define _LKDTM_H

struct crashtype {
	const char *name;
	void (*func)(void);
};

#define CRASHTYPE(_name) { .name = #_name, .func = lkdtm_##_name }

/* lkdtm_locks.c; a name of NULL ends it */
extern const struct crashtype lkdtm_locks[];

#endif
