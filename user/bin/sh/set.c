// SPDX-License-Identifier: MIT
/* The builtins that change variables, parameters and options: set, export, readonly, unset... */
#include <string.h>

#include "sh.h"

static const struct option {
	char		letter;
	const char	*name;
	bool		*on;
} options[] = {
	{ 'e', "errexit", &sh.errexit }, { 'f', "noglob", &sh.noglob },
	{ 'n', "noexec", &sh.noexec }, { 'u', "nounset", &sh.nounset },
	{ 'x', "xtrace", &sh.xtrace },
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static bool set_option(char letter, const char *name, bool on)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		if (name ? strcmp(name, options[i].name) : letter != options[i].letter)
			continue;
		*options[i].on = on;
		return true;
	}
	return false;
}

/* Sets options by their letters. Returns false, with the error said, at one that is unknown. */
bool set_options(const char *letters, bool on)
{
	for (; *letters; letters++) {
		if (!set_option(*letters, NULL, on)) {
			warn("unknown option -%c", *letters);
			return false;
		}
	}
	return true;
}

static int print_options(void)
{
	struct strbuf b;

	buf_init(&b, sh.tmp);
	for (size_t i = 0; i < OPTIONS; i++)
		buf_printf(&b, "%-10s %s\n", options[i].name, *options[i].on ? "on" : "off");
	return out_buf(&b);
}

int builtin_set(int argc, char **argv)
{
	struct params outer = sh.params;
	bool replace = false;
	int i;

	if (argc == 1) {
		vars_print("", 0);
		return 0;
	}
	for (i = 1; i < argc && (argv[i][0] == '-' || argv[i][0] == '+') && argv[i][1]; i++) {
		bool on = argv[i][0] == '-';

		if (!strcmp(argv[i], "--")) {
			replace = true;
			i++;
			break;
		}
		if (strcmp(argv[i] + 1, "o")) {
			if (!set_options(argv[i] + 1, on))
				return builtin_usage(argv[0]);
		} else if (i + 1 == argc) {
			return print_options();
		} else if (!set_option(0, argv[++i], on)) {
			return builtin_usage(argv[0]);
		}
	}
	if (replace || i < argc) {
		params_set(&sh.params, argc - i, argv + i);
		params_free(&outer);
	}
	return 0;
}

/* export and readonly: the first letter but one of the name tells which. */
int builtin_export(int argc, char **argv)
{
	int flag = argv[0][0] == 'e' ? V_EXPORT : V_READONLY, i;

	if (argc == 1 || !strcmp(argv[1], "-p")) {
		vars_print(flag == V_EXPORT ? "export " : "readonly ", flag);
		return 0;
	}
	for (i = 1; i < argc; i++) {
		size_t len = name_length(argv[i]);

		if (!len || (argv[i][len] && argv[i][len] != '=')) {
			sh_error("%s: %s: bad variable name", argv[0], argv[i]);
			return 2;
		}
		if (!var_set(arena_strdup(sh.tmp, argv[i], len),
			     argv[i][len] ? argv[i] + len + 1 : NULL, flag))
			return 2;
	}
	return 0;
}

int builtin_unset(int argc, char **argv)
{
	bool function = argc > 1 && !strcmp(argv[1], "-f");
	int i = function || (argc > 1 && !strcmp(argv[1], "-v")) ? 2 : 1;

	for (; i < argc; i++) {
		if (function) {
			function_unset(argv[i]);
		} else if (!is_name(argv[i], strlen(argv[i]))) {
			sh_error("unset: %s: bad variable name", argv[i]);
			return 2;
		} else if (!var_unset(argv[i])) {
			return 2;
		}
	}
	return 0;
}

int builtin_local(int argc, char **argv)
{
	int i;

	if (!sh.frame) {
		sh_error("local: not in a function");
		return 2;
	}
	for (i = 1; i < argc; i++) {
		size_t len = name_length(argv[i]);
		char *name = arena_strdup(sh.tmp, argv[i], len);

		if (!len || (argv[i][len] && argv[i][len] != '=')) {
			sh_error("local: %s: bad variable name", argv[i]);
			return 2;
		}
		var_save(&sh.frame->locals, name);
		if (argv[i][len] && !var_set(name, argv[i] + len + 1, 0))
			return 2;
	}
	return 0;
}

int builtin_shift(int argc, char **argv)
{
	long n = count_arg(argc, argv, 1);

	if (n < 0)
		return 2;
	if (n > sh.params.n) {
		sh_error("shift: only %d to shift", sh.params.n);
		return 2;
	}
	sh.params.v += n;
	sh.params.n -= n;
	return 0;
}
