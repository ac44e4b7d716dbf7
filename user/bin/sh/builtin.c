// SPDX-License-Identifier: MIT
/*
 * The table of builtins, and those that steer the shell itself: leaving, evaluating, looking up.
 *
 * A builtin returns its exit status. One that makes the shell leave what it does sets sh.unwind.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh.h"

/* A whole decimal number. */
bool parse_int(const char *s, long *value)
{
	char *end;

	errno = 0;
	*value = strtol(s, &end, 10);
	return end != s && !*end && !errno && *s != ' ';
}

static int do_true(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 0;
}

static int do_false(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 1;
}

/* The number that break, return and their like may have. -1 with the error said. */
long count_arg(int argc, char **argv, long fallback)
{
	long n = fallback;

	if (argc > 2) {
		builtin_usage(argv[0]);
		return -1;
	}
	if (argc == 2 && (!parse_int(argv[1], &n) || n < 0)) {
		sh_error("%s: %s: bad number", argv[0], argv[1]);
		return -1;
	}
	return n;
}

static int leave_loop(int argc, char **argv)
{
	long n = count_arg(argc, argv, 1);

	if (n < 0)
		return 2;
	if (n == 0) {
		sh_error("%s: 0: bad number", argv[0]);
		return 2;
	}
	if (!sh.loops)
		return 0;
	sh.levels = n < sh.loops ? n : sh.loops;
	sh.unwind = argv[0][0] == 'b' ? UNWIND_BREAK : UNWIND_CONTINUE;
	return 0;
}

static int do_return(int argc, char **argv)
{
	long n = count_arg(argc, argv, sh.status);

	if (n < 0)
		return 2;
	/* outside of functions and sourced files it ends the script */
	sh.unwind = sh.frame || sh.sourced ? UNWIND_RETURN : UNWIND_EXIT;
	return n & 255;
}

static int do_exit(int argc, char **argv)
{
	long n = count_arg(argc, argv, sh.status);

	if (n < 0)
		return 2;
	if (!jobs_may_leave())
		return 1;
	sh.unwind = UNWIND_EXIT;
	return n & 255;
}

static int do_eval(int argc, char **argv)
{
	struct strbuf b;
	int i;

	buf_init(&b, sh.tmp);
	for (i = 1; i < argc; i++)
		buf_printf(&b, i > 1 ? " %s" : "%s", argv[i]);
	sh.status = 0;
	return run_string(b.s);
}

/* Opens the file of ".", which is looked for along PATH without having to be executable. */
static int open_script(const char *name)
{
	const char *path = strchr(name, '/') ? "" : var_get("PATH");

	while (path) {
		size_t len = strcspn(path, ":");
		struct strbuf b;
		struct stat st;

		buf_init(&b, sh.tmp);
		buf_mem(&b, path, len);
		if (len)
			buf_char(&b, '/');
		buf_str(&b, name);
		if (stat(b.s, &st) == 0 && !S_ISDIR(st.st_mode))
			return open(b.s, O_RDONLY | O_CLOEXEC);
		path = path[len] ? path + len + 1 : NULL;
	}
	errno = ENOENT;
	return -1;
}

static int do_source(int argc, char **argv)
{
	struct params outer = sh.params;
	struct source src;
	int fd;

	if (argc < 2)
		return builtin_usage(argv[0]);
	if (sh.sourced > 100) {
		sh_error("%s: nested too deeply", argv[1]);
		return 2;
	}
	fd = open_script(argv[1]);
	if (fd >= 0)
		fd = move_fd_high(fd);
	if (fd < 0) {
		sh_error("%s: cannot open: %s", argv[1], strerror(errno));
		return 2;
	}
	if (argc > 2)
		params_set(&sh.params, argc - 2, argv + 2);
	sh.sourced++;
	sh.status = 0;
	source_fd(&src, fd, false);
	run_source(&src, false);
	source_close(&src);
	close(fd);
	sh.sourced--;
	if (sh.unwind == UNWIND_RETURN)
		sh.unwind = UNWIND_NONE;
	if (argc > 2) {
		params_free(&sh.params);
		sh.params = outer;
	}
	return sh.status;
}

/* Its redirections have been made for good; with a command it does not come back. */
static int do_exec(int argc, char **argv)
{
	if (argc > 1)
		exec_program(argv + 1);
	return 0;
}

static bool is_keyword(const char *name)
{
	static const char *const keywords[] = {
		"!", "{", "}", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if",
		"in", "then", "until", "while",
	};

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (!strcmp(keywords[i], name))
			return true;
	return false;
}

/* Says what a name stands for: in a sentence, or as command -v would have it. */
static bool describe(struct strbuf *b, const char *name, bool brief)
{
	const char *path;

	if (is_keyword(name)) {
		buf_printf(b, brief ? "%s\n" : "%s is a shell keyword\n", name);
	} else if (function_find(name)) {
		buf_printf(b, brief ? "%s\n" : "%s is a shell function\n", name);
	} else if (builtin_find(name)) {
		buf_printf(b, brief ? "%s\n" : "%s is a shell builtin\n", name);
	} else {
		path = find_command(name);
		if (!path)
			return false;
		if (brief)
			buf_printf(b, "%s\n", path);
		else
			buf_printf(b, "%s is %s\n", name, path);
	}
	return true;
}

static int do_type(int argc, char **argv)
{
	struct strbuf b;
	int status = 0, i;

	buf_init(&b, sh.tmp);
	for (i = 1; i < argc; i++) {
		if (!describe(&b, argv[i], false)) {
			warn("%s: not found", argv[i]);
			status = 127;
		}
	}
	out_buf(&b);
	return status;
}

/* Only with an option; else exec_simple() has taken the word away. */
static int do_command(int argc, char **argv)
{
	struct strbuf b;

	if (argc == 1)
		return 0;
	if (argc < 3 || (strcmp(argv[1], "-v") && strcmp(argv[1], "-V")))
		return builtin_usage(argv[0]);
	buf_init(&b, sh.tmp);
	if (!describe(&b, argv[2], argv[1][1] == 'v')) {
		if (argv[1][1] == 'V')
			warn("%s: not found", argv[2]);
		return 127;
	}
	return out_buf(&b);
}

static int do_help(int argc, char **argv);

static const struct builtin builtins[] = {
	{ ".", do_source, true, "FILE [ARG]..." },
	{ ":", do_true, true, "[ARG]..." },
	{ "[", builtin_test, false, "EXPRESSION ]" },
	{ "bg", builtin_bg, false, "[%JOB]" },
	{ "break", leave_loop, true, "[N]" },
	{ "cd", builtin_cd, false, "[DIR | -]" },
	{ "command", do_command, false, "[-v | -V] NAME [ARG]..." },
	{ "continue", leave_loop, true, "[N]" },
	{ "echo", builtin_echo, false, "[-n] [ARG]..." },
	{ "eval", do_eval, true, "[ARG]..." },
	{ "exec", do_exec, true, "[COMMAND [ARG]...]" },
	{ "exit", do_exit, true, "[STATUS]" },
	{ "export", builtin_export, true, "[-p] [NAME[=VALUE]]..." },
	{ "false", do_false, false, "" },
	{ "fg", builtin_fg, false, "[%JOB]" },
	{ "help", do_help, false, "[BUILTIN]" },
	{ "history", builtin_history, false, "" },
	{ "jobs", builtin_jobs, false, "[-l]" },
	{ "kill", builtin_kill, false, "[-s SIGNAL | -SIGNAL] PID|%JOB... | -l" },
	{ "local", builtin_local, false, "NAME[=VALUE]..." },
	{ "printf", builtin_printf, false, "FORMAT [ARG]..." },
	{ "pwd", builtin_pwd, false, "" },
	{ "read", builtin_read, false, "[-r] [-p PROMPT] NAME..." },
	{ "readonly", builtin_export, true, "[-p] [NAME[=VALUE]]..." },
	{ "return", do_return, true, "[STATUS]" },
	{ "set", builtin_set, true, "[-efnux] [--] [ARG]..." },
	{ "shift", builtin_shift, true, "[N]" },
	{ "test", builtin_test, false, "EXPRESSION" },
	{ "times", builtin_times, true, "" },
	{ "trap", builtin_trap, true, "[ACTION SIGNAL...]" },
	{ "true", do_true, false, "" },
	{ "type", do_type, false, "NAME..." },
	{ "umask", builtin_umask, false, "[MODE]" },
	{ "unset", builtin_unset, true, "[-f | -v] NAME..." },
	{ "wait", builtin_wait, false, "[PID|%JOB]..." },
};

enum { BUILTINS = sizeof(builtins) / sizeof(builtins[0]) };

const struct builtin *builtin_find(const char *name)
{
	for (size_t i = 0; i < BUILTINS; i++)
		if (!strcmp(builtins[i].name, name))
			return &builtins[i];
	return NULL;
}

void builtins_each(void (*fn)(const char *name, void *arg), void *arg)
{
	for (size_t i = 0; i < BUILTINS; i++)
		fn(builtins[i].name, arg);
}

/* Says how a builtin is used. Returns the status for wrong use. */
int builtin_usage(const char *name)
{
	warn("usage: %s %s", name, builtin_find(name)->usage);
	return 2;
}

static int do_help(int argc, char **argv)
{
	struct strbuf b;

	buf_init(&b, sh.tmp);
	for (size_t i = 0; i < BUILTINS; i++)
		if (argc < 2 || !strcmp(argv[1], builtins[i].name))
			buf_printf(&b, "%s %s\n", builtins[i].name, builtins[i].usage);
	return b.len ? out_buf(&b) : 1;
}
