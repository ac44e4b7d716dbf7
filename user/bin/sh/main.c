// SPDX-License-Identifier: MIT
/*
 * sh: the shell. This file starts it and ends it; sh.h tells how the others work together.
 *
 *	sh [-efnuxis] [FILE [ARG]...]
 *	sh [-efnuxi] -c COMMANDS [NAME [ARG]...]
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

struct shell sh = { .tty = -1, .arg0 = "sh" };

struct start {
	const char	*commands;	/* -c */
	bool		from_stdin;	/* -s */
};

/* Takes the options off the arguments. Returns the index of what follows them, -1: wrong use. */
static int read_options(int argc, char **argv, struct start *start)
{
	bool commands = false;
	int i;

	for (i = 1; i < argc && (argv[i][0] == '-' || argv[i][0] == '+') && argv[i][1]; i++) {
		bool on = argv[i][0] == '-';

		if (!strcmp(argv[i], "--")) {
			i++;
			break;
		}
		for (const char *s = argv[i] + 1; *s; s++) {
			char letter[2] = { *s };

			if (*s == 'c')
				commands = on;
			else if (*s == 's')
				start->from_stdin = on;
			else if (*s == 'i')
				sh.interactive = on;
			else if (!set_options(letter, on))
				return -1;
		}
	}
	if (commands && i == argc) {
		warn("-c needs an argument");
		return -1;
	}
	if (commands)
		start->commands = argv[i++];
	return i;
}

static int open_file(const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return move_fd_high(fd);
	warn("cannot open %s: %s", name, strerror(errno));
	sh.status = errno == ENOENT ? 127 : 126;
	return -1;
}

static void start_interactive(void)
{
	if (!sh.interactive)
		return;
	jobs_init();
	traps_interactive();
}

static void run(struct start *start, const char *file)
{
	struct source src;
	int fd = 0;

	if (start->commands) {
		start_interactive();
		source_string(&src, start->commands, strlen(start->commands));
		run_source(&src, true);
		return;
	}
	if (file) {
		fd = open_file(file);
		if (fd < 0)
			return;
	} else if (isatty(0) && isatty(2)) {
		sh.interactive = true;
	}
	start_interactive();
	source_fd(&src, fd, sh.interactive && !file);
	run_source(&src, false);
	source_close(&src);
}

int main(int argc, char **argv)
{
	struct start start = { 0 };
	const char *file = NULL, *cwd;
	int i;

	sh.tmp = arena_new();
	arena_alloc(sh.tmp, 1);		/* so that its first chunk stays for good */
	sh.pid = getpid();
	vars_init();
	i = read_options(argc, argv, &start);
	if (i < 0) {
		warn("usage: sh [-efnuxis] [-c COMMANDS [NAME [ARG]...] | FILE [ARG]...]");
		return 2;
	}
	if (!start.from_stdin && i < argc) {
		sh.arg0 = argv[i];
		if (!start.commands)
			file = argv[i];
		i++;
	}
	params_set(&sh.params, argc > i ? argc - i : 0, argv + i);
	cwd = current_dir();
	if (cwd)
		var_set("PWD", cwd, 0);

	run(&start, file);

	/* what the traps of the signals that came last ask for, and then the one for the end */
	if (sh.unwind != UNWIND_EXIT)
		sh.unwind = UNWIND_NONE;
	traps_run();
	if (sh.interactive)
		jobs_hangup();
	trap_exit();
	_exit(sh.status);
}
