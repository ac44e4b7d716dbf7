// SPDX-License-Identifier: MIT
/*
 * The time of day: see <linux/timekeeping.h> for the clocks.
 *
 * At each tick the counter's advance is added to `nsec`, and the counter's value is kept as
 * cycle_last; between ticks the time is nsec plus what the counter has done since. tk_seq lets readers
 * read all of it without a lock, from any context; timekeeper_lock keeps writers (the tick, setting
 * the clock) apart.
 */
#include <linux/capability.h>
#include <linux/clocksource.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/seqlock.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/timerfd.h>

struct timekeeper {
	struct clocksource	*clock;
	u64			cycle_last;	/* the counter when nsec and frac were true */
	u64			nsec;		/* CLOCK_MONOTONIC */
	u64			frac;		/* below a nanosecond: in units of 2^-shift ns */
	ktime_t			offs_real;	/* CLOCK_REALTIME - CLOCK_MONOTONIC */
};

static struct timekeeper tk;			/* tk_seq */
static seqcount_t tk_seq;
static DEFINE_RAW_SPINLOCK(timekeeper_lock);

volatile unsigned long jiffies = INITIAL_JIFFIES;
EXPORT_SYMBOL(jiffies);

static u64 tk_delta(const struct timekeeper *t)
{
	return (t->clock->read(t->clock) - t->cycle_last) & t->clock->mask;
}

static u64 tk_get_ns(const struct timekeeper *t)
{
	if (unlikely(!t->clock))
		return t->nsec;
	return t->nsec + ((tk_delta(t) * t->clock->mult + t->frac) >> t->clock->shift);
}

/* Bring nsec up to now. The lock is held, and a write section is open. */
static void timekeeping_forward_now(void)
{
	u64 delta;

	if (!tk.clock)
		return;
	delta = tk_delta(&tk);
	tk.cycle_last += delta;
	tk.frac += delta * tk.clock->mult;
	tk.nsec += tk.frac >> tk.clock->shift;
	tk.frac &= (1ULL << tk.clock->shift) - 1;
}

static unsigned long tk_write_begin(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&timekeeper_lock, flags);
	write_seqcount_begin(&tk_seq);
	return flags;
}

static void tk_write_end(unsigned long flags)
{
	write_seqcount_end(&tk_seq);
	raw_spin_unlock_irqrestore(&timekeeper_lock, flags);
}

/* Once a tick: so that the counter's advance stays small, and the coarse clocks go on. */
void update_wall_time(void)
{
	unsigned long flags = tk_write_begin();

	timekeeping_forward_now();
	tk_write_end(flags);
}

/* Count on with another counter, from the time that it is. */
void timekeeping_notify(struct clocksource *clock)
{
	unsigned long flags = tk_write_begin();

	timekeeping_forward_now();
	tk.clock = clock;
	tk.cycle_last = clock->read(clock) & clock->mask;
	tk.frac = 0;
	tk_write_end(flags);
}

/* ---- reading */

static u64 get_ns(ktime_t *offs_real)
{
	unsigned int seq;
	u64 ns;

	do {
		seq = read_seqcount_begin(&tk_seq);
		ns = tk_get_ns(&tk);
		*offs_real = tk.offs_real;
	} while (read_seqcount_retry(&tk_seq, seq));
	return ns;
}

static u64 get_coarse_ns(ktime_t *offs_real)
{
	unsigned int seq;
	u64 ns;

	do {
		seq = read_seqcount_begin(&tk_seq);
		ns = tk.nsec;
		*offs_real = tk.offs_real;
	} while (read_seqcount_retry(&tk_seq, seq));
	return ns;
}

ktime_t ktime_get(void)
{
	ktime_t offs;

	return get_ns(&offs);
}
EXPORT_SYMBOL(ktime_get);

ktime_t ktime_get_real(void)
{
	ktime_t offs, mono = get_ns(&offs);

	return mono + offs;
}
EXPORT_SYMBOL(ktime_get_real);

ktime_t ktime_get_coarse(void)
{
	ktime_t offs;

	return get_coarse_ns(&offs);
}
EXPORT_SYMBOL(ktime_get_coarse);

void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get());
}
EXPORT_SYMBOL(ktime_get_ts64);

void ktime_get_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_real());
}
EXPORT_SYMBOL(ktime_get_real_ts64);

void ktime_get_coarse_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_coarse());
}
EXPORT_SYMBOL(ktime_get_coarse_ts64);

void ktime_get_coarse_real_ts64(struct timespec64 *ts)
{
	ktime_t offs, mono = get_coarse_ns(&offs);

	*ts = ns_to_timespec64(mono + offs);
}
EXPORT_SYMBOL(ktime_get_coarse_real_ts64);

time64_t ktime_get_seconds(void)
{
	return ktime_get_coarse() / NSEC_PER_SEC;
}
EXPORT_SYMBOL(ktime_get_seconds);

time64_t ktime_get_real_seconds(void)
{
	struct timespec64 ts;

	ktime_get_coarse_real_ts64(&ts);
	return ts.tv_sec;
}
EXPORT_SYMBOL(ktime_get_real_seconds);

ktime_t ktime_get_offs_real(void)
{
	ktime_t offs;

	get_coarse_ns(&offs);
	return offs;
}
EXPORT_SYMBOL(ktime_get_offs_real);

void getboottime64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_offs_real());
}

/* ---- setting */

/**
 * do_settimeofday64 - set CLOCK_REALTIME
 *
 * Returns 0, or -EINVAL for a time that is none, or so late that the clock would overflow.
 */
int do_settimeofday64(const struct timespec64 *ts)
{
	unsigned long flags;

	if (!timespec64_valid_settod(ts))
		return -EINVAL;
	flags = tk_write_begin();
	timekeeping_forward_now();
	tk.offs_real = timespec64_to_ns(ts) - (s64)tk.nsec;
	tk_write_end(flags);
	clock_was_set();
	timerfd_clock_was_set();
	return 0;
}

/* No calendar clock: time begins in 1970. */
void __weak read_persistent_clock64(struct timespec64 *ts)
{
	*ts = (struct timespec64){ 0, 0 };
}

/* Boot, before or after the counter is registered. */
void __init timekeeping_init(void)
{
	struct timespec64 now;
	unsigned long flags;

	read_persistent_clock64(&now);
	if (!timespec64_valid_settod(&now))
		now = (struct timespec64){ 0, 0 };
	flags = tk_write_begin();
	timekeeping_forward_now();
	tk.offs_real = timespec64_to_ns(&now) - (s64)tk.nsec;
	tk_write_end(flags);
}
