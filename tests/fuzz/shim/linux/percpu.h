/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

/* One CPU: a per-CPU variable is a variable. */

#include <linux/compiler.h>
#include <linux/preempt.h>
#include <linux/threads.h>

#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name
#define DEFINE_PER_CPU(type, name)	__typeof__(type) name

#define this_cpu_ptr(ptr)	(ptr)
#define raw_cpu_ptr(ptr)	(ptr)
#define per_cpu_ptr(ptr, cpu)	((void)(cpu), (ptr))
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))

#define __this_cpu_read(var)	(var)
#define __this_cpu_write(var, v) ((var) = (v))
#define __this_cpu_add(var, v)	((var) += (v))
#define __this_cpu_inc(var)	((var)++)
#define __this_cpu_dec(var)	((var)--)
#define this_cpu_read(var)	__this_cpu_read(var)
#define this_cpu_write(var, v)	__this_cpu_write(var, v)
#define this_cpu_add(var, v)	__this_cpu_add(var, v)
#define this_cpu_inc(var)	__this_cpu_inc(var)
#define this_cpu_dec(var)	__this_cpu_dec(var)

#define get_cpu_var(var)	(*({ preempt_disable(); &(var); }))
#define put_cpu_var(var)	preempt_enable()
#define get_cpu()		({ preempt_disable(); smp_processor_id(); })
#define put_cpu()		preempt_enable()

#endif
