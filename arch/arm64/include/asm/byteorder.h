/* SPDX-License-Identifier: MIT */
#ifndef _ASM_BYTEORDER_H
#define _ASM_BYTEORDER_H

/* This CPU runs little-endian: le is a change of type, be is a swap. Constants stay constants. */

#include <linux/swab.h>
#include <linux/types.h>

#ifndef __LITTLE_ENDIAN
#define __LITTLE_ENDIAN	1234
#endif

#define cpu_to_le16(x)	((__le16)(u16)(x))
#define cpu_to_le32(x)	((__le32)(u32)(x))
#define cpu_to_le64(x)	((__le64)(u64)(x))
#define le16_to_cpu(x)	((u16)(__le16)(x))
#define le32_to_cpu(x)	((u32)(__le32)(x))
#define le64_to_cpu(x)	((u64)(__le64)(x))

#define cpu_to_be16(x)	((__be16)swab16((u16)(x)))
#define cpu_to_be32(x)	((__be32)swab32((u32)(x)))
#define cpu_to_be64(x)	((__be64)swab64((u64)(x)))
#define be16_to_cpu(x)	swab16((u16)(__be16)(x))
#define be32_to_cpu(x)	swab32((u32)(__be32)(x))
#define be64_to_cpu(x)	swab64((u64)(__be64)(x))

#define __cpu_to_le16(x)	cpu_to_le16(x)
#define __cpu_to_le32(x)	cpu_to_le32(x)
#define __cpu_to_le64(x)	cpu_to_le64(x)
#define __le16_to_cpu(x)	le16_to_cpu(x)
#define __le32_to_cpu(x)	le32_to_cpu(x)
#define __le64_to_cpu(x)	le64_to_cpu(x)

/* Through a pointer that is aligned; for others see linux/unaligned.h. */
#define le16_to_cpup(p)	le16_to_cpu(*(const __le16 *)(p))
#define le32_to_cpup(p)	le32_to_cpu(*(const __le32 *)(p))
#define le64_to_cpup(p)	le64_to_cpu(*(const __le64 *)(p))
#define be16_to_cpup(p)	be16_to_cpu(*(const __be16 *)(p))
#define be32_to_cpup(p)	be32_to_cpu(*(const __be32 *)(p))
#define be64_to_cpup(p)	be64_to_cpu(*(const __be64 *)(p))

static inline void le16_add_cpu(__le16 *var, u16 val)
{
	*var = cpu_to_le16(le16_to_cpu(*var) + val);
}

static inline void le32_add_cpu(__le32 *var, u32 val)
{
	*var = cpu_to_le32(le32_to_cpu(*var) + val);
}

static inline void le64_add_cpu(__le64 *var, u64 val)
{
	*var = cpu_to_le64(le64_to_cpu(*var) + val);
}

#endif
