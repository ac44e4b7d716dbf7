// SPDX-License-Identifier: MIT
/* Parameter expansion: $x and all that ${x...} can do to a value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

static const char *get_param(const char *name, char buf[static 24])
{
	if (name[0] >= '0' && name[0] <= '9') {
		long n = strlen(name) > 9 ? 999999999 : atol(name);

		if (n == 0)
			return sh.arg0;
		return n <= sh.params.n ? sh.params.v[n - 1] : NULL;
	}
	if (name[0] && strchr("#?$!-", name[0]))
		return special_param(name[0], buf);
	return var_get(name);
}

/* All positional parameters as one string: with the first character of IFS between, or a blank. */
static char *join_params(char kind)
{
	const char *separators = kind == '*' ? ifs() : " ";
	struct strbuf b;
	int i;

	buf_init(&b, sh.tmp);
	for (i = 0; i < sh.params.n; i++) {
		if (i && *separators)
			buf_char(&b, *separators);
		buf_str(&b, sh.params.v[i]);
	}
	return b.s;
}

/* $@ and $*: "$@" is a field for each parameter, and none at all when there are none. */
static void expand_all(struct expander *e, char kind, bool quoted)
{
	int i;

	if (!expander_splits(e) || (quoted && kind == '*')) {
		expand_value(e, join_params(kind), quoted);
		return;
	}
	for (i = 0; i < sh.params.n; i++) {
		if (i)
			expand_break(e);
		expand_value(e, sh.params.v[i], quoted);
	}
}

/* Cuts off the shortest or the longest prefix (#) or suffix (%) that matches a pattern. */
static const char *trim(const char *value, const char *pattern, char op, bool longest)
{
	size_t len = strlen(value), i;
	char *copy = arena_strdup(sh.tmp, value, len);

	for (i = 0; i <= len; i++) {
		/* how much is cut off in this try */
		size_t cut = longest ? len - i : i;
		char keep;

		if (op == '%') {
			if (pattern_match(pattern, value + len - cut)) {
				copy[len - cut] = '\0';
				return copy;
			}
			continue;
		}
		keep = copy[cut];
		copy[cut] = '\0';
		if (pattern_match(pattern, copy))
			return value + cut;
		copy[cut] = keep;
	}
	return value;
}

static void assign_default(struct expander *e, struct part *part)
{
	char *value = expand_string(part->arg);

	if (!value)
		return;
	if (!is_name(part->text, strlen(part->text)))
		sh_error("%s: cannot assign in this way", part->text);
	else if (var_set(part->text, value, 0))
		expand_value(e, value, part->quoted);
}

static void complain(struct part *part)
{
	char *text = expand_string(part->arg);

	if (text)
		sh_error("%s: %s", part->text, *text ? text : "parameter not set");
}

static void expand_length(struct expander *e, struct part *part, const char *value)
{
	char number[24];

	if (!value && sh.nounset) {
		sh_error("%s: parameter not set", part->text);
		return;
	}
	snprintf(number, sizeof(number), "%zu", value ? strlen(value) : 0);
	expand_value(e, number, part->quoted);
}

static void expand_plain(struct expander *e, struct part *part, const char *value)
{
	char kind = part->text[0];

	if (kind == '@' || kind == '*')
		expand_all(e, kind, part->quoted);
	else if (value || !sh.nounset)
		expand_value(e, value ? value : "", part->quoted);
	else
		sh_error("%s: parameter not set", part->text);
}

/* Expands one $x or ${x...}. Returns false with sh.unwind set on an error. */
bool expand_param(struct expander *e, struct part *part)
{
	bool all = part->text[0] == '@' || part->text[0] == '*';
	const char *value, *pattern;
	char buf[24];
	bool missing;

	if (all && part->op == 'L')
		value = NULL;
	else if (all)
		value = part->op && sh.params.n ? join_params(part->text[0]) : NULL;
	else
		value = get_param(part->text, buf);
	missing = !value || (part->twice && !*value);

	switch (part->op) {
	case 0:
		expand_plain(e, part, value);
		break;
	case 'L':
		if (all) {
			snprintf(buf, sizeof(buf), "%d", sh.params.n);
			expand_value(e, buf, part->quoted);
		} else {
			expand_length(e, part, value);
		}
		break;
	case '-':
	case '+':
		if (missing != (part->op == '-')) {
			if (part->op == '-')
				expand_plain(e, part, value);
			else if (part->quoted)
				expand_value(e, "", true);
		} else {
			if (part->quoted)
				expand_value(e, "", true);
			expand_parts(e, part->arg->parts, true);
		}
		break;
	case '=':
		if (missing)
			assign_default(e, part);
		else
			expand_plain(e, part, value);
		break;
	case '?':
		if (missing)
			complain(part);
		else
			expand_plain(e, part, value);
		break;
	default:
		pattern = expand_pattern(part->arg);
		if (!value && !all && sh.nounset)
			sh_error("%s: parameter not set", part->text);
		else if (pattern)
			expand_value(e, value ? trim(value, pattern, part->op, part->twice) : "",
				     part->quoted);
	}
	return !sh.unwind;
}
