/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_UNALIGNED_H
#define _LINUX_UNALIGNED_H

/*
 * Numbers at any address. The compiler is told that the address may be odd; on normal memory it
 * then uses one plain load or store, for the CPU does not mind.
 */

#include <asm/byteorder.h>
#include <linux/compiler.h>

#define get_unaligned(ptr)						\
({									\
	const struct { typeof(*(ptr)) x; } __packed *__up = (const void *)(ptr);	\
	__up->x;							\
})

#define put_unaligned(val, ptr)						\
do {									\
	struct { typeof(*(ptr)) x; } __packed *__up = (void *)(ptr);	\
	__up->x = (val);						\
} while (0)

static inline u16 get_unaligned_le16(const void *p) { return get_unaligned((const u16 *)p); }
static inline u32 get_unaligned_le32(const void *p) { return get_unaligned((const u32 *)p); }
static inline u64 get_unaligned_le64(const void *p) { return get_unaligned((const u64 *)p); }
static inline u16 get_unaligned_be16(const void *p) { return swab16(get_unaligned_le16(p)); }
static inline u32 get_unaligned_be32(const void *p) { return swab32(get_unaligned_le32(p)); }
static inline u64 get_unaligned_be64(const void *p) { return swab64(get_unaligned_le64(p)); }

static inline void put_unaligned_le16(u16 v, void *p) { put_unaligned(v, (u16 *)p); }
static inline void put_unaligned_le32(u32 v, void *p) { put_unaligned(v, (u32 *)p); }
static inline void put_unaligned_le64(u64 v, void *p) { put_unaligned(v, (u64 *)p); }
static inline void put_unaligned_be16(u16 v, void *p) { put_unaligned_le16(swab16(v), p); }
static inline void put_unaligned_be32(u32 v, void *p) { put_unaligned_le32(swab32(v), p); }
static inline void put_unaligned_be64(u64 v, void *p) { put_unaligned_le64(swab64(v), p); }

#endif
