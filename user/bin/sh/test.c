// SPDX-License-Identifier: MIT
/*
 * test and [: conditions.
 *
 *	or = and { -o and }    and = not { -a not }    not = [ ! ] primary
 *
 * What looks like an operator may be an operand ("[ -f = x ]"), so a binary operator in second
 * place wins over everything, and a unary one needs something after it.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh.h"

struct test {
	char		**v;		/* what is left */
	int		n;
	int		depth;
	bool		error;
};

static bool test_or(struct test *t);

static bool fail(struct test *t, const char *what, const char *where)
{
	if (!t->error)
		warn(where ? "test: %s: %s" : "test: %s", where ? where : what, what);
	t->error = true;
	return false;
}

static const char *take(struct test *t)
{
	t->n--;
	return *t->v++;
}

static bool is_binary(const char *op)
{
	static const char *const ops[] = {
		"=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot",
		"-ef",
	};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (!strcmp(op, ops[i]))
			return true;
	return false;
}

static bool is_unary(const char *op)
{
	return op[0] == '-' && op[1] && !op[2] && strchr("bcdefghknprstuwxzLSOG", op[1]);
}

static bool newer(const struct stat *a, const struct stat *b)
{
	if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
		return a->st_mtim.tv_sec > b->st_mtim.tv_sec;
	return a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

static bool compare_files(const char *a, const char *op, const char *b)
{
	struct stat sa, sb;
	bool have_a = stat(a, &sa) == 0, have_b = stat(b, &sb) == 0;

	if (op[1] == 'e')
		return have_a && have_b && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
	if (op[1] == 'n')
		return have_a && (!have_b || newer(&sa, &sb));
	return have_b && (!have_a || newer(&sb, &sa));
}

static bool test_number(struct test *t, const char *s, long *value)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return parse_int(s, value) || fail(t, "not a number", s);
}

static bool test_binary(struct test *t, const char *a, const char *op, const char *b)
{
	long x, y;

	if (!strcmp(op, "=") || !strcmp(op, "=="))
		return !strcmp(a, b);
	if (!strcmp(op, "!="))
		return strcmp(a, b);
	if (*op == '<')
		return strcmp(a, b) < 0;
	if (*op == '>')
		return strcmp(a, b) > 0;
	if (!strcmp(op, "-nt") || !strcmp(op, "-ot") || !strcmp(op, "-ef"))
		return compare_files(a, op, b);
	if (!test_number(t, a, &x) || !test_number(t, b, &y))
		return false;
	if (!strcmp(op, "-eq"))
		return x == y;
	if (!strcmp(op, "-ne"))
		return x != y;
	if (!strcmp(op, "-lt"))
		return x < y;
	if (!strcmp(op, "-le"))
		return x <= y;
	if (!strcmp(op, "-gt"))
		return x > y;
	return x >= y;
}

static bool test_file(char op, const char *path)
{
	struct stat st;

	if ((op == 'L' || op == 'h') ? lstat(path, &st) : stat(path, &st))
		return false;
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
	case 'h':
	case 'L':
		return S_ISLNK(st.st_mode);
	case 'g':
		return st.st_mode & S_ISGID;
	case 'u':
		return st.st_mode & S_ISUID;
	case 'k':
		return st.st_mode & S_ISVTX;
	case 's':
		return st.st_size > 0;
	case 'O':
		return st.st_uid == geteuid();
	case 'G':
		return st.st_gid == getegid();
	default:
		return true;
	}
}

static bool test_unary(struct test *t, char op, const char *arg)
{
	long fd;

	switch (op) {
	case 'n':
		return *arg;
	case 'z':
		return !*arg;
	case 't':
		return test_number(t, arg, &fd) && fd == (int)fd && isatty(fd);
	case 'r':
		return access(arg, R_OK) == 0;
	case 'w':
		return access(arg, W_OK) == 0;
	case 'x':
		return access(arg, X_OK) == 0;
	default:
		return test_file(op, arg);
	}
}

static bool test_primary(struct test *t)
{
	const char *a, *op;
	bool value;

	if (t->error || t->n <= 0)
		return fail(t, "an argument is missing", NULL);
	a = take(t);
	if (t->n >= 2 && is_binary(t->v[0])) {
		op = take(t);
		return test_binary(t, a, op, take(t));
	}
	if (!strcmp(a, "!") && t->n) {
		if (t->depth++ > 500)
			return fail(t, "nested too deeply", NULL);
		value = !test_primary(t);
		t->depth--;
		return value;
	}
	if (!strcmp(a, "(") && t->n) {
		if (t->depth++ > 500)
			return fail(t, "nested too deeply", NULL);
		value = test_or(t);
		t->depth--;
		if (!t->n || strcmp(take(t), ")"))
			return fail(t, "missing )", NULL);
		return value;
	}
	if (is_unary(a) && t->n)
		return test_unary(t, a[1], take(t));
	return *a;
}

static bool at(struct test *t, const char *op)
{
	return t->n && !strcmp(t->v[0], op);
}

static bool test_and(struct test *t)
{
	bool value = test_primary(t);

	while (!t->error && at(t, "-a")) {
		take(t);
		value &= test_primary(t);
	}
	return value;
}

static bool test_or(struct test *t)
{
	bool value = test_and(t);

	while (!t->error && at(t, "-o")) {
		take(t);
		value |= test_and(t);
	}
	return value;
}

int builtin_test(int argc, char **argv)
{
	struct test t = { .v = argv + 1, .n = argc - 1 };
	bool value;

	if (!strcmp(argv[0], "[")) {
		if (!t.n || strcmp(argv[argc - 1], "]")) {
			warn("[: missing ]");
			return 2;
		}
		t.n--;
	}
	if (!t.n)
		return 1;
	value = test_or(&t);
	if (t.n && !t.error)
		fail(&t, "unexpected argument", t.v[0]);
	return t.error ? 2 : !value;
}
