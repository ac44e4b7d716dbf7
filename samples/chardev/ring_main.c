// SPDX-License-Identifier: MIT
/*
 * A character device, /dev/ring: what is written to it can be read, once. Who reads waits for bytes, who writes
 * for room, unless he opened it with O_NONBLOCK.
 *
 * .owner in the operations makes an open file hold the module: rmmod says that it is busy. ring_mutex
 * guards the buffer and the filter; it is not held while somebody waits.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include "ring.h"

static unsigned int size = 4096;
module_param(size, uint, 0444);
MODULE_PARM_DESC(size, "bytes that the buffer holds");

static DEFINE_MUTEX(ring_mutex);
static DECLARE_WAIT_QUEUE_HEAD(ring_wait);
static struct ring ring;
static char (*ring_filter)(char c);

static dev_t ring_dev;
static struct cdev ring_cdev;
static struct class *ring_class;

int ring_set_filter(char (*filter)(char c))
{
	int err;

	mutex_lock(&ring_mutex);
	err = ring_filter ? -EBUSY : 0;
	if (!err)
		ring_filter = filter;
	mutex_unlock(&ring_mutex);
	return err;
}
EXPORT_SYMBOL(ring_set_filter);

/* After it nobody is in the filter any more: it is called with the mutex held. */
void ring_clear_filter(void)
{
	mutex_lock(&ring_mutex);
	ring_filter = NULL;
	mutex_unlock(&ring_mutex);
}
EXPORT_SYMBOL(ring_clear_filter);

/*
 * Both directions: bytes go through a page of our own, since user memory may not be there, and getting it may
 * sleep. Returns with at least one byte moved, or an error.
 */
static ssize_t ring_move(struct file *file, char __user *to, const char __user *from, size_t n)
{
	char *page = (char *)__get_free_page(GFP_KERNEL);
	ssize_t ret = -EFAULT;
	size_t moved;

	if (!page)
		return -ENOMEM;
	n = min(n, PAGE_SIZE);
	if (from && copy_from_user(page, from, n))
		goto out;
	for (;;) {
		mutex_lock(&ring_mutex);
		for (size_t i = 0; from && ring_filter && i < n && i < ring.size - ring.used; i++)
			page[i] = ring_filter(page[i]);
		moved = from ? ring_put(&ring, page, n) : ring_take(&ring, page, n);
		mutex_unlock(&ring_mutex);
		if (moved || !n)
			break;
		ret = -EAGAIN;
		if (file->f_flags & O_NONBLOCK)
			goto out;
		ret = -ERESTARTSYS;
		if (wait_event_interruptible(ring_wait, READ_ONCE(ring.used) != (from ? ring.size : 0)))
			goto out;
	}
	wake_up_interruptible(&ring_wait);
	ret = to && copy_to_user(to, page, moved) ? -EFAULT : moved;
out:
	free_page((unsigned long)page);
	return ret;
}

static ssize_t ring_read(struct file *file, char __user *buf, size_t n, loff_t *pos)
{
	return ring_move(file, buf, NULL, n);
}

static ssize_t ring_write(struct file *file, const char __user *buf, size_t n, loff_t *pos)
{
	return ring_move(file, NULL, buf, n);
}

static __poll_t ring_poll(struct file *file, struct poll_table_struct *wait)
{
	__poll_t mask = 0;

	poll_wait(file, &ring_wait, wait);
	mutex_lock(&ring_mutex);
	if (ring.used)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (ring.used < ring.size)
		mask |= EPOLLOUT | EPOLLWRNORM;
	mutex_unlock(&ring_mutex);
	return mask;
}

static const struct file_operations ring_fops = {
	.owner	= THIS_MODULE,
	.read	= ring_read,
	.write	= ring_write,
	.poll	= ring_poll,
	.llseek	= no_llseek,
};

static int __init ring_init(void)
{
	struct device *device;
	int err;

	if (!size)
		return -EINVAL;
	err = ring_alloc(&ring, size);
	if (err)
		return err;
	err = alloc_chrdev_region(&ring_dev, 0, 1, "ring");
	if (err)
		goto free_ring;
	cdev_init(&ring_cdev, &ring_fops);
	ring_cdev.owner = THIS_MODULE;
	err = cdev_add(&ring_cdev, ring_dev, 1);
	if (err)
		goto free_region;
	ring_class = class_create(THIS_MODULE, "ring");
	if (IS_ERR(ring_class)) {
		err = PTR_ERR(ring_class);
		goto del_cdev;
	}
	device = device_create(ring_class, NULL, ring_dev, NULL, "ring");
	if (IS_ERR(device)) {
		err = PTR_ERR(device);
		goto destroy_class;
	}
	return 0;

destroy_class:
	class_destroy(ring_class);
del_cdev:
	cdev_del(&ring_cdev);
free_region:
	unregister_chrdev_region(ring_dev, 1);
free_ring:
	ring_free(&ring);
	return err;
}

static void __exit ring_exit(void)
{
	device_destroy(ring_class, ring_dev);
	class_destroy(ring_class);
	cdev_del(&ring_cdev);
	unregister_chrdev_region(ring_dev, 1);
	ring_free(&ring);
}

module_init(ring_init);
module_exit(ring_exit);

MODULE_LICENSE("MIT");
MODULE_DESCRIPTION("A character device");
