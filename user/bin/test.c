// SPDX-License-Identifier: MIT
/*
 * test, [: says by its status whether an expression holds: 0 yes, 1 no, 2 it makes no sense.
 *
 *	or      = and { -o and }		and   = not { -a not }
 *	not     = ! not | primary		primary = ( or ) | -X WORD | WORD OP WORD | WORD
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char **arg, **end;

static int parse_or(void);

static int next_is(const char *s)
{
	return arg < end && !strcmp(*arg, s);
}

static long integer(const char *s)
{
	char *e;
	long n = strtol(s, &e, 10);

	if (e == s || e[strspn(e, " \t")])
		errx(2, "%s: not a number", s);
	return n;
}

static int is_binary(const char *s)
{
	static const char *const ops[] = {
		"=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot",
		"-ef",
	};
	size_t i;

	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (!strcmp(s, ops[i]))
			return 1;
	return 0;
}

static int compare_files(const char *a, const char *op, const char *b)
{
	struct stat x, y;
	int have_x = !stat(a, &x), have_y = !stat(b, &y);

	if (op[1] == 'e')
		return have_x && have_y && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
	if (op[1] == 'o')
		return have_y && (!have_x || x.st_mtime < y.st_mtime);
	return have_x && (!have_y || x.st_mtime > y.st_mtime);
}

static int binary(const char *a, const char *op, const char *b)
{
	if (!strcmp(op, "=") || !strcmp(op, "=="))
		return !strcmp(a, b);
	if (!strcmp(op, "!="))
		return !!strcmp(a, b);
	if (op[0] == '<')
		return strcmp(a, b) < 0;
	if (op[0] == '>')
		return strcmp(a, b) > 0;
	if (!strcmp(op, "-nt") || !strcmp(op, "-ot") || !strcmp(op, "-ef"))
		return compare_files(a, op, b);
	if (!strcmp(op, "-eq"))
		return integer(a) == integer(b);
	if (!strcmp(op, "-ne"))
		return integer(a) != integer(b);
	if (!strcmp(op, "-lt"))
		return integer(a) < integer(b);
	if (!strcmp(op, "-le"))
		return integer(a) <= integer(b);
	if (!strcmp(op, "-gt"))
		return integer(a) > integer(b);
	return integer(a) >= integer(b);
}

static int is_unary(const char *s)
{
	return s[0] == '-' && s[1] && !s[2] && strchr("bcdefghknprstuwxzLS", s[1]);
}

static int unary(int op, const char *word)
{
	struct stat st;

	switch (op) {
	case 'n':
		return *word != 0;
	case 'z':
		return *word == 0;
	case 't':
		return isatty(integer(word));
	case 'r':
		return !access(word, R_OK);
	case 'w':
		return !access(word, W_OK);
	case 'x':
		return !access(word, X_OK);
	case 'h':
	case 'L':
		return !lstat(word, &st) && S_ISLNK(st.st_mode);
	}
	if (stat(word, &st))
		return 0;
	switch (op) {
	case 'b':
		return S_ISBLK(st.st_mode);
	case 'c':
		return S_ISCHR(st.st_mode);
	case 'd':
		return S_ISDIR(st.st_mode);
	case 'f':
		return S_ISREG(st.st_mode);
	case 'p':
		return S_ISFIFO(st.st_mode);
	case 'S':
		return S_ISSOCK(st.st_mode);
	case 's':
		return st.st_size > 0;
	case 'u':
		return !!(st.st_mode & S_ISUID);
	case 'g':
		return !!(st.st_mode & S_ISGID);
	case 'k':
		return !!(st.st_mode & S_ISVTX);
	}
	return 1;	/* -e */
}

static int primary(void)
{
	char **a = arg;
	int v;

	if (a == end)
		errx(2, "a word is missing");
	if (end - a >= 3 && is_binary(a[1])) {
		arg += 3;
		return binary(a[0], a[1], a[2]);
	}
	if (end - a >= 2 && is_unary(a[0])) {
		arg += 2;
		return unary(a[0][1], a[1]);
	}
	if (end - a >= 3 && !strcmp(a[0], "(")) {
		arg++;
		v = parse_or();
		if (!next_is(")"))
			errx(2, ") is missing");
		arg++;
		return v;
	}
	arg++;
	return **a != 0;
}

static int parse_not(void)
{
	if (next_is("!") && end - arg > 1 && !(end - arg >= 3 && is_binary(arg[1]))) {
		arg++;
		return !parse_not();
	}
	return primary();
}

static int parse_and(void)
{
	int v = parse_not();

	while (next_is("-a")) {
		arg++;
		v &= parse_not();
	}
	return v;
}

static int parse_or(void)
{
	int v = parse_and();

	while (next_is("-o")) {
		arg++;
		v |= parse_and();
	}
	return v;
}

int main(int argc, char **argv)
{
	int v;

	arg = argv + 1;
	end = argv + argc;
	if (!strcmp(getprogname(), "[")) {
		if (argc < 2 || strcmp(end[-1], "]"))
			errx(2, "the ] is missing");
		end--;
	}
	if (arg == end)
		return 1;
	v = parse_or();
	if (arg != end)
		errx(2, "%s: not expected here", *arg);
	return !v;
}
