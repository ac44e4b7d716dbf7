// SPDX-License-Identifier: MIT
/*
 * Copying and filling memory, 32 bytes at a time: arm64 allows unaligned access to normal memory.
 * The compiler may call these four behind the program's back, so they are compiled without the
 * optimisation that would turn their own loops into calls of themselves (see user.mk).
 */
#include <stdint.h>
#include <string.h>

struct chunk {
	uint64_t w[4];
};

static inline void move_chunk(void *d, const void *s)
{
	struct chunk c;

	__builtin_memcpy(&c, s, sizeof(c));
	__builtin_memcpy(d, &c, sizeof(c));
}

void *memcpy(void *restrict d, const void *restrict s, size_t n)
{
	char *to = d;
	const char *from = s;

	for (; n >= sizeof(struct chunk); n -= sizeof(struct chunk)) {
		move_chunk(to, from);
		to += sizeof(struct chunk);
		from += sizeof(struct chunk);
	}
	for (; n >= 8; n -= 8, to += 8, from += 8)
		__builtin_memcpy(to, from, 8);
	while (n--)
		*to++ = *from++;
	return d;
}

void *mempcpy(void *restrict d, const void *restrict s, size_t n)
{
	return (char *)memcpy(d, s, n) + n;
}

void *memmove(void *d, const void *s, size_t n)
{
	char *to = (char *)d + n;
	const char *from = (const char *)s + n;

	if ((uintptr_t)d - (uintptr_t)s >= n)
		return memcpy(d, s, n);		/* memcpy goes upwards: safe unless d lies in s */
	for (; n >= sizeof(struct chunk); n -= sizeof(struct chunk)) {
		to -= sizeof(struct chunk);
		from -= sizeof(struct chunk);
		move_chunk(to, from);
	}
	while (n--)
		*--to = *--from;
	return d;
}

void *memset(void *d, int c, size_t n)
{
	uint64_t v = (unsigned char)c * 0x0101010101010101UL;
	struct chunk block = { { v, v, v, v } };
	char *p = d;

	for (; n >= sizeof(block); n -= sizeof(block), p += sizeof(block))
		__builtin_memcpy(p, &block, sizeof(block));
	while (n--)
		*p++ = c;
	return d;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *p = a, *q = b;
	uint64_t x, y;

	for (; n >= 8; n -= 8, p += 8, q += 8) {
		__builtin_memcpy(&x, p, 8);
		__builtin_memcpy(&y, q, 8);
		if (x != y)
			break;
	}
	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (; n--; p++)
		if (*p == (unsigned char)c)
			return (void *)p;
	return NULL;
}

void *memrchr(const void *s, int c, size_t n)
{
	const unsigned char *p = (const unsigned char *)s + n;

	while (n--)
		if (*--p == (unsigned char)c)
			return (void *)p;
	return NULL;
}

void *memmem(const void *s, size_t n, const void *what, size_t len)
{
	const char *p = s;

	for (; n >= len; p++, n--)
		if (!memcmp(p, what, len))
			return (void *)p;
	return NULL;
}

void bzero(void *p, size_t n)
{
	memset(p, 0, n);
}
