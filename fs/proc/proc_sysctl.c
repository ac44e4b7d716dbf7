// SPDX-License-Identifier: MIT
/*
 * /proc/sys: files that show and set numbers of the kernel. Each entry of a table (register_sysctl_init())
 * is a file; its handler turns the number into text and back.
 *
 * Locking: none here. A number is read and written in one go, and whoever uses it reads it once.
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/proc_fs.h>
#include <linux/sysctl.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "internal.h"

const int sysctl_vals[] = { 0, 1, 2 };

/* ------------------------------------------------------------------ handlers */

static bool in_range(struct ctl_table *ctl, long long val, bool is_long)
{
	if (is_long)
		return (!ctl->extra1 || (unsigned long)val >= *(unsigned long *)ctl->extra1) &&
		       (!ctl->extra2 || (unsigned long)val <= *(unsigned long *)ctl->extra2);
	return (!ctl->extra1 || val >= *(int *)ctl->extra1) && (!ctl->extra2 || val <= *(int *)ctl->extra2);
}

static int vec_show(struct ctl_table *ctl, char *buffer, size_t *lenp, loff_t *ppos, bool is_long)
{
	int n = ctl->maxlen / (is_long ? sizeof(long) : sizeof(int)), len = 0;

	for (int i = 0; i < n && *ppos == 0; i++) {
		const char *sep = i + 1 < n ? "\t" : "\n";

		if (is_long)
			len += snprintf(buffer + len, *lenp - len, "%lu%s", ((unsigned long *)ctl->data)[i], sep);
		else
			len += snprintf(buffer + len, *lenp - len, "%d%s", ((int *)ctl->data)[i], sep);
		if (len >= *lenp) {
			len = *lenp;
			break;
		}
	}
	*lenp = len;
	return 0;
}

/* What is missing at the end of the text stays as it is. */
static int vec_store(struct ctl_table *ctl, char *buffer, bool is_long)
{
	int n = ctl->maxlen / (is_long ? sizeof(long) : sizeof(int));
	char *word;

	for (int i = 0; i < n && (word = strsep(&buffer, " \t\n")) != NULL; ) {
		unsigned long ul = 0;
		int val = 0;

		if (!*word)
			continue;
		if (is_long ? kstrtoul(word, 0, &ul) : kstrtoint(word, 0, &val))
			return -EINVAL;
		if (!in_range(ctl, is_long ? (long long)ul : val, is_long))
			return -EINVAL;
		if (is_long)
			WRITE_ONCE(((unsigned long *)ctl->data)[i++], ul);
		else
			WRITE_ONCE(((int *)ctl->data)[i++], val);
	}
	return 0;
}

/** proc_dointvec_minmax - one or more ints, each between *extra1 and *extra2; else -EINVAL */
int proc_dointvec_minmax(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	return write ? vec_store(ctl, buffer, false) : vec_show(ctl, buffer, lenp, ppos, false);
}

int proc_dointvec(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	return proc_dointvec_minmax(ctl, write, buffer, lenp, ppos);
}

int proc_doulongvec_minmax(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	return write ? vec_store(ctl, buffer, true) : vec_show(ctl, buffer, lenp, ppos, true);
}

/* ------------------------------------------------------------------ files */

static ssize_t proc_sys_read(struct file *file, char __user *ubuf, size_t count, loff_t *ppos)
{
	struct ctl_table *table = pde_data(file_inode(file));
	size_t len = min_t(size_t, count, PAGE_SIZE);
	char *buf = kmalloc(len + 1, GFP_KERNEL);
	ssize_t ret;

	if (!buf)
		return -ENOMEM;
	ret = table->proc_handler(table, 0, buf, &len, ppos);
	if (!ret)
		ret = copy_to_user(ubuf, buf, len) ? -EFAULT : len;
	if (ret > 0)
		*ppos += ret;
	kfree(buf);
	return ret;
}

static ssize_t proc_sys_write(struct file *file, const char __user *ubuf, size_t count, loff_t *ppos)
{
	struct ctl_table *table = pde_data(file_inode(file));
	size_t len = count;
	ssize_t ret;
	char *buf;

	if (count >= PAGE_SIZE)
		return -ENOMEM;
	buf = memdup_user_nul(ubuf, count);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	ret = table->proc_handler(table, 1, buf, &len, ppos);
	kfree(buf);
	return ret ? ret : count;
}

static const struct proc_ops proc_sys_ops = {
	.proc_read	= proc_sys_read,
	.proc_write	= proc_sys_write,
	.proc_lseek	= default_llseek,
};

/**
 * register_sysctl_init - files for a table, which stay for ever
 * @path: their folder below /proc/sys: "vm" or "kernel"
 *
 * From fs_initcall on, when those folders are there.
 */
void __init register_sysctl_init(const char *path, struct ctl_table *table)
{
	char name[64];

	for (; table->procname; table++) {
		snprintf(name, sizeof(name), "sys/%s/%s", path, table->procname);
		if (!proc_create_data(name, table->mode, NULL, &proc_sys_ops, table))
			panic("sysctl: cannot make /proc/%s", name);
	}
}
