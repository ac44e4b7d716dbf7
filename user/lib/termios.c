// SPDX-License-Identifier: MIT
/* Terminals: their modes, and whose they are. */
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "internal.h"

int tcgetattr(int fd, struct termios *t)
{
	return SYS(ioctl, fd, TCGETS, t);
}

int tcsetattr(int fd, int when, const struct termios *t)
{
	if (when < TCSANOW || when > TCSAFLUSH) {
		errno = EINVAL;
		return -1;
	}
	return SYS(ioctl, fd, TCSETS + when, t);
}

int tcflush(int fd, int queue)
{
	return SYS(ioctl, fd, TCFLSH, queue);
}

int tcflow(int fd, int action)
{
	return SYS(ioctl, fd, TCXONC, action);
}

int tcdrain(int fd)
{
	return SYS(ioctl, fd, TCSBRK, 1);
}

int tcsendbreak(int fd, int duration)
{
	(void)duration;
	return SYS(ioctl, fd, TCSBRK, 0);
}

pid_t tcgetsid(int fd)
{
	pid_t sid;

	return SYS(ioctl, fd, TIOCGSID, &sid) < 0 ? -1 : sid;
}

pid_t tcgetpgrp(int fd)
{
	pid_t pgrp;

	return SYS(ioctl, fd, TIOCGPGRP, &pgrp) < 0 ? -1 : pgrp;
}

int tcsetpgrp(int fd, pid_t pgrp)
{
	return SYS(ioctl, fd, TIOCSPGRP, &pgrp);
}

int isatty(int fd)
{
	struct termios t;

	return tcgetattr(fd, &t) == 0;
}

/* Relies on /proc; without it the terminal has no name. */
char *ttyname(int fd)
{
	static char name[64];
	char link[32];
	ssize_t n;

	if (!isatty(fd))
		return NULL;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, name, sizeof(name) - 1);
	if (n < 0)
		return NULL;
	name[n] = 0;
	return name;
}

void cfmakeraw(struct termios *t)
{
	t->c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	t->c_oflag &= ~OPOST;
	t->c_lflag &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	t->c_cflag = (t->c_cflag & ~(CSIZE | PARENB)) | CS8;
	t->c_cc[VMIN] = 1;
	t->c_cc[VTIME] = 0;
}

speed_t cfgetospeed(const struct termios *t)
{
	return t->c_cflag & CBAUD;
}

speed_t cfgetispeed(const struct termios *t)
{
	return t->c_cflag & CBAUD;
}

int cfsetospeed(struct termios *t, speed_t speed)
{
	if (speed & ~CBAUD) {
		errno = EINVAL;
		return -1;
	}
	t->c_cflag = (t->c_cflag & ~CBAUD) | speed;
	return 0;
}

int cfsetispeed(struct termios *t, speed_t speed)
{
	return speed == B0 ? 0 : cfsetospeed(t, speed);
}
