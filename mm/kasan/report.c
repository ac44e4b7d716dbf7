// SPDX-License-Identifier: MIT
/*
 * KASAN's report: what was done to which memory, by whom, whose it is or was, and the shadow around.
 *
 * A check comes here from any context, with any lock held. report_lock keeps the reports of several
 * CPUs apart; the task that reports makes no more of them meanwhile (kasan_depth). After the first
 * report the kernel panics, so that a test run ends there. With kasan.fault=report on the command line
 * it goes on, and each place in the code is reported once; with kasan_multi_shot, each time.
 */
#include <linux/bug.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/sections.h>
#include <asm/stacktrace.h>
#include "kasan.h"

#define META_BYTES_PER_ROW	16
#define META_ROWS_AROUND_ADDR	2
#define MAX_PLACES		256	/* that are told apart; what comes after them is not reported */

static bool kasan_fault_panic = true, kasan_multi_shot;
static DEFINE_RAW_SPINLOCK(report_lock);
static unsigned long reported_places[MAX_PLACES];	/* report_lock */

static int __init early_kasan_fault(char *arg)
{
	if (!arg || (strcmp(arg, "report") && strcmp(arg, "panic")))
		return -EINVAL;
	kasan_fault_panic = !strcmp(arg, "panic");
	return 0;
}
early_param("kasan.fault", early_kasan_fault);

static int __init kasan_set_multi_shot(char *arg)
{
	kasan_multi_shot = true;
	return 0;
}
early_param("kasan_multi_shot", kasan_set_multi_shot);

/* ------------------------------------------------------------------ the parts of a report */

static void print_track(struct kasan_track *track, const char *prefix)
{
	int i;

	pr_err("%s by task %u:\n", prefix, track->pid);
	for (i = 0; i < KASAN_STACK_DEPTH && track->stack[i]; i++)
		pr_err(" %pB\n", (void *)_text + track->stack[i]);
	pr_err("\n");
}

/* The object whose bytes addr hits or is nearest to: in a redzone the next one may be it. */
static void *object_at(struct kmem_cache *cache, struct page *slab, const void *addr)
{
	void *object = nearest_obj(cache, slab, addr), *next = object + cache->size;
	void *end = object + cache->object_size;

	if (addr >= end && nearest_obj(cache, slab, next) == next && next - addr < addr - end)
		return next;
	return object;
}

static void describe_object(struct kmem_cache *cache, void *object, const void *addr)
{
	struct kasan_meta *meta = kasan_get_meta(cache, object);
	const void *end = object + cache->object_size;

	if (meta->alloc_track.stack[0])
		print_track(&meta->alloc_track, "Allocated");
	if (meta->free_track.stack[0])
		print_track(&meta->free_track, "Freed");
	pr_err("The buggy address belongs to the object at %px\n"
	       " which belongs to the cache %s of size %u\n", object, cache->name, cache->object_size);
	pr_err("The buggy address is located %ld bytes %s\n %u-byte region [%px, %px)\n\n",
	       (long)(addr < object ? object - addr : addr >= end ? addr - end : addr - object),
	       addr < object ? "to the left of" : addr >= end ? "to the right of" : "inside of",
	       cache->object_size, object, end);
}

static void describe_global(const void *addr)
{
	const struct kasan_global *g = kasan_find_global(addr);

	if (g)
		pr_err("The buggy address belongs to the variable:\n %s of %zu bytes in %s, at offset %ld\n\n",
		       g->name, g->size, g->module_name, (long)(addr - g->beg));
}

static void describe_address(const void *addr)
{
	struct page *page;

	if (!virt_addr_valid(addr)) {
		if (is_vmalloc_addr(addr) && !kasan_print_address_stack_frame(addr))
			pr_err("The buggy address belongs to the vmalloc space\n\n");
		return;
	}
	page = compound_head(virt_to_page(addr));
	if (PageSlab(page)) {
		describe_object(page->slab_cache, object_at(page->slab_cache, page, addr), addr);
	} else if (addr >= (void *)_text && addr < (void *)_end) {
		if (!kasan_print_address_stack_frame(addr))
			describe_global(addr);
	}
	pr_err("The buggy address belongs to the physical page:\n"
	       "page:%px refcount:%d mapcount:%d mapping:%px index:%#lx pfn:%#lx flags:%#lx\n\n",
	       page, page_ref_count(page), page_mapcount(page), page->mapping, page->index,
	       page_to_pfn(page), page->flags);
}

/* Rows of shadow bytes; a mark below the one that matters. */
static void print_memory_metadata(const void *addr)
{
	const u8 *shadow = kasan_mem_to_shadow(addr);
	const u8 *row = (void *)round_down((unsigned long)shadow, META_BYTES_PER_ROW);
	int i;

	pr_err("Memory state around the buggy address:\n");
	for (i = -META_ROWS_AROUND_ADDR; i <= META_ROWS_AROUND_ADDR; i++) {
		const u8 *bytes = row + i * META_BYTES_PER_ROW;
		u8 copy[META_BYTES_PER_ROW];

		if (copy_from_kernel_nofault(copy, bytes, sizeof(copy)))
			continue;
		pr_err("%c%px: %16ph\n", i ? ' ' : '>', kasan_shadow_to_mem(bytes), copy);
		if (!i)
			pr_err("%*c\n", (int)(19 + 3 * (shadow - row)), '^');
	}
}

static void print_report(struct kasan_report_info *info)
{
	pr_err("BUG: KASAN: %s in %pS\n", info->bug_type, (void *)info->ip);
	if (info->access_size)
		pr_err("%s of size %zu at addr %px by task %s/%d\n", info->is_write ? "Write" : "Read",
		       info->access_size, info->access_addr, current->comm, current->pid);
	else
		pr_err("Free of addr %px by task %s/%d\n", info->access_addr, current->comm,
		       current->pid);
	pr_err("\n");
	dump_stack();
	pr_err("\n");
	if (addr_has_metadata(info->access_addr)) {
		describe_address(info->first_bad_addr);
		print_memory_metadata(info->first_bad_addr);
	}
}

/* ------------------------------------------------------------------ reporting */

/* report_lock is held. True: nothing was said of this place yet, or everything shall be said. */
static bool is_new_place(unsigned long ip)
{
	int i;

	if (kasan_multi_shot)
		return true;
	for (i = 0; i < MAX_PLACES; i++) {
		if (reported_places[i] == ip)
			return false;
		if (!reported_places[i]) {
			reported_places[i] = ip;
			return true;
		}
	}
	return false;
}

static void do_report(struct kasan_report_info *info)
{
	unsigned long flags;

	kasan_disable_current();
	raw_spin_lock_irqsave(&report_lock, flags);
	if (is_new_place(info->ip)) {
		if (kasan_fault_panic) {
			console_verbose();
			bust_spinlocks(1);
		}
		pr_err("==================================================================\n");
		print_report(info);
		pr_err("==================================================================\n");
		if (kasan_fault_panic)
			panic("KASAN: %s in %pS", info->bug_type, (void *)info->ip);
	}
	raw_spin_unlock_irqrestore(&report_lock, flags);
	kasan_enable_current();
}

/* False: reports are off for this task just now. */
bool kasan_report(const void *addr, size_t size, bool is_write, unsigned long ip)
{
	struct kasan_report_info info = {
		.access_addr = addr, .first_bad_addr = addr, .access_size = size, .is_write = is_write,
		.ip = ip,
	};

	if (current->kasan_depth)
		return false;
	if (addr_has_metadata(addr) && addr + size > addr)
		info.first_bad_addr = kasan_find_bad_addr(addr, size) ?: addr;
	info.bug_type = kasan_get_bug_type(&info);
	do_report(&info);
	return true;
}

void kasan_report_invalid_free(void *ptr, unsigned long ip, const char *bug_type)
{
	struct kasan_report_info info = {
		.access_addr = ptr, .first_bad_addr = ptr, .ip = ip, .bug_type = bug_type,
	};

	if (!current->kasan_depth)
		do_report(&info);
}

/*
 * The check itself faulted, since there is no shadow for the address that it was asked for: it is no
 * address that the kernel has given to anybody. The fault's report goes on.
 */
void kasan_non_canonical_hook(unsigned long addr)
{
	unsigned long wanted = (unsigned long)kasan_shadow_to_mem((void *)addr);

	if (addr >= KASAN_SHADOW_START && addr < KASAN_SHADOW_END)
		pr_alert("KASAN: probably wild-memory-access in range [%#018lx-%#018lx]\n", wanted,
			 wanted + KASAN_GRANULE_MASK);
}
