/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_WAIT_BIT_H
#define _LINUX_WAIT_BIT_H

/*
 * Waiting for one bit of any word to become clear, or for a variable to change, without a wait queue
 * in each structure: a table of queues is shared, chosen by the hash of the address, and each entry
 * knows the address and the bit that it waits for (kernel/sched/wait_bit.c).
 */

#include <linux/bitops.h>
#include <linux/wait.h>

struct wait_bit_key {
	void			*flags;		/* the word, or the variable */
	int			bit_nr;		/* -1: a variable */
	unsigned long		timeout;
};

struct wait_bit_queue_entry {
	struct wait_bit_key	key;
	struct wait_queue_entry	wq_entry;
};

/* How to sleep: 0, or -EINTR to give up. */
typedef int wait_bit_action_f(struct wait_bit_key *key, int mode);

void __wake_up_bit(struct wait_queue_head *wq_head, void *word, int bit);
int __wait_on_bit(struct wait_queue_head *wq_head, struct wait_bit_queue_entry *wbq_entry,
		  wait_bit_action_f *action, unsigned int mode);
int __wait_on_bit_lock(struct wait_queue_head *wq_head, struct wait_bit_queue_entry *wbq_entry,
		       wait_bit_action_f *action, unsigned int mode);
void wake_up_bit(void *word, int bit);
int out_of_line_wait_on_bit(void *word, int bit, wait_bit_action_f *action, unsigned int mode);
int out_of_line_wait_on_bit_lock(void *word, int bit, wait_bit_action_f *action,
				 unsigned int mode);
struct wait_queue_head *bit_waitqueue(void *word, int bit);
int wake_bit_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync, void *key);
int bit_wait(struct wait_bit_key *key, int mode);
int bit_wait_io(struct wait_bit_key *key, int mode);
void wait_bit_init(void);

#define DEFINE_WAIT_BIT(name, word, bit)					\
	struct wait_bit_queue_entry name = {					\
		.key = { .flags = (void *)(word), .bit_nr = bit },		\
		.wq_entry = {							\
			.private	= current,				\
			.func		= wake_bit_function,			\
			.entry		= LIST_HEAD_INIT((name).wq_entry.entry),\
		},								\
	}

/*
 * Sleep in state @mode until the bit is clear. 0, or -EINTR when @mode allows a signal to end it.
 * The acquire keeps what follows from being read before the bit was seen clear.
 */
static inline int wait_on_bit_action(unsigned long *word, int bit, wait_bit_action_f *action,
				     unsigned int mode)
{
	if (!((smp_load_acquire(word + bit / BITS_PER_LONG) >> (bit % BITS_PER_LONG)) & 1))
		return 0;
	return out_of_line_wait_on_bit(word, bit, action, mode);
}

static inline int wait_on_bit(unsigned long *word, int bit, unsigned int mode)
{
	return wait_on_bit_action(word, bit, bit_wait, mode);
}

static inline int wait_on_bit_io(unsigned long *word, int bit, unsigned int mode)
{
	return wait_on_bit_action(word, bit, bit_wait_io, mode);
}

/* The same, and then set the bit: a lock of one bit. */
static inline int wait_on_bit_lock(unsigned long *word, int bit, unsigned int mode)
{
	if (!test_and_set_bit(bit, word))
		return 0;
	return out_of_line_wait_on_bit_lock(word, bit, bit_wait, mode);
}

static inline int wait_on_bit_lock_io(unsigned long *word, int bit, unsigned int mode)
{
	if (!test_and_set_bit(bit, word))
		return 0;
	return out_of_line_wait_on_bit_lock(word, bit, bit_wait_io, mode);
}

/* The barrier stands between the clearing and the look at the queue: see wait.h. */
static inline void clear_and_wake_up_bit(int bit, void *word)
{
	clear_bit_unlock(bit, word);
	smp_mb__after_atomic();
	wake_up_bit(word, bit);
}

void init_wait_var_entry(struct wait_bit_queue_entry *wbq_entry, void *var, int flags);
void wake_up_var(void *var);
struct wait_queue_head *__var_waitqueue(void *p);

#define ___wait_var_event(var, condition, state, ret, cmd)			\
({										\
	__label__ __out;							\
	struct wait_queue_head *__wq_head = __var_waitqueue(var);		\
	struct wait_bit_queue_entry __wbq_entry;				\
	long __ret = ret;							\
										\
	init_wait_var_entry(&__wbq_entry, var, 0);				\
	for (;;) {								\
		long __int = prepare_to_wait_event(__wq_head,			\
						   &__wbq_entry.wq_entry, state); \
		if (condition)							\
			break;							\
		if (___wait_is_interruptible(state) && __int) {			\
			__ret = __int;						\
			goto __out;						\
		}								\
		cmd;								\
	}									\
	finish_wait(__wq_head, &__wbq_entry.wq_entry);				\
__out:	__ret;									\
})

/* Until the condition, which tells of *@var, is true; who changes it calls wake_up_var(@var). */
#define wait_var_event(var, condition)						\
do {										\
	might_sleep();								\
	if (condition)								\
		break;								\
	(void)___wait_var_event(var, condition, TASK_UNINTERRUPTIBLE, 0, schedule()); \
} while (0)

#define wait_var_event_killable(var, condition)					\
({										\
	int __ret = 0;								\
	might_sleep();								\
	if (!(condition))							\
		__ret = ___wait_var_event(var, condition, TASK_KILLABLE, 0, schedule()); \
	__ret;									\
})

#endif
