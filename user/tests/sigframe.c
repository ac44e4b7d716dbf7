// SPDX-License-Identifier: MIT
/* Signal frames: layout, registers kept and changed through sigreturn, alternate stacks, bad frames. */
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include "tap.h"

static volatile unsigned long seen_sp, seen_fp, seen_lr, seen_arg1, seen_arg2, seen_record[2];
static ucontext_t seen;
static volatile int count;

/* ---- layout */

static void look(int sig, siginfo_t *info, void *uc)
{
	(void)sig;
	seen_arg1 = (unsigned long)info;
	seen_arg2 = (unsigned long)uc;
	seen_fp = *(unsigned long *)__builtin_frame_address(0);	/* x29 at entry */
	seen_record[0] = ((unsigned long *)seen_fp)[0];
	seen_record[1] = ((unsigned long *)seen_fp)[1];
	seen = *(ucontext_t *)uc;
	count++;
}

static void set(int sig, void (*fn)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa = { .sa_sigaction = fn, .sa_flags = SA_SIGINFO | flags };

	sigaction(sig, &sa, NULL);
	count = 0;
}

static void test_layout(void)
{
	struct fpsimd_context *fp = (struct fpsimd_context *)seen.uc_mcontext.__reserved;

	is(sizeof(ucontext_t), 4560, "size of ucontext");
	set(SIGUSR1, look, 0);
	raise(SIGUSR1);
	is(count, 1, "the handler ran");
	is(seen_arg2 - seen_arg1, 128, "ucontext lies 128 bytes above siginfo");
	is(seen_arg1 % 16, 0, "siginfo, which is sp, is 16-aligned");
	is(seen_fp - seen_arg1, 128 + 4560, "x29 points at the record above both");
	is(seen_record[0], seen.uc_mcontext.regs[29], "the record has the interrupted x29");
	is(seen_record[1], seen.uc_mcontext.regs[30], "and x30");
	is(fp->head.magic, FPSIMD_MAGIC, "the first record of the context: floating point");
	is(fp->head.size, 528, "its size");
	is(seen.uc_flags, 0, "uc_flags");
	is(seen.uc_sigmask, 0, "uc_sigmask: the mask that comes back");
	is(seen.uc_stack.ss_flags, SS_DISABLE, "no alternate stack");
	is(seen.uc_mcontext.regs[8], SYS_tgkill, "x8 is still the system call's number");
	is(seen.uc_mcontext.regs[0], 0, "x0 is its result");
}

/* ---- registers */

static void change(int sig, siginfo_t *info, void *uc_)
{
	ucontext_t *uc = uc_;
	struct fpsimd_context *fp = (struct fpsimd_context *)uc->uc_mcontext.__reserved;

	(void)sig;
	(void)info;
	uc->uc_mcontext.regs[20] = 0x1122334455667788;
	uc->uc_mcontext.regs[0] = -513;		/* looks like ERESTARTNOINTR: must come through */
	uc->uc_mcontext.pc += 4;		/* over the BRK */
	uc->uc_mcontext.pstate |= 1UL << 30;	/* Z */
	fp->vregs[8] = ((__uint128_t)0x0123456789abcdef << 64) | 0xfedcba9876543210;
	count++;
}

/* Handlers may use all of these: they must not be seen to have changed. */
static void clobber(int sig, siginfo_t *info, void *uc)
{
	(void)sig;
	(void)info;
	(void)uc;
	asm volatile("movi v8.16b, #0xff\n\tmovi v31.16b, #0xee\n\tmovi v0.16b, #0xdd\n\t"
		     "msr fpcr, %0\n\tmsr fpsr, %0" :: "r"(0x10UL) : "v0", "v8", "v31");
	asm volatile("msr fpcr, xzr");
	count++;
}

static void test_registers(void)
{
	unsigned long x0 = 1, x20 = 2, flags = 0, lo, hi;

	set(SIGTRAP, change, 0);
	asm volatile("mov x0, #1\n\tmov x20, #2\n\tmovi v8.16b, #0\n\tcmp x20, #1\n\t"
		     "brk #0\n\t"
		     "mov %0, x0\n\tmov %1, x20\n\tmrs %2, nzcv\n\t"
		     "mov %3, v8.d[0]\n\tmov %4, v8.d[1]"
		     : "=&r"(x0), "=&r"(x20), "=&r"(flags), "=&r"(lo), "=&r"(hi)
		     :: "x0", "x20", "v8", "cc", "memory");
	is(count, 1, "BRK is SIGTRAP");
	is(x20, 0x1122334455667788, "x20 as the handler set it");
	is(x0, -513, "x0 as the handler set it, though it looks like a restart");
	ok(flags & (1UL << 30), "the Z flag as the handler set it");
	ok(lo == 0xfedcba9876543210 && hi == 0x0123456789abcdef, "v8 as the handler set it");
}

static void test_fp_kept(void)
{
	long pid = getpid(), tid = gettid(), x0;
	unsigned long a, b, c, sr;

	set(SIGUSR1, clobber, 0);
	asm volatile("movi v8.16b, #0x11\n\tmovi v31.16b, #0x22\n\tmovi v0.16b, #0x33\n\t"
		     "mov x9, #1\n\tmsr fpsr, x9\n\t"
		     "mov x0, %5\n\tmov x1, %6\n\tmov x2, %7\n\tmov x8, %8\n\tsvc #0\n\tmov %0, x0\n\t"
		     "mov %1, v8.d[1]\n\tmov %2, v31.d[1]\n\tmov %3, v0.d[1]\n\tmrs %4, fpsr"
		     : "=&r"(x0), "=&r"(a), "=&r"(b), "=&r"(c), "=&r"(sr)
		     : "r"(pid), "r"(tid), "i"(SIGUSR1), "i"(SYS_tgkill)
		     : "x0", "x1", "x2", "x8", "x9", "v0", "v8", "v31", "memory");
	is(count, 1, "a handler that changes floating-point registers");
	ok(a == 0x1111111111111111 && b == 0x2222222222222222 && c == 0x3333333333333333,
	   "v0, v8 and v31 are as before it");
	is(sr & 0x1f, 1, "FPSR too");
	is(x0, 0, "the system call's result is kept");
}

/* Each process has its own floating-point state, through any number of switches. */
static void test_fp_switch(void)
{
	unsigned long mine, wrong = 0;
	int pid = fork(), i;

	for (i = 0; i < 200; i++) {
		asm volatile("dup v17.2d, %0" :: "r"((unsigned long)pid * 3 + i) : "v17");
		syscall(SYS_sched_yield);
		asm volatile("mov %0, v17.d[1]" : "=r"(mine) :: "v17");
		wrong += mine != (unsigned long)pid * 3 + i;
	}
	if (pid == 0)
		_exit(wrong != 0);
	is(wrong, 0, "v17 of the parent through 200 switches");
	is(reap(pid), 0, "and of the child");
}

/* ---- a restorer of one's own, as musl has it */

void my_restorer(void);
asm(".text\n.global my_restorer\nmy_restorer:\n\tmov x8, #139\n\tsvc #0\n");

static void see_lr(int sig)
{
	(void)sig;
	seen_lr = (unsigned long)__builtin_return_address(0);
}

static void test_restorer(void)
{
	struct { void (*fn)(int); unsigned long flags; void (*restorer)(void); unsigned long mask; } sa = {
		see_lr, SA_RESTORER, my_restorer, 0
	};

	is(syscall(SYS_rt_sigaction, SIGUSR1, &sa, NULL, 8), 0, "an action with SA_RESTORER");
	raise(SIGUSR1);
	is(seen_lr, (long)my_restorer, "the handler returns to the restorer");
}

/* ---- alternate stacks */

static char altstack[SIGSTKSZ] __attribute__((aligned(16)));
static stack_t inside;
static int eperm;

static void on_alt(int sig, siginfo_t *info, void *uc)
{
	stack_t st = { altstack, 0, sizeof(altstack) };

	(void)sig;
	(void)info;
	seen_sp = (unsigned long)__builtin_frame_address(0);
	seen = *(ucontext_t *)uc;
	sigaltstack(NULL, &inside);
	eperm = sigaltstack(&st, NULL) < 0 ? errno : 0;
	count++;
}

static int within(unsigned long p)
{
	return p > (unsigned long)altstack && p <= (unsigned long)altstack + sizeof(altstack);
}

static void overflow(int sig, siginfo_t *info, void *uc)
{
	(void)sig;
	(void)uc;
	_exit(within((unsigned long)__builtin_frame_address(0)) && info->si_code > 0 ? 42 : 1);
}

/* Four GiB of stack, if it may. */
static __attribute__((noinline)) int recurse(volatile int n)
{
	volatile char fill[4096];

	fill[0] = n;
	return n > 1 << 20 ? n : n + recurse(n + 1) + fill[0];
}

static void overflow_stack(void)
{
	set(SIGSEGV, overflow, SA_ONSTACK);
	_exit(recurse(0) & 1);
}

static void overflow_without(void)
{
	stack_t off = { .ss_flags = SS_DISABLE };

	sigaltstack(&off, NULL);
	set(SIGSEGV, overflow, 0);
	_exit(recurse(0) & 1);
}

static void test_altstack(void)
{
	stack_t st = { altstack, 0, sizeof(altstack) }, small = { altstack, 0, 1024 }, old;

	is(sigaltstack(&st, NULL), 0, "sigaltstack");
	fails(sigaltstack(&small, NULL), ENOMEM, "one that is too small");
	set(SIGUSR1, on_alt, SA_ONSTACK);
	raise(SIGUSR1);
	ok(within(seen_sp), "SA_ONSTACK: the handler runs there");
	is(inside.ss_flags, SS_ONSTACK, "ss_flags says so inside");
	is(eperm, EPERM, "it cannot be changed while one stands on it");
	is(seen.uc_stack.ss_size, sizeof(altstack), "uc_stack in the frame");
	sigaltstack(NULL, &old);
	ok(old.ss_flags == 0 && old.ss_sp == altstack, "ss_flags outside");
	set(SIGUSR1, on_alt, 0);
	raise(SIGUSR1);
	ok(!within(seen_sp), "without SA_ONSTACK it runs on the usual stack");
	is(in_child(overflow_stack), 42, "stack overflow: the handler runs on the alternate stack");
	is(in_child(overflow_without), 1000 + SIGSEGV, "without one: killed by SIGSEGV");
}

/* ---- bad frames */

static void sp_nowhere(void)
{
	signal(SIGSEGV, SIG_DFL);
	asm volatile("mov sp, %0\n\tmov x8, #139\n\tsvc #0" :: "r"(16UL) : "memory", "x8");
	_exit(1);
}

static void sp_kernel(void)
{
	signal(SIGSEGV, SIG_DFL);
	asm volatile("mov sp, %0\n\tmov x8, #139\n\tsvc #0" :: "r"(0xffff000000080000UL) : "memory", "x8");
	_exit(1);
}

static void sp_odd(void)
{
	signal(SIGSEGV, SIG_DFL);
	asm volatile("add x9, sp, #8\n\tmov sp, x9\n\tmov x8, #139\n\tsvc #0" ::: "memory", "x8", "x9");
	_exit(1);
}

static int damage;

static void damage_frame(int sig, siginfo_t *info, void *uc_)
{
	ucontext_t *uc = uc_;
	struct _aarch64_ctx *head = (struct _aarch64_ctx *)uc->uc_mcontext.__reserved;

	(void)sig;
	(void)info;
	switch (damage) {
	case 0:
		uc->uc_mcontext.pstate = 5;	/* EL1h */
		break;
	case 1:
		uc->uc_mcontext.pstate |= 0x10;	/* AArch32 */
		break;
	case 2:
		head->size = 0;
		break;
	case 3:
		head->size = 0x10000;
		break;
	case 4:
		head->magic = 0x12345678;
		break;
	case 5:
		head->magic = head->size = 0;	/* no floating point at all */
		break;
	case 6:
		uc->uc_mcontext.pstate |= 0x3c0;	/* all interrupts masked */
		break;
	case 7:
		uc->uc_mcontext.pc = 0xffff000008000000;
		break;
	case 8:
		uc->uc_mcontext.pc |= 2;
		break;
	}
}

static void run_damaged(void)
{
	signal(SIGSEGV, SIG_DFL);
	set(SIGUSR1, damage_frame, 0);
	raise(SIGUSR1);
}

static void random_frame(void)
{
	static unsigned long junk[1024] __attribute__((aligned(16)));
	unsigned int i;

	for (i = 0; i < 1024; i++)
		junk[i] = 0x9e3779b97f4a7c15 * (i + 1);
	asm volatile("mov sp, %0\n\tmov x8, #139\n\tsvc #0" :: "r"(junk) : "memory", "x8");
}

static void handler_nowhere(void)
{
	signal(SIGUSR1, (sighandler_t)0xdead0000);
	raise(SIGUSR1);
}

static void no_stack_for_frame(void)
{
	signal(SIGUSR1, (sighandler_t)see_lr);
	asm volatile("mov x0, %0\n\tmov x1, %1\n\tmov x2, #10\n\tmov x8, #131\n\tmov sp, %2\n\tsvc #0\n\tb ."
		     :: "r"((long)getpid()), "r"((long)gettid()), "r"(4096UL)
		     : "x0", "x1", "x2", "x8", "memory");
}

static void test_bad_frames(void)
{
	static const char *const what[] = {
		"PSTATE of EL1", "PSTATE of AArch32", "a record of size 0", "a record that ends outside",
		"a record of unknown magic", "no floating-point record", "interrupts masked",
		"a pc in the kernel", "a pc that is not aligned",
	};
	static const int ends[] = { SIGSEGV, SIGSEGV, SIGSEGV, SIGSEGV, SIGSEGV, SIGSEGV, SIGSEGV,
				    SIGSEGV, SIGBUS };
	int status;

	is(in_child(sp_nowhere), 1000 + SIGSEGV, "sigreturn with sp at nothing");
	is(in_child(sp_kernel), 1000 + SIGSEGV, "sigreturn with sp in the kernel");
	is(in_child(sp_odd), 1000 + SIGSEGV, "sigreturn with sp not aligned");
	for (damage = 0; damage < 9; damage++)
		is(in_child(run_damaged), 1000 + ends[damage], "a frame with %s", what[damage]);
	status = in_child(random_frame);
	ok(status >= 1000, "a frame of random bytes (ended with %d)", status);
	is(in_child(handler_nowhere), 1000 + SIGSEGV, "a handler that is not mapped");
	is(in_child(no_stack_for_frame), 1000 + SIGSEGV, "no stack to put a frame on");
}

int main(void)
{
	test_layout();
	test_registers();
	test_fp_kept();
	test_fp_switch();
	test_restorer();
	test_altstack();
	test_bad_frames();
	return done();
}
