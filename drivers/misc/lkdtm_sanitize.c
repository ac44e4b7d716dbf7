// SPDX-License-Identifier: MIT
/*
 * Mistakes on purpose that the compiler's checks find, and nothing else would: part of
 * /proc/provoke-crash (lkdtm.c) in kernels built with KASAN=1 or UBSAN=1.
 *
 * Each is done as a careless programmer would do it; volatile and OPTIMIZER_HIDE_VAR() only keep the
 * compiler from seeing through it.
 */
#include <linux/kernel.h>
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <asm/processor.h>
#include "lkdtm.h"

#ifdef CONFIG_KASAN

/* Functions of their own, to be seen in the traces. */
static noinline volatile char *lkdtm_object(size_t size)
{
	char *p = kmalloc(size, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	return p;
}

static noinline void lkdtm_drop(volatile char *p)
{
	kfree((char *)p);
}

/* Not at the start of a slab: there the frame before it is another's. */
static volatile char *lkdtm_inner_object(size_t size)
{
	volatile char *first = lkdtm_object(size), *p = lkdtm_object(size);

	if (((unsigned long)p & ~PAGE_MASK) == 0)
		swap(first, p);
	lkdtm_drop(first);
	return p;
}

/* By one byte, to which no object of the size's cache would be too small. */
static void lkdtm_SLAB_LINEAR_OVERFLOW(void)
{
	volatile char *p = lkdtm_object(61);

	if (p)
		p[61] = 'x';
	lkdtm_drop(p);
}

static void lkdtm_SLAB_LINEAR_UNDERFLOW(void)
{
	volatile char *p = lkdtm_inner_object(64);

	if (p)
		pr_info("%d\n", p[-1]);
	lkdtm_drop(p);
}

static void lkdtm_KMALLOC_LARGE_OVERFLOW(void)
{
	size_t size = KMALLOC_MAX_SIZE + 100;
	volatile char *p = lkdtm_object(size);

	if (p)
		p[size] = 'x';
	lkdtm_drop(p);
}

static void lkdtm_READ_AFTER_FREE(void)
{
	volatile u64 *p = (volatile u64 *)lkdtm_object(192);

	lkdtm_drop((volatile char *)p);
	if (p)
		pr_info("%llx\n", p[20]);
}

static void lkdtm_WRITE_AFTER_FREE(void)
{
	volatile u32 *p = (volatile u32 *)lkdtm_object(40);

	lkdtm_drop((volatile char *)p);
	if (p)
		p[1] = 1;
}

static void lkdtm_ATOMIC_AFTER_FREE(void)
{
	atomic_t *p = (atomic_t *)lkdtm_object(40);

	lkdtm_drop((volatile char *)p);
	if (p)
		atomic_inc(p);
}

static void lkdtm_MEMSET_AFTER_FREE(void)
{
	volatile char *p = lkdtm_object(128);
	size_t n = 100;

	OPTIMIZER_HIDE_VAR(n);
	lkdtm_drop(p);
	if (p)
		memset((char *)p, 0, n);
}

static void lkdtm_SLAB_FREE_INVALID(void)
{
	volatile char *p = lkdtm_object(64);

	if (p)
		lkdtm_drop(p + 8);
}

/* The kernel's own buffer is too short; the program's address does not matter. */
static void lkdtm_COPY_TO_USER_OVERFLOW(void)
{
	volatile char *p = lkdtm_object(64);

	if (p && copy_to_user((void __user *)8, (char *)p, 65))
		pr_info("not copied\n");
	lkdtm_drop(p);
}

static void lkdtm_STACK_LINEAR_OVERFLOW(void)
{
	volatile char numbers[10];
	volatile int i = ARRAY_SIZE(numbers);
	volatile char *p = numbers;

	numbers[0] = 0;
	OPTIMIZER_HIDE_VAR(p);
	p[i] = 1;
}

static volatile char lkdtm_table[13];

static void lkdtm_GLOBAL_LINEAR_OVERFLOW(void)
{
	volatile char *p = lkdtm_table;

	OPTIMIZER_HIDE_VAR(p);
	pr_info("%d\n", p[sizeof(lkdtm_table)]);
}

static void lkdtm_VMALLOC_LINEAR_OVERFLOW(void)
{
	volatile char *p = vmalloc(5000);

	if (p)
		p[5000] = 1;
	vfree((char *)p);
}

static void lkdtm_READ_BUDDY_AFTER_FREE(void)
{
	volatile char *p = (char *)__get_free_page(GFP_KERNEL);

	free_page((unsigned long)p);
	if (p)
		pr_info("%d\n", p[100]);
}

static void lkdtm_WILD_ACCESS(void)
{
	volatile char *p = (char *)PAGE_OFFSET + (1UL << 40);

	OPTIMIZER_HIDE_VAR(p);
	pr_info("%d\n", *p);
}

#endif

#ifdef CONFIG_UBSAN

static void lkdtm_SHIFT_OUT_OF_BOUNDS(void)
{
	volatile int places = 32;

	pr_info("%x\n", 1U << places);
}

static void lkdtm_SHIFT_NEGATIVE(void)
{
	volatile int places = -1;

	pr_info("%lx\n", 1UL << places);
}

static void lkdtm_ARRAY_BOUNDS(void)
{
	static struct { int before; char array[4]; int behind; } s;
	volatile int i = 4;

	s.array[i] = 1;
	pr_info("%d\n", s.behind);
}

static void lkdtm_DIVISION_OVERFLOW(void)
{
	volatile int dividend = 7, divisor = 0;

	pr_info("%d\n", dividend / divisor);
}

static void lkdtm_INVALID_BOOL(void)
{
	static union { char c; bool b; } u;

	*(volatile char *)&u.c = 3;
	pr_info("%d\n", *(volatile bool *)&u.b);
}

static noinline int lkdtm_kind(int i)
{
	switch (i) {
	case 1: return 10;
	case 2: return 20;
	}
	unreachable();
}

static void lkdtm_UNREACHABLE(void)
{
	volatile int i = 3;

	pr_info("%d\n", lkdtm_kind(i));
}

#endif

const struct crashtype lkdtm_sanitize[] = {
#ifdef CONFIG_KASAN
	CRASHTYPE(SLAB_LINEAR_OVERFLOW), CRASHTYPE(SLAB_LINEAR_UNDERFLOW),
	CRASHTYPE(KMALLOC_LARGE_OVERFLOW), CRASHTYPE(READ_AFTER_FREE), CRASHTYPE(WRITE_AFTER_FREE),
	CRASHTYPE(ATOMIC_AFTER_FREE), CRASHTYPE(MEMSET_AFTER_FREE), CRASHTYPE(SLAB_FREE_INVALID),
	CRASHTYPE(COPY_TO_USER_OVERFLOW), CRASHTYPE(STACK_LINEAR_OVERFLOW),
	CRASHTYPE(GLOBAL_LINEAR_OVERFLOW), CRASHTYPE(VMALLOC_LINEAR_OVERFLOW),
	CRASHTYPE(READ_BUDDY_AFTER_FREE), CRASHTYPE(WILD_ACCESS),
#endif
#ifdef CONFIG_UBSAN
	CRASHTYPE(SHIFT_OUT_OF_BOUNDS), CRASHTYPE(SHIFT_NEGATIVE), CRASHTYPE(ARRAY_BOUNDS),
	CRASHTYPE(DIVISION_OVERFLOW), CRASHTYPE(INVALID_BOOL), CRASHTYPE(UNREACHABLE),
#endif
	{ },
};
