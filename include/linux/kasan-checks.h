/* SPDX-License-Identifier: MIT */
/*
 * Checks by hand, where memory is used by assembly and the compiler sees nothing of it. Empty in a
 * file that is not checked: see KASAN in the Makefile.
 */
#ifndef _LINUX_KASAN_CHECKS_H
#define _LINUX_KASAN_CHECKS_H

#include <linux/types.h>

bool __kasan_check_read(const volatile void *p, unsigned int size);
bool __kasan_check_write(const volatile void *p, unsigned int size);

#if defined(CONFIG_KASAN) && defined(__SANITIZE_ADDRESS__)
#define kasan_check_read(p, size)	((void)__kasan_check_read(p, size))
#define kasan_check_write(p, size)	((void)__kasan_check_write(p, size))
#else
#define kasan_check_read(p, size)	((void)0)
#define kasan_check_write(p, size)	((void)0)
#endif

#endif
