/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H

/*
 * Bytes and strings (lib/string.c, arch/arm64/lib/mem*.S). Where there is a choice: strscpy() to
 * copy, since it always ends the copy with a NUL and says when it had to cut.
 */

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/stdarg.h>
#include <linux/types.h>

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#ifdef CONFIG_KASAN
void *__memcpy(void *dst, const void *src, size_t n);
void *__memmove(void *dst, const void *src, size_t n);
void *__memset(void *dst, int c, size_t n);
#endif

/* The compiler turns small constant sizes into a few loads and stores, and calls for the rest. */
#define memcpy(dst, src, n)	__builtin_memcpy(dst, src, n)
#define memmove(dst, src, n)	__builtin_memmove(dst, src, n)
#define memset(dst, c, n)	__builtin_memset(dst, c, n)
#define memcmp(a, b, n)		__builtin_memcmp(a, b, n)

#if defined(CONFIG_KASAN) && !defined(__SANITIZE_ADDRESS__)
/* In a file that is not checked: mm/kasan/shadow.c has those that are. */
#undef memcpy
#undef memmove
#undef memset
#define memcpy(dst, src, n)	__memcpy(dst, src, n)
#define memmove(dst, src, n)	__memmove(dst, src, n)
#define memset(dst, c, n)	__memset(dst, c, n)
#endif

int bcmp(const void *a, const void *b, size_t n);
void *memset16(u16 *dst, u16 v, size_t count);
void *memset32(u32 *dst, u32 v, size_t count);
void *memset64(u64 *dst, u64 v, size_t count);
void *memchr(const void *s, int c, size_t n);
void *memchr_inv(const void *s, int c, size_t n);
void *memscan(void *s, int c, size_t n);

size_t strlen(const char *s);
#define strlen(s)		__builtin_strlen(s)
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);

char *strcpy(char *dst, const char *src);
char *strncpy(char *dst, const char *src, size_t n);
char *stpcpy(char *dst, const char *src);
ssize_t strscpy(char *dst, const char *src, size_t size);
ssize_t strscpy_pad(char *dst, const char *src, size_t size);
size_t strlcpy(char *dst, const char *src, size_t size);
char *strcat(char *dst, const char *src);
char *strncat(char *dst, const char *src, size_t n);
size_t strlcat(char *dst, const char *src, size_t size);

char *strchr(const char *s, int c);
char *strchrnul(const char *s, int c);
char *strnchr(const char *s, size_t n, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *what);
char *strnstr(const char *s, const char *what, size_t n);
char *strpbrk(const char *s, const char *set);
char *strsep(char **s, const char *set);
size_t strspn(const char *s, const char *set);
size_t strcspn(const char *s, const char *set);

char *skip_spaces(const char *s);
char *strim(char *s);
char *strreplace(char *s, char old, char new);
bool sysfs_streq(const char *a, const char *b);
int match_string(const char *const *array, size_t n, const char *s);

static inline char *strstrip(char *s)
{
	return strim(s);
}

static inline bool strstarts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* The length of @prefix if @s begins with it, else 0. */
static inline size_t str_has_prefix(const char *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(s, prefix, len) == 0 ? len : 0;
}

/* What follows the last '/' of @path. */
static inline const char *kbasename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Not left out by the compiler, though nobody reads the memory again: for secrets. */
static inline void memzero_explicit(void *s, size_t n)
{
	memset(s, 0, n);
	barrier_data(s);
}

#define str_yes_no(v)		((v) ? "yes" : "no")
#define str_on_off(v)		((v) ? "on" : "off")

/* mm/util.c */
char *kstrdup(const char *s, gfp_t gfp);
char *kstrndup(const char *s, size_t max, gfp_t gfp);
void *kmemdup(const void *src, size_t n, gfp_t gfp);
char *kmemdup_nul(const char *s, size_t n, gfp_t gfp);
char *strndup_user(const char __user *s, long max);
void *memdup_user(const void __user *src, size_t n);
void *memdup_user_nul(const void __user *src, size_t n);

#endif
