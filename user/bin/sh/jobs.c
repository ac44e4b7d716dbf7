// SPDX-License-Identifier: MIT
/*
 * Jobs: the children of the shell, a job for each pipeline.
 *
 * With job control each job is a process group of its own, and the one in the foreground owns the
 * terminal, so that ^C reaches it and not the shell. Parent and child both set the group and the
 * terminal's owner: whichever comes first, neither goes on before it is done. Where the kernel or
 * the terminal does not take part, all stay in the shell's group and the rest works the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "sh.h"

enum state { RUNNING, STOPPED, DONE };

struct proc {
	pid_t		pid;
	enum state	state;
	int		status;		/* as waitpid() gave it, if not RUNNING */
};

struct job {
	struct job	*next;
	int		id;		/* %1 and so on; 0 while it has none */
	pid_t		pgid;		/* 0: in the shell's own group */
	bool		group;		/* it is to have a group of its own */
	bool		told;		/* its present state has been reported */
	int		n;
	struct proc	*procs;
	char		*text;
};

static struct job *jobs;		/* newest first */
static struct termios cooked;		/* the terminal's modes when the shell got it */
static bool have_cooked;

/* Takes the terminal, if there is one and the kernel plays along. */
void jobs_init(void)
{
	sh.tty = -1;
	for (int fd = 2; fd >= 0 && sh.tty < 0; fd -= 2)
		if (isatty(fd))
			sh.tty = fcntl(fd, F_DUPFD_CLOEXEC, 10);
	if (sh.tty < 0)
		return;
	have_cooked = tcgetattr(sh.tty, &cooked) == 0;
	sh.job_control = true;
	traps_interactive();	/* ignores SIGTTOU before the terminal is asked for */
	if (getpgrp() != getpid() && setpgid(0, 0))
		sh.job_control = false;
	if (sh.job_control && tcsetpgrp(sh.tty, getpgrp()))
		sh.job_control = false;
}

static void give_terminal(pid_t pgid)
{
	if (sh.job_control)
		tcsetpgrp(sh.tty, pgid);
}

/**
 * job_new - a job without processes yet
 * @text: its source, copied; NULL if not known
 * @group: it is to be a process group; a command substitution is not, since the shell waits in it
 */
struct job *job_new(const char *text, bool group)
{
	struct job *j = xmalloc(sizeof(*j));

	memset(j, 0, sizeof(*j));
	j->group = group && sh.job_control;
	j->text = xstrdup(text ? text : "");
	j->next = jobs;
	jobs = j;
	return j;
}

static void job_free(struct job *j)
{
	struct job **p = &jobs;

	while (*p != j)
		p = &(*p)->next;
	*p = j->next;
	free(j->procs);
	free(j->text);
	free(j);
}

static void in_child(struct job *j, bool background)
{
	bool alone = !j->group, interactive = sh.interactive;
	int fd;

	if (j->group) {
		setpgid(0, j->pgid);
		if (!background)
			give_terminal(getpgrp());
	}
	sh.interactive = false;
	sh.job_control = false;
	jobs = NULL;
	traps_child(background && alone);
	if (alone && interactive)
		signal(SIGTSTP, SIG_IGN);	/* the shell waits for it and could not go on */
	if (background && alone) {
		fd = open("/dev/null", O_RDONLY);
		if (fd > 0) {
			dup2(fd, 0);
			close(fd);
		}
	}
}

/**
 * job_fork - fork a process of a job
 *
 * Returns as fork() does; a failure has been said, and sh.unwind is set.
 */
pid_t job_fork(struct job *j, bool background)
{
	pid_t pid = fork();

	if (pid < 0) {
		sh_error("cannot fork: %s", strerror(errno));
		return -1;
	}
	if (pid == 0) {
		in_child(j, background);
		return 0;
	}
	if (j->group) {
		if (!j->pgid)
			j->pgid = pid;
		setpgid(pid, j->pgid);
		if (!background)
			give_terminal(j->pgid);
	}
	j->procs = xrealloc(j->procs, (j->n + 1) * sizeof(*j->procs));
	j->procs[j->n++] = (struct proc){ .pid = pid, .state = RUNNING };
	return pid;
}

static enum state job_state(struct job *j)
{
	enum state state = DONE;

	for (int i = 0; i < j->n; i++)
		if (j->procs[i].state < state)
			state = j->procs[i].state;
	return state;
}

static int exit_status(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return 128 + (WIFSTOPPED(status) ? WSTOPSIG(status) : WTERMSIG(status));
}

static int job_status(struct job *j)
{
	return j->n ? exit_status(j->procs[j->n - 1].status) : sh.status;
}

static void note(pid_t pid, int status)
{
	for (struct job *j = jobs; j; j = j->next) {
		for (int i = 0; i < j->n; i++) {
			if (j->procs[i].pid != pid || j->procs[i].state == DONE)
				continue;
			j->procs[i].state = WIFSTOPPED(status) ? STOPPED :
					    WIFCONTINUED(status) ? RUNNING : DONE;
			j->procs[i].status = status;
			j->told = WIFCONTINUED(status);	/* no news to interrupt anybody with */
			return;
		}
	}
}

/* Takes in news of one child. Returns false if there is none, or a signal came (EINTR). */
static bool reap(int flags)
{
	int status;
	pid_t pid = waitpid(-1, &status, flags | (sh.job_control ? WUNTRACED | WCONTINUED : 0));

	if (pid > 0)
		note(pid, status);
	return pid > 0;
}

/* The children are gone without a word: somebody ignores SIGCHLD. */
static void give_up(struct job *j)
{
	for (int i = 0; i < j->n; i++)
		if (j->procs[i].state == RUNNING)
			j->procs[i] = (struct proc){ .pid = j->procs[i].pid, .state = DONE,
						     .status = 127 << 8 };
}

static int assign_id(struct job *j)
{
	int id = 0;

	for (struct job *other = jobs; other; other = other->next)
		if (other != j && other->id > id)
			id = other->id;
	if (!j->id)
		j->id = id + 1;
	return j->id;
}

/* A job in the background that wants the terminal is stopped: then one knows to bring it to the front. */
static const char *why_stopped(struct job *j)
{
	for (int i = 0; i < j->n; i++) {
		if (j->procs[i].state != STOPPED)
			continue;
		if (WSTOPSIG(j->procs[i].status) == SIGTTIN)
			return "Stopped (tty input)";
		if (WSTOPSIG(j->procs[i].status) == SIGTTOU)
			return "Stopped (tty output)";
		if (WSTOPSIG(j->procs[i].status) == SIGSTOP)
			return "Stopped (signal)";
	}
	return "Stopped";
}

static void print_job(int fd, struct job *j, bool with_pid)
{
	enum state state = job_state(j);
	const char *what = state == RUNNING ? "Running" : state == DONE ? "Done" : why_stopped(j);
	struct mark m = arena_mark(sh.tmp);
	struct strbuf b, code;

	buf_init(&b, sh.tmp);
	buf_init(&code, sh.tmp);
	if (state == DONE && j->n && WIFSIGNALED(j->procs[j->n - 1].status)) {
		what = strsignal(WTERMSIG(j->procs[j->n - 1].status));
	} else if (state == DONE && job_status(j)) {
		buf_printf(&code, "Exit %d", job_status(j));
		what = code.s;
	}
	buf_printf(&b, "[%d] ", j->id);
	if (with_pid && j->n)
		buf_printf(&b, "%d ", (int)j->procs[j->n - 1].pid);
	buf_printf(&b, "%-12s %s\n", what, j->text);
	write_all(fd, b.s, b.len);
	arena_release(sh.tmp, m);
}

/* A child that a signal killed is worth a word, if it was not ^C or a reader that went away. */
static void report_death(struct job *j)
{
	for (int i = 0; i < j->n; i++) {
		int status = j->procs[i].status, sig = WTERMSIG(status);
		const char *text;

		if (!WIFSIGNALED(status) || sig == SIGPIPE)
			continue;
		if (sig == SIGINT) {
			if (j->group) {
				write_all(2, "\n", 1);
				sh.unwind = UNWIND_TOP;
			}
			return;
		}
		text = strsignal(sig);
		write_all(2, text, strlen(text));
		write_all(2, "\n", 1);
		return;
	}
}

static void restore_terminal(struct job *j)
{
	int last = j->n ? j->procs[j->n - 1].status : 0;

	give_terminal(getpgrp());
	if (have_cooked && !WIFEXITED(last))
		tcsetattr(sh.tty, TCSADRAIN, &cooked);
}

/**
 * job_wait - wait for a job in the foreground to end or to stop
 *
 * The job is gone afterwards, or in the table if it has been stopped. Returns its exit status.
 */
int job_wait(struct job *j)
{
	int status;

	while (job_state(j) == RUNNING)
		if (!reap(0) && errno == ECHILD)
			give_up(j);
	if (j->group)
		restore_terminal(j);
	status = job_status(j);
	if (job_state(j) == STOPPED) {
		assign_id(j);
		write_all(2, "\n", 1);
		print_job(2, j, false);
		j->told = true;
		return status;
	}
	report_death(j);
	job_free(j);
	return status;
}

/* The job has been started with "&". */
void job_background(struct job *j)
{
	if (!j->n) {
		job_free(j);
		return;
	}
	sh.background = j->procs[j->n - 1].pid;
	assign_id(j);
	j->told = true;
	if (sh.interactive) {
		struct strbuf b;

		buf_init(&b, sh.tmp);
		buf_printf(&b, "[%d] %d\n", j->id, (int)sh.background);
		write_all(2, b.s, b.len);
	}
}

/* Before a prompt: says which jobs have ended or stopped, and forgets the ended ones. */
void jobs_notify(void)
{
	struct job *j, *next;

	while (reap(WNOHANG))
		;
	for (j = jobs; j; j = next) {
		next = j->next;
		if (j->told || !j->id)
			continue;
		print_job(2, j, false);
		j->told = true;
		if (job_state(j) == DONE)
			job_free(j);
	}
}

/* The shell of a terminal leaves: what is stopped would never be continued by anybody. */
void jobs_hangup(void)
{
	for (struct job *j = jobs; j; j = j->next) {
		if (job_state(j) == STOPPED && j->pgid) {
			kill(-j->pgid, SIGHUP);
			kill(-j->pgid, SIGCONT);
		}
	}
}

/* Is the shell to end? Not with stopped jobs, unless the same was asked just before. */
bool jobs_may_leave(void)
{
	static unsigned long warned;	/* in which line; 0: not yet */
	bool stopped = false;

	if (!sh.interactive)
		return true;
	for (struct job *j = jobs; j; j = j->next)
		stopped |= job_state(j) == STOPPED;
	if (!stopped || (warned && warned + 1 >= sh.lines))
		return true;
	warn("There are stopped jobs.");
	warned = sh.lines;
	return false;
}

/* Finds "%1", "%%", "%+", a pid, or the newest job if spec is NULL. NULL with the error said. */
static struct job *find_job(const char *name, const char *spec)
{
	struct job *j;
	long n = 0;
	bool any = !spec || !strcmp(spec, "%%") || !strcmp(spec, "%+");

	if (!any && !parse_int(spec + (*spec == '%'), &n)) {
		warn("%s: %s: not a job", name, spec);
		return NULL;
	}
	for (j = jobs; j; j = j->next) {
		if (any && j->id)
			return j;
		if (!any && *spec == '%' && j->id == n && n > 0)
			return j;
		for (int i = 0; !any && *spec != '%' && i < j->n; i++)
			if (j->procs[i].pid == n)
				return j;
	}
	if (strcmp(name, "wait"))
		warn("%s: %s: no such job", name, spec ? spec : "current");
	return NULL;
}

int builtin_jobs(int argc, char **argv)
{
	bool with_pid = argc > 1 && !strcmp(argv[1], "-l"), only_pid = argc > 1 && !with_pid;
	struct job *j, *next;
	int id, last = 0;

	if (only_pid)
		return builtin_usage(argv[0]);
	while (reap(WNOHANG))
		;
	for (j = jobs; j; j = j->next)
		if (j->id > last)
			last = j->id;
	for (id = 1; id <= last; id++) {
		for (j = jobs; j; j = next) {
			next = j->next;
			if (j->id != id)
				continue;
			print_job(1, j, with_pid);
			j->told = true;
			if (job_state(j) == DONE)
				job_free(j);
		}
	}
	return 0;
}

static void go_on(struct job *j)
{
	for (int i = 0; i < j->n; i++)
		if (j->procs[i].state == STOPPED)
			j->procs[i].state = RUNNING;
	if (j->pgid)
		kill(-j->pgid, SIGCONT);
}

static bool no_job_control(const char *name)
{
	if (!sh.job_control)
		warn("%s: no job control in this shell", name);
	return !sh.job_control;
}

int builtin_fg(int argc, char **argv)
{
	struct job *j;

	if (no_job_control(argv[0]))
		return 1;
	j = find_job(argv[0], argc > 1 ? argv[1] : NULL);
	if (!j)
		return 1;
	write_all(2, j->text, strlen(j->text));
	write_all(2, "\n", 1);
	if (j->pgid)
		give_terminal(j->pgid);
	go_on(j);
	return job_wait(j);
}

int builtin_bg(int argc, char **argv)
{
	struct job *j;

	if (no_job_control(argv[0]))
		return 1;
	j = find_job(argv[0], argc > 1 ? argv[1] : NULL);
	if (!j)
		return 1;
	go_on(j);
	print_job(2, j, false);
	return 0;
}

/* Waits for one background job. Returns its status, or 128 + the signal that a trap waits for. */
static int wait_for(struct job *j)
{
	int status;

	while (job_state(j) == RUNNING) {
		if (reap(0))
			continue;
		if (errno == ECHILD)
			give_up(j);
		else if (traps_pending())
			return 128 + traps_pending();
	}
	status = job_status(j);
	if (job_state(j) == DONE) {
		report_death(j);
		job_free(j);
	}
	return status;
}

int builtin_wait(int argc, char **argv)
{
	struct job *j, *next;
	int status = 0, i;

	for (j = argc > 1 ? NULL : jobs; j; j = next) {
		next = j->next;
		if (!j->id || job_state(j) == STOPPED)
			continue;
		status = wait_for(j);
		if (traps_pending())
			return status;
		status = 0;
	}
	for (i = 1; i < argc; i++) {
		j = find_job(argv[0], argv[i]);
		status = j ? wait_for(j) : 127;
		if (traps_pending())
			break;
	}
	return status;
}

static int list_signals(void)
{
	struct strbuf b;

	buf_init(&b, sh.tmp);
	for (int sig = 1; sig < 32; sig++)
		buf_printf(&b, "%2d %-8s%s", sig, signal_name(sig), sig % 6 ? " " : "\n");
	buf_char(&b, '\n');
	return out_buf(&b);
}

int builtin_kill(int argc, char **argv)
{
	int i = 1, sig = SIGTERM, status = 0;
	const char *name = NULL;

	if (argc > 1 && !strcmp(argv[1], "-l"))
		return list_signals();
	if (argc > 2 && !strcmp(argv[1], "-s")) {
		name = argv[2];
		i = 3;
	} else if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--")) {
		name = argv[1] + 1;
		i = 2;
	}
	if (i < argc && !strcmp(argv[i], "--"))
		i++;
	if (name)
		sig = signal_number(name);
	if (sig < 0 || i >= argc)
		return builtin_usage(argv[0]);
	for (; i < argc; i++) {
		struct job *j = NULL;
		long pid;

		if (argv[i][0] == '%') {
			j = find_job(argv[0], argv[i]);
			if (!j || !j->n) {
				status = 1;
				continue;
			}
			pid = j->pgid ? -j->pgid : j->procs[j->n - 1].pid;
		} else if (!parse_int(argv[i], &pid) || pid != (pid_t)pid) {
			return builtin_usage(argv[0]);
		}
		if (kill(pid, sig)) {
			warn("kill: %s: %s", argv[i], strerror(errno));
			status = 1;
		} else if (j && j->pgid && (sig == SIGTERM || sig == SIGHUP || sig == SIGKILL) &&
			   job_state(j) == STOPPED) {
			go_on(j);	/* else it never sees the signal; and wait has something to wait for */
		}
	}
	return status;
}
