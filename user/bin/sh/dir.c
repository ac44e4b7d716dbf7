// SPDX-License-Identifier: MIT
/* The builtins about the process itself: its folder, its file mode mask, its times. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <unistd.h>

#include "sh.h"

/* The working directory, in temporary memory. NULL, with errno set, if it has no name. */
char *current_dir(void)
{
	size_t size = 128;

	for (;; size *= 2) {
		char *s = arena_alloc(sh.tmp, size);

		if (getcwd(s, size))
			return s;
		if (errno != ERANGE)
			return NULL;
	}
}

int builtin_pwd(int argc, char **argv)
{
	char *cwd = current_dir();
	struct strbuf b;

	(void)argc;
	if (!cwd) {
		warn("%s: %s", argv[0], strerror(errno));
		return 1;
	}
	buf_init(&b, sh.tmp);
	buf_printf(&b, "%s\n", cwd);
	return out_buf(&b);
}

int builtin_cd(int argc, char **argv)
{
	const char *where = argc > 1 ? argv[1] : var_get("HOME");
	bool back = argc > 1 && !strcmp(where, "-");
	char *before, *after;
	struct strbuf b;

	if (argc > 2)
		return builtin_usage(argv[0]);
	if (back)
		where = var_get("OLDPWD");
	if (!where) {
		warn("cd: %s is not set", back ? "OLDPWD" : "HOME");
		return 1;
	}
	before = current_dir();
	if (*where && chdir(where)) {
		warn("cd: %s: %s", where, strerror(errno));
		return 1;
	}
	after = current_dir();
	if ((before && !var_set("OLDPWD", before, 0)) || (after && !var_set("PWD", after, 0)))
		return 2;
	if (!back || !after)
		return 0;
	buf_init(&b, sh.tmp);
	buf_printf(&b, "%s\n", after);
	return out_buf(&b);
}

int builtin_umask(int argc, char **argv)
{
	unsigned int mask = 0;
	struct strbuf b;
	const char *s;

	if (argc == 1) {
		mask = umask(0);
		umask(mask);
		buf_init(&b, sh.tmp);
		buf_printf(&b, "%04o\n", mask);
		return out_buf(&b);
	}
	for (s = argv[1]; *s >= '0' && *s <= '7' && mask <= 0777; s++)
		mask = mask * 8 + (*s - '0');
	if (*s || s == argv[1] || mask > 0777 || argc > 2)
		return builtin_usage(argv[0]);
	umask(mask);
	return 0;
}

static void add_time(struct strbuf *b, clock_t ticks, const char *end)
{
	unsigned long hz = sysconf(_SC_CLK_TCK), t = ticks;

	buf_printf(b, "%lum%lu.%02lus%s", t / hz / 60, t / hz % 60, t % hz * 100 / hz, end);
}

int builtin_times(int argc, char **argv)
{
	struct strbuf b;
	struct tms t;

	(void)argc;
	if (times(&t) == (clock_t)-1) {
		warn("%s: %s", argv[0], strerror(errno));
		return 1;
	}
	buf_init(&b, sh.tmp);
	add_time(&b, t.tms_utime, " ");
	add_time(&b, t.tms_stime, "\n");
	add_time(&b, t.tms_cutime, " ");
	add_time(&b, t.tms_cstime, "\n");
	return out_buf(&b);
}
