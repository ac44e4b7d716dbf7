// SPDX-License-Identifier: MIT
/*
 * What the subjects share: how to report a check, and the list of subjects (main.c has both).
 *
 * One program with a word for each subject, not a program each: a static glibc program is 0.7 MB,
 * and a small disk holds 39 files. Everything is built three times, by each of: glibc at a fixed
 * address, glibc position-independent (static-PIE), musl. None of it knows teak: it is ISO C and
 * POSIX, and passes on Linux just as well.
 */
#ifndef _TESTS_DEBIAN_CHECK_H
#define _TESTS_DEBIAN_CHECK_H

/* Each prints a line of TAP, with what was seen and expected, and returns whether they agree. */
int ok(int condition, const char *promise);
int is(long saw, long expected, const char *promise);
int is_text(const char *saw, const char *expected, const char *promise);

/* The name that this program was started by: to start it again. */
extern const char *program;

void text(void);
void numbers(void);
void heap(void);
void mappings(void);
void files(void);
void folders(void);
void processes(void);
void signals(void);
void faults(void);
void clocks(void);
void waiting(void);
void terminal(void);
void locks(void);
void threads(void);
void ends(void);

/* What a new program sees of its arguments and environment; the subject "processes" execs it. */
int child_program(int argc, char **argv);

/* Ends with its second thread; the subject "ends" execs it. */
void last_thread_program(void);

#endif
