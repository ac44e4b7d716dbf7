/* SPDX-License-Identifier: MIT */
/* Filesystems that only the kernel mounts: they give pipes and the like an inode to live in. */
#ifndef _LINUX_PSEUDO_FS_H
#define _LINUX_PSEUDO_FS_H

#include <linux/fs_context.h>

struct super_operations;
struct dentry_operations;

struct pseudo_fs_context {
	const struct super_operations	*ops;
	const struct dentry_operations	*dops;
	unsigned long			magic;
};

struct pseudo_fs_context *init_pseudo(struct fs_context *fc, unsigned long magic);

#endif
