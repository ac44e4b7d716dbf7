/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_CDEV_H
#define _LINUX_CDEV_H

#include <linux/kdev_t.h>
#include <linux/list.h>
#include <linux/types.h>

struct file_operations;
struct inode;
struct module;

/* A driver's claim on a range of character device numbers. */
struct cdev {
	struct module			*owner;
	const struct file_operations	*ops;
	dev_t				dev;
	unsigned int			count;
	struct list_head		list;	/* chrdevs_lock */
	bool				allocated;
};

void cdev_init(struct cdev *cdev, const struct file_operations *fops);
struct cdev *cdev_alloc(void);
int cdev_add(struct cdev *cdev, dev_t dev, unsigned int count);
void cdev_del(struct cdev *cdev);

#endif
