// SPDX-License-Identifier: MIT
/* Options of one letter, POSIX order: the first word that is no option ends them. */
#ifndef _GETOPT_H
#define _GETOPT_H

extern char *optarg;
extern int optind, opterr, optopt;

int getopt(int argc, char *const argv[], const char *options);

#endif
