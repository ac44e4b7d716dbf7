/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_DIRENT_H
#define _LINUX_DIRENT_H

#include <linux/types.h>

/* What getdents64(2) fills in; records are aligned to 8 bytes. */
struct linux_dirent64 {
	u64		d_ino;
	s64		d_off;		/* position after this record */
	unsigned short	d_reclen;	/* bytes of this record */
	unsigned char	d_type;		/* DT_* */
	char		d_name[];
};

#endif
