// SPDX-License-Identifier: MIT
/* Mount options by a table: <linux/fs_parser.h>. Called by filesystems' ->parse_param(); no state, no lock. */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/fs_parser.h>
#include <linux/kernel.h>
#include <linux/string.h>

int fs_param_is_bool(const struct fs_parameter_spec *p, struct fs_parameter *param, struct fs_parse_result *result)
{
	return kstrtobool(param->string, &result->boolean);
}
EXPORT_SYMBOL(fs_param_is_bool);

/* p->data is the base. */
int fs_param_is_u32(const struct fs_parameter_spec *p, struct fs_parameter *param, struct fs_parse_result *result)
{
	return kstrtouint(param->string, (unsigned long)p->data, &result->uint_32);
}
EXPORT_SYMBOL(fs_param_is_u32);

int fs_param_is_s32(const struct fs_parameter_spec *p, struct fs_parameter *param, struct fs_parse_result *result)
{
	return kstrtoint(param->string, 0, &result->int_32);
}
EXPORT_SYMBOL(fs_param_is_s32);

int fs_param_is_u64(const struct fs_parameter_spec *p, struct fs_parameter *param, struct fs_parse_result *result)
{
	return kstrtoull(param->string, 0, (unsigned long long *)&result->uint_64);
}
EXPORT_SYMBOL(fs_param_is_u64);

/* p->data is a table of names, which ends in one without. */
int fs_param_is_enum(const struct fs_parameter_spec *p, struct fs_parameter *param, struct fs_parse_result *result)
{
	for (const struct constant_table *c = p->data; c->name; c++) {
		if (!strcmp(c->name, param->string)) {
			result->int_32 = c->value;
			return 0;
		}
	}
	return -EINVAL;
}
EXPORT_SYMBOL(fs_param_is_enum);

/* The text stays in param->string: who wants to keep it takes it, and sets that to NULL. */
int fs_param_is_string(const struct fs_parameter_spec *p, struct fs_parameter *param, struct fs_parse_result *result)
{
	return *param->string ? 0 : -EINVAL;
}
EXPORT_SYMBOL(fs_param_is_string);

/**
 * fs_parse - finds an option in a table and reads its value
 * @desc: the table; the last one has no name
 *
 * Returns the opt of the entry; -ENOPARAM when there is none of that name, which vfs_parse_fs_param() then
 * tries as one of its own; -EINVAL for a value that is wrong, missing or too much, with the reason in the log.
 */
int fs_parse(struct fs_context *fc, const struct fs_parameter_spec *desc, struct fs_parameter *param,
	     struct fs_parse_result *result)
{
	const bool flag = param->type == fs_value_is_flag;
	const struct fs_parameter_spec *p;

	result->negated = false;
	result->uint_64 = 0;
	for (p = desc; p->name; p++) {
		if (!strcmp(p->name, param->key) && flag == !p->type)
			break;
		if (flag && (p->flags & fs_param_neg_with_no) && strstarts(param->key, "no") &&
		    !strcmp(p->name, param->key + 2)) {
			result->negated = true;
			break;
		}
	}
	if (!p->name) {
		for (p = desc; p->name; p++)
			if (!strcmp(p->name, param->key))
				return invalf(fc, "%s: %s a value", param->key, flag ? "needs" : "takes no");
		return -ENOPARAM;
	}
	if (!p->type) {
		result->boolean = !result->negated;
		return p->opt;
	}
	if (p->type(p, param, result))
		return invalf(fc, "Bad value for '%s'", param->key);
	return p->opt;
}
EXPORT_SYMBOL(fs_parse);
