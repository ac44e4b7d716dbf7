// SPDX-License-Identifier: MIT
/*
 * Words: their characters to parts, with all the ways of quoting.
 *
 * Called by the lexer, for one word at a time. A command substitution is parsed where it stands,
 * since only the parser knows where it ends.
 */
#include <ctype.h>
#include <string.h>

#include "sh.h"

/* Where a piece of text stands; this decides what quotes it, and what ends it. */
enum context {
	C_WORD,		/* a word of a command; ends before a blank or an operator */
	C_DQUOTE,	/* in "..." */
	C_BRACE,	/* in ${x...} */
	C_QBRACE,	/* in "${x...}" */
	C_HERE,		/* a here-document, to its end */
	C_ARITH,	/* in $((...)) */
};

/* A word in the making: its finished parts, and the text that will be the next. */
struct wordbuf {
	struct parser	*p;
	struct part	*first, **tail;
	struct strbuf	text;
	bool		quoted;		/* of the text */
};

static void read_parts(struct wordbuf *w, enum context ctx);

static void word_init(struct wordbuf *w, struct parser *p)
{
	w->p = p;
	w->first = NULL;
	w->tail = &w->first;
	w->quoted = false;
	buf_init(&w->text, p->arena);
}

static struct part *add_part(struct wordbuf *w, enum part_type type, bool quoted)
{
	struct part *part = arena_alloc(w->p->arena, sizeof(*part));

	memset(part, 0, sizeof(*part));
	part->type = type;
	part->quoted = quoted;
	*w->tail = part;
	w->tail = &part->next;
	return part;
}

static void end_text(struct wordbuf *w, bool even_empty)
{
	struct part *part;

	if (!w->text.len && !even_empty)
		return;
	part = add_part(w, P_TEXT, w->quoted);
	part->text = arena_strdup(w->p->arena, w->text.s, w->text.len);
	w->text.len = 0;
}

static void add_char(struct wordbuf *w, int c, bool quoted)
{
	if (quoted != w->quoted) {
		end_text(w, false);
		w->quoted = quoted;
	}
	buf_char(&w->text, c);
}

static struct word *finish_word(struct wordbuf *w)
{
	struct word *word = arena_alloc(w->p->arena, sizeof(*word));

	end_text(w, false);
	word->next = NULL;
	word->parts = w->first;
	return word;
}

static struct word *read_word(struct parser *p, enum context ctx)
{
	struct wordbuf w;

	word_init(&w, p);
	if (parse_enter(p))
		read_parts(&w, ctx);
	p->depth--;
	return finish_word(&w);
}

static bool is_name_char(int c, bool first)
{
	return c == '_' || isalpha(c) || (!first && isdigit(c));
}

/* The name after ${ or $; the first character, which fits, has been got. */
static char *read_name(struct parser *p, int c, bool braced)
{
	struct strbuf b;

	buf_init(&b, p->arena);
	if (is_name_char(c, true)) {
		for (; c != SH_EOF && is_name_char(c, false); c = lex_get(p))
			buf_char(&b, c);
		lex_unget(p, c);
	} else if (isdigit(c) && braced) {
		for (; c != SH_EOF && isdigit(c); c = lex_get(p))
			buf_char(&b, c);
		lex_unget(p, c);
	} else {
		buf_char(&b, c);
	}
	return b.s;
}

static bool starts_param(int c)
{
	return c != SH_EOF && (is_name_char(c, false) || strchr("@*#?-$!", c));
}

/* After "${" */
static void read_braces(struct wordbuf *w, bool quoted)
{
	struct parser *p = w->p;
	struct part *part = add_part(w, P_PARAM, quoted);
	int c = lex_get(p);

	/* ${#x} is a length, ${#} and ${#:-x} are $# */
	if (c == '#') {
		int next = lex_peek(p);

		if (starts_param(next) || next == SH_EOF) {
			part->op = 'L';
			c = lex_get(p);
		}
	}
	if (!starts_param(c)) {
		syntax_error(p, "bad substitution");
		return;
	}
	part->text = read_name(p, c, true);
	c = lex_get(p);
	if (c == '}')
		return;
	if (c == ':') {
		part->twice = true;
		c = lex_get(p);
	}
	if (part->op || c == SH_EOF || !strchr(part->twice ? "-=?+" : "-=?+#%", c)) {
		syntax_error(p, c == SH_EOF ? "missing }" : "bad substitution");
		return;
	}
	part->op = c;
	if (c == '#' || c == '%') {
		if (lex_peek(p) == c) {
			lex_get(p);
			part->twice = true;
		}
		quoted = false;		/* the pattern has quotes of its own */
	}
	part->arg = read_word(p, quoted ? C_QBRACE : C_BRACE);
}

/* Parses a command inside of the token that is being read. */
static struct node *read_commands(struct parser *p, enum token end)
{
	struct parser outer = *p;
	struct node *n = NULL;

	p->peeked = false;
	if (parse_enter(p))
		n = parse_until(p, end);
	outer.error = p->error;
	outer.heredocs = p->heredocs;
	*p = outer;
	return n;
}

/* After "`": the text up to its partner, one level of backslashes removed, is a program. */
static void read_backquotes(struct wordbuf *w, bool quoted)
{
	struct parser *p = w->p;
	struct source *outer = p->src, inner;
	struct part *part;
	struct strbuf b;
	int c;

	end_text(w, false);
	part = add_part(w, P_COMMAND, quoted);
	buf_init(&b, p->arena);
	while ((c = source_get(p->src)) != '`') {
		if (c == '\\') {
			c = source_get(p->src);
			if (c != '`' && c != '\\' && c != '$' && !(quoted && c == '"'))
				buf_char(&b, '\\');
		}
		if (c == SH_EOF) {
			syntax_error(p, "missing `");
			return;
		}
		buf_char(&b, c);
	}
	source_string(&inner, b.s, b.len);
	inner.line = outer->line;
	p->src = &inner;
	part->body = read_commands(p, T_EOF);
	p->src = outer;
}

/* After "$" */
static void read_dollar(struct wordbuf *w, bool quoted)
{
	struct parser *p = w->p;
	struct part *part;
	int c = lex_get(p);

	if (c == '{') {
		end_text(w, false);
		read_braces(w, quoted);
	} else if (c == '(') {
		end_text(w, false);
		if (lex_peek(p) == '(') {
			lex_get(p);
			part = add_part(w, P_ARITH, quoted);
			part->arg = read_word(p, C_ARITH);
		} else {
			part = add_part(w, P_COMMAND, quoted);
			part->body = read_commands(p, T_RPAREN);
		}
	} else if (starts_param(c)) {
		end_text(w, false);
		part = add_part(w, P_PARAM, quoted);
		part->text = read_name(p, c, false);
	} else {
		lex_unget(p, c);
		add_char(w, '$', quoted);
	}
}

static void read_single_quotes(struct wordbuf *w)
{
	int c;

	end_text(w, false);
	w->quoted = true;
	while ((c = source_get(w->p->src)) != '\'') {
		if (c == SH_EOF) {
			syntax_error(w->p, "missing '");
			return;
		}
		add_char(w, c, true);
	}
	end_text(w, true);
}

static void read_double_quotes(struct wordbuf *w)
{
	struct part **before;

	end_text(w, false);
	before = w->tail;
	w->quoted = true;
	if (parse_enter(w->p))
		read_parts(w, C_DQUOTE);
	w->p->depth--;
	end_text(w, false);
	if (w->tail == before) {
		w->quoted = true;
		end_text(w, true);
	}
}

static void read_backslash(struct wordbuf *w, enum context ctx)
{
	static const char *const escapes[] = {
		[C_DQUOTE] = "$`\"\\", [C_QBRACE] = "$`\"\\}", [C_HERE] = "$`\\",
		[C_ARITH] = "$`\\",
	};
	int c = source_get(w->p->src);

	if (c == SH_EOF) {
		add_char(w, '\\', true);
	} else if (!escapes[ctx] || strchr(escapes[ctx], c)) {
		add_char(w, c, true);
	} else {
		add_char(w, '\\', true);
		lex_unget(w->p, c);
	}
}

/* Does the text end at c? Only a C_WORD leaves c to be read again. */
static bool ends_here(struct parser *p, enum context ctx, int c, unsigned int *parens)
{
	switch (ctx) {
	case C_WORD:
		if (c != SH_EOF && !strchr(" \t\n;&|<>()", c))
			return false;
		lex_unget(p, c);
		return true;
	case C_DQUOTE:
		return c == '"';
	case C_BRACE:
	case C_QBRACE:
		return c == '}';
	case C_HERE:
		return c == SH_EOF;
	case C_ARITH:
		*parens += c == '(';
		if (c != ')')
			return false;
		if (*parens) {
			--*parens;
			return false;
		}
		if (lex_get(p) != ')')
			syntax_error(p, "missing ))");
		return true;
	}
	return true;
}

static void read_parts(struct wordbuf *w, enum context ctx)
{
	struct parser *p = w->p;
	bool quoted = ctx != C_WORD && ctx != C_BRACE;
	unsigned int parens = 0;

	while (!p->error) {
		int c = lex_get(p);

		if (ends_here(p, ctx, c, &parens))
			return;
		if (c == SH_EOF)
			syntax_error(p, "unexpected end of file in a word: missing %s",
				     ctx == C_DQUOTE ? "\"" : ctx == C_ARITH ? "))" : "}");
		else if (c == '\\')
			read_backslash(w, ctx);
		else if (c == '\'' && !quoted)
			read_single_quotes(w);
		else if (c == '"' && !quoted)
			read_double_quotes(w);
		else if (c == '"' && ctx != C_HERE)
			continue;
		else if (c == '$')
			read_dollar(w, quoted);
		else if (c == '`')
			read_backquotes(w, quoted);
		else
			add_char(w, c, quoted);
	}
}

/* A text as it would read in a here-document: for prompts and the documents themselves. */
struct word *lex_text(struct parser *p, const char *text, size_t len)
{
	struct source *outer = p->src, inner;
	struct word *word;

	source_string(&inner, text, len);
	inner.line = outer ? outer->line : 1;
	p->src = &inner;
	word = read_word(p, C_HERE);
	p->src = outer;
	return word;
}

/* A word as it stands in a command; it has no parts if it could not be read. */
struct word *lex_plain(struct parser *p)
{
	return read_word(p, C_WORD);
}

/* A text that means just itself. */
struct word *lex_literal(struct parser *p, const char *text, size_t len)
{
	struct wordbuf w;

	word_init(&w, p);
	w.quoted = true;
	buf_mem(&w.text, text, len);
	return finish_word(&w);
}
