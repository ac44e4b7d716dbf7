/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

/* One thread: a lock is a flag, and taking it twice or releasing it unheld ends the test. */

#include <linux/bug.h>
#include <linux/spinlock_types.h>

extern int locks_held, irqs_off;

#define spin_lock_init(l)	((l)->held = 0)

static inline void spin_lock(spinlock_t *l)
{
	BUG_ON(l->held);
	l->held = 1;
	locks_held++;
}

static inline void spin_unlock(spinlock_t *l)
{
	BUG_ON(!l->held);
	l->held = 0;
	locks_held--;
}

static inline int spin_trylock(spinlock_t *l)
{
	if (l->held)
		return 0;
	spin_lock(l);
	return 1;
}

static inline void spin_lock_irq(spinlock_t *l)
{
	BUG_ON(irqs_off);
	irqs_off = 1;
	spin_lock(l);
}

static inline void spin_unlock_irq(spinlock_t *l)
{
	spin_unlock(l);
	irqs_off = 0;
}

#define spin_lock_irqsave(l, flags)	do { (flags) = irqs_off; irqs_off = 1; spin_lock(l); } while (0)
#define spin_unlock_irqrestore(l, flags) do { spin_unlock(l); irqs_off = (flags); } while (0)
#define spin_lock_bh(l)			spin_lock(l)
#define spin_unlock_bh(l)		spin_unlock(l)

#endif
