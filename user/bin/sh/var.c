// SPDX-License-Identifier: MIT
/*
 * Variables, positional parameters and the environment.
 *
 * A variable's text is "NAME=value", as the environment wants it. One that is exported or read-only
 * but has no value yet has only "NAME". A local variable is the global one with its former state
 * saved in the function's frame; assignments before a builtin or a function work the same way.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

struct var {
	struct var	*next;
	char		*text;
	size_t		len;		/* of the name */
	int		flags;
};

struct saved_var {
	struct saved_var *next;
	char		*name;
	char		*text;		/* NULL: there was none */
	int		flags;
};

enum { BUCKETS = 64 };

static struct var *table[BUCKETS];

extern char **environ;

static struct var **bucket(const char *name, size_t len)
{
	unsigned int hash = 5381;

	while (len--)
		hash = hash * 33 + (unsigned char)*name++;
	return &table[hash % BUCKETS];
}

static struct var **find(const char *name, size_t len)
{
	struct var **v;

	for (v = bucket(name, len); *v; v = &(*v)->next)
		if ((*v)->len == len && !memcmp((*v)->text, name, len))
			break;
	return v;
}

/* The length of the name at the start of a text; 0 if there is none. */
size_t name_length(const char *s)
{
	const char *p = s;

	if (isdigit((unsigned char)*p))
		return 0;
	while (*p == '_' || isalnum((unsigned char)*p))
		p++;
	return p - s;
}

bool is_name(const char *s, size_t len)
{
	return len && name_length(s) == len;
}

static char *make_text(const char *name, size_t len, const char *value)
{
	size_t value_len = value ? strlen(value) : 0;
	char *text = xmalloc(len + value_len + 2);

	memcpy(text, name, len);
	text[len] = '\0';
	if (value) {
		text[len] = '=';
		memcpy(text + len + 1, value, value_len + 1);
	}
	return text;
}

const char *var_get(const char *name)
{
	struct var *v = *find(name, strlen(name));

	return v && v->text[v->len] ? v->text + v->len + 1 : NULL;
}

/**
 * var_set - give a variable a value and flags
 * @value: NULL leaves the value as it is, also none
 * @flags: V_EXPORT, V_READONLY; added to those it has
 *
 * Returns false, with the error said, if it is read-only.
 */
bool var_set(const char *name, const char *value, int flags)
{
	size_t len = strlen(name);
	struct var **slot = find(name, len), *v = *slot;
	char *text;

	if (v && value && (v->flags & V_READONLY)) {
		sh_error("%s: is read only", name);
		return false;
	}
	if (!v) {
		v = *slot = xmalloc(sizeof(*v));
		memset(v, 0, sizeof(*v));
		v->len = len;
		v->text = make_text(name, len, value);
	} else if (value) {
		text = make_text(name, len, value);
		free(v->text);
		v->text = text;
	}
	v->flags |= flags;
	return true;
}

bool var_unset(const char *name)
{
	struct var **slot = find(name, strlen(name)), *v = *slot;

	if (!v)
		return true;
	if (v->flags & V_READONLY) {
		sh_error("%s: is read only", name);
		return false;
	}
	*slot = v->next;
	free(v->text);
	free(v);
	return true;
}

/* Remembers a variable as it is now, and leaves it. */
void var_save(struct saved_var **list, const char *name)
{
	struct var *v = *find(name, strlen(name));
	struct saved_var *s = xmalloc(sizeof(*s));

	s->name = xstrdup(name);
	s->text = v ? xstrdup(v->text) : NULL;
	s->flags = v ? v->flags : 0;
	s->next = *list;
	*list = s;
}

/* Undoes all that happened since, newest first; no flag stands in the way. */
void vars_restore(struct saved_var *list)
{
	while (list) {
		struct saved_var *s = list;
		struct var **slot = find(s->name, strlen(s->name)), *v = *slot;

		if (v) {
			*slot = v->next;
			free(v->text);
			free(v);
		}
		if (s->text) {
			slot = find(s->name, strlen(s->name));
			v = *slot = xmalloc(sizeof(*v));
			v->next = NULL;
			v->len = strlen(s->name);
			v->text = s->text;
			v->flags = s->flags;
		}
		list = s->next;
		free(s->name);
		free(s);
	}
}

void vars_init(void)
{
	char number[24];
	char **e;

	for (e = environ; e && *e; e++) {
		size_t len = name_length(*e);
		struct mark m = arena_mark(sh.tmp);

		if (len && (*e)[len] == '=')
			var_set(arena_strdup(sh.tmp, *e, len), *e + len + 1, V_EXPORT);
		arena_release(sh.tmp, m);
	}
	snprintf(number, sizeof(number), "%d", (int)getppid());
	var_set("PPID", number, 0);
	var_set("IFS", " \t\n", 0);
	if (!var_get("PATH"))
		var_set("PATH", "/bin:/sbin:/usr/bin", 0);
}

/* The environment for a program, in temporary memory. */
char **var_environ(void)
{
	struct fields env = { 0 };
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		for (struct var *v = table[i]; v; v = v->next)
			if ((v->flags & V_EXPORT) && v->text[v->len])
				fields_add(&env, v->text);
	return env.v ? env.v : arena_alloc(sh.tmp, 0);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void quote_value(struct strbuf *b, const char *s)
{
	buf_char(b, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			buf_str(b, "'\\''");
		else
			buf_char(b, *s);
	}
	buf_char(b, '\'');
}

/* Prints, sorted, the variables that have all the flags, in a form that the shell reads back. */
void vars_print(const char *prefix, int flags)
{
	struct fields names = { 0 };
	struct strbuf b;
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		for (struct var *v = table[i]; v; v = v->next)
			if ((v->flags & flags) == flags)
				fields_add(&names, v->text);
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	buf_init(&b, sh.tmp);
	for (i = 0; i < names.n; i++) {
		size_t len = name_length(names.v[i]);

		buf_str(&b, prefix);
		buf_mem(&b, names.v[i], len);
		if (names.v[i][len]) {
			buf_char(&b, '=');
			quote_value(&b, names.v[i] + len + 1);
		}
		buf_char(&b, '\n');
	}
	out_buf(&b);
}

const char *ifs(void)
{
	const char *s = var_get("IFS");

	return s ? s : " \t\n";
}

/* Copies n strings: the caller's may be the parameters that these replace. */
void params_set(struct params *p, int n, char **v)
{
	size_t size = ((size_t)n + 1) * sizeof(char *);
	char *text;
	int i;

	for (i = 0; i < n; i++)
		size += strlen(v[i]) + 1;
	p->n = n;
	p->memory = xmalloc(size);
	p->v = p->memory;
	text = (char *)(p->v + n + 1);
	for (i = 0; i < n; i++) {
		size = strlen(v[i]) + 1;
		p->v[i] = memcpy(text, v[i], size);
		text += size;
	}
	p->v[n] = NULL;
}

void params_free(struct params *p)
{
	free(p->memory);
}

/* $# $? $$ $! $- ; NULL if c is none of these, or has no value. */
const char *special_param(char c, char buf[static 24])
{
	char *p = buf;

	switch (c) {
	case '#':
		snprintf(buf, 24, "%d", sh.params.n);
		return buf;
	case '?':
		snprintf(buf, 24, "%d", sh.status);
		return buf;
	case '$':
		snprintf(buf, 24, "%d", (int)sh.pid);
		return buf;
	case '!':
		snprintf(buf, 24, "%d", (int)sh.background);
		return sh.background ? buf : NULL;
	case '-':
		if (sh.errexit)
			*p++ = 'e';
		if (sh.noglob)
			*p++ = 'f';
		if (sh.interactive)
			*p++ = 'i';
		if (sh.nounset)
			*p++ = 'u';
		if (sh.xtrace)
			*p++ = 'x';
		*p = '\0';
		return buf;
	default:
		return NULL;
	}
}
