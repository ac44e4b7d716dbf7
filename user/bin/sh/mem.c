// SPDX-License-Identifier: MIT
/*
 * Memory and messages.
 *
 * An arena hands out memory that is freed all at once, or back to a mark. A shell that has no
 * memory for a few bytes can do nothing sensible: it says so and exits (init starts another one).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

struct chunk {
	struct chunk	*below;
	size_t		size, used;
	char		data[];
};

enum { CHUNK_SIZE = 4000, ALIGN = sizeof(void *) };

static void *need(void *p)
{
	static const char text[] = "sh: out of memory\n";

	if (!p) {
		write_all(2, text, sizeof(text) - 1);
		_exit(2);
	}
	return p;
}

void *xmalloc(size_t size)
{
	return need(malloc(size ? size : 1));
}

void *xrealloc(void *p, size_t size)
{
	return need(realloc(p, size ? size : 1));
}

char *xstrdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(xmalloc(size), s, size);
}

struct arena *arena_new(void)
{
	struct arena *a = xmalloc(sizeof(*a));

	a->top = NULL;
	a->refs = 1;
	return a;
}

void arena_get(struct arena *a)
{
	a->refs++;
}

void arena_put(struct arena *a)
{
	if (--a->refs)
		return;
	arena_release(a, (struct mark){ NULL, 0 });
	free(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct chunk *c = a->top;
	void *p;

	if (size > SIZE_MAX / 2)
		need(NULL);
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!c || c->size - c->used < size) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

		c = xmalloc(sizeof(*c) + room);
		c->below = a->top;
		c->size = room;
		c->used = 0;
		a->top = c;
	}
	p = c->data + c->used;
	c->used += size;
	return p;
}

char *arena_strdup(struct arena *a, const char *s, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

struct mark arena_mark(struct arena *a)
{
	return (struct mark){ a->top, a->top ? a->top->used : 0 };
}

void arena_release(struct arena *a, struct mark m)
{
	while (a->top != m.chunk) {
		struct chunk *c = a->top;

		a->top = c->below;
		free(c);
	}
	if (a->top)
		a->top->used = m.used;
}

void buf_init(struct strbuf *b, struct arena *a)
{
	b->arena = a;
	b->len = 0;
	b->cap = 32;
	b->s = arena_alloc(a, b->cap);
	b->s[0] = '\0';
}

/* Makes room for more characters and the NUL. The old copy stays in the arena until it goes. */
static void buf_room(struct strbuf *b, size_t more)
{
	size_t cap = b->cap;
	char *s;

	if (more > SIZE_MAX / 4)
		need(NULL);
	while (cap < b->len + more + 1)
		cap *= 2;
	if (cap == b->cap)
		return;
	s = arena_alloc(b->arena, cap);
	memcpy(s, b->s, b->len + 1);
	b->s = s;
	b->cap = cap;
}

void buf_char(struct strbuf *b, char c)
{
	if (b->len + 2 > b->cap)
		buf_room(b, 1);
	b->s[b->len++] = c;
	b->s[b->len] = '\0';
}

void buf_mem(struct strbuf *b, const char *s, size_t len)
{
	buf_room(b, len);
	memcpy(b->s + b->len, s, len);
	b->len += len;
	b->s[b->len] = '\0';
}

void buf_str(struct strbuf *b, const char *s)
{
	buf_mem(b, s, strlen(s));
}

static void buf_vprintf(struct strbuf *b, const char *fmt, va_list args)
{
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		return;
	buf_room(b, len);
	vsnprintf(b->s + b->len, (size_t)len + 1, fmt, args);
	b->len += len;
}

void buf_printf(struct strbuf *b, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	buf_vprintf(b, fmt, args);
	va_end(args);
}

/**
 * write_all - write the whole of a text, however the kernel cuts it
 *
 * Returns 0, or -1 with errno set.
 */
int write_all(int fd, const char *s, size_t len)
{
	while (len) {
		ssize_t n = write(fd, s, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		s += n;
		len -= n;
	}
	return 0;
}

/* What a builtin has to say goes out in one write. Returns the builtin's exit status. */
int out_buf(struct strbuf *b)
{
	if (write_all(1, b->s, b->len) == 0)
		return 0;
	if (errno != EPIPE)
		warn("write error: %s", strerror(errno));
	return 1;
}

static void message(const char *fmt, va_list args)
{
	struct mark m = arena_mark(sh.tmp);
	struct strbuf b;

	buf_init(&b, sh.tmp);
	buf_str(&b, "sh: ");
	buf_vprintf(&b, fmt, args);
	buf_char(&b, '\n');
	write_all(2, b.s, b.len);
	arena_release(sh.tmp, m);
}

void warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message(fmt, args);
	va_end(args);
}

/* An error that ends a script, and takes an interactive shell back to its prompt. */
void sh_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message(fmt, args);
	va_end(args);
	sh.status = 2;
	sh.unwind = sh.interactive ? UNWIND_TOP : UNWIND_EXIT;
}
