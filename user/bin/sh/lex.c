// SPDX-License-Identifier: MIT
/*
 * The lexer: characters to tokens.
 *
 * parse.c asks for one token at a time and never for one beyond the newline that ends a command,
 * else a terminal would have to be asked for a line that nobody needs yet. The texts of
 * here-documents are read when that newline is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

void syntax_error(struct parser *p, const char *fmt, ...)
{
	char text[120];
	va_list args;

	if (p->error)
		return;
	p->error = true;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (!sh.unwind)
		warn("syntax error: line %u: %s", p->src->line, text);
}

/* Guards the stack against a text with a million opening brackets. Undone by p->depth--. */
bool parse_enter(struct parser *p)
{
	if (p->depth++ < 200)
		return true;
	syntax_error(p, "nested too deeply");
	return false;
}

/* The next character, lines joined where one ends with a backslash. */
int lex_get(struct parser *p)
{
	for (;;) {
		int c = source_get(p->src), next;

		if (c != '\\')
			return c;
		next = source_get(p->src);
		if (next != '\n') {
			source_unget(p->src, next);
			return c;
		}
	}
}

void lex_unget(struct parser *p, int c)
{
	source_unget(p->src, c);
}

int lex_peek(struct parser *p)
{
	int c = lex_get(p);

	lex_unget(p, c);
	return c;
}

static bool read_raw_line(struct parser *p, struct strbuf *b)
{
	int c;

	while ((c = source_get(p->src)) != SH_EOF) {
		buf_char(b, c);
		if (c == '\n')
			return true;
	}
	return b->len > 0;
}

/* Reads the text of one here-document, which starts on the line that comes now. */
static void read_heredoc(struct parser *p, struct heredoc *h)
{
	struct strbuf doc, line;
	size_t end_len = strlen(h->end);

	buf_init(&doc, p->arena);
	buf_init(&line, p->arena);
	for (;; line.len = 0) {
		char *s = line.s;

		if (!read_raw_line(p, &line)) {
			warn("here-document ends with the file, not with `%s'", h->end);
			break;
		}
		for (s = line.s; h->strip_tabs && *s == '\t'; s++)
			;
		if (!strncmp(s, h->end, end_len) && (!s[end_len] || s[end_len] == '\n'))
			break;
		buf_str(&doc, s);
	}
	h->redir->target = h->quoted ? lex_literal(p, doc.s, doc.len) : lex_text(p, doc.s, doc.len);
}

static void read_heredocs(struct parser *p)
{
	while (p->heredocs && !p->error) {
		struct heredoc *h = p->heredocs;

		p->heredocs = h->next;
		read_heredoc(p, h);
	}
}

static void skip_blanks(struct parser *p)
{
	int c;

	do
		c = lex_get(p);
	while (c == ' ' || c == '\t');
	if (c == '#')
		while (c != '\n' && c != SH_EOF)
			c = source_get(p->src);
	lex_unget(p, c);
}

static enum token follow(struct parser *p, int c, enum token with, enum token without)
{
	if (lex_peek(p) != c)
		return without;
	lex_get(p);
	return with;
}

static enum token lex_less(struct parser *p)
{
	int c = lex_get(p);

	switch (c) {
	case '<':
		return follow(p, '-', T_DLESSDASH, T_DLESS);
	case '&':
		return T_LESSAND;
	case '>':
		return T_LESSGREAT;
	default:
		lex_unget(p, c);
		return T_LESS;
	}
}

static enum token lex_great(struct parser *p)
{
	int c = lex_get(p);

	switch (c) {
	case '>':
		return T_DGREAT;
	case '&':
		return T_GREATAND;
	case '|':
		return T_CLOBBER;
	default:
		lex_unget(p, c);
		return T_GREAT;
	}
}

static enum token lex_word(struct parser *p)
{
	int c;

	p->word = lex_plain(p);
	p->literal = NULL;
	if (!p->word->parts) {
		/* only a stray quote that failed to read gives no part at all */
		syntax_error(p, "unexpected character");
		return T_EOF;
	}
	if (p->word->parts->type != P_TEXT || p->word->parts->quoted || p->word->parts->next)
		return T_WORD;
	p->literal = p->word->parts->text;
	c = lex_peek(p);
	if ((c == '<' || c == '>') && strlen(p->literal) <= 4 &&
	    strspn(p->literal, "0123456789") == strlen(p->literal)) {
		p->number = atoi(p->literal);
		return T_IO_NUMBER;
	}
	return T_WORD;
}

/* Reads the next token; a T_WORD or T_IO_NUMBER leaves its value in the parser. */
enum token lex(struct parser *p)
{
	int c;

	if (p->error)
		return T_EOF;
	skip_blanks(p);
	p->tok_start = p->src->record ? p->src->record->len : 0;
	c = lex_get(p);
	switch (c) {
	case SH_EOF:
		return T_EOF;
	case '\n':
		read_heredocs(p);
		return T_NEWLINE;
	case ';':
		return follow(p, ';', T_DSEMI, T_SEMI);
	case '&':
		return follow(p, '&', T_AND, T_AMP);
	case '|':
		return follow(p, '|', T_OR, T_PIPE);
	case '(':
		return T_LPAREN;
	case ')':
		return T_RPAREN;
	case '<':
		return lex_less(p);
	case '>':
		return lex_great(p);
	default:
		lex_unget(p, c);
		return lex_word(p);
	}
}

const char *token_name(struct parser *p)
{
	static const char *const names[] = {
		[T_EOF] = "end of file", [T_NEWLINE] = "newline", [T_WORD] = "word",
		[T_IO_NUMBER] = "number", [T_SEMI] = ";", [T_DSEMI] = ";;", [T_AMP] = "&",
		[T_AND] = "&&", [T_PIPE] = "|", [T_OR] = "||", [T_LPAREN] = "(", [T_RPAREN] = ")",
		[T_LESS] = "<", [T_GREAT] = ">", [T_DGREAT] = ">>", [T_LESSAND] = "<&",
		[T_GREATAND] = ">&", [T_LESSGREAT] = "<>", [T_CLOBBER] = ">|", [T_DLESS] = "<<",
		[T_DLESSDASH] = "<<-",
	};

	return p->tok == T_WORD && p->literal ? p->literal : names[p->tok];
}
