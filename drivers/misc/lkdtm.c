// SPDX-License-Identifier: MIT
/*
 * Crashes on purpose: to see what each kind of kernel mistake looks like, and to test that each is
 * noticed and explained. Under Linux's names of its test module:
 *
 *	cat /proc/provoke-crash			which there are
 *	echo EXHAUST_STACK > /proc/provoke-crash
 *
 * Only root may write there. Whatever follows is meant.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/sections.h>
#include "lkdtm.h"

static void lkdtm_PANIC(void)
{
	panic("provoked");
}

static void lkdtm_BUG(void)
{
	BUG();
}

static void lkdtm_WARNING(void)
{
	WARN(1, "provoked warning\n");
}

/* A null pointer, hidden from the compiler. */
static void lkdtm_EXCEPTION(void)
{
	int *p = NULL;

	OPTIMIZER_HIDE_VAR(p);
	*p = 1;
}

static noinline int recurse(int depth)
{
	volatile char frame[512];

	frame[0] = depth;
	return depth ? recurse(depth - 1) + frame[0] : 0;
}

static void lkdtm_EXHAUST_STACK(void)
{
	pr_info("%d\n", recurse(1000));
}

static void lkdtm_WRITE_RO(void)
{
	*(volatile char *)_stext = 0;
}

static void lkdtm_EXEC_DATA(void)
{
	static u32 data[] = { 0xd65f03c0 };	/* ret */
	void (*fn)(void) = (void *)data;

	fn();
}

/* The program's memory, not by way of copy_from_user(). */
static void lkdtm_ACCESS_USERSPACE(void)
{
	pr_info("%d\n", *(volatile char *)current->mm->arg_start);
}

static void lkdtm_SPINLOCKUP_SLEEP(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	schedule();
	spin_unlock(&lock);
}

static void lkdtm_SLAB_DOUBLE_FREE(void)
{
	void *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	kfree(p);
}

static void lkdtm_SLAB_OVERFLOW(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	if (p)
		p[64] = 1;
	kfree(p);
}

static const struct crashtype crashtypes[] = {
	CRASHTYPE(PANIC), CRASHTYPE(BUG), CRASHTYPE(WARNING), CRASHTYPE(EXCEPTION),
	CRASHTYPE(EXHAUST_STACK), CRASHTYPE(WRITE_RO), CRASHTYPE(EXEC_DATA),
	CRASHTYPE(ACCESS_USERSPACE), CRASHTYPE(SPINLOCKUP_SLEEP), CRASHTYPE(SLAB_DOUBLE_FREE),
	CRASHTYPE(SLAB_OVERFLOW),
	{ },
};

static const struct crashtype *const tables[] = {
	crashtypes, lkdtm_locks,
#if defined(CONFIG_KASAN) || defined(CONFIG_UBSAN)
	lkdtm_sanitize,
#endif
};

static int lkdtm_show(struct seq_file *m, void *v)
{
	const struct crashtype *type;
	int i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (type = tables[i]; type->name; type++)
			seq_printf(m, "%s\n", type->name);
	return 0;
}

static int lkdtm_open(struct inode *inode, struct file *file)
{
	return single_open(file, lkdtm_show, NULL);
}

static ssize_t lkdtm_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	const struct crashtype *type;
	char name[32];
	int i;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	name[count] = 0;
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		for (type = tables[i]; type->name; type++) {
			if (strcmp(strim(name), type->name))
				continue;
			pr_info("lkdtm: Performing direct entry %s\n", type->name);
			type->func();
			return count;
		}
	}
	return -EINVAL;
}

static const struct proc_ops lkdtm_ops = {
	.proc_open = lkdtm_open,
	.proc_read = seq_read,
	.proc_write = lkdtm_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init lkdtm_init(void)
{
	return proc_create("provoke-crash", 0600, NULL, &lkdtm_ops) ? 0 : -ENOMEM;
}
late_initcall(lkdtm_init);
