// SPDX-License-Identifier: MIT
/*
 * Waiting for a bit or a variable, with shared queues: see <linux/wait_bit.h>.
 *
 * Two words with the same hash share a queue. A waker's key tells its word, and the wake function of
 * the others passes by.
 */
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/init.h>
#include <linux/sched/signal.h>
#include <linux/wait_bit.h>
#include "sched.h"

#define WAIT_TABLE_BITS	8
#define WAIT_TABLE_SIZE	(1 << WAIT_TABLE_BITS)

static struct wait_queue_head bit_wait_table[WAIT_TABLE_SIZE];

void __init wait_bit_init(void)
{
	int i;

	for (i = 0; i < WAIT_TABLE_SIZE; i++)
		init_waitqueue_head(&bit_wait_table[i]);
}

struct wait_queue_head *bit_waitqueue(void *word, int bit)
{
	return &bit_wait_table[hash_long(((unsigned long)word << 6) ^ bit, WAIT_TABLE_BITS)];
}
EXPORT_SYMBOL(bit_waitqueue);

struct wait_queue_head *__var_waitqueue(void *p)
{
	return &bit_wait_table[hash_long((unsigned long)p, WAIT_TABLE_BITS)];
}
EXPORT_SYMBOL(__var_waitqueue);

static bool key_matches(struct wait_bit_queue_entry *wbq, struct wait_bit_key *key)
{
	return wbq->key.flags == key->flags && wbq->key.bit_nr == key->bit_nr;
}

static bool bit_is_set(struct wait_bit_key *key)
{
	return test_bit(key->bit_nr, (unsigned long *)key->flags);
}

/* Somebody else may have set the bit again by now: then sleep on. */
int wake_bit_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync, void *arg)
{
	struct wait_bit_queue_entry *wbq =
		container_of(wq_entry, struct wait_bit_queue_entry, wq_entry);

	if (!key_matches(wbq, arg) || bit_is_set(arg))
		return 0;
	return autoremove_wake_function(wq_entry, mode, sync, arg);
}
EXPORT_SYMBOL(wake_bit_function);

static int var_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync,
			     void *arg)
{
	struct wait_bit_queue_entry *wbq =
		container_of(wq_entry, struct wait_bit_queue_entry, wq_entry);

	if (!key_matches(wbq, arg))
		return 0;
	return autoremove_wake_function(wq_entry, mode, sync, arg);
}

int __sched __wait_on_bit(struct wait_queue_head *wq_head, struct wait_bit_queue_entry *wbq_entry,
			  wait_bit_action_f *action, unsigned int mode)
{
	int ret = 0;

	do {
		prepare_to_wait(wq_head, &wbq_entry->wq_entry, mode);
		if (bit_is_set(&wbq_entry->key))
			ret = action(&wbq_entry->key, mode);
	} while (bit_is_set(&wbq_entry->key) && !ret);
	finish_wait(wq_head, &wbq_entry->wq_entry);
	smp_rmb();		/* what follows is read after the bit was seen clear */
	return ret;
}
EXPORT_SYMBOL(__wait_on_bit);

/*
 * Exclusive: each release of the bit wakes one. Who gives up because of a signal may just have been
 * woken for a bit that is free: he passes that on.
 */
int __sched __wait_on_bit_lock(struct wait_queue_head *wq_head,
			       struct wait_bit_queue_entry *wbq_entry, wait_bit_action_f *action,
			       unsigned int mode)
{
	unsigned long *word = wbq_entry->key.flags;
	int bit = wbq_entry->key.bit_nr, ret = 0;

	for (;;) {
		prepare_to_wait_exclusive(wq_head, &wbq_entry->wq_entry, mode);
		if (test_bit(bit, word))
			ret = action(&wbq_entry->key, mode);
		if (!test_and_set_bit(bit, word)) {
			ret = 0;
			break;
		}
		if (ret)
			break;
	}
	finish_wait(wq_head, &wbq_entry->wq_entry);
	if (ret && !test_bit(bit, word))
		__wake_up_bit(wq_head, word, bit);
	return ret;
}
EXPORT_SYMBOL(__wait_on_bit_lock);

int __sched out_of_line_wait_on_bit(void *word, int bit, wait_bit_action_f *action,
				    unsigned int mode)
{
	DEFINE_WAIT_BIT(wq_entry, word, bit);

	might_sleep();
	return __wait_on_bit(bit_waitqueue(word, bit), &wq_entry, action, mode);
}
EXPORT_SYMBOL(out_of_line_wait_on_bit);

int __sched out_of_line_wait_on_bit_lock(void *word, int bit, wait_bit_action_f *action,
					 unsigned int mode)
{
	DEFINE_WAIT_BIT(wq_entry, word, bit);

	might_sleep();
	return __wait_on_bit_lock(bit_waitqueue(word, bit), &wq_entry, action, mode);
}
EXPORT_SYMBOL(out_of_line_wait_on_bit_lock);

void __wake_up_bit(struct wait_queue_head *wq_head, void *word, int bit)
{
	struct wait_bit_key key = { .flags = word, .bit_nr = bit };

	if (waitqueue_active(wq_head))
		__wake_up(wq_head, TASK_NORMAL, 1, &key);
}
EXPORT_SYMBOL(__wake_up_bit);

/**
 * wake_up_bit - the bit was cleared: wake who waits for that
 *
 * A full barrier must stand between the clearing and this call, as clear_and_wake_up_bit() has it.
 */
void wake_up_bit(void *word, int bit)
{
	__wake_up_bit(bit_waitqueue(word, bit), word, bit);
}
EXPORT_SYMBOL(wake_up_bit);

void init_wait_var_entry(struct wait_bit_queue_entry *wbq_entry, void *var, int flags)
{
	*wbq_entry = (struct wait_bit_queue_entry){
		.key = { .flags = var, .bit_nr = -1 },
		.wq_entry = {
			.flags = flags,
			.private = current,
			.func = var_wake_function,
			.entry = LIST_HEAD_INIT(wbq_entry->wq_entry.entry),
		},
	};
}
EXPORT_SYMBOL(init_wait_var_entry);

/* As wake_up_bit() for a variable; the caller's barrier again, an atomic_dec_and_test() is one. */
void wake_up_var(void *var)
{
	__wake_up_bit(__var_waitqueue(var), var, -1);
}
EXPORT_SYMBOL(wake_up_var);

int __sched bit_wait(struct wait_bit_key *key, int mode)
{
	schedule();
	return signal_pending_state(mode, current) ? -EINTR : 0;
}
EXPORT_SYMBOL(bit_wait);

int __sched bit_wait_io(struct wait_bit_key *key, int mode)
{
	io_schedule();
	return signal_pending_state(mode, current) ? -EINTR : 0;
}
EXPORT_SYMBOL(bit_wait_io);
