// SPDX-License-Identifier: MIT
/* Sizes of the integer types (char is unsigned on arm64) and of what the kernel accepts. */
#ifndef _LIMITS_H
#define _LIMITS_H

#define CHAR_BIT	8
#define SCHAR_MIN	(-SCHAR_MAX - 1)
#define SCHAR_MAX	__SCHAR_MAX__
#define UCHAR_MAX	(SCHAR_MAX * 2 + 1)
#ifdef __CHAR_UNSIGNED__
#define CHAR_MIN	0
#define CHAR_MAX	UCHAR_MAX
#else
#define CHAR_MIN	SCHAR_MIN
#define CHAR_MAX	SCHAR_MAX
#endif
#define SHRT_MIN	(-SHRT_MAX - 1)
#define SHRT_MAX	__SHRT_MAX__
#define USHRT_MAX	(SHRT_MAX * 2 + 1)
#define INT_MIN		(-INT_MAX - 1)
#define INT_MAX		__INT_MAX__
#define UINT_MAX	(INT_MAX * 2U + 1)
#define LONG_MIN	(-LONG_MAX - 1)
#define LONG_MAX	__LONG_MAX__
#define ULONG_MAX	(LONG_MAX * 2UL + 1)
#define LLONG_MIN	(-LLONG_MAX - 1)
#define LLONG_MAX	__LONG_LONG_MAX__
#define ULLONG_MAX	(LLONG_MAX * 2ULL + 1)
#define SSIZE_MAX	LONG_MAX

#define NAME_MAX	255
#define PATH_MAX	4096	/* the final NUL included */
#define ARG_MAX		131072
#define PIPE_BUF	4096
#define IOV_MAX		1024
#define NGROUPS_MAX	65536
#define MB_LEN_MAX	4

#endif
