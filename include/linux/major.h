/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MAJOR_H
#define _LINUX_MAJOR_H
#include <uapi/linux/major.h>
#endif
