// SPDX-License-Identifier: MIT
/*
 * futex(2): waiting, waking, requeueing; private and shared words; times; signals; robust lists.
 *
 * Waiters are tasks that share the memory. "Asleep" is told by what the futex itself says: a wake-up or a
 * requeue is tried until it has found them. With an argument: exits at once (what the exec test runs).
 */
#include <sched.h>
#include <stdint.h>
#include <sys/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include "tap.h"

#define PAGE	4096
#define STACK	(64 << 10)
#define MS	1000000L

static uint32_t word, word2;
static uint32_t woken;			/* how many waiters have returned 0 */

static long wake(uint32_t *uaddr, int op, int n)
{
	return futex(uaddr, op, n, NULL, NULL, 0);
}

static long wait_on(uint32_t *uaddr, int op, uint32_t val, const struct timespec *ts)
{
	return futex(uaddr, op, val, ts, NULL, FUTEX_BITSET_MATCH_ANY);
}

/* -errno instead of -1: errno is shared with the other tasks. */
static long raw_wait(uint32_t *uaddr, int op, uint32_t val)
{
	return wait_on(uaddr, op, val, NULL) ? -errno : 0;
}

/* A task that runs fn(arg) in our memory; its stack stays ours. */
static pid_t start(int (*fn)(void *), void *arg, int flags, pid_t *tid)
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return clone(fn, stack + STACK, CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD | flags, arg, tid, NULL,
		     tid);
}

/* Wake n waiters, when they have come. */
static int wake_when_there(uint32_t *uaddr, int op, int n)
{
	int total = 0;

	while (total < n) {
		total += wake(uaddr, op, n - total);
		sched_yield();
	}
	return total;
}

static long elapsed(clockid_t clock, const struct timespec *since)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (now.tv_sec - since->tv_sec) * 1000 * MS + now.tv_nsec - since->tv_nsec;
}

/* ------------------------------------------------------------------ arguments, times */

static void test_arguments(void)
{
	struct timespec bad = { 0, -1 };
	uint32_t *kernel = (uint32_t *)0xffff000000000000UL, *none = (uint32_t *)PAGE;

	word = 5;
	fails(wait_on(&word, FUTEX_WAIT, 4, NULL), EAGAIN, "wait: the word is another");
	fails(wait_on((uint32_t *)((char *)&word + 1), FUTEX_WAIT, 5, NULL), EINVAL, "wait: not aligned");
	fails(wake((uint32_t *)((char *)&word + 2), FUTEX_WAKE, 1), EINVAL, "wake: not aligned");
	fails(wait_on(kernel, FUTEX_WAIT, 5, NULL), EFAULT, "wait: a kernel address");
	fails(wake(kernel, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1), EFAULT, "wake: a kernel address");
	fails(wait_on(none, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 5, NULL), EFAULT, "wait: nothing mapped");
	fails(wake(none, FUTEX_WAKE, 1), EFAULT, "wake, shared: nothing mapped");
	is(wake(none, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1), 0, "wake, private: nobody looks");
	fails(wait_on(&word, FUTEX_WAIT, 5, &bad), EINVAL, "a time that is none");
	fails(wait_on(&word, FUTEX_WAIT, 5, (void *)PAGE), EFAULT, "a time that is not there");
	fails(futex(&word, FUTEX_WAIT_BITSET, 5, NULL, NULL, 0), EINVAL, "wait for no bit");
	fails(futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0), EINVAL, "wake no bit");
	fails(wake(&word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1), ENOSYS, "wake by a clock");
	fails(futex(&word, 99, 1, NULL, NULL, 0), ENOSYS, "an unknown operation");
	fails(futex(&word, FUTEX_REQUEUE, -1, (void *)1L, &word2, 0), EINVAL, "requeue: wake -1");
	fails(futex(&word, FUTEX_CMP_REQUEUE, 1, (void *)1L, &word2, 6), EAGAIN, "requeue: another value");
	is(wake(&word, FUTEX_WAKE, 1), 0, "wake: nobody waits");
}

static void test_times(void)
{
	struct timespec rel = { 0, 20 * MS }, since, at;

	word = 1;
	clock_gettime(CLOCK_MONOTONIC, &since);
	fails(wait_on(&word, FUTEX_WAIT, 1, &rel), ETIMEDOUT, "wait for 20 ms");
	ok(elapsed(CLOCK_MONOTONIC, &since) >= 20 * MS, "not less than that");

	clock_gettime(CLOCK_MONOTONIC, &since);
	at = since;
	at.tv_nsec += 20 * MS;
	at.tv_sec += at.tv_nsec / (1000 * MS);
	at.tv_nsec %= 1000 * MS;
	fails(wait_on(&word, FUTEX_WAIT_BITSET, 1, &at), ETIMEDOUT, "wait until a time, CLOCK_MONOTONIC");
	ok(elapsed(CLOCK_MONOTONIC, &since) >= 20 * MS, "not earlier");
	fails(wait_on(&word, FUTEX_WAIT_BITSET, 1, &since), ETIMEDOUT, "a time that is past");

	clock_gettime(CLOCK_REALTIME, &since);
	at = since;
	at.tv_nsec += 20 * MS;
	at.tv_sec += at.tv_nsec / (1000 * MS);
	at.tv_nsec %= 1000 * MS;
	fails(wait_on(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 1, &at), ETIMEDOUT,
	      "wait until a time, CLOCK_REALTIME");
	ok(elapsed(CLOCK_REALTIME, &since) >= 20 * MS, "not earlier");
}

/* ------------------------------------------------------------------ waking */

static int waiter(void *arg)
{
	(void)arg;
	if (raw_wait(&word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 1) != 0)
		return 1;
	__atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static int bit_waiter(void *arg)
{
	if (futex(&word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, (uintptr_t)arg))
		return 1;
	return (uintptr_t)arg;
}

static void test_wake(void)
{
	pid_t pids[4];
	int i;

	word = 1;
	for (i = 0; i < 4; i++)
		pids[i] = start(waiter, NULL, 0, NULL);
	is(wake_when_there(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 2), 2, "2 of 4 are woken");
	while (__atomic_load_n(&woken, __ATOMIC_SEQ_CST) < 2)
		sched_yield();
	is(wake(&word, FUTEX_WAKE, 4), 0, "a shared wake-up is not for private waiters");
	is(wake_when_there(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 2), 2, "then the other 2");
	for (i = 0; i < 4; i++)
		is(reap(pids[i]), 0, "waiter %d returned 0", i);

	pids[0] = start(bit_waiter, (void *)2L, 0, NULL);
	pids[1] = start(bit_waiter, (void *)4L, 0, NULL);
	until_asleep(pids[0]);
	until_asleep(pids[1]);
	is(futex(&word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, 9, NULL, NULL, 5), 1, "bits 5 wake one of two");
	is(reap(pids[1]), 4, "him who waits for 4");
	is(futex(&word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, 9, NULL, NULL, ~2U), 0, "and not for 2");
	is(wake_when_there(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1), 1, "a plain wake-up is for any bit");
	is(reap(pids[0]), 2, "and wakes him");
}

/* ------------------------------------------------------------------ requeue */

static void test_requeue(void)
{
	const int op = FUTEX_REQUEUE | FUTEX_PRIVATE_FLAG;
	int i, moved = 0;
	pid_t pids[3];

	word = 1;
	word2 = 7;
	for (i = 0; i < 3; i++)
		pids[i] = start(waiter, NULL, 0, NULL);
	while (moved < 3) {
		moved += futex(&word, op, 0, (void *)9L, &word2, 0);
		sched_yield();
	}
	is(wake(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9), 0, "the first word has no waiters any more");
	is(futex(&word2, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, (void *)1L, &word, 7), 2,
	   "compare and requeue: one woken, one moved back");
	is(wake(&word2, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9), 1, "one was left on the second word");
	is(wake(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9), 1, "one on the first");
	for (i = 0; i < 3; i++)
		is(reap(pids[i]), 0, "waiter %d returned 0", i);
}

/* ------------------------------------------------------------------ wake-op */

static long wake_op(uint32_t *uaddr2, int op)
{
	return futex(&word, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, (void *)1L, uaddr2, op);
}

static void try_op(uint32_t before, int op, uint32_t after, const char *what)
{
	word2 = before;
	is(wake_op(&word2, op), 0, "wake-op %s: nobody to wake", what);
	is(word2, after, "wake-op %s: the word", what);
}

static void test_wake_op(void)
{
	uint32_t *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	try_op(3, FUTEX_OP(FUTEX_OP_SET, 9, FUTEX_OP_CMP_EQ, 0), 9, "set");
	try_op(3, FUTEX_OP(FUTEX_OP_ADD, -5, FUTEX_OP_CMP_EQ, 0), -2, "add -5");
	try_op(3, FUTEX_OP(FUTEX_OP_OR, 12, FUTEX_OP_CMP_EQ, 0), 15, "or");
	try_op(15, FUTEX_OP(FUTEX_OP_ANDN, 5, FUTEX_OP_CMP_EQ, 0), 10, "andn");
	try_op(15, FUTEX_OP(FUTEX_OP_XOR, 5, FUTEX_OP_CMP_EQ, 0), 10, "xor");
	try_op(0, FUTEX_OP(FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 20, FUTEX_OP_CMP_EQ, 1), 1 << 20, "1 << 20");
	fails(wake_op(&word2, FUTEX_OP(5, 0, 0, 0)), ENOSYS, "wake-op: no such change");
	fails(wake_op(&word2, FUTEX_OP(0, 0, 9, 0)), ENOSYS, "wake-op: no such comparison");
	fails(wake_op((uint32_t *)PAGE, FUTEX_OP(0, 0, 0, 0)), EFAULT, "wake-op: nothing mapped");

	word = 1;
	word2 = 0xfffffff0;
	pid = start(waiter, NULL, 0, NULL);
	/* Waits on word, which is here the second one: woken if the old value is less than 0. */
	while (futex(&word2, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, (void *)1L, &word,
		     FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_GT, 0)) == 0)
		sched_yield();
	is(reap(pid), 0, "the second word's waiter is woken when the comparison holds");
	word2 = 3;
	is(wake_op(&word2, FUTEX_OP(FUTEX_OP_SET, 0, FUTEX_OP_CMP_LT, 0)), 0, "3 < 0 does not");

	page[0] = 1;
	pid = fork();
	if (pid == 0)
		_exit(wake_op(page, FUTEX_OP(FUTEX_OP_ADD, 1, 0, 0)) != 0 || page[0] != 2);
	is(reap(pid), 0, "wake-op on a page to be copied on write");
	is(page[0], 1, "which the parent does not see");
	mprotect(page, PAGE, PROT_READ);
	fails(wake_op(page, FUTEX_OP(FUTEX_OP_ADD, 1, 0, 0)), EFAULT, "wake-op on a read-only page");
	mprotect(page, PAGE, PROT_READ | PROT_WRITE);
	is(wake_op(page, FUTEX_OP(FUTEX_OP_ADD, 1, 0, 0)), 0, "and when it may be written again");
	is(page[0], 2, "it is");
	munmap(page, PAGE);
}

/* ------------------------------------------------------------------ shared and private */

static uint32_t *map_file(int fd, int flags)
{
	return mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);
}

static int wait_there(void *arg)
{
	return raw_wait(arg, FUTEX_WAIT, 0) != 0;
}

static void test_shared(void)
{
	int fd = syscall(SYS_memfd_create, "futex", 0);
	uint32_t *a, *b, *priv, *anon;
	pid_t pid;

	ftruncate(fd, 2 * PAGE);
	a = map_file(fd, MAP_SHARED);
	b = map_file(fd, MAP_SHARED);
	priv = map_file(fd, MAP_PRIVATE);
	anon = map_file(-1, MAP_SHARED | MAP_ANONYMOUS);

	pid = start(wait_there, a + PAGE / 4, 0, NULL);
	is(wake_when_there(b + PAGE / 4, FUTEX_WAKE, 1), 1, "one file, two addresses: one futex");
	is(reap(pid), 0, "its waiter");
	pid = fork();
	if (pid == 0)
		_exit(wait_there(anon + 3));
	while (wake(anon + 3, FUTEX_WAKE, 1) == 0) {
		if (wake(anon + 2, FUTEX_WAKE, 9) || wake(anon + 3 + PAGE / 4, FUTEX_WAKE, 9) ||
		    wake(a + 3, FUTEX_WAKE, 9) || wake(anon + 3, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9))
			ok(0, "another word, page or file, or a private wake-up, found the waiter");
		sched_yield();
	}
	is(reap(pid), 0, "shared anonymous memory, two processes: one futex");

	pid = fork();
	if (pid == 0) {
		alarm(60);
		_exit(wait_there(priv));
	}
	until_asleep(pid);
	is(wake(priv, FUTEX_WAKE, 9), 0, "private mappings of two processes are not one futex");
	kill(pid, SIGKILL);
	reap(pid);
	munmap(a, 2 * PAGE);
	munmap(b, 2 * PAGE);
	munmap(priv, 2 * PAGE);
	munmap(anon, 2 * PAGE);
	close(fd);
}

/* ------------------------------------------------------------------ signals */

static uint32_t handled;

static void on_signal(int sig)
{
	(void)sig;
	__atomic_store_n(&handled, 1, __ATOMIC_SEQ_CST);
}

static void handler(int flags)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(SIGUSR1, &sa, NULL);
	handled = 0;
}

struct shared {
	uint32_t word, ready;
};
static struct shared *sh;

/* In a child: wait, and tell how it ended as the exit status. ms 0: for ever. */
static pid_t waiting_child(int flags, long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * MS };
	pid_t pid = fork();

	if (pid)
		return pid;
	alarm(60);
	handler(flags);
	__atomic_store_n(&sh->ready, 1, __ATOMIC_SEQ_CST);
	_exit(wait_on(&sh->word, FUTEX_WAIT, 0, ms ? &ts : NULL) ? errno : 0);
}

/* Send SIGUSR1 until the child is gone, or has handled it and sleeps on. */
static int nag(pid_t pid)
{
	int status;

	while (!__atomic_load_n(&sh->ready, __ATOMIC_SEQ_CST))
		sched_yield();
	while (waitpid(pid, &status, WNOHANG) == 0) {
		kill(pid, SIGUSR1);
		sched_yield();
	}
	sh->ready = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void test_signals(void)
{
	struct timespec since;
	int status, i;
	pid_t pid;

	sh = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	is(nag(waiting_child(0, 0)), EINTR, "a handler ends a wait: EINTR");
	is(nag(waiting_child(SA_RESTART, 50000)), EINTR, "with a time also under SA_RESTART");

	pid = waiting_child(SA_RESTART, 0);
	while (!__atomic_load_n(&sh->ready, __ATOMIC_SEQ_CST))
		sched_yield();
	for (i = 0; i < 100; i++) {
		kill(pid, SIGUSR1);
		sched_yield();
	}
	is(wake_when_there(&sh->word, FUTEX_WAKE, 1), 1, "SA_RESTART: it waits on");
	is(reap(pid), 0, "until it is woken");

	sh->ready = 0;
	clock_gettime(CLOCK_MONOTONIC, &since);
	pid = waiting_child(0, 300);
	while (!__atomic_load_n(&sh->ready, __ATOMIC_SEQ_CST))
		sched_yield();
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	ok(WIFSTOPPED(status), "stopped in a wait of 300 ms");
	kill(pid, SIGCONT);
	is(reap(pid), ETIMEDOUT, "continued: the wait goes on to its time");
	ok(elapsed(CLOCK_MONOTONIC, &since) >= 300 * MS, "not less than 300 ms in all");
	ok(elapsed(CLOCK_MONOTONIC, &since) < 60000 * MS, "and once, not again and again");
	munmap(sh, PAGE);
}

/* ------------------------------------------------------------------ the end of a task */

static int nothing(void *arg)
{
	(void)arg;
	return 0;
}

static void test_clear_tid(void)
{
	uint32_t tid = 0, seen;
	pid_t pid = start(nothing, NULL, CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID, (pid_t *)&tid);

	while ((seen = __atomic_load_n(&tid, __ATOMIC_SEQ_CST)) != 0)
		wait_on(&tid, FUTEX_WAIT, seen, NULL);
	is(tid, 0, "CLONE_CHILD_CLEARTID: the word is 0, and its waiter woken");
	is(reap(pid), 0, "the task");
}

struct robust {
	struct robust_list list;
	uint32_t word;
};

#define ENTRIES 3000
static struct robust_list_head head;
static struct robust mutexes[ENTRIES];
static int (*then)(void);

static void robust_init(struct robust_list *first)
{
	head.list.next = first;
	head.futex_offset = offsetof(struct robust, word);
	head.list_op_pending = NULL;
}

/* Holds what is in the list, and ends. The words are filled with its number. */
static int owner(void *arg)
{
	int i, n = (intptr_t)arg;

	for (i = 0; i < n; i++)
		mutexes[i].word |= gettid();
	if (syscall(SYS_set_robust_list, &head, sizeof(head)))
		return 1;
	return then ? then() : 0;
}

static int do_exec(void)
{
	char *const argv[] = { "futex", "exit", NULL };

	return execve("/proc/self/exe", argv, NULL);
}

static int wait_first(void *arg)
{
	uint32_t seen = __atomic_load_n(&mutexes[0].word, __ATOMIC_SEQ_CST);

	(void)arg;
	while (!(seen & FUTEX_OWNER_DIED)) {
		raw_wait(&mutexes[0].word, FUTEX_WAIT, seen);
		seen = __atomic_load_n(&mutexes[0].word, __ATOMIC_SEQ_CST);
	}
	return 0;
}

static void chain(int n)
{
	int i;

	memset(mutexes, 0, sizeof(mutexes));
	for (i = 0; i < n; i++)
		mutexes[i].list.next = i == n - 1 ? &head.list : &mutexes[i + 1].list;
	robust_init(&mutexes[0].list);
}

static void test_robust(void)
{
	struct robust_list_head *got;
	int i, died = 0;
	size_t len;
	pid_t pid, w;

	fails(syscall(SYS_set_robust_list, &head, 7), EINVAL, "set_robust_list: the length is its version");
	is(syscall(SYS_set_robust_list, &head, sizeof(head)), 0, "set_robust_list");
	is(syscall(SYS_get_robust_list, 0, &got, &len), 0, "get_robust_list");
	ok(got == &head && len == sizeof(head), "gives what was set");
	fails(syscall(SYS_get_robust_list, 0x3fffffff, &got, &len), ESRCH, "get_robust_list of nobody");
	syscall(SYS_set_robust_list, NULL, sizeof(head));

	chain(3);
	mutexes[0].word = FUTEX_WAITERS;
	mutexes[1].word = 0;
	w = start(wait_first, NULL, 0, NULL);
	pid = start(owner, (void *)3L, 0, NULL);
	is(reap(pid), 0, "the owner of 3 robust mutexes ends");
	is(mutexes[0].word, FUTEX_WAITERS | FUTEX_OWNER_DIED, "the first says so, and that somebody waits");
	is(mutexes[2].word, FUTEX_OWNER_DIED, "the last one says so");
	is(reap(w), 0, "the waiter was woken");

	chain(2);
	mutexes[1].word = 0x12345;
	is(reap(start(owner, (void *)1L, 0, NULL)), 0, "an owner with a mutex in its list that is another's");
	is(mutexes[0].word, FUTEX_OWNER_DIED, "its own is told");
	is(mutexes[1].word, 0x12345, "the other's is left alone");

	chain(0);
	robust_init(&head.list);
	head.list_op_pending = &mutexes[5].list;
	mutexes[5].word = 0;
	then = NULL;
	for (i = 0; i < 6; i++)
		mutexes[i].word = 0;
	is(reap(start(owner, (void *)6L, 0, NULL)), 0, "an owner that was taking a mutex");
	is(mutexes[5].word, FUTEX_OWNER_DIED, "list_op_pending: told");
	ok(!(mutexes[4].word & FUTEX_OWNER_DIED), "one that is in no list: not told");

	chain(ENTRIES);
	is(reap(start(owner, (void *)(long)ENTRIES, 0, NULL)), 0, "an owner of %d mutexes", ENTRIES);
	for (i = 0; i < ENTRIES; i++)
		died += mutexes[i].word == FUTEX_OWNER_DIED;
	is(died, 2048, "are told, and the list is followed no further");

	chain(2);
	mutexes[1].list.next = &mutexes[0].list;
	is(reap(start(owner, (void *)1L, 0, NULL)), 0, "a list that is a ring without its head ends");
	chain(2);
	mutexes[0].list.next = (void *)0xffff000000000000UL;
	is(reap(start(owner, (void *)1L, 0, NULL)), 0, "a list that leads into the kernel");
	is(mutexes[0].word, FUTEX_OWNER_DIED, "is followed as far as that");
	robust_init((void *)1L);
	is(reap(start(owner, (void *)0L, 0, NULL)), 0, "a list of rubbish");

	chain(1);
	then = do_exec;
	is(reap(start(owner, (void *)1L, 0, NULL)), 0, "the owner of a mutex calls exec");
	is(mutexes[0].word, FUTEX_OWNER_DIED, "to the others it is dead");
	then = NULL;
}

/* ------------------------------------------------------------------ many at once */

#define ROUNDS	5000

static uint32_t lock;
static long counter;

static void lock_it(void)
{
	uint32_t free = 0;

	if (__atomic_compare_exchange_n(&lock, &free, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&lock, 2, __ATOMIC_ACQUIRE) != 0)
		raw_wait(&lock, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 2);
}

static void unlock_it(void)
{
	if (__atomic_exchange_n(&lock, 0, __ATOMIC_RELEASE) == 2)
		wake(&lock, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
}

static int incrementer(void *arg)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		lock_it();
		counter++;
		if (i % 64 == 0)
			sched_yield();		/* with the lock held: the others come to wait */
		unlock_it();
	}
	return (intptr_t)arg;
}

static uint32_t turn;

static int ping_pong(void *arg)
{
	uint32_t me = (uintptr_t)arg;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != me)
			raw_wait(&turn, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, !me);
		__atomic_store_n(&turn, !me, __ATOMIC_RELEASE);
		wake(&turn, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	}
	return 0;
}

static void test_many(void)
{
	pid_t pids[4];
	int i;

	for (i = 0; i < 4; i++)
		pids[i] = start(incrementer, NULL, 0, NULL);
	for (i = 0; i < 4; i++)
		reap(pids[i]);
	is(counter, 4 * ROUNDS, "4 tasks, one lock: no increment is lost");
	is(lock, 0, "and it is free");

	pids[0] = start(ping_pong, (void *)1L, 0, NULL);
	ping_pong((void *)0L);
	is(reap(pids[0]), 0, "%d turns of two: no wake-up is lost", ROUNDS);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return 0;
	test_arguments();
	test_times();
	test_wake();
	test_requeue();
	test_wake_op();
	test_shared();
	test_signals();
	test_clear_tid();
	test_robust();
	test_many();
	return done();
}
