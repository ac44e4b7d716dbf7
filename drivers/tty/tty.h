/* SPDX-License-Identifier: MIT */
/* What tty_io.c and tty_hangup.c share. */
#ifndef _DRIVERS_TTY_TTY_H
#define _DRIVERS_TTY_TTY_H

#include <linux/fs.h>

int tty_release(struct inode *inode, struct file *filp);
loff_t tty_llseek(struct file *file, loff_t offset, int whence);

#endif
