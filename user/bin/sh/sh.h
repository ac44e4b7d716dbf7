// SPDX-License-Identifier: MIT
/*
 * The shell: what its files share.
 *
 * A line goes input.c -> lex.c, word.c -> parse.c, which make a tree; exec.c walks the tree;
 * command.c runs the leaves, for which expand.c makes the arguments and redir.c the descriptors.
 * jobs.c knows the children, trap.c the signals, var.c the variables.
 *
 * Two rules hold everywhere:
 *
 * - Memory. A tree lives in an arena of its own, counted, since a function keeps the tree that
 *   defined it. What an expansion makes lives in sh.tmp, which is used as a stack: a command takes
 *   a mark before it starts and releases to it when it ends. So nothing is freed piece by piece,
 *   and a command that fails half way leaks nothing.
 * - Leaving early. break, continue, return, exit, an error and ^C all set sh.unwind, and every
 *   loop over commands stops when it is set, up to the one it is meant for. There is no longjmp:
 *   each function on the way gets its turn to undo what it did.
 */
#ifndef TEAK_SH_H
#define TEAK_SH_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* mem.c: arenas and the strings that grow in them */

struct chunk;

struct arena {
	struct chunk	*top;
	unsigned int	refs;
};

struct mark {
	struct chunk	*chunk;
	size_t		used;
};

/* A string under construction: s is NUL-terminated at all times. */
struct strbuf {
	struct arena	*arena;
	char		*s;
	size_t		len, cap;
};

void *xmalloc(size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
struct arena *arena_new(void);
void arena_get(struct arena *a);
void arena_put(struct arena *a);
void *arena_alloc(struct arena *a, size_t size);
char *arena_strdup(struct arena *a, const char *s, size_t len);
struct mark arena_mark(struct arena *a);
void arena_release(struct arena *a, struct mark m);
void buf_init(struct strbuf *b, struct arena *a);
void buf_char(struct strbuf *b, char c);
void buf_mem(struct strbuf *b, const char *s, size_t len);
void buf_str(struct strbuf *b, const char *s);
void buf_printf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int write_all(int fd, const char *s, size_t len);
int out_buf(struct strbuf *b);
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void sh_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The tree */

enum part_type { P_TEXT, P_PARAM, P_COMMAND, P_ARITH };

/*
 * A word is a list of parts, one for each stretch of text or $-expansion in it. quoted: it stood
 * in quotes, so it is neither split into fields nor a pattern; a quoted part also makes a field
 * where its value is empty.
 */
struct part {
	struct part	*next;
	enum part_type	type;
	bool		quoted;
	char		*text;		/* P_TEXT: the text; P_PARAM: the parameter's name */
	char		op;		/* P_PARAM: 0, or one of -=?+ #% and L for ${#x} */
	bool		twice;		/* P_PARAM: :- := :? :+ ## %% */
	struct word	*arg;		/* P_PARAM: what follows op; P_ARITH: the expression */
	struct node	*body;		/* P_COMMAND: NULL if empty */
};

struct word {
	struct word	*next;
	struct part	*parts;
};

struct assign {
	struct assign	*next;
	char		*name;
	struct word	*value;
};

enum redir_type { R_IN, R_OUT, R_APPEND, R_RDWR, R_DUP, R_HERE };

struct redir {
	struct redir	*next;
	enum redir_type	type;
	int		fd;
	struct word	*target;	/* R_HERE: the document */
};

struct case_item {
	struct case_item *next;
	struct word	*patterns;
	struct node	*body;		/* NULL if empty */
};

/*
 * first is the first of the children, linked by next:
 *
 *	N_SIMPLE	assigns, words, redirs
 *	N_LIST		first...; a child with join '&' runs in the background
 *	N_ANDOR		first...; a child's join, '&' or '|', ties it to the one before
 *	N_PIPE		first...; negate
 *	N_SUBSHELL	first; N_GROUP the same
 *	N_IF		cond, first, other (NULL, an N_IF for elif, or the else part)
 *	N_LOOP		cond, first; negate for until
 *	N_FOR		name, words (has_in, else "$@"), first
 *	N_CASE		words (one), items
 *	N_FUNC		name, first
 */
enum node_type {
	N_SIMPLE, N_LIST, N_ANDOR, N_PIPE, N_SUBSHELL, N_GROUP, N_IF, N_LOOP, N_FOR, N_CASE, N_FUNC
};

struct node {
	enum node_type	type;
	char		join;
	bool		negate, has_in;
	struct node	*next;
	struct node	*first, *cond, *other;
	struct word	*words;
	struct assign	*assigns;
	struct redir	*redirs;
	struct case_item *items;
	char		*name;
	char		*text;		/* its source, for the job table; may be NULL */
};

/* input.c: where the characters come from */

#define SH_EOF	(-1)

struct source {
	const char	*p, *end;	/* what is left of the current line, or of the string */
	int		fd;		/* lines are read from here; -1: only the string */
	bool		terminal;	/* prompt for each line; edit it if fd is a terminal */
	bool		again;		/* the next prompt is PS2 */
	bool		eof;		/* until the next command: a terminal can go on */
	unsigned int	line;
	struct strbuf	text;		/* holds the current line */
	struct strbuf	*record;	/* all that was read goes here too, if not NULL */
};

void source_string(struct source *s, const char *text, size_t len);
void source_fd(struct source *s, int fd, bool terminal);
void source_close(struct source *s);
int source_get(struct source *s);
void source_unget(struct source *s, int c);
bool source_at_end(struct source *s);
int read_line(int fd, struct strbuf *b);

/* lex.c, word.c and parse.c */

enum token {
	T_EOF, T_NEWLINE, T_WORD, T_IO_NUMBER, T_SEMI, T_DSEMI, T_AMP, T_AND, T_PIPE, T_OR,
	T_LPAREN, T_RPAREN, T_LESS, T_GREAT, T_DGREAT, T_LESSAND, T_GREATAND, T_LESSGREAT,
	T_CLOBBER, T_DLESS, T_DLESSDASH
};

/* A here-document whose << has been seen and whose text has not. */
struct heredoc {
	struct heredoc	*next;
	struct redir	*redir;
	const char	*end;
	bool		quoted, strip_tabs;
};

struct parser {
	struct source	*src;
	struct arena	*arena;
	bool		error;		/* a syntax error was found and reported */
	bool		peeked;		/* the fields below hold the next token */
	enum token	tok;
	struct word	*word;		/* T_WORD */
	char		*literal;	/* T_WORD: its text, if there is no quote or $ in it */
	int		number;		/* T_IO_NUMBER */
	size_t		tok_start;	/* its place in the record */
	unsigned int	depth;
	struct heredoc	*heredocs;
};

enum token lex(struct parser *p);
const char *token_name(struct parser *p);
int lex_get(struct parser *p);
void lex_unget(struct parser *p, int c);
int lex_peek(struct parser *p);
struct word *lex_plain(struct parser *p);
struct word *lex_literal(struct parser *p, const char *text, size_t len);
struct word *lex_text(struct parser *p, const char *text, size_t len);
void syntax_error(struct parser *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool parse_enter(struct parser *p);
void parser_init(struct parser *p, struct source *src, struct arena *a);
struct node *parse_line(struct parser *p);
struct node *parse_until(struct parser *p, enum token end);
char *keep_source(struct parser *p, size_t from);

/* expand.c, param.c, glob.c, arith.c */

struct fields {
	char		**v;		/* ends with NULL */
	size_t		n, cap;
};

struct expander;

void fields_add(struct fields *f, char *s);
bool expand_fields(struct word *w, struct fields *out);
char *expand_string(struct word *w);
char *expand_pattern(struct word *w);
bool expand_prompt(const char *text, struct strbuf *b);
bool expand_parts(struct expander *e, struct part *part, bool inside);
void expand_value(struct expander *e, const char *s, bool quoted);
void expand_break(struct expander *e);
bool expander_splits(struct expander *e);
bool expand_param(struct expander *e, struct part *part);
char *unescape(char *pattern);
bool arith(const char *expr, int64_t *value);
bool has_wildcard(const char *pattern);
bool pattern_match(const char *pattern, const char *s);
void glob_path(const char *pattern, struct fields *out);

/* var.c */

enum { V_EXPORT = 1, V_READONLY = 2 };

struct saved_var;

void vars_init(void);
const char *var_get(const char *name);
bool var_set(const char *name, const char *value, int flags);
bool var_unset(const char *name);
bool is_name(const char *s, size_t len);
size_t name_length(const char *s);
char **var_environ(void);
void vars_print(const char *prefix, int flags);
void var_save(struct saved_var **list, const char *name);
void vars_restore(struct saved_var *list);
const char *ifs(void);

struct params {
	int		n;
	char		**v;
	void		*memory;
};

void params_set(struct params *p, int n, char **v);
void params_free(struct params *p);
const char *special_param(char c, char buf[static 24]);

/* exec.c, command.c, redir.c */

enum { EX_EXIT = 1 };		/* nothing comes after: the process may be given away */

struct function {
	struct function	*next;
	char		*name;
	struct node	*body;
	struct arena	*tree;		/* holds body */
};

/* A function call in progress. */
struct frame {
	struct frame	*up;
	struct saved_var *locals;
};

void exec_node(struct node *n, int flags);
void exec_simple(struct node *n, int flags);
void exec_body(struct node *n, int flags);
void child_exit(void) __attribute__((noreturn));
void run_source(struct source *src, bool may_exit);
int run_string(const char *text);
void function_define(const char *name, struct node *body);
bool function_unset(const char *name);
struct function *function_find(const char *name);
void functions_each(void (*fn)(const char *name, void *arg), void *arg);
char *find_command(const char *name);
void exec_program(char **argv) __attribute__((noreturn));

struct saved_fd;

bool redir_apply(struct redir *r, struct saved_fd **saved);
void redir_restore(struct saved_fd *saved);
int move_fd_high(int fd);

/* jobs.c */

struct job;

void jobs_init(void);
struct job *job_new(const char *text, bool group);
pid_t job_fork(struct job *j, bool background);
int job_wait(struct job *j);
void job_background(struct job *j);
void jobs_notify(void);
void jobs_hangup(void);
bool jobs_may_leave(void);
int builtin_jobs(int argc, char **argv);
int builtin_fg(int argc, char **argv);
int builtin_bg(int argc, char **argv);
int builtin_wait(int argc, char **argv);
int builtin_kill(int argc, char **argv);

/* trap.c */

void traps_init(void);
void traps_interactive(void);
void traps_child(bool background);
int traps_pending(void);
bool traps_any(void);
void traps_run(void);
void trap_exit(void);
const char *signal_name(int sig);
int signal_number(const char *name);
int builtin_trap(int argc, char **argv);

/* builtin.c and the files of single builtins */

struct builtin {
	const char	*name;
	int		(*run)(int argc, char **argv);
	bool		special;	/* POSIX's special builtins: assignments before them stay */
	const char	*usage;
};

const struct builtin *builtin_find(const char *name);
void builtins_each(void (*fn)(const char *name, void *arg), void *arg);
int builtin_usage(const char *name);
bool parse_int(const char *s, long *value);
long count_arg(int argc, char **argv, long fallback);
int builtin_test(int argc, char **argv);
int builtin_echo(int argc, char **argv);
int builtin_printf(int argc, char **argv);
int builtin_read(int argc, char **argv);
char *current_dir(void);
int builtin_cd(int argc, char **argv);
int builtin_pwd(int argc, char **argv);
int builtin_umask(int argc, char **argv);
int builtin_times(int argc, char **argv);
int builtin_set(int argc, char **argv);
int builtin_export(int argc, char **argv);
int builtin_unset(int argc, char **argv);
int builtin_local(int argc, char **argv);
int builtin_shift(int argc, char **argv);
bool set_options(const char *letters, bool on);

/* edit.c, history.c, complete.c */

int edit_line(int fd, const char *prompt, struct strbuf *line);
void history_add(const char *line);
const char *history_get(size_t back);
int builtin_history(int argc, char **argv);

struct completion {
	struct fields	names;		/* sorted, each once, without the folder */
	size_t		start;		/* where in the line the word begins */
	char		*word;		/* the word so far, without its quotes */
	size_t		folder;		/* length of the folder part in it, slash included */
};

void complete(const char *line, size_t pos, struct completion *c);

/* main.c: the state of the shell */

enum unwind { UNWIND_NONE, UNWIND_BREAK, UNWIND_CONTINUE, UNWIND_RETURN, UNWIND_TOP, UNWIND_EXIT };

struct shell {
	int		status;		/* $? */
	enum unwind	unwind;
	int		levels;		/* loops that break or continue has still to leave */
	int		loops;		/* loops around the running command */
	int		tested;		/* > 0: a failing command does not end the shell (-e) */
	unsigned int	depth;		/* of exec_node */
	int		subst_status;	/* of the last command substitution, or -1 */

	bool		errexit, noglob, noexec, nounset, xtrace;
	bool		interactive;	/* at a prompt; false in every child */
	bool		job_control;	/* interactive and the terminal takes part */
	int		tty;		/* descriptor of the terminal, or -1 */

	pid_t		pid;		/* $$ */
	pid_t		background;	/* $!, 0 for none */
	unsigned long	lines;		/* typed at the prompt so far */
	const char	*arg0;
	struct params	params;
	struct frame	*frame;
	unsigned int	sourced;	/* files being read by . */

	struct arena	*tmp;		/* the stack of expansions */
	struct arena	*tree;		/* holds the tree being run */
};

extern struct shell sh;

#endif
