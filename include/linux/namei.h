/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_NAMEI_H
#define _LINUX_NAMEI_H

#include <linux/path.h>
#include <linux/fcntl.h>
#include <linux/errno.h>

struct qstr;
struct dentry;
struct filename;

#define MAXSYMLINKS	40

enum { LAST_NORM, LAST_ROOT, LAST_DOT, LAST_DOTDOT };

/* How to walk a path. */
#define LOOKUP_FOLLOW		0x0001	/* follow a symbolic link at the end */
#define LOOKUP_DIRECTORY	0x0002	/* the end must be a directory */
#define LOOKUP_AUTOMOUNT	0x0004
#define LOOKUP_EMPTY		0x4000	/* "" is allowed: it means the starting point */
#define LOOKUP_DOWN		0x8000
#define LOOKUP_REVAL		0x0020
#define LOOKUP_RCU		0x0040	/* reserved: a walk without reference counts */
#define LOOKUP_OPEN		0x0100	/* hints to ->lookup() and ->d_revalidate() */
#define LOOKUP_CREATE		0x0200
#define LOOKUP_EXCL		0x0400
#define LOOKUP_RENAME_TARGET	0x0800
#define LOOKUP_PARENT		0x0010	/* stop before the last component */

/* openat2(2)'s RESOLVE_ flags. */
#define LOOKUP_NO_SYMLINKS	0x010000
#define LOOKUP_NO_MAGICLINKS	0x020000
#define LOOKUP_NO_XDEV		0x040000
#define LOOKUP_BENEATH		0x080000
#define LOOKUP_IN_ROOT		0x100000

int user_path_at_empty(int dfd, const char __user *name, unsigned int flags, struct path *path,
		       int *empty);

static inline int user_path_at(int dfd, const char __user *name, unsigned int flags,
			       struct path *path)
{
	return user_path_at_empty(dfd, name, flags, path, NULL);
}

int kern_path(const char *name, unsigned int flags, struct path *path);
struct dentry *kern_path_create(int dfd, const char *name, struct path *path,
				unsigned int lookup_flags);
struct dentry *user_path_create(int dfd, const char __user *name, struct path *path,
				unsigned int lookup_flags);
void done_path_create(struct path *path, struct dentry *dentry);
struct dentry *kern_path_locked(const char *name, struct path *path);
int filename_lookup(int dfd, struct filename *name, unsigned int flags, struct path *path,
		    struct path *root);
int vfs_path_lookup(struct dentry *dentry, struct vfsmount *mnt, const char *name,
		    unsigned int flags, struct path *path);

struct dentry *lookup_one_len(const char *name, struct dentry *base, int len);
struct dentry *lock_rename(struct dentry *p1, struct dentry *p2);
void unlock_rename(struct dentry *p1, struct dentry *p2);

int follow_down_one(struct path *path);
int follow_down(struct path *path);
int follow_up(struct path *path);
int nd_jump_link(const struct path *path);

#endif
