// SPDX-License-Identifier: MIT
/*
 * PROGRAM SUBJECT FOLDER: check what the C library promises about a subject, with files in FOLDER.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "check.h"

const char *program;
static int count, failed;

static const struct subject {
	const char	*name;
	void		(*run)(void);
} subjects[] = {
	{ "text", text }, { "numbers", numbers }, { "heap", heap }, { "mappings", mappings },
	{ "files", files }, { "folders", folders }, { "processes", processes },
	{ "signals", signals }, { "faults", faults }, { "clocks", clocks },
	{ "waiting", waiting }, { "terminal", terminal },
	{ "locks", locks }, { "threads", threads }, { "ends", ends },
};

static int report(int good, const char *promise)
{
	printf("%sok %d - %s", good ? "" : "not ", ++count, promise);
	failed += !good;
	return good;
}

int ok(int condition, const char *promise)
{
	report(condition, promise);
	puts("");
	return condition;
}

int is(long saw, long expected, const char *promise)
{
	if (!report(saw == expected, promise))
		printf(" # saw %ld, expected %ld", saw, expected);
	puts("");
	return saw == expected;
}

int is_text(const char *saw, const char *expected, const char *promise)
{
	int good = saw && strcmp(saw, expected) == 0;

	if (!report(good, promise))
		printf(" # saw \"%s\", expected \"%s\"", saw ? saw : "(null)", expected);
	puts("");
	return good;
}

int main(int argc, char **argv)
{
	program = argv[0];
	if (argc > 1 && strcmp(argv[1], "child") == 0)
		return child_program(argc, argv);
	if (argc == 2 && strcmp(argv[1], "last") == 0)
		last_thread_program();
	if (argc != 3) {
		fprintf(stderr, "usage: %s SUBJECT FOLDER\n", argv[0]);
		return 2;
	}
	/* A subject forks: what is still in the buffer would be written twice. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (chdir(argv[2])) {
		perror(argv[2]);
		return 2;
	}
	for (unsigned int i = 0; i < sizeof(subjects) / sizeof(*subjects); i++)
		if (strcmp(argv[1], subjects[i].name) == 0) {
			subjects[i].run();
			printf("1..%d\n", count);
			return failed != 0;
		}
	fprintf(stderr, "%s: no subject '%s'\n", argv[0], argv[1]);
	return 2;
}
