// SPDX-License-Identifier: MIT
/* kobjects: names, references, and a folder in /sys for each. In Linux this is lib/kobject.c. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/string.h>

void kobject_init(struct kobject *kobj, const struct kobj_type *ktype)
{
	memset(kobj, 0, sizeof(*kobj));
	kref_init(&kobj->kref);
	kobj->ktype = ktype;
}

static int kobject_add_varg(struct kobject *kobj, struct kobject *parent, const char *fmt, va_list args)
{
	int err;

	kobj->name = kvasprintf(GFP_KERNEL, fmt, args);
	if (!kobj->name)
		return -ENOMEM;
	kobj->parent = kobject_get(parent);
	err = sysfs_create_dir(kobj);
	if (!err && kobj->ktype->default_groups) {
		err = sysfs_create_groups(kobj, kobj->ktype->default_groups);
		if (err)
			sysfs_remove_dir(kobj);
	}
	return err;
}

/**
 * kobject_add - gives an initialised kobject its name and its folder
 * @parent: in whose folder; NULL: directly in /sys
 *
 * Returns 0, -ENOMEM, or -EEXIST; then the caller drops his reference by kobject_put().
 */
int kobject_add(struct kobject *kobj, struct kobject *parent, const char *fmt, ...)
{
	va_list args;
	int err;

	va_start(args, fmt);
	err = kobject_add_varg(kobj, parent, fmt, args);
	va_end(args);
	return err;
}

int kobject_init_and_add(struct kobject *kobj, const struct kobj_type *ktype, struct kobject *parent,
			 const char *fmt, ...)
{
	va_list args;
	int err;

	kobject_init(kobj, ktype);
	va_start(args, fmt);
	err = kobject_add_varg(kobj, parent, fmt, args);
	va_end(args);
	return err;
}
EXPORT_SYMBOL(kobject_init_and_add);

/** kobject_del - takes the folder away; no show() or store() of it runs any more. May be called again */
void kobject_del(struct kobject *kobj)
{
	if (kobj)
		sysfs_remove_dir(kobj);
}
EXPORT_SYMBOL(kobject_del);

struct kobject *kobject_get(struct kobject *kobj)
{
	if (kobj)
		kref_get(&kobj->kref);
	return kobj;
}
EXPORT_SYMBOL(kobject_get);

static void kobject_release(struct kref *kref)
{
	struct kobject *kobj = container_of(kref, struct kobject, kref), *parent = kobj->parent;
	const char *name = kobj->name;

	kobject_del(kobj);
	if (kobj->ktype->release)
		kobj->ktype->release(kobj);
	kfree(name);
	kobject_put(parent);
}

/** kobject_put - drops a reference; with the last one the folder goes, and ->release() is called. May sleep */
void kobject_put(struct kobject *kobj)
{
	if (kobj)
		kref_put(&kobj->kref, kobject_release);
}
EXPORT_SYMBOL(kobject_put);

static ssize_t kobj_attr_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	struct kobj_attribute *kattr = container_of(attr, struct kobj_attribute, attr);

	return kattr->show ? kattr->show(kobj, kattr, buf) : -EIO;
}

static ssize_t kobj_attr_store(struct kobject *kobj, struct attribute *attr, const char *buf, size_t count)
{
	struct kobj_attribute *kattr = container_of(attr, struct kobj_attribute, attr);

	return kattr->store ? kattr->store(kobj, kattr, buf, count) : -EIO;
}

const struct sysfs_ops kobj_sysfs_ops = {
	.show	= kobj_attr_show,
	.store	= kobj_attr_store,
};

static void dynamic_kobj_release(struct kobject *kobj)
{
	kfree(kobj);
}

static const struct kobj_type dynamic_kobj_ktype = {
	.release	= dynamic_kobj_release,
	.sysfs_ops	= &kobj_sysfs_ops,
};

/** kobject_create_and_add - a folder, with kobj_attributes as its files; NULL if it cannot be made */
struct kobject *kobject_create_and_add(const char *name, struct kobject *parent)
{
	struct kobject *kobj = kzalloc(sizeof(*kobj), GFP_KERNEL);

	if (!kobj)
		return NULL;
	if (kobject_init_and_add(kobj, &dynamic_kobj_ktype, parent, "%s", name)) {
		kobject_put(kobj);
		return NULL;
	}
	return kobj;
}
EXPORT_SYMBOL(kobject_create_and_add);
