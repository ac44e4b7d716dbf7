// SPDX-License-Identifier: MIT
/*
 * The table of file descriptors: finding, allocating, duplicating, closing; copying it on fork.
 *
 * The rules of locking stand in <linux/fdtable.h>. The table starts with room for 64 and grows by
 * doubling up to RLIMIT_NOFILE. A descriptor is first reserved (its bit in open_fds) and installed
 * once the file is open, so that nobody sees it half-made.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include "internal.h"

unsigned int sysctl_nr_open = 1024 * 1024;

static struct kmem_cache *files_cachep;

struct files_struct init_files = {
	.count		= ATOMIC_INIT(1),
	.file_lock	= __SPIN_LOCK_UNLOCKED(init_files.file_lock),
	.fdt		= &init_files.fdtab,
	.fdtab		= {
		.max_fds	= NR_OPEN_DEFAULT,
		.fd		= init_files.fd_array,
		.close_on_exec	= init_files.close_on_exec_init,
		.open_fds	= init_files.open_fds_init,
	},
};

/* ------------------------------------------------------------------ the table */

static void free_fdtable(struct fdtable *fdt)
{
	kvfree(fdt->fd);
	kvfree(fdt->open_fds);
	kfree(fdt);
}

/* An empty table for at least @nr descriptors. Both bitmaps share one allocation. */
static struct fdtable *alloc_fdtable(unsigned int nr)
{
	struct fdtable *fdt = kmalloc(sizeof(*fdt), GFP_KERNEL);
	size_t bytes;

	nr = roundup_pow_of_two(max(nr, 2U * NR_OPEN_DEFAULT));
	bytes = nr / BITS_PER_BYTE;
	if (!fdt)
		return NULL;
	fdt->max_fds = nr;
	fdt->fd = kvcalloc(nr, sizeof(struct file *), GFP_KERNEL);
	fdt->open_fds = kvzalloc(2 * bytes, GFP_KERNEL);
	if (!fdt->fd || !fdt->open_fds) {
		free_fdtable(fdt);
		return NULL;
	}
	fdt->close_on_exec = fdt->open_fds + bytes / sizeof(long);
	return fdt;
}

/* Copies the first @count descriptors, a multiple of 64; the rest of the new table is empty. */
static void copy_fdtable(struct fdtable *new, const struct fdtable *old, unsigned int count)
{
	memcpy(new->fd, old->fd, count * sizeof(struct file *));
	memcpy(new->open_fds, old->open_fds, count / BITS_PER_BYTE);
	memcpy(new->close_on_exec, old->close_on_exec, count / BITS_PER_BYTE);
}

static void free_fdtable_rcu(struct rcu_head *head)
{
	free_fdtable(container_of(head, struct fdtable, rcu));
}

/*
 * Readers may still be in the old table. vfree() sleeps, which a callback must not: a table so long
 * that it needs that is waited for here. file_lock is held, and dropped for it.
 */
static void retire_fdtable(struct files_struct *files, struct fdtable *old)
{
	if (!is_vmalloc_addr(old->fd)) {
		call_rcu(&old->rcu, free_fdtable_rcu);
		return;
	}
	spin_unlock(&files->file_lock);
	synchronize_rcu();
	free_fdtable(old);
	spin_lock(&files->file_lock);
}

/*
 * Makes room for descriptor @nr. file_lock is held, and dropped when the table has to grow: then 1
 * is returned and what was found before is to be looked for again. 0: there was room.
 */
static int expand_files(struct files_struct *files, unsigned int nr)
{
	struct fdtable *new, *old;

	if (nr < files->fdt->max_fds)
		return 0;
	if (nr >= sysctl_nr_open)
		return -EMFILE;
	spin_unlock(&files->file_lock);
	new = alloc_fdtable(nr + 1);
	spin_lock(&files->file_lock);
	if (!new)
		return -ENOMEM;
	old = files->fdt;
	if (nr < old->max_fds) {
		free_fdtable(new);	/* another thread was faster */
		return 1;
	}
	copy_fdtable(new, old, old->max_fds);
	rcu_assign_pointer(files->fdt, new);
	if (old != &files->fdtab)
		retire_fdtable(files, old);
	return 1;
}

static void __set_close_on_exec(struct fdtable *fdt, unsigned int fd, bool on)
{
	if (on)
		__set_bit(fd, fdt->close_on_exec);
	else
		__clear_bit(fd, fdt->close_on_exec);
}

/* Reserves the lowest free descriptor in [start, end); -EMFILE when there is none. */
static int alloc_fd(unsigned int start, unsigned int end, unsigned int flags)
{
	struct files_struct *files = current->files;
	struct fdtable *fdt;
	unsigned int fd;
	int err;

	spin_lock(&files->file_lock);
	do {
		fdt = files->fdt;
		fd = max(start, files->next_fd);
		if (fd < fdt->max_fds)
			fd = find_next_zero_bit(fdt->open_fds, fdt->max_fds, fd);
		err = -EMFILE;
		if (fd >= end)
			goto out;
		err = expand_files(files, fd);
		if (err < 0)
			goto out;
	} while (err);

	if (start <= files->next_fd)
		files->next_fd = fd + 1;
	__set_bit(fd, fdt->open_fds);
	__set_close_on_exec(fdt, fd, flags & O_CLOEXEC);
	err = fd;
out:
	spin_unlock(&files->file_lock);
	return err;
}

int __get_unused_fd_flags(unsigned int flags, unsigned long nofile)
{
	return alloc_fd(0, min(nofile, (unsigned long)INT_MAX), flags);
}

/** get_unused_fd_flags - reserves a descriptor; @flags: O_CLOEXEC. -EMFILE, -ENOMEM */
int get_unused_fd_flags(unsigned int flags)
{
	return __get_unused_fd_flags(flags, rlimit(RLIMIT_NOFILE));
}
EXPORT_SYMBOL(get_unused_fd_flags);

static void __put_unused_fd(struct files_struct *files, unsigned int fd)
{
	__clear_bit(fd, files->fdt->open_fds);
	if (fd < files->next_fd)
		files->next_fd = fd;
}

/** put_unused_fd - gives a reserved descriptor back, without a file */
void put_unused_fd(unsigned int fd)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	__put_unused_fd(files, fd);
	spin_unlock(&files->file_lock);
}
EXPORT_SYMBOL(put_unused_fd);

/** fd_install - the reserved descriptor now means @file, whose reference it takes over */
void fd_install(unsigned int fd, struct file *file)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	BUG_ON(files->fdt->fd[fd]);
	rcu_assign_pointer(files->fdt->fd[fd], file);
	spin_unlock(&files->file_lock);
}
EXPORT_SYMBOL(fd_install);

/* ------------------------------------------------------------------ finding */

/* file_lock held, or the table is only ours. */
static inline struct file *file_at(struct files_struct *files, unsigned int fd)
{
	struct fdtable *fdt = files->fdt;

	return likely(fd < fdt->max_fds) ? fdt->fd[fd] : NULL;
}

/*
 * Without the lock. The file may be closed, and even another one be opened at this descriptor, between
 * our look and our reference; so look again once we have it. A count that is zero is on its way out of
 * the table, or the table is an old one: look again, too.
 */
static struct file *__fget_files(struct files_struct *files, unsigned int fd, fmode_t not_mode)
{
	struct fdtable *fdt;
	struct file *file;

again:
	rcu_read_lock();
	fdt = rcu_dereference(files->fdt);
	file = likely(fd < fdt->max_fds) ? rcu_dereference(fdt->fd[fd]) : NULL;
	if (!file || (file->f_mode & not_mode)) {
		rcu_read_unlock();
		return NULL;
	}
	if (unlikely(!get_file_rcu(file))) {
		rcu_read_unlock();
		goto again;
	}
	if (likely(rcu_access_pointer(files->fdt) == fdt && rcu_access_pointer(fdt->fd[fd]) == file)) {
		rcu_read_unlock();
		return file;
	}
	rcu_read_unlock();
	fput(file);
	goto again;
}

/** fget - the open file of a descriptor with a reference, or NULL. Not for O_PATH files */
struct file *fget(unsigned int fd)
{
	return __fget_files(current->files, fd, FMODE_PATH);
}
EXPORT_SYMBOL(fget);

struct file *fget_raw(unsigned int fd)
{
	return __fget_files(current->files, fd, 0);
}

/** fget_task - the same in another task's table, O_PATH files included */
struct file *fget_task(struct task_struct *task, unsigned int fd)
{
	struct files_struct *files = get_files_struct(task);
	struct file *file = NULL;

	if (files) {
		file = __fget_files(files, fd, 0);
		put_files_struct(files);
	}
	return file;
}

/** task_lookup_next_fd - the first open file at or after *@fd in a task's table; sets *@fd */
struct file *task_lookup_next_fd(struct task_struct *task, unsigned int *fd)
{
	struct files_struct *files = get_files_struct(task);
	struct file *file = NULL;

	if (!files)
		return NULL;
	spin_lock(&files->file_lock);
	for (; *fd < files->fdt->max_fds; ++*fd) {
		file = files->fdt->fd[*fd];
		if (file) {
			get_file(file);
			break;
		}
	}
	spin_unlock(&files->file_lock);
	put_files_struct(files);
	return file;
}

/*
 * fdget(): when the table is only ours the descriptor cannot be closed under us, since only we
 * could do that: then no reference is needed.
 */
static inline unsigned long fget_light(unsigned int fd, fmode_t not_mode)
{
	struct files_struct *files = current->files;
	struct file *file;

	/* Acquire: what those who shared the table before us did with it. */
	if (atomic_read_acquire(&files->count) == 1) {
		file = file_at(files, fd);
		if (!file || unlikely(file->f_mode & not_mode))
			return 0;
		return (unsigned long)file;
	}
	file = __fget_files(files, fd, not_mode);
	return file ? (unsigned long)file | FDPUT_FPUT : 0;
}

unsigned long __fdget(unsigned int fd)
{
	return fget_light(fd, FMODE_PATH);
}
EXPORT_SYMBOL(__fdget);

unsigned long __fdget_raw(unsigned int fd)
{
	return fget_light(fd, 0);
}

unsigned long __fdget_pos(unsigned int fd)
{
	unsigned long v = fget_light(fd, FMODE_PATH);
	struct file *file = (struct file *)(v & ~3UL);

	/* Shared with another process or thread: the position needs its lock. */
	if (file && (file->f_mode & FMODE_ATOMIC_POS) && file_count(file) > 1) {
		v |= FDPUT_POS_UNLOCK;
		mutex_lock(&file->f_pos_lock);
	}
	return v;
}

void __f_unlock_pos(struct file *file)
{
	mutex_unlock(&file->f_pos_lock);
}

void set_close_on_exec(unsigned int fd, int flag)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	if (fd < files->fdt->max_fds)
		__set_close_on_exec(files->fdt, fd, flag);
	spin_unlock(&files->file_lock);
}

bool get_close_on_exec(unsigned int fd)
{
	struct files_struct *files = current->files;
	bool res;

	spin_lock(&files->file_lock);
	res = fd < files->fdt->max_fds && test_bit(fd, files->fdt->close_on_exec);
	spin_unlock(&files->file_lock);
	return res;
}

/* ------------------------------------------------------------------ closing */

/* Takes a file out of the table; file_lock held. */
static struct file *pick_file(struct files_struct *files, unsigned int fd)
{
	struct file *file = file_at(files, fd);

	if (file) {
		rcu_assign_pointer(files->fdt->fd[fd], NULL);
		__put_unused_fd(files, fd);
	}
	return file;
}

/** close_fd - closes one of our descriptors; -EBADF, or what ->flush() says */
int close_fd(unsigned int fd)
{
	struct files_struct *files = current->files;
	struct file *file;

	spin_lock(&files->file_lock);
	file = pick_file(files, fd);
	spin_unlock(&files->file_lock);
	return file ? filp_close(file, files) : -EBADF;
}

SYSCALL_DEFINE1(close, unsigned int, fd)
{
	int ret = close_fd(fd);

	/* The descriptor is gone whatever ->flush() said: to close it again would be wrong. */
	if (ret == -ERESTARTSYS || ret == -ERESTARTNOINTR || ret == -ERESTARTNOHAND ||
	    ret == -ERESTART_RESTARTBLOCK)
		ret = -EINTR;
	return ret;
}

static void close_range(struct files_struct *files, unsigned int fd, unsigned int max_fd)
{
	struct file *file;

	spin_lock(&files->file_lock);
	for (;;) {
		max_fd = min(max_fd, files->fdt->max_fds - 1);
		if (fd > max_fd)
			break;
		file = pick_file(files, fd++);
		if (file) {
			spin_unlock(&files->file_lock);
			filp_close(file, files);
			cond_resched();
			spin_lock(&files->file_lock);
		}
	}
	spin_unlock(&files->file_lock);
}

SYSCALL_DEFINE3(close_range, unsigned int, fd, unsigned int, max_fd, unsigned int, flags)
{
	struct files_struct *files;
	int err;

	if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC))
		return -EINVAL;
	if (fd > max_fd)
		return -EINVAL;
	if (flags & CLOSE_RANGE_UNSHARE) {
		err = unshare_files();
		if (err)
			return err;
	}
	files = current->files;
	if (flags & CLOSE_RANGE_CLOEXEC) {
		spin_lock(&files->file_lock);
		max_fd = min(max_fd, files->fdt->max_fds - 1);
		if (fd <= max_fd)
			bitmap_set(files->fdt->close_on_exec, fd, max_fd - fd + 1);
		spin_unlock(&files->file_lock);
	} else {
		close_range(files, fd, max_fd);
	}
	return 0;
}

/** do_close_on_exec - exec: closes what is marked; the table is not shared */
void do_close_on_exec(struct files_struct *files)
{
	struct file *file;
	unsigned int fd;

	spin_lock(&files->file_lock);
	for (fd = 0;; fd++) {
		fd = find_next_bit(files->fdt->close_on_exec, files->fdt->max_fds, fd);
		if (fd >= files->fdt->max_fds)
			break;
		__clear_bit(fd, files->fdt->close_on_exec);
		file = pick_file(files, fd);
		if (!file)
			continue;
		spin_unlock(&files->file_lock);
		filp_close(file, files);
		spin_lock(&files->file_lock);
	}
	spin_unlock(&files->file_lock);
}

/* ------------------------------------------------------------------ dup */

/* Puts @file at a reserved or used descriptor; file_lock is held, and released. */
static int do_dup2(struct files_struct *files, struct file *file, unsigned int fd,
		   unsigned int flags)
{
	struct fdtable *fdt = files->fdt;
	struct file *old = fdt->fd[fd];

	/* Reserved by an open that is under way in another thread: not ours to take. */
	if (!old && test_bit(fd, fdt->open_fds)) {
		spin_unlock(&files->file_lock);
		return -EBUSY;
	}
	get_file(file);
	rcu_assign_pointer(fdt->fd[fd], file);
	__set_bit(fd, fdt->open_fds);
	__set_close_on_exec(fdt, fd, flags & O_CLOEXEC);
	spin_unlock(&files->file_lock);
	if (old)
		filp_close(old, files);
	return fd;
}

/** replace_fd - makes descriptor @fd mean @file, closing what it was; @file NULL: closes it */
int replace_fd(unsigned int fd, struct file *file, unsigned int flags)
{
	struct files_struct *files = current->files;
	int err;

	if (!file)
		return close_fd(fd);
	if (fd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	spin_lock(&files->file_lock);
	err = expand_files(files, fd);
	if (err < 0) {
		spin_unlock(&files->file_lock);
		return err;
	}
	return do_dup2(files, file, fd, flags);
}

/** f_dupfd - F_DUPFD: the lowest free descriptor from @from on gets one more reference on @file */
int f_dupfd(unsigned int from, struct file *file, unsigned int flags)
{
	unsigned long nofile = rlimit(RLIMIT_NOFILE);
	int fd;

	if (from >= nofile)
		return -EINVAL;
	fd = alloc_fd(from, min(nofile, (unsigned long)INT_MAX), flags);
	if (fd >= 0)
		fd_install(fd, get_file(file));
	return fd;
}

SYSCALL_DEFINE1(dup, unsigned int, fildes)
{
	struct file *file = fget_raw(fildes);
	int ret;

	if (!file)
		return -EBADF;
	ret = get_unused_fd_flags(0);
	if (ret >= 0)
		fd_install(ret, file);
	else
		fput(file);
	return ret;
}

SYSCALL_DEFINE3(dup3, unsigned int, oldfd, unsigned int, newfd, int, flags)
{
	struct files_struct *files = current->files;
	struct file *file;
	int err;

	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	if (oldfd == newfd)
		return -EINVAL;
	if (newfd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	spin_lock(&files->file_lock);
	err = expand_files(files, newfd);
	file = file_at(files, oldfd);
	if (!file || err < 0) {
		spin_unlock(&files->file_lock);
		return !file || err == -EMFILE ? -EBADF : err;
	}
	return do_dup2(files, file, newfd, flags);
}

/* ------------------------------------------------------------------ whole tables */

/* How many descriptors a copy needs: up to the last one in use and not above @max, by 64. */
static unsigned int count_open_files(struct fdtable *fdt, unsigned int max)
{
	unsigned int last = find_last_bit(fdt->open_fds, fdt->max_fds);

	if (last >= fdt->max_fds)
		return NR_OPEN_DEFAULT;		/* none at all */
	return round_up(min(last + 1, max), NR_OPEN_DEFAULT) ?: NR_OPEN_DEFAULT;
}

/**
 * dup_fd - a copy of a table for a new process
 * @max_fds: copies only descriptors below this, rounded up to 64
 *
 * Returns it with one user, or NULL and -ENOMEM in *@errorp.
 */
struct files_struct *dup_fd(struct files_struct *old, unsigned int max_fds, int *errorp)
{
	struct files_struct *new = kmem_cache_zalloc(files_cachep, GFP_KERNEL);
	struct fdtable *fdt;
	unsigned int count;
	unsigned long i;

	*errorp = -ENOMEM;
	if (!new)
		return NULL;
	atomic_set(&new->count, 1);
	spin_lock_init(&new->file_lock);
	new->fdtab = (struct fdtable){
		.max_fds = NR_OPEN_DEFAULT, .fd = new->fd_array,
		.close_on_exec = new->close_on_exec_init, .open_fds = new->open_fds_init,
	};
	fdt = &new->fdtab;

	spin_lock(&old->file_lock);
	while ((count = count_open_files(old->fdt, max_fds)) > fdt->max_fds) {
		spin_unlock(&old->file_lock);
		if (fdt != &new->fdtab)
			free_fdtable(fdt);
		fdt = alloc_fdtable(count);
		if (!fdt) {
			kmem_cache_free(files_cachep, new);
			return NULL;
		}
		spin_lock(&old->file_lock);
	}
	copy_fdtable(fdt, old->fdt, count);
	for_each_set_bit(i, fdt->open_fds, count) {
		if (fdt->fd[i])
			get_file(fdt->fd[i]);
		else
			__clear_bit(i, fdt->open_fds);	/* reserved by a sibling thread */
	}
	spin_unlock(&old->file_lock);
	new->next_fd = find_first_zero_bit(fdt->open_fds, fdt->max_fds);
	new->fdt = fdt;
	*errorp = 0;
	return new;
}

/** get_files_struct - a task's table with a reference, or NULL once the task has dropped it */
struct files_struct *get_files_struct(struct task_struct *task)
{
	struct files_struct *files;

	task_lock(task);
	files = task->files;
	if (files)
		atomic_inc(&files->count);
	task_unlock(task);
	return files;
}

/** put_files_struct - drops a reference; the last one closes all files. May sleep */
void put_files_struct(struct files_struct *files)
{
	struct fdtable *fdt;

	if (!atomic_dec_and_test(&files->count))
		return;
	fdt = files->fdt;
	for (unsigned int i = 0;; i++) {
		i = find_next_bit(fdt->open_fds, fdt->max_fds, i);
		if (i >= fdt->max_fds)
			break;
		if (fdt->fd[i])
			filp_close(fdt->fd[i], files);
		cond_resched();
	}
	if (fdt != &files->fdtab)
		free_fdtable(fdt);
	if (files != &init_files)
		kmem_cache_free(files_cachep, files);
}

void exit_files(struct task_struct *task)
{
	struct files_struct *files = task->files;

	if (!files)
		return;
	task_lock(task);
	task->files = NULL;
	task_unlock(task);
	put_files_struct(files);
}

/** unshare_fd - for unshare(2): a copy of a shared table in *@new_files, if CLONE_FILES is set */
int unshare_fd(unsigned long unshare_flags, unsigned int max_fds, struct files_struct **new_files)
{
	int err = 0;

	*new_files = NULL;
	if ((unshare_flags & CLONE_FILES) && current->files &&
	    atomic_read(&current->files->count) > 1)
		*new_files = dup_fd(current->files, max_fds, &err);
	return err;
}

/** unshare_files - gives the current task a table of its own, if it has to share it now */
int unshare_files(void)
{
	struct files_struct *old, *copy;
	int err = unshare_fd(CLONE_FILES, UINT_MAX, &copy);

	if (err || !copy)
		return err;
	old = current->files;
	task_lock(current);
	current->files = copy;
	task_unlock(current);
	put_files_struct(old);
	return 0;
}

void __init fdtable_init(void)
{
	files_cachep = kmem_cache_create("files_cache", sizeof(struct files_struct), 0,
					 SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
}
