// SPDX-License-Identifier: MIT
/*
 * Waiting for several files at once, and the terminal's settings.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "check.h"

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void writer(int fd)
{
	if (fork() == 0) {
		usleep(50000);
		write(fd, "w", 1);
		_exit(0);
	}
}

void waiting(void)
{
	struct timeval tv = { 0, 30000 };
	struct pollfd fds[3];
	int a[2], b[2];
	fd_set set;
	char byte;
	long start;

	pipe(a);
	pipe(b);
	fds[0] = (struct pollfd){ .fd = a[0], .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = b[0], .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = b[1], .events = POLLOUT };
	is(poll(fds, 2, 0), 0, "poll finds nothing to read");
	is(poll(fds, 3, -1), 1, "poll finds a pipe that can be written to");
	is(fds[2].revents, POLLOUT, "and says so");
	start = now_ms();
	is(poll(fds, 2, 30), 0, "poll waits for 30 ms");
	ok(now_ms() - start >= 30, "and not less");
	writer(b[1]);
	is(poll(fds, 2, 10000), 1, "poll waits for a writer");
	is(fds[1].revents, POLLIN, "whose pipe can be read then");
	read(b[0], &byte, 1);
	wait(NULL);
	FD_ZERO(&set);
	FD_SET(a[0], &set);
	FD_SET(b[0], &set);
	is(select(FD_SETSIZE, &set, NULL, NULL, &tv), 0, "select waits for 30 ms");
	FD_SET(a[0], &set);
	FD_SET(b[0], &set);
	writer(a[1]);
	tv = (struct timeval){ 10, 0 };
	is(select(b[1] + 1, &set, NULL, NULL, &tv), 1, "select waits for a writer");
	ok(FD_ISSET(a[0], &set) && !FD_ISSET(b[0], &set), "and says which");
	wait(NULL);
	close(b[1]);
	is(poll(fds + 1, 1, 1000) == 1 && fds[1].revents == POLLHUP, 1, "a pipe without writers hangs up");
	close(a[0]);
	fds[0] = (struct pollfd){ .fd = a[1], .events = POLLOUT };
	is(poll(fds, 1, 0) == 1 && (fds[0].revents & POLLERR) == POLLERR, 1,
	   "a pipe without readers is an error");
	fds[0].fd = a[0];
	is(poll(fds, 1, 0) == 1 && fds[0].revents == POLLNVAL, 1, "a closed descriptor is not valid");
	pipe(a);
	fcntl(a[0], F_SETFL, O_NONBLOCK);
	errno = 0;
	ok(read(a[0], &byte, 1) == -1 && errno == EAGAIN, "read with O_NONBLOCK does not wait");
}

/* Standard input is a terminal. */
void terminal(void)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 }, old, seen;
	struct termios saved, raw, after;
	struct pollfd fd = { .fd = 0, .events = POLLIN };
	char byte;

	is(isatty(0), 1, "standard input is a terminal");
	ok(ttyname(0) != NULL, "which has a name");
	is(tcgetattr(0, &saved), 0, "tcgetattr gives its settings");
	ok((saved.c_iflag & ICRNL) && (saved.c_oflag & OPOST), "a return is read as a line's end");
	raw = saved;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 1;
	is(tcsetattr(0, TCSAFLUSH, &raw), 0, "tcsetattr makes it raw");
	tcgetattr(0, &after);
	ok(!(after.c_lflag & (ICANON | ECHO | ISIG)) && after.c_cc[VTIME] == 1, "as tcgetattr sees");
	is(read(0, &byte, 1), 0, "read ends after 100 ms without a key");
	is(poll(&fd, 1, 0), 0, "poll finds no key");
	is(tcsetattr(0, TCSADRAIN, &saved), 0, "tcsetattr sets it back");
	is(cfgetospeed(&saved) != B0, 1, "it has a speed");
	is(ioctl(0, TIOCGWINSZ, &old), 0, "TIOCGWINSZ gives the size");
	is(ioctl(0, TIOCSWINSZ, &size), 0, "TIOCSWINSZ sets it");
	is(ioctl(0, TIOCGWINSZ, &seen) == 0 ? seen.ws_row * 1000 + seen.ws_col : -1, 24080,
	   "and it is what was set");
	ioctl(0, TIOCSWINSZ, &old);
	is(tcgetpgrp(0), getpgrp(), "we are the terminal's foreground group");
	is(tcdrain(0), 0, "tcdrain waits until all is written");
	is(tcflush(0, TCIFLUSH), 0, "tcflush forgets what was typed");
	errno = 0;
	ok(!isatty(open("/dev/null", O_RDONLY)) && errno == ENOTTY, "/dev/null is no terminal: ENOTTY");
}
