// SPDX-License-Identifier: MIT
/*
 * Signals. No SA_RESTORER is set: a handler returns through the trampoline that the kernel maps,
 * as it does in glibc's programs on arm64.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "internal.h"

struct k_sigaction {
	void		*handler;
	unsigned long	flags;
	void		(*restorer)(void);
	sigset_t	mask;
};

int sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
	struct k_sigaction ka, ko;

	if (act) {
		ka.handler = act->sa_handler;
		ka.flags = (unsigned int)act->sa_flags;
		ka.restorer = act->sa_flags & SA_RESTORER ? act->sa_restorer : NULL;
		ka.mask = act->sa_mask;
	}
	if (SYS(rt_sigaction, sig, act ? &ka : NULL, old ? &ko : NULL, sizeof(sigset_t)) < 0)
		return -1;
	if (old) {
		old->sa_handler = ko.handler;
		old->sa_flags = ko.flags;
		old->sa_restorer = ko.restorer;
		old->sa_mask = ko.mask;
	}
	return 0;
}

sighandler_t signal(int sig, sighandler_t handler)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;

	return sigaction(sig, &act, &old) ? SIG_ERR : old.sa_handler;
}

int kill(pid_t pid, int sig)
{
	return SYS(kill, pid, sig);
}

int killpg(pid_t pgrp, int sig)
{
	if (pgrp < 0) {
		errno = EINVAL;
		return -1;
	}
	return kill(-pgrp, sig);
}

int tgkill(pid_t tgid, pid_t tid, int sig)
{
	return SYS(tgkill, tgid, tid, sig);
}

int raise(int sig)
{
	return tgkill(getpid(), gettid(), sig);
}

_Noreturn void abort(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t set = 1UL << (SIGABRT - 1);

	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGABRT);
	sigaction(SIGABRT, &dfl, NULL);		/* the handler came back, or it was ignored */
	raise(SIGABRT);
	_exit(127);
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	return SYS(rt_sigprocmask, how, set, old, sizeof(sigset_t));
}

int sigsuspend(const sigset_t *mask)
{
	return SYS(rt_sigsuspend, mask, sizeof(sigset_t));
}

int sigpending(sigset_t *set)
{
	return SYS(rt_sigpending, set, sizeof(sigset_t));
}

int sigaltstack(const stack_t *ss, stack_t *old)
{
	return SYS(sigaltstack, ss, old);
}

int sigqueue(pid_t pid, int sig, union sigval value)
{
	siginfo_t info = { .si_signo = sig, .si_code = SI_QUEUE };

	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value = value;
	return SYS(rt_sigqueueinfo, pid, sig, &info);
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
	return SYS(rt_sigtimedwait, set, info, timeout, sizeof(sigset_t));
}

int sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	return sigtimedwait(set, info, NULL);
}

int sigwait(const sigset_t *set, int *sig)
{
	int n;

	do
		n = sigtimedwait(set, NULL, NULL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno;
	*sig = n;
	return 0;
}

int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

int sigfillset(sigset_t *set)
{
	*set = ~0UL;
	return 0;
}

static int valid(int sig)
{
	if (sig >= 1 && sig < NSIG)
		return 1;
	errno = EINVAL;
	return 0;
}

int sigaddset(sigset_t *set, int sig)
{
	if (!valid(sig))
		return -1;
	*set |= 1UL << (sig - 1);
	return 0;
}

int sigdelset(sigset_t *set, int sig)
{
	if (!valid(sig))
		return -1;
	*set &= ~(1UL << (sig - 1));
	return 0;
}

int sigismember(const sigset_t *set, int sig)
{
	if (!valid(sig))
		return -1;
	return *set >> (sig - 1) & 1;
}

void __sigjmp_save(sigjmp_buf env, int save)
{
	env->mask_saved = save;
	if (save)
		sigprocmask(SIG_BLOCK, NULL, &env->mask);
}

_Noreturn void siglongjmp(sigjmp_buf env, int value)
{
	if (env->mask_saved)
		sigprocmask(SIG_SETMASK, &env->mask, NULL);
	longjmp(env->regs, value);
}
