// SPDX-License-Identifier: MIT
/*
 * Simple commands: assignments, builtins, functions and programs.
 *
 * Builtins and functions run in the shell itself; their redirections and the assignments before
 * them are undone afterwards (not so for POSIX's special builtins, whose assignments stay).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh.h"

static struct function *functions;

struct function *function_find(const char *name)
{
	struct function *f;

	for (f = functions; f && strcmp(f->name, name); f = f->next)
		;
	return f;
}

bool function_unset(const char *name)
{
	struct function **f, *gone;

	for (f = &functions; *f && strcmp((*f)->name, name); f = &(*f)->next)
		;
	gone = *f;
	if (!gone)
		return false;
	*f = gone->next;
	arena_put(gone->tree);
	free(gone->name);
	free(gone);
	return true;
}

/* The function keeps the tree it stands in, all of the command that defines it. */
void function_define(const char *name, struct node *body)
{
	struct function *f = xmalloc(sizeof(*f));

	function_unset(name);
	f->name = xstrdup(name);
	f->body = body;
	f->tree = sh.tree;
	arena_get(f->tree);
	f->next = functions;
	functions = f;
}

void functions_each(void (*fn)(const char *name, void *arg), void *arg)
{
	for (struct function *f = functions; f; f = f->next)
		fn(f->name, arg);
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* Where a program is, in temporary memory: the name itself if it has a slash. NULL: nowhere. */
char *find_command(const char *name)
{
	const char *path = var_get("PATH");

	if (strchr(name, '/'))
		return is_program(name) ? arena_strdup(sh.tmp, name, strlen(name)) : NULL;
	while (path && *name) {
		size_t len = strcspn(path, ":");
		struct strbuf b;

		buf_init(&b, sh.tmp);
		buf_mem(&b, path, len);
		if (len)
			buf_char(&b, '/');
		buf_str(&b, name);
		if (is_program(b.s))
			return b.s;
		if (!path[len])
			break;
		path += len + 1;
	}
	return NULL;
}

static void fail_exec(const char *name, int error)
{
	sh.status = error == ENOENT || error == ENOTDIR ? 127 : 126;
	if (sh.status == 127)
		warn("%s: not found", name);
	else
		warn("%s: %s", name, error == ENOEXEC ? "not a program for this machine" :
		     strerror(error));
	_exit(sh.status);
}

/* A file without "#!" that is not an ELF program either: text is a script for this shell. */
static void try_script(const char *path, char **argv, char **env)
{
	char block[128];
	int fd = open(path, O_RDONLY | O_CLOEXEC), argc = 0;
	ssize_t n = fd >= 0 ? read(fd, block, sizeof(block)) : -1;
	char **args;

	close(fd);
	if (n < 0 || memchr(block, '\0', n) || (n > 3 && !memcmp(block, "\177ELF", 4)))
		return;
	while (argv[argc])
		argc++;
	args = arena_alloc(sh.tmp, (argc + 2) * sizeof(*args));
	args[0] = "sh";
	args[1] = (char *)path;
	memcpy(args + 2, argv + 1, argc * sizeof(*args));
	execve("/bin/sh", args, env);
}

/* Replaces this process by a program. Does not return: a failure is said, and exits. */
void exec_program(char **argv)
{
	char **env = var_environ();
	char *path = find_command(argv[0]);
	struct stat st;
	int error;

	if (!path && strchr(argv[0], '/')) {
		path = argv[0];
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			fail_exec(path, EISDIR);
	}
	if (!path)
		fail_exec(argv[0], ENOENT);
	execve(path, argv, env);
	error = errno;
	if (error == ENOEXEC)
		try_script(path, argv, env);
	fail_exec(argv[0], error);
	_exit(127);
}

static bool assign_all(struct assign *a, int flags, struct saved_var **saved)
{
	for (; a; a = a->next) {
		char *value = expand_string(a->value);

		if (!value)
			return false;
		if (saved)
			var_save(saved, a->name);
		if (!var_set(a->name, value, flags))
			return false;
	}
	return true;
}

/* An argument of export and its like that has the form of an assignment is expanded like one. */
static bool expand_declaration(struct word *w, struct fields *out)
{
	struct part *part = w->parts;
	char *s;

	if (part->type == P_TEXT && !part->quoted) {
		size_t len = name_length(part->text);

		if (len && part->text[len] == '=') {
			s = expand_string(w);
			if (s)
				fields_add(out, s);
			return s;
		}
	}
	return expand_fields(w, out);
}

static bool is_declaration(const char *name)
{
	return !strcmp(name, "export") || !strcmp(name, "readonly") || !strcmp(name, "local");
}

static bool expand_words(struct node *n, struct fields *argv)
{
	for (struct word *w = n->words; w; w = w->next) {
		bool declares = argv->n && is_declaration(argv->v[0]);

		if (declares ? !expand_declaration(w, argv) : !expand_fields(w, argv))
			return false;
	}
	return true;
}

static void trace(struct fields *argv)
{
	const char *ps = var_get("PS4");
	struct strbuf b;
	size_t i;

	buf_init(&b, sh.tmp);
	buf_str(&b, ps ? ps : "+ ");
	for (i = 0; i < argv->n; i++)
		buf_printf(&b, i ? " %s" : "%s", argv->v[i]);
	buf_char(&b, '\n');
	write_all(2, b.s, b.len);
}

static void call_function(struct function *f, struct fields *argv, struct saved_var *assigned)
{
	struct params outer = sh.params;
	struct arena *outer_tree = sh.tree, *tree = f->tree;
	struct frame frame = { .up = sh.frame, .locals = assigned };
	int loops = sh.loops;

	arena_get(tree);	/* the function may be defined anew while it runs */
	sh.tree = tree;
	sh.frame = &frame;
	sh.loops = 0;
	params_set(&sh.params, argv->n - 1, argv->v + 1);
	exec_node(f->body, 0);
	if (sh.unwind == UNWIND_RETURN)
		sh.unwind = UNWIND_NONE;
	params_free(&sh.params);
	sh.params = outer;
	sh.loops = loops;
	sh.frame = frame.up;
	sh.tree = outer_tree;
	vars_restore(frame.locals);
	arena_put(tree);
}

/* What runs in the shell itself: exactly one of f and b is given. */
static void run_inside(struct node *n, struct fields *argv, struct function *f,
		       const struct builtin *b)
{
	bool stay = b && b->special;
	bool exec_only = b && !strcmp(b->name, "exec");
	struct saved_var *assigned = NULL;
	struct saved_fd *saved = NULL;

	if (!redir_apply(n->redirs, exec_only ? NULL : &saved)) {
		if (!sh.unwind)
			sh.status = 1;
		if (stay && !sh.interactive && !sh.unwind)
			sh.unwind = UNWIND_EXIT;
	} else if (assign_all(n->assigns, stay ? 0 : V_EXPORT, stay ? NULL : &assigned)) {
		if (f) {
			call_function(f, argv, assigned);
			assigned = NULL;
		} else {
			sh.status = b->run(argv->n, argv->v);
		}
	}
	vars_restore(assigned);
	redir_restore(saved);
}

static void run_program(struct node *n, struct fields *argv, int flags)
{
	struct job *job = NULL;

	if (!(flags & EX_EXIT) || traps_any()) {
		job = job_new(n->text, true);
		if (job_fork(job, false)) {
			sh.status = job_wait(job);
			return;
		}
	}
	if (!redir_apply(n->redirs, NULL)) {
		if (!sh.unwind)
			sh.status = 1;
	} else if (assign_all(n->assigns, V_EXPORT, NULL)) {
		exec_program(argv->v);
	}
	if (job)
		_exit(sh.status);
}

/* No command name: assignments stay, redirections happen and are undone. */
static void run_nothing(struct node *n)
{
	struct saved_fd *saved = NULL;
	bool ok = redir_apply(n->redirs, &saved);

	if (!ok && !sh.unwind)
		sh.status = 1;
	if (ok && assign_all(n->assigns, 0, NULL))
		sh.status = sh.subst_status;
	redir_restore(saved);
}

/* "command NAME" runs NAME, and looks for no function. With an option it is a builtin. */
static bool strip_command(struct fields *argv)
{
	bool stripped = false;

	while (argv->n > 1 && !strcmp(argv->v[0], "command") && argv->v[1][0] != '-') {
		argv->v++;
		argv->n--;
		stripped = true;
	}
	return stripped;
}

void exec_simple(struct node *n, int flags)
{
	struct fields argv = { 0 };
	struct function *f = NULL;
	const struct builtin *b;
	bool stripped;

	sh.subst_status = 0;
	if (!expand_words(n, &argv))
		return;
	if (sh.xtrace && argv.n)
		trace(&argv);
	if (!argv.n) {
		run_nothing(n);
		return;
	}
	stripped = strip_command(&argv);
	b = builtin_find(argv.v[0]);
	if (!stripped && !(b && b->special))
		f = function_find(argv.v[0]);
	if (f || b)
		run_inside(n, &argv, f, f ? NULL : b);
	else
		run_program(n, &argv, flags);
}
