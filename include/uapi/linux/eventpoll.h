/* SPDX-License-Identifier: MIT */
/* epoll, as programs see it. The events themselves are in <linux/poll.h>. */
#ifndef _UAPI_LINUX_EVENTPOLL_H
#define _UAPI_LINUX_EVENTPOLL_H

#include <linux/fcntl.h>
#include <linux/poll.h>
#include <linux/types.h>

#define EPOLL_CLOEXEC	O_CLOEXEC

#define EPOLL_CTL_ADD	1
#define EPOLL_CTL_DEL	2
#define EPOLL_CTL_MOD	3

#define EPOLLEXCLUSIVE	((__poll_t)(1U << 28))	/* wake one of the sets that wait for it, not all */
#define EPOLLWAKEUP	((__poll_t)(1U << 29))	/* for machines that sleep; no meaning here */
#define EPOLLONESHOT	((__poll_t)(1U << 30))	/* once, until EPOLL_CTL_MOD */
#define EPOLLET		((__poll_t)(1U << 31))	/* when something happens, not while it is so */

/* 16 bytes on arm64: packed it is only on x86. */
struct epoll_event {
	__poll_t	events;
	__u64		data;
};

#endif
