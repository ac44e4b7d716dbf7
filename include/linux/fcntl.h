/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_FCNTL_H
#define _LINUX_FCNTL_H

#include <uapi/linux/fcntl.h>
#include <uapi/linux/openat2.h>

/* What open(2) keeps of its flags; the rest is ignored, as programs expect. */
#define VALID_OPEN_FLAGS							\
	(O_RDONLY | O_WRONLY | O_RDWR | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC |	\
	 O_APPEND | O_NDELAY | O_NONBLOCK | __O_SYNC | O_DSYNC | FASYNC |	\
	 O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME |	\
	 O_CLOEXEC | O_PATH | __O_TMPFILE)

#define VALID_RESOLVE_FLAGS							\
	(RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS |	\
	 RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_CACHED)

#define OPEN_HOW_SIZE_VER0	24

/* A 64-bit kernel has no small files: every open file is a large one. */
#define force_o_largefile()	1

#endif
