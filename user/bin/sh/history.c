// SPDX-License-Identifier: MIT
/* The lines that were typed, for the arrow keys and the history builtin. Kept in memory only. */
#include <stdlib.h>
#include <string.h>

#include "sh.h"

enum { KEEP = 500 };		/* when there are more, the oldest go */

static char **lines;
static size_t count, room, first_number = 1;

static bool is_blank(const char *s)
{
	return s[strspn(s, " \t")] == '\0';
}

void history_add(const char *line)
{
	if (is_blank(line) || (count && !strcmp(lines[count - 1], line)))
		return;
	if (count == KEEP) {
		free(lines[0]);
		memmove(lines, lines + 1, --count * sizeof(*lines));
		first_number++;
	}
	if (count == room) {
		room = room ? room * 2 : 16;
		lines = xrealloc(lines, room * sizeof(*lines));
	}
	lines[count++] = xstrdup(line);
}

/* The line that is so far back, 1 for the newest; NULL if there is none. */
const char *history_get(size_t back)
{
	return back >= 1 && back <= count ? lines[count - back] : NULL;
}

int builtin_history(int argc, char **argv)
{
	struct strbuf b;

	if (argc > 1)
		return builtin_usage(argv[0]);
	buf_init(&b, sh.tmp);
	for (size_t i = 0; i < count; i++)
		buf_printf(&b, "%5zu  %s\n", first_number + i, lines[i]);
	return out_buf(&b);
}
