// SPDX-License-Identifier: MIT
/*
 * Character devices: which driver a device number belongs to.
 *
 * Opening a character special file comes to chrdev_open(), which finds the driver's cdev by the
 * inode's number and puts the driver's file_operations into the open file. chrdevs_lock guards the
 * list of regions and of cdevs.
 */
#include <linux/cdev.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

/* A range of numbers that a driver has reserved, sorted by the first. */
struct char_device_region {
	struct list_head	list;
	dev_t			first;
	unsigned int		count;
	char			name[64];
	struct cdev		*cdev;		/* the one that __register_chrdev() made */
};

static DEFINE_MUTEX(chrdevs_lock);
static LIST_HEAD(chrdev_regions);
static LIST_HEAD(cdevs);

/* ------------------------------------------------------------------ regions of numbers */

static bool overlaps(dev_t a, unsigned int na, dev_t b, unsigned int nb)
{
	return a < b + nb && b < a + na;
}

/* chrdevs_lock held */
static int add_region(struct char_device_region *new)
{
	struct char_device_region *r;

	if (new->count > MINORMASK + 1 - MINOR(new->first))
		return -EINVAL;
	list_for_each_entry(r, &chrdev_regions, list) {
		if (overlaps(r->first, r->count, new->first, new->count))
			return -EBUSY;
		if (r->first > new->first)
			break;
	}
	list_add_tail(&new->list, &r->list);
	return 0;
}

/* A major number that nobody uses, from 254 downwards as in Linux. chrdevs_lock held. */
static int find_dynamic_major(void)
{
	for (int major = 254; major >= 234; major--) {
		struct char_device_region *r;
		bool used = false;

		list_for_each_entry(r, &chrdev_regions, list)
			used |= MAJOR(r->first) == (unsigned int)major;
		if (!used)
			return major;
	}
	return -EBUSY;
}

/* Reserves numbers; major 0 picks one. */
static struct char_device_region *reserve(unsigned int major, unsigned int baseminor,
					  unsigned int count, const char *name)
{
	struct char_device_region *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int err = 0;

	if (!r)
		return ERR_PTR(-ENOMEM);
	strscpy(r->name, name, sizeof(r->name));
	mutex_lock(&chrdevs_lock);
	if (!major) {
		err = find_dynamic_major();
		major = err;
	}
	if (err >= 0) {
		r->first = MKDEV(major, baseminor);
		r->count = count;
		err = major < CHRDEV_MAJOR_MAX ? add_region(r) : -EINVAL;
	}
	mutex_unlock(&chrdevs_lock);
	if (err) {
		kfree(r);
		return ERR_PTR(err);
	}
	return r;
}

/** register_chrdev_region - reserves @count numbers from @from on; -EBUSY if one is taken */
int register_chrdev_region(dev_t from, unsigned int count, const char *name)
{
	return PTR_ERR_OR_ZERO(reserve(MAJOR(from), MINOR(from), count, name));
}
EXPORT_SYMBOL(register_chrdev_region);

/** alloc_chrdev_region - reserves numbers of a major that is free; the first one in *@dev */
int alloc_chrdev_region(dev_t *dev, unsigned int baseminor, unsigned int count, const char *name)
{
	struct char_device_region *r = reserve(0, baseminor, count, name);

	if (IS_ERR(r))
		return PTR_ERR(r);
	*dev = r->first;
	return 0;
}
EXPORT_SYMBOL(alloc_chrdev_region);

void unregister_chrdev_region(dev_t from, unsigned int count)
{
	struct char_device_region *r, *next;

	mutex_lock(&chrdevs_lock);
	list_for_each_entry_safe(r, next, &chrdev_regions, list) {
		if (r->first == from && r->count == count) {
			list_del(&r->list);
			kfree(r);
		}
	}
	mutex_unlock(&chrdevs_lock);
}
EXPORT_SYMBOL(unregister_chrdev_region);

/** __register_chrdev - numbers and driver in one; returns 0, or the major if @major was 0 */
int __register_chrdev(unsigned int major, unsigned int baseminor, unsigned int count,
		      const char *name, const struct file_operations *fops)
{
	struct char_device_region *r = reserve(major, baseminor, count, name);
	struct cdev *cdev;
	int err = -ENOMEM;

	if (IS_ERR(r))
		return PTR_ERR(r);
	cdev = cdev_alloc();
	if (!cdev)
		goto out;
	cdev->ops = fops;
	err = cdev_add(cdev, r->first, count);
	if (err)
		goto out_cdev;
	r->cdev = cdev;
	return major ? 0 : MAJOR(r->first);
out_cdev:
	kfree(cdev);
out:
	unregister_chrdev_region(r->first, count);
	return err;
}
EXPORT_SYMBOL(__register_chrdev);

void __unregister_chrdev(unsigned int major, unsigned int baseminor, unsigned int count,
			 const char *name)
{
	struct char_device_region *r;
	dev_t first = MKDEV(major, baseminor);

	mutex_lock(&chrdevs_lock);
	list_for_each_entry(r, &chrdev_regions, list)
		if (r->first == first && r->count == count)
			break;
	mutex_unlock(&chrdevs_lock);
	if (&r->list == &chrdev_regions)
		return;
	if (r->cdev)
		cdev_del(r->cdev);
	unregister_chrdev_region(first, count);
}
EXPORT_SYMBOL(__unregister_chrdev);

/* The character part of /proc/devices. */
int chrdev_show(struct seq_file *m)
{
	struct char_device_region *r;

	mutex_lock(&chrdevs_lock);
	list_for_each_entry(r, &chrdev_regions, list)
		seq_printf(m, "%3u %s\n", MAJOR(r->first), r->name);
	mutex_unlock(&chrdevs_lock);
	return 0;
}

/* ------------------------------------------------------------------ drivers */

void cdev_init(struct cdev *cdev, const struct file_operations *fops)
{
	memset(cdev, 0, sizeof(*cdev));
	INIT_LIST_HEAD(&cdev->list);
	cdev->ops = fops;
}
EXPORT_SYMBOL(cdev_init);

struct cdev *cdev_alloc(void)
{
	struct cdev *cdev = kmalloc(sizeof(*cdev), GFP_KERNEL);

	if (cdev) {
		cdev_init(cdev, NULL);
		cdev->allocated = true;
	}
	return cdev;
}
EXPORT_SYMBOL(cdev_alloc);

/** cdev_add - from now on opens of these numbers come to the driver */
int cdev_add(struct cdev *cdev, dev_t dev, unsigned int count)
{
	cdev->dev = dev;
	cdev->count = count;
	mutex_lock(&chrdevs_lock);
	list_add_tail(&cdev->list, &cdevs);
	mutex_unlock(&chrdevs_lock);
	return 0;
}
EXPORT_SYMBOL(cdev_add);

/** cdev_del - no new opens; files that are open stay with the driver */
void cdev_del(struct cdev *cdev)
{
	mutex_lock(&chrdevs_lock);
	list_del_init(&cdev->list);
	mutex_unlock(&chrdevs_lock);
	if (cdev->allocated)
		kfree(cdev);
}
EXPORT_SYMBOL(cdev_del);

/* The driver's operations, with a reference on its module: the cdev may be gone at once. */
static const struct file_operations *cdev_get_fops(dev_t dev, struct inode *inode)
{
	const struct file_operations *found = NULL;
	struct cdev *cdev;

	mutex_lock(&chrdevs_lock);
	list_for_each_entry(cdev, &cdevs, list) {
		if (dev - cdev->dev < cdev->count && dev >= cdev->dev) {
			found = fops_get(cdev->ops);
			inode->i_cdev = cdev;
			break;
		}
	}
	mutex_unlock(&chrdevs_lock);
	return found;
}

static int chrdev_open(struct inode *inode, struct file *filp)
{
	const struct file_operations *fops = cdev_get_fops(inode->i_rdev, inode);

	if (!fops)
		return -ENXIO;
	replace_fops(filp, fops);
	return filp->f_op->open ? filp->f_op->open(inode, filp) : 0;
}

const struct file_operations def_chr_fops = {
	.open	= chrdev_open,
	.llseek	= noop_llseek,
};
