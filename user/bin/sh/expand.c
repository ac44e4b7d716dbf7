// SPDX-License-Identifier: MIT
/*
 * Word expansion: from the parts of a word to the arguments of a command.
 *
 * A field is built in "pattern form": each character that was quoted and that means something in
 * a pattern has a backslash before it. A complete field is matched against file names if there is
 * a wildcard left in it, else the backslashes are taken out again. Splitting at IFS happens on the
 * way in, because only there is it known which characters came out of an expansion.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sh.h"

struct expander {
	struct fields	*out;		/* NULL: everything becomes one string */
	bool		pattern;	/* keep the pattern form */
	bool		have;		/* a field has begun, be it empty */
	bool		after_blank;	/* the field before was ended by IFS white space */
	struct strbuf	cur;
};

void fields_add(struct fields *f, char *s)
{
	if (f->n + 2 > f->cap) {
		size_t cap = f->cap ? f->cap * 2 : 8;
		char **v = arena_alloc(sh.tmp, cap * sizeof(*v));

		if (f->n)
			memcpy(v, f->v, f->n * sizeof(*v));
		f->v = v;
		f->cap = cap;
	}
	f->v[f->n++] = s;
	f->v[f->n] = NULL;
}

/* Takes the backslashes out of a pattern, in place. */
char *unescape(char *pattern)
{
	char *from = pattern, *to = pattern;

	while (*from) {
		if (*from == '\\' && from[1])
			from++;
		*to++ = *from++;
	}
	*to = '\0';
	return pattern;
}

bool expander_splits(struct expander *e)
{
	return e->out;
}

static void add_quoted(struct expander *e, const char *s)
{
	e->have = true;
	e->after_blank = false;
	for (; *s; s++) {
		if (e->pattern && strchr("*?[]\\-!^", *s))
			buf_char(&e->cur, '\\');
		buf_char(&e->cur, *s);
	}
}

static void add_active(struct expander *e, char c)
{
	e->have = true;
	e->after_blank = false;
	/* a backslash that comes out of a variable is not a quote when fields are made */
	if (c == '\\' && e->out)
		buf_char(&e->cur, '\\');
	buf_char(&e->cur, c);
}

/* Ends the field that has begun, if one has. */
void expand_break(struct expander *e)
{
	char *s;

	if (!e->have || !e->out)
		return;
	s = arena_strdup(sh.tmp, e->cur.s, e->cur.len);
	e->cur.len = 0;
	e->cur.s[0] = '\0';
	e->have = false;
	if (!sh.noglob && has_wildcard(s))
		glob_path(s, e->out);
	else
		fields_add(e->out, unescape(s));
}

/*
 * White space in IFS separates fields, however much of it there is; another IFS character ends a
 * field, be it empty, and takes the white space around it along.
 */
static void split(struct expander *e, const char *s)
{
	const char *separators = ifs();

	for (; *s; s++) {
		if (!strchr(separators, *s)) {
			add_active(e, *s);
		} else if (strchr(" \t\n", *s)) {
			if (e->have)
				e->after_blank = true;
			expand_break(e);
		} else if (e->after_blank) {
			e->after_blank = false;
		} else {
			e->have = true;
			expand_break(e);
		}
	}
}

/* Adds the value of an expansion. */
void expand_value(struct expander *e, const char *s, bool quoted)
{
	if (quoted)
		add_quoted(e, s);
	else if (e->out)
		split(e, s);
	else
		for (; *s; s++)
			add_active(e, *s);
}

/* Reads what a command substitution prints, without the newlines at its end. */
static char *read_output(int fd)
{
	struct strbuf b;
	char block[512];
	ssize_t n, i;

	buf_init(&b, sh.tmp);
	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR && !sh.unwind)
			continue;
		if (n < 0)
			break;
		for (i = 0; i < n; i++)
			if (block[i])
				buf_char(&b, block[i]);
	}
	while (b.len && b.s[b.len - 1] == '\n')
		b.s[--b.len] = '\0';
	return b.s;
}

static char *command_substitution(struct node *body)
{
	struct job *job;
	char *output;
	int fd[2];
	pid_t pid;

	sh.subst_status = 0;
	if (!body)
		return "";
	if (pipe(fd)) {
		sh_error("cannot make a pipe: %s", strerror(errno));
		return "";
	}
	job = job_new(NULL, false);
	pid = job_fork(job, false);
	if (pid == 0) {
		close(fd[0]);
		if (fd[1] != 1) {
			dup2(fd[1], 1);
			close(fd[1]);
		}
		exec_node(body, EX_EXIT);
		child_exit();
	}
	close(fd[1]);
	output = pid > 0 ? read_output(fd[0]) : "";
	close(fd[0]);
	sh.subst_status = job_wait(job);
	if (sh.interactive)
		traps_run();	/* ^C: the command that wanted this must not run */
	return output;
}

static void expand_arith(struct expander *e, struct part *part)
{
	char number[24];
	char *expr = expand_string(part->arg);
	int64_t value;

	if (!expr || !arith(expr, &value))
		return;
	snprintf(number, sizeof(number), "%lld", (long long)value);
	expand_value(e, number, part->quoted);
}

/**
 * expand_parts - expand a list of parts into the field in progress
 * @inside: they are the word in ${x:-word}, so that plain text is split as well
 *
 * Returns false, with sh.unwind set, if one of them cannot be expanded.
 */
bool expand_parts(struct expander *e, struct part *part, bool inside)
{
	for (; part && !sh.unwind; part = part->next) {
		switch (part->type) {
		case P_TEXT:
			if (part->quoted)
				add_quoted(e, part->text);
			else if (inside)
				expand_value(e, part->text, false);
			else
				for (const char *s = part->text; *s; s++)
					add_active(e, *s);
			break;
		case P_PARAM:
			expand_param(e, part);
			break;
		case P_COMMAND:
			expand_value(e, command_substitution(part->body), part->quoted);
			break;
		case P_ARITH:
			expand_arith(e, part);
			break;
		}
	}
	return !sh.unwind;
}

/* Expands a word to fields: all the steps. Returns false with sh.unwind set on an error. */
bool expand_fields(struct word *w, struct fields *out)
{
	struct expander e = { .out = out, .pattern = true };

	buf_init(&e.cur, sh.tmp);
	if (!expand_parts(&e, w->parts, false))
		return false;
	expand_break(&e);
	return true;
}

static char *expand_one(struct word *w, bool pattern)
{
	struct expander e = { .pattern = pattern };

	buf_init(&e.cur, sh.tmp);
	return expand_parts(&e, w->parts, false) ? e.cur.s : NULL;
}

/* Expands a word to one string: no splitting, no file names. NULL on an error. */
char *expand_string(struct word *w)
{
	return expand_one(w, false);
}

/* The same in pattern form, for pattern_match(). */
char *expand_pattern(struct word *w)
{
	return expand_one(w, true);
}

/* Expands the text of a prompt. $? is what it was, also after a command substitution in it. */
bool expand_prompt(const char *text, struct strbuf *b)
{
	struct arena *a = arena_new();
	int status = sh.status;
	struct parser p;
	struct word *w;
	char *s = NULL;

	parser_init(&p, NULL, a);
	w = lex_text(&p, text, strlen(text));
	if (!p.error)
		s = expand_string(w);
	buf_str(b, s ? s : text);
	arena_put(a);
	sh.status = status;
	return s;
}
