// SPDX-License-Identifier: MIT
/*
 * Kernel threads. All are children of kthreadd (PID 2), so that none inherits anything from the
 * program in whose system call it happened to be wanted. Who wants one leaves a request and sleeps
 * until the thread exists; the thread then sleeps until it is woken.
 *
 * kthread_create_lock guards the list of requests.
 */
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

/* What a kernel thread keeps of itself, in its set_child_tid, which means nothing to it otherwise. */
struct kthread {
	unsigned long flags;
	int (*threadfn)(void *);
	void *data;
	int result;
	struct completion exited;
};

enum { KTHREAD_SHOULD_STOP };

struct kthread_create_info {
	int (*threadfn)(void *data);
	void *data;
	char name[TASK_COMM_LEN];
	struct task_struct *result;
	struct completion done;
	struct list_head list;
};

struct task_struct *kthreadd_task;
static DEFINE_SPINLOCK(kthread_create_lock);
static LIST_HEAD(kthread_create_list);

static struct kthread *to_kthread(struct task_struct *k)
{
	return (__force void *)k->set_child_tid;
}

bool kthread_should_stop(void)
{
	return test_bit(KTHREAD_SHOULD_STOP, &to_kthread(current)->flags);
}
EXPORT_SYMBOL(kthread_should_stop);

void *kthread_data(struct task_struct *k)
{
	return to_kthread(k)->data;
}
EXPORT_SYMBOL(kthread_data);

/* The new thread: sleeps until it is woken for the first time, runs, ends. */
static int kthread(void *_create)
{
	struct kthread_create_info *create = _create;
	struct kthread *self = kzalloc(sizeof(*self), GFP_KERNEL);
	int ret = -EINTR;

	if (!self) {
		create->result = ERR_PTR(-ENOMEM);
		complete(&create->done);
		do_exit(0);
	}
	self->threadfn = create->threadfn;
	self->data = create->data;
	init_completion(&self->exited);
	current->set_child_tid = (__force void __user *)self;
	set_task_comm(current, create->name);

	create->result = current;
	__set_current_state(TASK_UNINTERRUPTIBLE);
	complete(&create->done);		/* *create is gone from here on */
	schedule();

	if (!test_bit(KTHREAD_SHOULD_STOP, &self->flags))
		ret = self->threadfn(self->data);
	self->result = ret;
	/*
	 * Who stops us holds a reference to the task and reads the result after this; who does not
	 * care leaves it to us to free. The flag decides, once.
	 */
	if (test_and_set_bit(KTHREAD_SHOULD_STOP, &self->flags))
		complete(&self->exited);
	else
		kfree(self);
	do_exit(0);
}

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt, ...)
{
	struct kthread_create_info create = { .threadfn = threadfn, .data = data };
	va_list args;

	va_start(args, namefmt);
	vsnprintf(create.name, sizeof(create.name), namefmt, args);
	va_end(args);
	init_completion(&create.done);

	spin_lock(&kthread_create_lock);
	list_add_tail(&create.list, &kthread_create_list);
	spin_unlock(&kthread_create_lock);
	wake_up_process(kthreadd_task);
	wait_for_completion(&create.done);
	return create.result;
}
EXPORT_SYMBOL(kthread_create);

/*
 * For a thread that was made and not woken yet. It has told of its existence and is on its way to
 * sleep: wait until it is off its queue, so that the waking puts it onto that of its own CPU.
 */
void kthread_bind(struct task_struct *k, unsigned int cpu)
{
	while (READ_ONCE(k->on_rq) || smp_load_acquire(&k->on_cpu))
		schedule_timeout_uninterruptible(1);
	set_cpus_allowed_ptr(k, cpumask_of(cpu));
	k->flags |= PF_NO_SETAFFINITY;
}
EXPORT_SYMBOL(kthread_bind);

/* The thread must not have ended by itself. May sleep. */
int kthread_stop(struct task_struct *k)
{
	struct kthread *self = to_kthread(k);
	int ret;

	get_task_struct(k);
	set_bit(KTHREAD_SHOULD_STOP, &self->flags);
	wake_up_process(k);
	wait_for_completion(&self->exited);
	ret = self->result;
	kfree(self);
	put_task_struct(k);
	return ret;
}
EXPORT_SYMBOL(kthread_stop);

static void create_kthread(struct kthread_create_info *create)
{
	pid_t pid = kernel_thread(kthread, create, CLONE_FS | CLONE_FILES | SIGCHLD);

	if (pid < 0) {
		create->result = ERR_PTR(pid);
		complete(&create->done);
	}
}

/* PID 2 */
int kthreadd(void *unused)
{
	set_task_comm(current, "kthreadd");
	ignore_signals(current);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (list_empty(&kthread_create_list))
			schedule();
		__set_current_state(TASK_RUNNING);

		spin_lock(&kthread_create_lock);
		while (!list_empty(&kthread_create_list)) {
			struct kthread_create_info *create =
				list_first_entry(&kthread_create_list, struct kthread_create_info, list);

			list_del_init(&create->list);
			spin_unlock(&kthread_create_lock);
			create_kthread(create);
			spin_lock(&kthread_create_lock);
		}
		spin_unlock(&kthread_create_lock);
	}
	return 0;
}
