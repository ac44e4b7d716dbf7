/* SPDX-License-Identifier: MIT */
/* Memory that several address spaces share: files that live in the page cache alone (mm/shmem.c). */
#ifndef _LINUX_SHMEM_FS_H
#define _LINUX_SHMEM_FS_H

#include <linux/types.h>

struct file;
struct vm_area_struct;

struct file *shmem_file_setup(const char *name, loff_t size, unsigned long flags);
struct file *shmem_kernel_file_setup(const char *name, loff_t size, unsigned long flags);
int shmem_zero_setup(struct vm_area_struct *vma);

#endif
