// SPDX-License-Identifier: MIT
/*
 * What mount(2) collects before a filesystem instance is made: type, source, flags, options.
 *
 * A type offers ->init_fs_context(), which fills in fc->ops; or ->mount(), the older way, which is
 * served here by the legacy_ operations.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

/* ------------------------------------------------------------------ ->mount() types */

static int legacy_parse_monolithic(struct fs_context *fc, void *data)
{
	fc->legacy_data = data;
	return 0;
}

static int legacy_get_tree(struct fs_context *fc)
{
	struct dentry *root = fc->fs_type->mount(fc->fs_type, fc->sb_flags, fc->source,
						 fc->legacy_data);

	if (IS_ERR(root))
		return PTR_ERR(root);
	fc->root = root;
	return 0;
}

static int legacy_reconfigure(struct fs_context *fc)
{
	struct super_block *sb = fc->root->d_sb;
	int flags = fc->sb_flags;

	return sb->s_op->remount_fs ? sb->s_op->remount_fs(sb, &flags, fc->legacy_data) : 0;
}

static const struct fs_context_operations legacy_fs_context_ops = {
	.parse_monolithic	= legacy_parse_monolithic,
	.get_tree		= legacy_get_tree,
	.reconfigure		= legacy_reconfigure,
};

/* ------------------------------------------------------------------ the context */

static struct fs_context *alloc_fs_context(struct file_system_type *type, struct dentry *root,
					   unsigned int sb_flags, unsigned int sb_flags_mask,
					   enum fs_context_purpose purpose)
{
	struct fs_context *fc = kzalloc(sizeof(*fc), GFP_KERNEL);
	int err = 0;

	if (!fc)
		return ERR_PTR(-ENOMEM);
	get_filesystem(type);
	fc->fs_type = type;
	fc->sb_flags = sb_flags;
	fc->sb_flags_mask = sb_flags_mask;
	fc->purpose = purpose;
	if (root) {
		atomic_inc(&root->d_sb->s_active);
		fc->root = dget(root);
	}
	if (type->init_fs_context)
		err = type->init_fs_context(fc);
	else
		fc->ops = &legacy_fs_context_ops;
	if (err) {
		put_fs_context(fc);
		return ERR_PTR(err);
	}
	return fc;
}

struct fs_context *fs_context_for_mount(struct file_system_type *type, unsigned int sb_flags)
{
	return alloc_fs_context(type, NULL, sb_flags, 0, FS_CONTEXT_FOR_MOUNT);
}

struct fs_context *fs_context_for_reconfigure(struct dentry *dentry, unsigned int sb_flags,
					      unsigned int sb_flags_mask)
{
	return alloc_fs_context(dentry->d_sb->s_type, dentry, sb_flags, sb_flags_mask,
				FS_CONTEXT_FOR_RECONFIGURE);
}

/** put_fs_context - the end of a context; drops fc->root and its instance if it still has them */
void put_fs_context(struct fs_context *fc)
{
	if (fc->root) {
		struct super_block *sb = fc->root->d_sb;

		dput(fc->root);
		fc->root = NULL;
		deactivate_super(sb);
	}
	if (fc->ops && fc->ops->free)
		fc->ops->free(fc);
	put_filesystem(fc->fs_type);
	kfree(fc->source);
	kfree(fc);
}

/* ------------------------------------------------------------------ options */

int vfs_parse_fs_param_source(struct fs_context *fc, struct fs_parameter *param)
{
	if (strcmp(param->key, "source") != 0)
		return -ENOENT;
	if (fc->source || param->type != fs_value_is_string)
		return -EINVAL;
	fc->source = param->string;
	param->string = NULL;
	return 0;
}
EXPORT_SYMBOL(vfs_parse_fs_param_source);

static const struct { const char *name; unsigned int set, clear; } sb_options[] = {
	{ "ro", SB_RDONLY, 0 },
	{ "rw", 0, SB_RDONLY },
	{ "sync", SB_SYNCHRONOUS, 0 },
	{ "async", 0, SB_SYNCHRONOUS },
	{ "dirsync", SB_DIRSYNC, 0 },
};

/** vfs_parse_fs_param - one option: the common ones here, the others by the filesystem */
int vfs_parse_fs_param(struct fs_context *fc, struct fs_parameter *param)
{
	int err;

	for (size_t i = 0; param->type == fs_value_is_flag && i < ARRAY_SIZE(sb_options); i++) {
		if (strcmp(param->key, sb_options[i].name))
			continue;
		fc->sb_flags = (fc->sb_flags & ~sb_options[i].clear) | sb_options[i].set;
		fc->sb_flags_mask |= sb_options[i].clear | sb_options[i].set;
		return 0;
	}
	if (fc->ops->parse_param) {
		err = fc->ops->parse_param(fc, param);
		if (err != -ENOENT && err != -ENOPARAM)
			return err;
	}
	err = vfs_parse_fs_param_source(fc, param);
	if (err == -ENOENT)
		err = invalf(fc, "unknown mount option \"%s\"", param->key);
	return err;
}
EXPORT_SYMBOL(vfs_parse_fs_param);

/** vfs_parse_fs_string - an option given as text; @value NULL: a flag */
int vfs_parse_fs_string(struct fs_context *fc, const char *key, const char *value, size_t len)
{
	struct fs_parameter param = { .key = key, .type = fs_value_is_flag, .size = len };
	int err;

	if (value) {
		param.string = kstrndup(value, len, GFP_KERNEL);
		if (!param.string)
			return -ENOMEM;
		param.type = fs_value_is_string;
	}
	err = vfs_parse_fs_param(fc, &param);
	kfree(param.string);
	return err;
}
EXPORT_SYMBOL(vfs_parse_fs_string);

/** generic_parse_monolithic - "a,b=c,d" as mount(2) hands it over */
int generic_parse_monolithic(struct fs_context *fc, void *data)
{
	char *options = data, *key;
	int err = 0;

	while (!err && options && (key = strsep(&options, ",")) != NULL) {
		char *value = strchr(key, '=');

		if (!*key)
			continue;
		if (value)
			*value++ = 0;
		err = vfs_parse_fs_string(fc, key, value, value ? strlen(value) : 0);
	}
	return err;
}
EXPORT_SYMBOL(generic_parse_monolithic);

int parse_monolithic_mount_data(struct fs_context *fc, void *data)
{
	if (fc->ops->parse_monolithic)
		return fc->ops->parse_monolithic(fc, data);
	return generic_parse_monolithic(fc, data);
}

/** fs_param_u32 - an option's value as a number in the given base; -EINVAL when it is none */
int fs_param_u32(const struct fs_parameter *param, unsigned int base, u32 *result)
{
	if (param->type != fs_value_is_string)
		return -EINVAL;
	return kstrtou32(param->string, base, result) ? -EINVAL : 0;
}
EXPORT_SYMBOL(fs_param_u32);
