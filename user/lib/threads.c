// SPDX-License-Identifier: MIT
/*
 * Threads: one mapping each, the stack with struct __thrd at its upper end, to which TPIDR_EL0 points.
 * The first thread has none: its TPIDR_EL0 is 0, as exec leaves it.
 */
#include <sched.h>
#include <sys/futex.h>
#include <sys/mman.h>
#include <threads.h>

#include "internal.h"

#define STACK	(64 << 10)

struct __thrd {
	int		err;		/* errno */
	int		result;
	thrd_start_t	fn;
	void		*arg;
	uint32_t	tid;		/* the kernel makes it 0 and wakes who waits, when it is gone */
	void		*map;
} __attribute__((aligned(16)));

static int first_errno;

thrd_t thrd_current(void)
{
	thrd_t self;

	__asm__ volatile("mrs %0, tpidr_el0" : "=r"(self));
	return self;
}

int *__errno_location(void)
{
	thrd_t self = thrd_current();

	return self ? &self->err : &first_errno;
}

long futex(uint32_t *uaddr, int op, uint32_t val, const void *timeout, uint32_t *uaddr2, uint32_t val3)
{
	return SYS(futex, uaddr, op, val, timeout, uaddr2, val3);
}

static int run(void *arg)
{
	thrd_t self = arg;

	self->result = self->fn(self->arg);
	return 0;
}

int thrd_create(thrd_t *thread, thrd_start_t fn, void *arg)
{
	char *map = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	thrd_t t;

	if (map == MAP_FAILED)
		return thrd_nomem;
	t = (thrd_t)(map + STACK) - 1;
	*t = (struct __thrd){ .fn = fn, .arg = arg, .map = map };
	if (clone(run, t, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
		  CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID, t, &t->tid, t, &t->tid) < 0) {
		munmap(map, STACK);
		return thrd_error;
	}
	*thread = t;
	return thrd_success;
}

int thrd_tid(thrd_t t)
{
	return __atomic_load_n(&t->tid, __ATOMIC_ACQUIRE);
}

/* The kernel's wake-up is not a private one: it does not know who waits. */
int thrd_join(thrd_t t, int *result)
{
	uint32_t tid;

	while ((tid = thrd_tid(t)) != 0)
		futex(&t->tid, FUTEX_WAIT, tid, NULL, NULL, 0);
	if (result)
		*result = t->result;
	munmap(t->map, STACK);
	return thrd_success;
}

void thrd_exit(int result)
{
	thrd_t self = thrd_current();

	if (self)
		self->result = result;
	RAW(exit, result);
	__builtin_unreachable();
}

void thrd_yield(void)
{
	sched_yield();
}

int mtx_init(mtx_t *mtx, int type)
{
	(void)type;
	mtx->word = 0;
	return thrd_success;
}

int mtx_trylock(mtx_t *mtx)
{
	uint32_t free = 0;

	return __atomic_compare_exchange_n(&mtx->word, &free, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED) ?
		       thrd_success : thrd_busy;
}

/* Who has waited takes it as 2: he does not know whether others still wait. */
int mtx_lock(mtx_t *mtx)
{
	if (mtx_trylock(mtx) == thrd_success)
		return thrd_success;
	while (__atomic_exchange_n(&mtx->word, 2, __ATOMIC_ACQUIRE) != 0)
		futex(&mtx->word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 2, NULL, NULL, 0);
	return thrd_success;
}

int mtx_unlock(mtx_t *mtx)
{
	if (__atomic_exchange_n(&mtx->word, 0, __ATOMIC_RELEASE) == 2)
		futex(&mtx->word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
	return thrd_success;
}

void mtx_destroy(mtx_t *mtx)
{
	(void)mtx;
}
