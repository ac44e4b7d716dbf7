// SPDX-License-Identifier: MIT
/* Processes: fork and wait, identities, groups and sessions. */
#include <signal.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

pid_t fork(void)
{
	return SYS(clone, SIGCHLD, 0, 0, 0, 0);
}

pid_t vfork(void)
{
	return fork();
}

int unshare(int flags)
{
	return SYS(unshare, flags);
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *ru)
{
	return SYS(wait4, pid, status, options, ru);
}

pid_t wait3(int *status, int options, struct rusage *ru)
{
	return wait4(-1, status, options, ru);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

pid_t wait(int *status)
{
	return wait4(-1, status, 0, NULL);
}

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	return SYS(waitid, type, id, info, options, NULL);
}

/* As POSIX has it: the parent ignores ^C and ^\ while the command runs. */
int system(const char *command)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, oldint, oldquit;
	sigset_t chld = 1UL << (SIGCHLD - 1), oldmask;
	int status = -1;
	pid_t pid;

	if (!command)
		return 1;
	sigaction(SIGINT, &ignore, &oldint);
	sigaction(SIGQUIT, &ignore, &oldquit);
	sigprocmask(SIG_BLOCK, &chld, &oldmask);
	pid = fork();
	if (pid == 0) {
		sigaction(SIGINT, &oldint, NULL);
		sigaction(SIGQUIT, &oldquit, NULL);
		sigprocmask(SIG_SETMASK, &oldmask, NULL);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (pid > 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	sigaction(SIGINT, &oldint, NULL);
	sigaction(SIGQUIT, &oldquit, NULL);
	sigprocmask(SIG_SETMASK, &oldmask, NULL);
	return status;
}

pid_t getpid(void)
{
	return RAW(getpid);
}

pid_t getppid(void)
{
	return RAW(getppid);
}

pid_t gettid(void)
{
	return RAW(gettid);
}

pid_t getpgid(pid_t pid)
{
	return SYS(getpgid, pid);
}

pid_t getpgrp(void)
{
	return SYS(getpgid, 0);
}

int setpgid(pid_t pid, pid_t pgrp)
{
	return SYS(setpgid, pid, pgrp);
}

pid_t getsid(pid_t pid)
{
	return SYS(getsid, pid);
}

pid_t setsid(void)
{
	return SYS(setsid);
}

uid_t getuid(void)
{
	return RAW(getuid);
}

uid_t geteuid(void)
{
	return RAW(geteuid);
}

gid_t getgid(void)
{
	return RAW(getgid);
}

gid_t getegid(void)
{
	return RAW(getegid);
}

int setuid(uid_t uid)
{
	return SYS(setuid, uid);
}

int setgid(gid_t gid)
{
	return SYS(setgid, gid);
}

int setreuid(uid_t ruid, uid_t euid)
{
	return SYS(setreuid, ruid, euid);
}

int setregid(gid_t rgid, gid_t egid)
{
	return SYS(setregid, rgid, egid);
}

int setresuid(uid_t ruid, uid_t euid, uid_t suid)
{
	return SYS(setresuid, ruid, euid, suid);
}

int setresgid(gid_t rgid, gid_t egid, gid_t sgid)
{
	return SYS(setresgid, rgid, egid, sgid);
}

int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid)
{
	return SYS(getresuid, ruid, euid, suid);
}

int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid)
{
	return SYS(getresgid, rgid, egid, sgid);
}

int getgroups(int n, gid_t *list)
{
	return SYS(getgroups, n, list);
}

int prlimit(pid_t pid, int what, const struct rlimit *limit, struct rlimit *old)
{
	return SYS(prlimit64, pid, what, limit, old);
}

int getrlimit(int what, struct rlimit *limit)
{
	return SYS(prlimit64, 0, what, NULL, limit);
}

int setrlimit(int what, const struct rlimit *limit)
{
	return SYS(prlimit64, 0, what, limit, NULL);
}

int getrusage(int who, struct rusage *ru)
{
	return SYS(getrusage, who, ru);
}

clock_t times(struct tms *t)
{
	return SYS(times, t);
}

int prctl(int option, ...)
{
	__builtin_va_list ap;
	long a[4];
	int i;

	__builtin_va_start(ap, option);
	for (i = 0; i < 4; i++)
		a[i] = __builtin_va_arg(ap, long);
	__builtin_va_end(ap);
	return SYS(prctl, option, a[0], a[1], a[2], a[3]);
}
