// SPDX-License-Identifier: MIT
/* Signals. A sigset_t is the kernel's: 64 bits, bit n-1 is signal n. */
#ifndef _SIGNAL_H
#define _SIGNAL_H

#include <sys/types.h>
#include <time.h>

#define SIGHUP		1
#define SIGINT		2
#define SIGQUIT		3
#define SIGILL		4
#define SIGTRAP		5
#define SIGABRT		6
#define SIGIOT		SIGABRT
#define SIGBUS		7
#define SIGFPE		8
#define SIGKILL		9
#define SIGUSR1		10
#define SIGSEGV		11
#define SIGUSR2		12
#define SIGPIPE		13
#define SIGALRM		14
#define SIGTERM		15
#define SIGSTKFLT	16
#define SIGCHLD		17
#define SIGCONT		18
#define SIGSTOP		19
#define SIGTSTP		20
#define SIGTTIN		21
#define SIGTTOU		22
#define SIGURG		23
#define SIGXCPU		24
#define SIGXFSZ		25
#define SIGVTALRM	26
#define SIGPROF		27
#define SIGWINCH	28
#define SIGIO		29
#define SIGPOLL		SIGIO
#define SIGPWR		30
#define SIGSYS		31
#define SIGRTMIN	32
#define SIGRTMAX	64
#define NSIG		65

#define SA_NOCLDSTOP	0x00000001
#define SA_NOCLDWAIT	0x00000002
#define SA_SIGINFO	0x00000004
#define SA_RESTORER	0x04000000
#define SA_ONSTACK	0x08000000
#define SA_RESTART	0x10000000
#define SA_NODEFER	0x40000000
#define SA_RESETHAND	0x80000000

#define SIG_BLOCK	0
#define SIG_UNBLOCK	1
#define SIG_SETMASK	2

typedef unsigned long sigset_t;
typedef int sig_atomic_t;
typedef void (*sighandler_t)(int);

#define SIG_DFL		((sighandler_t)0)
#define SIG_IGN		((sighandler_t)1)
#define SIG_ERR		((sighandler_t)-1)

union sigval {
	int	sival_int;
	void	*sival_ptr;
};

typedef struct {
	int si_signo, si_errno, si_code, __pad0;
	union {
		struct {
			pid_t		pid;
			uid_t		uid;
			union sigval	value;
		} rt;
		struct {
			pid_t		pid;
			uid_t		uid;
			int		status;
			clock_t		utime, stime;
		} chld;
		struct {
			int		tid, overrun;
			union sigval	value;
		} timer;
		struct {
			void		*addr;
		} fault;
		struct {
			long		band;
			int		fd;
		} poll;
		char pad[112];
	} __u;
} siginfo_t;

#define si_pid		__u.rt.pid
#define si_uid		__u.rt.uid
#define si_value	__u.rt.value
#define si_int		__u.rt.value.sival_int
#define si_ptr		__u.rt.value.sival_ptr
#define si_status	__u.chld.status
#define si_utime	__u.chld.utime
#define si_stime	__u.chld.stime
#define si_addr		__u.fault.addr
#define si_band		__u.poll.band
#define si_fd		__u.poll.fd

#define si_timerid	__u.timer.tid
#define si_overrun	__u.timer.overrun

#define SIGEV_SIGNAL	0
#define SIGEV_NONE	1
#define SIGEV_THREAD	2
#define SIGEV_THREAD_ID	4

struct sigevent {
	union sigval	sigev_value;
	int		sigev_signo, sigev_notify;
	union {
		int	pad[12];
		pid_t	tid;
	} __u;
};

#define sigev_notify_thread_id	__u.tid

#define SI_USER		0
#define SI_KERNEL	0x80
#define SI_QUEUE	(-1)
#define SI_TIMER	(-2)
#define SI_TKILL	(-6)
#define ILL_ILLOPC	1
#define FPE_INTDIV	1
#define SEGV_MAPERR	1
#define SEGV_ACCERR	2
#define BUS_ADRALN	1
#define BUS_ADRERR	2
#define BUS_OBJERR	3
#define TRAP_BRKPT	1
#define CLD_EXITED	1
#define CLD_KILLED	2
#define CLD_DUMPED	3
#define CLD_TRAPPED	4
#define CLD_STOPPED	5
#define CLD_CONTINUED	6

struct sigaction {
	union {
		void (*sa_handler)(int);
		void (*sa_sigaction)(int, siginfo_t *, void *);
	};
	sigset_t	sa_mask;
	int		sa_flags;
	void		(*sa_restorer)(void);
};

typedef struct {
	void	*ss_sp;
	int	ss_flags;
	size_t	ss_size;
} stack_t;

#define SS_ONSTACK	1
#define SS_DISABLE	2
#define MINSIGSTKSZ	5120
#define SIGSTKSZ	16384

int kill(pid_t pid, int sig);
int killpg(pid_t pgrp, int sig);
int raise(int sig);
int tgkill(pid_t tgid, pid_t tid, int sig);
sighandler_t signal(int sig, sighandler_t handler);
int sigaction(int sig, const struct sigaction *act, struct sigaction *old);
int sigprocmask(int how, const sigset_t *set, sigset_t *old);
int sigsuspend(const sigset_t *mask);
int sigpending(sigset_t *set);
int sigaltstack(const stack_t *ss, stack_t *old);
int sigqueue(pid_t pid, int sig, union sigval value);
int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout);
int sigwaitinfo(const sigset_t *set, siginfo_t *info);
int sigwait(const sigset_t *set, int *sig);

int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int sig);
int sigdelset(sigset_t *set, int sig);
int sigismember(const sigset_t *set, int sig);

/* The name of a signal without SIG ("INT"), NULL when there is none; and its number, -1. */
const char *sigabbrev_np(int sig);
int signum_np(const char *name);
char *strsignal(int sig);
void psignal(int sig, const char *msg);

#endif
