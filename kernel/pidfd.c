// SPDX-License-Identifier: MIT
/*
 * Processes as descriptors: pidfd_open(2), pidfd_send_signal(2), waitid(2) with P_PIDFD.
 *
 * A number may be another process's by the time it is used; a descriptor holds a struct pid, which is
 * not given to another. It is readable when the process has ended.
 *
 * Locking: the wait queue's own; exit_state is set before it is woken.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/pidfd.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/syscalls.h>
#include <linux/wait.h>
#include <uapi/linux/pidfd.h>

/** do_notify_pidfd - wake who polls for the end of @task's process. tasklist_lock is held */
void do_notify_pidfd(struct task_struct *task)
{
	wake_up_all(&task_pid(task)->wait_pidfd);
}

static bool thread_group_exited(struct pid *pid)
{
	struct task_struct *t;
	bool exited;

	rcu_read_lock();
	t = pid_task(pid, PIDTYPE_PID);
	exited = !t || (READ_ONCE(t->exit_state) && thread_group_empty(t));
	rcu_read_unlock();
	return exited;
}

static __poll_t pidfd_poll(struct file *file, poll_table *pts)
{
	struct pid *pid = file->private_data;

	poll_wait(file, &pid->wait_pidfd, pts);
	return thread_group_exited(pid) ? EPOLLIN | EPOLLRDNORM : 0;
}

static int pidfd_release(struct inode *inode, struct file *file)
{
	put_pid(file->private_data);
	return 0;
}

static const struct file_operations pidfd_fops = {
	.release	= pidfd_release,
	.poll		= pidfd_poll,
};

/** pidfd_get_pid - what a descriptor stands for; *@flags: its O_* */
struct pid *pidfd_get_pid(unsigned int fd, unsigned int *flags)
{
	struct fd f = fdget(fd);
	struct pid *pid = ERR_PTR(-EBADF);

	if (!f.file)
		return pid;
	if (f.file->f_op == &pidfd_fops) {
		pid = get_pid(f.file->private_data);
		*flags = f.file->f_flags;
	}
	fdput(f);
	return pid;
}

SYSCALL_DEFINE2(pidfd_open, pid_t, pid, unsigned int, flags)
{
	struct pid *p;
	bool leads;
	int fd;

	if ((flags & ~PIDFD_NONBLOCK) || pid <= 0)
		return -EINVAL;
	p = find_get_pid(pid);
	if (!p)
		return -ESRCH;
	/* A thread that does not lead its group has none. */
	rcu_read_lock();
	leads = pid_task(p, PIDTYPE_TGID);
	rcu_read_unlock();
	fd = leads ? anon_inode_getfd("[pidfd]", &pidfd_fops, p, O_RDWR | O_CLOEXEC | flags) : -EINVAL;
	if (fd < 0)
		put_pid(p);
	return fd;
}

SYSCALL_DEFINE4(pidfd_send_signal, int, pidfd, int, sig, struct siginfo __user *, info,
		unsigned int, flags)
{
	kernel_siginfo_t kinfo;
	unsigned int f_flags;
	struct pid *pid;
	int ret = 0;

	if (flags)
		return -EINVAL;
	pid = pidfd_get_pid(pidfd, &f_flags);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	if (!info) {
		prepare_kill_siginfo(sig, &kinfo);
	} else {
		ret = copy_siginfo_from_user(&kinfo, info);
		if (!ret && sig != kinfo.si_signo)
			ret = -EINVAL;
		/* Nobody may pretend to another process to be the kernel, or kill(). */
		if (!ret && task_pid(current) != pid && (kinfo.si_code >= 0 || kinfo.si_code == SI_TKILL))
			ret = -EPERM;
	}
	if (!ret)
		ret = kill_pid_info(sig, &kinfo, pid);
	put_pid(pid);
	return ret;
}
