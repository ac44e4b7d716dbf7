// SPDX-License-Identifier: MIT
/*
 * Completion: what the word before the cursor may become. The first word of a command becomes a
 * builtin, a function or a program of PATH, any other (and one with a slash) a file.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh.h"

/* Words after which another command begins. */
static bool opens_command(const char *word)
{
	static const char *const words[] = {
		"if", "then", "else", "elif", "while", "until", "do", "{", "!", "exec", "command",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

/* Finds the word that ends at pos. Returns whether it is in the place of a command. */
static bool find_word(const char *line, size_t pos, size_t *start, struct strbuf *word)
{
	bool command = true;
	char quote = 0;
	size_t i;

	*start = 0;
	for (i = 0; i < pos; i++) {
		char c = line[i];

		if (quote && c == quote) {
			quote = 0;
		} else if (c == '\\' && quote != '\'' && i + 1 < pos) {
			buf_char(word, line[++i]);
		} else if (!quote && (c == '\'' || c == '"')) {
			quote = c;
		} else if (quote || !strchr(" \t;|&()<>`", c)) {
			buf_char(word, c);
		} else {
			if (strchr(";|&(`", c))
				command = true;
			else if (strchr("<>", c) || (word->len && !opens_command(word->s)))
				command = false;
			word->len = 0;
			word->s[0] = '\0';
			*start = i + 1;
		}
	}
	return command;
}

struct wanted {
	const char	*prefix;
	size_t		len;
	struct fields	*out;
};

static void add_name(const char *name, void *arg)
{
	struct wanted *w = arg;

	if (!strncmp(name, w->prefix, w->len))
		fields_add(w->out, arena_strdup(sh.tmp, name, strlen(name)));
}

/* Adds the files of a folder that begin with the prefix; folders get a slash. */
static void add_files(const char *folder, bool programs, struct wanted *w)
{
	DIR *dir = opendir(*folder ? folder : ".");
	struct dirent *d;
	struct strbuf path;
	struct stat st;

	if (!dir)
		return;
	while ((d = readdir(dir))) {
		if (strncmp(d->d_name, w->prefix, w->len) || (d->d_name[0] == '.' && !w->len))
			continue;
		buf_init(&path, sh.tmp);
		buf_str(&path, folder);
		if (path.len && path.s[path.len - 1] != '/')
			buf_char(&path, '/');
		buf_str(&path, d->d_name);
		if (stat(path.s, &st))
			continue;
		if (programs && (!S_ISREG(st.st_mode) || access(path.s, X_OK)))
			continue;
		if (S_ISDIR(st.st_mode))
			buf_char(&path, '/');
		add_name(path.s + strlen(path.s) - strlen(d->d_name) - !!S_ISDIR(st.st_mode), w);
	}
	closedir(dir);
}

static void add_programs(struct wanted *w)
{
	const char *path = var_get("PATH");

	while (path && *path) {
		size_t len = strcspn(path, ":");

		if (len)
			add_files(arena_strdup(sh.tmp, path, len), true, w);
		path += len + (path[len] == ':');
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_unique(struct fields *f)
{
	size_t i, kept = 0;

	if (!f->n)
		return;
	qsort(f->v, f->n, sizeof(*f->v), by_name);
	for (i = 0; i < f->n; i++)
		if (!kept || strcmp(f->v[kept - 1], f->v[i]))
			f->v[kept++] = f->v[i];
	f->n = kept;
}

/**
 * complete - find what the word before the cursor may become
 * @line: NUL-terminated
 * @pos: the cursor
 * @c: filled in; all in temporary memory. Its names are last components, without the folder
 */
void complete(const char *line, size_t pos, struct completion *c)
{
	struct strbuf word;
	struct wanted w;
	const char *slash;
	bool command;

	memset(c, 0, sizeof(*c));
	buf_init(&word, sh.tmp);
	command = find_word(line, pos, &c->start, &word);
	c->word = word.s;
	slash = strrchr(word.s, '/');
	c->folder = slash ? slash + 1 - word.s : 0;
	w = (struct wanted){ word.s + c->folder, word.len - c->folder, &c->names };
	if (command && !slash) {
		builtins_each(add_name, &w);
		functions_each(add_name, &w);
		add_programs(&w);
	} else {
		add_files(arena_strdup(sh.tmp, word.s, c->folder), false, &w);
	}
	sort_unique(&c->names);
}
