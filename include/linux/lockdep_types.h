/* SPDX-License-Identifier: MIT */
/* What a lock carries for the lock checker, apart from its operations so that any lock can hold it. */
#ifndef _LINUX_LOCKDEP_TYPES_H
#define _LINUX_LOCKDEP_TYPES_H

#define MAX_LOCKDEP_SUBCLASSES	8U

#ifdef CONFIG_DEBUG

struct lock_class;

/* Only addresses of these are used: one for each subclass. */
struct lockdep_subclass_key {
	char	__one_byte;
};

/* A static variable at the place where locks are initialised: its address names their class. */
struct lock_class_key {
	struct lockdep_subclass_key	subkeys[MAX_LOCKDEP_SUBCLASSES];
};

struct lockdep_map {
	struct lock_class_key	*key;		/* NULL: a static lock, which is its own key */
	struct lock_class	*class_cache;	/* of subclass 0, once it has been used */
	const char		*name;
};

#else

struct lock_class_key { };
struct lockdep_map { };

#endif
#endif
