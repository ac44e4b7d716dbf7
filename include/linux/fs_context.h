/* SPDX-License-Identifier: MIT */
/* What is known of a mount while it is being made; lives from fsopen to vfs_get_tree(). */
#ifndef _LINUX_FS_CONTEXT_H
#define _LINUX_FS_CONTEXT_H

#include <linux/types.h>

struct block_device;
struct dentry;
struct file_system_type;
struct fs_context;
struct fs_parameter;
struct super_block;

enum fs_context_purpose {
	FS_CONTEXT_FOR_MOUNT,
	FS_CONTEXT_FOR_RECONFIGURE,
};

enum fs_value_type {
	fs_value_is_undefined,
	fs_value_is_flag,
	fs_value_is_string,
};

struct fs_parameter {
	const char		*key;
	enum fs_value_type	type;
	char			*string;
	size_t			size;
};

struct fs_context_operations {
	void (*free)(struct fs_context *fc);
	int (*parse_param)(struct fs_context *fc, struct fs_parameter *param);
	int (*parse_monolithic)(struct fs_context *fc, void *data);
	int (*get_tree)(struct fs_context *fc);
	int (*reconfigure)(struct fs_context *fc);
};

struct fs_context {
	const struct fs_context_operations *ops;
	struct file_system_type	*fs_type;
	void			*fs_private;	/* the filesystem's, while parsing */
	void			*s_fs_info;	/* what becomes sb->s_fs_info */
	struct dentry		*root;		/* the result; holds a reference on it and its sb */
	const char		*source;
	struct block_device	*bdev;		/* while get_tree_bdev() looks for the instance */
	unsigned int		sb_flags, sb_flags_mask;
	enum fs_context_purpose	purpose;
	void			*legacy_data;	/* mount(2)'s text, for a type with ->mount() */
};

struct fs_context *fs_context_for_mount(struct file_system_type *type, unsigned int sb_flags);
struct fs_context *fs_context_for_reconfigure(struct dentry *dentry, unsigned int sb_flags,
					      unsigned int sb_flags_mask);
void put_fs_context(struct fs_context *fc);
int vfs_parse_fs_param(struct fs_context *fc, struct fs_parameter *param);
int vfs_parse_fs_param_source(struct fs_context *fc, struct fs_parameter *param);
int vfs_parse_fs_string(struct fs_context *fc, const char *key, const char *value, size_t len);
int generic_parse_monolithic(struct fs_context *fc, void *data);
int parse_monolithic_mount_data(struct fs_context *fc, void *data);
int vfs_get_tree(struct fs_context *fc);

struct super_block *sget_fc(struct fs_context *fc,
			    int (*test)(struct super_block *sb, struct fs_context *fc),
			    int (*set)(struct super_block *sb, struct fs_context *fc));
int get_tree_nodev(struct fs_context *fc,
		   int (*fill_super)(struct super_block *sb, struct fs_context *fc));
int get_tree_single(struct fs_context *fc,
		    int (*fill_super)(struct super_block *sb, struct fs_context *fc));
int get_tree_bdev(struct fs_context *fc,
		  int (*fill_super)(struct super_block *sb, struct fs_context *fc));
int set_anon_super_fc(struct super_block *sb, struct fs_context *fc);
int reconfigure_super(struct fs_context *fc);

#define errorf(fc, fmt, ...)	pr_err("%s: " fmt "\n", (fc)->fs_type->name, ##__VA_ARGS__)
#define warnf(fc, fmt, ...)	pr_warn("%s: " fmt "\n", (fc)->fs_type->name, ##__VA_ARGS__)
#define infof(fc, fmt, ...)	pr_info("%s: " fmt "\n", (fc)->fs_type->name, ##__VA_ARGS__)
#define errorfc			errorf
#define warnfc			warnf
#define infofc			infof
#define invalfc			invalf
#define invalf(fc, fmt, ...)	(errorf(fc, fmt, ##__VA_ARGS__), -EINVAL)

#endif
