// SPDX-License-Identifier: MIT
/* The rows of bench.c about threads. */
#ifndef THREAD_ROWS_H
#define THREAD_ROWS_H

#include <sched.h>
#include <stdint.h>
#include <sys/futex.h>
#include <threads.h>

#include "meter.h"

static inline thrd_t make_thread(thrd_start_t fn, void *arg)
{
	thrd_t t;

	if (thrd_create(&t, fn, arg) != thrd_success)
		errx(1, "thrd_create");
	return t;
}

static int ends_at_once(void *arg)
{
	(void)arg;
	return 0;
}

/* With the mapping of a stack and its unmapping. */
static void thread_create_join(struct meter *m)
{
	start(m);
	for (unsigned long i = 0; i < m->n; i++)
		thrd_join(make_thread(ends_at_once, NULL), NULL);
	stop(m);
}

struct ball {
	uint32_t	side;		/* whose turn it is: 0 or 1; 2: the end */
};

static uint32_t await_turn(struct ball *b, uint32_t me)
{
	uint32_t side;

	while ((side = __atomic_load_n(&b->side, __ATOMIC_ACQUIRE)) == !me)
		futex(&b->side, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, !me, NULL, NULL, 0);
	return side;
}

static void pass(struct ball *b, uint32_t to)
{
	__atomic_store_n(&b->side, to, __ATOMIC_RELEASE);
	futex(&b->side, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
}

static int plays_back(void *arg)
{
	while (await_turn(arg, 1) == 1)
		pass(arg, 0);
	return 0;
}

/* There and back: two wake-ups, two switches. */
static void futex_ping_pong(struct meter *m)
{
	struct ball b = { .side = 1 };
	thrd_t t = make_thread(plays_back, &b);

	await_turn(&b, 0);		/* it is there */
	start(m);
	for (unsigned long i = 0; i < m->n; i++) {
		pass(&b, 1);
		await_turn(&b, 0);
	}
	stop(m);
	pass(&b, 2);
	thrd_join(t, NULL);
}

#endif
