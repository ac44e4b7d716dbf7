/* SPDX-License-Identifier: MIT */
/* siginfo: what a signal tells besides its number. 128 bytes on the user's side. */
#ifndef _UAPI_ASM_GENERIC_SIGINFO_H
#define _UAPI_ASM_GENERIC_SIGINFO_H

#include <linux/types.h>

typedef union sigval {
	int sival_int;
	void __user *sival_ptr;
} sigval_t;

#define SI_MAX_SIZE	128

union __sifields {
	struct {				/* kill() */
		__kernel_pid_t _pid;
		__kernel_uid32_t _uid;
	} _kill;
	struct {				/* POSIX timers */
		int _tid, _overrun;
		sigval_t _sigval;
		int _sys_private;
	} _timer;
	struct {				/* sigqueue() */
		__kernel_pid_t _pid;
		__kernel_uid32_t _uid;
		sigval_t _sigval;
	} _rt;
	struct {				/* SIGCHLD */
		__kernel_pid_t _pid;
		__kernel_uid32_t _uid;
		int _status;
		long _utime, _stime;
	} _sigchld;
	struct {				/* SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP */
		void __user *_addr;
	} _sigfault;
	struct {				/* SIGPOLL */
		long _band;
		int _fd;
	} _sigpoll;
	struct {				/* SIGSYS */
		void __user *_call_addr;
		int _syscall;
		unsigned int _arch;
	} _sigsys;
};

typedef struct siginfo {
	union {
		struct {
			int si_signo, si_errno, si_code;
			union __sifields _sifields;
		};
		int _si_pad[SI_MAX_SIZE / sizeof(int)];
	};
} siginfo_t;

#define si_pid		_sifields._kill._pid
#define si_uid		_sifields._kill._uid
#define si_tid		_sifields._timer._tid
#define si_overrun	_sifields._timer._overrun
#define si_sys_private	_sifields._timer._sys_private	/* not for programs */
#define si_status	_sifields._sigchld._status
#define si_utime	_sifields._sigchld._utime
#define si_stime	_sifields._sigchld._stime
#define si_value	_sifields._rt._sigval
#define si_int		_sifields._rt._sigval.sival_int
#define si_ptr		_sifields._rt._sigval.sival_ptr
#define si_addr		_sifields._sigfault._addr
#define si_band		_sifields._sigpoll._band
#define si_fd		_sifields._sigpoll._fd
#define si_call_addr	_sifields._sigsys._call_addr
#define si_syscall	_sifields._sigsys._syscall
#define si_arch		_sifields._sigsys._arch

/* How a timer is to tell that it expired. 64 bytes. */
#define SIGEV_SIGNAL	0
#define SIGEV_NONE	1
#define SIGEV_THREAD	2		/* the C library's; to the kernel a signal */
#define SIGEV_THREAD_ID	4
#define SIGEV_MAX_SIZE	64
#define SIGEV_PAD_SIZE	((SIGEV_MAX_SIZE - sizeof(sigval_t) - 2 * sizeof(int)) / sizeof(int))

typedef struct sigevent {
	sigval_t sigev_value;
	int sigev_signo;
	int sigev_notify;
	union {
		int _pad[SIGEV_PAD_SIZE];
		int _tid;
	} _sigev_un;
} sigevent_t;

#define sigev_notify_thread_id	_sigev_un._tid

#define SI_USER		0
#define SI_KERNEL	0x80
#define SI_QUEUE	-1
#define SI_TIMER	-2
#define SI_MESGQ	-3
#define SI_ASYNCIO	-4
#define SI_SIGIO	-5
#define SI_TKILL	-6

#define ILL_ILLOPC	1
#define ILL_ILLTRP	4
#define ILL_PRVOPC	5
#define FPE_INTDIV	1
#define FPE_INTOVF	2
#define FPE_FLTDIV	3
#define FPE_FLTOVF	4
#define FPE_FLTUND	5
#define FPE_FLTRES	6
#define FPE_FLTINV	7
#define FPE_FLTSUB	8
#define FPE_FLTUNK	14
#define SEGV_MAPERR	1
#define SEGV_ACCERR	2
#define BUS_ADRALN	1
#define BUS_ADRERR	2
#define BUS_OBJERR	3
#define TRAP_BRKPT	1
#define TRAP_TRACE	2
#define TRAP_HWBKPT	4
#define CLD_EXITED	1
#define CLD_KILLED	2
#define CLD_DUMPED	3
#define CLD_TRAPPED	4
#define CLD_STOPPED	5
#define CLD_CONTINUED	6

#endif
