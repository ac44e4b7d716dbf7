/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_STATFS_H
#define _LINUX_STATFS_H

#include <linux/types.h>
#include <uapi/asm-generic/statfs.h>

struct dentry;
struct path;

/* What ->statfs() fills in; blocks are of f_bsize bytes. */
struct kstatfs {
	long		f_type;
	long		f_bsize;
	u64		f_blocks, f_bfree, f_bavail;
	u64		f_files, f_ffree;
	__kernel_fsid_t	f_fsid;
	long		f_namelen;
	long		f_frsize;
	long		f_flags;	/* ST_*: vfs_statfs() fills it in */
};

#define ST_RDONLY	0x0001
#define ST_NOSUID	0x0002
#define ST_NODEV	0x0004
#define ST_NOEXEC	0x0008
#define ST_SYNCHRONOUS	0x0010
#define ST_VALID	0x0020
#define ST_NOATIME	0x0400
#define ST_NODIRATIME	0x0800
#define ST_RELATIME	0x1000

int vfs_statfs(const struct path *path, struct kstatfs *buf);
int statfs_by_dentry(struct dentry *dentry, struct kstatfs *buf);

static inline __kernel_fsid_t u64_to_fsid(u64 v)
{
	return (__kernel_fsid_t){ .val = { (u32)v, (u32)(v >> 32) } };
}

#endif
