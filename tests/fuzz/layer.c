// SPDX-License-Identifier: MIT
/*
 * What the file systems call and do not need in full: one task, for which time passes when it is told to,
 * RCU whose grace periods end between system calls, threads that never run, messages.
 *
 * Whoever sleeps waits for something that nobody else is there to do: schedule() ends the run.
 */
#include <linux/bug.h>
#include <linux/cred.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/eventpoll.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pagemap.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/reclaim_policy.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/sysctl.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/sched/user.h>
#include "fuzz.h"
#include "layer.h"

unsigned long fuzz_irqs_off;

void fuzz_die(const char *what, const char *file, int line)
{
	host_die(what, file, line);
}

void panic(const char *fmt, ...)
{
	fuzz_die(fmt, "panic()", 0);
}

/* ------------------------------------------------------------------ the task */

static struct signal_struct the_signals = {
	.rlim = { [0 ... RLIM_NLIMITS - 1] = { RLIM_INFINITY, RLIM_INFINITY }, [RLIMIT_NOFILE] = { 64, 64 } },
};

static struct sighand_struct the_sighand;
struct user_struct root_user = { .__count = REFCOUNT_INIT(2) };
struct cpumask __cpu_online_mask = { .bits = { 1 } };
struct mm_struct init_mm = { .mmap_lock = __RWSEM_INITIALIZER(init_mm.mmap_lock) };

struct task_struct init_task = {
	.group_leader	= &init_task,
	.real_parent	= &init_task,
	.parent		= &init_task,
	.real_cred	= &init_cred,
	.cred		= &init_cred,
	.comm		= "fuzz",
	.fs		= &init_fs,
	.files		= &init_files,
	.signal		= &the_signals,
	.sighand	= &the_sighand,
	.pid		= 1,
	.tgid		= 1,
};

void fuzz_might_sleep(const char *what)
{
	if (preempt_count() || irqs_disabled())
		fuzz_die(what, "in atomic context", preempt_count());
}

void schedule(void)
{
	if (!task_is_running(current))
		fuzz_die("sleeps for ever", "schedule()", 0);
}

void io_schedule(void)
{
	schedule();
}

long schedule_timeout(long timeout)
{
	fuzz_die("sleeps", "schedule_timeout()", 0);
}

void preempt_schedule(void)
{
}

int _cond_resched(void)
{
	return 0;
}

int wake_up_process(struct task_struct *p)
{
	return 0;
}

int wake_up_state(struct task_struct *p, unsigned int state)
{
	return 0;
}

int send_sig(int sig, struct task_struct *p, int priv)
{
	return 0;
}

/* Flushers: sync(2) and unmount do their work themselves. */
static struct task_struct some_thread;

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt, ...)
{
	return &some_thread;
}

int kthread_stop(struct task_struct *k)
{
	return 0;
}

bool kthread_should_stop(void)
{
	return true;
}

/* ------------------------------------------------------------------ RCU */

static struct rcu_head *callbacks, **last_callback = &callbacks;

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head->next = NULL;
	head->func = func;
	*last_callback = head;
	last_callback = &head->next;
}

void fuzz_rcu(void)
{
	BUG_ON(preempt_count() || fuzz_irqs_off);
	while (callbacks) {
		struct rcu_head *head = callbacks;
		unsigned long func = (unsigned long)head->func;

		callbacks = head->next;
		if (!callbacks)
			last_callback = &callbacks;
		if (func < KVFREE_RCU_MAX_OFFSET) {
			kfree((char *)head - func);
			continue;
		}
		preempt_disable();
		head->func(head);
		preempt_enable();
	}
}

void synchronize_rcu(void)
{
	fuzz_rcu();
}

void rcu_barrier(void)
{
	fuzz_rcu();
}

/* ------------------------------------------------------------------ time and chance */

unsigned long volatile jiffies = 1000;

void fuzz_tick(void)
{
	jiffies++;
}

static u64 now(void)
{
	return 1700000000ULL * NSEC_PER_SEC + (u64)jiffies * TICK_NSEC;
}

ktime_t ktime_get(void)
{
	return now();
}

void ktime_get_coarse_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(now());
}

void ktime_get_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(now());
}

time64_t ktime_get_real_seconds(void)
{
	return now() / NSEC_PER_SEC;
}

/* The same each time. */
u32 get_random_u32(void)
{
	static u32 state = 1;

	return state = state * 1664525 + 1013904223;
}

/* ------------------------------------------------------------------ messages */

int _printk(const char *fmt, ...)
{
	char line[512];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(line, sizeof(line), fmt, args);	/* also unseen: its arguments are read */
	va_end(args);
	if (host_verbose) {
		/* Without the level: a control character and a digit. */
		if (n >= 2 && line[0] == '\001')
			host_write(line + 2, n - 2);
		else
			host_write(line, n);
	}
	return n;
}

bool ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	return true;
}

int sprint_symbol(char *buf, unsigned long addr)
{
	return sprintf(buf, "0x%lx", addr);
}

int sprint_symbol_no_offset(char *buf, unsigned long addr)
{
	return sprint_symbol(buf, addr);
}

int sprint_backtrace(char *buf, unsigned long addr)
{
	return sprint_symbol(buf, addr);
}

/* ------------------------------------------------------------------ the program's memory */

long strncpy_from_user(char *dst, const char __user *src, long count)
{
	for (long i = 0; i < count; i++)
		if (!(dst[i] = src[i]))
			return i;
	return count;
}

long strnlen_user(const char __user *str, long n)
{
	return strnlen(str, n) + 1;
}

/* ------------------------------------------------------------------ the rest of mm/ */

unsigned long totalreserve_pages;
unsigned int nr_rss_limits;
long total_swap_pages;
int sysctl_max_map_count = 65530;

struct zone contig_zone;
struct per_cpu_pages zone_pageset;
static const struct reclaim_policy no_policy;
const struct reclaim_policy *reclaim_policy = &no_policy;
const int sysctl_vals[] = { 0, 1, INT_MAX };

void *kvzalloc(size_t size, gfp_t gfp)
{
	return kvmalloc(size, gfp | __GFP_ZERO);
}

void *kvcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kcalloc(n, size, gfp);
}

bool is_vmalloc_addr(const void *x)
{
	return false;
}

/* No program maps anything. */
void unmap_mapping_range(struct address_space *mapping, loff_t start, loff_t len, int even_cows)
{
	BUG_ON(!RB_EMPTY_ROOT(&mapping->i_mmap.rb_root));
}

int folio_mkclean(struct folio *folio)
{
	BUG_ON(folio_mapped(folio));
	return 0;
}

/* The disk's node is made by hand, and nobody looks into /sys. */
struct device *device_create_with_groups(struct class *cls, struct device *parent, dev_t devt, void *drvdata,
					 const struct attribute_group **groups, const char *fmt, ...)
{
	static struct device device;

	return &device;
}

struct kobject *kobject_create_and_add(const char *name, struct kobject *parent)
{
	static struct kobject kobject;

	return &kobject;
}

int sysfs_create_link(struct kobject *kobj, struct kobject *target, const char *name)
{
	return 0;
}

int class_register(struct class *cls)
{
	return 0;
}

void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
	func(info);
}

/* Nobody looks into /proc: it is enough that the file could be made. */
struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
					       int (*show)(struct seq_file *, void *), void *data)
{
	static long file;

	return (struct proc_dir_entry *)&file;
}

void register_sysctl_init(const char *path, struct ctl_table *table)
{
}

unsigned long lruvec_nr(enum lru_list lru)
{
	return contig_page_data.__lruvec.nr[lru];
}

/* No epoll either. */
void eventpoll_release_file(struct file *file)
{
	BUG_ON(!hlist_empty(&file->f_ep));
}
