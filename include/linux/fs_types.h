/* SPDX-License-Identifier: MIT */
/* What getdents64(2) says of an entry's type. */
#ifndef _LINUX_FS_TYPES_H
#define _LINUX_FS_TYPES_H

#include <uapi/linux/stat.h>

#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12
#define DT_WHT		14

#define S_DT_SHIFT	12
#define S_DT(mode)	(((mode) & S_IFMT) >> S_DT_SHIFT)

static inline unsigned char fs_umode_to_dtype(unsigned int mode)
{
	return S_DT(mode);
}

#endif
