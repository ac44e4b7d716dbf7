/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_TYPES_H
#define _UAPI_LINUX_TYPES_H

#ifndef __ASSEMBLY__

#include <linux/posix_types.h>

typedef signed char		__s8;
typedef unsigned char		__u8;
typedef signed short		__s16;
typedef unsigned short		__u16;
typedef signed int		__s32;
typedef unsigned int		__u32;
typedef signed long long	__s64;
typedef unsigned long long	__u64;

typedef __signed__ __int128	__s128 __attribute__((aligned(16)));
typedef unsigned __int128	__u128 __attribute__((aligned(16)));

/* Values whose byte order is fixed by a disk format or a device; see asm/byteorder.h. */
#ifndef __bitwise
#define __bitwise
#endif

typedef __u16 __bitwise	__le16;
typedef __u16 __bitwise	__be16;
typedef __u32 __bitwise	__le32;
typedef __u32 __bitwise	__be32;
typedef __u64 __bitwise	__le64;
typedef __u64 __bitwise	__be64;

#define __aligned_u64	__u64 __attribute__((aligned(8)))
#define __aligned_be64	__be64 __attribute__((aligned(8)))
#define __aligned_le64	__le64 __attribute__((aligned(8)))

typedef unsigned __bitwise	__poll_t;

#endif /* __ASSEMBLY__ */
#endif
