/* SPDX-License-Identifier: MIT */
/*
 * Files whose text is made when they are read. A show function prints as if there were no end of
 * buffer; when it overflows, the buffer is doubled and the record is printed again.
 */
#ifndef _LINUX_SEQ_FILE_H
#define _LINUX_SEQ_FILE_H

#include <linux/compiler.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/stdarg.h>
#include <linux/types.h>

struct seq_operations;
struct path;
struct dentry;

struct seq_file {
	char			*buf;
	size_t			size;		/* of buf */
	size_t			from;		/* first byte that the reader has not had */
	size_t			count;		/* bytes in buf; == size means it overflowed */
	size_t			pad_until;
	loff_t			index;		/* record to go on with */
	loff_t			read_pos;	/* file position that the state above is for */
	struct mutex		lock;
	const struct seq_operations *op;
	const struct file	*file;
	void			*private;
};

struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};

#define SEQ_SKIP	1
#define SEQ_START_TOKEN	((void *)1)

static inline bool seq_has_overflowed(struct seq_file *m)
{
	return m->count == m->size;
}

int seq_open(struct file *file, const struct seq_operations *op);
ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos);
ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *iter);
loff_t seq_lseek(struct file *file, loff_t offset, int whence);
int seq_release(struct inode *inode, struct file *file);
int seq_write(struct seq_file *m, const void *data, size_t len);

__printf(2, 0) void seq_vprintf(struct seq_file *m, const char *fmt, va_list args);
__printf(2, 3) void seq_printf(struct seq_file *m, const char *fmt, ...);
void seq_putc(struct seq_file *m, char c);
void seq_puts(struct seq_file *m, const char *s);
void seq_put_decimal_ull(struct seq_file *m, const char *delimiter, unsigned long long num);
void seq_put_decimal_ull_width(struct seq_file *m, const char *delimiter, unsigned long long num,
			       unsigned int width);
void seq_put_decimal_ll(struct seq_file *m, const char *delimiter, long long num);
void seq_put_hex_ll(struct seq_file *m, const char *delimiter, unsigned long long v,
		    unsigned int width);
void seq_escape(struct seq_file *m, const char *s, const char *esc);
void seq_pad(struct seq_file *m, char c);
int seq_path(struct seq_file *m, const struct path *path, const char *esc);
int seq_path_root(struct seq_file *m, const struct path *path, const struct path *root,
		  const char *esc);
int seq_file_path(struct seq_file *m, struct file *file, const char *esc);
int seq_dentry(struct seq_file *m, struct dentry *dentry, const char *esc);

int single_open(struct file *file, int (*show)(struct seq_file *, void *), void *data);
int single_open_size(struct file *file, int (*show)(struct seq_file *, void *), void *data,
		     size_t size);
int single_release(struct inode *inode, struct file *file);
void *__seq_open_private(struct file *file, const struct seq_operations *op, int psize);
int seq_open_private(struct file *file, const struct seq_operations *op, int psize);
int seq_release_private(struct inode *inode, struct file *file);

struct list_head *seq_list_start(struct list_head *head, loff_t pos);
struct list_head *seq_list_start_head(struct list_head *head, loff_t pos);
struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *ppos);

#endif
