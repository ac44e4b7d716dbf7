/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_ERRNO_H
#define _UAPI_LINUX_ERRNO_H

#include <asm-generic/errno.h>

#endif
