// SPDX-License-Identifier: MIT
/* A terminal's settings through /dev/console: termios, window size, sessions. Types nothing. */
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include "tap.h"

static int fd;

static void test_termios(void)
{
	struct termios t, u, old;

	is(sizeof(struct termios), 36, "size of termios");
	is(ioctl(fd, TCGETS, &old), 0, "TCGETS");
	t = old;
	t.c_lflag &= ~(ICANON | ECHO | ISIG);
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = 1;
	is(ioctl(fd, TCSETSW, &t), 0, "TCSETSW: raw, at most 0.1 s");
	ioctl(fd, TCGETS, &u);
	ok(!(u.c_lflag & (ICANON | ECHO | ISIG)) && u.c_cc[VTIME] == 1, "is what TCGETS tells then");
	fails(ioctl(fd, TCGETS, 8), EFAULT, "TCGETS to a bad address");
	is(ioctl(fd, TCFLSH, TCIFLUSH), 0, "TCFLSH");
	is(read(fd, &u, 1), 0, "VMIN 0, VTIME 1: a read of nothing ends");
	is(ioctl(fd, TCSETS, &old), 0, "TCSETS: as before");
}

static void test_winsize(void)
{
	struct winsize ws = { 30, 100, 0, 0 }, old, back;

	is(ioctl(fd, TIOCGWINSZ, &old), 0, "TIOCGWINSZ");
	is(ioctl(fd, TIOCSWINSZ, &ws), 0, "TIOCSWINSZ");
	ioctl(fd, TIOCGWINSZ, &back);
	ok(back.ws_row == 30 && back.ws_col == 100, "is kept");
	ioctl(fd, TIOCSWINSZ, &old);
}

static void test_errors(void)
{
	int p[2];
	pid_t pgrp;

	pipe(p);
	fails(ioctl(p[0], TCGETS, &pgrp), ENOTTY, "TCGETS of a pipe");
	fails(ioctl(fd, 0x54ff, 0), ENOTTY, "an unknown ioctl");
	fails(ioctl(99, TCGETS, 0), EBADF, "ioctl of nothing");
	ok(isatty(fd) && !isatty(p[0]), "isatty");
	close(p[0]);
	close(p[1]);
}

/* In a session of our own that takes the terminal, if nobody else has it. */
static void control(void)
{
	struct stat st;
	int tty;
	pid_t pid;

	setsid();
	if (ioctl(fd, TIOCSCTTY, 0))
		_exit(errno == EPERM ? 77 : 1);
	tty = open("/dev/tty", O_RDWR);
	if (tty < 0 || fstat(tty, &st))
		_exit(2);
	if (tcgetpgrp(tty) != getpid())
		_exit(3);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		pause();
	}
	setpgid(pid, pid);
	if (tcsetpgrp(tty, pid) || tcgetpgrp(tty) != pid)
		_exit(4);
	signal(SIGTTOU, SIG_IGN);
	if (tcsetpgrp(tty, getpid()))
		_exit(5);
	if (tcsetpgrp(tty, 99999) != -1 || (errno != ESRCH && errno != EPERM))
		_exit(6);
	kill(pid, SIGKILL);
	reap(pid);
	_exit(ioctl(tty, TIOCNOTTY) ? 7 : 0);
}

static void test_control(void)
{
	int status;

	signal(SIGHUP, SIG_IGN);
	status = in_child(control);
	if (status == 77)
		skip("the controlling terminal", "it is another session's");
	else
		is(status, 0, "TIOCSCTTY, /dev/tty, the foreground group, TIOCNOTTY");
}

int main(void)
{
	fd = open("/dev/console", O_RDWR | O_NOCTTY);
	if (fd < 0 || !isatty(fd)) {
		printf("1..0 # SKIP no terminal at /dev/console\n");
		return 0;
	}
	test_termios();
	test_winsize();
	test_errors();
	test_control();
	return done();
}
