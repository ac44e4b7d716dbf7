/* SPDX-License-Identifier: MIT */
/*
 * Things with a name, a parent and references, each a folder in /sys (fs/sysfs/kobject.c).
 *
 *	struct kobject *mine = kobject_create_and_add("mine", NULL);		/sys/mine
 *	sysfs_create_file(mine, &my_attribute.attr);				a struct kobj_attribute
 *	kobject_put(mine);							and it is gone
 *
 * or embedded in something else: kobject_init_and_add(), with a type that knows how to release it and whose
 * sysfs_ops find the thing by container_of().
 */
#ifndef _LINUX_KOBJECT_H
#define _LINUX_KOBJECT_H

#include <linux/compiler.h>
#include <linux/kref.h>
#include <linux/sysfs.h>

struct sysfs_dirent;

struct kobject {
	const char		*name;
	struct kobject		*parent;	/* holds a reference; NULL: directly in /sys */
	const struct kobj_type	*ktype;
	struct sysfs_dirent	*sd;		/* the folder, from kobject_add() to kobject_del() */
	struct kref		kref;
};

struct kobj_type {
	void (*release)(struct kobject *kobj);	/* with the last reference */
	const struct sysfs_ops *sysfs_ops;	/* of its files */
	const struct attribute_group **default_groups;
};

struct kobj_attribute {
	struct attribute attr;
	ssize_t (*show)(struct kobject *kobj, struct kobj_attribute *attr, char *buf);
	ssize_t (*store)(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count);
};

extern const struct sysfs_ops kobj_sysfs_ops;	/* for files that are kobj_attributes */

void kobject_init(struct kobject *kobj, const struct kobj_type *ktype);
__printf(3, 4) int __must_check kobject_add(struct kobject *kobj, struct kobject *parent, const char *fmt, ...);
__printf(4, 5) int __must_check kobject_init_and_add(struct kobject *kobj, const struct kobj_type *ktype,
						     struct kobject *parent, const char *fmt, ...);
struct kobject *__must_check kobject_create_and_add(const char *name, struct kobject *parent);
void kobject_del(struct kobject *kobj);
struct kobject *kobject_get(struct kobject *kobj);
void kobject_put(struct kobject *kobj);

static inline const char *kobject_name(const struct kobject *kobj)
{
	return kobj->name;
}

#endif
