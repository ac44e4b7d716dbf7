/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SEQLOCK_H
#define _LINUX_SEQLOCK_H

/*
 * Sequence counters: readers that never write and never wait for long, but may have to read again.
 *
 * The writer makes the count odd, writes, makes it even. A reader notes an even count, reads, and is
 * content only if the count is still the same. Good for small values that are read far more often
 * than written and hold no pointers that a reader would follow: the time of day.
 *
 * A seqcount_t leaves the exclusion of writers, and of preemption (and of interrupts that read) while
 * one writes, to its user: a reader that preempted the writer would spin for ever. A seqlock_t brings
 * its own spinlock.
 */

#include <linux/compiler.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/processor.h>

typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;
typedef seqcount_t seqcount_spinlock_t;

#define SEQCNT_ZERO(name)			{ .sequence = 0 }
#define SEQCNT_SPINLOCK_ZERO(name, lock)	{ .sequence = 0 }
#define seqcount_init(s)			((s)->sequence = 0)
#define seqcount_spinlock_init(s, lock)		((void)(lock), (s)->sequence = 0)

/* The acquire keeps the reads of the data behind the read of the count. */
static inline unsigned int raw_read_seqcount(const seqcount_t *s)
{
	return smp_load_acquire(&s->sequence);
}

static inline unsigned int read_seqcount_begin(const seqcount_t *s)
{
	unsigned int seq;

	while (unlikely((seq = raw_read_seqcount(s)) & 1))
		cpu_relax();
	return seq;
}
#define raw_read_seqcount_begin(s)	read_seqcount_begin(s)

/* Does not wait for the writer: an odd count makes the retry certain. */
static inline unsigned int raw_seqcount_begin(const seqcount_t *s)
{
	return raw_read_seqcount(s) & ~1U;
}

static inline int __read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	return unlikely(READ_ONCE(s->sequence) != start);
}

static inline int read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	smp_rmb();		/* the data before the second look at the count */
	return __read_seqcount_retry(s, start);
}

static inline void raw_write_seqcount_begin(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, s->sequence + 1);
	smp_wmb();
}

static inline void raw_write_seqcount_end(seqcount_t *s)
{
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 1);
}

#define write_seqcount_begin(s)		raw_write_seqcount_begin(s)
#define write_seqcount_end(s)		raw_write_seqcount_end(s)

/* The writes on either side of it are seen in this order by a reader that need not read again. */
static inline void raw_write_seqcount_barrier(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, s->sequence + 1);
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 1);
}

/* Readers that began before this must begin again. */
static inline void write_seqcount_invalidate(seqcount_t *s)
{
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 2);
}

typedef struct {
	seqcount_t	seqcount;
	spinlock_t	lock;		/* one writer at a time */
} seqlock_t;

#define __SEQLOCK_UNLOCKED(lockname) \
	{ .seqcount = { 0 }, .lock = __SPIN_LOCK_UNLOCKED(lockname.lock) }
#define DEFINE_SEQLOCK(sl)	seqlock_t sl = __SEQLOCK_UNLOCKED(sl)

#define seqlock_init(sl)						\
do {									\
	spin_lock_init(&(sl)->lock);					\
	seqcount_init(&(sl)->seqcount);					\
} while (0)

static inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return read_seqcount_begin(&sl->seqcount);
}

static inline unsigned int read_seqretry(const seqlock_t *sl, unsigned int start)
{
	return read_seqcount_retry(&sl->seqcount, start);
}

static inline void write_seqlock(seqlock_t *sl)
{
	spin_lock(&sl->lock);
	raw_write_seqcount_begin(&sl->seqcount);
}

static inline void write_sequnlock(seqlock_t *sl)
{
	raw_write_seqcount_end(&sl->seqcount);
	spin_unlock(&sl->lock);
}

static inline void write_seqlock_irq(seqlock_t *sl)
{
	spin_lock_irq(&sl->lock);
	raw_write_seqcount_begin(&sl->seqcount);
}

static inline void write_sequnlock_irq(seqlock_t *sl)
{
	raw_write_seqcount_end(&sl->seqcount);
	spin_unlock_irq(&sl->lock);
}

#define write_seqlock_irqsave(sl, flags)				\
do {									\
	spin_lock_irqsave(&(sl)->lock, flags);				\
	raw_write_seqcount_begin(&(sl)->seqcount);			\
} while (0)

static inline void write_sequnlock_irqrestore(seqlock_t *sl, unsigned long flags)
{
	raw_write_seqcount_end(&sl->seqcount);
	spin_unlock_irqrestore(&sl->lock, flags);
}

/* A reader that must not have to repeat: it keeps writers out. */
static inline void read_seqlock_excl(seqlock_t *sl)
{
	spin_lock(&sl->lock);
}

static inline void read_sequnlock_excl(seqlock_t *sl)
{
	spin_unlock(&sl->lock);
}

/* First round without the lock (*@seq even), second with it (odd): no endless repetition. */
static inline void read_seqbegin_or_lock(seqlock_t *lock, int *seq)
{
	if (!(*seq & 1))
		*seq = read_seqbegin(lock);
	else
		read_seqlock_excl(lock);
}

static inline int need_seqretry(seqlock_t *lock, int seq)
{
	return !(seq & 1) && read_seqretry(lock, seq);
}

static inline void done_seqretry(seqlock_t *lock, int seq)
{
	if (seq & 1)
		read_sequnlock_excl(lock);
}

#endif
