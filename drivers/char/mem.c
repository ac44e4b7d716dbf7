// SPDX-License-Identifier: MIT
/* /dev/null, zero, full; and the numbers and nodes of random and urandom, which are in random.c. */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/major.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/shmem_fs.h>
#include <linux/uio.h>
#include "mem.h"

static ssize_t read_iter_null(struct kiocb *iocb, struct iov_iter *to)
{
	return 0;
}

static ssize_t write_iter_null(struct kiocb *iocb, struct iov_iter *from)
{
	size_t count = iov_iter_count(from);

	iov_iter_advance(from, count);
	return count;
}

static ssize_t read_iter_zero(struct kiocb *iocb, struct iov_iter *iter)
{
	ssize_t written = 0;

	while (iov_iter_count(iter)) {
		size_t chunk = min_t(size_t, iov_iter_count(iter), PAGE_SIZE);
		size_t n = iov_iter_zero(chunk, iter);

		written += n;
		if (n < chunk)
			return written ?: -EFAULT;
		/* A gigabyte of zeroes must not keep a signal waiting. */
		if (signal_pending(current))
			return written;
		cond_resched();
	}
	return written;
}

static ssize_t write_iter_full(struct kiocb *iocb, struct iov_iter *from)
{
	return -ENOSPC;
}

/* Mapping /dev/zero is the old way to ask for anonymous memory. */
static int mmap_zero(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_SHARED)
		return shmem_zero_setup(vma);
	vma->vm_ops = NULL;
	return 0;
}

static const struct file_operations null_fops = {
	.llseek		= noop_llseek,
	.read_iter	= read_iter_null,
	.write_iter	= write_iter_null,
};

static const struct file_operations zero_fops = {
	.llseek		= noop_llseek,
	.read_iter	= read_iter_zero,
	.write_iter	= write_iter_null,
	.mmap		= mmap_zero,
};

static const struct file_operations full_fops = {
	.llseek		= noop_llseek,
	.read_iter	= read_iter_zero,
	.write_iter	= write_iter_full,
};

/* By minor number, as Linux has them. */
static const struct memdev {
	const char			*name;
	umode_t				mode;
	const struct file_operations	*fops;
} devlist[] = {
	[3] = { "null", 0666, &null_fops },
	[5] = { "zero", 0666, &zero_fops },
	[7] = { "full", 0666, &full_fops },
	[8] = { "random", 0666, &random_fops },
	[9] = { "urandom", 0666, &urandom_fops },
};

static int memory_open(struct inode *inode, struct file *filp)
{
	unsigned int minor = iminor(inode);

	if (minor >= ARRAY_SIZE(devlist) || !devlist[minor].fops)
		return -ENXIO;
	filp->f_op = devlist[minor].fops;
	return filp->f_op->open ? filp->f_op->open(inode, filp) : 0;
}

static const struct file_operations memory_fops = {
	.open	= memory_open,
	.llseek	= noop_llseek,
};

static char *mem_devnode(struct device *dev, umode_t *mode)
{
	if (mode)
		*mode = devlist[MINOR(dev->devt)].mode;
	return NULL;
}

static struct class mem_class = {
	.name		= "mem",
	.devnode	= mem_devnode,
};

static int __init chr_dev_init(void)
{
	int err = register_chrdev(MEM_MAJOR, "mem", &memory_fops);

	if (err)
		return err;
	class_register(&mem_class);
	for (unsigned int minor = 0; minor < ARRAY_SIZE(devlist); minor++) {
		struct device *dev;

		if (!devlist[minor].name)
			continue;
		dev = device_create(&mem_class, NULL, MKDEV(MEM_MAJOR, minor), NULL, "%s",
				    devlist[minor].name);
		if (IS_ERR(dev))
			return PTR_ERR(dev);
	}
	return 0;
}
fs_initcall(chr_dev_init);
