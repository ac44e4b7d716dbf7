// SPDX-License-Identifier: MIT
/*
 * Strings and memory, but for what arch/arm64/lib/mem*.S does faster.
 *
 * Called from everywhere, takes no lock, and may be called with the MMU off: nothing here reads a
 * word at an unaligned address except memcmp(), which is not used that early.
 */

/* The compiler must not turn the loop inside strlen() into a call of strlen(). */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#undef memcmp
#undef strlen

/**
 * memcmp - compare @n bytes
 *
 * Returns less than, equal to or greater than 0, by the first byte that differs, taken unsigned.
 */
int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *p = a, *q = b;

	/* Equal words are skipped; the one that differs is looked at byte by byte below. */
	for (; n >= 8; p += 8, q += 8, n -= 8)
		if (get_unaligned((const u64 *)p) != get_unaligned((const u64 *)q))
			break;
	for (; n; p++, q++, n--)
		if (*p != *q)
			return *p - *q;
	return 0;
}
EXPORT_SYMBOL(memcmp);

int bcmp(const void *a, const void *b, size_t n)
{
	return memcmp(a, b, n);
}
EXPORT_SYMBOL(bcmp);

void *memset16(u16 *dst, u16 v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		dst[i] = v;
	return dst;
}
EXPORT_SYMBOL(memset16);

void *memset32(u32 *dst, u32 v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		dst[i] = v;
	return dst;
}
EXPORT_SYMBOL(memset32);

void *memset64(u64 *dst, u64 v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		dst[i] = v;
	return dst;
}
EXPORT_SYMBOL(memset64);

/* The first byte equal to @c, or NULL. */
void *memchr(const void *s, int c, size_t n)
{
	for (const u8 *p = s; n; p++, n--)
		if (*p == (u8)c)
			return (void *)p;
	return NULL;
}
EXPORT_SYMBOL(memchr);

/* The first byte that is not @c, or NULL. Goes by words, for it checks whole pages of poison. */
void *memchr_inv(const void *s, int c, size_t n)
{
	const u64 pattern = 0x0101010101010101ULL * (u8)c;
	const u8 *p = s;

	for (; n && ((unsigned long)p & 7); p++, n--)
		if (*p != (u8)c)
			return (void *)p;
	for (; n >= 8 && *(const u64 *)p == pattern; p += 8)
		n -= 8;
	for (; n; p++, n--)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}
EXPORT_SYMBOL(memchr_inv);

/* As memchr(), but gives the end where memchr() gives NULL. */
void *memscan(void *s, int c, size_t n)
{
	return memchr(s, c, n) ?: s + n;
}
EXPORT_SYMBOL(memscan);

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return p - s;
}
EXPORT_SYMBOL(strlen);

/* strlen(), but at most @max, and no byte after those is read. */
size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}
EXPORT_SYMBOL(strnlen);

int strcmp(const char *a, const char *b)
{
	for (; *a == *b; a++, b++)
		if (!*a)
			return 0;
	return (u8)*a < (u8)*b ? -1 : 1;
}
EXPORT_SYMBOL(strcmp);

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; a++, b++, n--) {
		if (*a != *b)
			return (u8)*a < (u8)*b ? -1 : 1;
		if (!*a)
			break;
	}
	return 0;
}
EXPORT_SYMBOL(strncmp);

int strncasecmp(const char *a, const char *b, size_t n)
{
	for (; n; a++, b++, n--) {
		int diff = tolower(*a) - tolower(*b);

		if (diff || !*a)
			return diff;
	}
	return 0;
}
EXPORT_SYMBOL(strncasecmp);

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, (size_t)-1);
}
EXPORT_SYMBOL(strcasecmp);

/* Copies the NUL too and returns where it was put. */
char *stpcpy(char *dst, const char *src)
{
	while ((*dst = *src++))
		dst++;
	return dst;
}
EXPORT_SYMBOL(stpcpy);

char *strcpy(char *dst, const char *src)
{
	stpcpy(dst, src);
	return dst;
}
EXPORT_SYMBOL(strcpy);

/* Fills all of @n bytes: with NULs what @src does not, and without a NUL where @src is longer. */
char *strncpy(char *dst, const char *src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dst, src, len);
	memset(dst + len, 0, n - len);
	return dst;
}
EXPORT_SYMBOL(strncpy);

/**
 * strscpy - copy a string into a buffer of @size bytes
 *
 * The copy always ends with a NUL, unless @size is 0. Returns its length, or -E2BIG if @src had to
 * be cut; no more of @src is read then than fits.
 */
ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t len;

	if (!size || (ssize_t)size < 0)
		return -E2BIG;
	len = strnlen(src, size);
	if (len == size) {
		memcpy(dst, src, size - 1);
		dst[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dst, src, len + 1);
	return len;
}
EXPORT_SYMBOL(strscpy);

/* strscpy(), and the rest of the buffer is zeroed: for what is shown to a program. */
ssize_t strscpy_pad(char *dst, const char *src, size_t size)
{
	ssize_t len = strscpy(dst, src, size);

	if (len >= 0)
		memset(dst + len, 0, size - len);
	return len;
}
EXPORT_SYMBOL(strscpy_pad);

/* Returns the length of @src, which tells by being at least @size that the copy was cut. */
size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (size) {
		size_t n = len < size ? len : size - 1;

		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}
EXPORT_SYMBOL(strlcpy);

char *strcat(char *dst, const char *src)
{
	strcpy(dst + strlen(dst), src);
	return dst;
}
EXPORT_SYMBOL(strcat);

char *strncat(char *dst, const char *src, size_t n)
{
	char *end = dst + strlen(dst);
	size_t len = strnlen(src, n);

	memcpy(end, src, len);
	end[len] = '\0';
	return dst;
}
EXPORT_SYMBOL(strncat);

/* Returns the length that the whole would have. */
size_t strlcat(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(dst, size);

	return len + strlcpy(dst + len, src, size - len);
}
EXPORT_SYMBOL(strlcat);

/* The first @c, or the closing NUL. */
char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}
EXPORT_SYMBOL(strchrnul);

/* The first @c; the NUL counts as one of the characters. */
char *strchr(const char *s, int c)
{
	s = strchrnul(s, c);
	return *s == (char)c ? (char *)s : NULL;
}
EXPORT_SYMBOL(strchr);

char *strnchr(const char *s, size_t n, int c)
{
	for (; n; s++, n--) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			break;
	}
	return NULL;
}
EXPORT_SYMBOL(strnchr);

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do {
		if (*s == (char)c)
			last = s;
	} while (*s++);
	return (char *)last;
}
EXPORT_SYMBOL(strrchr);

/* The first place of @what in the first @n bytes of @s. */
char *strnstr(const char *s, const char *what, size_t n)
{
	size_t len = strlen(what), size = strnlen(s, n);

	for (; size >= len; s++, size--)
		if (!memcmp(s, what, len))
			return (char *)s;
	return NULL;
}
EXPORT_SYMBOL(strnstr);

char *strstr(const char *s, const char *what)
{
	return strnstr(s, what, (size_t)-1);
}
EXPORT_SYMBOL(strstr);

/* How many characters at the start of @s are all in @set. */
size_t strspn(const char *s, const char *set)
{
	size_t n = 0;

	while (s[n] && strchr(set, s[n]))
		n++;
	return n;
}
EXPORT_SYMBOL(strspn);

/* How many characters at the start of @s are none of @set. */
size_t strcspn(const char *s, const char *set)
{
	size_t n = 0;

	while (s[n] && !strchr(set, s[n]))
		n++;
	return n;
}
EXPORT_SYMBOL(strcspn);

char *strpbrk(const char *s, const char *set)
{
	s += strcspn(s, set);
	return *s ? (char *)s : NULL;
}
EXPORT_SYMBOL(strpbrk);

/**
 * strsep - cut the next field off a string
 * @s: the rest of the string, moved behind the separator; NULL after the last field
 * @set: the characters that separate
 *
 * Writes a NUL over the separator. Two separators in a row give an empty field.
 */
char *strsep(char **s, const char *set)
{
	char *field = *s, *end;

	if (!field)
		return NULL;
	end = strpbrk(field, set);
	if (end)
		*end++ = '\0';
	*s = end;
	return field;
}
EXPORT_SYMBOL(strsep);

char *skip_spaces(const char *s)
{
	while (isspace(*s))
		s++;
	return (char *)s;
}
EXPORT_SYMBOL(skip_spaces);

/* Cuts the spaces at the end of @s off and returns where its other characters begin. */
char *strim(char *s)
{
	char *end = s + strlen(s);

	while (end > s && isspace(end[-1]))
		end--;
	*end = '\0';
	return skip_spaces(s);
}
EXPORT_SYMBOL(strim);

/* Returns the end of @s. */
char *strreplace(char *s, char old, char new)
{
	for (; *s; s++)
		if (*s == old)
			*s = new;
	return s;
}
EXPORT_SYMBOL(strreplace);

/* Equal but for one newline at the end of either: what a program writes into a control file. */
bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == '\n' && !*b)
		a++;
	else if (*b == '\n' && !*a)
		b++;
	return !*a && !*b;
}
EXPORT_SYMBOL(sysfs_streq);

/* The index of @s among @n strings, of which a NULL is the last; -EINVAL if it is not there. */
int match_string(const char *const *array, size_t n, const char *s)
{
	for (size_t i = 0; i < n && array[i]; i++)
		if (!strcmp(array[i], s))
			return i;
	return -EINVAL;
}
EXPORT_SYMBOL(match_string);
