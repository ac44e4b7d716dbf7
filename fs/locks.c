// SPDX-License-Identifier: MIT
/*
 * Advisory locks: flock(2) on whole files, fcntl(2) on ranges of bytes.
 *
 * An inode that was ever locked has a file_lock_context with two lists; its lock guards them. A
 * lock belongs to an owner: the open file for flock and F_OFD_ locks, the table of descriptors
 * (that is, the process) for the others. Who is refused and wants to wait sleeps on the context's
 * queue, which every release wakes.
 *
 * blocked_list has the processes that wait for a range, and whose lock is in their way, so that one
 * who would close a circle is refused instead (EDEADLK). blocked_lock_lock guards it, inside a
 * context's lock. A release forgets what the waiters of its context wait for, as they look again.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/wait.h>

struct file_lock {
	struct list_head	list;
	void			*owner;
	int			type;		/* F_RDLCK or F_WRLCK */
	loff_t			start, end;	/* bytes, both inclusive; flock: the whole file */
	pid_t			pid;
};

struct file_lock_context {
	spinlock_t		lock;
	struct list_head	flocks;		/* lock guards these */
	struct list_head	ranges;		/* those of one owner do not overlap */
	wait_queue_head_t	wait;
};

/* A process that waits for a range. */
struct blocked {
	struct list_head	list;
	struct file_lock_context *ctx;
	void			*owner;		/* the process: its table of descriptors */
	void			*blocker;	/* whose lock is in the way; NULL: looks again */
};

static LIST_HEAD(blocked_list);
static DEFINE_SPINLOCK(blocked_lock_lock);

/* How long a chain of waiters is followed. */
#define MAX_DEADLK_ITERATIONS	10

/* The context, made by the first who locks. NULL: no memory, or (without @create) no locks. */
static struct file_lock_context *lock_context(struct inode *inode, bool create)
{
	struct file_lock_context *ctx = smp_load_acquire(&inode->i_flctx), *new;

	if (ctx || !create)
		return ctx;
	new = kmalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return NULL;
	spin_lock_init(&new->lock);
	INIT_LIST_HEAD(&new->flocks);
	INIT_LIST_HEAD(&new->ranges);
	init_waitqueue_head(&new->wait);
	ctx = cmpxchg(&inode->i_flctx, NULL, new);
	if (ctx)
		kfree(new);
	return ctx ?: new;
}

void locks_free_lock_context(struct inode *inode)
{
	kfree(inode->i_flctx);
	inode->i_flctx = NULL;
}

/* The lock of another owner that stands in the way of @fl, or NULL. ctx->lock held. */
static struct file_lock *find_conflict(struct list_head *head, const struct file_lock *fl)
{
	struct file_lock *p;

	list_for_each_entry(p, head, list) {
		if (p->owner == fl->owner || p->start > fl->end || fl->start > p->end)
			continue;
		if (p->type == F_WRLCK || fl->type == F_WRLCK)
			return p;
	}
	return NULL;
}

/* Something may be free now. ctx->lock held: whoever looks after this sees what was changed. */
static void wake_blocked(struct file_lock_context *ctx)
{
	struct blocked *p;

	lockdep_assert_held(&ctx->lock);
	spin_lock(&blocked_lock_lock);
	list_for_each_entry(p, &blocked_list, list)
		if (p->ctx == ctx)
			p->blocker = NULL;
	spin_unlock(&blocked_lock_lock);
	wake_up_all(&ctx->wait);
}

static struct blocked *what_owner_is_waiting_for(void *owner)
{
	struct blocked *p;

	list_for_each_entry(p, &blocked_list, list)
		if (p->owner == owner && p->blocker)
			return p;
	return NULL;
}

/* Does who is in the way wait for me, perhaps over others? blocked_lock_lock held. */
static bool posix_locks_deadlock(struct blocked *me)
{
	struct blocked *p = me;

	for (int i = 0; p && i < MAX_DEADLK_ITERATIONS; i++) {
		if (p->blocker == me->owner)
			return true;
		p = what_owner_is_waiting_for(p->blocker);
	}
	return false;
}

static struct file_lock *new_lock(const struct file_lock *model)
{
	struct file_lock *fl = kmalloc(sizeof(*fl), GFP_KERNEL);

	if (fl)
		*fl = *model;
	return fl;
}

/*
 * Takes [start, end] away from the owner's locks: those inside go onto @dead, those at the edge
 * are cut, and one around it is split, for which *@spare is used. ctx->lock held.
 */
static void carve(struct list_head *head, const struct file_lock *fl, struct file_lock **spare,
		  struct list_head *dead)
{
	struct file_lock *p, *next;

	list_for_each_entry_safe(p, next, head, list) {
		if (p->owner != fl->owner || p->start > fl->end || fl->start > p->end)
			continue;
		if (p->start >= fl->start && p->end <= fl->end) {
			list_move(&p->list, dead);
		} else if (p->start < fl->start && p->end > fl->end) {
			struct file_lock *tail = *spare;

			*spare = NULL;
			*tail = *p;
			tail->start = fl->end + 1;
			p->end = fl->start - 1;
			list_add(&tail->list, &p->list);
		} else if (p->start < fl->start) {
			p->end = fl->start - 1;
		} else {
			p->start = fl->end + 1;
		}
	}
}

static void free_locks(struct list_head *dead)
{
	struct file_lock *p, *next;

	list_for_each_entry_safe(p, next, dead, list)
		kfree(p);
}

/* Puts a lock among the others, in the order of their starts. */
static void insert_lock(struct list_head *head, struct file_lock *new)
{
	struct file_lock *p;

	list_for_each_entry(p, head, list)
		if (p->start > new->start)
			break;
	list_add_tail(&new->list, &p->list);
}

/* @new takes in its owner's neighbours of the same kind: they become one with it in carve(). */
static void join_neighbours(struct list_head *head, struct file_lock *new)
{
	loff_t start = new->start, end = new->end;
	struct file_lock *p;

	list_for_each_entry(p, head, list) {
		if (p->owner != new->owner || p->type != new->type ||
		    (end < MAX_LFS_FILESIZE && p->start > end + 1) || (start > 0 && p->end < start - 1))
			continue;
		new->start = min(new->start, p->start);
		new->end = max(new->end, p->end);
	}
}

/* One try to set or, with F_UNLCK, remove a lock. -EAGAIN: another's is in the way. */
static int try_lock(struct file_lock_context *ctx, struct list_head *head,
		    const struct file_lock *fl)
{
	struct file_lock *new = NULL, *spare;
	LIST_HEAD(dead);
	int err = -EAGAIN;

	/* All memory is had before the lock is taken: then nothing can fail half-way. */
	spare = new_lock(fl);
	if (fl->type != F_UNLCK)
		new = new_lock(fl);
	if (!spare || (fl->type != F_UNLCK && !new)) {
		kfree(spare);
		kfree(new);
		return -ENOMEM;
	}
	spin_lock(&ctx->lock);
	if (fl->type == F_UNLCK || !find_conflict(head, fl)) {
		if (new)
			join_neighbours(head, new);
		carve(head, new ?: fl, &spare, &dead);
		if (new)
			insert_lock(head, new);
		new = NULL;
		err = 0;
		/* Something may have become free, also by a write lock turning into a read lock. */
		wake_blocked(ctx);
	}
	spin_unlock(&ctx->lock);
	kfree(spare);
	kfree(new);
	free_locks(&dead);
	return err;
}

/*
 * Is it time to try again? @me is a process that waits, on blocked_list, or NULL. When waiting would
 * close a circle, @me->ctx becomes NULL.
 */
static bool may_try_again(struct file_lock_context *ctx, struct list_head *head,
			  const struct file_lock *fl, struct blocked *me)
{
	struct file_lock *conflict;

	spin_lock(&ctx->lock);
	conflict = find_conflict(head, fl);
	if (conflict && me) {
		spin_lock(&blocked_lock_lock);
		me->blocker = conflict->owner;
		if (posix_locks_deadlock(me)) {
			me->blocker = NULL;
			me->ctx = NULL;
			conflict = NULL;
		}
		spin_unlock(&blocked_lock_lock);
	}
	spin_unlock(&ctx->lock);
	return !conflict;
}

static noinline void set_blocked(struct blocked *me, bool blocked)
{
	spin_lock(&blocked_lock_lock);
	if (blocked)
		list_add(&me->list, &blocked_list);
	else
		list_del(&me->list);
	spin_unlock(&blocked_lock_lock);
}

static int wait_for_lock(struct file_lock_context *ctx, struct list_head *head,
			 const struct file_lock *fl)
{
	struct blocked me = { .ctx = ctx, .owner = fl->owner };
	/* An open file is nobody who could be asked what else he waits for. */
	struct blocked *process = fl->owner == current->files ? &me : NULL;
	int err;

	if (process)
		set_blocked(process, true);
	err = wait_event_interruptible(ctx->wait, may_try_again(ctx, head, fl, process));
	if (process)
		set_blocked(process, false);
	return err ?: me.ctx ? 0 : -EDEADLK;
}

static int set_lock(struct file_lock_context *ctx, struct list_head *head,
		    const struct file_lock *fl, bool wait)
{
	int err;

	while ((err = try_lock(ctx, head, fl)) == -EAGAIN && wait) {
		err = wait_for_lock(ctx, head, fl);
		if (err)
			break;
	}
	return err;
}

/* All locks of an owner go but those of a type, -1: none. Needs no memory, so that it cannot fail. */
static bool remove_owner(struct file_lock_context *ctx, struct list_head *head, void *owner,
			 int keep)
{
	struct file_lock *p, *next;
	bool kept = false;
	LIST_HEAD(dead);

	spin_lock(&ctx->lock);
	list_for_each_entry_safe(p, next, head, list) {
		if (p->owner != owner)
			continue;
		if (p->type == keep)
			kept = true;
		else
			list_move(&p->list, &dead);
	}
	if (!list_empty(&dead))
		wake_blocked(ctx);
	spin_unlock(&ctx->lock);
	free_locks(&dead);
	return kept;
}

/* ------------------------------------------------------------------ flock */

SYSCALL_DEFINE2(flock, unsigned int, fd, unsigned int, cmd)
{
	struct fd f = fdget(fd);
	struct file_lock_context *ctx;
	struct file_lock fl = { .end = MAX_LFS_FILESIZE };
	int err;

	if (!f.file)
		return -EBADF;
	err = 0;
	switch (cmd & ~LOCK_NB) {
	case LOCK_SH:
		fl.type = F_RDLCK;
		break;
	case LOCK_EX:
		fl.type = F_WRLCK;
		break;
	case LOCK_UN:
		fl.type = F_UNLCK;
		break;
	default:
		err = -EINVAL;
	}
	if (!err && fl.type != F_UNLCK && !(f.file->f_mode & (FMODE_READ | FMODE_WRITE)))
		err = -EBADF;
	if (err)
		goto out;
	fl.owner = f.file;
	ctx = lock_context(file_inode(f.file), fl.type != F_UNLCK);
	if (!ctx) {
		err = fl.type == F_UNLCK ? 0 : -ENOLCK;
	} else if (!remove_owner(ctx, &ctx->flocks, fl.owner, fl.type) && fl.type != F_UNLCK) {
		/* Another kind is held no more: or two who share would wait for each other to lock it alone. */
		err = set_lock(ctx, &ctx->flocks, &fl, !(cmd & LOCK_NB));
	}
out:
	fdput(f);
	return err == -EAGAIN ? -EWOULDBLOCK : err;
}

/* ------------------------------------------------------------------ fcntl */

/* From the program's idea of a range to first and last byte. */
static int range_of(struct file *filp, const struct flock *l, struct file_lock *fl)
{
	loff_t start;

	switch (l->l_whence) {
	case SEEK_SET:
		start = 0;
		break;
	case SEEK_CUR:
		start = filp->f_pos;
		break;
	case SEEK_END:
		start = i_size_read(file_inode(filp));
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(start, l->l_start, &start))
		return -EOVERFLOW;
	if (start < 0)
		return -EINVAL;
	fl->start = start;
	fl->end = MAX_LFS_FILESIZE;
	if (l->l_len > 0) {
		if (__builtin_add_overflow(start, l->l_len - 1, &fl->end))
			return -EOVERFLOW;
	} else if (l->l_len < 0) {
		if (start + l->l_len < 0)
			return -EINVAL;
		fl->end = start - 1;
		fl->start = start + l->l_len;
	}
	return 0;
}

static int make_lock(struct file *filp, unsigned int cmd, const struct flock *l,
		     struct file_lock *fl)
{
	bool ofd = cmd == F_OFD_GETLK || cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW;

	if (l->l_type != F_RDLCK && l->l_type != F_WRLCK && l->l_type != F_UNLCK)
		return -EINVAL;
	if (ofd && l->l_pid)
		return -EINVAL;
	fl->type = l->l_type;
	fl->owner = ofd ? (void *)filp : (void *)current->files;
	fl->pid = ofd ? -1 : current->tgid;
	return range_of(filp, l, fl);
}

int fcntl_getlk(struct file *filp, unsigned int cmd, struct flock *flock)
{
	struct file_lock_context *ctx;
	struct file_lock fl, *p;
	int err;

	if (flock->l_type != F_RDLCK && flock->l_type != F_WRLCK)
		return -EINVAL;
	err = make_lock(filp, cmd, flock, &fl);
	if (err)
		return err;
	flock->l_type = F_UNLCK;
	ctx = lock_context(file_inode(filp), false);
	if (!ctx)
		return 0;
	spin_lock(&ctx->lock);
	p = find_conflict(&ctx->ranges, &fl);
	if (p) {
		flock->l_type = p->type;
		flock->l_whence = SEEK_SET;
		flock->l_start = p->start;
		flock->l_len = p->end == MAX_LFS_FILESIZE ? 0 : p->end - p->start + 1;
		flock->l_pid = p->pid;
	}
	spin_unlock(&ctx->lock);
	return 0;
}

int fcntl_setlk(unsigned int fd, struct file *filp, unsigned int cmd, struct flock *flock)
{
	struct file_lock_context *ctx;
	struct file_lock fl;
	struct file *now;
	int err;

	err = make_lock(filp, cmd, flock, &fl);
	if (err)
		return err;
	if (fl.type == F_RDLCK && !(filp->f_mode & FMODE_READ))
		return -EBADF;
	if (fl.type == F_WRLCK && !(filp->f_mode & FMODE_WRITE))
		return -EBADF;
	ctx = lock_context(file_inode(filp), fl.type != F_UNLCK);
	if (!ctx)
		return fl.type == F_UNLCK ? 0 : -ENOLCK;
	err = set_lock(ctx, &ctx->ranges, &fl, cmd == F_SETLKW || cmd == F_OFD_SETLKW);
	if (err || fl.type == F_UNLCK || fl.owner == filp)
		return err;
	/* Another thread may have closed it while we waited: then nobody would unlock. */
	now = fget(fd);
	if (now != filp) {
		fl.type = F_UNLCK;
		set_lock(ctx, &ctx->ranges, &fl, false);
		err = -EBADF;
	}
	if (now)
		fput(now);
	return err;
}

/* ------------------------------------------------------------------ closing */

/* A descriptor is closed: POSIX takes away all locks of the process on that file. */
void locks_remove_posix(struct file *filp, void *owner)
{
	struct file_lock_context *ctx = lock_context(file_inode(filp), false);

	if (ctx && owner)
		remove_owner(ctx, &ctx->ranges, owner, -1);
}

/* The last reference on an open file is gone, and with it the locks that belong to it. */
void locks_remove_file(struct file *filp)
{
	struct file_lock_context *ctx = lock_context(file_inode(filp), false);

	if (!ctx)
		return;
	remove_owner(ctx, &ctx->flocks, filp, -1);
	remove_owner(ctx, &ctx->ranges, filp, -1);
}
