// SPDX-License-Identifier: MIT
/* Terminal modes. struct termios is the kernel's own, 36 bytes. */
#ifndef _TERMIOS_H
#define _TERMIOS_H

#include <sys/types.h>

#define NCCS 19

typedef unsigned int tcflag_t;
typedef unsigned char cc_t;
typedef unsigned int speed_t;

struct termios {
	tcflag_t	c_iflag, c_oflag, c_cflag, c_lflag;
	cc_t		c_line;
	cc_t		c_cc[NCCS];
};

/* c_cc */
#define VINTR		0
#define VQUIT		1
#define VERASE		2
#define VKILL		3
#define VEOF		4
#define VTIME		5
#define VMIN		6
#define VSWTC		7
#define VSTART		8
#define VSTOP		9
#define VSUSP		10
#define VEOL		11
#define VREPRINT	12
#define VDISCARD	13
#define VWERASE		14
#define VLNEXT		15
#define VEOL2		16

/* c_iflag */
#define IGNBRK		000001
#define BRKINT		000002
#define IGNPAR		000004
#define PARMRK		000010
#define INPCK		000020
#define ISTRIP		000040
#define INLCR		000100
#define IGNCR		000200
#define ICRNL		000400
#define IUCLC		001000
#define IXON		002000
#define IXANY		004000
#define IXOFF		010000
#define IMAXBEL		020000
#define IUTF8		040000

/* c_oflag */
#define OPOST		01
#define OLCUC		02
#define ONLCR		04
#define OCRNL		010
#define ONOCR		020
#define ONLRET		040

/* c_cflag */
#define CBAUD		010017
#define B0		000000
#define B9600		000015
#define B19200		000016
#define B38400		000017
#define B57600		010001
#define B115200		010002
#define CSIZE		000060
#define CS5		000000
#define CS6		000020
#define CS7		000040
#define CS8		000060
#define CSTOPB		000100
#define CREAD		000200
#define PARENB		000400
#define PARODD		001000
#define HUPCL		002000
#define CLOCAL		004000

/* c_lflag */
#define ISIG		0000001
#define ICANON		0000002
#define ECHO		0000010
#define ECHOE		0000020
#define ECHOK		0000040
#define ECHONL		0000100
#define NOFLSH		0000200
#define TOSTOP		0000400
#define ECHOCTL		0001000
#define ECHOPRT		0002000
#define ECHOKE		0004000
#define FLUSHO		0010000
#define PENDIN		0040000
#define IEXTEN		0100000

#define TCSANOW		0
#define TCSADRAIN	1
#define TCSAFLUSH	2
#define TCOOFF		0
#define TCOON		1
#define TCIOFF		2
#define TCION		3
#define TCIFLUSH	0
#define TCOFLUSH	1
#define TCIOFLUSH	2

int tcgetattr(int fd, struct termios *t);
int tcsetattr(int fd, int when, const struct termios *t);
int tcflush(int fd, int queue);
int tcflow(int fd, int action);
int tcdrain(int fd);
int tcsendbreak(int fd, int duration);
pid_t tcgetsid(int fd);
void cfmakeraw(struct termios *t);
speed_t cfgetispeed(const struct termios *t);
speed_t cfgetospeed(const struct termios *t);
int cfsetispeed(struct termios *t, speed_t speed);
int cfsetospeed(struct termios *t, speed_t speed);

#endif
