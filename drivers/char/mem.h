/* SPDX-License-Identifier: MIT */
/* Between mem.c and random.c. */
#ifndef _DRIVERS_CHAR_MEM_H
#define _DRIVERS_CHAR_MEM_H

struct file_operations;
extern const struct file_operations random_fops, urandom_fops;

#endif
