/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_PIDFD_H
#define _UAPI_LINUX_PIDFD_H

#include <linux/fcntl.h>

#define PIDFD_NONBLOCK	O_NONBLOCK

#endif
