/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_DEVICE_CLASS_H
#define _LINUX_DEVICE_CLASS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct device;
struct kobject;
struct module;

/* A kind of device. devnode may choose the node's path and mode; the path it returns is kfree'd. */
struct class {
	const char		*name;
	struct module		*owner;
	bool			block;		/* its nodes are block devices */
	char *(*devnode)(struct device *dev, umode_t *mode);
	struct kobject		*kobj, *virtual;	/* /sys/class/NAME, /sys/devices/virtual/NAME */
	struct mutex		lock;		/* guards devices */
	struct list_head	devices;
};

int class_register(struct class *cls);
void class_unregister(struct class *cls);
struct class *class_create(struct module *owner, const char *name);
void class_destroy(struct class *cls);

#endif
