// SPDX-License-Identifier: MIT
/* Shell patterns. A star first takes nothing, then one character more each time the rest fails. */
#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

static int in_class(const char *name, size_t len, int c)
{
	static const struct {
		const char *name;
		int (*test)(int);
	} classes[] = {
		{ "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank },
		{ "cntrl", iscntrl }, { "digit", isdigit }, { "graph", isgraph },
		{ "lower", islower }, { "print", isprint }, { "punct", ispunct },
		{ "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit },
	};
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (!strncmp(classes[i].name, name, len) && !classes[i].name[len])
			return classes[i].test(c);
	return 0;
}

/*
 * Does c match the set that begins behind "[" at *set? Then *set is moved behind "]".
 * -1: there is no "]", so the bracket is an ordinary character.
 */
static int match_set(const char **set, int c, int flags)
{
	const char *p = *set, *end;
	int negate = *p == '!' || *p == '^', found = 0, first = 1, lo, hi;

	for (p += negate; first || *p != ']'; first = 0) {
		if (!*p)
			return -1;
		if (p[0] == '[' && p[1] == ':' && (end = strstr(p + 2, ":]"))) {
			found |= in_class(p + 2, end - (p + 2), c);
			p = end + 2;
			continue;
		}
		if (*p == '\\' && !(flags & FNM_NOESCAPE) && p[1])
			p++;
		lo = hi = (unsigned char)*p++;
		if (p[0] == '-' && p[1] && p[1] != ']') {
			p++;
			if (*p == '\\' && !(flags & FNM_NOESCAPE) && p[1])
				p++;
			hi = (unsigned char)*p++;
		}
		found |= c >= lo && c <= hi;
	}
	*set = p + 1;
	return found != negate;
}

/* Matches one element of the pattern, not a star, with c. The pattern is moved on. */
static int match_one(const char **pattern, int c, int flags)
{
	const char *p = *pattern + 1;
	int m;

	switch (**pattern) {
	case '?':
		*pattern = p;
		return !(c == '/' && flags & FNM_PATHNAME);
	case '[':
		if (c == '/' && flags & FNM_PATHNAME)
			return 0;
		m = match_set(&p, c, flags);
		if (m >= 0) {
			*pattern = p;
			return m;
		}
		break;
	case '\\':
		if (!(flags & FNM_NOESCAPE) && *p) {
			*pattern = p + 1;
			return c == (unsigned char)*p;
		}
		break;
	}
	m = c == (unsigned char)**pattern;
	*pattern = p;
	return m;
}

int fnmatch(const char *pattern, const char *string, int flags)
{
	const char *p = pattern, *s = string, *star = NULL, *retry = NULL;

	for (;;) {
		int dot = *s == '.' && flags & FNM_PERIOD &&
			  (s == string || (s[-1] == '/' && flags & FNM_PATHNAME));

		if (*p == '*') {
			if (dot)
				return FNM_NOMATCH;
			star = ++p;
			retry = s;
			continue;
		}
		if (!*s && !*p)
			return 0;
		if (*s && *p && !(dot && (*p == '?' || *p == '[')) &&
		    match_one(&p, (unsigned char)*s, flags)) {
			s++;
			continue;
		}
		/* No match here: let the last star take one character more. */
		if (!star || !*retry || (*retry == '/' && flags & FNM_PATHNAME))
			return FNM_NOMATCH;
		s = ++retry;
		p = star;
	}
}
