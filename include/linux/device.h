/* SPDX-License-Identifier: MIT */
/* Devices and their classes: a node in /dev, and a folder in /sys. */
#ifndef _LINUX_DEVICE_H
#define _LINUX_DEVICE_H

#include <linux/compiler.h>
#include <linux/kdev_t.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/types.h>
#include <linux/device/class.h>

struct file;
struct module;

struct device {
	struct kobject		kobj;		/* /sys/devices/virtual/CLASS/NAME, or in the parent's folder */
	struct device		*parent;
	struct class		*class;
	dev_t			devt;
	void			*driver_data;
	struct list_head	node;		/* in the class's list */
	char			name[32];	/* its path below /dev */
};

struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *dev, struct device_attribute *attr, char *buf);
	ssize_t (*store)(struct device *dev, struct device_attribute *attr, const char *buf, size_t count);
};

#define DEVICE_ATTR_RO(_name)	struct device_attribute dev_attr_##_name = __ATTR_RO(_name)
#define DEVICE_ATTR_RW(_name)	struct device_attribute dev_attr_##_name = __ATTR_RW(_name)

static inline struct device *kobj_to_dev(struct kobject *kobj)
{
	return container_of(kobj, struct device, kobj);
}

__printf(6, 7)
struct device *device_create_with_groups(struct class *cls, struct device *parent, dev_t devt, void *drvdata,
					 const struct attribute_group **groups, const char *fmt, ...);
__printf(5, 6)
struct device *device_create(struct class *cls, struct device *parent, dev_t devt, void *drvdata,
			     const char *fmt, ...);
void device_destroy(struct class *cls, dev_t devt);

static inline const char *dev_name(const struct device *dev)
{
	return dev->name;
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

int devtmpfs_init(void);
int devtmpfs_mount(void);
int devtmpfs_create_node(struct device *dev);
int devtmpfs_delete_node(struct device *dev);

/* For devices without a class: a node in /dev with this name. mode holds S_IFCHR or S_IFBLK. */
int devtmpfs_add(const char *name, umode_t mode, dev_t devt);
int devtmpfs_remove(const char *name);
struct file *devtmpfs_open(const char *name, int flags);

#endif
