// SPDX-License-Identifier: MIT
/* The kernel's surroundings, as far as lib/ calls them: slab, printk; with failures on demand. */

#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/ktest.h>
#include <linux/maple_tree.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>

#include "host.h"
#include "kernel.h"

int locks_held, irqs_off;
unsigned int fail_percent;	/* of the allocations that may not sleep */
bool fail_sleeping;		/* and of those that may */
long objects;

struct kmem_cache {
	unsigned int size;
};

static void *allocate(size_t size, gfp_t gfp)
{
	char *p;

	if (gfpflags_allow_blocking(gfp)) {
		BUG_ON(locks_held || irqs_off);		/* it may sleep */
		if (fail_sleeping && host_random() % 100 < fail_percent)
			return NULL;
	} else if (host_random() % 100 < fail_percent) {
		return NULL;
	}
	p = host_malloc(size);
	if (p)
		memset(p, gfp & __GFP_ZERO ? 0 : 0x5a, size);
	return p;
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     unsigned int flags, void (*ctor)(void *))
{
	struct kmem_cache *cache = host_malloc(sizeof(*cache));

	cache->size = size;
	return cache;
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	void *obj = allocate(cache->size, gfp);

	objects += obj != NULL;
	return obj;
}

void kmem_cache_free(struct kmem_cache *cache, void *obj)
{
	objects--;
	host_free(obj);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	return allocate(size, gfp);
}

void kfree(const void *obj)
{
	host_free((void *)obj);
}

int _printk(const char *fmt, ...)
{
	char line[256];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	/* Without the level: a control character and a digit. */
	if (n >= 2 && line[0] == '\001')
		host_write(line + 2, n - 2);
	else
		host_write(line, n);
	return n;
}

void kernel_start(void)
{
	xarray_init();
	maple_tree_init();
}

/* In the kernel this tests memcpy() and its like in assembly; here the C library's stand in. */
int kernel_ktest(const char *filter)
{
	return ktest_run(filter);
}

/* kernel/kallsyms.c: there are no symbols here, so %pS prints the address. */
int sprint_symbol(char *buf, unsigned long addr)
{
	return sprintf(buf, "0x%lx", addr);
}

int sprint_symbol_no_offset(char *buf, unsigned long addr)
{
	return sprint_symbol(buf, addr);
}

int sprint_backtrace(char *buf, unsigned long addr)
{
	return sprint_symbol(buf, addr);
}
