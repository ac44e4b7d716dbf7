/* SPDX-License-Identifier: MIT */
/*
 * Files in /sys: fs/sysfs/. A kobject is a folder there; its files are attributes, in groups. show() fills a page with
 * the text, sysfs_emit() helps; store() is given what was written, with a NUL behind it, and returns how
 * much of it was taken.
 */
#ifndef _LINUX_SYSFS_H
#define _LINUX_SYSFS_H

#include <linux/compiler.h>
#include <linux/stringify.h>
#include <linux/types.h>

struct kobject;

struct attribute {
	const char	*name;
	umode_t		mode;
};

struct attribute_group {
	const char	*name;		/* a folder of its own in the kobject's, or NULL */
	umode_t		(*is_visible)(struct kobject *kobj, struct attribute *attr, int n);	/* 0: not there */
	struct attribute **attrs;	/* NULL at the end */
};

struct sysfs_ops {
	ssize_t	(*show)(struct kobject *kobj, struct attribute *attr, char *buf);
	ssize_t	(*store)(struct kobject *kobj, struct attribute *attr, const char *buf, size_t count);
};

#define __ATTR(_name, _mode, _show, _store) {				\
	.attr = { .name = __stringify(_name), .mode = (_mode) },	\
	.show = (_show), .store = (_store),				\
}
#define __ATTR_RO(_name)	__ATTR(_name, 0444, _name##_show, NULL)
#define __ATTR_WO(_name)	__ATTR(_name, 0200, NULL, _name##_store)
#define __ATTR_RW(_name)	__ATTR(_name, 0644, _name##_show, _name##_store)

#define __ATTRIBUTE_GROUPS(_name)					\
static const struct attribute_group *_name##_groups[] = { &_name##_group, NULL }
#define ATTRIBUTE_GROUPS(_name)						\
static const struct attribute_group _name##_group = { .attrs = _name##_attrs };	\
__ATTRIBUTE_GROUPS(_name)

/* For kobject.c: the folder itself. */
int __must_check sysfs_create_dir(struct kobject *kobj);
void sysfs_remove_dir(struct kobject *kobj);

/* Attributes and groups must stay until they are removed, or the folder is; no show() runs after that. */
int __must_check sysfs_create_file(struct kobject *kobj, const struct attribute *attr);
void sysfs_remove_file(struct kobject *kobj, const struct attribute *attr);
int __must_check sysfs_create_group(struct kobject *kobj, const struct attribute_group *grp);
int __must_check sysfs_create_groups(struct kobject *kobj, const struct attribute_group **groups);
void sysfs_remove_group(struct kobject *kobj, const struct attribute_group *grp);
int __must_check sysfs_create_link(struct kobject *kobj, struct kobject *target, const char *name);
void sysfs_remove_link(struct kobject *kobj, const char *name);

__printf(2, 3) int sysfs_emit(char *buf, const char *fmt, ...);

#endif
