// SPDX-License-Identifier: MIT
/*
 * Execution: walking the tree.
 *
 * Every function here leaves its result in sh.status, and stops when sh.unwind is set. With EX_EXIT
 * the caller promises that the process has nothing else to do afterwards, so that a program need
 * not be forked for and a subshell can use the process it is in; a trap that is set forbids both,
 * since somebody must be left to run it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

/*
 * A function that calls itself for ever must end in an error, not in a fault. A call takes three
 * to five levels here; 3000 of them fit in a stack of 8 MiB several times over.
 */
enum { MAX_DEPTH = 3000 };

/* The end of every forked shell. */
void child_exit(void)
{
	trap_exit();
	_exit(sh.status);
}

/* sh -e: a failure that nobody looks at ends the shell. */
static void check_errexit(void)
{
	if (sh.status && sh.errexit && !sh.tested && !sh.unwind)
		sh.unwind = UNWIND_EXIT;
}

static void exec_tested(struct node *n)
{
	sh.tested++;
	exec_node(n, 0);
	sh.tested--;
}

static void exec_async(struct node *n)
{
	struct job *job = job_new(n->text, true);

	if (job_fork(job, true) == 0) {
		exec_node(n, EX_EXIT);
		child_exit();
	}
	job_background(job);
	if (!sh.unwind)
		sh.status = 0;
}

static void exec_list(struct node *n, int flags)
{
	for (n = n->first; n && !sh.unwind; n = n->next) {
		if (n->join)
			exec_async(n);
		else
			exec_node(n, n->next ? 0 : flags);
	}
}

static void exec_andor(struct node *n, int flags)
{
	for (n = n->first; n && !sh.unwind; n = n->next) {
		if ((n->join == '&' && sh.status) || (n->join == '|' && !sh.status))
			continue;
		if (n->next)
			exec_tested(n);
		else
			exec_node(n, flags);
	}
}

/* In the child for one stage: in and out are its ends of the pipes, -1 for none. */
static void pipe_stage(struct node *n, int in, int out)
{
	if (in > 0) {
		dup2(in, 0);
		close(in);
	}
	if (out >= 0 && out != 1) {
		dup2(out, 1);
		close(out);
	}
	exec_node(n, EX_EXIT);
	child_exit();
}

static void run_pipeline(struct node *n)
{
	struct job *job = job_new(n->text, true);
	int in = -1, fd[2];

	for (struct node *stage = n->first; stage; stage = stage->next) {
		pid_t pid;

		fd[0] = fd[1] = -1;
		if (stage->next && pipe(fd)) {
			sh_error("cannot make a pipe: %s", strerror(errno));
			break;
		}
		pid = job_fork(job, false);
		if (pid == 0) {
			if (fd[0] >= 0)
				close(fd[0]);
			pipe_stage(stage, in, fd[1]);
		}
		if (in >= 0)
			close(in);
		if (fd[1] >= 0)
			close(fd[1]);
		in = fd[0];
		if (pid < 0)
			break;
	}
	if (in >= 0)
		close(in);
	sh.status = job_wait(job);
}

static void exec_pipe(struct node *n, int flags)
{
	sh.tested += n->negate;
	if (n->first->next)
		run_pipeline(n);
	else
		exec_node(n->first, n->negate ? 0 : flags);
	sh.tested -= n->negate;
	if (n->negate && !sh.unwind)
		sh.status = !sh.status;
	else if (!n->negate)
		check_errexit();
}

static void exec_subshell(struct node *n, int flags)
{
	struct job *job;
	pid_t pid;

	if ((flags & EX_EXIT) && !traps_any()) {
		exec_node(n->first, EX_EXIT);
		return;
	}
	job = job_new(n->text, true);
	pid = job_fork(job, false);
	if (pid == 0) {
		exec_node(n->first, EX_EXIT);
		child_exit();
	}
	sh.status = job_wait(job);
	check_errexit();
}

static void exec_if(struct node *n, int flags)
{
	for (; n && n->type == N_IF; n = n->other) {
		exec_tested(n->cond);
		if (sh.unwind)
			return;
		if (sh.status == 0) {
			exec_node(n->first, flags);
			return;
		}
	}
	if (n)
		exec_node(n, flags);
	else
		sh.status = 0;
}

/* After a round of a loop: does break, continue or worse end this loop? */
static bool loop_ends(void)
{
	if (sh.unwind != UNWIND_BREAK && sh.unwind != UNWIND_CONTINUE)
		return sh.unwind;
	if (--sh.levels > 0)
		return true;
	if (sh.unwind == UNWIND_CONTINUE) {
		sh.unwind = UNWIND_NONE;
		return false;
	}
	sh.unwind = UNWIND_NONE;
	return true;
}

static void exec_loop(struct node *n)
{
	int status = 0;

	sh.loops++;
	for (;;) {
		exec_tested(n->cond);
		if (sh.unwind) {
			if (loop_ends())
				break;
			continue;
		}
		if ((sh.status == 0) == n->negate)
			break;
		exec_node(n->first, 0);
		status = sh.status;
		if (loop_ends())
			break;
	}
	sh.loops--;
	if (!sh.unwind)
		sh.status = status;
}

static void exec_for(struct node *n)
{
	struct fields values = { 0 };
	struct params own;
	size_t i;

	if (n->has_in) {
		for (struct word *w = n->words; w; w = w->next)
			if (!expand_fields(w, &values))
				return;
	} else {
		params_set(&own, sh.params.n, sh.params.v);
		values.v = own.v;
		values.n = own.n;
	}
	sh.status = 0;
	sh.loops++;
	for (i = 0; i < values.n; i++) {
		if (!var_set(n->name, values.v[i], 0))
			break;
		exec_node(n->first, 0);
		if (loop_ends())
			break;
	}
	sh.loops--;
	if (!n->has_in)
		params_free(&own);
}

static void exec_case(struct node *n, int flags)
{
	char *subject = expand_string(n->words);

	if (!subject)
		return;
	for (struct case_item *item = n->items; item; item = item->next) {
		for (struct word *w = item->patterns; w; w = w->next) {
			char *pattern = expand_pattern(w);

			if (!pattern)
				return;
			if (!pattern_match(pattern, subject))
				continue;
			sh.status = 0;
			if (item->body)
				exec_node(item->body, flags);
			return;
		}
	}
	sh.status = 0;
}

static void exec_compound(struct node *n, int flags)
{
	switch (n->type) {
	case N_SUBSHELL:
		exec_subshell(n, flags);
		break;
	case N_GROUP:
		exec_node(n->first, flags);
		break;
	case N_IF:
		exec_if(n, flags);
		break;
	case N_LOOP:
		exec_loop(n);
		break;
	case N_FOR:
		exec_for(n);
		break;
	case N_CASE:
		exec_case(n, flags);
		break;
	default:
		break;
	}
}

/* A compound command with redirections around it. */
static void exec_redirected(struct node *n)
{
	struct saved_fd *saved = NULL;

	if (redir_apply(n->redirs, &saved)) {
		exec_compound(n, 0);
	} else if (!sh.unwind) {
		sh.status = 1;
		check_errexit();
	}
	redir_restore(saved);
}

static void exec_any(struct node *n, int flags)
{
	switch (n->type) {
	case N_SIMPLE:
		exec_simple(n, flags);
		check_errexit();
		break;
	case N_LIST:
		exec_list(n, flags);
		break;
	case N_ANDOR:
		exec_andor(n, flags);
		break;
	case N_PIPE:
		exec_pipe(n, flags);
		break;
	case N_FUNC:
		function_define(n->name, n->first);
		sh.status = 0;
		break;
	default:
		if (n->redirs)
			exec_redirected(n);
		else
			exec_compound(n, flags);
	}
}

/**
 * exec_node - run a tree
 * @n: NULL for an empty command, which does nothing
 * @flags: EX_EXIT or 0
 */
void exec_node(struct node *n, int flags)
{
	struct mark m;

	traps_run();
	if (!n || sh.unwind)
		return;
	if (sh.depth >= MAX_DEPTH) {
		sh_error("nested too deeply");
		return;
	}
	sh.depth++;
	m = arena_mark(sh.tmp);
	exec_any(n, flags);
	arena_release(sh.tmp, m);
	sh.depth--;
}

/**
 * run_source - read and run commands to the end of a source
 * @may_exit: the process has nothing to do after it
 *
 * Ends early when sh.unwind is set; but after an error at the terminal the next line follows.
 */
void run_source(struct source *src, bool may_exit)
{
	struct arena *outer = sh.tree;

	while (!sh.unwind) {
		struct strbuf record;
		struct parser p;
		struct node *n;

		sh.tree = arena_new();
		parser_init(&p, src, sh.tree);
		if (sh.interactive) {
			buf_init(&record, sh.tree);
			src->record = &record;
		}
		src->again = src->eof = false;
		n = parse_line(&p);
		src->record = NULL;
		if (p.error) {
			sh.status = 2;
			if (!src->terminal && !sh.unwind)
				sh.unwind = sh.interactive ? UNWIND_TOP : UNWIND_EXIT;
		} else if (n && !sh.noexec) {
			sh.lines += src->terminal;
			exec_node(n, may_exit && source_at_end(src) ? EX_EXIT : 0);
			traps_run();	/* ^C was for this command, not for the next */
		}
		arena_put(sh.tree);
		if (src->terminal && (p.error || sh.unwind == UNWIND_TOP)) {
			src->p = src->end;
			if (sh.unwind == UNWIND_TOP)
				sh.unwind = UNWIND_NONE;
		} else if (p.tok == T_EOF && (!src->terminal || jobs_may_leave())) {
			break;
		}
	}
	sh.tree = outer;
}

/* Runs a text in this shell, for eval and traps. */
int run_string(const char *text)
{
	struct source src;

	if (sh.depth >= MAX_DEPTH) {
		sh_error("nested too deeply");
		return sh.status;
	}
	sh.depth += 2;
	source_string(&src, text, strlen(text));
	run_source(&src, false);
	sh.depth -= 2;
	return sh.status;
}
