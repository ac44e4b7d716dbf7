// SPDX-License-Identifier: MIT
/*
 * Bitmaps against arrays of bool, and the text functions against the C library's, which agree with
 * ours in everything that is standard.
 */

#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "host.h"
#include "kernel.h"

#define MAXBITS	300

void bitmap_against_model(unsigned long ops)
{
	static DECLARE_BITMAP(map, MAXBITS);
	static bool model[MAXBITS];

	for (unsigned long i = 0; i < ops; i++) {
		unsigned int size = host_random() % MAXBITS + 1, weight = 0;
		unsigned int first = size, zero = size;
		unsigned int start = host_random() % size, n = host_random() % (size - start + 1);
		unsigned int last = size, area, run;
		bool value = host_random() & 1;

		if (value)
			bitmap_set(map, start, n);
		else
			bitmap_clear(map, start, n);
		for (unsigned int b = start; b < start + n; b++)
			model[b] = value;

		start = host_random() % (size + 5);
		for (unsigned int b = 0; b < size; b++) {
			CHECK(test_bit(b, map) == model[b]);
			weight += model[b];
			if (model[b])
				last = b;
			if (b >= start && model[b] && first == size)
				first = b;
			if (b >= start && !model[b] && zero == size)
				zero = b;
		}
		CHECK(bitmap_weight(map, size) == weight);
		CHECK(find_next_bit(map, size, start) == first);
		CHECK(find_next_zero_bit(map, size, start) == zero);
		CHECK(find_last_bit(map, size) == last);
		CHECK(bitmap_empty(map, size) == !weight);
		CHECK(bitmap_full(map, size) == (weight == size));

		n = host_random() % 20 + 1;
		for (area = 0, run = 0; area < size && run < n; area++)
			run = model[area] ? 0 : run + 1;
		if (run >= n)
			CHECK(bitmap_find_next_zero_area(map, size, 0, n, 0) == area - n);
		else
			CHECK(bitmap_find_next_zero_area(map, size, 0, n, 0) > size);
	}
}

static void compare_formats(const char *fmt, ...)
{
	char ours[256], theirs[256];
	va_list args;
	int size = host_random() % 100, a, b;

	memset(ours, '#', sizeof(ours));
	memset(theirs, '#', sizeof(theirs));
	va_start(args, fmt);
	a = vsnprintf(ours, size, fmt, args);
	va_end(args);
	va_start(args, fmt);
	b = host_vsnprintf(theirs, size, fmt, args);
	va_end(args);
	if (a != b || memcmp(ours, theirs, sizeof(ours))) {
		ours[size] = theirs[size] = '\0';
		printk("format \"%s\": ours \"%s\" (%d), the C library's \"%s\" (%d)\n", fmt, ours,
		       a, theirs, b);
		BUG();
	}
}

/* Writes a random conversion of the kind @kind with its flags, width and precision. */
static void random_format(char *fmt, const char *length, char kind)
{
	const char *flags = kind == 's' || kind == 'c' ? "-" : "-+ #0";
	unsigned long r = host_random();

	*fmt++ = '[';
	*fmt++ = '%';
	for (const char *f = flags; *f; f++, r >>= 1)
		if ((r & 1) && !(*f == '#' && strchr("diu", kind)) &&
		    !((*f == '+' || *f == ' ') && !strchr("di", kind)))
			*fmt++ = *f;
	if (r & 1)
		fmt += sprintf(fmt, "%lu", (r >> 8) % 30 + 1);
	if ((r & 2) && kind != 'c')
		fmt += sprintf(fmt, ".%lu", (r >> 16) % 25);
	sprintf(fmt, "%s%c]", length, kind);
}

static void compare_numbers(void)
{
	static const char *const starts[] = { "", "0x", "0", "+", "0X", "00", "0xg" };
	static const int bases[] = { 0, 8, 10, 16, 2, 36 };
	unsigned long r = host_random();
	int base = bases[r % 6], used, overflow, ret;
	unsigned long long v = 0, want;
	char text[80];
	int n = sprintf(text, "%s", starts[(r >> 8) % 7]);

	for (int digits = (r >> 16) % 26; digits; digits--)
		text[n++] = "0123456789abcdefABCDEFz"[host_random() % ((r >> 24) % 16 ? 10 : 23)];
	text[n] = '\0';
	want = host_strtoull(text, base, &used, &overflow);
	ret = kstrtoull(text, base, &v);
	if (!used || text[used])
		CHECK(ret == -EINVAL);
	else if (overflow)
		CHECK(ret == -ERANGE);
	else
		CHECK(ret == 0 && v == want);
}

void text_against_host(unsigned long ops)
{
	static const char *const lengths[] = { "hh", "h", "", "l", "ll", "z" };
	static const char words[] = "the quick brown fox jumps over the lazy dog";
	char fmt[64];

	for (unsigned long i = 0; i < ops; i++) {
		unsigned long r = host_random(), v = host_random() >> (r % 64);
		char kind = "diuxXocs"[(r >> 8) % 8];
		const char *length = kind == 'c' || kind == 's' ? "" : lengths[(r >> 16) % 6];

		if (r & (1UL << 32))
			v = -v;
		random_format(fmt, length, kind);
		if (kind == 's')
			compare_formats(fmt, words + v % sizeof(words));
		else if (kind == 'c')
			compare_formats(fmt, (int)('a' + v % 26));
		else
			compare_formats(fmt, v);
		compare_numbers();
	}
}
