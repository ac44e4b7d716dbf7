/* SPDX-License-Identifier: MIT */
/* The C library's <errno.h> comes here for the numbers, too. */
#include <asm/errno.h>
