// SPDX-License-Identifier: MIT
/*
 * Many processes at once: a fork bomb inside its limit, five hundred that sleep, a storm of kill -9 among
 * families that fork, exec and write to each other. Afterwards nobody is left; run-tests compares the
 * free memory.
 *
 *	crowds [SEED]
 */
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "tap.h"

#define NOBODY		1000	/* a user that owns no other process */
#define BOMB_LIMIT	60
#define CROWD		500
#define FAMILIES	12
#define KILLS		300

static unsigned long seed;

static unsigned int random_below(unsigned int n)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (seed >> 33) % n;
}

/* All descendants end, even those whose parents did not wait for them. How many there were. */
static int reap_all(void)
{
	int n = 0;

	while (wait(NULL) > 0)
		n++;
	return n;
}

/* ---- a fork bomb */

/* Each forks as long as it can, and so do its children. Who cannot says so, once. */
static void bomb(int told)
{
	int said = 0;

	for (;;) {
		if (fork() >= 0)
			continue;
		if (!said++ && write(told, "x", 1) != 1)
			_exit(1);
		sched_yield();
	}
}

static void test_fork_bomb(void)
{
	struct rlimit limit = { BOMB_LIMIT, BOMB_LIMIT };
	int fds[2], killed = 0;
	char c;
	pid_t pid;

	if (pipe(fds)) {
		ok(0, "a pipe");
		return;
	}
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		if (setrlimit(RLIMIT_NPROC, &limit) || setuid(NOBODY))
			_exit(1);
		bomb(fds[1]);
	}
	setpgid(pid, pid);
	for (int i = 0; i < BOMB_LIMIT / 2; i++)
		if (read(fds[0], &c, 1) != 1)
			break;
	pid_t other = fork();
	if (other == 0)
		_exit(0);
	ok(other > 0 && waitpid(other, NULL, 0) == other, "another user can still fork");
	/* One that was being forked when the signal came may have missed it: until nobody is left. */
	while (kill(-pid, SIGKILL) == 0)
		killed += waitpid(-pid, NULL, 0) > 0;
	killed += reap_all();
	ok(killed >= BOMB_LIMIT / 2 && killed <= 2 * BOMB_LIMIT,
	   "the bomb of a user with RLIMIT_NPROC %d had %d processes when it was killed", BOMB_LIMIT, killed);
	close(fds[0]);
	close(fds[1]);
}

/* ---- five hundred at once */

static void test_crowd(void)
{
	int fds[2], there[2], wrong = 0, status, n;
	char c;

	if (pipe(fds) || pipe(there)) {
		ok(0, "two pipes");
		return;
	}
	for (n = 0; n < CROWD; n++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0) {
			close(fds[1]);
			if (write(there[1], "x", 1) != 1 || read(fds[0], &c, 1) != 0)
				_exit(255);
			_exit(n % 100);
		}
	}
	is(n, CROWD, "that many processes are forked");
	for (int i = 0; i < n; i++)
		wrong += read(there[0], &c, 1) != 1;
	is(wrong, 0, "all of them run and wait");
	close(fds[1]);			/* the last writer: all read 0 bytes */
	for (int i = 0; i < n; i++)
		wrong += wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) == 255;
	is(wrong, 0, "all of them end when the pipe has no writer");
	close(fds[0]);
	close(there[0]);
	close(there[1]);
}

/* ---- kill -9 */

/* Forks, execs, writes and reads for ever; its children die with it or soon after. */
static void family(const char *self)
{
	int fds[2];
	char buf[512];

	for (;;) {
		pid_t pid;

		if (pipe(fds))
			_exit(1);
		pid = fork();
		if (pid == 0) {
			memset(buf, 'x', sizeof(buf));
			for (int i = 0; i < 20; i++)
				if (write(fds[1], buf, sizeof(buf)) < 0)
					_exit(1);
			if (random_below(2))
				execl(self, self, "--leave", (char *)NULL);
			_exit(0);
		}
		close(fds[1]);
		while (read(fds[0], buf, sizeof(buf)) > 0)
			;
		close(fds[0]);
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
}

static pid_t new_family(const char *self)
{
	pid_t pid = fork();

	if (pid == 0) {
		seed += getpid();
		signal(SIGPIPE, SIG_DFL);
		family(self);
	}
	return pid;
}

static void test_kill_storm(const char *self)
{
	pid_t pids[FAMILIES];
	int wrong = 0, status;

	for (int i = 0; i < FAMILIES; i++)
		wrong += (pids[i] = new_family(self)) < 0;
	for (int i = 0; i < KILLS; i++) {
		int victim = random_below(FAMILIES);
		unsigned int yields = random_below(20);

		while (yields--)
			sched_yield();
		wrong += kill(pids[victim], SIGKILL) != 0;
		wrong += waitpid(pids[victim], &status, 0) != pids[victim] || !WIFSIGNALED(status) ||
			 WTERMSIG(status) != SIGKILL;
		wrong += (pids[victim] = new_family(self)) < 0;
	}
	for (int i = 0; i < FAMILIES; i++)
		wrong += kill(pids[i], SIGKILL) != 0;
	reap_all();
	is(wrong, 0, "%d processes in the middle of their work are killed, and waited for", KILLS);
	fails(wait(NULL), ECHILD, "nobody is left");
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--leave"))
		return 0;
	seed = argc > 1 ? strtoul(argv[1], NULL, 0) : (unsigned long)time(NULL);
	printf("# seed %lu\n", seed);
	/* Orphans come to us. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL))
		ok(0, "prctl(PR_SET_CHILD_SUBREAPER)");
	test_fork_bomb();
	test_crowd();
	test_kill_storm(argv[0]);
	return done();
}
