/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PATH_H
#define _LINUX_PATH_H

struct dentry;
struct vfsmount;

/* A place in the tree of mounts: a dentry, and the mount through which it was reached. */
struct path {
	struct vfsmount	*mnt;
	struct dentry	*dentry;
};

void path_get(const struct path *path);
void path_put(const struct path *path);

static inline int path_equal(const struct path *a, const struct path *b)
{
	return a->mnt == b->mnt && a->dentry == b->dentry;
}

#endif
