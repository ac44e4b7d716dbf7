/* SPDX-License-Identifier: MIT */
/* Which CPU is this? */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <linux/threads.h>
#include <asm/current.h>

#define raw_smp_processor_id()	(current_thread_info()->cpu)
#define smp_processor_id()	raw_smp_processor_id()

#endif
