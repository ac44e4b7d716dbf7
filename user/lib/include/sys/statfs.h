// SPDX-License-Identifier: MIT
/* What is known of a file system. struct statfs is the kernel's, 120 bytes. */
#ifndef _SYS_STATFS_H
#define _SYS_STATFS_H

#include <sys/types.h>

struct statfs {
	long		f_type, f_bsize;
	fsblkcnt_t	f_blocks, f_bfree, f_bavail;
	fsfilcnt_t	f_files, f_ffree;
	struct { int val[2]; } f_fsid;
	long		f_namelen, f_frsize, f_flags;
	long		__spare[4];
};

int statfs(const char *path, struct statfs *st);
int fstatfs(int fd, struct statfs *st);

#endif
