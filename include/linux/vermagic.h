/* SPDX-License-Identifier: MIT */
/*
 * What a module must have in common with the kernel: the release, and the checks that change the layout
 * of structures. A module carries the string, and the kernel compares it with its own.
 */
#ifndef _LINUX_VERMAGIC_H
#define _LINUX_VERMAGIC_H

#include <linux/utsname.h>

#ifdef CONFIG_DEBUG
#define MODULE_VERMAGIC_DEBUG	"debug "
#else
#define MODULE_VERMAGIC_DEBUG	""
#endif
#ifdef CONFIG_KASAN
#define MODULE_VERMAGIC_KASAN	"kasan "
#else
#define MODULE_VERMAGIC_KASAN	""
#endif

#define VERMAGIC_STRING		UTS_RELEASE " SMP preempt mod_unload " MODULE_VERMAGIC_DEBUG \
				MODULE_VERMAGIC_KASAN "aarch64"

#endif
