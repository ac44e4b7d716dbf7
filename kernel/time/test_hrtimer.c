// SPDX-License-Identifier: MIT
/* Self-tests of the timers and clocks. */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktest.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/time.h>
#include <linux/timer.h>
#include <linux/wait.h>

#define NR_TIMERS	3

static struct {
	struct hrtimer	timer;
	int		position;	/* in which it fired, from 1 */
	s64		late;		/* ns behind its time */
} hr[NR_TIMERS] __initdata;

static int fired __initdata;
static DECLARE_WAIT_QUEUE_HEAD(fired_wait);

static enum hrtimer_restart __init hr_fire(struct hrtimer *timer)
{
	int i = container_of(timer, typeof(hr[0]), timer) - hr;

	hr[i].position = ++fired;
	hr[i].late = hrtimer_cb_get_time(timer) - hrtimer_get_expires(timer);
	wake_up(&fired_wait);
	return HRTIMER_NORESTART;
}

static void __init hrtimers_fire_in_order_and_not_early(struct ktest *test)
{
	static const int delay_us[NR_TIMERS] __initconst = { 3000, 1000, 2000 };
	ktime_t now = ktime_get();
	int i;

	fired = 0;
	for (i = 0; i < NR_TIMERS; i++) {
		hrtimer_init(&hr[i].timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
		hr[i].timer.function = hr_fire;
		hrtimer_start(&hr[i].timer, ktime_add_us(now, delay_us[i]), HRTIMER_MODE_ABS);
	}
	wait_event_timeout(fired_wait, fired == NR_TIMERS, HZ);
	KTEST_EXPECT_EQ(test, hr[1].position, 1);
	KTEST_EXPECT_EQ(test, hr[2].position, 2);
	KTEST_EXPECT_EQ(test, hr[0].position, 3);
	for (i = 0; i < NR_TIMERS; i++) {
		KTEST_EXPECT_GE(test, hr[i].late, 0);
		KTEST_EXPECT_FALSE(test, hrtimer_active(&hr[i].timer));
	}
}

static void __init hrtimer_cancel_tells_what_it_stopped(struct ktest *test)
{
	struct hrtimer *timer = &hr[0].timer;

	hrtimer_init(timer, CLOCK_REALTIME, HRTIMER_MODE_REL);
	timer->function = hr_fire;
	KTEST_EXPECT_EQ(test, hrtimer_cancel(timer), 0);
	hrtimer_start(timer, ms_to_ktime(1000), HRTIMER_MODE_REL);
	KTEST_EXPECT_TRUE(test, hrtimer_active(timer));
	KTEST_EXPECT_GT(test, hrtimer_get_remaining(timer), 0);
	KTEST_EXPECT_EQ(test, hrtimer_cancel(timer), 1);
	KTEST_EXPECT_EQ(test, hrtimer_cancel(timer), 0);
}

static enum hrtimer_restart __init hr_again(struct hrtimer *timer)
{
	hrtimer_forward_now(timer, 1);
	return HRTIMER_RESTART;
}

static void __init hr_start_here(void *timer)
{
	hrtimer_start(timer, 0, HRTIMER_MODE_REL);
}

/*
 * One that is always due on another CPU, stopped at all the points between queued and running. (On the
 * only CPU it would leave nobody the time to stop it, nor could it be running then.)
 */
static void __init hrtimer_cancel_stops_what_restarts_itself(struct ktest *test)
{
	struct hrtimer *timer = &hr[0].timer;
	unsigned long until = jiffies + HZ;	/* a busy host may take milliseconds for a round */
	int round, cpu, alive = 0;

	if (num_online_cpus() == 1)
		return;
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer->function = hr_again;
	for (round = 0; round < 30000 && time_before(jiffies, until); round++) {
		cpu = cpumask_next(raw_smp_processor_id(), cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
		smp_call_function_single(cpu, hr_start_here, timer, 1);
		ndelay(round * 37 % 2000);
		hrtimer_cancel(timer);
		alive += timer->state != HRTIMER_STATE_INACTIVE;
		while (timer->state != HRTIMER_STATE_INACTIVE)
			hrtimer_cancel(timer);
	}
	KTEST_EXPECT_EQ(test, alive, 0);
}

static void __init hrtimer_forward_skips_whole_periods(struct ktest *test)
{
	struct hrtimer *timer = &hr[0].timer;

	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	hrtimer_set_expires(timer, 1000);
	KTEST_EXPECT_EQ(test, hrtimer_forward(timer, 999, 100), 0);
	KTEST_EXPECT_EQ(test, hrtimer_forward(timer, 1000, 100), 1);
	KTEST_EXPECT_EQ(test, hrtimer_get_expires(timer), 1100);
	KTEST_EXPECT_EQ(test, hrtimer_forward(timer, 1350, 100), 3);
	KTEST_EXPECT_EQ(test, hrtimer_get_expires(timer), 1400);
}

static struct {
	struct timer_list	timer;
	int			position;
} tl[NR_TIMERS] __initdata;

static void __init tl_fire(struct timer_list *timer)
{
	tl[container_of(timer, typeof(tl[0]), timer) - tl].position = ++fired;
	wake_up(&fired_wait);
}

static void __init timers_fire_in_order(struct ktest *test)
{
	unsigned long now = jiffies;
	int i;

	fired = 0;
	for (i = 0; i < NR_TIMERS; i++)
		timer_setup(&tl[i].timer, tl_fire, 0);
	KTEST_EXPECT_EQ(test, mod_timer(&tl[0].timer, now + 100), 0);
	KTEST_EXPECT_EQ(test, mod_timer(&tl[1].timer, now + 2), 0);
	KTEST_EXPECT_EQ(test, mod_timer(&tl[2].timer, now + 50), 0);
	KTEST_EXPECT_EQ(test, mod_timer(&tl[0].timer, now + 3), 1);
	KTEST_EXPECT_EQ(test, del_timer_sync(&tl[2].timer), 1);
	KTEST_EXPECT_EQ(test, del_timer(&tl[2].timer), 0);
	wait_event_timeout(fired_wait, fired == 2, HZ);
	KTEST_EXPECT_EQ(test, tl[1].position, 1);
	KTEST_EXPECT_EQ(test, tl[0].position, 2);
	KTEST_EXPECT_GE(test, jiffies - now, 3);
}

static void __init sleeping_lasts_long_enough(struct ktest *test)
{
	ktime_t t = ktime_get(), expires = ktime_add_us(t, 500);

	set_current_state(TASK_UNINTERRUPTIBLE);
	KTEST_EXPECT_EQ(test, schedule_hrtimeout(&expires, HRTIMER_MODE_ABS), 0);
	KTEST_EXPECT_GE(test, ktime_get() - t, 500 * NSEC_PER_USEC);
	t = ktime_get();
	msleep(5);
	KTEST_EXPECT_GE(test, ktime_get() - t, 5 * NSEC_PER_MSEC);
	t = ktime_get();
	udelay(50);
	KTEST_EXPECT_GE(test, ktime_get() - t, 49 * NSEC_PER_USEC);
}

static void __init calendar_is_right(struct ktest *test)
{
	struct tm tm;

	KTEST_EXPECT_EQ(test, mktime64(1970, 1, 1, 0, 0, 0), 0);
	KTEST_EXPECT_EQ(test, mktime64(2000, 2, 29, 23, 59, 59), 951868799);
	KTEST_EXPECT_EQ(test, mktime64(2038, 1, 19, 3, 14, 8), 1LL << 31);
	time64_to_tm(951868799, 0, &tm);
	KTEST_EXPECT_EQ(test, tm.tm_year, 100);
	KTEST_EXPECT_EQ(test, tm.tm_mon, 1);
	KTEST_EXPECT_EQ(test, tm.tm_mday, 29);
	KTEST_EXPECT_EQ(test, tm.tm_wday, 2);
	KTEST_EXPECT_EQ(test, tm.tm_yday, 59);
	time64_to_tm(-1, 0, &tm);
	KTEST_EXPECT_EQ(test, tm.tm_year, 69);
	KTEST_EXPECT_EQ(test, tm.tm_mday, 31);
	KTEST_EXPECT_EQ(test, tm.tm_hour, 23);
}

ktest_suite("time",
	    KTEST_CASE(hrtimers_fire_in_order_and_not_early),
	    KTEST_CASE(hrtimer_cancel_tells_what_it_stopped),
	    KTEST_CASE(hrtimer_cancel_stops_what_restarts_itself),
	    KTEST_CASE(hrtimer_forward_skips_whole_periods),
	    KTEST_CASE(timers_fire_in_order),
	    KTEST_CASE(sleeping_lasts_long_enough),
	    KTEST_CASE(calendar_is_right));
