// SPDX-License-Identifier: MIT
/* The stack: it grows on demand to RLIMIT_STACK, and a gap is kept free below it. */
#include <sys/mman.h>
#include <sys/resource.h>
#include "tap.h"

#define PAGE 4096UL
#define KIB 1024UL

static __attribute__((noinline)) unsigned long use(unsigned long bytes)
{
	volatile char fill[1024];

	fill[0] = 1;
	fill[1023] = 2;
	if (bytes <= 1024)
		return (unsigned long)fill;
	return use(bytes - 1024) + fill[0] - 1;
}

static void use_6m(void)
{
	_exit(use(6 << 20) ? 0 : 1);
}

static void use_9m(void)
{
	_exit(use(9 << 20) ? 0 : 1);
}

/* Far below the stack pointer, but within the limit: Linux lets it grow there. */
static void jump_down(void)
{
	volatile char *p = __builtin_frame_address(0);

	p[-(3L << 20)] = 1;
	_exit(p[-(3L << 20)] == 1 ? 0 : 1);
}

static void below_limit(void)
{
	volatile char *p = __builtin_frame_address(0);

	p[-(20L << 20)] = 1;
}

static void small_limit(void)
{
	struct rlimit rl = { 256 * KIB, 8 << 20 };

	setrlimit(RLIMIT_STACK, &rl);
	_exit(use(1 << 20) ? 0 : 1);
}

/* A mapping 2 MiB below: the stack may not come nearer to it than the guard gap. */
static void guard(void)
{
	unsigned long sp = (unsigned long)__builtin_frame_address(0) & ~(PAGE - 1);
	char *block = (char *)sp - (2 << 20);

	if (mmap(block, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != block)
		_exit(2);
	use((2 << 20) - 64 * KIB);
	_exit(0);
}

static void no_gap_needed(void)
{
	unsigned long sp = (unsigned long)__builtin_frame_address(0) & ~(PAGE - 1);
	char *block = (char *)sp - (4 << 20);

	if (mmap(block, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != block)
		_exit(2);
	use(2 << 20);
	_exit(0);
}

static void execute_stack(void)
{
	unsigned int code[2] = { 0xd65f03c0, 0 };	/* ret */

	__builtin___clear_cache((char *)code, (char *)(code + 2));
	((void (*)(void))code)();
	_exit(0);
}

int main(void)
{
	is(in_child(use_6m), 0, "6 MiB of stack, a frame at a time");
	is(in_child(use_9m), 1000 + SIGSEGV, "9 MiB are more than RLIMIT_STACK: SIGSEGV");
	is(in_child(jump_down), 0, "3 MiB below at once");
	is(in_child(below_limit), 1000 + SIGSEGV, "20 MiB below: SIGSEGV");
	is(in_child(small_limit), 1000 + SIGSEGV, "a smaller RLIMIT_STACK is kept");
	is(in_child(guard), 1000 + SIGSEGV, "it does not grow into the gap above another mapping");
	is(in_child(no_gap_needed), 0, "but beside a mapping that is far enough");
	is(in_child(execute_stack), 1000 + SIGSEGV, "it is not executable");
	return done();
}
