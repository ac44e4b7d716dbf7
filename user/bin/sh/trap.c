// SPDX-License-Identifier: MIT
/*
 * Signals and traps.
 *
 * A handler only notes that its signal came; traps_run(), between two commands, does what is to be
 * done. What a signal should do follows from the trap that is set for it, from whether the shell is
 * at a prompt, and from how it was when the shell started, in this order; set() computes it.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

enum { SIGNALS = 32 };		/* those with a name of their own: 1 to 31; 0 stands for EXIT */

enum disposition { UNKNOWN, DEFAULT, IGNORED, CAUGHT };

static char *action[SIGNALS];	/* NULL: none; "": ignore */
static bool ignored_at_start[SIGNALS];
static unsigned char now[SIGNALS];
static volatile sig_atomic_t caught[SIGNALS], caught_any;

static const char *const names[SIGNALS] = {
	"EXIT", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
	"USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
	"URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
};

const char *signal_name(int sig)
{
	return sig >= 0 && sig < SIGNALS ? names[sig] : "?";
}

/* A name, with or without SIG, or a number. -1: neither. */
int signal_number(const char *name)
{
	long n;
	int i;

	if (parse_int(name, &n))
		return n >= 0 && n < SIGNALS ? n : -1;
	if (!strncmp(name, "SIG", 3))
		name += 3;
	for (i = 0; i < SIGNALS; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

static void on_signal(int sig)
{
	caught[sig] = 1;
	caught_any = 1;
}

static enum disposition wanted(int sig)
{
	if (action[sig])
		return *action[sig] ? CAUGHT : IGNORED;
	if (sh.interactive) {
		if (sig == SIGINT)
			return CAUGHT;
		if (sig == SIGQUIT || sig == SIGTERM)
			return IGNORED;
		if (sh.job_control && (sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU))
			return IGNORED;
	}
	return ignored_at_start[sig] ? IGNORED : DEFAULT;
}

static void set(int sig)
{
	struct sigaction sa;
	enum disposition want;

	if (sig == 0 || sig == SIGKILL || sig == SIGSTOP)
		return;
	if (now[sig] == UNKNOWN) {
		if (sigaction(sig, NULL, &sa))
			return;
		ignored_at_start[sig] |= sa.sa_handler == SIG_IGN;
		now[sig] = sa.sa_handler == SIG_IGN ? IGNORED : DEFAULT;
	}
	want = wanted(sig);
	if (want == now[sig])
		return;
	memset(&sa, 0, sizeof(sa));
	sigemptyset(&sa.sa_mask);
	sa.sa_handler = want == CAUGHT ? on_signal : want == IGNORED ? SIG_IGN : SIG_DFL;
	if (sigaction(sig, &sa, NULL) == 0)
		now[sig] = want;
}

/* After sh.interactive or sh.job_control has been set. */
void traps_interactive(void)
{
	static const int signals[] = { SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		set(signals[i]);
}

/*
 * In a forked child: traps are gone, what is ignored stays ignored.
 * @background: it shares the group of a shell that has the terminal, whose ^C is not meant for it
 */
void traps_child(bool background)
{
	for (int sig = 0; sig < SIGNALS; sig++) {
		if (action[sig] && *action[sig]) {
			free(action[sig]);
			action[sig] = NULL;
		}
		if (background && (sig == SIGINT || sig == SIGQUIT)) {
			set(sig);
			ignored_at_start[sig] = true;
		}
		if (now[sig] != UNKNOWN)
			set(sig);
		caught[sig] = 0;
	}
	caught_any = 0;
}

/* Is there a trap that this process must live to run? */
bool traps_any(void)
{
	for (int sig = 0; sig < SIGNALS; sig++)
		if (action[sig] && *action[sig])
			return true;
	return false;
}

/* A signal that came and has not been acted on; 0 for none. */
int traps_pending(void)
{
	for (int sig = 1; caught_any && sig < SIGNALS; sig++)
		if (caught[sig])
			return sig;
	return 0;
}

static void run_action(const char *text)
{
	char *copy = xstrdup(text);	/* the trap may set itself anew */
	int status = sh.status;

	run_string(copy);
	if (!sh.unwind)
		sh.status = status;
	free(copy);
}

/* Acts on the signals that came. Called between commands, and when a signal ended a wait. */
void traps_run(void)
{
	if (!caught_any || sh.unwind)
		return;
	caught_any = 0;
	for (int sig = 1; sig < SIGNALS; sig++) {
		if (!caught[sig])
			continue;
		if (sh.unwind) {
			caught_any = 1;		/* later */
			return;
		}
		caught[sig] = 0;
		if (action[sig] && *action[sig]) {
			run_action(action[sig]);
		} else if (sig == SIGINT && sh.interactive) {
			write_all(2, "\n", 1);	/* the prompt goes below the ^C */
			sh.status = 128 + SIGINT;
			sh.unwind = UNWIND_TOP;
		}
	}
}

/* The shell is about to exit with sh.status: runs the trap for that, once. */
void trap_exit(void)
{
	char *text = action[0];
	int status = sh.status;

	if (!text)
		return;
	action[0] = NULL;
	sh.unwind = UNWIND_NONE;
	sh.tested = 0;
	run_string(text);
	if (sh.unwind != UNWIND_EXIT)
		sh.status = status;
	free(text);
}

static int print_traps(void)
{
	struct strbuf b;

	buf_init(&b, sh.tmp);
	for (int sig = 0; sig < SIGNALS; sig++) {
		if (!action[sig])
			continue;
		buf_str(&b, "trap -- '");
		for (const char *s = action[sig]; *s; s++) {
			if (*s == '\'')
				buf_str(&b, "'\\''");
			else
				buf_char(&b, *s);
		}
		buf_printf(&b, "' %s\n", names[sig]);
	}
	return out_buf(&b);
}

static void set_trap(int sig, const char *text)
{
	set(sig);	/* learns how the signal was at the start */
	/* what a script was started to ignore, it goes on ignoring */
	if (sig && ignored_at_start[sig] && !sh.interactive)
		return;
	free(action[sig]);
	action[sig] = text ? xstrdup(text) : NULL;
	set(sig);
}

int builtin_trap(int argc, char **argv)
{
	const char *text;
	int i = 1, status = 0;

	if (argc > 1 && !strcmp(argv[1], "--"))
		i++;
	if (i >= argc)
		return print_traps();
	/* "trap INT" and "trap - INT" take the trap away */
	text = argv[i];
	if (!strcmp(text, "-"))
		text = NULL, i++;
	else if (i + 1 < argc)
		i++;
	else
		text = NULL;
	for (; i < argc; i++) {
		int sig = signal_number(argv[i]);

		if (sig < 0) {
			warn("trap: %s: no such signal", argv[i]);
			status = 1;
		} else {
			set_trap(sig, text);
		}
	}
	return status;
}
