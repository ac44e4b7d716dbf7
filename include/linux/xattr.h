/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_XATTR_H
#define _LINUX_XATTR_H

#define XATTR_NAME_MAX	255
#define XATTR_SIZE_MAX	65536
#define XATTR_LIST_MAX	65536
#define XATTR_CREATE	0x1
#define XATTR_REPLACE	0x2

#endif
