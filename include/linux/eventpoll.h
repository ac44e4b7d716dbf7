/* SPDX-License-Identifier: MIT */
/* What the rest of the kernel has to do for epoll (fs/eventpoll.c). */
#ifndef _LINUX_EVENTPOLL_H
#define _LINUX_EVENTPOLL_H

#include <linux/fs.h>

void eventpoll_release_file(struct file *file);

/* The last reference on an open file is gone: epoll sets forget it, while it can still be polled. */
static inline void eventpoll_release(struct file *file)
{
	if (file->f_op->poll)
		eventpoll_release_file(file);
}

#endif
