/* SPDX-License-Identifier: MIT */
/* Bits of /proc/kpageflags that are the kernel's own affair, and those that programs may rely on. */
#ifndef _LINUX_KERNEL_PAGE_FLAGS_H
#define _LINUX_KERNEL_PAGE_FLAGS_H

#include <uapi/linux/kernel-page-flags.h>

#define KPF_RESERVED		32
#define KPF_MLOCKED		33
#define KPF_MAPPEDTODISK	34
#define KPF_PRIVATE		35
#define KPF_PRIVATE_2		36
#define KPF_OWNER_PRIVATE	37
#define KPF_ARCH		38

#endif
