// SPDX-License-Identifier: MIT
/*
 * Copies of strings and buffers, in kmalloc'ed memory; and how much memory mappings may promise.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/sysctl.h>
#include <linux/uaccess.h>

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *p = kmalloc(len, gfp);

	return p ? memcpy(p, src, len) : NULL;
}
EXPORT_SYMBOL(kmemdup);

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup(s, strlen(s) + 1, gfp) : NULL;
}
EXPORT_SYMBOL(kstrdup);

/* At most max bytes of s, always terminated. */
char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	size_t len = strnlen(s, max);
	char *p = kmalloc(len + 1, gfp);

	if (p) {
		memcpy(p, s, len);
		p[len] = 0;
	}
	return p;
}
EXPORT_SYMBOL(kstrndup);

/* ERR_PTR(-ENOMEM) or ERR_PTR(-EFAULT) */
void *memdup_user(const void __user *src, size_t len)
{
	void *p = kmalloc(len, GFP_USER);

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(p, src, len)) {
		kfree(p);
		return ERR_PTR(-EFAULT);
	}
	return p;
}
EXPORT_SYMBOL(memdup_user);

/* The same, with a NUL behind it. */
void *memdup_user_nul(const void __user *src, size_t len)
{
	char *p = kmalloc(len + 1, GFP_USER);

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(p, src, len)) {
		kfree(p);
		return ERR_PTR(-EFAULT);
	}
	p[len] = 0;
	return p;
}
EXPORT_SYMBOL(memdup_user_nul);

/* A string of at most n bytes with its NUL; -EINVAL when it is longer. */
char *strndup_user(const char __user *s, long n)
{
	long len = strnlen_user(s, n);
	char *p;

	if (!len)
		return ERR_PTR(-EFAULT);
	if (len > n)
		return ERR_PTR(-EINVAL);
	p = memdup_user(s, len);
	if (!IS_ERR(p))
		p[len - 1] = 0;		/* another thread may have written meanwhile */
	return p;
}
EXPORT_SYMBOL(strndup_user);

/* ------------------------------------------------------------------ overcommit */

/*
 * Each page that a mapping may come to have of its own is charged when the promise is made: private
 * writable regions (VM_ACCOUNT), and the files of mm/shmem.c. What is charged in all may be more than there
 * is memory, as most promises are never called in; how much more, these say.
 */
int sysctl_overcommit_memory = OVERCOMMIT_GUESS;
int sysctl_overcommit_ratio = 50;			/* OVERCOMMIT_NEVER: percent of RAM */
unsigned long sysctl_overcommit_kbytes;			/* or, if not 0, this many KiB */
unsigned long sysctl_user_reserve_kbytes = 1UL << 17;	/* so that one process leaves room to end it */
unsigned long sysctl_admin_reserve_kbytes = 1UL << 13;	/* so that root can log in and do so */

atomic_long_t vm_committed_as;

/** vm_commit_limit - pages that may be charged in all under OVERCOMMIT_NEVER */
unsigned long vm_commit_limit(void)
{
	unsigned long kbytes = READ_ONCE(sysctl_overcommit_kbytes);

	if (kbytes)
		return kbytes >> (PAGE_SHIFT - 10);
	return (totalram_pages() - hugetlb_total_pages()) * READ_ONCE(sysctl_overcommit_ratio) / 100 + READ_ONCE(total_swap_pages);
}

/**
 * __vm_enough_memory - charges @pages, if they may be
 * @mm: of whom; NULL for the kernel
 * @cap_sys_admin: what is reserved for root may be used
 *
 * 0, or -ENOMEM and nothing is charged. Gives no memory: that comes by page faults, or does not.
 */
int __vm_enough_memory(struct mm_struct *mm, long pages, int cap_sys_admin)
{
	int policy = READ_ONCE(sysctl_overcommit_memory);
	long allowed;

	vm_acct_memory(pages);
	if (policy == OVERCOMMIT_ALWAYS)
		return 0;
	if (policy == OVERCOMMIT_GUESS) {
		if (pages <= totalram_pages() + READ_ONCE(total_swap_pages))
			return 0;
		goto error;
	}
	allowed = vm_commit_limit();
	if (!cap_sys_admin)
		allowed -= READ_ONCE(sysctl_admin_reserve_kbytes) >> (PAGE_SHIFT - 10);
	if (mm)
		allowed -= min(mm->total_vm / 32, READ_ONCE(sysctl_user_reserve_kbytes) >> (PAGE_SHIFT - 10));
	if (atomic_long_read(&vm_committed_as) < allowed)
		return 0;
error:
	vm_unacct_memory(pages);
	return -ENOMEM;
}

/* Of the two ways to give the limit the one that was set last holds. */
static int overcommit_ratio_handler(struct ctl_table *table, int write, void *buffer, size_t *lenp,
				    loff_t *ppos)
{
	int err = proc_dointvec_minmax(table, write, buffer, lenp, ppos);

	if (!err && write)
		WRITE_ONCE(sysctl_overcommit_kbytes, 0);
	return err;
}

static int overcommit_kbytes_handler(struct ctl_table *table, int write, void *buffer, size_t *lenp,
				     loff_t *ppos)
{
	int err = proc_doulongvec_minmax(table, write, buffer, lenp, ppos);

	if (!err && write)
		WRITE_ONCE(sysctl_overcommit_ratio, 0);
	return err;
}

static struct ctl_table overcommit_table[] = {
	{ "overcommit_memory", &sysctl_overcommit_memory, sizeof(int), 0644, proc_dointvec_minmax,
	  SYSCTL_ZERO, SYSCTL_TWO },
	{ "overcommit_ratio", &sysctl_overcommit_ratio, sizeof(int), 0644, overcommit_ratio_handler,
	  SYSCTL_ZERO, NULL },
	{ "overcommit_kbytes", &sysctl_overcommit_kbytes, sizeof(long), 0644, overcommit_kbytes_handler,
	  NULL, NULL },
	{ "user_reserve_kbytes", &sysctl_user_reserve_kbytes, sizeof(long), 0644, proc_doulongvec_minmax,
	  NULL, NULL },
	{ "admin_reserve_kbytes", &sysctl_admin_reserve_kbytes, sizeof(long), 0644, proc_doulongvec_minmax,
	  NULL, NULL },
	{ "max_map_count", &sysctl_max_map_count, sizeof(int), 0644, proc_dointvec_minmax, SYSCTL_ZERO, NULL },
	{ }
};

static int __init overcommit_init(void)
{
	unsigned long free_kbytes = nr_free_pages() << (PAGE_SHIFT - 10);

	sysctl_user_reserve_kbytes = min(free_kbytes / 32, sysctl_user_reserve_kbytes);
	sysctl_admin_reserve_kbytes = min(free_kbytes / 32, sysctl_admin_reserve_kbytes);
	register_sysctl_init("vm", overcommit_table);
	return 0;
}
device_initcall(overcommit_init);
