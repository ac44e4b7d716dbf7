// SPDX-License-Identifier: MIT
/*
 * The checks of generic KASAN: what the compiler calls before each load and store, and to make known
 * the redzones between global variables.
 *
 * Called from everywhere, interrupt handlers and code with locks held: takes none and only reads shadow.
 * Not checked itself, like all of this folder.
 */
#include <linux/export.h>
#include <linux/kasan-checks.h>
#include <linux/kernel.h>
#include "kasan.h"

/*
 * All granules but the last are used up to their ends, so must be free to use (0); of the last one
 * the bytes up to the end of the access.
 */
static __always_inline bool memory_is_poisoned(const void *addr, size_t size)
{
	const s8 *shadow = kasan_mem_to_shadow(addr), *last = kasan_mem_to_shadow(addr + size - 1);

	if (__builtin_constant_p(size) && size <= KASAN_GRANULE_SIZE) {
		if (unlikely(shadow != last && *shadow))
			return true;
		shadow = last;
	}
	for (; shadow < last; shadow++) {
		while (last - shadow >= 8 && !*(const u64 *)shadow)
			shadow += 8;
		if (*shadow && shadow < last)
			return true;
	}
	return unlikely(*last) && (s8)((unsigned long)(addr + size - 1) & KASAN_GRANULE_MASK) >= *last;
}

const void *kasan_find_bad_addr(const void *addr, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (memory_is_poisoned(addr + i, 1))
			return addr + i;
	return NULL;
}

/*
 * NULL and addresses near it are left to the MMU: the fault's own report shows more. An address of a
 * program is not, since on a CPU without PAN nothing else would notice.
 */
static __always_inline bool check_region_inline(const void *addr, size_t size, bool write,
						unsigned long ip)
{
	if (unlikely(!size))
		return true;
	if (unlikely(addr + size < addr))
		return !kasan_report(addr, size, write, ip);
	if (unlikely(!addr_has_metadata(addr)))
		return (unsigned long)addr < PAGE_SIZE || !kasan_report(addr, size, write, ip);
	if (likely(!memory_is_poisoned(addr, size)))
		return true;
	return !kasan_report(addr, size, write, ip);
}

noinline bool kasan_check_range(const void *addr, size_t size, bool write, unsigned long ip)
{
	return check_region_inline(addr, size, write, ip);
}

bool __kasan_check_read(const volatile void *p, unsigned int size)
{
	return kasan_check_range((const void *)p, size, false, _RET_IP_);
}
EXPORT_SYMBOL(__kasan_check_read);

bool __kasan_check_write(const volatile void *p, unsigned int size)
{
	return kasan_check_range((const void *)p, size, true, _RET_IP_);
}
EXPORT_SYMBOL(__kasan_check_write);

/* ------------------------------------------------------------------ called by the compiler's code */

#define DEFINE_ASAN_LOAD_STORE(size)					\
void __asan_load##size##_noabort(const void *addr);			\
void __asan_load##size##_noabort(const void *addr)			\
{									\
	check_region_inline(addr, size, false, _RET_IP_);		\
}									\
EXPORT_SYMBOL(__asan_load##size##_noabort);				\
void __asan_store##size##_noabort(const void *addr);			\
void __asan_store##size##_noabort(const void *addr)			\
{									\
	check_region_inline(addr, size, true, _RET_IP_);		\
}									\
EXPORT_SYMBOL(__asan_store##size##_noabort)

DEFINE_ASAN_LOAD_STORE(1);
DEFINE_ASAN_LOAD_STORE(2);
DEFINE_ASAN_LOAD_STORE(4);
DEFINE_ASAN_LOAD_STORE(8);
DEFINE_ASAN_LOAD_STORE(16);

void __asan_loadN_noabort(const void *addr, size_t size);
void __asan_loadN_noabort(const void *addr, size_t size)
{
	kasan_check_range(addr, size, false, _RET_IP_);
}
EXPORT_SYMBOL(__asan_loadN_noabort);

void __asan_storeN_noabort(const void *addr, size_t size);
void __asan_storeN_noabort(const void *addr, size_t size)
{
	kasan_check_range(addr, size, true, _RET_IP_);
}
EXPORT_SYMBOL(__asan_storeN_noabort);

/* Before a call that does not return. The frames that it leaves behind go with their stack. */
void __asan_handle_no_return(void);
void __asan_handle_no_return(void) { }
EXPORT_SYMBOL(__asan_handle_no_return);

static struct kasan_global *registered_globals;

/* A file's variables. Two fields of the first one, which mean nothing in C, make a list of the files. */
void __asan_register_globals(struct kasan_global *globals, size_t n);
void __asan_register_globals(struct kasan_global *globals, size_t n)
{
	globals->nr_in_file = n;
	globals->next_file = registered_globals;
	registered_globals = globals;
	for (; n--; globals++) {
		size_t whole = round_up(globals->size, KASAN_GRANULE_SIZE);

		kasan_unpoison(globals->beg, globals->size);
		kasan_poison(globals->beg + whole, globals->size_with_redzone - whole,
			     KASAN_GLOBAL_REDZONE);
	}
}

/* The variable in which, or in whose redzone, the address lies; or NULL. */
const struct kasan_global *kasan_find_global(const void *addr)
{
	const struct kasan_global *file;
	size_t i;

	for (file = registered_globals; file; file = file->next_file)
		for (i = 0; i < file->nr_in_file; i++)
			if (addr >= file[i].beg && addr < file[i].beg + file[i].size_with_redzone)
				return &file[i];
	return NULL;
}

/* Only a module would be unloaded. */
void __asan_unregister_globals(struct kasan_global *globals, size_t n);
void __asan_unregister_globals(struct kasan_global *globals, size_t n) { }
