// SPDX-License-Identifier: MIT
/* mmap, munmap, mprotect, brk, mappings of files; SIGSEGV and SIGBUS with si_code and si_addr. */
#include <setjmp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "tap.h"

#define PAGE 4096UL
#define FILE_NAME "/tmp/memory-test"

static sigjmp_buf env;
static siginfo_t fault;

static void on_fault(int sig, siginfo_t *info, void *uc)
{
	(void)uc;
	fault = *info;
	siglongjmp(env, sig);
}

/* Touch the address: 0, or the signal, with its siginfo in `fault`. */
static int touch(volatile char *p, int write)
{
	int sig = sigsetjmp(env, 1);

	if (!sig) {
		if (write)
			*p = 1;
		else
			(void)*p;
	}
	return sig;
}

static int call(void *p)
{
	int sig = sigsetjmp(env, 1);

	if (!sig)
		((void (*)(void))p)();
	return sig;
}

static void expect(volatile char *p, int write, int sig, int code, const char *what)
{
	int saw = touch(p, write);

	if (saw == sig && (!sig || (fault.si_code == code && fault.si_addr == p)))
		ok(1, "%s", what);
	else
		ok(0, "%s # saw signal %d code %d at %p, expected %d code %d at %p", what, saw,
		   fault.si_code, fault.si_addr, sig, code, p);
}

static char *map(size_t len, int prot, int flags)
{
	return mmap(NULL, len, prot, flags | MAP_ANONYMOUS, -1, 0);
}

static void test_anonymous(void)
{
	char *p = map(4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	unsigned long i, sum = 0;

	ok(p != MAP_FAILED && (unsigned long)p % PAGE == 0, "mmap of 4 pages");
	for (i = 0; i < 4 * PAGE; i++)
		sum += p[i];
	is(sum, 0, "they read as zeros");
	expect(p + 5, 1, 0, 0, "they can be written");
	is(munmap(p + PAGE, PAGE), 0, "munmap of the second");
	expect(p + PAGE, 0, SIGSEGV, SEGV_MAPERR, "which faults, MAPERR");
	expect(p + 2 * PAGE, 1, 0, 0, "the third is there");
	is(mprotect(p, PAGE, PROT_READ), 0, "mprotect of the first, read only");
	expect(p, 0, 0, 0, "it can be read");
	expect(p + 7, 1, SIGSEGV, SEGV_ACCERR, "writing it faults, ACCERR");
	is(p[5], 1, "its content is as before");
	mprotect(p, PAGE, PROT_NONE);
	expect(p, 0, SIGSEGV, SEGV_ACCERR, "PROT_NONE: reading faults");
	mprotect(p, PAGE, PROT_READ | PROT_WRITE);
	is(p[5], 1, "and is there again");
	is(call(p + 2 * PAGE), SIGSEGV, "data cannot be executed");
	ok(fault.si_code == SEGV_ACCERR && fault.si_addr == p + 2 * PAGE, "ACCERR at the pc");
	fails(mprotect(p, 4 * PAGE, PROT_READ), ENOMEM, "mprotect over a hole");
	is(munmap(p, 4 * PAGE), 0, "munmap over a hole");
	expect(NULL, 0, SIGSEGV, SEGV_MAPERR, "NULL");
	/* Whether something is mapped there is not the program's business; the code may tell. */
	ok(touch((char *)0xffff000000080000, 0) == SIGSEGV && fault.si_addr == (void *)0xffff000000080000,
	   "an address of the kernel");
}

static void test_arguments(void)
{
	char *p = map(PAGE, PROT_READ, MAP_PRIVATE);

	fails(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EINVAL, "mmap of 0 bytes");
	fails(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL, "neither shared nor private");
	fails(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0), EBADF, "mmap of descriptor -1");
	fails(mmap(NULL, 1UL << 50, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM, "mmap of a petabyte");
	fails(syscall(SYS_mmap, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 100), EINVAL,
	      "an offset that is not page-aligned");
	fails(mmap(p + 1, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), EINVAL,
	      "MAP_FIXED at no page");
	fails(mmap(p, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), EEXIST,
	      "MAP_FIXED_NOREPLACE over something");
	ok(mmap(p, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p,
	   "MAP_FIXED over it");
	fails(munmap(p + 1, PAGE), EINVAL, "munmap at no page");
	fails(munmap(p, 0), EINVAL, "munmap of nothing");
	fails(mprotect(p + 1, PAGE, PROT_READ), EINVAL, "mprotect at no page");
	munmap(p, PAGE);
}

static void test_brk(void)
{
	unsigned long start = syscall(SYS_brk, 0), end;
	char *p = (char *)start;

	end = syscall(SYS_brk, start + 10 * PAGE);
	is(end - start, 10 * PAGE, "brk grows");
	expect(p + 10 * PAGE - 1, 1, 0, 0, "its last byte");
	is(syscall(SYS_brk, start + PAGE) - start, PAGE, "brk shrinks");
	end = syscall(SYS_brk, start + 10 * PAGE);
	is(p[10 * PAGE - 1], 0, "and what comes back is zero");
	is(syscall(SYS_brk, 1UL << 60), end, "brk that cannot be: the old one");
	is(syscall(SYS_brk, 8), end, "brk below its start: the old one");
	is(syscall(SYS_brk, start), start, "brk to its start");
	expect(p + 2 * PAGE, 0, SIGSEGV, SEGV_MAPERR, "behind it is nothing");
}

static void test_private_shared(void)
{
	char *priv = map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	char *shared = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
	pid_t pid;

	priv[0] = shared[0] = 1;
	pid = fork();
	if (pid == 0) {
		int fine = priv[0] == 1 && shared[0] == 1;

		priv[0] = shared[0] = 2;
		_exit(!fine);
	}
	is(reap(pid), 0, "a child has both");
	is(priv[0], 1, "MAP_PRIVATE: its write is its own");
	is(shared[0], 2, "MAP_SHARED: its write is seen");
	munmap(priv, PAGE);
	munmap(shared, PAGE);
}

static void test_file(void)
{
	int fd = open(FILE_NAME, O_CREAT | O_TRUNC | O_RDWR, 0600), ro;
	char buf[16] = "", *p, *s;

	if (fd < 0 || write(fd, "hello, file", 11) != 11)
		return;
	p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	ok(!memcmp(p, "hello, file", 12), "a private mapping of a file, zeros behind its end");
	expect(p + PAGE, 0, SIGBUS, BUS_ADRERR, "a page behind the end: SIGBUS");
	p[0] = 'J';
	pread(fd, buf, 11, 0);
	is(buf[0], 'h', "a write to it does not reach the file");
	s = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ok(s != MAP_FAILED, "a shared mapping");
	s[0] = 'C';
	is(msync(s, PAGE, MS_SYNC), 0, "msync");
	pread(fd, buf, 11, 0);
	is(buf[0], 'C', "a write to it is in the file at once");
	pwrite(fd, "D", 1, 1);
	is(s[1], 'D', "a write to the file is in the mapping at once");
	is(p[0], 'J', "the private page stays as it was written");
	ro = open(FILE_NAME, O_RDONLY);
	fails(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0), EACCES,
	      "a shared writable mapping of a file open for reading");
	ftruncate(fd, 0);
	expect(s, 0, SIGBUS, BUS_ADRERR, "the file was cut: SIGBUS");
	close(fd);
	close(ro);
	munmap(p, 3 * PAGE);
	munmap(s, PAGE);
	unlink(FILE_NAME);
}

/* The kernel writes to the program's memory by the program's rights. */
static void test_kernel_access(void)
{
	char *p = map(2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	int fd[2];

	if (pipe(fd))
		return;
	munmap(p + PAGE, PAGE);
	is(write(fd[1], "0123456789", 10), 10, "ten bytes into a pipe");
	mprotect(p, PAGE, PROT_READ);
	fails(read(fd[0], p, 10), EFAULT, "read() into a read-only page");
	mprotect(p, PAGE, PROT_READ | PROT_WRITE);
	fails(write(fd[1], p + PAGE, 1), EFAULT, "write() from nothing");
	fails(write(fd[1], (void *)0xffff000000080000, 1), EFAULT, "write() from the kernel's memory");
	fails(syscall(SYS_getcwd, 0xffff000000080000, 100), EFAULT, "getcwd() into it");
	close(fd[0]);
	close(fd[1]);
	munmap(p, PAGE);
}

static void test_align(void)
{
	volatile unsigned long *p = (unsigned long *)map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	int sig = sigsetjmp(env, 1);

	*(volatile unsigned long *)((char *)p + 1) = 1;
	ok(1, "unaligned access to memory is allowed");
	if (!sig) {
		unsigned long v;

		asm volatile("ldxr %0, [%1]" : "=r"(v) : "r"((char *)p + 1) : "memory");
	}
	is(sig, SIGBUS, "an exclusive load must be aligned: SIGBUS");
	is(fault.si_code, BUS_ADRALN, "BUS_ADRALN");
	is(call((char *)test_align + 2), SIGBUS, "a pc must be aligned");
	sig = sigsetjmp(env, 1);
	if (!sig)
		asm volatile(".inst 0");
	is(sig, SIGILL, "an undefined instruction: SIGILL");
	is(fault.si_code, ILL_ILLOPC, "ILL_ILLOPC");
	munmap((void *)p, PAGE);
}

static void test_merge(void)
{
	char *p = map(64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	unsigned long i, wrong = 0;

	for (i = 0; i < 64; i++)
		p[i * PAGE] = i;
	for (i = 0; i < 64; i += 2)
		mprotect(p + i * PAGE, PAGE, PROT_READ);
	for (i = 0; i < 64; i++)
		wrong += touch(p + i * PAGE + 1, 1) != (i % 2 ? 0 : SIGSEGV);
	is(wrong, 0, "every second page protected");
	mprotect(p, 64 * PAGE, PROT_READ | PROT_WRITE);
	for (i = 0; i < 64; i++)
		wrong += p[i * PAGE] != (char)i || touch(p + i * PAGE + 1, 1);
	is(wrong, 0, "and all of them one region again");
	is(madvise(p, 32 * PAGE, MADV_DONTNEED), 0, "MADV_DONTNEED");
	for (i = 0; i < 64; i++)
		wrong += p[i * PAGE] != (i < 32 ? 0 : (char)i);
	is(wrong, 0, "those pages are zero, the others are not");
	munmap(p, 64 * PAGE);
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGILL, &sa, NULL);
	test_anonymous();
	test_arguments();
	test_brk();
	test_private_shared();
	test_file();
	test_kernel_access();
	test_align();
	test_merge();
	return done();
}
