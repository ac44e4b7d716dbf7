// SPDX-License-Identifier: MIT
/* Reading and writing characters, lines and blocks of a FILE. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "stdio_impl.h"

int fgetc(FILE *f)
{
	if (f->rpos == f->rend && __fill(f))
		return EOF;
	return f->buf[f->rpos++];
}

int getc(FILE *f)
{
	return fgetc(f);
}

int getchar(void)
{
	return fgetc(stdin);
}

/* There is room for UNGET bytes in front of the buffer's first. */
int ungetc(int c, FILE *f)
{
	if (c == EOF || f->wpos || !(f->flags & F_READ))
		return EOF;
	if (!f->buf && (__fill(f), !f->buf))
		return EOF;
	if (f->rpos == 0) {
		if (f->rend + 1 > f->size)
			return EOF;
		memmove(f->buf + 1, f->buf, f->rend);
		f->rend++;
		f->rpos++;
	}
	f->buf[--f->rpos] = c;
	f->flags &= ~F_EOF;
	return (unsigned char)c;
}

size_t fread(void *p, size_t size, size_t n, FILE *f)
{
	size_t want = size * n, got = 0, k;

	if (!want)
		return 0;
	while (got < want && (f->rpos < f->rend || !__fill(f))) {
		k = f->rend - f->rpos;
		if (k > want - got)
			k = want - got;
		memcpy((char *)p + got, f->buf + f->rpos, k);
		f->rpos += k;
		got += k;
	}
	return got / size;
}

char *fgets(char *s, int size, FILE *f)
{
	unsigned char *nl;
	int n = 0, k;

	if (size <= 0)
		return NULL;
	while (n < size - 1 && (f->rpos < f->rend || !__fill(f))) {
		k = f->rend - f->rpos;
		if (k > size - 1 - n)
			k = size - 1 - n;
		nl = memchr(f->buf + f->rpos, '\n', k);
		if (nl)
			k = nl + 1 - (f->buf + f->rpos);
		memcpy(s + n, f->buf + f->rpos, k);
		f->rpos += k;
		n += k;
		if (nl)
			break;
	}
	s[n] = 0;
	return n && !(f->flags & F_ERR) ? s : NULL;
}

ssize_t getdelim(char **line, size_t *size, int delim, FILE *f)
{
	unsigned char *end;
	size_t n = 0, k;

	if (!*line)
		*size = 0;
	do {
		if (f->rpos == f->rend && __fill(f))
			break;
		k = f->rend - f->rpos;
		end = memchr(f->buf + f->rpos, delim, k);
		if (end)
			k = end + 1 - (f->buf + f->rpos);
		if (n + k + 1 > *size) {
			size_t bigger = 2 * (n + k) + 64;
			char *p = realloc(*line, bigger);

			if (!p)
				return -1;
			*line = p;
			*size = bigger;
		}
		memcpy(*line + n, f->buf + f->rpos, k);
		f->rpos += k;
		n += k;
	} while (!end);
	if (!n)
		return -1;
	(*line)[n] = 0;
	return n;
}

ssize_t getline(char **line, size_t *size, FILE *f)
{
	return getdelim(line, size, '\n', f);
}

int fputc(int c, FILE *f)
{
	unsigned char ch = c;

	if (f->wpos && f->wpos < f->size && (f->mode == _IOFBF || ch != '\n')) {
		f->buf[f->wpos++] = ch;
		return ch;
	}
	return fwrite(&ch, 1, 1, f) ? ch : EOF;
}

int putc(int c, FILE *f)
{
	return fputc(c, f);
}

int putchar(int c)
{
	return fputc(c, stdout);
}

int fputs(const char *s, FILE *f)
{
	size_t n = strlen(s);

	return fwrite(s, 1, n, f) == n ? 0 : EOF;
}

int puts(const char *s)
{
	return fputs(s, stdout) || fputc('\n', stdout) == EOF ? EOF : 0;
}
