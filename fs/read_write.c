// SPDX-License-Identifier: MIT
/*
 * read, write and lseek in all their forms.
 *
 * Each form ends in vfs_read()/vfs_write() for one buffer or do_iter_rw() for several, which check
 * and then call the file's ->read_iter() or ->read(). A file's own position is used under
 * f_pos_lock when the file is shared (fdget_pos()); the p-forms bring a position of their own.
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "internal.h"

/* ------------------------------------------------------------------ lseek */

loff_t vfs_setpos(struct file *file, loff_t offset, loff_t maxsize)
{
	if (offset < 0 || offset > maxsize)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}
EXPORT_SYMBOL(vfs_setpos);

/** generic_file_llseek_size - lseek for a file of size @eof that may grow to @maxsize bytes */
loff_t generic_file_llseek_size(struct file *file, loff_t offset, int whence, loff_t maxsize,
				loff_t eof)
{
	switch (whence) {
	case SEEK_END:
		if (__builtin_add_overflow(offset, eof, &offset))
			return -EOVERFLOW;
		break;
	case SEEK_CUR:
		if (offset == 0)
			return file->f_pos;
		if (__builtin_add_overflow(offset, file->f_pos, &offset))
			return -EOVERFLOW;
		break;
	case SEEK_DATA:		/* no holes are told of: all is data up to the end */
		if ((u64)offset >= (u64)eof)
			return -ENXIO;
		break;
	case SEEK_HOLE:
		if ((u64)offset >= (u64)eof)
			return -ENXIO;
		offset = eof;
		break;
	}
	return vfs_setpos(file, offset, maxsize);
}
EXPORT_SYMBOL(generic_file_llseek_size);

loff_t generic_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file->f_mapping->host;

	return generic_file_llseek_size(file, offset, whence, inode->i_sb->s_maxbytes,
					i_size_read(inode));
}
EXPORT_SYMBOL(generic_file_llseek);

loff_t fixed_size_llseek(struct file *file, loff_t offset, int whence, loff_t size)
{
	if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END)
		return -EINVAL;
	return generic_file_llseek_size(file, offset, whence, size, size);
}
EXPORT_SYMBOL(fixed_size_llseek);

loff_t default_llseek(struct file *file, loff_t offset, int whence)
{
	return generic_file_llseek_size(file, offset, whence, MAX_LFS_FILESIZE,
					i_size_read(file_inode(file)));
}
EXPORT_SYMBOL(default_llseek);

/** noop_llseek - seeking succeeds and does nothing: for a device whose position means nothing */
loff_t noop_llseek(struct file *file, loff_t offset, int whence)
{
	return file->f_pos;
}
EXPORT_SYMBOL(noop_llseek);

loff_t no_llseek(struct file *file, loff_t offset, int whence)
{
	return -ESPIPE;
}
EXPORT_SYMBOL(no_llseek);

loff_t vfs_llseek(struct file *file, loff_t offset, int whence)
{
	if (!(file->f_mode & FMODE_LSEEK))
		return -ESPIPE;
	return file->f_op->llseek(file, offset, whence);
}
EXPORT_SYMBOL(vfs_llseek);

SYSCALL_DEFINE3(lseek, unsigned int, fd, long, offset, unsigned int, whence)
{
	struct fd f = fdget_pos(fd);
	loff_t ret = -EINVAL;

	if (!f.file)
		return -EBADF;
	if (whence <= SEEK_MAX)
		ret = vfs_llseek(f.file, offset, whence);
	fdput_pos(f);
	return ret;
}

/* ------------------------------------------------------------------ checks */

/** rw_verify_area - is the range one that a file can have? @ppos NULL: no position at all */
int rw_verify_area(int read_write, struct file *file, const loff_t *ppos, size_t count)
{
	if (unlikely((ssize_t)count < 0))
		return -EINVAL;
	if (ppos) {
		loff_t pos = *ppos;

		if (unlikely(pos < 0))
			return -EINVAL;
		if (unlikely(pos + (loff_t)count < 0))
			return -EOVERFLOW;
	}
	return 0;
}

static inline loff_t *file_ppos(struct file *file)
{
	return (file->f_mode & FMODE_STREAM) ? NULL : &file->f_pos;
}

/* ------------------------------------------------------------------ one buffer */

static ssize_t iter_rw(struct file *file, struct iov_iter *iter, loff_t *ppos, bool write,
		       int flags)
{
	struct kiocb kiocb;
	ssize_t ret;

	init_sync_kiocb(&kiocb, file);
	kiocb.ki_flags |= flags;
	kiocb.ki_pos = ppos ? *ppos : 0;
	ret = write ? file->f_op->write_iter(&kiocb, iter) : file->f_op->read_iter(&kiocb, iter);
	if (ppos)
		*ppos = kiocb.ki_pos;
	return ret;
}

/** vfs_read - reads up to @count bytes at *@pos into a program's memory and moves *@pos on */
ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct iov_iter iter;
	ssize_t ret;

	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_READ))
		return -EINVAL;
	if (unlikely(!access_ok(buf, count)))
		return -EFAULT;
	ret = rw_verify_area(READ, file, pos, count);
	if (ret)
		return ret;
	count = min_t(size_t, count, MAX_RW_COUNT);
	if (file->f_op->read)
		return file->f_op->read(file, buf, count, pos);
	iov_iter_ubuf(&iter, ITER_DEST, buf, count);
	return iter_rw(file, &iter, pos, false, 0);
}

/** vfs_write - writes up to @count bytes from a program's memory at *@pos and moves *@pos on */
ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct iov_iter iter;
	ssize_t ret;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_WRITE))
		return -EINVAL;
	if (unlikely(!access_ok(buf, count)))
		return -EFAULT;
	ret = rw_verify_area(WRITE, file, pos, count);
	if (ret)
		return ret;
	count = min_t(size_t, count, MAX_RW_COUNT);
	if (file->f_op->write)
		return file->f_op->write(file, buf, count, pos);
	iov_iter_ubuf(&iter, ITER_SOURCE, (void __user *)buf, count);
	return iter_rw(file, &iter, pos, true, 0);
}

SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	ret = vfs_read(f.file, buf, count, file_ppos(f.file));
	fdput_pos(f);
	return ret;
}

SYSCALL_DEFINE3(write, unsigned int, fd, const char __user *, buf, size_t, count)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	ret = vfs_write(f.file, buf, count, file_ppos(f.file));
	fdput_pos(f);
	return ret;
}

SYSCALL_DEFINE4(pread64, unsigned int, fd, char __user *, buf, size_t, count, loff_t, pos)
{
	ssize_t ret = -ESPIPE;
	struct fd f;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_mode & FMODE_PREAD)
		ret = vfs_read(f.file, buf, count, &pos);
	fdput(f);
	return ret;
}

SYSCALL_DEFINE4(pwrite64, unsigned int, fd, const char __user *, buf, size_t, count, loff_t, pos)
{
	ssize_t ret = -ESPIPE;
	struct fd f;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_mode & FMODE_PWRITE)
		ret = vfs_write(f.file, buf, count, &pos);
	fdput(f);
	return ret;
}

/* ------------------------------------------------------------------ kernel buffers */

/** kernel_read - reads into kernel memory. For files with ->read_iter(); others: -EINVAL */
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	struct kvec iov = { .iov_base = buf, .iov_len = min_t(size_t, count, MAX_RW_COUNT) };
	struct iov_iter iter;
	int ret = rw_verify_area(READ, file, pos, count);

	if (ret)
		return ret;
	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (!file->f_op->read_iter)
		return -EINVAL;
	iov_iter_kvec(&iter, ITER_DEST, &iov, 1, iov.iov_len);
	return iter_rw(file, &iter, pos, false, 0);
}
EXPORT_SYMBOL(kernel_read);

ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos)
{
	struct kvec iov = {
		.iov_base = (void *)buf, .iov_len = min_t(size_t, count, MAX_RW_COUNT),
	};
	struct iov_iter iter;
	int ret = rw_verify_area(WRITE, file, pos, count);

	if (ret)
		return ret;
	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!file->f_op->write_iter)
		return -EINVAL;
	iov_iter_kvec(&iter, ITER_SOURCE, &iov, 1, iov.iov_len);
	return iter_rw(file, &iter, pos, true, 0);
}
EXPORT_SYMBOL(kernel_write);

/* ------------------------------------------------------------------ several buffers */

/* A file with ->read() only: buffer after buffer, until one comes back short. */
static ssize_t loop_rw(struct file *file, struct iov_iter *iter, loff_t *ppos, bool write)
{
	ssize_t ret = 0, nr;

	if (!user_backed_iter(iter))
		return -EINVAL;
	while (iov_iter_count(iter)) {
		size_t len = iov_iter_single_seg_count(iter);
		char __user *base = iter_is_ubuf(iter) ? iter->ubuf + iter->iov_offset
						       : iter->iov->iov_base + iter->iov_offset;

		if (len) {
			nr = write ? file->f_op->write(file, base, len, ppos)
				   : file->f_op->read(file, base, len, ppos);
			if (nr < 0)
				return ret ?: nr;
			ret += nr;
			if (nr != (ssize_t)len)
				break;
		}
		iov_iter_advance(iter, len);
	}
	return ret;
}

static ssize_t do_iter_rw(struct file *file, struct iov_iter *iter, loff_t *pos, bool write,
			  int flags)
{
	size_t count = iov_iter_count(iter);
	ssize_t ret;

	if (!(file->f_mode & (write ? FMODE_WRITE : FMODE_READ)))
		return -EBADF;
	if (!(file->f_mode & (write ? FMODE_CAN_WRITE : FMODE_CAN_READ)))
		return -EINVAL;
	if (!count)
		return 0;
	ret = rw_verify_area(write ? WRITE : READ, file, pos, count);
	if (ret < 0)
		return ret;
	if (write ? !!file->f_op->write_iter : !!file->f_op->read_iter)
		return iter_rw(file, iter, pos, write, flags);
	if (flags)
		return -EOPNOTSUPP;
	return loop_rw(file, iter, pos, write);
}

ssize_t vfs_iter_read(struct file *file, struct iov_iter *iter, loff_t *ppos, int flags)
{
	return do_iter_rw(file, iter, ppos, false, flags);
}
EXPORT_SYMBOL(vfs_iter_read);

ssize_t vfs_iter_write(struct file *file, struct iov_iter *iter, loff_t *ppos, int flags)
{
	return do_iter_rw(file, iter, ppos, true, flags);
}
EXPORT_SYMBOL(vfs_iter_write);

/* RWF_ flags of preadv2(2) as IOCB_ flags; those that nothing here can honour are refused. */
static int rwf_to_iocb(int rwf)
{
	int flags = 0;

	if (rwf & ~(RWF_DSYNC | RWF_SYNC | RWF_APPEND))
		return -EOPNOTSUPP;
	if (rwf & RWF_DSYNC)
		flags |= IOCB_DSYNC;
	if (rwf & RWF_SYNC)
		flags |= IOCB_SYNC | IOCB_DSYNC;
	if (rwf & RWF_APPEND)
		flags |= IOCB_APPEND;
	return flags;
}

static ssize_t vec_rw(struct file *file, const struct iovec __user *vec, unsigned long vlen,
		      loff_t *pos, bool write, int rwf)
{
	struct iovec iovstack[UIO_FASTIOV], *iov = iovstack;
	struct iov_iter iter;
	int flags = rwf_to_iocb(rwf);
	ssize_t ret;

	if (flags < 0)
		return flags;
	ret = import_iovec(write ? WRITE : READ, vec, vlen, ARRAY_SIZE(iovstack), &iov, &iter);
	if (ret >= 0) {
		ret = do_iter_rw(file, &iter, pos, write, flags);
		kfree(iov);
	}
	return ret;
}

static ssize_t do_vec(unsigned long fd, const struct iovec __user *vec, unsigned long vlen,
		      bool write, int rwf)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	ret = vec_rw(f.file, vec, vlen, file_ppos(f.file), write, rwf);
	fdput_pos(f);
	return ret;
}

static ssize_t do_pvec(unsigned long fd, const struct iovec __user *vec, unsigned long vlen,
		       loff_t pos, bool write, int rwf)
{
	ssize_t ret = -ESPIPE;
	struct fd f;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_mode & (write ? FMODE_PWRITE : FMODE_PREAD))
		ret = vec_rw(f.file, vec, vlen, &pos, write, rwf);
	fdput(f);
	return ret;
}

SYSCALL_DEFINE3(readv, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	return do_vec(fd, vec, vlen, false, 0);
}

SYSCALL_DEFINE3(writev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	return do_vec(fd, vec, vlen, true, 0);
}

/* The position comes in pos_l; pos_h is what a 32-bit program would need. */
SYSCALL_DEFINE4(preadv, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen,
		unsigned long, pos_l)
{
	return do_pvec(fd, vec, vlen, pos_l, false, 0);
}

SYSCALL_DEFINE4(pwritev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen,
		unsigned long, pos_l)
{
	return do_pvec(fd, vec, vlen, pos_l, true, 0);
}

SYSCALL_DEFINE6(preadv2, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen,
		unsigned long, pos_l, unsigned long, pos_h, int, flags)
{
	if ((long)pos_l == -1)
		return do_vec(fd, vec, vlen, false, flags);
	return do_pvec(fd, vec, vlen, pos_l, false, flags);
}

SYSCALL_DEFINE6(pwritev2, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen,
		unsigned long, pos_l, unsigned long, pos_h, int, flags)
{
	if ((long)pos_l == -1)
		return do_vec(fd, vec, vlen, true, flags);
	return do_pvec(fd, vec, vlen, pos_l, true, flags);
}
