// SPDX-License-Identifier: MIT
/*
 * Devices and classes: device_create() gives a device a name and a node in /dev. A class's lock
 * guards the list of its devices.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

int class_register(struct class *cls)
{
	mutex_init(&cls->lock);
	INIT_LIST_HEAD(&cls->devices);
	return 0;
}

/** class_unregister - the class goes; its devices have gone before */
void class_unregister(struct class *cls)
{
	WARN_ON(!list_empty(&cls->devices));
}

/** class_create - a class with nothing but a name, or an error pointer */
struct class *class_create(struct module *owner, const char *name)
{
	struct class *cls = kzalloc(sizeof(*cls), GFP_KERNEL);

	if (!cls)
		return ERR_PTR(-ENOMEM);
	cls->name = name;
	cls->owner = owner;
	class_register(cls);
	return cls;
}

void class_destroy(struct class *cls)
{
	if (IS_ERR_OR_NULL(cls))
		return;
	class_unregister(cls);
	kfree(cls);
}

/**
 * device_create - a device and its node in /dev
 * @devt: its number; 0: no node
 * @drvdata: for the driver
 * @fmt: its name, below /dev
 *
 * Returns it or an error pointer: -ENOMEM, -EEXIST when there is such a node. May sleep.
 */
struct device *device_create(struct class *cls, struct device *parent, dev_t devt, void *drvdata,
			     const char *fmt, ...)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	va_list args;
	int err;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev->class = cls;
	dev->parent = parent;
	dev->devt = devt;
	dev->driver_data = drvdata;
	va_start(args, fmt);
	err = vsnprintf(dev->name, sizeof(dev->name), fmt, args);
	va_end(args);
	if (err >= (int)sizeof(dev->name)) {
		kfree(dev);
		return ERR_PTR(-ENAMETOOLONG);
	}
	err = devt ? devtmpfs_create_node(dev) : 0;
	if (err) {
		kfree(dev);
		return ERR_PTR(err);
	}
	mutex_lock(&cls->lock);
	list_add_tail(&dev->node, &cls->devices);
	mutex_unlock(&cls->lock);
	return dev;
}

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
	kfree(found);
}
