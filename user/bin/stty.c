// SPDX-License-Identifier: MIT
/*
 * stty: the modes of the terminal that is standard input. Without arguments or with -a they are shown;
 * names change them, with a minus for off: stty tostop, stty -echo, stty raw, stty sane, stty size.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum word { IN, OUT, CONTROL, LOCAL };

static const struct flag {
	const char	*name;
	enum word	word;
	tcflag_t	bit;
	int		sane;		/* is it on in a terminal for people? */
} flags[] = {
	{ "brkint", IN, BRKINT, 1 }, { "ignbrk", IN, IGNBRK, 0 }, { "istrip", IN, ISTRIP, 0 },
	{ "inlcr", IN, INLCR, 0 }, { "igncr", IN, IGNCR, 0 }, { "icrnl", IN, ICRNL, 1 },
	{ "ixon", IN, IXON, 1 }, { "ixany", IN, IXANY, 0 }, { "ixoff", IN, IXOFF, 0 },
	{ "imaxbel", IN, IMAXBEL, 1 }, { "iutf8", IN, IUTF8, 1 },
	{ "opost", OUT, OPOST, 1 }, { "onlcr", OUT, ONLCR, 1 }, { "ocrnl", OUT, OCRNL, 0 },
	{ "onocr", OUT, ONOCR, 0 }, { "onlret", OUT, ONLRET, 0 },
	{ "cread", CONTROL, CREAD, 1 }, { "hupcl", CONTROL, HUPCL, 1 }, { "clocal", CONTROL, CLOCAL, -1 },
	{ "isig", LOCAL, ISIG, 1 }, { "icanon", LOCAL, ICANON, 1 }, { "iexten", LOCAL, IEXTEN, 1 },
	{ "echo", LOCAL, ECHO, 1 }, { "echoe", LOCAL, ECHOE, 1 }, { "echok", LOCAL, ECHOK, 1 },
	{ "echonl", LOCAL, ECHONL, 0 }, { "noflsh", LOCAL, NOFLSH, 0 }, { "tostop", LOCAL, TOSTOP, 0 },
	{ "echoctl", LOCAL, ECHOCTL, 1 }, { "echoke", LOCAL, ECHOKE, 1 },
};

static const struct {
	const char	*name;
	int		index, sane;
} chars[] = {
	{ "intr", VINTR, 3 }, { "quit", VQUIT, 034 }, { "erase", VERASE, 0177 }, { "kill", VKILL, 025 },
	{ "eof", VEOF, 4 }, { "start", VSTART, 021 }, { "stop", VSTOP, 023 }, { "susp", VSUSP, 032 },
	{ "werase", VWERASE, 027 }, { "lnext", VLNEXT, 026 },
};

#define N_FLAGS	(sizeof(flags) / sizeof(flags[0]))
#define N_CHARS	(sizeof(chars) / sizeof(chars[0]))

static tcflag_t *word_of(struct termios *t, enum word w)
{
	return w == IN ? &t->c_iflag : w == OUT ? &t->c_oflag : w == CONTROL ? &t->c_cflag : &t->c_lflag;
}

static void set_flag(struct termios *t, const struct flag *f, int on)
{
	tcflag_t *word = word_of(t, f->word);

	*word = on ? *word | f->bit : *word & ~f->bit;
}

static void print_char(const char *name, unsigned char c)
{
	if (!c)
		printf("%s = <undef>; ", name);
	else if (c < 32 || c == 127)
		printf("%s = ^%c; ", name, c ^ 64);
	else
		printf("%s = %c; ", name, c);
}

static void show(struct termios *t)
{
	struct winsize ws = { 0 };
	unsigned int i;

	ioctl(0, TIOCGWINSZ, &ws);
	printf("rows %d; columns %d; min = %d; time = %d;\n", ws.ws_row, ws.ws_col, t->c_cc[VMIN],
	       t->c_cc[VTIME]);
	for (i = 0; i < N_CHARS; i++) {
		print_char(chars[i].name, t->c_cc[chars[i].index]);
		if (i == 4)
			printf("\n");
	}
	for (i = 0; i < N_FLAGS; i++)
		printf("%s%s%s", i && flags[i].word == flags[i - 1].word ? " " : "\n",
		       *word_of(t, flags[i].word) & flags[i].bit ? "" : "-", flags[i].name);
	printf("\n");
}

static void make_sane(struct termios *t)
{
	unsigned int i;

	for (i = 0; i < N_FLAGS; i++)
		if (flags[i].sane >= 0)
			set_flag(t, &flags[i], flags[i].sane);
	for (i = 0; i < N_CHARS; i++)
		t->c_cc[chars[i].index] = chars[i].sane;
	t->c_cc[VMIN] = 1;
	t->c_cc[VTIME] = 0;
}

/* "intr ^C", "erase ^?", "min 1". How many arguments were taken; 0: it is nothing of this kind. */
static int set_char(struct termios *t, char **argv)
{
	const char *value = argv[1];
	int index = -1;

	for (unsigned int i = 0; i < N_CHARS; i++)
		if (!strcmp(argv[0], chars[i].name))
			index = chars[i].index;
	if (!strcmp(argv[0], "min") || !strcmp(argv[0], "time")) {
		if (!value)
			errx(2, "%s: a number is missing", argv[0]);
		t->c_cc[argv[0][0] == 'm' ? VMIN : VTIME] = atoi(value);
		return 2;
	}
	if (index < 0)
		return 0;
	if (!value || !*value)
		errx(2, "%s: a character is missing", argv[0]);
	if (!strcmp(value, "undef"))
		t->c_cc[index] = 0;
	else
		t->c_cc[index] = value[0] == '^' && value[1] ? value[1] == '?' ? 127 : value[1] & 31 : value[0];
	return 2;
}

static int set(struct termios *t, char **argv)
{
	int off = argv[0][0] == '-';
	const char *name = argv[0] + off;

	for (unsigned int i = 0; i < N_FLAGS; i++) {
		if (!strcmp(name, flags[i].name)) {
			set_flag(t, &flags[i], !off);
			return 1;
		}
	}
	if (!strcmp(argv[0], "sane") || !strcmp(argv[0], "-raw") || !strcmp(argv[0], "cooked")) {
		make_sane(t);
		return 1;
	}
	if (!strcmp(argv[0], "raw")) {
		cfmakeraw(t);
		return 1;
	}
	return set_char(t, argv);
}

int main(int argc, char **argv)
{
	struct termios t;
	struct winsize ws;
	int taken;

	if (tcgetattr(0, &t))
		err(1, "standard input");
	if (argc == 1 || (argc == 2 && !strcmp(argv[1], "-a"))) {
		show(&t);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "size")) {
		if (ioctl(0, TIOCGWINSZ, &ws))
			err(1, "standard input");
		printf("%d %d\n", ws.ws_row, ws.ws_col);
		return 0;
	}
	for (argv++; *argv; argv += taken) {
		taken = set(&t, argv);
		if (!taken)
			errx(2, "%s: no such mode", *argv);
	}
	if (tcsetattr(0, TCSADRAIN, &t))
		err(1, "standard input");
	return 0;
}
