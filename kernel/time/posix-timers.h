/* SPDX-License-Identifier: MIT */
/* What a clock can do: posix-clocks.c has the table, posix-cpu-timers.c the CPU clocks. */
#ifndef _KERNEL_TIME_POSIX_TIMERS_H
#define _KERNEL_TIME_POSIX_TIMERS_H

#include <linux/posix-timers.h>

#define TIMER_RETRY	1	/* its function runs now: let go of it_lock and try again */

struct k_clock {
	int	(*clock_getres)(clockid_t which_clock, struct timespec64 *tp);
	int	(*clock_set)(clockid_t which_clock, const struct timespec64 *tp);
	int	(*clock_get_timespec)(clockid_t which_clock, struct timespec64 *tp);
	int	(*nsleep)(clockid_t which_clock, int flags, const struct timespec64 *rqtp,
			  struct __kernel_timespec __user *rmtp);
	/* it_lock is held in these, but for timer_create */
	int	(*timer_create)(struct k_itimer *timer);
	int	(*timer_set)(struct k_itimer *timer, int flags, const struct itimerspec64 *new,
			     struct itimerspec64 *old);
	void	(*timer_get)(struct k_itimer *timer, struct itimerspec64 *cur);
	int	(*timer_del)(struct k_itimer *timer);		/* 0 or TIMER_RETRY */
	void	(*timer_rearm)(struct k_itimer *timer);
};

const struct k_clock *clockid_to_kclock(clockid_t id);		/* posix-clocks.c */

/* posix-timers.c: for the clocks that hrtimers count */
int common_timer_create(struct k_itimer *timr);
int common_timer_set(struct k_itimer *timr, int flags, const struct itimerspec64 *new,
		     struct itimerspec64 *old);
void common_timer_get(struct k_itimer *timr, struct itimerspec64 *cur);
int common_timer_del(struct k_itimer *timr);
void common_hrtimer_rearm(struct k_itimer *timr);

/* posix-cpu-timers.c */
extern const struct k_clock clock_posix_cpu;
extern const struct k_clock clock_process;
extern const struct k_clock clock_thread;

#endif
