// SPDX-License-Identifier: MIT
/*
 * The line discipline between a keyboard and a screen made of strings. Prints TAP.
 *
 * type() is what comes from the line, screen what was sent to it, get() what a program reads.
 */
#include <linux/tty_shim.h>
#include <linux/tty.h>

static struct tty_struct tty;
static struct file file;
static char screen[16384];
static unsigned int room, throttled, last_signal, tests, failed;

/* ---- the driver, and what tty_io.c and tty_jobctrl.c would do */

static int drv_write(struct tty_struct *t, const unsigned char *buf, int count)
{
	int n = count < room ? count : room;
	size_t len = strlen(screen);

	memcpy(screen + len, buf, n);
	screen[len + n] = '\0';
	room -= n;
	return n;
}

static unsigned int drv_room(struct tty_struct *t)
{
	return room;
}

static void drv_throttle(struct tty_struct *t)
{
	throttled = 1;
}

static void drv_unthrottle(struct tty_struct *t)
{
	throttled = 0;
}

static const struct tty_operations ops = {
	.write = drv_write, .write_room = drv_room,
	.throttle = drv_throttle, .unthrottle = drv_unthrottle,
};

unsigned int tty_write_room(struct tty_struct *t)
{
	return room;
}

void tty_driver_flush_buffer(struct tty_struct *t)
{
}

void __start_tty(struct tty_struct *t)
{
	t->flow.stopped = false;
}

void start_tty(struct tty_struct *t)
{
	t->flow.stopped = false;
}

void stop_tty(struct tty_struct *t)
{
	t->flow.stopped = true;
}

struct pid *tty_get_pgrp(struct tty_struct *t)
{
	return (struct pid *)t;
}

int kill_pgrp(struct pid *pid, int sig, int priv)
{
	last_signal = sig;
	return 0;
}

void put_pid(struct pid *pid)
{
}

int __tty_check_change(struct tty_struct *t, int sig)
{
	return 0;
}

int tty_check_change(struct tty_struct *t)
{
	return 0;
}

int tty_hung_up_p(struct file *f)
{
	return f->hung_up;
}

/* ---- the tests' vocabulary */

static void set(tcflag_t lflag_on, tcflag_t lflag_off, int vmin, int vtime)
{
	struct ktermios old = tty.termios;

	tty.termios.c_lflag = (tty.termios.c_lflag | lflag_on) & ~lflag_off;
	tty.termios.c_cc[VMIN] = vmin;
	tty.termios.c_cc[VTIME] = vtime;
	n_tty_ops.set_termios(&tty, &old);
}

static void fresh(void)
{
	if (tty.disc_data)
		n_tty_ops.close(&tty);
	memset(&tty, 0, sizeof(tty));
	tty.ops = &ops;
	tty.termios = (struct ktermios){
		.c_iflag = ICRNL | IXON, .c_oflag = OPOST | ONLCR, .c_cflag = CS8,
		.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
		.c_cc = { 3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0 },
	};
	n_tty_ops.open(&tty);
	file = (struct file){ .f_flags = 0 };
	screen[0] = '\0';
	room = 4096;
	throttled = last_signal = 0;
}

static void type_n(const char *s, int n)
{
	unsigned char fl[64] = { 0 };

	for (; n > 0; n -= 64, s += 64)
		n_tty_ops.receive_buf(&tty, (const unsigned char *)s, fl, n < 64 ? n : 64);
}

static void type(const char *s)
{
	type_n(s, strlen(s));
}

/* As tty_read() does, with a buffer of 8 bytes in the middle. Returns the length or -errno. */
static long get(char *buf, size_t count)
{
	unsigned char k[8];
	void *cookie = NULL;
	long done = 0, n;

	do {
		n = n_tty_ops.read(&tty, &file, k, min(count - done, sizeof(k)), &cookie, done);
		if (n <= 0)
			break;
		memcpy(buf + done, k, n);
		done += n;
	} while (cookie && done < count);
	if (cookie)
		n_tty_ops.read(&tty, &file, k, 0, &cookie, done);
	return done ? done : n;
}

static const char *read_all(size_t count)
{
	static char buf[8192];
	long n = get(buf, count);

	if (n < 0)
		return n == -ERESTARTSYS ? "<sleeps>" : n == -EAGAIN ? "<again>" : "<error>";
	buf[n] = '\0';
	return n ? buf : "<eof>";
}

static void is(const char *got, const char *want, const char *what)
{
	bool ok = !strcmp(got, want);

	printf("%s %u - %s\n", ok ? "ok" : "not ok", ++tests, what);
	if (!ok) {
		printf("# got  \"%s\"\n# want \"%s\"\n", got, want);
		failed++;
	}
}

static void check(bool ok, const char *what)
{
	printf("%s %u - %s\n", ok ? "ok" : "not ok", ++tests, what);
	failed += !ok;
}

/* ---- the tests */

static void test_lines(void)
{
	fresh();
	type("ab");
	is(read_all(100), "<sleeps>", "an unfinished line is not for readers");
	type("c\r");
	is(screen, "abc\r\n", "echo, and a new line as CR LF");
	is(read_all(100), "abc\n", "CR becomes NL, and one read gets one line");
	type("one\ntwo\n");
	is(read_all(100), "one\n", "of two lines the first");
	is(read_all(2), "tw", "a short read takes a part");
	is(read_all(100), "o\n", "and the next one the rest");
	type("a line longer than the middle buffer\n");
	is(read_all(100), "a line longer than the middle buffer\n", "long line in one read");
	file.f_flags = O_NONBLOCK;
	is(read_all(100), "<again>", "O_NONBLOCK");
}

static void test_eof(void)
{
	fresh();
	type("\4");
	is(read_all(100), "<eof>", "^D alone is the end of file");
	is(read_all(100), "<sleeps>", "once");
	type("abc\4");
	is(read_all(100), "abc", "^D after characters sends them");
	type("abc\4def\n");
	is(read_all(3), "abc", "a read that just fits takes the ^D too");
	is(read_all(100), "def\n", "so no end of file follows");
}

static void test_editing(void)
{
	fresh();
	type("abX\177c\n");
	is(screen, "abX\b \bc\r\n", "DEL takes the character off the screen");
	is(read_all(100), "abc\n", "and off the line");
	fresh();
	type("\177\177x\n");
	is(read_all(100), "x\n", "DEL on an empty line does nothing");
	fresh();
	type("one two  \27\n");
	is(read_all(100), "one \n", "^W takes a word and the blanks behind it");
	fresh();
	type("some text\25new\n");
	is(read_all(100), "new\n", "^U takes the line");
	fresh();
	type("a\1\177\177\n");
	is(screen, "a^A\b \b\b \b\b \b\r\n", "a control character shows and goes as two");
	fresh();
	type("abc\t\177\n");
	is(screen, "abc\t\b\b\b\b\b\r\n", "a tab goes as far as it came");
	fresh();
	type("\26\3\n");
	is(read_all(100), "\3\n", "^V takes the next character as it is");
	check(last_signal == 0, "and sends no signal");
	fresh();
	tty.termios.c_iflag |= IUTF8;
	set(0, 0, 1, 0);
	type("a\303\244\177\n");
	is(read_all(100), "a\n", "with IUTF8 DEL takes all bytes of a character");
	is(screen, "a\303\244\b \b\r\n", "and one column");
	fresh();
	type("abc\22d\n");
	is(screen, "abc^R\r\nabcd\r\n", "^R shows the line again");
}

static void test_signals(void)
{
	fresh();
	type("abc\3");
	check(last_signal == SIGINT, "^C sends SIGINT");
	is(screen, "abc^C", "and shows");
	type("x\n");
	is(read_all(100), "x\n", "and forgets what was typed");
	type("\32");
	check(last_signal == SIGTSTP, "^Z sends SIGTSTP");
	set(0, ISIG, 1, 0);
	last_signal = 0;
	type("\3\n");
	check(last_signal == 0, "without ISIG ^C is a character");
	is(read_all(100), "\3\n", "that can be read");
}

static void test_raw(void)
{
	fresh();
	set(0, ICANON | ECHO, 1, 0);
	is(read_all(100), "<sleeps>", "VMIN 1: an empty read waits");
	type("a");
	is(read_all(100), "a", "and one character is enough");
	set(0, 0, 3, 0);
	type("ab");
	check(!(n_tty_ops.poll(&tty, &file, NULL) & EPOLLIN), "VMIN 3: two are not");
	type("c");
	check(n_tty_ops.poll(&tty, &file, NULL) & EPOLLIN, "three are");
	is(read_all(100), "abc", "and all three are read");
	type("12");
	is(read_all(2), "12", "a read of 2 is satisfied by 2");
	set(0, 0, 0, 0);
	is(read_all(100), "<eof>", "VMIN 0, VTIME 0: returns at once with nothing");
	set(0, 0, 5, 1);
	type("ab");
	is(read_all(100), "ab", "VTIME ends the wait between characters");
	is(screen, "", "no echo");
	type("0123456789012345678901234567890123456789");
	is(read_all(100), "0123456789012345678901234567890123456789", "one read gets it all");
	type("left");
	set(ICANON, 0, 1, 0);
	is(read_all(100), "left", "back to lines: what was left is a line");
}

static void test_flow(void)
{
	static char line[5000];
	int n;

	fresh();
	type("\23");
	check(tty.flow.stopped, "^S stops the output");
	type("\21");
	check(!tty.flow.stopped, "^Q starts it");

	fresh();
	memset(line, 'x', sizeof(line));
	type_n(line, 5000);
	check(!throttled, "one line without end does not stop the driver");
	type("\n");
	n = strlen(read_all(8000));
	check(n == 4096, "of a line too long the first 4095 are kept, and its end");

	fresh();
	set(0, ECHO, 1, 0);
	for (n = 0; n < 60 && !throttled; n++)
		type_n("012345678901234567890123456789012345678\n"
		       "012345678901234567890123456789012345678\n", 80);
	check(throttled, "unread lines stop the driver");
	while (throttled)
		read_all(100);
	check(!throttled, "and reading starts it");

	fresh();
	room = 3;
	type("abcdef\n");
	is(screen, "abc", "echo waits for room");
	check(n_tty_ops.write(&tty, &file, (const unsigned char *)"Z", 1) == -ERESTARTSYS,
	      "and a writer waits for the echo");
	room = 100;
	n_tty_ops.write_wakeup(&tty);
	n_tty_ops.write(&tty, &file, (const unsigned char *)"Z\tY", 3);
	is(screen, "abcdef\r\nZ\tY", "so that nothing is lost or changes places");
}

static void test_output(void)
{
	fresh();
	tty.termios.c_oflag |= XTABS;
	set(0, 0, 1, 0);
	n_tty_ops.write(&tty, &file, (const unsigned char *)"ab\tc\nd\te", 8);
	is(screen, "ab      c\r\nd       e", "ONLCR and tabs as spaces");
	fresh();
	tty.termios.c_oflag = 0;
	set(0, 0, 1, 0);
	n_tty_ops.write(&tty, &file, (const unsigned char *)"a\nb\t", 4);
	is(screen, "a\nb\t", "without OPOST nothing is changed");
}

int main(void)
{
	test_lines();
	test_eof();
	test_editing();
	test_signals();
	test_raw();
	test_flow();
	test_output();
	n_tty_ops.close(&tty);
	printf("1..%u\n", tests);
	return failed != 0;
}
