/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PANIC_H
#define _LINUX_PANIC_H

#include <linux/compiler.h>

/* Says what is wrong and stops the machine, with a status that the host sees. */
void panic(const char *fmt, ...) __attribute__((noreturn, cold, format(printf, 1, 2)));

#endif
