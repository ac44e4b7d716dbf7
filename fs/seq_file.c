// SPDX-License-Identifier: MIT
/*
 * seq_file: files whose text is made record by record when they are read.
 *
 * A reader's buffer starts as one page. Records are shown into it until the read is satisfied; a
 * record that does not fit is dropped, the buffer doubled, and the record shown again. So a show
 * function may be called twice for one record and must not change what it shows. m->lock guards
 * all of m; start() and stop() come in pairs, and stop() is called whatever start() returned.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/ctype.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>

/* ------------------------------------------------------------------ open and close */

/** seq_open - for ->open(): makes file->private_data a seq_file, unless there is one already */
int seq_open(struct file *file, const struct seq_operations *op)
{
	struct seq_file *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return -ENOMEM;
	mutex_init(&m->lock);
	m->op = op;
	m->file = file;
	file->private_data = m;
	file->f_mode &= ~FMODE_PWRITE;
	return 0;
}
EXPORT_SYMBOL(seq_open);

int seq_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kvfree(m->buf);
	kfree(m);
	return 0;
}
EXPORT_SYMBOL(seq_release);

/* ------------------------------------------------------------------ reading */

static int grow_buffer(struct seq_file *m)
{
	size_t size = m->size ? m->size * 2 : PAGE_SIZE;

	kvfree(m->buf);
	m->count = m->from = 0;
	m->size = 0;
	m->buf = kvmalloc(size, GFP_KERNEL);
	if (!m->buf)
		return -ENOMEM;
	m->size = size;
	return 0;
}

/* Shows one record. 1: skipped; -E2BIG: no room, and m->count is where it was. */
static int show_record(struct seq_file *m, void *p)
{
	size_t before = m->count;
	int err = m->op->show(m, p);

	if (seq_has_overflowed(m) && err >= 0)
		err = -E2BIG;
	if (err)
		m->count = before;
	return err;
}

/*
 * Fills the empty buffer with records from m->index on, at least one if there is one, up to @want
 * bytes. Returns 0 or an error; m->count says whether there was anything.
 */
static int fill_buffer(struct seq_file *m, size_t want)
{
	void *p;
	int err;

	m->from = m->count = 0;
	if (!m->buf) {
		err = grow_buffer(m);
		if (err)
			return err;
	}
again:
	err = 0;
	p = m->op->start(m, &m->index);
	while (p && !IS_ERR(p)) {
		loff_t pos = m->index;

		err = show_record(m, p);
		if (err < 0)
			break;
		p = m->op->next(m, p, &m->index);
		if (m->index == pos)
			m->index++; /* a next() that forgets it would show the record for ever */
		if (m->count >= want)
			break;
	}
	if (IS_ERR(p))
		err = PTR_ERR(p);
	m->op->stop(m, p);
	if (err == -E2BIG && !m->count) {
		err = grow_buffer(m);
		if (err)
			return err;
		goto again;
	}
	/* What was shown before an error or a record that did not fit is given out first. */
	return m->count || err > 0 ? 0 : err;
}

/* Goes to byte @offset of the text by making it all once more. */
static int traverse(struct seq_file *m, loff_t offset)
{
	loff_t pos = 0;
	int err;

	m->index = 0;
	m->count = m->from = 0;
	while (pos < offset) {
		err = fill_buffer(m, PAGE_SIZE);
		if (err)
			return err;
		if (!m->count)
			break;		/* the text is shorter */
		if (pos + (loff_t)m->count > offset) {
			m->from = offset - pos;
			m->count -= m->from;
			return 0;
		}
		pos += m->count;
		m->count = 0;
	}
	return 0;
}

ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	struct seq_file *m = iocb->ki_filp->private_data;
	ssize_t copied = 0;
	int err = 0;

	if (!iov_iter_count(iter))
		return 0;
	mutex_lock(&m->lock);
	if (iocb->ki_pos == 0) {
		m->index = 0;
		m->count = m->from = 0;
	} else if (iocb->ki_pos != m->read_pos) {
		err = traverse(m, iocb->ki_pos);
		if (err) {
			m->read_pos = 0;
			m->index = 0;
			m->count = 0;
			goto out;
		}
	}
	m->read_pos = iocb->ki_pos;
	for (;;) {
		size_t n = copy_to_iter(m->buf + m->from, m->count, iter);

		m->count -= n;
		m->from += n;
		copied += n;
		if (m->count && iov_iter_count(iter))
			err = -EFAULT;
		if (err || m->count || !iov_iter_count(iter))
			break;
		err = fill_buffer(m, iov_iter_count(iter));
		if (err || !m->count)
			break;
	}
	if (copied) {
		iocb->ki_pos += copied;
		m->read_pos += copied;
		err = 0;
	}
out:
	mutex_unlock(&m->lock);
	return copied ?: err;
}
EXPORT_SYMBOL(seq_read_iter);

ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos)
{
	struct iov_iter iter;
	struct kiocb kiocb;
	ssize_t ret;

	init_sync_kiocb(&kiocb, file);
	kiocb.ki_pos = *ppos;
	iov_iter_ubuf(&iter, ITER_DEST, buf, size);
	ret = seq_read_iter(&kiocb, &iter);
	*ppos = kiocb.ki_pos;
	return ret;
}
EXPORT_SYMBOL(seq_read);

/** seq_lseek - SEEK_SET and SEEK_CUR; the text is made anew when the next read asks for it */
loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	if (whence == SEEK_CUR)
		offset += file->f_pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (offset < 0)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}
EXPORT_SYMBOL(seq_lseek);

/* ------------------------------------------------------------------ printing */

static void set_overflow(struct seq_file *m)
{
	m->count = m->size;
}

int seq_write(struct seq_file *m, const void *data, size_t len)
{
	if (m->count + len < m->size) {
		memcpy(m->buf + m->count, data, len);
		m->count += len;
		return 0;
	}
	set_overflow(m);
	return -1;
}
EXPORT_SYMBOL(seq_write);

void seq_vprintf(struct seq_file *m, const char *fmt, va_list args)
{
	if (m->count < m->size) {
		size_t len = vsnprintf(m->buf + m->count, m->size - m->count, fmt, args);

		if (m->count + len < m->size) {
			m->count += len;
			return;
		}
	}
	set_overflow(m);
}
EXPORT_SYMBOL(seq_vprintf);

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(m, fmt, args);
	va_end(args);
}
EXPORT_SYMBOL(seq_printf);

void seq_putc(struct seq_file *m, char c)
{
	if (m->count < m->size)
		m->buf[m->count++] = c;
}
EXPORT_SYMBOL(seq_putc);

void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}
EXPORT_SYMBOL(seq_puts);

void seq_put_decimal_ull_width(struct seq_file *m, const char *delimiter, unsigned long long num,
			       unsigned int width)
{
	seq_printf(m, "%s%*llu", delimiter ?: "", (int)width, num);
}
EXPORT_SYMBOL(seq_put_decimal_ull_width);

void seq_put_decimal_ull(struct seq_file *m, const char *delimiter, unsigned long long num)
{
	seq_put_decimal_ull_width(m, delimiter, num, 0);
}
EXPORT_SYMBOL(seq_put_decimal_ull);

void seq_put_decimal_ll(struct seq_file *m, const char *delimiter, long long num)
{
	seq_printf(m, "%s%lld", delimiter ?: "", num);
}
EXPORT_SYMBOL(seq_put_decimal_ll);

void seq_put_hex_ll(struct seq_file *m, const char *delimiter, unsigned long long v,
		    unsigned int width)
{
	seq_printf(m, "%s%0*llx", delimiter ?: "", (int)width, v);
}
EXPORT_SYMBOL(seq_put_hex_ll);

/** seq_escape - text with the characters in @esc as \ooo, so that fields stay apart */
void seq_escape(struct seq_file *m, const char *s, const char *esc)
{
	for (; *s; s++) {
		if (strchr(esc, *s))
			seq_printf(m, "\\%03o", (unsigned char)*s);
		else
			seq_putc(m, *s);
	}
}
EXPORT_SYMBOL(seq_escape);

void seq_pad(struct seq_file *m, char c)
{
	while (m->count < m->pad_until && m->count < m->size)
		m->buf[m->count++] = ' ';
	if (c)
		seq_putc(m, c);
}
EXPORT_SYMBOL(seq_pad);

/* ------------------------------------------------------------------ printing paths */

typedef char *(*path_maker)(const void *what, const void *root, char *buf, int len);

/* Makes a path in a buffer of its own and prints it with @esc escaped. */
static int print_path(struct seq_file *m, path_maker make, const void *what, const void *root,
		      const char *esc)
{
	char *buf, *p;
	int ret = 0;

	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	p = make(what, root, buf, PATH_MAX);
	if (!p)
		ret = SEQ_SKIP;
	else if (IS_ERR(p))
		ret = PTR_ERR(p);
	else
		seq_escape(m, p, esc);
	kfree(buf);
	return ret;
}

static char *make_path(const void *what, const void *root, char *buf, int len)
{
	return d_path(what, buf, len);
}

static char *make_path_root(const void *what, const void *root, char *buf, int len)
{
	return __d_path(what, root, buf, len);
}

static char *make_dentry_path(const void *what, const void *root, char *buf, int len)
{
	return dentry_path_raw((struct dentry *)what, buf, len);
}

/** seq_path - prints a path as the current task would name it; 0 or an error */
int seq_path(struct seq_file *m, const struct path *path, const char *esc)
{
	return print_path(m, make_path, path, NULL, esc);
}
EXPORT_SYMBOL(seq_path);

/** seq_path_root - prints a path below @root; SEQ_SKIP when it is not there */
int seq_path_root(struct seq_file *m, const struct path *path, const struct path *root,
		  const char *esc)
{
	return print_path(m, make_path_root, path, root, esc);
}
EXPORT_SYMBOL(seq_path_root);

int seq_file_path(struct seq_file *m, struct file *file, const char *esc)
{
	return seq_path(m, &file->f_path, esc);
}
EXPORT_SYMBOL(seq_file_path);

int seq_dentry(struct seq_file *m, struct dentry *dentry, const char *esc)
{
	return print_path(m, make_dentry_path, dentry, NULL, esc);
}
EXPORT_SYMBOL(seq_dentry);

/* ------------------------------------------------------------------ files of one record */

static void *single_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? NULL : SEQ_START_TOKEN;
}

static void *single_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void single_stop(struct seq_file *m, void *v)
{
}

/** single_open - for ->open() of a file that one call of @show prints; single_release() ends it */
int single_open(struct file *file, int (*show)(struct seq_file *, void *), void *data)
{
	struct seq_operations *op = kmalloc(sizeof(*op), GFP_KERNEL);
	int err;

	if (!op)
		return -ENOMEM;
	*op = (struct seq_operations){
		.start = single_start, .next = single_next, .stop = single_stop, .show = show,
	};
	err = seq_open(file, op);
	if (err)
		kfree(op);
	else
		((struct seq_file *)file->private_data)->private = data;
	return err;
}
EXPORT_SYMBOL(single_open);

/** single_open_size - the same with a buffer of @size bytes from the start */
int single_open_size(struct file *file, int (*show)(struct seq_file *, void *), void *data,
		     size_t size)
{
	char *buf = kvmalloc(size, GFP_KERNEL);
	struct seq_file *m;
	int err;

	if (!buf)
		return -ENOMEM;
	err = single_open(file, show, data);
	if (err) {
		kvfree(buf);
		return err;
	}
	m = file->private_data;
	m->buf = buf;
	m->size = size;
	return 0;
}
EXPORT_SYMBOL(single_open_size);

int single_release(struct inode *inode, struct file *file)
{
	const struct seq_operations *op = ((struct seq_file *)file->private_data)->op;
	int res = seq_release(inode, file);

	kfree(op);
	return res;
}
EXPORT_SYMBOL(single_release);

/** __seq_open_private - seq_open() with @psize zeroed bytes at m->private; they, or NULL */
void *__seq_open_private(struct file *file, const struct seq_operations *op, int psize)
{
	void *private = kzalloc(psize, GFP_KERNEL);

	if (!private)
		return NULL;
	if (seq_open(file, op)) {
		kfree(private);
		return NULL;
	}
	((struct seq_file *)file->private_data)->private = private;
	return private;
}
EXPORT_SYMBOL(__seq_open_private);

int seq_open_private(struct file *file, const struct seq_operations *op, int psize)
{
	return __seq_open_private(file, op, psize) ? 0 : -ENOMEM;
}
EXPORT_SYMBOL(seq_open_private);

int seq_release_private(struct inode *inode, struct file *file)
{
	kfree(((struct seq_file *)file->private_data)->private);
	return seq_release(inode, file);
}
EXPORT_SYMBOL(seq_release_private);

/* ------------------------------------------------------------------ lists */

struct list_head *seq_list_start(struct list_head *head, loff_t pos)
{
	struct list_head *lh;

	list_for_each(lh, head)
		if (pos-- == 0)
			return lh;
	return NULL;
}
EXPORT_SYMBOL(seq_list_start);

struct list_head *seq_list_start_head(struct list_head *head, loff_t pos)
{
	return pos ? seq_list_start(head, pos - 1) : head;
}
EXPORT_SYMBOL(seq_list_start_head);

struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *ppos)
{
	struct list_head *lh = ((struct list_head *)v)->next;

	++*ppos;
	return lh == head ? NULL : lh;
}
EXPORT_SYMBOL(seq_list_next);
