/* SPDX-License-Identifier: MIT */
/* What the files behind /proc/provoke-crash share. */
#ifndef _LKDTM_H
#define _LKDTM_H

struct crashtype {
	const char *name;
	void (*func)(void);
};

#define CRASHTYPE(_name) { .name = #_name, .func = lkdtm_##_name }

/* lkdtm_locks.c, lkdtm_sanitize.c; a name of NULL ends each */
extern const struct crashtype lkdtm_locks[], lkdtm_sanitize[];

#endif
