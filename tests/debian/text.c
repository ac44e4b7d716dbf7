// SPDX-License-Identifier: MIT
/*
 * Formatted text, strings, sorting and floating point. Little of this is the kernel's work but the
 * FP registers, which must be the program's own across context switches and forks.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

static int by_number(const void *a, const void *b)
{
	return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static void sorting(void)
{
	static int n[5000];
	unsigned int seed = 1;
	int sorted = 1, key, *found;

	for (int i = 0; i < 5000; i++)
		n[i] = (seed = seed * 1103515245 + 12345) >> 8;
	key = n[1234];
	qsort(n, 5000, sizeof(*n), by_number);
	for (int i = 1; i < 5000; i++)
		sorted &= n[i - 1] <= n[i];
	ok(sorted, "qsort puts 5000 numbers in order");
	found = bsearch(&key, n, 5000, sizeof(*n), by_number);
	ok(found && *found == key, "bsearch finds one of them");
}

static void lines(void)
{
	FILE *f = fopen("lines", "w+");
	size_t room = 0;
	char *line = NULL;
	long total = 0;

	if (!ok(f != NULL, "fopen makes a file"))
		return;
	for (int i = 1; i <= 300; i++) {
		for (int j = 0; j < i; j++)
			fputc('x', f);
		fputc('\n', f);
	}
	rewind(f);
	for (ssize_t n; (n = getline(&line, &room, f)) > 0;)
		total += n;
	is(total, 300 * 301 / 2 + 300, "getline reads lines of 1 to 300 bytes");
	free(line);
	fclose(f);
	remove("lines");
}

void text(void)
{
	char buf[200], word[20], *save, *part;
	int a, b = 123456;
	double d;

	snprintf(buf, sizeof(buf), "%5d|%-5d|%05d|%x|%o|%c|%s|%.3s|%%|%ld", 42, 42, 42, 0xbeef, 8, 'c',
		 "text", "abcdef", -1L);
	is_text(buf, "   42|42   |00042|beef|10|c|text|abc|%|-1", "printf formats numbers and text");
	is(snprintf(buf, 4, "%d", b), 6, "snprintf returns the length it would have had");
	is_text(buf, "123", "and cuts what does not fit");
	a = sscanf("17 0x1f word 2.5", "%d %i %19s %lf", &a, &b, word, &d);
	is(a, 4, "sscanf finds four things");
	is(b, 31, "sscanf reads hexadecimal");
	is_text(word, "word", "sscanf reads a word");
	is((long)(d * 10), 25, "sscanf reads a fraction");
	is(strtol("-7fz", &part, 16), -0x7f, "strtol reads a number of base 16");
	is_text(part, "z", "and says where it ends");

	strcpy(buf, "usr:bin::sbin");
	is_text(strtok_r(buf, ":", &save), "usr", "strtok_r gives the first part");
	strtok_r(NULL, ":", &save);
	is_text(strtok_r(NULL, ":", &save), "sbin", "and passes over an empty one");
	is_text(strstr("a needle here", "needle"), "needle here", "strstr finds a word");
	is(memcmp("abc", "abd", 3) < 0, 1, "memcmp knows the order");
	memmove(strcpy(buf, "0123456789") + 2, buf, 8);
	is_text(buf, "0101234567", "memmove may overlap");
	is(strcspn("hello, world", " ,"), 5, "strcspn counts");
	is(toupper('q') == 'Q' && isdigit('7') && !isalpha('7'), 1, "ctype knows ASCII");
	sorting();
	lines();
}

/* Parent and child compute at the same time: each must find its own registers. */
static double series(int start)
{
	double sum = 0;

	for (int i = 1; i < 2000000; i++)
		sum += 1.0 / ((double)i * i + start);
	return sum;
}

static void registers(void)
{
	double alone[2] = { series(0), series(1) };
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(series(1) != alone[1]);
	ok(series(0) == alone[0], "a sum is the same when another process computes beside it");
	waitpid(pid, &status, 0);
	is(status, 0, "and so it is in that process");
}

void numbers(void)
{
	volatile double two = 2, third = 1.0 / 3, half = 0.5;
	volatile float f = 16777216;
	char buf[100];

	snprintf(buf, sizeof(buf), "%f %.17g %e %g %a", third, 0.1, 12345.678, 1e20, 1.0);
	is_text(buf, "0.333333 0.10000000000000001 1.234568e+04 1e+20 0x1p+0",
		"printf formats floating point");
	snprintf(buf, sizeof(buf), "%.15f %.15f %.15f", sin(half), cos(half), exp(half));
	is_text(buf, "0.479425538604203 0.877582561890373 1.648721270700128", "sin, cos, exp of 0.5");
	snprintf(buf, sizeof(buf), "%.15f %.12f %.15f", sqrt(two), pow(two, 10.5), log(two));
	is_text(buf, "1.414213562373095 1448.154687870049 0.693147180559945", "sqrt, pow, log of 2");
	ok(f + 1 == f, "a float has 24 bits");
	ok(isnan(sqrt(-two)) && isinf(1 / (two - 2)), "there are NaN and infinity");
	ok(strtod("1e-3", NULL) == 0.001 && strtod("inf", NULL) > 1e308, "strtod is exact");
	is(lround(2.5) * 10 + (long)floor(-0.5), 29, "lround and floor round their ways");
	snprintf(buf, sizeof(buf), "%.20Lf", 1.0L / 3);
	is_text(buf, "0.33333333333333333333", "long double has 113 bits");
	registers();
}
