/* SPDX-License-Identifier: MIT */
/*
 * File descriptors, seen from a system call: fdget() to use one, fdput() when done.
 */
#ifndef _LINUX_FILE_H
#define _LINUX_FILE_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/err.h>
#include <linux/errno.h>

struct cred;
struct file;
struct files_struct;
struct vfsmount;
struct dentry;
struct inode;
struct path;
struct task_struct;
struct file_operations;

void fput(struct file *file);
void __fput_sync(struct file *file);

struct file *alloc_empty_file(int flags, const struct cred *cred);
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fop);
struct file *alloc_file_clone(struct file *base, int flags, const struct file_operations *fop);

struct fd {
	struct file	*file;
	unsigned int	flags;
};
#define FDPUT_FPUT		1
#define FDPUT_POS_UNLOCK	2

struct file *fget(unsigned int fd);
struct file *fget_raw(unsigned int fd);
struct file *fget_task(struct task_struct *task, unsigned int fd);
struct file *task_lookup_next_fd(struct task_struct *task, unsigned int *fd);
unsigned long __fdget(unsigned int fd);
unsigned long __fdget_raw(unsigned int fd);
unsigned long __fdget_pos(unsigned int fd);
void __f_unlock_pos(struct file *file);

/* The two low bits of __fdget()'s answer are FDPUT_ flags. */
static inline struct fd __to_fd(unsigned long v)
{
	return (struct fd){ (struct file *)(v & ~3UL), v & 3 };
}

/** fdget - the open file of a descriptor, .file NULL if there is none or it is O_PATH */
static inline struct fd fdget(unsigned int fd)
{
	return __to_fd(__fdget(fd));
}

/** fdget_raw - the same with O_PATH files allowed */
static inline struct fd fdget_raw(unsigned int fd)
{
	return __to_fd(__fdget_raw(fd));
}

/** fdget_pos - the same with f_pos locked, for the calls that move it */
static inline struct fd fdget_pos(unsigned int fd)
{
	return __to_fd(__fdget_pos(fd));
}

static inline void fdput(struct fd fd)
{
	if (unlikely(fd.flags & FDPUT_FPUT))
		fput(fd.file);
}

static inline void fdput_pos(struct fd fd)
{
	if (unlikely(fd.flags & FDPUT_POS_UNLOCK))
		__f_unlock_pos(fd.file);
	fdput(fd);
}

int get_unused_fd_flags(unsigned int flags);
int __get_unused_fd_flags(unsigned int flags, unsigned long nofile);
void put_unused_fd(unsigned int fd);
void fd_install(unsigned int fd, struct file *file);
int f_dupfd(unsigned int from, struct file *file, unsigned int flags);
int replace_fd(unsigned int fd, struct file *file, unsigned int flags);
int close_fd(unsigned int fd);
void set_close_on_exec(unsigned int fd, int flag);
bool get_close_on_exec(unsigned int fd);

#endif
