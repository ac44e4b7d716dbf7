/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H

#include <linux/build_bug.h>
#include <linux/stddef.h>

/**
 * container_of - the structure of which @ptr is one member
 * @ptr: pointer to the member
 * @type: type of the structure
 * @member: name of the member
 */
#define container_of(ptr, type, member)						\
({										\
	void *__mptr = (void *)(ptr);						\
	static_assert(__same_type(*(ptr), ((type *)0)->member) ||		\
		      __same_type(*(ptr), void),				\
		      "pointer type mismatch in container_of()");		\
	(type *)(__mptr - offsetof(type, member));				\
})

/* The same for a pointer that may hold an error or be NULL: it is handed on as it is. */
#define container_of_safe(ptr, type, member)					\
({										\
	void *__sptr = (void *)(ptr);						\
	IS_ERR_OR_NULL(__sptr) ? (type *)ERR_CAST(__sptr) :			\
		(type *)(__sptr - offsetof(type, member));			\
})

#define typeof_member(T, m)	typeof(((T *)0)->m)

#endif
