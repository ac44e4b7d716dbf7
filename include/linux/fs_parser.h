/* SPDX-License-Identifier: MIT */
/*
 * Mount options by a table (fs/fs_parser.c):
 *
 *	static const struct fs_parameter_spec my_params[] = {
 *		fsparam_flag("debug", Opt_debug), fsparam_u32oct("mode", Opt_mode), {}
 *	};
 *	opt = fs_parse(fc, my_params, param, &result);		in ->parse_param(): Opt_..., or an error
 */
#ifndef _LINUX_FS_PARSER_H
#define _LINUX_FS_PARSER_H

#include <linux/errno.h>
#include <linux/fs_context.h>
#include <linux/types.h>

struct fs_parameter_spec;
struct fs_parse_result;

/* Reads the value into the result; 0 or -EINVAL. */
typedef int fs_param_type(const struct fs_parameter_spec *p, struct fs_parameter *param,
			  struct fs_parse_result *result);

struct constant_table {
	const char	*name;
	int		value;
};

struct fs_parameter_spec {
	const char	*name;
	fs_param_type	*type;		/* NULL: a flag, without a value */
	u8		opt;		/* what fs_parse() returns */
	unsigned short	flags;
#define fs_param_neg_with_no	0x0002	/* "noopt" is the flag, negated */
	const void	*data;
};

struct fs_parse_result {
	bool		negated;
	union {
		bool	boolean;
		int	int_32;		/* s32 and enum */
		unsigned int uint_32;
		u64	uint_64;
	};
};

fs_param_type fs_param_is_bool, fs_param_is_u32, fs_param_is_s32, fs_param_is_u64, fs_param_is_enum,
	fs_param_is_string;

#define __fsparam(TYPE, NAME, OPT, FLAGS, DATA) \
	{ .name = NAME, .type = TYPE, .opt = OPT, .flags = FLAGS, .data = DATA }
#define fsparam_flag(NAME, OPT)		__fsparam(NULL, NAME, OPT, 0, NULL)
#define fsparam_flag_no(NAME, OPT)	__fsparam(NULL, NAME, OPT, fs_param_neg_with_no, NULL)
#define fsparam_bool(NAME, OPT)		__fsparam(fs_param_is_bool, NAME, OPT, 0, NULL)
#define fsparam_u32(NAME, OPT)		__fsparam(fs_param_is_u32, NAME, OPT, 0, NULL)
#define fsparam_u32oct(NAME, OPT)	__fsparam(fs_param_is_u32, NAME, OPT, 0, (void *)8)
#define fsparam_u32hex(NAME, OPT)	__fsparam(fs_param_is_u32, NAME, OPT, 0, (void *)16)
#define fsparam_s32(NAME, OPT)		__fsparam(fs_param_is_s32, NAME, OPT, 0, NULL)
#define fsparam_u64(NAME, OPT)		__fsparam(fs_param_is_u64, NAME, OPT, 0, NULL)
#define fsparam_enum(NAME, OPT, array)	__fsparam(fs_param_is_enum, NAME, OPT, 0, array)
#define fsparam_string(NAME, OPT)	__fsparam(fs_param_is_string, NAME, OPT, 0, NULL)

int fs_parse(struct fs_context *fc, const struct fs_parameter_spec *desc, struct fs_parameter *param,
	     struct fs_parse_result *result);

int fs_param_u32(const struct fs_parameter *param, unsigned int base, u32 *result);

#endif
