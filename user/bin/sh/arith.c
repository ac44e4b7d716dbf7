// SPDX-License-Identifier: MIT
/*
 * Arithmetic: the value of $((...)), in 64-bit integers that wrap around.
 *
 * Binary operators are read by precedence climbing. What && || ?: do not need is read all the same,
 * with "skip" set, and then neither assigns nor divides.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

struct calc {
	const char	*s;		/* where the reading is */
	const char	*whole;
	bool		error;
	unsigned int	depth, skip;
};

struct binary {
	const char	*text;
	int		precedence;
};

/* Longer ones first, where one is the start of another. */
static const struct binary binaries[] = {
	{ "||", 1 }, { "&&", 2 }, { "==", 6 }, { "!=", 6 }, { "<<", 8 }, { ">>", 8 }, { "<=", 7 },
	{ ">=", 7 }, { "|", 3 }, { "^", 4 }, { "&", 5 }, { "<", 7 }, { ">", 7 }, { "+", 9 },
	{ "-", 9 }, { "*", 10 }, { "/", 10 }, { "%", 10 },
};

static int64_t comma(struct calc *c);
static int64_t assignment(struct calc *c);

static int64_t fail(struct calc *c, const char *what)
{
	if (!c->error && !sh.unwind)
		sh_error("arithmetic: %s in `%.60s'", what, c->whole);
	c->error = true;
	return 0;
}

static void blanks(struct calc *c)
{
	while (isspace((unsigned char)*c->s))
		c->s++;
}

static bool take(struct calc *c, const char *op)
{
	size_t len = strlen(op);

	blanks(c);
	if (strncmp(c->s, op, len))
		return false;
	c->s += len;
	return true;
}

static int64_t number(struct calc *c, const char **s)
{
	unsigned int base = 10;
	uint64_t value = 0;
	const char *p = *s;

	if (*p == '0') {
		base = 8;
		if (p[1] == 'x' || p[1] == 'X') {
			base = 16;
			p += 2;
			if (!isxdigit((unsigned char)*p))
				return fail(c, "bad number");
		}
	}
	for (; isalnum((unsigned char)*p) || *p == '_'; p++) {
		unsigned int digit = isdigit((unsigned char)*p) ? *p - '0' : (*p | 32) - 'a' + 10;

		if (*p == '_' || digit >= base)
			return fail(c, "bad number");
		value = value * base + digit;
	}
	*s = p;
	return (int64_t)value;
}

/* The value of a variable: a number, maybe signed; nothing counts as 0. */
static int64_t variable(struct calc *c, const char *name)
{
	const char *s = var_get(name);
	bool minus;
	int64_t value;

	if (!s && sh.nounset && !c->skip) {
		sh_error("%s: parameter not set", name);
		c->error = true;
		return 0;
	}
	if (!s)
		return 0;
	while (isspace((unsigned char)*s))
		s++;
	minus = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if (!*s && !minus)
		return 0;
	if (!isdigit((unsigned char)*s))
		return fail(c, "the value of a variable is not a number");
	value = number(c, &s);
	while (isspace((unsigned char)*s))
		s++;
	if (*s)
		return fail(c, "the value of a variable is not a number");
	return minus ? (int64_t)-(uint64_t)value : value;
}

static int64_t apply(struct calc *c, const char *op, int64_t a, int64_t b)
{
	uint64_t ua = (uint64_t)a, ub = (uint64_t)b;

	switch (op[0]) {
	case '+':
		return (int64_t)(ua + ub);
	case '-':
		return (int64_t)(ua - ub);
	case '*':
		return (int64_t)(ua * ub);
	case '/':
	case '%':
		if (c->skip)
			return 0;
		if (b == 0)
			return fail(c, "division by zero");
		if (b == -1)	/* the one quotient that does not fit */
			return op[0] == '/' ? (int64_t)-ua : 0;
		return op[0] == '/' ? a / b : a % b;
	case '^':
		return a ^ b;
	case '&':
		return op[1] == '&' ? a && b : a & b;
	case '|':
		return op[1] == '|' ? a || b : a | b;
	case '=':
		return a == b;
	case '!':
		return a != b;
	case '<':
		if (op[1] == '<')
			return (int64_t)(ua << (ub & 63));
		return op[1] == '=' ? a <= b : a < b;
	default:
		if (op[1] == '>')
			return a >> (ub & 63);
		return op[1] == '=' ? a >= b : a > b;
	}
}

static void store(struct calc *c, const char *name, int64_t value)
{
	char text[24];

	if (c->skip || c->error)
		return;
	snprintf(text, sizeof(text), "%lld", (long long)value);
	if (!var_set(name, text, 0))
		c->error = true;
}

/* The operator of an assignment at this place: "" for =, "+" for += and so on; else NULL. */
static const char *assignment_op(struct calc *c)
{
	static const char *const ops[] = { "<<", ">>", "+", "-", "*", "/", "%", "&", "^", "|", "" };
	size_t i;

	blanks(c);
	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		size_t len = strlen(ops[i]);

		if (!strncmp(c->s, ops[i], len) && c->s[len] == '=' && c->s[len + 1] != '=') {
			c->s += len + 1;
			return ops[i];
		}
	}
	return NULL;
}

/* A name: its value, or an assignment to it. */
static int64_t name_or_assignment(struct calc *c)
{
	size_t len = name_length(c->s);
	char *name = arena_strdup(sh.tmp, c->s, len);
	const char *op;
	int64_t value;

	c->s += len;
	op = assignment_op(c);
	if (!op)
		return variable(c, name);
	value = assignment(c);
	if (*op)
		value = apply(c, op, variable(c, name), value);
	store(c, name, value);
	return value;
}

static int64_t unary(struct calc *c)
{
	int64_t value = 0;

	if (c->error || c->depth++ > 200)
		return fail(c, "nested too deeply");
	blanks(c);
	if (take(c, "(")) {
		value = comma(c);
		if (!take(c, ")"))
			fail(c, "missing )");
	} else if (take(c, "!")) {
		value = !unary(c);
	} else if (take(c, "~")) {
		value = ~unary(c);
	} else if (take(c, "-")) {
		value = (int64_t)-(uint64_t)unary(c);
	} else if (take(c, "+")) {
		value = unary(c);
	} else if (isdigit((unsigned char)*c->s)) {
		value = number(c, &c->s);
	} else if (name_length(c->s)) {
		value = name_or_assignment(c);
	} else {
		fail(c, "a number is missing");
	}
	c->depth--;
	return value;
}

static const struct binary *peek_binary(struct calc *c)
{
	size_t i;

	blanks(c);
	for (i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++)
		if (!strncmp(c->s, binaries[i].text, strlen(binaries[i].text)))
			return &binaries[i];
	return NULL;
}

/* All operators that bind at least as strongly as min. */
static int64_t binary(struct calc *c, int min)
{
	int64_t left = unary(c);
	const struct binary *op;

	while (!c->error && (op = peek_binary(c)) && op->precedence >= min) {
		bool needless = (op->precedence == 1 && left) || (op->precedence == 2 && !left);
		int64_t right;

		c->s += strlen(op->text);
		c->skip += needless;
		right = binary(c, op->precedence + 1);
		c->skip -= needless;
		left = apply(c, op->text, left, right);
	}
	return left;
}

static int64_t assignment(struct calc *c)
{
	int64_t cond, yes, no;

	if (c->depth++ > 200)
		return fail(c, "nested too deeply");
	cond = binary(c, 1);
	if (take(c, "?")) {
		c->skip += !cond;
		yes = comma(c);
		c->skip -= !cond;
		if (!take(c, ":"))
			fail(c, "missing :");
		c->skip += !!cond;
		no = assignment(c);
		c->skip -= !!cond;
		cond = cond ? yes : no;
	}
	c->depth--;
	return cond;
}

static int64_t comma(struct calc *c)
{
	int64_t value = assignment(c);

	while (!c->error && take(c, ","))
		value = assignment(c);
	return value;
}

/**
 * arith - evaluate an expression
 *
 * Returns false, with the error said and sh.unwind set, if it is not one. An empty one is 0.
 */
bool arith(const char *expr, int64_t *value)
{
	struct calc c = { .s = expr, .whole = expr };

	*value = 0;
	blanks(&c);
	if (!*c.s)
		return true;
	*value = comma(&c);
	blanks(&c);
	if (!c.error && *c.s)
		fail(&c, "unexpected text");
	return !c.error;
}
