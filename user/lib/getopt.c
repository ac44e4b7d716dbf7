// SPDX-License-Identifier: MIT
/* getopt: options of one letter, "x:" takes an argument; "--" or a word without "-" ends them. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

char *optarg;
int optind = 1, opterr = 1, optopt;

int getopt(int argc, char *const argv[], const char *options)
{
	static char *rest;		/* the letters left in the current word */
	static int last_optind;
	int quiet = *options == ':';
	const char *o;

	if (optind == 0)
		optind = 1;
	if (optind != last_optind)	/* the caller started anew */
		rest = NULL;
	optarg = NULL;
	if (!rest || !*rest) {
		char *word = optind < argc ? argv[optind] : NULL;

		if (!word || word[0] != '-' || !word[1])
			return -1;
		optind++;
		last_optind = optind;
		if (!strcmp(word, "--"))
			return -1;
		rest = word + 1;
	}
	optopt = (unsigned char)*rest++;
	o = optopt == ':' ? NULL : strchr(options, optopt);
	if (!o) {
		int len = optopt == '-' ? strlen(rest) : 0;	/* a long option: all of it is unknown */

		if (opterr && !quiet)
			fprintf(stderr, "%s: unknown option -%c%.*s\n", __progname, optopt, len, rest);
		rest += len;
		return '?';
	}
	if (o[1] != ':')
		return optopt;
	if (*rest) {
		optarg = rest;
	} else if (optind < argc) {
		optarg = argv[optind++];
	} else {
		if (opterr && !quiet)
			fprintf(stderr, "%s: option -%c needs an argument\n", __progname, optopt);
		return quiet ? ':' : '?';
	}
	rest = NULL;
	last_optind = optind;
	return optopt;
}
