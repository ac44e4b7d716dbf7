// SPDX-License-Identifier: MIT
/*
 * grep: the lines that match a pattern.
 *
 * -c counts, -E + ? | {n,m} without a backslash, -F no special characters, -h no file names,
 * -e one more pattern, -H always file names, -i either case, -l only names of files, -n line
 * numbers, -q only the exit status, -r folders, -v the lines that do not match. Status 0: some line;
 * 1: none; 2: an error.
 *
 * A pattern is a list of alternatives, each a row of atoms: a set of bytes (a character is a set of
 * one) that is repeated between min and max times, or an end of the line. There are no groups.
 */
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct atom {
	enum { SET, LINE_START, LINE_END } kind;
	int		min, max;		/* max -1: without end */
	unsigned char	set[32];		/* bit c%8 of byte c/8 */
};

struct row {
	struct atom	*atoms;
	int		n;
};

static struct row *rows;
static int n_rows;
static int count_only, extended, fixed, no_names, names, ignore_case, list_only, numbers, quiet;
static int recursive, invert;
static int matched, failed;

/* ---- the pattern ---- */

static void set_add(struct atom *a, int c)
{
	a->set[c / 8] |= 1 << c % 8;
}

static int set_has(const struct atom *a, int c)
{
	return a->set[c / 8] >> c % 8 & 1;
}

static void fold_case(struct atom *a)
{
	int c;

	for (c = 'a'; c <= 'z'; c++)
		if (set_has(a, c) || set_has(a, toupper(c))) {
			set_add(a, c);
			set_add(a, toupper(c));
		}
}

static const char *add_class(struct atom *a, const char *p)
{
	static const struct {
		const char *name;
		int (*test)(int);
	} classes[] = {
		{ "alnum:]", isalnum }, { "alpha:]", isalpha }, { "blank:]", isblank },
		{ "digit:]", isdigit }, { "lower:]", islower }, { "print:]", isprint },
		{ "punct:]", ispunct }, { "space:]", isspace }, { "upper:]", isupper },
		{ "xdigit:]", isxdigit },
	};
	size_t i;
	int c;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		size_t len = strlen(classes[i].name);

		if (strncmp(p, classes[i].name, len))
			continue;
		for (c = 0; c < 256; c++)
			if (classes[i].test(c))
				set_add(a, c);
		return p + len;
	}
	errx(2, "unknown character class '[:%.10s'", p);
}

/* p stands behind the "["; returns what follows the "]". */
static const char *parse_set(struct atom *a, const char *p)
{
	int negate = *p == '^', first = 1, lo, hi, i;

	for (p += negate; first || *p != ']'; first = 0) {
		if (!*p)
			errx(2, "the pattern has a [ without ]");
		if (p[0] == '[' && p[1] == ':') {
			p = add_class(a, p + 2);
			continue;
		}
		lo = hi = (unsigned char)*p++;
		if (p[0] == '-' && p[1] && p[1] != ']') {
			hi = (unsigned char)p[1];
			p += 2;
		}
		for (; lo <= hi; lo++)
			set_add(a, lo);
	}
	if (ignore_case)
		fold_case(a);
	for (i = 0; negate && i < 32; i++)
		a->set[i] ^= 0xff;
	return p + 1;
}

/* Is p at the operator op, which basic patterns write with a backslash? Returns its length. */
static int operator(const char *p, char op)
{
	if (fixed)
		return 0;
	if (extended)
		return p[0] == op;
	return p[0] == '\\' && p[1] == op ? 2 : 0;
}

static const char *parse_braces(struct atom *a, const char *p)
{
	char *end;
	int n;

	a->min = a->max = strtol(p, &end, 10);
	if (*end == ',')
		a->max = isdigit((unsigned char)end[1]) ? strtol(end + 1, &end, 10) : (end++, -1);
	n = operator(end, '}');
	if (!n || a->min < 0 || (a->max >= 0 && a->max < a->min))
		errx(2, "the pattern has a { without a sound {n,m}");
	return end + n;
}

static const char *parse_repeat(struct atom *a, const char *p)
{
	int n;

	a->min = a->max = 1;
	if (fixed)
		return p;
	if (*p == '*') {
		a->min = 0;
		a->max = -1;
		return p + 1;
	}
	if ((n = operator(p, '+'))) {
		a->max = -1;
		return p + n;
	}
	if ((n = operator(p, '?'))) {
		a->min = 0;
		return p + n;
	}
	if ((n = operator(p, '{')))
		return parse_braces(a, p + n);
	return p;
}

/* One atom with its repetition; first: it stands at the beginning of the row. */
static const char *parse_atom(struct atom *a, const char *p, int first)
{
	memset(a, 0, sizeof(*a));
	a->min = a->max = 1;
	if (!fixed && *p == '^' && first) {
		a->kind = LINE_START;
		return p + 1;
	}
	if (!fixed && *p == '$' && (!p[1] || operator(p + 1, '|'))) {
		a->kind = LINE_END;
		return p + 1;
	}
	if (operator(p, '(') || operator(p, ')'))
		errx(2, "groups ( ) are not known here");
	if (!fixed && *p == '.') {
		memset(a->set, 0xff, sizeof(a->set));
		p++;
	} else if (!fixed && *p == '[') {
		p = parse_set(a, p + 1);
	} else {
		if (!fixed && *p == '\\') {
			p++;
			if (!*p)
				errx(2, "the pattern ends in a backslash");
		}
		set_add(a, (unsigned char)*p++);
		if (ignore_case)
			fold_case(a);
	}
	return parse_repeat(a, p);
}

static struct row *new_row(size_t max_atoms)
{
	struct row *r;

	rows = reallocarray(rows, n_rows + 1, sizeof(*rows));
	r = rows ? &rows[n_rows++] : NULL;
	if (!r || !(r->atoms = calloc(max_atoms + 1, sizeof(*r->atoms))))
		err(2, "pattern");
	r->n = 0;
	return r;
}

static void add_pattern(const char *p)
{
	size_t len = strlen(p);
	struct row *r = new_row(len);
	int n;

	while (*p) {
		n = operator(p, '|');
		if (n || *p == '\n') {
			r = new_row(len);
			p += n ? n : 1;
			continue;
		}
		p = parse_atom(&r->atoms[r->n], p, r->n == 0);
		r->n++;
	}
}

/* ---- matching ---- */

/*
 * Does what begins at s, in the line from start to end, match n atoms from a on? A repetition takes
 * all it can, then gives back one by one: the recursion is no deeper than the row is long.
 */
static int match_here(const struct atom *a, int n, const char *start, const char *s,
		      const char *end)
{
	int k = 0;

	for (; n; a++, n--) {
		if (a->kind == LINE_START ? s != start : a->kind == LINE_END && s != end)
			return 0;
		if (a->kind != SET)
			continue;
		if (a->min != 1 || a->max != 1)
			break;
		if (s == end || !set_has(a, (unsigned char)*s++))
			return 0;
	}
	if (!n)
		return 1;
	while ((a->max < 0 || k < a->max) && s + k < end && set_has(a, (unsigned char)s[k]))
		k++;
	for (; k >= a->min; k--)
		if (match_here(a + 1, n - 1, start, s + k, end))
			return 1;
	return 0;
}

static int match_line(const char *line, size_t len)
{
	const char *s;
	int i;

	for (i = 0; i < n_rows; i++)
		for (s = line; s <= line + len; s++)
			if (match_here(rows[i].atoms, rows[i].n, line, s, line + len))
				return 1;
	return 0;
}

/* ---- files ---- */

static void search(FILE *f, const char *name, int with_name)
{
	unsigned long number = 0, hits = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while ((len = getline(&line, &size, f)) > 0) {
		int newline = line[len - 1] == '\n';

		number++;
		if (match_line(line, len - newline) == invert)
			continue;
		hits++;
		matched = 1;
		if (quiet || list_only)
			break;
		if (count_only)
			continue;
		if (memchr(line, 0, len)) {
			printf("%s: a binary file, and it matches\n", name);
			break;
		}
		if (with_name)
			printf("%s:", name);
		if (numbers)
			printf("%lu:", number);
		fwrite(line, 1, len, stdout);
		if (!newline)
			putchar('\n');
	}
	free(line);
	if (ferror(f)) {
		warn("%s", name);
		failed = 1;
	}
	if (list_only && hits && !quiet)
		puts(name);
	else if (count_only && !quiet)
		printf("%s%s%lu\n", with_name ? name : "", with_name ? ":" : "", hits);
}

static void search_path(const char *path, int with_name);

static int not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") && strcmp(d->d_name, "..");
}

static void search_dir(const char *path)
{
	struct dirent **names_in;
	char sub[PATH_MAX];
	int i, n = scandir(path, &names_in, not_dots, alphasort);
	struct stat st;

	if (n < 0) {
		warn("%s", path);
		failed = 1;
		return;
	}
	for (i = 0; i < n; i++) {
		snprintf(sub, sizeof(sub), "%s/%s", path, names_in[i]->d_name);
		if (!lstat(sub, &st) && (S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)))
			search_path(sub, !no_names);
		free(names_in[i]);
	}
	free(names_in);
}

static void search_path(const char *path, int with_name)
{
	struct stat st;
	FILE *f;

	if (!strcmp(path, "-")) {
		search(stdin, "(standard input)", with_name);
		return;
	}
	if (recursive && !stat(path, &st) && S_ISDIR(st.st_mode)) {
		search_dir(path);
		return;
	}
	f = fopen(path, "r");
	if (!f) {
		warn("%s", path);
		failed = 1;
		return;
	}
	search(f, path, with_name);
	fclose(f);
}

static int usage(void)
{
	fprintf(stderr, "usage: grep [-cEFhHilnqrv] [-e] PATTERN [FILE...]\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char **patterns = calloc(argc, sizeof(*patterns));
	int c, n = 0, with_name;

	if (!patterns)
		err(2, "patterns");

	while ((c = getopt(argc, argv, "cEFhHilnqrve:")) != -1) {
		switch (c) {
		case 'c': count_only = 1; break;
		case 'E': extended = 1; break;
		case 'F': fixed = 1; break;
		case 'h': no_names = 1; break;
		case 'H': names = 1; break;
		case 'i': ignore_case = 1; break;
		case 'l': list_only = 1; break;
		case 'n': numbers = 1; break;
		case 'q': quiet = 1; break;
		case 'r': recursive = 1; break;
		case 'v': invert = 1; break;
		case 'e': patterns[n++] = optarg; break;
		default: return usage();
		}
	}
	if (!n && argv[optind])
		patterns[n++] = argv[optind++];
	if (!n)
		return usage();
	/* Only now are all options known that say how to read them. */
	while (n > 0)
		add_pattern(patterns[--n]);
	free(patterns);
	with_name = !no_names && (names || argc - optind > 1 || recursive);
	if (optind == argc)
		search_path(recursive ? "." : "-", recursive && with_name);
	for (; optind < argc && !(quiet && matched); optind++)
		search_path(argv[optind], with_name);
	if (fflush(stdout))
		err(2, "standard output");
	return quiet && matched ? 0 : failed ? 2 : !matched;
}
