/* SPDX-License-Identifier: MIT */
#ifndef _SYSFS_SYSFS_H
#define _SYSFS_SYSFS_H

#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/types.h>

/* A folder or a link; files are only attributes of a folder's groups. */
struct sysfs_dirent {
	refcount_t		count;		/* the tree, inodes, links to it, and children */
	umode_t			mode;
	u32			id;
	struct sysfs_dirent	*parent, *target;	/* never change; target: of a link */

	/* sysfs_rwsem guards these */
	struct list_head	sibling, children, groups;

	/*
	 * Held for reading while an attribute is shown or stored, and taken for writing once by who removes
	 * the folder, or a group.
	 */
	struct rw_semaphore	active;
	struct kobject		*kobj;		/* NULL: removed */
	char			name[];
};

/* A group of a folder. */
struct sysfs_group {
	struct list_head		node;
	const struct attribute_group	*grp;
	struct attribute_group		own;	/* sysfs_create_file(): a group of one */
	struct attribute		*attrs[2];
};

extern struct rw_semaphore sysfs_rwsem;
extern struct sysfs_dirent sysfs_root;

void sysfs_put(struct sysfs_dirent *sd);
struct sysfs_dirent *sysfs_find_child(struct sysfs_dirent *dir, const char *name, unsigned int len);
struct attribute *sysfs_find_attr(struct sysfs_dirent *dir, const char *name, unsigned int len, umode_t *mode,
				  unsigned int *index);

#endif
