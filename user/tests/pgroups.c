// SPDX-License-Identifier: MIT
/* Process groups, sessions, job control without a terminal, identities, limits and priorities. */
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include "tap.h"

static char *self;

static void test_setpgid(void)
{
	pid_t a = sleeper(), b = sleeper();

	is(getpgid(a), getpgrp(), "a child is in our group");
	is(setpgid(a, 0), 0, "setpgid(child, 0)");
	is(getpgid(a), a, "leads a group of its own");
	is(setpgid(b, a), 0, "setpgid(child, other's group)");
	is(getpgid(b), a, "is in it");
	fails(setpgid(b, 99999), EPERM, "a group that is not there");
	fails(setpgid(b, -1), EINVAL, "a negative group");
	fails(setpgid(99999, 0), ESRCH, "nobody's group");
	fails(setpgid(1, 0), ESRCH, "init's group");
	is(kill(-a, SIGTERM), 0, "kill(-group)");
	is(reap(a), 1000 + SIGTERM, "the leader got it");
	is(reap(b), 1000 + SIGTERM, "the member too");
	fails(kill(-a, 0), ESRCH, "the group is gone");
}

static void after_exec(void)
{
	char *argv[] = { self, "pause", NULL }, *envp[] = { NULL };

	execve(self, argv, envp);
	_exit(1);
}

static void test_after_exec(void)
{
	int fd[2], i;
	pid_t pid;

	if (pipe(fd))
		return;
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (pid == 0)
		after_exec();
	close(fd[1]);
	i = read(fd[0], &i, 1);		/* ends when exec closes the other end */
	close(fd[0]);
	fails(setpgid(pid, 0), EACCES, "setpgid of a child that has called exec");
	end(pid);
}

static void session(void)
{
	pid_t me = getpid(), child;

	if (setsid() != me || getsid(0) != me || getpgrp() != me)
		_exit(1);
	if (setsid() != -1 || errno != EPERM)
		_exit(2);
	if (setpgid(0, 0) != -1 || errno != EPERM)
		_exit(3);
	if (setpgid(0, getppid()) != -1 || errno != EPERM)
		_exit(4);
	child = sleeper();
	if (getsid(child) != me || getpgid(child) != me)
		_exit(5);
	end(child);
	if (open("/dev/tty", O_RDWR) >= 0 || errno != ENXIO)
		_exit(errno == ENOENT ? 0 : 6);
}

static void group_leader(void)
{
	setpgid(0, 0);
	_exit(setsid() == -1 && errno == EPERM ? 0 : 1);
}

static void test_session(void)
{
	is(in_child(session), 0, "setsid: a session, a group, no terminal, not twice");
	is(in_child(group_leader), 0, "setsid of a group's leader: EPERM");
	fails(getsid(99999), ESRCH, "getsid of nobody");
	fails(getpgid(99999), ESRCH, "getpgid of nobody");
}

/* In a session of its own, two groups: the second has a parent in the first, so it is no orphan. */
static void stop_continue(void)
{
	int status;
	pid_t pid;

	setsid();
	pid = sleeper();
	setpgid(pid, 0);
	kill(pid, SIGTSTP);
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status) || WSTOPSIG(status) != SIGTSTP)
		_exit(1);
	kill(pid, SIGTERM);			/* pends while it is stopped */
	usleep(10000);
	if (waitpid(pid, &status, WNOHANG) != 0)
		_exit(2);
	kill(pid, SIGCONT);
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status) || WTERMSIG(status) != SIGTERM)
		_exit(3);
	/* SIGKILL needs no SIGCONT. */
	pid = sleeper();
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGKILL);
	if (reap(pid) != 1000 + SIGKILL)
		_exit(4);
	/* A stop that has not been taken is cancelled by SIGCONT. */
	pid = fork();
	if (pid == 0) {
		sigset_t set = 1UL << (SIGTSTP - 1), none = 0;

		sigprocmask(SIG_BLOCK, &set, NULL);
		raise(SIGTSTP);
		raise(SIGCONT);
		sigprocmask(SIG_SETMASK, &none, NULL);
		_exit(0);
	}
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFEXITED(status))
		_exit(5);
	_exit(0);
}

/* SIGTSTP does not stop an orphaned group; when its stopped members become orphans: SIGHUP. */
static void orphaned(void)
{
	int fd[2], status;
	pid_t pid;
	char c = 0;

	setsid();
	pid = fork();
	if (pid == 0) {
		raise(SIGTSTP);		/* a session leader's own group has no parent in the session */
		_exit(0);
	}
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFEXITED(status))
		_exit(1);
	if (pipe(fd))
		_exit(2);
	pid = fork();
	if (pid == 0) {
		pid_t job = fork();

		if (job == 0) {
			setpgid(0, 0);
			raise(SIGSTOP);
			pause();
			_exit(0);
		}
		waitpid(job, &status, WUNTRACED);
		_exit(0);		/* its job is stopped, and orphaned by this */
	}
	close(fd[1]);
	reap(pid);
	/* The job held the pipe open: it ends with SIGHUP's default action. */
	_exit(read(fd[0], &c, 1) == 0 ? 0 : 3);
}

static void test_jobs(void)
{
	is(in_child(stop_continue), 0, "SIGTSTP, SIGCONT, SIGKILL of a stopped task, cancelled stop");
	is(in_child(orphaned), 0, "orphaned groups are not stopped, stopped ones get SIGHUP");
}

/* ---- identities */

static void as_user(void)
{
	uid_t r, e, s;

	if (setgid(100) || setresuid(100, 101, 102) || getresuid(&r, &e, &s) || r != 100 || e != 101 || s != 102)
		_exit(1);
	if (setuid(0) != -1 || errno != EPERM)
		_exit(2);
	if (setresuid(-1, 102, -1) || geteuid() != 102)
		_exit(3);
	if (setreuid(-1, 100) || geteuid() != 100)
		_exit(4);
	if (setuid(100) || kill(getppid(), 0) != -1 || errno != EPERM)
		_exit(5);
	if (setgid(0) != -1 || errno != EPERM || getegid() != 100)
		_exit(6);
	if (setpriority(PRIO_PROCESS, 0, -1) != -1 || errno != EACCES)
		_exit(7);
	if (setpriority(PRIO_PROCESS, 0, 5) || getpriority(PRIO_PROCESS, 0) != 5)
		_exit(8);
	if (syscall(SYS_setgroups, 0, NULL) != -1 || errno != EPERM)
		_exit(9);
	_exit(0);
}

static void test_ids(void)
{
	gid_t groups[3] = { 30, 10, 20 }, back[3] = { 0 };

	if (getuid()) {
		skip("changing users", "not root");
		return;
	}
	is(in_child(as_user), 0, "setresuid, setuid, setreuid, and what a user may not");
	is(syscall(SYS_setgroups, 3, groups), 0, "setgroups");
	is(getgroups(3, back), 3, "getgroups");
	ok(back[0] == 10 && back[1] == 20 && back[2] == 30, "they come back sorted");
	fails(getgroups(2, back), EINVAL, "getgroups with too little room");
	syscall(SYS_setgroups, 0, NULL);
}

/* ---- the rest */

static void test_limits(void)
{
	struct rlimit rl, old;

	is(getrlimit(RLIMIT_STACK, &rl), 0, "getrlimit");
	is(rl.rlim_cur, 8 << 20, "the stack: 8 MiB");
	getrlimit(RLIMIT_NOFILE, &old);
	rl.rlim_cur = 20;
	rl.rlim_max = old.rlim_max;
	is(setrlimit(RLIMIT_NOFILE, &rl), 0, "setrlimit");
	fails(fcntl(1, F_DUPFD, 20), EINVAL, "RLIMIT_NOFILE is kept");
	rl.rlim_cur = rl.rlim_max + 1;
	fails(setrlimit(RLIMIT_NOFILE, &rl), EINVAL, "soft above hard");
	setrlimit(RLIMIT_NOFILE, &old);
	fails(getrlimit(16, &rl), EINVAL, "a limit that is not there");
	is(prlimit(0, RLIMIT_CORE, NULL, &rl), 0, "prlimit");
}

static void test_misc(void)
{
	struct utsname u;
	struct sysinfo si;
	struct rusage ru;
	struct tms t;

	is(uname(&u), 0, "uname");
	ok(!strcmp(u.sysname, "Linux") && !strcmp(u.machine, "aarch64"), "%s on %s", u.sysname, u.machine);
	fails(syscall(SYS_uname, 8), EFAULT, "uname to a bad address");
	is(sysinfo(&si), 0, "sysinfo");
	ok(si.totalram * si.mem_unit > 16 << 20 && si.freeram < si.totalram && si.procs > 1, "its figures");
	is(getrusage(RUSAGE_SELF, &ru), 0, "getrusage");
	ok(ru.ru_maxrss > 20 && ru.ru_minflt > 5, "its figures: %ld KiB, %ld faults", ru.ru_maxrss, ru.ru_minflt);
	fails(getrusage(5, &ru), EINVAL, "getrusage of 5");
	ok(times(&t) != -1, "times");
	umask(027);
	is(umask(07777), 027, "umask returns the old one");
	is(umask(022), 0777, "and keeps only the permission bits of the new one");
	is(syscall(SYS_getpriority, PRIO_PROCESS, 0), 20, "getpriority: 20 - nice");
	fails(getpriority(7, 0), EINVAL, "getpriority of an unknown kind");
	fails(getpriority(PRIO_PROCESS, 99999), ESRCH, "getpriority of nobody");
}

int main(int argc, char **argv)
{
	self = argv[0];
	if (argc > 1) {
		pause();
		return 0;
	}
	test_setpgid();
	test_after_exec();
	test_session();
	test_jobs();
	test_ids();
	test_limits();
	test_misc();
	return done();
}
