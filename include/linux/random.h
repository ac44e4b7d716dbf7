/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RANDOM_H
#define _LINUX_RANDOM_H

#include <linux/types.h>
#include <uapi/linux/random.h>

void get_random_bytes(void *buf, size_t len);
u32 get_random_u32(void);
u64 get_random_u64(void);
u32 get_random_u32_below(u32 ceil);
static inline unsigned long get_random_long(void) { return get_random_u64(); }
void add_device_randomness(const void *buf, size_t len);

#endif
