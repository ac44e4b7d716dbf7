// SPDX-License-Identifier: MIT
/*
 * The watchdog: finds CPUs that got stuck, and says where.
 *
 * A timer on each CPU, twice in five seconds. It asks two questions:
 *
 *   soft lockup	Has this CPU called __schedule() in the last watchdog_thresh seconds? Half of that
 *			time gone, the timer asks it to, as a waking task would; healthy code does so on
 *			its way to the program, or when it gives up its last spinlock. (Code that is
 *			stuck with preemption on is only slow: others run.)
 *   hard lockup	Has the timer of the next CPU fired? If it has not for so long, interrupts are
 *			off there, and only another CPU can notice.
 *
 * Time is counted in firings of the timer, not by the clock: when the host stops the whole machine for
 * a while, the clock jumps, but nobody was stuck. watchdog_thresh is 10, or what
 * "sysctl.kernel.watchdog_thresh=" says.
 *
 * Each CPU's struct is written by its own timer, in an interrupt. `ticks` is read by the CPU before.
 */
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/nmi.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/smp.h>
#include <linux/time64.h>
#include <asm/ptrace.h>
#include <asm/stacktrace.h>

#define SAMPLES		5U	/* firings in watchdog_thresh seconds */

/* Something that should move: its last value, and how often it has been seen standing there. */
struct progress {
	unsigned long		seen;
	unsigned int		samples;
};

struct watchdog {
	struct hrtimer		timer;
	unsigned long		ticks;		/* how often it fired */
	struct progress		soft;		/* of __schedule() here */
	struct progress		hard;		/* of the next CPU's ticks */
	call_single_data_t	csd;		/* asks the next CPU for its trace */
};

static DEFINE_PER_CPU(struct watchdog, watchdogs);

static unsigned int watchdog_thresh = 10;		/* seconds */

/* How many times in a row @p was seen where it is. */
static unsigned int stands_still(struct progress *p, unsigned long value)
{
	if (p->seen != value) {
		p->seen = value;
		p->samples = 0;
		return 0;
	}
	return ++p->samples;
}

static void show_this_cpu(void)
{
	struct pt_regs *regs = get_irq_regs();

	debug_show_held_locks(current);
	if (regs && !user_mode(regs)) {
		pr_emerg("pc : %pS\n", (void *)regs->pc);
		dump_backtrace(regs, NULL, KERN_EMERG);
	} else {
		pr_emerg("It runs a program.\n");
	}
}

static void check_softlockup(struct watchdog *w)
{
	int cpu = smp_processor_id();
	unsigned int stuck = stands_still(&w->soft, sched_count(cpu));

	if (is_idle_task(current)) {
		w->soft.samples = 0;
		return;
	}
	if (stuck > SAMPLES / 2)
		set_tsk_need_resched(current);
	if (stuck != SAMPLES)		/* once for each time that it gets stuck */
		return;
	pr_emerg("watchdog: BUG: soft lockup - CPU#%d stuck for %us! [%s:%d]\n", cpu, watchdog_thresh,
		 current->comm, current->pid);
	show_this_cpu();
}

/* On the CPU that was stuck, as soon as it takes interrupts again; perhaps never. */
static void show_late(void *unused)
{
	pr_emerg("watchdog: CPU#%u takes interrupts again; it was here:\n", smp_processor_id());
	show_this_cpu();
}

/*
 * What can be said of a CPU that does not answer: who runs there, and which locks he holds. His
 * registers are on that CPU; the request for his trace waits there until it can be heard.
 */
static void report_hardlockup(struct watchdog *w, int cpu)
{
	struct task_struct *curr = cpu_curr(cpu);

	pr_emerg("watchdog: BUG: hard LOCKUP on CPU#%d: interrupts off for %us, seen by CPU#%u [%s:%d]\n",
		 cpu, watchdog_thresh, smp_processor_id(), curr->comm, curr->pid);
	debug_show_held_locks(curr);
	w->csd.func = show_late;
	smp_call_function_single_async(cpu, &w->csd);
}

static void check_hardlockup(struct watchdog *w)
{
	int next = cpumask_next(smp_processor_id(), cpu_online_mask);

	if (next >= nr_cpu_ids)
		next = cpumask_first(cpu_online_mask);
	if (next == smp_processor_id())
		return;
	if (stands_still(&w->hard, READ_ONCE(per_cpu_ptr(&watchdogs, next)->ticks)) == SAMPLES)
		report_hardlockup(w, next);
}

static u64 sample_period(void)
{
	return watchdog_thresh * NSEC_PER_SEC / SAMPLES;
}

static enum hrtimer_restart watchdog_timer_fn(struct hrtimer *timer)
{
	struct watchdog *w = container_of(timer, struct watchdog, timer);

	WRITE_ONCE(w->ticks, w->ticks + 1);
	check_softlockup(w);
	check_hardlockup(w);
	hrtimer_forward_now(timer, sample_period());
	return HRTIMER_RESTART;
}

static void watchdog_enable(void *unused)
{
	struct watchdog *w = this_cpu_ptr(&watchdogs);

	hrtimer_init(&w->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	w->timer.function = watchdog_timer_fn;
	hrtimer_start(&w->timer, ns_to_ktime(sample_period()), HRTIMER_MODE_REL_PINNED_HARD);
}

/* All CPUs are up. */
void __init lockup_detector_init(void)
{
	if (watchdog_thresh)
		on_each_cpu(watchdog_enable, NULL, 1);
}

static int __init watchdog_thresh_setup(char *str)
{
	unsigned int seconds;

	if (kstrtouint(str, 0, &seconds) || seconds > 60)
		return -EINVAL;
	watchdog_thresh = seconds;
	return 0;
}
early_param("sysctl.kernel.watchdog_thresh", watchdog_thresh_setup);
