// SPDX-License-Identifier: MIT
/*
 * From one file to another without a detour through the program: sendfile and copy_file_range.
 *
 * The bytes go through one kernel page at a time. What was read but could not be written is not
 * lost: the position of the input moves only by what arrived.
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "internal.h"

static ssize_t page_rw(struct file *file, void *page, size_t len, loff_t *pos, bool write)
{
	struct kvec vec = { .iov_base = page, .iov_len = len };
	struct iov_iter iter;

	iov_iter_kvec(&iter, write ? ITER_SOURCE : ITER_DEST, &vec, 1, len);
	return write ? vfs_iter_write(file, &iter, pos, 0) : vfs_iter_read(file, &iter, pos, 0);
}

/**
 * generic_file_splice_read - for ->splice_read(): bytes of a file into a pipe, as many pages as it has room for
 *
 * The pipe's mutex is held by the caller, who also wakes its readers. What was moved, 0 at the end of the file, or an
 * error if nothing was; -EAGAIN: the pipe is full.
 */
ssize_t generic_file_splice_read(struct file *in, loff_t *ppos, struct pipe_inode_info *pipe, size_t len,
				 unsigned int flags)
{
	ssize_t done = 0, n = -EAGAIN;

	lockdep_assert_held(&pipe->mutex);
	while (len && !pipe_full(pipe->head, pipe->tail, pipe->ring_size)) {
		struct page *page = alloc_page(GFP_USER);

		n = page ? page_rw(in, page_address(page), min(len, PAGE_SIZE), ppos, false) : -ENOMEM;
		if (n <= 0) {
			if (page)
				put_page(page);
			break;
		}
		pipe->bufs[pipe->head++ & (pipe->ring_size - 1)] = (struct pipe_buffer){ .page = page, .len = n };
		done += n;
		len -= n;
	}
	return done ?: n;
}
EXPORT_SYMBOL(generic_file_splice_read);

/* Writes all of a page, in as many goes as it takes. What arrived, or an error if nothing did. */
static ssize_t write_all(struct file *out, char *page, size_t len, loff_t *out_pos)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = page_rw(out, page + done, len - done, out_pos, true);

		if (n <= 0)
			return done ?: n;
		done += n;
	}
	return done;
}

/*
 * Copies up to @count bytes. Stops at the end of the input, at a short write, and between pages
 * for a signal. Both positions are moved by what was copied.
 */
static ssize_t copy_between(struct file *in, loff_t *in_pos, struct file *out, loff_t *out_pos,
			    size_t count)
{
	char *page = (char *)__get_free_page(GFP_KERNEL);
	ssize_t total = 0, n = 0, w;

	if (!page)
		return -ENOMEM;
	while (count) {
		loff_t pos = *in_pos;

		n = page_rw(in, page, min_t(size_t, count, PAGE_SIZE), &pos, false);
		if (n <= 0)
			break;
		w = write_all(out, page, n, out_pos);
		if (w > 0) {
			*in_pos += w;
			total += w;
			count -= w;
		}
		if (w < n) {
			n = w < 0 ? w : 0;
			break;
		}
		if (signal_pending(current)) {
			n = -EINTR;
			break;
		}
		cond_resched();
	}
	free_page((unsigned long)page);
	return total ?: n;
}

static ssize_t do_sendfile(int out_fd, int in_fd, loff_t *ppos, size_t count)
{
	struct fd in, out;
	loff_t pos, *out_pos;
	ssize_t ret = -EBADF;

	in = fdget(in_fd);
	if (!in.file)
		return -EBADF;
	out = fdget(out_fd);
	if (!out.file)
		goto out_in;
	if (!(in.file->f_mode & FMODE_READ) || !(out.file->f_mode & FMODE_WRITE))
		goto out_out;
	ret = -ESPIPE;
	if (ppos && !(in.file->f_mode & FMODE_PREAD))
		goto out_out;
	ret = -EINVAL;
	if (out.file->f_flags & O_APPEND)
		goto out_out;
	/* From a file that can be read again only: what a full output refuses must not be lost. */
	if (!S_ISREG(file_inode(in.file)->i_mode) && !S_ISBLK(file_inode(in.file)->i_mode))
		goto out_out;
	if (!in.file->f_op->read_iter || !out.file->f_op->write_iter)
		goto out_out;
	count = min_t(size_t, count, MAX_RW_COUNT);
	pos = ppos ? *ppos : in.file->f_pos;
	ret = rw_verify_area(READ, in.file, &pos, count);
	if (ret)
		goto out_out;

	out_pos = (out.file->f_mode & FMODE_STREAM) ? NULL : &out.file->f_pos;
	ret = copy_between(in.file, &pos, out.file, out_pos, count);
	if (ppos)
		*ppos = pos;
	else
		in.file->f_pos = pos;
out_out:
	fdput(out);
out_in:
	fdput(in);
	return ret;
}

SYSCALL_DEFINE4(sendfile, int, out_fd, int, in_fd, loff_t __user *, offset, size_t, count)
{
	loff_t pos;
	ssize_t ret;

	if (!offset)
		return do_sendfile(out_fd, in_fd, NULL, count);
	if (copy_from_user(&pos, offset, sizeof(pos)))
		return -EFAULT;
	ret = do_sendfile(out_fd, in_fd, &pos, count);
	if (copy_to_user(offset, &pos, sizeof(pos)))
		return -EFAULT;
	return ret;
}

/* May it be done? @len is cut to what there is. */
static ssize_t copy_range_checks(struct file *in, loff_t pos_in, struct file *out, loff_t pos_out,
				 size_t *len)
{
	struct inode *inode_in = file_inode(in), *inode_out = file_inode(out);
	loff_t left;
	ssize_t ret;

	if (S_ISDIR(inode_in->i_mode) || S_ISDIR(inode_out->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode_in->i_mode) || !S_ISREG(inode_out->i_mode))
		return -EINVAL;
	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE) || (out->f_flags & O_APPEND))
		return -EBADF;
	ret = rw_verify_area(READ, in, &pos_in, *len);
	if (!ret)
		ret = rw_verify_area(WRITE, out, &pos_out, *len);
	if (ret)
		return ret;
	if (inode_in->i_sb != inode_out->i_sb)
		return -EXDEV;
	left = max_t(loff_t, i_size_read(inode_in) - pos_in, 0);
	*len = min_t(loff_t, *len, left);
	/* Not onto itself. */
	if (inode_in == inode_out && pos_out + (loff_t)*len > pos_in &&
	    pos_out < pos_in + (loff_t)*len)
		return -EINVAL;
	return 0;
}

SYSCALL_DEFINE6(copy_file_range, int, fd_in, loff_t __user *, off_in, int, fd_out,
		loff_t __user *, off_out, size_t, len, unsigned int, flags)
{
	struct fd in = fdget(fd_in), out = { };
	loff_t pos_in, pos_out;
	ssize_t ret = -EBADF;

	if (!in.file)
		return ret;
	out = fdget(fd_out);
	if (!out.file)
		goto out_in;
	ret = -EFAULT;
	pos_in = in.file->f_pos;
	pos_out = out.file->f_pos;
	if (off_in && copy_from_user(&pos_in, off_in, sizeof(pos_in)))
		goto out_out;
	if (off_out && copy_from_user(&pos_out, off_out, sizeof(pos_out)))
		goto out_out;
	ret = -EINVAL;
	if (flags)
		goto out_out;
	len = min_t(size_t, len, MAX_RW_COUNT);
	ret = copy_range_checks(in.file, pos_in, out.file, pos_out, &len);
	if (ret)
		goto out_out;
	ret = copy_between(in.file, &pos_in, out.file, &pos_out, len);
	if (ret > 0) {
		if (!off_in)
			in.file->f_pos = pos_in;
		else if (copy_to_user(off_in, &pos_in, sizeof(pos_in)))
			ret = -EFAULT;
		if (!off_out)
			out.file->f_pos = pos_out;
		else if (copy_to_user(off_out, &pos_out, sizeof(pos_out)))
			ret = -EFAULT;
	}
out_out:
	fdput(out);
out_in:
	fdput(in);
	return ret;
}
