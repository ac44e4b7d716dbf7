/* SPDX-License-Identifier: MIT */
/* Flags of memfd_create(2). */
#ifndef _UAPI_LINUX_MEMFD_H
#define _UAPI_LINUX_MEMFD_H

#define MFD_CLOEXEC		0x0001U
#define MFD_ALLOW_SEALING	0x0002U
#define MFD_HUGETLB		0x0004U
#define MFD_HUGE_SHIFT		26	/* with MFD_HUGETLB: the logarithm of the size */
#define MFD_HUGE_MASK		0x3f

#endif
