/* SPDX-License-Identifier: MIT */
/* The kernel's types on the host; also stands in for the kernel headers that fdt.c includes. */
#ifndef SHIM_TYPES_H
#define SHIM_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef u64 phys_addr_t;
typedef unsigned int gfp_t;

#define __init
#define __initdata
#define __iomem

#define ALIGN(x, a)	(((x) + (a) - 1) & ~((size_t)(a) - 1))
#define GFP_KERNEL	0
#define __GFP_ZERO	0
#define COMMAND_LINE_SIZE 2048
#define pr_err(...)	do { } while (0)

extern char boot_command_line[COMMAND_LINE_SIZE];
int memblock_add(phys_addr_t base, phys_addr_t size);
int memblock_remove(phys_addr_t base, phys_addr_t size);
int memblock_reserve(phys_addr_t base, phys_addr_t size);
void *alloc_pages_exact(size_t size, gfp_t gfp);
void panic(const char *fmt, ...) __attribute__((noreturn));
ssize_t strscpy(char *dst, const char *src, size_t size);
char *strchrnul(const char *s, int c);

#endif
