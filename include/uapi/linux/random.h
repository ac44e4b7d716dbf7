/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_RANDOM_H
#define _UAPI_LINUX_RANDOM_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* getrandom(2) */
#define GRND_NONBLOCK	0x0001
#define GRND_RANDOM	0x0002
#define GRND_INSECURE	0x0004

/* /dev/random */
#define RNDGETENTCNT	_IOR('R', 0x00, int)

#endif
