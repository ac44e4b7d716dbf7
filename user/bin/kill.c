// SPDX-License-Identifier: MIT
/*
 * kill: sends a signal, TERM if none is named by -s NAME, -NAME or -NUMBER, to processes; a
 * negative number is a process group. -l lists the signals, or translates between name and number.
 */
#include <ctype.h>
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int usage(void)
{
	fprintf(stderr, "usage: kill [-s SIGNAL | -SIGNAL] PID..., or kill -l [SIGNAL...]\n");
	return 2;
}

static int signal_of(const char *s)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*s && !*end)
		return n >= 0 && n < NSIG ? n : -1;
	return signum_np(s);
}

static int list(char **names)
{
	int sig;

	if (!*names) {
		for (sig = 1; sig < 32; sig++)
			printf("%2d %-8s%s", sig, sigabbrev_np(sig), sig % 6 ? "" : "\n");
		putchar('\n');
		return 0;
	}
	for (; *names; names++) {
		sig = signal_of(*names);
		if (isdigit((unsigned char)**names) && sig < 0)
			sig = atoi(*names) & 127;	/* a status as the shell has it: 128 + n */
		if (sig < 1 || sig > 31)
			errx(1, "%s: no such signal", *names);
		if (isdigit((unsigned char)**names))
			puts(sigabbrev_np(sig));
		else
			printf("%d\n", sig);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int sig = SIGTERM, i = 1, status = 0;
	const char *name = NULL;
	char *end;
	long pid;

	if (argc < 2)
		return usage();
	if (!strcmp(argv[1], "-l"))
		return list(argv + 2);
	if (!strcmp(argv[1], "-s") && argc > 2) {
		name = argv[2];
		i = 3;
	} else if (argv[1][0] == '-' && argv[1][1] && argv[1][1] != '-') {
		name = argv[1] + 1;
		i = 2;
	}
	if (name) {
		sig = signal_of(name);
		if (sig < 0) {
			warnx("%s: no such signal (kill -l lists them)", name);
			return usage();
		}
	}
	if (i < argc && !strcmp(argv[i], "--"))
		i++;
	if (i == argc)
		return usage();
	for (; i < argc; i++) {
		pid = strtol(argv[i], &end, 10);
		if (end == argv[i] || *end) {
			warnx("%s: not a process number", argv[i]);
			status = 1;
		} else if (kill(pid, sig)) {
			warn("%s", argv[i]);
			status = 1;
		}
	}
	return status;
}
