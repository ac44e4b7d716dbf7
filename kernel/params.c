// SPDX-License-Identifier: MIT
/*
 * Parameters of modules: "count=3 name=x" into variables.
 *
 * Set by load_module() (kernel/module/main.c) before the module's init function, when nobody else knows the variables;
 * then by who writes their files in /sys/module/NAME/parameters, under that one's lock.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/sysfs.h>

/* '-' and '_' are the same in a name. */
static bool parameq(const char *a, const char *b)
{
	for (; *a || *b; a++, b++)
		if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
			return false;
	return true;
}

static int parse_one(const char *doing, char *param, char *val, const struct kernel_param *params,
		     unsigned int num)
{
	const struct kernel_param *kp;

	for (kp = params; kp < params + num; kp++) {
		if (!parameq(param, kp->name))
			continue;
		if (!val && !(kp->ops->flags & KERNEL_PARAM_OPS_FL_NOARG))
			return -EINVAL;
		return kp->ops->set(val, kp);
	}
	pr_warn("%s: unknown parameter '%s' ignored\n", doing, param);
	return 0;
}

/**
 * parse_args - sets the parameters that a line of text names
 * @doing: who, for messages
 * @args: cut up; charp parameters keep pointing into it
 *
 * 0, or the error of the first that could not be set.
 */
int parse_args(const char *doing, char *args, const struct kernel_param *params, unsigned int num)
{
	char *param, *val;

	args = skip_spaces(args);
	while (*args) {
		int err;

		args = next_arg(args, &param, &val);
		err = parse_one(doing, param, val, params, num);
		if (err) {
			pr_err("%s: `%s' %s `%s'\n", doing, val ?: "",
			       err == -ERANGE || err == -ENOSPC ? "too large for parameter" :
			       "invalid for parameter", param);
			return err;
		}
	}
	return 0;
}

/* ------------------------------------------------------------------ kinds */

/* One for all of them: by their size, the low bytes first. */
static int param_get_number(char *buffer, const struct kernel_param *kp)
{
	const unsigned int unused = 64 - 8 * kp->ops->size;
	u64 value = 0;

	memcpy(&value, kp->arg, kp->ops->size);
	if (kp->ops->is_signed)
		return sysfs_emit(buffer, "%lld\n", (s64)(value << unused) >> unused);
	return sysfs_emit(buffer, "%llu\n", value);
}

#define STANDARD_PARAM_DEF(name, type, parse)				\
static int param_set_##name(const char *val, const struct kernel_param *kp) \
{									\
	return parse(val, 0, (type *)kp->arg);				\
}									\
const struct kernel_param_ops param_ops_##name = {			\
	.set = param_set_##name, .get = param_get_number,		\
	.size = sizeof(type), .is_signed = (type)-1 < (type)1,	\
};									\
EXPORT_SYMBOL(param_ops_##name)

static int kstrtos16(const char *s, unsigned int base, s16 *res)
{
	int v, err = kstrtoint(s, base, &v);

	if (!err && v != (s16)v)
		err = -ERANGE;
	if (!err)
		*res = v;
	return err;
}

STANDARD_PARAM_DEF(byte, unsigned char, kstrtou8);
STANDARD_PARAM_DEF(short, short, kstrtos16);
STANDARD_PARAM_DEF(ushort, unsigned short, kstrtou16);
STANDARD_PARAM_DEF(int, int, kstrtoint);
STANDARD_PARAM_DEF(uint, unsigned int, kstrtouint);
STANDARD_PARAM_DEF(long, long, kstrtol);
STANDARD_PARAM_DEF(ulong, unsigned long, kstrtoul);
STANDARD_PARAM_DEF(ullong, unsigned long long, kstrtoull);

/* The name alone means yes. */
static int param_set_bool(const char *val, const struct kernel_param *kp)
{
	return kstrtobool(val ?: "1", kp->arg);
}

static int param_get_bool(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%c\n", *(bool *)kp->arg ? 'Y' : 'N');
}
const struct kernel_param_ops param_ops_bool = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = param_set_bool, .get = param_get_bool,
};
EXPORT_SYMBOL(param_ops_bool);

/* The line of text lives as long as the module. */
static int param_set_charp(const char *val, const struct kernel_param *kp)
{
	*(char **)kp->arg = (char *)val;
	return 0;
}

static int param_get_charp(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", *(char **)kp->arg);
}
const struct kernel_param_ops param_ops_charp = { .set = param_set_charp, .get = param_get_charp };
EXPORT_SYMBOL(param_ops_charp);

static int param_set_copystring(const char *val, const struct kernel_param *kp)
{
	return strscpy(kp->str->string, val, kp->str->maxlen) < 0 ? -ENOSPC : 0;
}

static int param_get_string(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", kp->str->string);
}
const struct kernel_param_ops param_ops_string = { .set = param_set_copystring, .get = param_get_string };
EXPORT_SYMBOL(param_ops_string);

/* "1,2,3": each piece is set by the elements' own ops. */
static int param_array_set(const char *val, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	struct kernel_param elem = { .name = kp->name, .ops = arr->ops };
	char *s = (char *)val, *piece;
	unsigned int n = 0;

	while ((piece = strsep(&s, ",")) != NULL) {
		int err;

		if (n == arr->max)
			return -EINVAL;
		elem.arg = arr->elem + n++ * arr->elemsize;
		err = arr->ops->set(piece, &elem);
		if (err)
			return err;
	}
	if (arr->num)
		*arr->num = n;
	return 0;
}

/* Of numbers: each ends in a newline, which becomes a comma. What a page has no room for is left out. */
static int param_array_get(char *buffer, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	const unsigned int n = arr->num ? *arr->num : arr->max;
	struct kernel_param elem = { .ops = arr->ops, .arg = arr->elem };
	int len = 0;

	for (unsigned int i = 0; i < n && len < (int)PAGE_SIZE - 32; i++, elem.arg += arr->elemsize) {
		if (len)
			buffer[len - 1] = ',';
		len += arr->ops->get(buffer + len, &elem);
	}
	return len;
}
const struct kernel_param_ops param_array_ops = { .set = param_array_set, .get = param_array_get };
EXPORT_SYMBOL(param_array_ops);
