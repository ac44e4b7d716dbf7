// SPDX-License-Identifier: MIT
/*
 * The parser: tokens to a tree, by recursive descent.
 *
 *	list     = andor { (';' | '&' | newline) andor }
 *	andor    = pipeline { ('&&' | '||') pipeline }
 *	pipeline = [ '!' ] command { '|' command }
 *	command  = simple | compound { redirection } | name '(' ')' compound
 *
 * A function returns NULL when there is nothing for it at the next token, or after an error, which
 * is then marked in the parser and makes every later token an end of file.
 */
#include <string.h>

#include "sh.h"

static struct node *parse_list(struct parser *p, bool one_line);
static struct node *parse_command(struct parser *p);

void parser_init(struct parser *p, struct source *src, struct arena *a)
{
	memset(p, 0, sizeof(*p));
	p->src = src;
	p->arena = a;
}

static enum token peek(struct parser *p)
{
	if (p->error) {
		p->literal = NULL;
		p->tok = T_EOF;
	} else if (!p->peeked) {
		p->tok = lex(p);
		p->peeked = true;
	}
	return p->error ? T_EOF : p->tok;
}

static void next(struct parser *p)
{
	p->peeked = false;
}

static bool accept(struct parser *p, enum token tok)
{
	if (peek(p) != tok)
		return false;
	next(p);
	return true;
}

static void unexpected(struct parser *p)
{
	syntax_error(p, "unexpected %.60s", token_name(p));
}

static void expect(struct parser *p, enum token tok)
{
	if (!accept(p, tok))
		unexpected(p);
}

static bool at_keyword(struct parser *p, const char *keyword)
{
	return peek(p) == T_WORD && p->literal && !strcmp(p->literal, keyword);
}

static bool accept_keyword(struct parser *p, const char *keyword)
{
	if (!at_keyword(p, keyword))
		return false;
	next(p);
	return true;
}

static void expect_keyword(struct parser *p, const char *keyword)
{
	if (!accept_keyword(p, keyword))
		syntax_error(p, "unexpected %.60s, expected %s", token_name(p), keyword);
}

/* A keyword that ends the list before it. */
static bool at_closing_keyword(struct parser *p)
{
	static const char *const closing[] = {
		"then", "else", "elif", "fi", "do", "done", "esac", "}",
	};
	size_t i;

	for (i = 0; i < sizeof(closing) / sizeof(closing[0]); i++)
		if (at_keyword(p, closing[i]))
			return true;
	return false;
}

static void skip_newlines(struct parser *p)
{
	while (accept(p, T_NEWLINE))
		;
}

static struct node *new_node(struct parser *p, enum node_type type)
{
	struct node *n = arena_alloc(p->arena, sizeof(*n));

	memset(n, 0, sizeof(*n));
	n->type = type;
	return n;
}

/* The source text from a place in the record up to where the parser is, without its end. */
char *keep_source(struct parser *p, size_t from)
{
	struct strbuf *r = p->src->record;
	size_t end;

	if (!r || from > r->len)
		return NULL;
	end = p->peeked && p->tok_start >= from && p->tok_start <= r->len ? p->tok_start : r->len;
	while (end > from && strchr(" \t\n;&|", r->s[end - 1]))
		end--;
	return arena_strdup(p->arena, r->s + from, end - from);
}

/* The list in a compound command, which may not be empty. */
static struct node *need_list(struct parser *p)
{
	struct node *n = parse_list(p, false);

	if (!n)
		unexpected(p);
	return n;
}

static bool here_end(struct parser *p, struct word *w, struct heredoc *h)
{
	struct strbuf b;
	struct part *part;

	buf_init(&b, p->arena);
	for (part = w->parts; part; part = part->next) {
		if (part->type != P_TEXT) {
			syntax_error(p, "the end of a here-document must be plain text");
			return false;
		}
		h->quoted |= part->quoted;
		buf_str(&b, part->text);
	}
	h->end = b.s;
	return true;
}

static void add_heredoc(struct parser *p, struct redir *r, struct word *end, bool strip_tabs)
{
	struct heredoc *h = arena_alloc(p->arena, sizeof(*h)), **tail = &p->heredocs;

	memset(h, 0, sizeof(*h));
	h->redir = r;
	h->strip_tabs = strip_tabs;
	r->target = end;	/* until the text has come */
	if (!here_end(p, end, h))
		return;
	while (*tail)
		tail = &(*tail)->next;
	*tail = h;
}

/* One redirection, with the number before it. */
static struct redir *parse_redir(struct parser *p)
{
	static const struct {
		enum token	tok;
		enum redir_type	type;
		int		fd;
	} kinds[] = {
		{ T_LESS, R_IN, 0 }, { T_GREAT, R_OUT, 1 }, { T_CLOBBER, R_OUT, 1 },
		{ T_DGREAT, R_APPEND, 1 }, { T_LESSGREAT, R_RDWR, 0 }, { T_LESSAND, R_DUP, 0 },
		{ T_GREATAND, R_DUP, 1 }, { T_DLESS, R_HERE, 0 }, { T_DLESSDASH, R_HERE, 0 },
	};
	enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };
	bool numbered = peek(p) == T_IO_NUMBER;
	int number = p->number;
	enum token tok;
	struct redir *r;
	size_t i;

	if (numbered)
		next(p);
	tok = peek(p);
	for (i = 0; i < KINDS && kinds[i].tok != tok; i++)
		;
	if (i == KINDS) {
		if (numbered)
			unexpected(p);
		return NULL;
	}
	next(p);
	if (peek(p) == T_IO_NUMBER)
		p->tok = T_WORD;	/* the target of >, as in `>1 <2' */
	if (peek(p) != T_WORD) {
		unexpected(p);
		return NULL;
	}
	r = arena_alloc(p->arena, sizeof(*r));
	memset(r, 0, sizeof(*r));
	r->type = kinds[i].type;
	r->fd = numbered ? number : kinds[i].fd;
	r->target = p->word;
	next(p);
	if (r->type == R_HERE)
		add_heredoc(p, r, r->target, tok == T_DLESSDASH);
	return r;
}

/* Adds all redirections at this place to those of a node. Returns whether there was one. */
static bool parse_redirs(struct parser *p, struct node *n)
{
	struct redir **tail = &n->redirs;
	bool any = false;

	while (*tail)
		tail = &(*tail)->next;
	while ((*tail = parse_redir(p))) {
		tail = &(*tail)->next;
		any = true;
	}
	return any;
}

/* Splits "name=..." off a word. Returns NULL if the word is not of that form. */
static struct assign *as_assignment(struct parser *p, struct word *w)
{
	struct part *part = w->parts;
	struct assign *a;
	size_t len;

	if (part->type != P_TEXT || part->quoted)
		return NULL;
	len = name_length(part->text);
	if (!len || part->text[len] != '=')
		return NULL;
	a = arena_alloc(p->arena, sizeof(*a));
	a->next = NULL;
	a->name = arena_strdup(p->arena, part->text, len);
	part->text += len + 1;
	a->value = w;
	return a;
}

static struct node *parse_function(struct parser *p, char *name)
{
	struct node *n = new_node(p, N_FUNC);

	next(p);
	expect(p, T_RPAREN);
	if (!is_name(name, strlen(name)))
		syntax_error(p, "bad name of a function: %.60s", name);
	skip_newlines(p);
	n->name = name;
	n->first = parse_command(p);
	if (!n->first || n->first->type == N_SIMPLE)
		unexpected(p);
	return n;
}

static struct node *parse_simple(struct parser *p)
{
	struct node *n = new_node(p, N_SIMPLE);
	struct assign **assigns = &n->assigns;
	struct word **words = &n->words;

	for (;;) {
		char *literal;

		parse_redirs(p, n);
		if (peek(p) != T_WORD)
			break;
		literal = p->literal;
		if (!n->words && (*assigns = as_assignment(p, p->word))) {
			assigns = &(*assigns)->next;
			next(p);
			continue;
		}
		*words = p->word;
		words = &p->word->next;
		next(p);
		if (words == &n->words->next && literal && !n->assigns && !n->redirs &&
		    peek(p) == T_LPAREN)
			return parse_function(p, literal);
	}
	return n->words || n->assigns || n->redirs ? n : NULL;
}

/* After "if" or "elif"; the chain is built without recursion. */
static struct node *parse_if(struct parser *p)
{
	struct node *first = new_node(p, N_IF), *n = first;

	for (;;) {
		n->cond = need_list(p);
		expect_keyword(p, "then");
		n->first = need_list(p);
		if (!accept_keyword(p, "elif"))
			break;
		n = n->other = new_node(p, N_IF);
	}
	if (accept_keyword(p, "else"))
		n->other = need_list(p);
	expect_keyword(p, "fi");
	return first;
}

static struct node *parse_do(struct parser *p)
{
	struct node *body;

	expect_keyword(p, "do");
	body = need_list(p);
	expect_keyword(p, "done");
	return body;
}

static struct node *parse_loop(struct parser *p, bool until)
{
	struct node *n = new_node(p, N_LOOP);

	n->negate = until;
	n->cond = need_list(p);
	n->first = parse_do(p);
	return n;
}

static struct node *parse_for(struct parser *p)
{
	struct node *n = new_node(p, N_FOR);
	struct word **words = &n->words;

	if (peek(p) != T_WORD || !p->literal || !is_name(p->literal, strlen(p->literal))) {
		syntax_error(p, "for needs the name of a variable, not %.60s", token_name(p));
		return n;
	}
	n->name = p->literal;
	next(p);
	skip_newlines(p);
	if (accept_keyword(p, "in")) {
		n->has_in = true;
		for (; peek(p) == T_WORD; next(p)) {
			*words = p->word;
			words = &p->word->next;
		}
		if (!accept(p, T_SEMI))
			expect(p, T_NEWLINE);
	} else {
		accept(p, T_SEMI);
	}
	skip_newlines(p);
	n->first = parse_do(p);
	return n;
}

static struct case_item *parse_case_item(struct parser *p)
{
	struct case_item *item = arena_alloc(p->arena, sizeof(*item));
	struct word **patterns = &item->patterns;

	memset(item, 0, sizeof(*item));
	accept(p, T_LPAREN);
	do {
		if (peek(p) != T_WORD) {
			unexpected(p);
			return item;
		}
		*patterns = p->word;
		patterns = &p->word->next;
		next(p);
	} while (accept(p, T_PIPE));
	expect(p, T_RPAREN);
	item->body = parse_list(p, false);
	if (!accept(p, T_DSEMI) && !at_keyword(p, "esac"))
		unexpected(p);
	skip_newlines(p);
	return item;
}

static struct node *parse_case(struct parser *p)
{
	struct node *n = new_node(p, N_CASE);
	struct case_item **items = &n->items;

	if (peek(p) != T_WORD) {
		unexpected(p);
		return n;
	}
	n->words = p->word;
	next(p);
	skip_newlines(p);
	expect_keyword(p, "in");
	skip_newlines(p);
	while (!p->error && !accept_keyword(p, "esac")) {
		*items = parse_case_item(p);
		items = &(*items)->next;
	}
	return n;
}

static struct node *parse_braces(struct parser *p)
{
	struct node *n = new_node(p, N_GROUP);

	n->first = need_list(p);
	expect_keyword(p, "}");
	return n;
}

static struct node *parse_subshell(struct parser *p)
{
	struct node *n = new_node(p, N_SUBSHELL);

	n->first = need_list(p);
	expect(p, T_RPAREN);
	return n;
}

static struct node *parse_compound(struct parser *p)
{
	if (accept(p, T_LPAREN))
		return parse_subshell(p);
	if (accept_keyword(p, "{"))
		return parse_braces(p);
	if (accept_keyword(p, "if"))
		return parse_if(p);
	if (accept_keyword(p, "while"))
		return parse_loop(p, false);
	if (accept_keyword(p, "until"))
		return parse_loop(p, true);
	if (accept_keyword(p, "for"))
		return parse_for(p);
	if (accept_keyword(p, "case"))
		return parse_case(p);
	return NULL;
}

static struct node *parse_command(struct parser *p)
{
	struct node *n;

	if (!parse_enter(p))
		return NULL;
	n = parse_compound(p);
	if (n)
		parse_redirs(p, n);
	else if (!at_closing_keyword(p))
		n = parse_simple(p);
	p->depth--;
	return n;
}

static struct node *parse_pipeline(struct parser *p)
{
	struct node *pipe = new_node(p, N_PIPE), **tail = &pipe->first;
	size_t start;

	peek(p);
	start = p->tok_start;
	while (accept_keyword(p, "!"))
		pipe->negate = !pipe->negate;
	*tail = parse_command(p);
	if (!*tail) {
		if (pipe->negate)
			unexpected(p);
		return NULL;
	}
	while (accept(p, T_PIPE)) {
		tail = &(*tail)->next;
		skip_newlines(p);
		*tail = parse_command(p);
		if (!*tail) {
			unexpected(p);
			return NULL;
		}
	}
	peek(p);
	pipe->text = keep_source(p, start);
	if (pipe->first->next || pipe->negate)
		return pipe;
	pipe->first->text = pipe->text;
	return pipe->first;
}

static struct node *parse_andor(struct parser *p)
{
	struct node *andor = new_node(p, N_ANDOR), **tail = &andor->first;
	size_t start;

	peek(p);
	start = p->tok_start;
	*tail = parse_pipeline(p);
	while (*tail) {
		char join;

		if (accept(p, T_AND))
			join = '&';
		else if (accept(p, T_OR))
			join = '|';
		else
			break;
		tail = &(*tail)->next;
		skip_newlines(p);
		*tail = parse_pipeline(p);
		if (!*tail)
			unexpected(p);
		else
			(*tail)->join = join;
	}
	if (!andor->first || !andor->first->next)
		return andor->first;
	andor->text = keep_source(p, start);
	return andor;
}

/* one_line: stop at the newline, and leave it; else newlines are like semicolons. */
static struct node *parse_list(struct parser *p, bool one_line)
{
	struct node *list = new_node(p, N_LIST), **tail = &list->first;

	for (;;) {
		if (!one_line)
			skip_newlines(p);
		*tail = parse_andor(p);
		if (!*tail)
			break;
		/* a list's join stands on its children only; && and || have theirs inside */
		if (accept(p, T_AMP))
			(*tail)->join = '&';
		else if (!accept(p, T_SEMI) && (one_line || !accept(p, T_NEWLINE)))
			break;
		tail = &(*tail)->next;
	}
	if (!list->first || p->error)
		return NULL;
	if (!list->first->next && !list->first->join)
		return list->first;
	return list;
}

/**
 * parse_line - read one command and the newline that ends it
 *
 * Returns NULL for an empty line, at the end of file (the token is then T_EOF) and after an error.
 */
struct node *parse_line(struct parser *p)
{
	struct node *n;

	p->heredocs = NULL;
	n = parse_list(p, true);
	if (peek(p) != T_NEWLINE && peek(p) != T_EOF)
		unexpected(p);
	p->peeked = false;
	return p->error ? NULL : n;
}

/* All commands up to a token, for a command substitution. */
struct node *parse_until(struct parser *p, enum token end)
{
	struct node *n = parse_list(p, false);

	expect(p, end);
	return p->error ? NULL : n;
}
