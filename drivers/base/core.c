// SPDX-License-Identifier: MIT
/*
 * Devices and classes: device_create() gives a device a name, a node in /dev, and in /sys its folder and the links by
 * which it is found there:
 *
 *	/sys/devices/virtual/block/vda/		dev, uevent, what its driver adds, subsystem -> class/block
 *	/sys/class/block/vda, /sys/dev/block/254:0	-> the folder
 *
 * A class's lock guards the list of its devices.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static struct kobject *class_kobj, *virtual_kobj, *dev_kobj[2];	/* dev_kobj: char, block */

int class_register(struct class *cls)
{
	mutex_init(&cls->lock);
	INIT_LIST_HEAD(&cls->devices);
	cls->kobj = kobject_create_and_add(cls->name, class_kobj);
	cls->virtual = kobject_create_and_add(cls->name, virtual_kobj);
	if (cls->kobj && cls->virtual)
		return 0;
	kobject_put(cls->kobj);
	kobject_put(cls->virtual);
	return -ENOMEM;
}
EXPORT_SYMBOL(class_register);

/** class_unregister - the class goes; its devices have gone before */
void class_unregister(struct class *cls)
{
	WARN_ON(!list_empty(&cls->devices));
	kobject_put(cls->kobj);
	kobject_put(cls->virtual);
}
EXPORT_SYMBOL(class_unregister);

/** class_create - a class with nothing but a name, or an error pointer */
struct class *class_create(struct module *owner, const char *name)
{
	struct class *cls = kzalloc(sizeof(*cls), GFP_KERNEL);

	if (!cls)
		return ERR_PTR(-ENOMEM);
	cls->name = name;
	cls->owner = owner;
	if (class_register(cls)) {
		kfree(cls);
		return ERR_PTR(-ENOMEM);
	}
	return cls;
}
EXPORT_SYMBOL(class_create);

void class_destroy(struct class *cls)
{
	if (IS_ERR_OR_NULL(cls))
		return;
	class_unregister(cls);
	kfree(cls);
}
EXPORT_SYMBOL(class_destroy);

/* ------------------------------------------------------------------ a device's files in /sys */

static ssize_t dev_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u:%u\n", MAJOR(dev->devt), MINOR(dev->devt));
}

static ssize_t uevent_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "MAJOR=%u\nMINOR=%u\nDEVNAME=%s\n", MAJOR(dev->devt), MINOR(dev->devt), dev->name);
}

static DEVICE_ATTR_RO(dev);
static DEVICE_ATTR_RO(uevent);
static struct attribute *device_attrs[] = { &dev_attr_dev.attr, &dev_attr_uevent.attr, NULL };

static umode_t device_attr_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	return kobj_to_dev(kobj)->devt ? attr->mode : 0;
}

static const struct attribute_group device_group = { .attrs = device_attrs, .is_visible = device_attr_visible };
__ATTRIBUTE_GROUPS(device);

static ssize_t dev_attr_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	struct device_attribute *dattr = container_of(attr, struct device_attribute, attr);

	return dattr->show ? dattr->show(kobj_to_dev(kobj), dattr, buf) : -EIO;
}

static ssize_t dev_attr_store(struct kobject *kobj, struct attribute *attr, const char *buf, size_t count)
{
	struct device_attribute *dattr = container_of(attr, struct device_attribute, attr);

	return dattr->store ? dattr->store(kobj_to_dev(kobj), dattr, buf, count) : -EIO;
}

static const struct sysfs_ops dev_sysfs_ops = {
	.show	= dev_attr_show,
	.store	= dev_attr_store,
};

static void device_release(struct kobject *kobj)
{
	kfree(kobj_to_dev(kobj));
}

static const struct kobj_type device_ktype = {
	.release	= device_release,
	.sysfs_ops	= &dev_sysfs_ops,
	.default_groups	= device_groups,
};

/* "254:0" in /sys/dev/block or char */
static struct kobject *device_number_link(struct device *dev, char name[24])
{
	snprintf(name, 24, "%u:%u", MAJOR(dev->devt), MINOR(dev->devt));
	return dev_kobj[dev->class->block];
}

static void device_remove_links(struct device *dev)
{
	char name[24];

	sysfs_remove_link(dev->class->kobj, dev->name);
	if (dev->devt)
		sysfs_remove_link(device_number_link(dev, name), name);
}

static int device_add_links(struct device *dev)
{
	char name[24];
	int err = sysfs_create_link(&dev->kobj, dev->class->kobj, "subsystem");

	if (!err)
		err = sysfs_create_link(dev->class->kobj, &dev->kobj, dev->name);
	if (!err && dev->devt)
		err = sysfs_create_link(device_number_link(dev, name), &dev->kobj, name);
	return err;
}

/* ------------------------------------------------------------------ devices */

/* In /sys, and then in /dev: who finds the node finds the folder. */
static int device_add(struct device *dev, const struct attribute_group **groups)
{
	int err = kobject_add(&dev->kobj, dev->parent ? &dev->parent->kobj : dev->class->virtual, "%s", dev->name);

	if (err)
		return err;
	err = sysfs_create_groups(&dev->kobj, groups);
	if (!err)
		err = device_add_links(dev);
	if (!err && dev->devt)
		err = devtmpfs_create_node(dev);
	if (err)
		device_remove_links(dev);
	return err;
}

static struct device *device_create_vargs(struct class *cls, struct device *parent, dev_t devt, void *drvdata,
					  const struct attribute_group **groups, const char *fmt, va_list args)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int err = -ENAMETOOLONG;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	kobject_init(&dev->kobj, &device_ktype);
	dev->class = cls;
	dev->parent = parent;
	dev->devt = devt;
	dev->driver_data = drvdata;
	if (vsnprintf(dev->name, sizeof(dev->name), fmt, args) < (int)sizeof(dev->name))
		err = device_add(dev, groups);
	if (err) {
		kobject_put(&dev->kobj);
		return ERR_PTR(err);
	}
	mutex_lock(&cls->lock);
	list_add_tail(&dev->node, &cls->devices);
	mutex_unlock(&cls->lock);
	return dev;
}

/**
 * device_create - a device and its node in /dev
 * @parent: whose folder in /sys its own is in; NULL: that of virtual devices of the class
 * @devt: its number; 0: no node
 * @drvdata: for the driver
 * @fmt: its name, below /dev
 *
 * Returns it or an error pointer: -ENOMEM, -EEXIST when there is such a node. May sleep.
 */
struct device *device_create(struct class *cls, struct device *parent, dev_t devt, void *drvdata,
			     const char *fmt, ...)
{
	struct device *dev;
	va_list args;

	va_start(args, fmt);
	dev = device_create_vargs(cls, parent, devt, drvdata, NULL, fmt, args);
	va_end(args);
	return dev;
}

/** device_create_with_groups - the same, with more files in its folder (device_attributes) */
struct device *device_create_with_groups(struct class *cls, struct device *parent, dev_t devt, void *drvdata,
					 const struct attribute_group **groups, const char *fmt, ...)
{
	struct device *dev;
	va_list args;

	va_start(args, fmt);
	dev = device_create_vargs(cls, parent, devt, drvdata, groups, fmt, args);
	va_end(args);
	return dev;
}
EXPORT_SYMBOL(device_create);

/** device_destroy - takes the node and the device with that number away */
void device_destroy(struct class *cls, dev_t devt)
{
	struct device *dev, *found = NULL;

	mutex_lock(&cls->lock);
	list_for_each_entry(dev, &cls->devices, node) {
		if (dev->devt == devt) {
			found = dev;
			list_del(&dev->node);
			break;
		}
	}
	mutex_unlock(&cls->lock);
	if (!found)
		return;
	if (devt)
		devtmpfs_delete_node(found);
	device_remove_links(found);
	kobject_del(&found->kobj);
	kobject_put(&found->kobj);
}
EXPORT_SYMBOL(device_destroy);

static int __init devices_init(void)
{
	struct kobject *devices = kobject_create_and_add("devices", NULL);
	struct kobject *dev = kobject_create_and_add("dev", NULL);

	class_kobj = kobject_create_and_add("class", NULL);
	virtual_kobj = kobject_create_and_add("virtual", devices);
	dev_kobj[0] = kobject_create_and_add("char", dev);
	dev_kobj[1] = kobject_create_and_add("block", dev);
	if (!devices || !dev || !class_kobj || !virtual_kobj || !dev_kobj[0] || !dev_kobj[1])
		panic("no memory for /sys");
	return 0;
}
core_initcall(devices_init);
