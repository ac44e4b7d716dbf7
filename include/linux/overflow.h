/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_OVERFLOW_H
#define _LINUX_OVERFLOW_H

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>

/* Store the result in *@d, cut off if need be; true if it did not fit. */
#define check_add_overflow(a, b, d)	__builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d)	__builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d)	__builtin_mul_overflow(a, b, d)

/* Sizes that stay at SIZE_MAX, which no allocator gives, where they would overflow. */
static inline size_t size_mul(size_t a, size_t b)
{
	size_t bytes;

	return check_mul_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t size_add(size_t a, size_t b)
{
	size_t bytes;

	return check_add_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

#define array_size(n, size)	size_mul(n, size)

/* The size of *@p with @count elements in its last member, which is an array without a length. */
#define struct_size(p, member, count)						\
	size_add(sizeof(*(p)), size_mul(sizeof(*(p)->member) + __must_be_array((p)->member), count))

#endif
