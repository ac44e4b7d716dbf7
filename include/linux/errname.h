/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_ERRNAME_H
#define _LINUX_ERRNAME_H

/* "-ENOENT" for -2, "ENOENT" for 2, NULL for a number that is no error (lib/errname.c). */
const char *errname(int err);

#endif
