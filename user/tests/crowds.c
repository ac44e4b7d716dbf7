// SPDX-License-Identifier: MIT
/*
 * Many processes at once: a fork bomb inside its limit, that limit to the last process, five hundred that sleep, a storm of kill -9 among
 * families that fork, exec and write to each other. Afterwards nobody is left; run-tests compares the
 * free memory.
 *
 *	crowds [SEED]
 */
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "tap.h"

#define NOBODY		1000	/* a user that owns no other process */
#define BOMB_LIMIT	60
#define CROWD		500
#define FAMILIES	12
#define KILLS		300

#define FORKERS		6
#define LIMIT_ROUNDS	20

struct race {
	atomic_int ready, go, made, refused, wrong;
};

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

/* ---- how many exactly */

/* Several fork at the same time until each is refused; all their children stay. */
static void fork_until_refused(struct race *r)
{
	atomic_fetch_add(&r->ready, 1);
	while (!atomic_load(&r->go))
		sched_yield();
	for (;;) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0)
			for (;;)
				pause();
		atomic_fetch_add(&r->made, 1);
	}
	if (errno != EAGAIN)
		atomic_fetch_add(&r->wrong, 1);
	atomic_fetch_add(&r->refused, 1);
	for (;;)
		pause();
}

static void test_limit_is_exact(void)
{
	struct rlimit limit = { BOMB_LIMIT, BOMB_LIMIT };
	struct race *r = mmap(NULL, sizeof(*r), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t group = 0;
	int most = 0, wrong = 0, fewest = BOMB_LIMIT;

	for (int round = 0; round < LIMIT_ROUNDS; round++) {
		memset(r, 0, sizeof(*r));
		for (int i = 0; i < FORKERS; i++) {
			pid_t pid = fork();

			if (pid == 0) {
				setpgid(0, i ? group : 0);
				if (setrlimit(RLIMIT_NPROC, &limit) || setuid(NOBODY))
					_exit(1);
				fork_until_refused(r);
			}
			group = i ? group : pid;
			setpgid(pid, group);
		}
		while (atomic_load(&r->ready) < FORKERS)
			sched_yield();
		atomic_store(&r->go, 1);
		while (atomic_load(&r->refused) < FORKERS)
			sched_yield();
		most = r->made > most ? r->made : most;
		fewest = r->made < fewest ? r->made : fewest;
		wrong += r->wrong;
		kill(-group, SIGKILL);
		reap_all();
	}
	/* Who is counted and then refused may take the last place from another who is refused, too. */
	ok(most + FORKERS <= BOMB_LIMIT && fewest + FORKERS > BOMB_LIMIT - FORKERS && !wrong,
	   "%d that fork at once never exceed an RLIMIT_NPROC of %d (%d to %d, %d other errors)", FORKERS,
	   BOMB_LIMIT, fewest + FORKERS, most + FORKERS, wrong);
	munmap(r, sizeof(*r));
}

/* ---- setuid() succeeds whatever the limit: it is exec that fails */

static pid_t sleeper_of(uid_t uid, int ready)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (setuid(uid) || write(ready, "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	return pid;
}

/* 0: as it should be. @told: a byte arrives when the user's other processes are gone. */
static int exec_over_the_limit(int tell, int told)
{
	struct rlimit limit = { 1, 1 };
	char *argv[] = { "crowds", "--leave", NULL };
	char c;

	if (setrlimit(RLIMIT_NPROC, &limit) || setuid(NOBODY))
		return 1;
	if (execv("/proc/self/exe", argv) != -1 || errno != EAGAIN)
		return 2;
	if (write(tell, "x", 1) != 1 || read(told, &c, 1) != 1)
		return 3;
	execv("/proc/self/exe", argv);
	return 4;
}

static void test_exec_over_the_limit(void)
{
	int up[2], down[2];
	pid_t others[2], pid;
	char c;

	if (pipe(up) || pipe(down)) {
		ok(0, "two pipes");
		return;
	}
	for (int i = 0; i < 2; i++) {
		others[i] = sleeper_of(NOBODY, up[1]);
		if (read(up[0], &c, 1) != 1)
			break;
	}
	pid = fork();
	if (pid == 0)
		_exit(exec_over_the_limit(up[1], down[0]));
	close(up[1]);		/* if the child ends, read() does */
	ok(read(up[0], &c, 1) == 1, "exec of one of too many fails, EAGAIN, though setuid() did not");
	for (int i = 0; i < 2; i++) {
		kill(others[i], SIGKILL);
		waitpid(others[i], NULL, 0);
	}
	ok(write(down[1], "x", 1) == 1, "the others end");
	is(reap(pid), 0, "then it succeeds");
	close(up[0]);
	close(down[0]);
	close(down[1]);
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
	test_limit_is_exact();
	test_exec_over_the_limit();
	test_crowd();
	test_kill_storm(argv[0]);
	return done();
}
