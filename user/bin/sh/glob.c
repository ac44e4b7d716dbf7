// SPDX-License-Identifier: MIT
/*
 * Patterns (* ? [...]) and the file names that match one.
 *
 * In a pattern a backslash takes the meaning from the character after it.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sh.h"

/* A "[" is one only with a "]" behind it: the command [ is not worth reading a folder for. */
bool has_wildcard(const char *pattern)
{
	bool bracket = false;

	for (; *pattern; pattern++) {
		if (*pattern == '\\' && pattern[1])
			pattern++;
		else if (*pattern == '*' || *pattern == '?' || (*pattern == ']' && bracket))
			return true;
		else if (*pattern == '[')
			bracket = true;
	}
	return false;
}

static bool in_class(const char *name, size_t len, unsigned char c)
{
	static const struct {
		const char	*name;
		int		(*is)(int c);
	} classes[] = {
		{ "alpha", isalpha }, { "digit", isdigit }, { "alnum", isalnum },
		{ "upper", isupper }, { "lower", islower }, { "space", isspace },
		{ "punct", ispunct }, { "print", isprint }, { "graph", isgraph },
		{ "cntrl", iscntrl }, { "xdigit", isxdigit }, { "blank", isblank },
	};
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strlen(classes[i].name) == len && !memcmp(classes[i].name, name, len))
			return classes[i].is(c);
	return false;
}

/* One element of a bracket expression: *p moves behind it. */
static unsigned char bracket_char(const char **p)
{
	if (**p == '\\' && (*p)[1])
		++*p;
	return *(*p)++;
}

/*
 * Matches c with the bracket expression whose inside starts at p. Returns where the pattern goes
 * on, or NULL if there is no closing bracket, and then "[" means itself.
 */
static const char *match_bracket(const char *p, unsigned char c, bool *matches)
{
	bool negate = *p == '!' || *p == '^', hit = false, first = true;

	if (negate)
		p++;
	for (; *p != ']' || first; first = false) {
		const char *end = *p == '[' && p[1] == ':' ? strstr(p + 2, ":]") : NULL;
		unsigned char low, high;

		if (!*p)
			return NULL;
		if (end) {
			hit |= in_class(p + 2, end - p - 2, c);
			p = end + 2;
			continue;
		}
		low = high = bracket_char(&p);
		if (*p == '-' && p[1] && p[1] != ']') {
			p++;
			high = bracket_char(&p);
		}
		hit |= low <= c && c <= high;
	}
	*matches = hit != negate;
	return p + 1;
}

/* Matches one character with what stands at *p, which is not "*", and moves *p behind it. */
static bool match_char(const char **p, char c)
{
	const char *s = *p, *after;
	bool matches;

	if (*s == '?') {
		*p = s + 1;
		return true;
	}
	if (*s == '[') {
		after = match_bracket(s + 1, c, &matches);
		if (after) {
			*p = after;
			return matches;
		}
	}
	if (*s == '\\' && s[1])
		s++;
	*p = s + 1;
	return *s == c;
}

/* Does the whole of s match? Going back to the last "*" alone is enough, so time is bounded. */
bool pattern_match(const char *pattern, const char *s)
{
	const char *star = NULL, *star_s = NULL;

	for (;;) {
		if (*pattern == '*') {
			star = ++pattern;
			star_s = s;
			continue;
		}
		if (!*s && !*pattern)
			return true;
		if (*s && *pattern && match_char(&pattern, *s)) {
			s++;
			continue;
		}
		if (!star || !*star_s)
			return false;
		pattern = star;
		s = ++star_s;
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void glob_from(struct strbuf *path, const char *pattern, struct fields *out);

/* Goes on with the next component, if what is there so far exists. */
static void descend(struct strbuf *path, const char *rest, struct fields *out)
{
	size_t len = path->len;
	struct stat st;

	if (!*rest) {
		if (lstat(path->s, &st) == 0)
			fields_add(out, arena_strdup(sh.tmp, path->s, path->len));
		return;
	}
	for (; *rest == '/'; rest++)
		buf_char(path, '/');
	if (stat(path->s, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (*rest)
			glob_from(path, rest, out);
		else
			fields_add(out, arena_strdup(sh.tmp, path->s, path->len));
	}
	path->len = len;
	path->s[len] = '\0';
}

static void glob_folder(struct strbuf *path, const char *part, const char *rest, struct fields *out)
{
	DIR *dir = opendir(path->len ? path->s : ".");
	size_t len = path->len;
	struct dirent *d;

	if (!dir)
		return;
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.' && part[0] != '.')
			continue;
		if (!pattern_match(part, d->d_name))
			continue;
		buf_str(path, d->d_name);
		descend(path, rest, out);
		path->len = len;
		path->s[len] = '\0';
	}
	closedir(dir);
}

/* path is the part of the name that is settled; pattern starts a component. */
static void glob_from(struct strbuf *path, const char *pattern, struct fields *out)
{
	const char *rest = strchr(pattern, '/');
	size_t len = path->len;
	char *part;

	if (!rest)
		rest = pattern + strlen(pattern);
	part = arena_strdup(sh.tmp, pattern, rest - pattern);
	if (has_wildcard(part)) {
		glob_folder(path, part, rest, out);
	} else {
		buf_str(path, unescape(part));
		descend(path, rest, out);
	}
	path->len = len;
	path->s[len] = '\0';
}

/* Adds the files that match, sorted; or, when none does, the pattern itself as plain text. */
void glob_path(const char *pattern, struct fields *out)
{
	size_t first = out->n;
	struct strbuf path;

	buf_init(&path, sh.tmp);
	if (*pattern == '/')
		descend(&path, pattern, out);
	else
		glob_from(&path, pattern, out);
	if (out->n == first)
		fields_add(out, unescape(arena_strdup(sh.tmp, pattern, strlen(pattern))));
	else
		qsort(out->v + first, out->n - first, sizeof(*out->v), by_name);
}
