// SPDX-License-Identifier: MIT
/* Sorting, searching, small arithmetic, random numbers, names for temporary files. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

static void swap(char *a, char *b, size_t size)
{
	while (size--) {
		char t = *a;

		*a++ = *b;
		*b++ = t;
	}
}

/* Let base[root] sink until it is no smaller than its children in the heap of n elements. */
static void sift(char *base, size_t root, size_t n, size_t size,
		 int (*cmp)(const void *, const void *))
{
	size_t child;

	while ((child = 2 * root + 1) < n) {
		if (child + 1 < n && cmp(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (cmp(base + root * size, base + child * size) >= 0)
			return;
		swap(base + root * size, base + child * size, size);
		root = child;
	}
}

/* Heapsort: in place, never worse than n log n, not stable. */
void qsort(void *base, size_t n, size_t size, int (*cmp)(const void *, const void *))
{
	size_t i;

	for (i = n / 2; i-- > 0; )
		sift(base, i, n, size, cmp);
	for (i = n; i-- > 1; ) {
		swap(base, (char *)base + i * size, size);
		sift(base, 0, i, size, cmp);
	}
}

void *bsearch(const void *key, const void *base, size_t n, size_t size,
	      int (*cmp)(const void *, const void *))
{
	while (n) {
		const char *mid = (const char *)base + n / 2 * size;
		int c = cmp(key, mid);

		if (!c)
			return (void *)mid;
		if (c > 0) {
			base = mid + size;
			n -= n / 2 + 1;
		} else {
			n /= 2;
		}
	}
	return NULL;
}

int abs(int n)
{
	return n < 0 ? -n : n;
}

long labs(long n)
{
	return n < 0 ? -n : n;
}

long long llabs(long long n)
{
	return n < 0 ? -n : n;
}

div_t div(int a, int b)
{
	return (div_t){ a / b, a % b };
}

ldiv_t ldiv(long a, long b)
{
	return (ldiv_t){ a / b, a % b };
}

/* xorshift32; the state must not become 0, from which it would not move. */
int rand_r(unsigned int *seed)
{
	unsigned int x = *seed ? *seed : 0x9e3779b9;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*seed = x;
	return x & RAND_MAX;
}

static unsigned int rand_state = 1;

void srand(unsigned int seed)
{
	rand_state = seed;
}

int rand(void)
{
	return rand_r(&rand_state);
}

void srandom(unsigned int seed)
{
	srand(seed);
}

long random(void)
{
	return rand();
}

/* Puts letters in place of the XXXXXX at the end of template; NULL when they are not there. */
static char *fill_template(char *template)
{
	static const char letters[32] = "abcdefghijklmnopqrstuvwxyz234567";
	size_t len = strlen(template);
	unsigned int v;
	struct timespec ts;
	int i;

	if (len < 6 || strncmp(template + len - 6, "XXXXXX", 6)) {
		errno = EINVAL;
		return NULL;
	}
	if (getrandom(&v, sizeof(v), GRND_NONBLOCK) != sizeof(v)) {
		clock_gettime(CLOCK_MONOTONIC, &ts);
		v = ts.tv_nsec * 2654435761U ^ getpid();
	}
	for (i = 1; i <= 6; i++, v >>= 5)
		template[len - i] = letters[v & 31];
	return template + len - 6;
}

int mkstemp(char *template)
{
	char *x;
	int fd, tries;

	for (tries = 0; tries < 100; tries++) {
		x = fill_template(template);
		if (!x)
			return -1;
		fd = open(template, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd >= 0 || errno != EEXIST)
			return fd;
		memcpy(x, "XXXXXX", 6);
	}
	return -1;
}

char *mkdtemp(char *template)
{
	char *x;
	int tries;

	for (tries = 0; tries < 100; tries++) {
		x = fill_template(template);
		if (!x)
			return NULL;
		if (!mkdir(template, 0700))
			return template;
		memcpy(x, "XXXXXX", 6);
		if (errno != EEXIST)
			return NULL;
	}
	return NULL;
}
