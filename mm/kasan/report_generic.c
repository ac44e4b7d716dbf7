// SPDX-License-Identifier: MIT
/* Reading shadow bytes and stack frames for KASAN's report: which kind of mistake, which variable. */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "kasan.h"

/* ------------------------------------------------------------------ which kind */

static const char *get_shadow_bug_type(const struct kasan_report_info *info)
{
	const u8 *shadow = kasan_mem_to_shadow(info->first_bad_addr);

	/* A granule that may be used in part: why not further, the next one says. */
	if (*shadow > 0 && *shadow < KASAN_GRANULE_SIZE)
		shadow++;
	switch (*shadow) {
	case KASAN_PAGE_REDZONE:
	case KASAN_SLAB_REDZONE:
	case 0 ... KASAN_GRANULE_SIZE - 1:
		return "slab-out-of-bounds";
	case KASAN_GLOBAL_REDZONE:
		return "global-out-of-bounds";
	case KASAN_STACK_LEFT:
	case KASAN_STACK_MID:
	case KASAN_STACK_RIGHT:
	case KASAN_STACK_PARTIAL:
		return "stack-out-of-bounds";
	case KASAN_PAGE_FREE:
	case KASAN_SLAB_FREE:
		return "use-after-free";
	case KASAN_VMALLOC_INVALID:
		return "vmalloc-out-of-bounds";
	default:
		return "unknown-crash";
	}
}

const char *kasan_get_bug_type(const struct kasan_report_info *info)
{
	/* A length that was negative before it became one. */
	if (info->access_addr + info->access_size < info->access_addr)
		return "out-of-bounds";
	if (addr_has_metadata(info->access_addr))
		return get_shadow_bug_type(info);
	if ((unsigned long)info->access_addr < PAGE_SIZE)
		return "null-ptr-deref";
	return (unsigned long)info->access_addr < TASK_SIZE ? "user-memory-access" :
							     "wild-memory-access";
}

/* ------------------------------------------------------------------ which variable */

/* What the compiler writes to the lowest address of a frame with redzones. */
#define KASAN_CURRENT_STACK_FRAME_MAGIC	0x41B58AB3

struct asan_frame {
	unsigned long	magic;
	const char	*descr;		/* "n offset size len name offset size len name ..." */
	unsigned long	pc;
};

/* The next number of the description; @s goes behind the space that follows it. */
static unsigned long next_number(const char **s)
{
	unsigned long n = 0;

	while (**s >= '0' && **s <= '9')
		n = n * 10 + *(*s)++ - '0';
	if (**s == ' ')
		(*s)++;
	return n;
}

static void print_decoded_frame_descr(const char *descr)
{
	unsigned long n = next_number(&descr);

	pr_err("This frame has %lu object%s:\n", n, n == 1 ? "" : "s");
	while (n--) {
		unsigned long offset = next_number(&descr), size = next_number(&descr);
		unsigned long len = next_number(&descr);

		/* The name's length includes ":line". */
		pr_err(" [%lu, %lu) '%.*s'\n", offset, offset + size, (int)len, descr);
		descr += len;
		if (*descr == ' ')
			descr++;
	}
	pr_err("\n");
}

/*
 * Downwards over the shadow to the redzone with which a frame begins; there its description lies.
 * False: the address is on no stack of the current task.
 */
bool kasan_print_address_stack_frame(const void *addr)
{
	const u8 *shadow = kasan_mem_to_shadow(addr), *bottom;
	const struct asan_frame *frame;

	if (addr < current->stack || addr >= current->stack + THREAD_SIZE)
		return false;
	pr_err("The buggy address belongs to stack of task %s/%d\n", current->comm, current->pid);
	bottom = kasan_mem_to_shadow(current->stack);
	while (shadow > bottom && *shadow != KASAN_STACK_LEFT)
		shadow--;
	while (shadow > bottom && shadow[-1] == KASAN_STACK_LEFT)
		shadow--;
	frame = kasan_shadow_to_mem(shadow);
	if (frame->magic != KASAN_CURRENT_STACK_FRAME_MAGIC)
		return true;
	pr_err(" and is located at offset %ld in frame:\n %pS\n\n", (long)(addr - (void *)frame),
	       (void *)frame->pc);
	print_decoded_frame_descr(frame->descr);
	return true;
}
