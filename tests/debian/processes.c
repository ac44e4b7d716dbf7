// SPDX-License-Identifier: MIT
/*
 * Making processes and waiting for them, by each way the library has; pipes between them; the
 * environment; what the system says about itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

/* Its status says what is wrong: 0 is nothing. argv: NAME child "a b" "" last. */
int child_program(int argc, char **argv)
{
	if (argc != 5 || strcmp(argv[2], "a b") || argv[3][0] || strcmp(argv[4], "last") || argv[5])
		return 1;
	if (!getenv("COLOUR") || strcmp(getenv("COLOUR"), "blue"))
		return 2;
	if (fcntl(40, F_GETFD) != -1 || fcntl(41, F_GETFD) != 0)
		return 3;
	return 0;
}

static int status_of(pid_t pid)
{
	int status = -1;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void starting_programs(void)
{
	char *args[] = { (char *)program, "child", "a b", "", "last", NULL };
	char *env[] = { "COLOUR=blue", NULL };
	pid_t pid;

	dup3(1, 40, O_CLOEXEC);
	dup2(1, 41);
	pid = fork();
	if (pid == 0) {
		execve(program, args, env);
		_exit(99);
	}
	is(status_of(pid), 0, "execve hands on arguments, environment, open files");
	pid = vfork();
	if (pid == 0) {
		execve(program, args, env);
		_exit(99);
	}
	is(status_of(pid), 0, "and so after vfork");
	is(posix_spawn(&pid, program, NULL, NULL, args, env), 0, "posix_spawn starts a program");
	is(status_of(pid), 0, "which gets them too");
	is(posix_spawn(&pid, "/no/such", NULL, NULL, args, env), ENOENT, "posix_spawn of no file is ENOENT");
	errno = 0;
	is(execve("/", args, env), -1, "execve of a folder fails");
	is(errno, EACCES, "by EACCES");
	close(40);
	close(41);
}

static void by_the_shell(void)
{
	char buf[100] = "";
	FILE *f;

	is(system("exit 3"), 3 << 8, "system gives the shell's status");
	f = popen("echo one; echo two", "r");
	ok(f && fgets(buf, sizeof(buf), f) && fgets(buf, sizeof(buf), f), "popen reads two lines");
	is_text(buf, "two\n", "of which the second is");
	is(f ? pclose(f) : -1, 0, "pclose gives the status");
	f = popen("cat > popened", "w");
	ok(f && fputs("written\n", f) >= 0 && pclose(f) == 0, "popen writes");
	f = fopen("popened", "r");
	is_text(f ? fgets(buf, sizeof(buf), f) : NULL, "written\n", "and what it wrote is there");
	if (f)
		fclose(f);
	unlink("popened");
}

/* A pipe holds less than is written: the two must take turns. */
static void a_long_pipe(void)
{
	static char buf[7000];
	long total = 0, sum = 0;
	int fd[2];
	pid_t pid;

	pipe(fd);
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		for (int i = 0; i < 100; i++) {
			memset(buf, i, sizeof(buf));
			if (write(fd[1], buf, sizeof(buf)) != sizeof(buf))
				_exit(1);
		}
		_exit(0);
	}
	close(fd[1]);
	for (ssize_t n; (n = read(fd[0], buf, 1234)) > 0; total += n)
		for (int i = 0; i < n; i++)
			sum += buf[i];
	is(total, 700000, "700000 bytes go through a pipe");
	is(sum, 4950L * 7000, "and arrive as they were");
	is(status_of(pid), 0, "and the writer knows");
	close(fd[0]);
}

static void waits(void)
{
	pid_t pids[10];
	siginfo_t info;
	int good = 1;

	for (int i = 0; i < 10; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(i);
	}
	for (int i = 9; i >= 0; i--)
		good &= status_of(pids[i]) == i;
	ok(good, "ten children are waited for in another order than they end");
	errno = 0;
	ok(wait(NULL) == -1 && errno == ECHILD, "then there is none: ECHILD");
	pids[0] = fork();
	if (pids[0] == 0)
		pause(), _exit(0);
	is(waitpid(pids[0], NULL, WNOHANG), 0, "WNOHANG does not wait");
	kill(pids[0], SIGKILL);
	is(waitid(P_PID, pids[0], &info, WEXITED | WNOWAIT), 0, "waitid looks at a killed child");
	is(info.si_code == CLD_KILLED && info.si_status == SIGKILL, 1, "and tells by what signal");
	is(status_of(pids[0]), 1000 + SIGKILL, "waitpid tells that too");
	pids[0] = fork();
	if (pids[0] == 0)
		abort();
	is(status_of(pids[0]), 1000 + SIGABRT, "abort ends by SIGABRT");
}

static void at_exit(void)
{
	write(1, "exit handler\n", 13);
	_exit(17);
}

static void the_system(void)
{
	struct utsname uts;
	struct rusage usage;
	struct rlimit limit;
	pid_t pid = fork();

	if (pid == 0) {
		atexit(at_exit);
		exit(1);
	}
	is(status_of(pid), 17, "exit calls what atexit was told");
	is(setenv("COLOUR", "red", 1) == 0 && strcmp(getenv("COLOUR"), "red") == 0, 1, "setenv sets");
	is(unsetenv("COLOUR") == 0 && !getenv("COLOUR"), 1, "unsetenv takes it away");
	is(sysconf(_SC_PAGESIZE), 4096, "sysconf knows the page size");
	is(sysconf(_SC_CLK_TCK), 100, "and the clock tick");
	ok(sysconf(_SC_NPROCESSORS_ONLN) >= 1, "and the number of CPUs");
	ok(sysconf(_SC_OPEN_MAX) >= 64, "and the number of open files");
	is(uname(&uts) == 0 && strcmp(uts.machine, "aarch64") == 0, 1, "uname says aarch64");
	for (volatile int i = 0; i < 50000000; i++)
		;
	is(getrusage(RUSAGE_SELF, &usage), 0, "getrusage answers");
	ok(usage.ru_utime.tv_sec * 1000000L + usage.ru_utime.tv_usec > 1000, "and has counted some CPU time");
	ok(usage.ru_minflt > 10 && usage.ru_maxrss > 100, "and page faults and memory");
	is(getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur == 8 << 20, 1, "the stack may be 8 MB");
	pid = fork();
	if (pid == 0)
		_exit(setsid() != getpid() || getpgrp() != getpid() || getsid(0) != getpid());
	is(status_of(pid), 0, "setsid makes a session and a group");
	errno = 0;
	is(nice(5), 5, "nice makes us nicer");
	is(getpriority(PRIO_PROCESS, 0), 5, "getpriority says how nice");
}

void processes(void)
{
	starting_programs();
	by_the_shell();
	a_long_pipe();
	waits();
	the_system();
}
