/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TIMEKEEPING_H
#define _LINUX_TIMEKEEPING_H

/*
 * What time is it? (kernel/time/timekeeping.c)
 *
 * CLOCK_MONOTONIC counts from boot and is never set; CLOCK_REALTIME is it plus an offset, which can
 * be set; CLOCK_BOOTTIME equals CLOCK_MONOTONIC, for this machine does not suspend. The coarse forms
 * give the time of the last tick and do not read the hardware. All may be called from anywhere.
 */

#include <linux/ktime.h>
#include <linux/time64.h>
#include <linux/types.h>

ktime_t ktime_get(void);				/* CLOCK_MONOTONIC */
ktime_t ktime_get_real(void);
ktime_t ktime_get_coarse(void);
void ktime_get_ts64(struct timespec64 *ts);
void ktime_get_real_ts64(struct timespec64 *ts);
void ktime_get_coarse_ts64(struct timespec64 *ts);
void ktime_get_coarse_real_ts64(struct timespec64 *ts);
time64_t ktime_get_seconds(void);			/* coarse */
time64_t ktime_get_real_seconds(void);			/* coarse */
void getboottime64(struct timespec64 *ts);		/* CLOCK_REALTIME of boot */

static inline u64 ktime_get_ns(void) { return ktime_get(); }
static inline u64 ktime_get_real_ns(void) { return ktime_get_real(); }
static inline ktime_t ktime_get_boottime(void) { return ktime_get(); }
static inline u64 ktime_get_boottime_ns(void) { return ktime_get(); }
static inline ktime_t ktime_get_raw(void) { return ktime_get(); }
static inline u64 ktime_get_raw_ns(void) { return ktime_get(); }
static inline u64 ktime_get_coarse_ns(void) { return ktime_get_coarse(); }
static inline void ktime_get_boottime_ts64(struct timespec64 *ts) { ktime_get_ts64(ts); }
static inline void ktime_get_raw_ts64(struct timespec64 *ts) { ktime_get_ts64(ts); }
static inline time64_t ktime_get_boottime_seconds(void) { return ktime_get_seconds(); }

/* What a REALTIME timer adds to CLOCK_MONOTONIC, ns. */
ktime_t ktime_get_offs_real(void);

/* Reads the hardware's calendar clock; zero when there is none. Its driver overrides the weak one. */
void read_persistent_clock64(struct timespec64 *ts);

void time_init(void);			/* boot, arch/arm64/kernel/time.c */
void timekeeping_init(void);		/* boot: sets CLOCK_REALTIME by the calendar clock */
void update_wall_time(void);		/* once a tick, by one CPU, interrupts off */

#endif
