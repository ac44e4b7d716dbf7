/* SPDX-License-Identifier: MIT */
/* Sets of signals, and what the kernel does with each by default. */
#ifndef _LINUX_SIGNAL_H
#define _LINUX_SIGNAL_H

#include <linux/signal_types.h>
#include <linux/list.h>
#include <linux/string.h>

struct task_struct;

#define sigmask(sig)	(1UL << ((sig) - 1))

static inline void sigaddset(sigset_t *set, int sig) { set->sig[0] |= sigmask(sig); }
static inline void sigdelset(sigset_t *set, int sig) { set->sig[0] &= ~sigmask(sig); }
static inline int sigismember(const sigset_t *set, int sig) { return (set->sig[0] >> (sig - 1)) & 1; }
static inline void sigemptyset(sigset_t *set) { set->sig[0] = 0; }
static inline void sigfillset(sigset_t *set) { set->sig[0] = ~0UL; }
static inline int sigisemptyset(const sigset_t *set) { return set->sig[0] == 0; }
static inline void siginitset(sigset_t *set, unsigned long mask) { set->sig[0] = mask; }
static inline void siginitsetinv(sigset_t *set, unsigned long mask) { set->sig[0] = ~mask; }
static inline int sigequalsets(const sigset_t *a, const sigset_t *b) { return a->sig[0] == b->sig[0]; }
static inline void sigorsets(sigset_t *r, const sigset_t *a, const sigset_t *b) { r->sig[0] = a->sig[0] | b->sig[0]; }
static inline void sigandsets(sigset_t *r, const sigset_t *a, const sigset_t *b) { r->sig[0] = a->sig[0] & b->sig[0]; }
static inline void sigandnsets(sigset_t *r, const sigset_t *a, const sigset_t *b) { r->sig[0] = a->sig[0] & ~b->sig[0]; }
static inline void signotset(sigset_t *set) { set->sig[0] = ~set->sig[0]; }
static inline void sigaddsetmask(sigset_t *set, unsigned long mask) { set->sig[0] |= mask; }
static inline void sigdelsetmask(sigset_t *set, unsigned long mask) { set->sig[0] &= ~mask; }

static inline int valid_signal(unsigned long sig) { return sig <= _NSIG; }

static inline void init_sigpending(struct sigpending *p)
{
	sigemptyset(&p->signal);
	INIT_LIST_HEAD(&p->list);
}

static inline void clear_siginfo(kernel_siginfo_t *info) { memset(info, 0, sizeof(*info)); }

/* Which part of siginfo's union a signal fills. */
enum siginfo_layout { SIL_KILL, SIL_TIMER, SIL_POLL, SIL_FAULT, SIL_CHLD, SIL_RT, SIL_SYS };

enum siginfo_layout siginfo_layout(unsigned int sig, int si_code);
int next_signal(struct sigpending *pending, sigset_t *mask);
bool unhandled_signal(struct task_struct *tsk, int sig);	/* would it kill? */
bool show_unhandled_signals_ratelimited(void);
int copy_siginfo_to_user(struct siginfo __user *to, const kernel_siginfo_t *from);
int copy_siginfo_from_user(kernel_siginfo_t *to, const struct siginfo __user *from);
void signals_init(void);

/* Sets by default action. */
#define SIG_KERNEL_ONLY_MASK	(sigmask(SIGKILL) | sigmask(SIGSTOP))
#define SIG_KERNEL_STOP_MASK	(sigmask(SIGSTOP) | sigmask(SIGTSTP) | sigmask(SIGTTIN) | sigmask(SIGTTOU))
#define SIG_KERNEL_COREDUMP_MASK (sigmask(SIGQUIT) | sigmask(SIGILL) | sigmask(SIGTRAP) |	\
				  sigmask(SIGABRT) | sigmask(SIGFPE) | sigmask(SIGSEGV) |	\
				  sigmask(SIGBUS) | sigmask(SIGSYS) | sigmask(SIGXCPU) | sigmask(SIGXFSZ))
#define SIG_KERNEL_IGNORE_MASK	(sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))
#define SYNCHRONOUS_MASK	(sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGILL) |	\
				 sigmask(SIGTRAP) | sigmask(SIGFPE) | sigmask(SIGSYS))

#define sig_in_mask(sig, mask)	((sig) < SIGRTMIN && (sigmask(sig) & (mask)))
#define sig_kernel_only(sig)	sig_in_mask(sig, SIG_KERNEL_ONLY_MASK)
#define sig_kernel_coredump(sig) sig_in_mask(sig, SIG_KERNEL_COREDUMP_MASK)
#define sig_kernel_ignore(sig)	sig_in_mask(sig, SIG_KERNEL_IGNORE_MASK)
#define sig_kernel_stop(sig)	sig_in_mask(sig, SIG_KERNEL_STOP_MASK)

#endif
