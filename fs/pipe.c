// SPDX-License-Identifier: MIT
/*
 * Pipes and fifos: a ring of page buffers, one end writes, the other reads.
 *
 * pipe->mutex guards all of it, and is held while bytes are copied. A reader sleeps on rd_wait
 * while the ring is empty, a writer on wr_wait while it is full; each wakes the other side only
 * when it changes that (from empty, from full), so a stream that flows costs no wake-ups.
 *
 * A write of up to PIPE_BUF (a page) goes into one buffer, so nobody's bytes come between: either
 * it fits into the last buffer whole, or it gets a new one.
 */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pipe_fs_i.h>
#include <linux/poll.h>
#include <linux/pseudo_fs.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include <uapi/asm-generic/ioctls.h>
#include "internal.h"

#define PIPE_MAX_SIZE	(1024 * 1024)	/* bytes that F_SETPIPE_SZ gives to anybody */

static struct vfsmount *pipe_mnt;

/* ------------------------------------------------------------------ the ring */

struct pipe_inode_info *alloc_pipe_info(void)
{
	struct pipe_inode_info *pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);

	if (!pipe)
		return NULL;
	pipe->bufs = kcalloc(PIPE_DEF_BUFFERS, sizeof(*pipe->bufs), GFP_KERNEL);
	if (!pipe->bufs) {
		kfree(pipe);
		return NULL;
	}
	pipe->ring_size = PIPE_DEF_BUFFERS;
	mutex_init(&pipe->mutex);
	init_waitqueue_head(&pipe->rd_wait);
	init_waitqueue_head(&pipe->wr_wait);
	return pipe;
}

static inline struct pipe_buffer *pipe_buf(struct pipe_inode_info *pipe, unsigned int nr)
{
	return &pipe->bufs[nr & (pipe->ring_size - 1)];
}

void free_pipe_info(struct pipe_inode_info *pipe)
{
	for (unsigned int i = pipe->tail; i != pipe->head; i++)
		put_page(pipe_buf(pipe, i)->page);
	if (pipe->tmp_page)
		put_page(pipe->tmp_page);
	kfree(pipe->bufs);
	kfree(pipe);
}

/* A page for the next buffer: the one that was emptied last is still in the CPU's cache. */
static struct page *pipe_take_page(struct pipe_inode_info *pipe)
{
	struct page *page = pipe->tmp_page;

	if (!page)
		return alloc_page(GFP_HIGHUSER);
	pipe->tmp_page = NULL;
	return page;
}

static void pipe_give_page(struct pipe_inode_info *pipe, struct page *page)
{
	if (pipe->tmp_page)
		put_page(page);
	else
		pipe->tmp_page = page;
}

/* Without the mutex these are only hints, for the conditions of wait_event and poll. */
static inline bool pipe_has_data(const struct pipe_inode_info *pipe)
{
	return READ_ONCE(pipe->head) != READ_ONCE(pipe->tail);
}

static inline bool pipe_has_room(const struct pipe_inode_info *pipe)
{
	return !pipe_full(READ_ONCE(pipe->head), READ_ONCE(pipe->tail), READ_ONCE(pipe->ring_size));
}

static inline bool pipe_readable(const struct pipe_inode_info *pipe)
{
	return pipe_has_data(pipe) || !READ_ONCE(pipe->writers);
}

static inline bool pipe_writable(const struct pipe_inode_info *pipe)
{
	return pipe_has_room(pipe) || !READ_ONCE(pipe->readers);
}

static void wake_readers(struct pipe_inode_info *pipe)
{
	wake_up_interruptible_sync_poll(&pipe->rd_wait, EPOLLIN | EPOLLRDNORM);
}

static void wake_writers(struct pipe_inode_info *pipe)
{
	wake_up_interruptible_sync_poll(&pipe->wr_wait, EPOLLOUT | EPOLLWRNORM);
}

/* ------------------------------------------------------------------ reading */

/* Empties buffers into @to; returns the bytes, or -EFAULT if there were none. mutex held. */
static ssize_t drain(struct pipe_inode_info *pipe, struct iov_iter *to)
{
	ssize_t done = 0;

	while (iov_iter_count(to) && pipe->head != pipe->tail) {
		struct pipe_buffer *buf = pipe_buf(pipe, pipe->tail);
		size_t chars = min_t(size_t, buf->len, iov_iter_count(to));
		size_t copied = copy_page_to_iter(buf->page, buf->offset, chars, to);

		buf->offset += copied;
		buf->len -= copied;
		done += copied;
		if (copied < chars)
			return done ?: -EFAULT;
		if (!buf->len) {
			pipe_give_page(pipe, buf->page);
			buf->page = NULL;
			WRITE_ONCE(pipe->tail, pipe->tail + 1);
		}
	}
	return done;
}

static ssize_t pipe_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *filp = iocb->ki_filp;
	struct pipe_inode_info *pipe = filp->private_data;
	bool was_full;
	ssize_t ret;

	if (unlikely(!iov_iter_count(to)))
		return 0;
	mutex_lock(&pipe->mutex);
	for (;;) {
		was_full = !pipe_has_room(pipe);
		ret = drain(pipe, to);
		if (ret || !pipe->writers)
			break;
		if (filp->f_flags & O_NONBLOCK) {
			ret = -EAGAIN;
			break;
		}
		mutex_unlock(&pipe->mutex);
		/* An empty ring was not full: no writer waits for us. */
		if (wait_event_interruptible(pipe->rd_wait, pipe_readable(pipe)))
			return -ERESTARTSYS;
		mutex_lock(&pipe->mutex);
	}
	was_full = was_full && pipe_has_room(pipe);
	mutex_unlock(&pipe->mutex);
	if (was_full)
		wake_writers(pipe);
	if (ret > 0)
		file_accessed(filp);
	return ret;
}

/* ------------------------------------------------------------------ writing */

/* Into the rest of the last buffer. Bytes, 0 if not all of @from fits there, or -EFAULT. */
static ssize_t merge_into_last(struct pipe_inode_info *pipe, struct iov_iter *from)
{
	struct pipe_buffer *buf = pipe_buf(pipe, pipe->head - 1);
	size_t chars = iov_iter_count(from), end = buf->offset + buf->len, copied;

	if (pipe->head == pipe->tail || !(buf->flags & PIPE_BUF_FLAG_CAN_MERGE) ||
	    end + chars > PAGE_SIZE)
		return 0;
	copied = copy_page_from_iter(buf->page, end, chars, from);
	if (copied < chars) {
		/* All or nothing: the bytes that did come are not part of the buffer. */
		iov_iter_revert(from, copied);
		return -EFAULT;
	}
	buf->len += copied;
	return copied;
}

/* Into a new buffer, for which there is room. Bytes, or -ENOMEM, -EFAULT. */
static ssize_t fill_new_buffer(struct pipe_inode_info *pipe, struct iov_iter *from)
{
	struct page *page = pipe_take_page(pipe);
	struct pipe_buffer *buf = pipe_buf(pipe, pipe->head);
	size_t want = min_t(size_t, iov_iter_count(from), PAGE_SIZE), copied;

	if (!page)
		return -ENOMEM;
	copied = copy_page_from_iter(page, 0, want, from);
	if (!copied) {
		pipe_give_page(pipe, page);
		return -EFAULT;
	}
	buf->page = page;
	buf->offset = 0;
	buf->len = copied;
	buf->flags = PIPE_BUF_FLAG_CAN_MERGE;
	WRITE_ONCE(pipe->head, pipe->head + 1);
	return copied;
}

/* Waits, with the mutex dropped meanwhile, until there is room or nobody reads any more. */
static int wait_for_room(struct pipe_inode_info *pipe, bool *was_empty)
{
	int err;

	mutex_unlock(&pipe->mutex);
	if (*was_empty)
		wake_readers(pipe);
	err = wait_event_interruptible(pipe->wr_wait, pipe_writable(pipe));
	mutex_lock(&pipe->mutex);
	*was_empty = !pipe_has_data(pipe);
	return err;
}

static ssize_t pipe_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *filp = iocb->ki_filp;
	struct pipe_inode_info *pipe = filp->private_data;
	ssize_t ret = 0, n;
	bool was_empty;

	if (unlikely(!iov_iter_count(from)))
		return 0;
	mutex_lock(&pipe->mutex);
	was_empty = !pipe_has_data(pipe);
	while (iov_iter_count(from)) {
		if (!pipe->readers) {
			send_sig(SIGPIPE, current, 0);
			n = -EPIPE;
			goto stop;
		}
		n = ret ? 0 : merge_into_last(pipe, from);
		if (!n && pipe_has_room(pipe))
			n = fill_new_buffer(pipe, from);
		if (n > 0) {
			ret += n;
			continue;
		}
		if (!n)
			n = filp->f_flags & O_NONBLOCK ? -EAGAIN : wait_for_room(pipe, &was_empty);
		if (!n)
			continue;
stop:
		if (!ret)
			ret = n;
		break;
	}
	was_empty = (was_empty || pipe->poll_usage) && pipe_has_data(pipe);
	mutex_unlock(&pipe->mutex);
	if (was_empty)
		wake_readers(pipe);
	if (ret > 0 && filp->f_path.mnt != pipe_mnt)
		file_update_time(filp);
	return ret;
}

/* ------------------------------------------------------------------ the other operations */

static long pipe_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct pipe_inode_info *pipe = filp->private_data;
	int count = 0;

	if (cmd != FIONREAD)
		return -ENOIOCTLCMD;
	mutex_lock(&pipe->mutex);
	for (unsigned int i = pipe->tail; i != pipe->head; i++)
		count += pipe_buf(pipe, i)->len;
	mutex_unlock(&pipe->mutex);
	return copy_to_user((int __user *)arg, &count, sizeof(count)) ? -EFAULT : 0;
}

static __poll_t pipe_poll(struct file *filp, poll_table *wait)
{
	struct pipe_inode_info *pipe = filp->private_data;
	__poll_t mask = 0;

	/* Edge-triggered epoll is to hear of every write, not of the first alone. */
	WRITE_ONCE(pipe->poll_usage, true);
	if (filp->f_mode & FMODE_READ)
		poll_wait(filp, &pipe->rd_wait, wait);
	if (filp->f_mode & FMODE_WRITE)
		poll_wait(filp, &pipe->wr_wait, wait);
	if (filp->f_mode & FMODE_READ) {
		if (pipe_has_data(pipe))
			mask |= EPOLLIN | EPOLLRDNORM;
		/* A fifo that nobody has written to since our open is not at its end yet. */
		if (!READ_ONCE(pipe->writers) && filp->f_version != pipe->w_counter)
			mask |= EPOLLHUP;
	}
	if (filp->f_mode & FMODE_WRITE) {
		if (pipe_has_room(pipe))
			mask |= EPOLLOUT | EPOLLWRNORM;
		if (!READ_ONCE(pipe->readers))
			mask |= EPOLLERR;
	}
	return mask;
}

/* One file less refers to the pipe; the last one frees it. */
static void put_pipe_info(struct inode *inode, struct pipe_inode_info *pipe)
{
	bool last;

	spin_lock(&inode->i_lock);
	last = !--pipe->files;
	if (last)
		inode->i_pipe = NULL;
	spin_unlock(&inode->i_lock);
	if (last)
		free_pipe_info(pipe);
}

static int pipe_release(struct inode *inode, struct file *file)
{
	struct pipe_inode_info *pipe = file->private_data;

	mutex_lock(&pipe->mutex);
	if (file->f_mode & FMODE_READ)
		pipe->readers--;
	if (file->f_mode & FMODE_WRITE)
		pipe->writers--;
	/* The other side may wait for what will not come now. */
	if (!pipe->readers != !pipe->writers) {
		wake_up_interruptible_all(&pipe->rd_wait);
		wake_up_interruptible_all(&pipe->wr_wait);
	}
	mutex_unlock(&pipe->mutex);
	put_pipe_info(inode, pipe);
	return 0;
}

/* ------------------------------------------------------------------ fifos */

/* The pipe behind a fifo's inode, made with its first open; one more file refers to it. */
static struct pipe_inode_info *fifo_pipe(struct inode *inode)
{
	struct pipe_inode_info *pipe, *new = NULL;

	for (;;) {
		spin_lock(&inode->i_lock);
		pipe = inode->i_pipe ?: new;
		if (pipe) {
			inode->i_pipe = pipe;
			pipe->files++;
		}
		spin_unlock(&inode->i_lock);
		if (pipe)
			break;
		new = alloc_pipe_info();
		if (!new)
			return NULL;
	}
	if (new && new != pipe)
		free_pipe_info(new);
	return pipe;
}

/* Sleeps until the other side has been opened once more. mutex is dropped meanwhile. */
static int wait_for_partner(struct pipe_inode_info *pipe, wait_queue_head_t *wq,
			    unsigned int *counter)
{
	unsigned int old = *counter;
	int err;

	mutex_unlock(&pipe->mutex);
	err = wait_event_interruptible(*wq, READ_ONCE(*counter) != old);
	mutex_lock(&pipe->mutex);
	return err;
}

/*
 * Opening a fifo waits for the other side, as POSIX has it; with O_NONBLOCK a reader does not
 * wait and a writer without readers fails. A pipe's own files are reopened here too, by /proc.
 */
static int fifo_open(struct inode *inode, struct file *filp)
{
	struct pipe_inode_info *pipe = fifo_pipe(inode);
	bool nonblock = filp->f_flags & O_NONBLOCK, is_fifo = inode->i_sb != pipe_mnt->mnt_sb;
	int err = 0;

	if (!pipe)
		return -ENOMEM;
	filp->private_data = pipe;
	stream_open(inode, filp);
	filp->f_version = 0;

	mutex_lock(&pipe->mutex);
	if (filp->f_mode & FMODE_READ) {
		pipe->r_counter++;
		if (pipe->readers++ == 0)
			wake_up_interruptible_all(&pipe->wr_wait);
	}
	if (filp->f_mode & FMODE_WRITE) {
		if (nonblock && !pipe->readers) {
			err = -ENXIO;
			goto out;
		}
		pipe->w_counter++;
		if (pipe->writers++ == 0)
			wake_up_interruptible_all(&pipe->rd_wait);
	}
	if (!is_fifo)
		goto out;
	if ((filp->f_mode & (FMODE_READ | FMODE_WRITE)) == FMODE_READ && !pipe->writers) {
		if (nonblock)
			filp->f_version = pipe->w_counter; /* no hang-up before a writer came */
		else
			err = wait_for_partner(pipe, &pipe->rd_wait, &pipe->w_counter);
	} else if ((filp->f_mode & (FMODE_READ | FMODE_WRITE)) == FMODE_WRITE && !pipe->readers) {
		err = wait_for_partner(pipe, &pipe->wr_wait, &pipe->r_counter);
	}
	if (err) {
		/* A failed open is not followed by ->release(). */
		if (filp->f_mode & FMODE_READ)
			pipe->readers--;
		if (filp->f_mode & FMODE_WRITE)
			pipe->writers--;
	}
out:
	mutex_unlock(&pipe->mutex);
	if (err)
		put_pipe_info(inode, pipe);
	return err;
}

const struct file_operations pipefifo_fops = {
	.open		= fifo_open,
	.llseek		= no_llseek,
	.read_iter	= pipe_read,
	.write_iter	= pipe_write,
	.poll		= pipe_poll,
	.unlocked_ioctl	= pipe_ioctl,
	.release	= pipe_release,
};

/* ------------------------------------------------------------------ F_SETPIPE_SZ */

struct pipe_inode_info *get_pipe_info(struct file *file)
{
	return file->f_op == &pipefifo_fops ? file->private_data : NULL;
}

/* A ring of @nr buffers, a power of two; -EBUSY when more than that are full. mutex held. */
static int pipe_resize_ring(struct pipe_inode_info *pipe, unsigned int nr)
{
	unsigned int used = pipe_occupancy(pipe->head, pipe->tail);
	struct pipe_buffer *bufs;

	if (used > nr)
		return -EBUSY;
	bufs = kcalloc(nr, sizeof(*bufs), GFP_KERNEL | __GFP_NOWARN);
	if (!bufs)
		return -ENOMEM;
	for (unsigned int i = 0; i < used; i++)
		bufs[i] = *pipe_buf(pipe, pipe->tail + i);
	kfree(pipe->bufs);
	pipe->bufs = bufs;
	pipe->ring_size = nr;
	pipe->tail = 0;
	pipe->head = used;
	return 0;
}

static long pipe_set_size(struct pipe_inode_info *pipe, unsigned long arg)
{
	unsigned long nr;
	int err;

	if (!arg || arg > INT_MAX)
		return -EINVAL;
	nr = roundup_pow_of_two((arg + PAGE_SIZE - 1) >> PAGE_SHIFT);
	if (nr * PAGE_SIZE > PIPE_MAX_SIZE && !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	err = pipe_resize_ring(pipe, nr);
	if (err)
		return err;
	wake_up_interruptible(&pipe->wr_wait);	/* it may be full no more */
	return pipe->ring_size * PAGE_SIZE;
}

long pipe_fcntl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pipe_inode_info *pipe = get_pipe_info(file);
	long ret;

	if (!pipe)
		return -EBADF;
	mutex_lock(&pipe->mutex);
	ret = cmd == F_SETPIPE_SZ ? pipe_set_size(pipe, arg) : pipe->ring_size * PAGE_SIZE;
	mutex_unlock(&pipe->mutex);
	return ret;
}

/* ------------------------------------------------------------------ pipe2 */

static struct inode *get_pipe_inode(void)
{
	struct inode *inode = new_inode_pseudo(pipe_mnt->mnt_sb);
	struct pipe_inode_info *pipe;

	if (!inode)
		return NULL;
	pipe = alloc_pipe_info();
	if (!pipe) {
		iput(inode);
		return NULL;
	}
	pipe->files = 2;
	pipe->readers = pipe->writers = 1;
	pipe->r_counter = pipe->w_counter = 1;
	inode->i_ino = get_next_ino();
	inode->i_pipe = pipe;
	inode->i_fop = &pipefifo_fops;
	inode->i_mode = S_IFIFO | S_IRUSR | S_IWUSR;
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_flags |= S_NOATIME;
	/* As if dirty already: it never goes onto a list of inodes to be written. */
	inode->i_state = I_DIRTY;
	return inode;
}

/** create_pipe_files - a new pipe: res[0] reads, res[1] writes; @flags: O_NONBLOCK, O_DIRECT */
int create_pipe_files(struct file **res, int flags)
{
	struct inode *inode = get_pipe_inode();
	struct file *f;

	if (!inode)
		return -ENFILE;
	f = alloc_file_pseudo(inode, pipe_mnt, "", O_WRONLY | (flags & O_NONBLOCK), &pipefifo_fops);
	if (IS_ERR(f)) {
		free_pipe_info(inode->i_pipe);
		iput(inode);
		return PTR_ERR(f);
	}
	f->private_data = inode->i_pipe;
	res[0] = alloc_file_clone(f, O_RDONLY | (flags & O_NONBLOCK), &pipefifo_fops);
	if (IS_ERR(res[0])) {
		put_pipe_info(inode, inode->i_pipe);
		fput(f);
		return PTR_ERR(res[0]);
	}
	res[0]->private_data = inode->i_pipe;
	res[1] = f;
	for (int i = 0; i < 2; i++) {
		stream_open(inode, res[i]);
		res[i]->f_version = 0;
	}
	return 0;
}

/** do_pipe_flags - pipe2(2) for the kernel: two descriptors, in use already */
int do_pipe_flags(int *fd, int flags)
{
	struct file *files[2];
	int err, r, w;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;		/* O_DIRECT's packets are not there */
	err = create_pipe_files(files, flags);
	if (err)
		return err;
	err = r = get_unused_fd_flags(flags);
	if (r < 0)
		goto out_files;
	err = w = get_unused_fd_flags(flags);
	if (w < 0)
		goto out_fd;
	fd_install(r, files[0]);
	fd_install(w, files[1]);
	fd[0] = r;
	fd[1] = w;
	return 0;
out_fd:
	put_unused_fd(r);
out_files:
	fput(files[0]);
	fput(files[1]);
	return err;
}

SYSCALL_DEFINE2(pipe2, int __user *, fildes, int, flags)
{
	int fd[2];
	int err = do_pipe_flags(fd, flags);

	if (err)
		return err;
	if (copy_to_user(fildes, fd, sizeof(fd))) {
		close_fd(fd[0]);
		close_fd(fd[1]);
		return -EFAULT;
	}
	return 0;
}

/* ------------------------------------------------------------------ pipefs */

static char *pipefs_dname(struct dentry *dentry, char *buffer, int buflen)
{
	return dynamic_dname(buffer, buflen, "pipe:[%lu]", d_inode(dentry)->i_ino);
}

static const struct dentry_operations pipefs_dentry_operations = {
	.d_dname	= pipefs_dname,
};

static const struct super_operations pipefs_ops = {
	.statfs		= simple_statfs,
};

static int pipefs_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, PIPEFS_MAGIC);

	if (!ctx)
		return -ENOMEM;
	ctx->ops = &pipefs_ops;
	ctx->dops = &pipefs_dentry_operations;
	return 0;
}

static struct file_system_type pipe_fs_type = {
	.name		= "pipefs",
	.init_fs_context = pipefs_init_fs_context,
	.kill_sb	= kill_anon_super,
};

static int __init init_pipe_fs(void)
{
	int err = register_filesystem(&pipe_fs_type);

	if (err)
		return err;
	pipe_mnt = kern_mount(&pipe_fs_type);
	return PTR_ERR_OR_ZERO(pipe_mnt);
}
fs_initcall(init_pipe_fs);
