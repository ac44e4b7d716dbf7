/* SPDX-License-Identifier: MIT */
/*
 * What may be done to kernel memory, page by page (arch/arm64/mm/pageattr.c). For the memory of modules,
 * which is mapped by pages; the linear map has another, writable, way to the same frames. 0 or -EINVAL.
 */
#ifndef _LINUX_SET_MEMORY_H
#define _LINUX_SET_MEMORY_H

int set_memory_ro(unsigned long addr, int numpages);
int set_memory_x(unsigned long addr, int numpages);

#endif
