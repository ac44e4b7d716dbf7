/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RAMFS_H
#define _LINUX_RAMFS_H

#include <linux/fs.h>

struct fs_context;
struct fs_parameter;

struct inode *ramfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode,
			      dev_t dev);
int ramfs_init_fs_context(struct fs_context *fc);
int ramfs_parse_param(struct fs_context *fc, struct fs_parameter *param);
int ramfs_fill_super(struct super_block *sb, struct fs_context *fc);
void ramfs_free_fc(struct fs_context *fc);
void ramfs_kill_sb(struct super_block *sb);
void init_rootfs(void);

#endif
