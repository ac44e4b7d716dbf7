// SPDX-License-Identifier: MIT
/*
 * dd: copies blocks. if=FILE of=FILE bs=N count=N skip=N seek=N status=none|noxfer
 * conv=notrunc,sync,fsync,fdatasync,noerror iflag=fullblock,direct oflag=append,direct,sync,dsync
 *
 * skip and seek count blocks of bs bytes in the input and the output. N takes c w b k M G.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *in_name, *out_name;
static size_t bs = 512;
static unsigned long count = -1UL, skip, seek;
static int notrunc, pad, do_fsync, do_fdatasync, noerror, fullblock, in_flags, out_flags;
static int silent, no_rate;

static unsigned long in_full, in_part, out_full, out_part, bytes;

struct flag {
	const char	*name;
	int		*variable;
	int		value;
};

static const struct flag convs[] = {
	{ "notrunc", &notrunc, 1 }, { "sync", &pad, 1 }, { "fsync", &do_fsync, 1 },
	{ "fdatasync", &do_fdatasync, 1 }, { "noerror", &noerror, 1 }, { NULL },
};

static const struct flag iflags[] = {
	{ "fullblock", &fullblock, 1 }, { "direct", &in_flags, O_DIRECT }, { NULL },
};

static const struct flag oflags[] = {
	{ "append", &out_flags, O_APPEND }, { "direct", &out_flags, O_DIRECT },
	{ "sync", &out_flags, O_SYNC }, { "dsync", &out_flags, O_DSYNC }, { NULL },
};

static const struct flag statuses[] = {
	{ "none", &silent, 1 }, { "noxfer", &no_rate, 1 }, { "progress", &no_rate, 0 }, { NULL },
};

static void usage(void)
{
	fprintf(stderr, "usage: dd [if=FILE] [of=FILE] [bs=N] [count=N] [skip=N] [seek=N] "
		"[conv=notrunc,sync,fsync,noerror] [iflag=fullblock] [oflag=append,sync] "
		"[status=none]\n");
	exit(2);
}

static unsigned long number(const char *s)
{
	static const struct {
		char		letter;
		unsigned long	factor;
	} units[] = {
		{ 'c', 1 }, { 'w', 2 }, { 'b', 512 }, { 'k', 1UL << 10 }, { 'K', 1UL << 10 },
		{ 'M', 1UL << 20 }, { 'G', 1UL << 30 },
	};
	unsigned long n;
	size_t i;
	char *end;

	errno = 0;
	n = strtoul(s, &end, 10);
	for (i = 0; *end && i < sizeof(units) / sizeof(units[0]); i++)
		if (*end == units[i].letter) {
			if (__builtin_mul_overflow(n, units[i].factor, &n))
				errno = ERANGE;
			end++;
			break;
		}
	if (end == s || *end || *s == '-' || errno)
		errx(1, "'%s' is not a number I can use", s);
	return n;
}

static void set_flags(const struct flag *flags, char *list)
{
	const struct flag *f;
	char *word;

	while ((word = strsep(&list, ","))) {
		for (f = flags; f->name && strcmp(f->name, word); f++)
			;
		if (!f->name) {
			warnx("unknown word '%s'", word);
			usage();
		}
		*f->variable |= f->value;
	}
}

static void operand(char *arg)
{
	char *v = strchr(arg, '=');

	if (!v)
		usage();
	*v++ = 0;
	if (!strcmp(arg, "if"))
		in_name = v;
	else if (!strcmp(arg, "of"))
		out_name = v;
	else if (!strcmp(arg, "bs") || !strcmp(arg, "ibs") || !strcmp(arg, "obs"))
		bs = number(v);
	else if (!strcmp(arg, "count"))
		count = number(v);
	else if (!strcmp(arg, "skip"))
		skip = number(v);
	else if (!strcmp(arg, "seek"))
		seek = number(v);
	else if (!strcmp(arg, "conv"))
		set_flags(convs, v);
	else if (!strcmp(arg, "iflag"))
		set_flags(iflags, v);
	else if (!strcmp(arg, "oflag"))
		set_flags(oflags, v);
	else if (!strcmp(arg, "status"))
		set_flags(statuses, v);
	else
		usage();
}

static void open_files(void)
{
	off_t start;

	if (in_name) {
		int fd = open(in_name, O_RDONLY | in_flags);

		if (fd < 0)
			err(1, "%s", in_name);
		if (dup2(fd, 0) < 0)
			err(1, "%s", in_name);
	}
	if (__builtin_mul_overflow(seek, bs, &start) || start < 0)
		errx(1, "seek is too far");
	if (out_name) {
		int trunc = notrunc || seek ? 0 : O_TRUNC;
		int fd = open(out_name, O_WRONLY | O_CREAT | trunc | out_flags, 0666);
		struct stat st;

		if (fd < 0)
			err(1, "%s", out_name);
		if (seek && !notrunc && !fstat(fd, &st) && S_ISREG(st.st_mode) &&
		    ftruncate(fd, start))
			err(1, "%s", out_name);
		if (fd != 1 && (dup2(fd, 1) < 0 || close(fd)))
			err(1, "%s", out_name);
	} else {
		out_name = "standard output";
	}
	if (!in_name)
		in_name = "standard input";
	if (seek && lseek(1, start, SEEK_CUR) < 0)
		err(1, "%s: seek", out_name);
}

static ssize_t read_block(char *buf)
{
	size_t got = 0;
	ssize_t n;

	do {
		n = read(0, buf + got, bs - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return got ? (ssize_t)got : n;
		got += n;
	} while (fullblock && got < bs);
	return got;
}

static void skip_input(char *buf)
{
	unsigned long n;
	off_t by;

	if (!skip)
		return;
	if (__builtin_mul_overflow(skip, bs, &by) || by < 0)
		errx(1, "skip is too far");
	if (lseek(0, by, SEEK_CUR) >= 0)
		return;
	for (n = 0; n < skip; n++)	/* a pipe: read over it */
		if (read_block(buf) <= 0)
			return;
}

/* The part that got through before an error counts too. */
static int write_block(const char *buf, size_t n)
{
	size_t done = 0;
	ssize_t w = 0;

	while (done < n) {
		w = write(1, buf + done, n - done);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			break;
		done += w;
	}
	bytes += done;
	if (done == bs)
		out_full++;
	else if (done)
		out_part++;
	if (done == n)
		return 0;
	warn("%s", out_name);
	return -1;
}

static int copy(char *buf)
{
	unsigned long i;
	ssize_t n;
	int status = 0;

	for (i = 0; i < count; i++) {
		n = read_block(buf);
		if (!n)
			break;
		if (n < 0) {
			warn("%s", in_name);
			status = 1;
			if (!noerror || lseek(0, bs, SEEK_CUR) < 0)
				break;
			n = 0;
		}
		if ((size_t)n == bs)
			in_full++;
		else
			in_part += n > 0;
		if (pad && (size_t)n < bs) {
			memset(buf + n, 0, bs - n);
			n = bs;
		}
		if (write_block(buf, n))
			return 1;
	}
	return status;
}

static void report(const struct timespec *start)
{
	struct timespec now;
	double t;

	if (silent)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	t = now.tv_sec - start->tv_sec + (now.tv_nsec - start->tv_nsec) / 1e9;
	fprintf(stderr, "%lu+%lu records in\n%lu+%lu records out\n", in_full, in_part, out_full,
		out_part);
	if (!no_rate)
		fprintf(stderr, "%lu bytes copied, %.6f s, %.1f MB/s\n", bytes, t,
			t > 0 ? bytes / t / 1e6 : 0.0);
}

int main(int argc, char **argv)
{
	struct timespec start;
	int i, status;
	char *buf;

	for (i = 1; i < argc; i++)
		operand(argv[i]);
	if (!bs)
		errx(1, "bs must not be 0");
	buf = aligned_alloc(4096, bs);	/* O_DIRECT wants it so */
	if (!buf)
		err(1, "a block of %zu bytes", bs);
	open_files();
	clock_gettime(CLOCK_MONOTONIC, &start);
	skip_input(buf);
	status = copy(buf);
	if ((do_fsync && fsync(1)) || (do_fdatasync && fdatasync(1))) {
		warn("%s: fsync", out_name);
		status = 1;
	}
	if (close(1)) {
		warn("%s", out_name);
		status = 1;
	}
	report(&start);
	return status;
}
