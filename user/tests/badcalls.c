// SPDX-License-Identifier: MIT
/*
 * Every system call with bad pointers, lengths, descriptors and flags:
 *
 *	badcalls [-v] [-d FOLDER] [COUNT [SEED [FIRST]]]	1,000,000 calls, in /tmp
 *
 * The kernel must live on. Call number i is made of SEED and i alone, so that one run can be had
 * again, or a part of it. Calls are made in children, some hundred in each: a child may end, block
 * or destroy itself at any of them. The parent, of the highest real-time priority, kills one that
 * makes no progress. Left out: what ends the machine, signals to others, setting the clock.
 */
#include <dirent.h>
#include <sched.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include "tap.h"

#define SCRATCH	"badcalls-scratch"	/* in that folder */
#define PAGE	4096UL
#define BATCH	500
#define NR_MAX	452

static uint64_t state, seed = 20260101;
static int verbose;

/* Told by the child, outside what its calls are given as pointers. */
static struct progress {
	volatile long at;
} *progress;

/* ---- random numbers: xorshift, from the seed and the number of the call */

static uint64_t rnd(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1d;
}

static unsigned int below(unsigned int n)
{
	return (rnd() >> 33) % n;
}

static void start_call(long i)
{
	state = ((seed + i) * 0x9e3779b97f4a7c15 ^ (uint64_t)i << 32) | 1;
	rnd();
	rnd();
}

/* ---- arguments */

static char *area;		/* 16 pages to read and write, then nothing */
static char *readonly, *unreadable;
static char long_name[300];
static const char *const names[] = { "f", "d", "d/x", "d/y", "s", ".", "", "f/x", "/dev/null",
	"/proc/self/stat", "ramfs", "proc", long_name };

#define AREA (16 * PAGE)

static uint64_t pointer(void)
{
	switch (below(16)) {
	case 0: return 0;
	case 1: return below(4096);
	case 2: return (uint64_t)area + AREA - below(64);	/* runs out of the area */
	case 3: return (uint64_t)readonly + below(PAGE);
	case 4: return (uint64_t)unreadable;
	case 5: return 0xffff000000000000 + (rnd() & 0x7ffffff8);	/* the kernel's */
	case 6: return -(uint64_t)below(4096);
	case 7: return (1UL << 48) - below(64);
	case 8: return rnd();
	case 9: case 10: return (uint64_t)names[below(sizeof(names) / sizeof(names[0]))];
	case 11: return (uint64_t)area + below(AREA);
	default: return (uint64_t)area + below(AREA / 64) * 64;
	}
}

static uint64_t number(void)
{
	static const uint64_t edges[] = { 0, 1, 2, 7, 8, 127, 128, 255, 4095, 4096, 4097, 65535, 65536,
		0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000,
		0x7ffffffffffff000, -1UL, -2UL, -100UL, -4096UL, 1UL << 47, 1UL << 48 };

	switch (below(6)) {
	case 0: return edges[below(sizeof(edges) / sizeof(edges[0]))];
	case 1: return below(32);
	case 2: return 1UL << below(64);
	case 3: return rnd() & rnd() & rnd();
	case 4: return below(0x10000);
	default: return rnd() >> below(64);
	}
}

static uint64_t descriptor(void)
{
	return below(8) ? below(12) : below(2) ? (uint64_t)AT_FDCWD : number();
}

static uint64_t argument(void)
{
	switch (below(4)) {
	case 0: return number();
	case 1: return descriptor();
	default: return pointer();
	}
}

/* Numbers and pointers where a structure might be. */
static void fill_area(void)
{
	uint64_t *p = (uint64_t *)(area + below(AREA / 64) * 64);
	int i;

	for (i = 0; i < 8; i++)
		p[i] = below(2) ? number() : pointer();
}

/* Ourselves, nobody, or what cannot be: never another. */
static uint64_t some_pid(void)
{
	static const int pids[] = { 0, 0, 99999999, -99999999, INT32_MIN, INT32_MAX };

	return below(3) ? pids[below(6)] : getpid();
}

/* ---- which calls, and what must not come true of them */

static int left_out(int nr)
{
	switch (nr) {
	case SYS_reboot: case SYS_kexec_load: case 294:		/* kexec_file_load */
	case 170: case 171: case 266:				/* settimeofday, adjtimex, clock_adjtime */
	case SYS_pivot_root: case SYS_swapon: case SYS_swapoff:
	case SYS_pidfd_send_signal:
		return 1;
	}
	return 0;
}

static int takes_pid(int nr)
{
	switch (nr) {
	case SYS_kill: case SYS_tkill: case SYS_tgkill: case SYS_rt_sigqueueinfo: case 240:
	case SYS_ptrace: case SYS_setpgid: case SYS_getpgid: case SYS_getsid: case SYS_prlimit64:
	case SYS_sched_setparam: case SYS_sched_setscheduler: case SYS_sched_getscheduler:
	case SYS_sched_getparam: case SYS_sched_setaffinity: case SYS_sched_getaffinity:
	case SYS_sched_rr_get_interval: case SYS_sched_setattr: case SYS_sched_getattr:
	case SYS_get_robust_list: case SYS_pidfd_open: case 238: case 239: case 270: case 271: case 272:
		return 1;
	}
	return 0;
}

/* These sleep, or end the child: seldom. */
static int is_slow(int nr)
{
	switch (nr) {
	case SYS_exit: case SYS_exit_group: case SYS_nanosleep: case SYS_clock_nanosleep: case SYS_ppoll:
	case SYS_pselect6: case SYS_rt_sigsuspend: case SYS_rt_sigtimedwait: case SYS_munmap: case SYS_kill:
	case SYS_tkill: case SYS_tgkill: case SYS_sync: case SYS_syncfs: case SYS_fsync: case SYS_fdatasync:
	case SYS_rt_sigreturn: case SYS_epoll_pwait: case SYS_epoll_pwait2: case SYS_futex: case SYS_clone:
	case SYS_clone3: case SYS_mremap: case SYS_mprotect: case SYS_brk: case SYS_close_range:
		return 1;
	}
	return 0;
}

static int choose_call(void)
{
	int nr;

	do {
		nr = below(64) ? below(NR_MAX) : below(0x10000) << below(16);
	} while (left_out(nr) || (is_slow(nr) && below(12)));
	return nr;
}

static void tame(int nr, uint64_t *a)
{
	if (takes_pid(nr))
		a[0] = some_pid();
	if (nr == SYS_ptrace || nr == SYS_tgkill)
		a[1] = some_pid();
	switch (nr) {
	case SYS_setpriority:			/* not everybody's */
		a[0] = below(2);
		a[1] = some_pid();
		break;
	case SYS_clock_settime:			/* from nowhere */
		a[1] = below(2) ? below(4096) : 0xffff000000000000 + (rnd() & 0x7ffffff8);
		break;
	case SYS_syslog:			/* not the console's level */
		a[0] = below(2) ? below(6) : 9 + below(100);
		break;
	case SYS_sethostname: case 162:
		a[0] = (uint64_t)unreadable;
		break;
	case SYS_mknodat:			/* no device but null */
		a[3] = 0x103;
		break;
	case SYS_clone:				/* a child that shares our memory runs first, and ends */
		if (a[0] & CLONE_VM)
			a[0] |= CLONE_VFORK;
		break;
	case SYS_clone3:
		a[0] = below(2) ? (uint64_t)unreadable : below(4096);
		break;
	case SYS_write: case SYS_writev: case SYS_pwrite64: case SYS_pwritev:
		if (below(2))
			a[0] = descriptor();
		break;
	}
}

static long raw(long nr, const uint64_t *a)
{
	register long x8 asm("x8") = nr;
	register uint64_t x0 asm("x0") = a[0], x1 asm("x1") = a[1], x2 asm("x2") = a[2];
	register uint64_t x3 asm("x3") = a[3], x4 asm("x4") = a[4], x5 asm("x5") = a[5];

	asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
		     : "memory", "cc");
	return x0;
}

/* ---- the child */

static void on_alarm(int sig)
{
	(void)sig;
}

/* Undo what earlier calls may have done to the child itself. */
static void repair(void)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	struct itimerval it = { { 0, 4000 }, { 0, 4000 } };
	struct rlimit size = { 1 << 20, 1 << 20 }, as = { 64 << 20, 64 << 20 };
	struct sched_param p = { 0 };
	sigset_t none = 0;
	int fd;

	sigaction(SIGALRM, &sa, NULL);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	setrlimit(RLIMIT_FSIZE, &size);
	setrlimit(RLIMIT_AS, &as);
	sched_setscheduler(0, SCHED_OTHER, &p);
	for (fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			dup2(open("/dev/null", O_RDWR), fd);
}

static void open_things(void)
{
	int fd[2];

	fd[0] = open("/dev/null", O_RDWR);
	dup2(fd[0], 0);
	dup2(fd[0], 1);
	dup2(fd[0], 2);
	open("f", O_RDWR | O_CREAT, 0600);
	open(".", O_RDONLY);
	open("/dev/zero", O_RDWR);
	open("/proc/self/stat", O_RDONLY);
	if (pipe2(fd, O_NONBLOCK) == 0)
		open("d", O_RDONLY);
}

static void one_call(long i)
{
	uint64_t a[6];
	int nr, k;
	pid_t me;
	long ret;

	start_call(i);
	nr = choose_call();
	fill_area();
	for (k = 0; k < 6; k++)
		a[k] = argument();
	tame(nr, a);
	if (verbose)
		dprintf(60, "%ld: %d(%lx, %lx, %lx, %lx, %lx, %lx)\n", i, nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	me = getpid();
	ret = raw(nr, a);
	if ((nr == SYS_clone || nr == SYS_clone3) && ret == 0 && getpid() != me)
		_exit(0);
}

static void child(long first, long last)
{
	long i;

	setsid();
	if (verbose)
		dup2(1, 60);
	open_things();
	repair();
	for (i = first; i < last; i++) {
		progress->at = i;
		if (i % 25 == 0)
			repair();
		one_call(i);
	}
	progress->at = last;
	_exit(0);
}

/* ---- the parent */

static volatile pid_t victim;
static volatile long last_at;

/* Ten times a second: a child that is where it was is stuck. */
static void watch(int sig)
{
	(void)sig;
	if (victim > 0 && progress->at == last_at)
		kill(victim, SIGKILL);
	last_at = progress->at;
}

/* Returns how many calls were made: at least one. */
static long run_batch(long first, long last)
{
	pid_t got;
	long n;

	progress->at = first;
	last_at = -1;
	victim = fork();
	if (victim == 0)
		child(first, last);
	if (victim < 0)
		return -1;
	/* Children of the child that were given to us are collected on the way. */
	do {
		got = waitpid(-1, NULL, 0);
	} while (got != victim && (got > 0 || errno == EINTR));
	victim = 0;
	n = progress->at - first;
	/* The call at which it ended was made. */
	return n < 0 || n > last - first ? 1 : n < last - first ? n + 1 : n;
}

/* All that is in the working folder, whatever it is called: names come out of random bytes, too. */
static void clean_scratch(void)
{
	DIR *d = opendir(".");
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		while (umount2(e->d_name, MNT_DETACH) == 0)
			;
		if (unlinkat(AT_FDCWD, e->d_name, 0) == 0 || rmdir(e->d_name) == 0)
			continue;
		chmod(e->d_name, 0700);
		if (chdir(e->d_name) == 0) {
			clean_scratch();
			chdir("..");
			rmdir(e->d_name);
		}
	}
	if (d)
		closedir(d);
}

/*
 * The strings that exec laid on our stack hold names with slashes, and a lying pointer finds them:
 * the end of "/tests/badcalls" would be made a folder of the root.
 */
static void forget_names(char **argv)
{
	char *execfn = (char *)getauxval(AT_EXECFN), **env;

	for (env = environ; *env; env++)
		memset(*env, 0, strlen(*env));
	for (; *argv; argv++)
		memset(*argv, 0, strlen(*argv));
	if (execfn)
		memset(execfn, 0, strlen(execfn));
}

static void prepare(const char *folder)
{
	struct sched_param p = { 99 };
	struct sigaction sa = { .sa_handler = watch };
	struct itimerval it = { { 0, 100000 }, { 0, 100000 } };

	if (chdir(folder) || (mkdir(SCRATCH, 0700) && errno != EEXIST) || chdir(SCRATCH)) {
		perror(folder);
		exit(1);
	}
	memset(long_name, 'l', sizeof(long_name) - 1);
	long_name[250] = 0;
	clean_scratch();
	progress = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	area = mmap(NULL, AREA + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(area + AREA, PAGE);
	readonly = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unreadable = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sched_setscheduler(0, SCHED_FIFO, &p);
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
}

int main(int argc, char **argv)
{
	long count = 1000000, i, n, first = 0, children = 0;
	const char *folder = "/tmp";
	char **all_args = argv;
	int opt;

	while ((opt = getopt(argc, argv, "vd:")) != -1) {
		if (opt == 'v') {
			verbose = 1;
		} else if (opt == 'd') {
			folder = optarg;
		} else {
			fprintf(stderr, "usage: badcalls [-v] [-d FOLDER] [COUNT [SEED [FIRST]]]\n");
			return 2;
		}
	}
	argv += optind;
	argc -= optind;
	if (argc > 0)
		count = atol(argv[0]);
	if (argc > 1)
		seed = atol(argv[1]);
	if (argc > 2)
		first = atol(argv[2]);
	printf("# seed %lu, calls %ld to %ld\n", seed, first, first + count - 1);
	fflush(stdout);
	prepare(folder);
	forget_names(all_args);
	for (i = first; i < first + count; i += n, children++) {
		mkdir("d", 0700);
		n = run_batch(i, i + BATCH < first + count ? i + BATCH : first + count);
		if (n < 0) {
			n = 0;
			usleep(1000);
		}
		if (children % 64 == 0)
			clean_scratch();
	}
	ok(1, "%ld calls in %ld children, and the kernel lives", count, children);
	clean_scratch();
	chdir("..");
	is(rmdir(SCRATCH) ? errno : 0, 0, "the scratch folder is empty and goes");
	return done();
}
