/* SPDX-License-Identifier: MIT */
/*
 * Code and data that are needed only while booting, the order in which subsystems start, and
 * kernel command-line options.
 *
 * An initcall stands in a linker section for its level; do_initcalls() (init/main.c) runs the
 * levels in order. Within a level the order is that of the link.
 */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/compiler.h>
#include <linux/types.h>

#define __init		__attribute__((section(".init.text"), cold))
#define __initdata	__attribute__((section(".init.data")))
#define __initconst	__attribute__((section(".init.rodata")))
#ifdef MODULE
#define __exit		__attribute__((section(".exit.text"), cold))
#define __exitdata	__attribute__((section(".exit.data")))
#else
#define __exit		__attribute__((unused))		/* what is built in stays */
#define __exitdata	__attribute__((unused))
#endif

typedef int (*initcall_t)(void);

struct initcall_entry {
	initcall_t	fn;
	const char	*name;
};

#define __define_initcall(fn, id)							\
	static const struct initcall_entry __initcall_##fn##id				\
	__attribute__((used, section(".initcall" #id ".init"))) = { fn, #fn }

#ifndef MODULE
#define core_initcall(fn)	__define_initcall(fn, 1)
#define postcore_initcall(fn)	__define_initcall(fn, 2)
#define arch_initcall(fn)	__define_initcall(fn, 3)
#define subsys_initcall(fn)	__define_initcall(fn, 4)
#define fs_initcall(fn)		__define_initcall(fn, 5)
#define device_initcall(fn)	__define_initcall(fn, 6)
#define late_initcall(fn)	__define_initcall(fn, 7)
#define module_init(fn)		device_initcall(fn)
#else	/* there is but one: <linux/module.h> */
#define subsys_initcall(fn)	module_init(fn)
#define fs_initcall(fn)		module_init(fn)
#define device_initcall(fn)	module_init(fn)
#define late_initcall(fn)	module_init(fn)
#endif

struct obs_kernel_param {
	const char	*str;
	int		(*setup_func)(char *value);	/* returns 1 when it took the value */
	int		early;
};

#define __setup_param(string, id, fn, is_early)						\
	static const struct obs_kernel_param __setup_##id				\
	__attribute__((used, section(".init.setup"))) = { string, fn, is_early }

/* "name=" takes a value; "name" alone is a flag. fn returns 1 (0 for early_param) when it knew it. */
#define __setup(string, fn)	__setup_param(string, fn, fn, 0)
#define early_param(string, fn)	__setup_param(string, fn, fn, 1)

extern char boot_command_line[];	/* as the firmware gave it */
extern char *saved_command_line;
#define COMMAND_LINE_SIZE 2048

#endif
