/* SPDX-License-Identifier: MIT */
/* Where Linux asks its security modules; here only what the kernel itself decides. */
#ifndef _LINUX_SECURITY_H
#define _LINUX_SECURITY_H

#include <linux/capability.h>
#include <linux/mm.h>

/** security_vm_enough_memory_mm - charges pages that a mapping promises: 0, or -ENOMEM and nothing is charged */
static inline int security_vm_enough_memory_mm(struct mm_struct *mm, long pages)
{
	return __vm_enough_memory(mm, pages, capable(CAP_SYS_ADMIN));
}

#endif
