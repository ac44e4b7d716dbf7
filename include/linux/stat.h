/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_STAT_H
#define _LINUX_STAT_H

#include <uapi/linux/stat.h>
#include <linux/types.h>
#include <linux/time64.h>
#include <linux/cred.h>

#define S_IRWXUGO	(S_IRWXU | S_IRWXG | S_IRWXO)
#define S_IALLUGO	(S_ISUID | S_ISGID | S_ISVTX | S_IRWXUGO)
#define S_IRUGO		(S_IRUSR | S_IRGRP | S_IROTH)
#define S_IWUGO		(S_IWUSR | S_IWGRP | S_IWOTH)
#define S_IXUGO		(S_IXUSR | S_IXGRP | S_IXOTH)

#define UTIME_NOW	((1l << 30) - 1l)
#define UTIME_OMIT	((1l << 30) - 2l)

/* What ->getattr() fills in, before it takes the shape that stat(2) or statx(2) wants. */
struct kstat {
	u32			result_mask;	/* STATX_* */
	umode_t			mode;
	unsigned int		nlink;
	u32			blksize;	/* preferred size of a read, in bytes */
	u64			attributes;
	u64			attributes_mask;
	u64			ino;
	dev_t			dev;
	dev_t			rdev;
	kuid_t			uid;
	kgid_t			gid;
	loff_t			size;
	struct timespec64	atime, mtime, ctime, btime;
	u64			blocks;		/* of 512 bytes */
	u64			mnt_id;
};

#endif
