// SPDX-License-Identifier: MIT
/*
 * Threads: clone(2) with CLONE_THREAD, and what a process of several is to wait, exec, exit, signals,
 * stops, limits and /proc; memory that several threads map, unmap and fork at once.
 *
 * Threads meet at words: go() sets one, await() sleeps until it is set. With an argument this is the program that
 * the exec tests run: it says in its exit status what it found.
 */
#include <dirent.h>
#include <sched.h>
#include <sys/futex.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <threads.h>
#include <time.h>
#include "tap.h"

#define PAGE	4096UL

#define THREAD	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)

typedef uint32_t event;

static void go(event *e)
{
	__atomic_store_n(e, 1, __ATOMIC_SEQ_CST);
	futex(e, FUTEX_WAKE, 1000, NULL, NULL, 0);
}

static void await(event *e)
{
	while (!__atomic_load_n(e, __ATOMIC_SEQ_CST))
		futex(e, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static thrd_t spawn(thrd_start_t fn, void *arg)
{
	thrd_t t;
	int err = thrd_create(&t, fn, arg);

	if (err != thrd_success)
		ok(0, "thrd_create: error %d", err);
	return t;
}

static int join(thrd_t t)
{
	int result;

	thrd_join(t, &result);
	return result;
}

static int for_ever(void *arg)
{
	event never = 0;

	if (arg)
		go(arg);
	for (;;)
		await(&never);
	return 0;
}

static int spin(void *arg)
{
	if (arg)
		go(arg);
	for (;;)
		;
	return 0;
}

/* ------------------------------------------------------------------ one thread */

static int seen_pid, seen_tid, seen_errno;

static int look(void *arg)
{
	seen_pid = getpid();
	seen_tid = gettid();
	close(-1);
	seen_errno = errno;
	return (intptr_t)arg;
}

static int exits(void *arg)
{
	thrd_exit((intptr_t)arg);
}

/* A join is told a little before the thread is gone. */
static void until_alone(void)
{
	while (proc_value("/proc/self/status", "Threads:") > 1)
		sched_yield();
}

static void test_create(void)
{
	int tid, result, ours;
	thrd_t t;

	errno = 0;
	t = spawn(look, (void *)42L);
	tid = thrd_tid(t);
	result = join(t);
	ours = errno;
	is(result, 42, "a thread's result");
	is(seen_pid, getpid(), "it has its process's pid");
	ok(seen_tid != getpid() && seen_tid > 0, "and a tid of its own");
	ok(tid == 0 || tid == seen_tid, "which clone told its parent");
	is(seen_errno, EBADF, "it has an errno");
	/* Joining may have left an errno of its own: the thread has often ended by then. */
	ok(ours != EBADF, "which is not ours");
	is(join(spawn(exits, (void *)7L)), 7, "exit(2) ends the one thread");
	fails(syscall(SYS_clone, CLONE_THREAD | CLONE_VM, 0, 0, 0, 0), EINVAL, "CLONE_THREAD needs SIGHAND");
	fails(syscall(SYS_clone, CLONE_SIGHAND | SIGCHLD, 0, 0, 0, 0), EINVAL, "CLONE_SIGHAND needs VM");
	until_alone();
	fails(waitpid(-1, NULL, __WALL), ECHILD, "a thread is no child");
}

/* clone3 gives the lowest address and the size of the stack. */
static void test_clone3(void)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	} args = { .flags = THREAD, .exit_signal = SIGCHLD };

	fails(syscall(SYS_clone3, &args, sizeof(args)), EINVAL, "clone3: a thread sends no signal at its end");
	args.exit_signal = 0;
	args.stack = PAGE;
	fails(syscall(SYS_clone3, &args, sizeof(args)), EINVAL, "clone3: a stack without a size");
	fails(syscall(SYS_clone3, &args, 8), EINVAL, "clone3: too short");
}

#define MANY	200

static event many_go;
static uint32_t many_count;

static int one_of_many(void *arg)
{
	__atomic_add_fetch(&many_count, 1, __ATOMIC_SEQ_CST);
	await(&many_go);
	return (intptr_t)arg;
}

static void test_many(void)
{
	static thrd_t t[MANY];
	int i, wrong = 0;

	for (i = 0; i < MANY; i++)
		t[i] = spawn(one_of_many, (void *)(long)i);
	while (__atomic_load_n(&many_count, __ATOMIC_SEQ_CST) < MANY)
		sched_yield();
	is(proc_value("/proc/self/status", "Threads:"), MANY + 1, "Threads: in /proc/self/status");
	go(&many_go);
	for (i = 0; i < MANY; i++)
		wrong += join(t[i]) != i;
	is(wrong, 0, "%d threads at once, each with its result", MANY);
}

/* ------------------------------------------------------------------ files */

static int fds[2];
static event blocked;

static int opens(void *arg)
{
	(void)arg;
	return open("/dev/null", O_RDONLY);
}

static int reads(void *arg)
{
	char c;

	(void)arg;
	go(&blocked);
	return read(fds[0], &c, 1) == 1 ? c : -1;
}

static void test_files(void)
{
	int fd = join(spawn(opens, NULL));
	char c = 'x';
	thrd_t t;

	is(fcntl(fd, F_GETFD), 0, "a descriptor that a thread opened is ours, too");
	close(fd);
	pipe(fds);
	blocked = 0;
	t = spawn(reads, NULL);
	await(&blocked);
	until_asleep(thrd_tid(t));
	is(close(fds[0]), 0, "a descriptor is closed under a thread that reads from it");
	is(write(fds[1], &c, 1), 1, "the file is still there");
	is(join(t), 'x', "and the thread gets what it waited for");
	signal(SIGPIPE, SIG_IGN);
	fails(write(fds[1], &c, 1), EPIPE, "with it the last reader is gone");
	close(fds[1]);
}

/* ------------------------------------------------------------------ exit */

static event started;

static int exit_group_9(void *arg)
{
	(void)arg;
	syscall(SYS_exit_group, 9);
	return 0;
}

static void group_exit_from_a_thread(void)
{
	spawn(for_ever, NULL);
	spawn(spin, NULL);
	spawn(exit_group_9, NULL);
	for_ever(NULL);
}

static void group_exit_from_the_leader(void)
{
	started = 0;
	spawn(for_ever, &started);
	await(&started);
	spawn(spin, NULL);
	_exit(5);
}

static void until_zombie(int pid)
{
	char path[40], buf[200], *at;
	int fd, n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	do {
		sched_yield();
		fd = open(path, O_RDONLY);
		n = read(fd, buf, sizeof(buf) - 1);
		close(fd);
		buf[n > 0 ? n : 0] = 0;
		at = strrchr(buf, ')');
	} while (at && at[2] != 'Z');
}

struct shared {
	event leader_dead, may_end;
};
static struct shared *sh;

static int outlives(void *arg)
{
	until_zombie(getpid());
	go(&sh->leader_dead);
	await(&sh->may_end);
	syscall(SYS_exit, (long)arg);
	return 0;
}

static void leader_exits_first(void)
{
	spawn(outlives, (void *)6L);
	thrd_exit(3);
}

static int terminates(void *arg)
{
	(void)arg;
	kill(getpid(), SIGTERM);
	return for_ever(NULL);
}

static void killed(void)
{
	spawn(spin, NULL);
	spawn(terminates, NULL);
	for_ever(NULL);
}

static int faults(void *arg)
{
	*(volatile int *)arg = 1;
	return 0;
}

static void segv(void)
{
	spawn(for_ever, NULL);
	spawn(faults, (void *)PAGE);
	for_ever(NULL);
}

static void test_exit(void)
{
	int status;
	pid_t pid;

	sh = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	is(in_child(group_exit_from_a_thread), 9, "exit_group by a thread ends all");
	is(in_child(group_exit_from_the_leader), 5, "exit_group by the leader ends all");
	is(in_child(killed), 1000 + SIGTERM, "a fatal signal ends all");
	is(in_child(segv), 1000 + SIGSEGV, "a fault of a thread ends all");

	pid = fork();
	if (pid == 0)
		leader_exits_first();
	await(&sh->leader_dead);
	is(waitpid(pid, &status, WNOHANG), 0, "the leader is dead, but not the process");
	is(kill(pid, 0), 0, "it is there");
	go(&sh->may_end);
	is(waitpid(pid, &status, 0), pid, "the process has ended with its last thread");
	is(WEXITSTATUS(status), 6, "and has that one's exit status");
	fails(waitpid(pid, &status, 0), ECHILD, "it is seen once");
}

/* ------------------------------------------------------------------ wait, parents, usage */

static pid_t child_of_thread;

static int forks(void *arg)
{
	child_of_thread = fork();
	if (child_of_thread == 0)
		_exit((intptr_t)arg);
	return 0;
}

static int forks_and_stays(void *arg)
{
	forks((void *)4L);
	go(&started);
	await(arg);
	return 0;
}

static int forks_a_looker(void *arg)
{
	child_of_thread = fork();
	if (child_of_thread == 0) {
		await(&sh->may_end);
		_exit(getppid() == (intptr_t)arg ? 11 : 12);
	}
	return 0;
}

static void use_cpu(void)
{
	struct timespec t;

	do {
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	} while (t.tv_nsec < 30000000 && !t.tv_sec);
}

static int uses_cpu(void *arg)
{
	(void)arg;
	use_cpu();
	return 0;
}

static long cpu_ms(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return (ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000 +
	       (ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1000;
}

static void test_family(void)
{
	event stay = 0;
	long before;
	thrd_t t;
	int i;

	join(spawn(forks, (void *)3L));
	is(reap(child_of_thread), 3, "a child of a thread that is gone");
	started = 0;
	t = spawn(forks_and_stays, &stay);
	await(&started);
	fails(waitpid(child_of_thread, NULL, __WNOTHREAD), ECHILD, "__WNOTHREAD: not another thread's child");
	is(reap(child_of_thread), 4, "a child of another thread");
	go(&stay);
	join(t);

	sh->may_end = 0;
	join(spawn(forks_a_looker, (void *)(long)getpid()));
	go(&sh->may_end);
	is(reap(child_of_thread), 11, "its parent stays the process when the thread ends");

	before = cpu_ms();
	for (i = 0; i < 3; i++)
		join(spawn(uses_cpu, NULL));
	ok(cpu_ms() - before >= 80, "CPU time of threads that are gone counts for the process (%ld ms)",
	   cpu_ms() - before);
}

/* ------------------------------------------------------------------ signals */

static volatile int handler_tid, handler_count;
static event caught;

static void on_signal(int sig)
{
	(void)sig;
	handler_tid = gettid();
	handler_count++;
	go(&caught);
}

static void set_handler(int sig)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	sigaction(sig, &sa, NULL);
	caught = 0;
	handler_count = 0;
}

static void test_signals(void)
{
	sigset_t usr1 = 1UL << (SIGUSR1 - 1), old;
	int tid;
	thrd_t t;

	started = many_go = many_count = 0;
	set_handler(SIGUSR1);
	t = spawn(one_of_many, NULL);
	tid = thrd_tid(t);
	is(tgkill(getpid(), tid, SIGUSR1), 0, "tgkill");
	await(&caught);
	is(handler_tid, tid, "the thread named runs the handler");
	fails(tgkill(getppid(), tid, SIGUSR1), ESRCH, "tgkill: not of that process");
	fails(tgkill(getpid(), -1, SIGUSR1), EINVAL, "tgkill: no number");

	set_handler(SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, &old);
	is(kill(getpid(), SIGUSR1), 0, "kill, and the leader blocks the signal");
	await(&caught);
	is(handler_tid, tid, "the thread that does not gets it");
	is(handler_count, 1, "once");
	go(&many_go);
	join(t);

	/* A mask is inherited, and each thread's own from then on. */
	caught = many_go = 0;
	t = spawn(one_of_many, (void *)5L);	/* blocks it, as we do */
	kill(getpid(), SIGUSR1);
	is(caught, 0, "all block it: it pends");
	sigprocmask(SIG_SETMASK, &old, NULL);
	is(caught, 1, "for the process: who unblocks it takes it");
	is(handler_tid, gettid(), "which was us");
	go(&many_go);
	is(join(t), 5, "not the other");
}

static int blocks_and_unblocks(void *arg)
{
	sigset_t all = ~0UL;

	sigprocmask(SIG_BLOCK, &all, NULL);
	go(arg);
	await(&many_go);
	return 0;
}

/* A pending signal for the process is not lost when the thread that was told of it ends. */
static void signal_storm(void)
{
	int i;

	for (i = 0; i < 200; i++) {
		thrd_t t;

		started = many_go = 0;
		set_handler(SIGUSR2);
		t = spawn(blocks_and_unblocks, &started);
		kill(getpid(), SIGUSR2);
		await(&caught);
		go(&many_go);
		join(t);
	}
	ok(1, "200 signals to a process whose other thread blocks them and ends: none is lost");
}

/* ------------------------------------------------------------------ stop and continue */

struct counters {
	volatile unsigned long n[3];
};
static struct counters *counters;

static int counts(void *arg)
{
	for (;;)
		counters->n[(intptr_t)arg]++;
	return 0;
}

static void counting(void)
{
	spawn(counts, (void *)0L);
	spawn(counts, (void *)1L);
	counts((void *)2L);
}

static void wait_for_progress(void)
{
	struct counters before = *counters;
	int i;

	for (i = 0; i < 3; i++)
		while (counters->n[i] == before.n[i])
			sched_yield();
}

static void test_stop(void)
{
	struct counters before;
	int status, i, moved = 0;
	pid_t pid;

	counters = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid = fork();
	if (pid == 0)
		counting();
	wait_for_progress();
	kill(pid, SIGSTOP);
	is(waitpid(pid, &status, WUNTRACED), pid, "a process of three is stopped");
	is(status, SIGSTOP << 8 | 0x7f, "and says so once");
	before = *counters;
	for (i = 0; i < 50; i++)
		sched_yield();
	for (i = 0; i < 3; i++)
		moved += counters->n[i] != before.n[i];
	is(moved, 0, "no thread runs on");
	is(waitpid(pid, &status, WUNTRACED | WNOHANG), 0, "nothing more is told");
	kill(pid, SIGCONT);
	is(waitpid(pid, &status, WCONTINUED), pid, "it is continued");
	wait_for_progress();
	ok(1, "and all three run");
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGKILL);
	is(reap(pid), 1000 + SIGKILL, "SIGKILL ends all of a stopped process");
	munmap(counters, PAGE);
}

/* ------------------------------------------------------------------ exec */

static char *self;

static int execs(void *arg)
{
	char *argv[] = { "threads", "execed", arg, NULL };

	execv(self, argv);
	return 1;
}

static char pid_text[12], parent_text[12];

static void exec_from_a_thread(void)
{
	spawn(for_ever, NULL);
	spawn(spin, NULL);
	snprintf(pid_text, sizeof(pid_text), "%d", getpid());
	spawn(execs, pid_text);
	for_ever(NULL);
}

static void exec_from_the_leader(void)
{
	spawn(for_ever, NULL);
	spawn(spin, NULL);
	snprintf(pid_text, sizeof(pid_text), "%d", getpid());
	execs(pid_text);
}

static int execs_when_alone(void *arg)
{
	until_zombie(getpid());
	return execs(arg);
}

static void exec_after_the_leader(void)
{
	snprintf(pid_text, sizeof(pid_text), "%d", getpid());
	spawn(execs_when_alone, pid_text);
	syscall(SYS_exit, 1);
}

/* Several at once: one of them wins. */
static void exec_race(void)
{
	int i;

	snprintf(pid_text, sizeof(pid_text), "%d", getpid());
	for (i = 0; i < 4; i++)
		spawn(execs, pid_text);
	execs(pid_text);
}

/* The program that was exec'ed: 0 when it is as it should be. */
static int execed(int pid)
{
	if (getpid() != pid || gettid() != pid)
		return 21;
	if (proc_value("/proc/self/status", "Threads:") != 1)
		return 22;
	if (getppid() != atoi(getenv("PARENT") ?: "0"))
		return 23;
	return kill(pid, 0) ? 24 : 0;
}

static void test_exec(void)
{
	int i, bad = 0;

	snprintf(parent_text, sizeof(parent_text), "%d", getpid());
	setenv("PARENT", parent_text, 1);
	is(in_child(exec_from_a_thread), 0, "exec by a thread: the process, its number, one thread");
	is(in_child(exec_from_the_leader), 0, "exec by the leader");
	is(in_child(exec_after_the_leader), 0, "exec by a thread whose leader is dead");
	for (i = 0; i < 20; i++)
		bad += in_child(exec_race) != 0;
	is(bad, 0, "exec by five threads at once, 20 times");
}

/* ------------------------------------------------------------------ limits, priorities, names */

static void nproc_limit(void)
{
	struct rlimit rl = { 3, 3 };
	event end = 0;
	thrd_t t;
	int n = 0;

	if (setuid(12345) || setrlimit(RLIMIT_NPROC, &rl))
		_exit(50);
	while (n < 10 && thrd_create(&t, for_ever, &end) == thrd_success)
		n++;
	_exit(n);
}

static int sets_name(void *arg)
{
	prctl(PR_SET_NAME, arg);
	setpriority(PRIO_PROCESS, 0, 7);
	go(&started);
	await(&many_go);
	return 0;
}

static void read_line(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY), n = fd < 0 ? -1 : read(fd, buf, size - 1);

	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = 0;
	buf[strcspn(buf, "\n")] = 0;
}

static int nice_of(int tid)
{
	return 20 - syscall(SYS_getpriority, PRIO_PROCESS, tid);
}

static int count_tasks(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	int n = 0;

	while (dir && (d = readdir(dir)))
		n += d->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return n;
}

static int reads_thread_self(void *arg)
{
	char buf[64] = "", expected[64];

	(void)arg;
	readlink("/proc/thread-self", buf, sizeof(buf) - 1);
	snprintf(expected, sizeof(expected), "%d/task/%d", getpid(), gettid());
	return strcmp(buf, expected);
}

static void test_attributes(void)
{
	char path[64], name[40];
	int tid, before;
	thrd_t t;

	if (getuid() == 0)
		is(in_child(nproc_limit), 2, "RLIMIT_NPROC of 3 allows 2 more threads");
	until_alone();
	before = count_tasks("/proc/self/task");
	started = many_go = 0;
	prctl(PR_SET_NAME, "first");
	t = spawn(sets_name, "second");
	tid = thrd_tid(t);
	await(&started);
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tid);
	read_line(path, name, sizeof(name));
	ok(!strcmp(name, "second"), "a thread's name is its own (%s)", name);
	read_line("/proc/self/comm", name, sizeof(name));
	ok(!strcmp(name, "first"), "the process's is the leader's (%s)", name);
	is(nice_of(tid), 7, "a thread's nice value is its own");
	is(nice_of(0), 0, "ours is what it was");
	is(count_tasks("/proc/self/task"), before + 1, "/proc/self/task shows it");
	snprintf(path, sizeof(path), "/proc/self/task/%d/status", tid);
	is(proc_value(path, "Pid:"), tid, "its status: Pid");
	is(proc_value(path, "Tgid:"), getpid(), "its status: Tgid");
	snprintf(path, sizeof(path), "/proc/1/task/%d", tid);
	fails(access(path, F_OK), ENOENT, "not in another process's task");
	go(&many_go);
	join(t);
	snprintf(path, sizeof(path), "/proc/self/task/%d", tid);
	while (!access(path, F_OK))
		sched_yield();		/* see until_alone() */
	is(count_tasks("/proc/self/task"), before, "and shows it no more when it has ended");
	is(join(spawn(reads_thread_self, NULL)), 0, "/proc/thread-self");
}

/* ------------------------------------------------------------------ memory */

#define ROUNDS	200

static volatile int stop_it;
static char *area;

/* Faults the pages in again and again. */
static int touches(void *arg)
{
	unsigned long i, wrong = 0;

	while (!stop_it) {
		for (i = 0; i < 16; i++) {
			volatile char *p = area + i * PAGE + (intptr_t)arg;

			*p = *p + 1;
		}
	}
	return wrong;
}

/* Pages come and go under threads that use them: fresh ones are always zero or hold our own bytes. */
static void test_unmap(void)
{
	thrd_t t[3];
	int i;

	area = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stop_it = 0;
	for (i = 0; i < 3; i++)
		t[i] = spawn(touches, (void *)(long)i);
	for (i = 0; i < ROUNDS; i++) {
		madvise(area, 16 * PAGE, MADV_DONTNEED);
		mmap(area, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		if (i % 8 == 0)
			sched_yield();
	}
	stop_it = 1;
	for (i = 0; i < 3; i++)
		join(t[i]);
	ok(1, "%d times unmapped and mapped under 3 threads that write there", ROUNDS);
	munmap(area, 16 * PAGE);
}

struct cell {
	volatile unsigned long n;
	char pad[PAGE - 8];
};
static struct cell *cells;

static int increments(void *arg)
{
	unsigned long i = 0, me = (intptr_t)arg;

	/* Two threads share each page, a word each: a copy made too early loses one's increments. */
	volatile unsigned long *mine = (volatile unsigned long *)&cells[me / 2] + 8 * (me % 2);

	while (!stop_it)
		*mine = ++i;
	return *mine == i ? 0 : 1;
}

static void test_fork(void)
{
	int i, wrong = 0;
	thrd_t t[4];

	cells = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stop_it = 0;
	for (i = 0; i < 4; i++)
		t[i] = spawn(increments, (void *)(long)i);
	for (i = 0; i < ROUNDS; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			/* Alone here: what we see does not change. */
			unsigned long a = cells[0].n, b = cells[1].n;

			sched_yield();
			_exit(a != cells[0].n || b != cells[1].n);
		}
		wrong += reap(pid) != 0;
	}
	stop_it = 1;
	is(wrong, 0, "%d forks under 4 threads that write: no child sees a write after its birth", ROUNDS);
	for (i = 0; i < 4; i++)
		is(join(t[i]), 0, "thread %d lost no write to a copy", i);
	munmap(cells, 4 * PAGE);
}

static event segv_seen;

static void on_segv(int sig)
{
	(void)sig;
	go(&segv_seen);
	thrd_exit(1);
}

static int writes_until_it_faults(void *arg)
{
	volatile unsigned long *p = arg, i = 0;

	for (;;) {
		*p = ++i;
		if (i == 1)
			go(&started);
	}
	return 0;
}

/* When mprotect or munmap has returned, no thread can write there any more, on whatever CPU it runs. */
static void test_shootdown(void)
{
	int i, late = 0, dirty = 0, missed = 0;

	signal(SIGSEGV, on_segv);
	for (i = 0; i < ROUNDS; i++) {
		unsigned long *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		unsigned long seen, *fresh;
		thrd_t t;

		started = segv_seen = 0;
		t = spawn(writes_until_it_faults, p);
		await(&started);
		if (i & 1) {
			mprotect(p, PAGE, PROT_READ);
			seen = *(volatile unsigned long *)p;
			await(&segv_seen);
			late += *(volatile unsigned long *)p != seen;
		} else {
			munmap(p, PAGE);
			fresh = mmap(p + PAGE / 8 * 100, PAGE, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
			await(&segv_seen);
			dirty += *(volatile unsigned long *)fresh != 0;
			munmap(fresh, PAGE);
		}
		missed += join(t) != 1;
		munmap(p, PAGE);
	}
	signal(SIGSEGV, SIG_DFL);
	is(late, 0, "no write after mprotect(PROT_READ) has returned, %d times", ROUNDS / 2);
	is(dirty, 0, "no write into a frame that munmap gave back, %d times", ROUNDS / 2);
	is(missed, 0, "the writer gets SIGSEGV each time");
}

/* ------------------------------------------------------------------ membarrier */

enum { QUERY = 0, GLOBAL = 1, EXPEDITED = 8, REGISTER = 16, SYNC_CORE = 32, REGISTER_SYNC_CORE = 64 };

static long membarrier(int cmd)
{
	return syscall(SYS_membarrier, cmd, 0, 0);
}

/* How many function-call interrupts this CPU has had. */
static long calls_on(int cpu)
{
	static char buf[16384];
	int fd = open("/proc/interrupts", O_RDONLY), n, len = 0;
	char *at;

	while ((n = read(fd, buf + len, sizeof(buf) - 1 - len)) > 0)
		len += n;
	close(fd);
	buf[len] = 0;
	at = strstr(buf, "IPI1:");
	if (!at)
		return -1;
	for (at += 5; cpu; cpu--) {
		at += strspn(at, " ");
		at += strcspn(at, " ");
	}
	return strtol(at, NULL, 10);
}

static int pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

static int spins_on_cpu_1(void *arg)
{
	pin(1);
	go(arg);
	while (!stop_it)
		;
	return 0;
}

/* The thread that runs on another CPU is interrupted: that is its barrier. */
static void membarrier_interrupts(void)
{
	long before;
	thrd_t t;

	stop_it = started = 0;
	t = spawn(spins_on_cpu_1, &started);
	await(&started);
	before = calls_on(1);
	membarrier(EXPEDITED);
	ok(calls_on(1) > before, "a thread on another CPU is interrupted");
	stop_it = 1;
	join(t);
}

static void test_membarrier(void)
{
	long have = membarrier(QUERY);
	cpu_set_t all;

	is(have & (GLOBAL | EXPEDITED | REGISTER), GLOBAL | EXPEDITED | REGISTER, "membarrier: the commands");
	fails(membarrier(EXPEDITED), EPERM, "expedited, not registered");
	is(membarrier(REGISTER), 0, "register");
	is(membarrier(EXPEDITED), 0, "expedited");
	fails(membarrier(SYNC_CORE), EPERM, "sync-core is another registration");
	is(membarrier(REGISTER_SYNC_CORE), 0, "register for it");
	is(membarrier(SYNC_CORE), 0, "sync-core");
	is(membarrier(GLOBAL), 0, "global");
	fails(membarrier(3), EINVAL, "no such command");
	fails(syscall(SYS_membarrier, EXPEDITED, 2, 0), EINVAL, "no such flag");
	sched_getaffinity(0, sizeof(all), &all);
	if (CPU_COUNT(&all) > 1 && !pin(0)) {
		membarrier_interrupts();
		sched_setaffinity(0, sizeof(all), &all);
	} else {
		skip("a thread on another CPU is interrupted", "one CPU");
	}
}

/* ------------------------------------------------------------------ a storm */

static int breeds(void *arg)
{
	thrd_t t;

	for (;;) {
		if (thrd_create(&t, exits, arg) == thrd_success)
			thrd_join(t, NULL);
	}
	return 0;
}

static int storm_how;

static void storm(void)
{
	int i;

	for (i = 0; i < 4; i++)
		spawn(breeds, NULL);
	for (i = 0; i < 5; i++)
		sched_yield();
	if (storm_how == 0)
		_exit(9);
	if (storm_how == 1) {
		snprintf(pid_text, sizeof(pid_text), "%d", getpid());
		execs(pid_text);
	}
	if (storm_how == 2)
		kill(getpid(), SIGKILL);
	spawn(exit_group_9, NULL);
	syscall(SYS_exit, 0);
}

static void test_storm(void)
{
	static const int expected[] = { 9, 0, 1000 + SIGKILL, 9 };
	int i, wrong = 0;

	for (i = 0; i < 80; i++) {
		storm_how = i % 4;
		wrong += in_child(storm) != expected[storm_how];
	}
	is(wrong, 0, "80 processes whose threads make threads: exit, exec, kill in the middle of it");
}

int main(int argc, char **argv)
{
	if (argc > 2)
		return execed(atoi(argv[2]));
	self = "/proc/self/exe";
	test_create();
	test_clone3();
	test_many();
	test_files();
	test_exit();
	test_family();
	test_signals();
	signal_storm();
	test_stop();
	test_exec();
	test_attributes();
	test_unmap();
	test_fork();
	test_shootdown();
	test_membarrier();
	test_storm();
	return done();
}
