/* SPDX-License-Identifier: MIT */
/* The system's names. uts_sem guards those that can be set. */
#ifndef _LINUX_UTSNAME_H
#define _LINUX_UTSNAME_H

#include <linux/rwsem.h>
#include <uapi/linux/utsname.h>

#define UTS_SYSNAME	"Linux"		/* programs ask for the system-call ABI by this name */
#define UTS_RELEASE	"6.1.0-teak"	/* whose ABI it is: C libraries want to know */
#define UTS_VERSION	"#1 teak"

struct uts_namespace {
	struct new_utsname name;
};

extern struct uts_namespace init_uts_ns;
extern struct rw_semaphore uts_sem;

static inline struct new_utsname *utsname(void) { return &init_uts_ns.name; }
static inline struct new_utsname *init_utsname(void) { return &init_uts_ns.name; }

#endif
