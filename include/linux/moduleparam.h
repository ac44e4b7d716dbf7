/* SPDX-License-Identifier: MIT */
/*
 * Parameters of modules: module_param(count, int, 0444) lets `insmod x.ko count=3` set the variable.
 *
 * Each is a struct kernel_param in the module's section __param; parse_args() (kernel/params.c) finds it
 * by name and has its ops read the text. perm is that of its file in /sys/module/NAME/parameters; 0: it has none.
 */
#ifndef _LINUX_MODULEPARAM_H
#define _LINUX_MODULEPARAM_H

#include <linux/build_bug.h>
#include <linux/stringify.h>
#include <linux/types.h>

struct kernel_param;
struct module;

#define KERNEL_PARAM_OPS_FL_NOARG	1	/* the name alone, without '=', will do */

struct kernel_param_ops {
	unsigned int	flags;
	int		(*set)(const char *val, const struct kernel_param *kp);	/* 0 or an error */
	int		(*get)(char *buffer, const struct kernel_param *kp);	/* into a page: the length, or an error */
	void		(*free)(void *arg);
	u8		size;		/* bytes, of a number: for the common get() of all kinds of them */
	bool		is_signed;
};

struct kparam_string {
	unsigned int	maxlen;
	char		*string;
};

struct kparam_array {
	unsigned int	max, elemsize;
	unsigned int	*num;		/* how many were given; may be NULL */
	const struct kernel_param_ops *ops;
	void		*elem;
};

struct kernel_param {
	const char	*name;
	struct module	*mod;
	const struct kernel_param_ops *ops;
	u16		perm;
	s8		level;
	u8		flags;
	union {
		void	*arg;
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
};

#ifdef MODULE
#define __module_param_call(name, ops, arg, perm)			\
	static const struct kernel_param __used				\
		__attribute__((section("__param"), aligned(sizeof(void *)))) \
		__param_##name = { #name, THIS_MODULE, ops, perm, -1, 0, { arg } }

#define module_param_cb(name, ops, arg, perm)	__module_param_call(name, ops, arg, perm)

#define module_param_named(name, value, type, perm)			\
	param_check_##type(name, &(value));				\
	__module_param_call(name, &param_ops_##type, (void *)&(value), perm); \
	MODULE_INFO(parmtype, #name ":" #type)

#define module_param(name, type, perm)	module_param_named(name, name, type, perm)

#define module_param_string(name, string, len, perm)			\
	static const struct kparam_string __param_string_##name = { len, string }; \
	__module_param_call(name, &param_ops_string, (void *)&__param_string_##name, perm); \
	MODULE_INFO(parmtype, #name ":string")

#define module_param_array_named(name, array, type, nump, perm)		\
	param_check_##type(name, &(array)[0]);				\
	static const struct kparam_array __param_arr_##name = {		\
		ARRAY_SIZE(array), sizeof((array)[0]), nump, &param_ops_##type, array }; \
	__module_param_call(name, &param_array_ops, (void *)&__param_arr_##name, perm); \
	MODULE_INFO(parmtype, #name ":array of " #type)

#define module_param_array(name, type, nump, perm)			\
	module_param_array_named(name, name, type, nump, perm)

#define MODULE_PARM_DESC(name, desc)	MODULE_INFO(parm, #name ":" desc)
#endif

/* Fails to compile unless the variable has the type. */
#define __param_check(name, p, type)					\
	static inline type __always_unused *__check_##name(void) { return (p); }
#define param_check_byte(name, p)	__param_check(name, p, unsigned char)
#define param_check_short(name, p)	__param_check(name, p, short)
#define param_check_ushort(name, p)	__param_check(name, p, unsigned short)
#define param_check_int(name, p)	__param_check(name, p, int)
#define param_check_uint(name, p)	__param_check(name, p, unsigned int)
#define param_check_long(name, p)	__param_check(name, p, long)
#define param_check_ulong(name, p)	__param_check(name, p, unsigned long)
#define param_check_ullong(name, p)	__param_check(name, p, unsigned long long)
#define param_check_charp(name, p)	__param_check(name, p, char *)
#define param_check_bool(name, p)	__param_check(name, p, bool)

extern const struct kernel_param_ops param_ops_byte, param_ops_short, param_ops_ushort, param_ops_int,
	param_ops_uint, param_ops_long, param_ops_ulong, param_ops_ullong, param_ops_charp, param_ops_bool,
	param_ops_string, param_array_ops;

int parse_args(const char *doing, char *args, const struct kernel_param *params, unsigned int num);

#endif
