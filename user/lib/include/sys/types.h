// SPDX-License-Identifier: MIT
/* The kernel's types as programs see them, with arm64's sizes. */
#ifndef _SYS_TYPES_H
#define _SYS_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef long		ssize_t;
typedef long		off_t;
typedef long		off64_t;
typedef long		loff_t;
typedef unsigned long	dev_t;
typedef unsigned long	ino_t;
typedef unsigned int	mode_t;
typedef unsigned int	nlink_t;
typedef unsigned int	uid_t;
typedef unsigned int	gid_t;
typedef unsigned int	id_t;
typedef int		pid_t;
typedef int		blksize_t;
typedef long		blkcnt_t;
typedef unsigned long	fsblkcnt_t;
typedef unsigned long	fsfilcnt_t;
typedef long		time_t;
typedef long		suseconds_t;
typedef unsigned int	useconds_t;
typedef long		clock_t;
typedef int		clockid_t;
typedef unsigned char	u_char;
typedef unsigned int	u_int;
typedef unsigned long	u_long;

#endif
