/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H

/*
 * Single bits: counting and finding them in a word, and setting them in an array of unsigned longs,
 * where bit n is bit n % 64 of word n / 64.
 *
 * set_bit() and its like are atomic and order nothing; those that return the old value order all
 * before them before all after; __set_bit() and its like are for data that a lock guards.
 */

#include <asm/barrier.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define BITS_TO_U64(nr)		(((nr) + 63) / 64)
#define BITS_TO_U32(nr)		(((nr) + 31) / 32)
#define BITS_TO_BYTES(nr)	(((nr) + 7) / 8)

/* The first and the last bit set: __ffs counts from 0, not for 0; the others count from 1. */
#define __ffs(x)	((unsigned long)__builtin_ctzl(x))
#define ffz(x)		__ffs(~(x))
#define __fls(x)	((unsigned long)(BITS_PER_LONG - 1 - __builtin_clzl(x)))
#define ffs(x)		__builtin_ffs(x)

static __always_inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static __always_inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

#define fls_long(x)	fls64(x)

/* How many bits are set. Without vector registers there is no instruction for it. */
static inline unsigned int hweight64(u64 w)
{
	w -= (w >> 1) & 0x5555555555555555ULL;
	w = (w & 0x3333333333333333ULL) + ((w >> 2) & 0x3333333333333333ULL);
	w = (w + (w >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
	return (w * 0x0101010101010101ULL) >> 56;
}

#define hweight_long(w)	hweight64(w)
#define hweight32(w)	hweight64((u32)(w))
#define hweight16(w)	hweight64((u16)(w))
#define hweight8(w)	hweight64((u8)(w))

static inline u64 rol64(u64 w, unsigned int n) { return (w << (n & 63)) | (w >> (-n & 63)); }
static inline u64 ror64(u64 w, unsigned int n) { return (w >> (n & 63)) | (w << (-n & 63)); }
static inline u32 rol32(u32 w, unsigned int n) { return (w << (n & 31)) | (w >> (-n & 31)); }
static inline u32 ror32(u32 w, unsigned int n) { return (w >> (n & 31)) | (w << (-n & 31)); }

/* Bit @index of @value is the sign. */
static inline s32 sign_extend32(u32 value, int index)
{
	return (s32)(value << (31 - index)) >> (31 - index);
}

static inline s64 sign_extend64(u64 value, int index)
{
	return (s64)(value << (63 - index)) >> (63 - index);
}

static __always_inline bool test_bit(unsigned long nr, const volatile unsigned long *addr)
{
	return addr[BIT_WORD(nr)] >> (nr % BITS_PER_LONG) & 1;
}

static __always_inline bool test_bit_acquire(unsigned long nr, const volatile unsigned long *addr)
{
	return smp_load_acquire(&addr[BIT_WORD(nr)]) >> (nr % BITS_PER_LONG) & 1;
}

static __always_inline void set_bit(unsigned long nr, volatile unsigned long *addr)
{
	__atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static __always_inline void clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_RELAXED);
}

static __always_inline void change_bit(unsigned long nr, volatile unsigned long *addr)
{
	__atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static __always_inline bool test_and_set_bit(unsigned long nr, volatile unsigned long *addr)
{
	unsigned long old;

	old = __atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELEASE);
	smp_mb();
	return old & BIT_MASK(nr);
}

static __always_inline bool test_and_clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	unsigned long old;

	old = __atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_RELEASE);
	smp_mb();
	return old & BIT_MASK(nr);
}

static __always_inline bool test_and_change_bit(unsigned long nr, volatile unsigned long *addr)
{
	unsigned long old;

	old = __atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELEASE);
	smp_mb();
	return old & BIT_MASK(nr);
}

/* A bit as a lock: what is done between these two stays between them. */
static __always_inline bool test_and_set_bit_lock(unsigned long nr, volatile unsigned long *addr)
{
	unsigned long old;

	old = __atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_ACQUIRE);
	return old & BIT_MASK(nr);
}

static __always_inline void clear_bit_unlock(unsigned long nr, volatile unsigned long *addr)
{
	__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_RELEASE);
}

static __always_inline void __set_bit(unsigned long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static __always_inline void __clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static __always_inline void __change_bit(unsigned long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] ^= BIT_MASK(nr);
}

static __always_inline bool __test_and_set_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool old = test_bit(nr, addr);

	__set_bit(nr, addr);
	return old;
}

static __always_inline bool __test_and_clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool old = test_bit(nr, addr);

	__clear_bit(nr, addr);
	return old;
}

static __always_inline void __assign_bit(unsigned long nr, volatile unsigned long *addr, bool value)
{
	if (value)
		__set_bit(nr, addr);
	else
		__clear_bit(nr, addr);
}

static __always_inline void assign_bit(unsigned long nr, volatile unsigned long *addr, bool value)
{
	if (value)
		set_bit(nr, addr);
	else
		clear_bit(nr, addr);
}

#define smp_mb__before_clear_bit()	smp_mb__before_atomic()
#define smp_mb__after_clear_bit()	smp_mb__after_atomic()

#include <linux/find.h>

/* The scheduler's bitmap of real-time priorities: 100 of them and the delimiter, never empty. */
static inline int sched_find_first_bit(const unsigned long *b)
{
	return b[0] ? __ffs(b[0]) : __ffs(b[1]) + BITS_PER_LONG;
}

/* Bitmaps on disk are little-endian in bytes, as this CPU is. */
#define __set_bit_le(nr, addr)			__set_bit(nr, (unsigned long *)(addr))
#define __clear_bit_le(nr, addr)		__clear_bit(nr, (unsigned long *)(addr))
#define test_bit_le(nr, addr)			test_bit(nr, (const unsigned long *)(addr))
#define set_bit_le(nr, addr)			set_bit(nr, (unsigned long *)(addr))
#define clear_bit_le(nr, addr)			clear_bit(nr, (unsigned long *)(addr))
#define __test_and_set_bit_le(nr, addr)		__test_and_set_bit(nr, (unsigned long *)(addr))
#define __test_and_clear_bit_le(nr, addr)	__test_and_clear_bit(nr, (unsigned long *)(addr))
#define test_and_set_bit_le(nr, addr)		test_and_set_bit(nr, (unsigned long *)(addr))
#define test_and_clear_bit_le(nr, addr)		test_and_clear_bit(nr, (unsigned long *)(addr))
#define find_next_bit_le(addr, size, from)						\
	find_next_bit((const unsigned long *)(addr), size, from)
#define find_next_zero_bit_le(addr, size, from)						\
	find_next_zero_bit((const unsigned long *)(addr), size, from)
#define find_first_zero_bit_le(addr, size)						\
	find_first_zero_bit((const unsigned long *)(addr), size)

#endif
