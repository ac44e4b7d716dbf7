/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

/*
 * What the kernel says to the compiler: attributes, branch hints, and the two macros by which code
 * reads and writes memory that somebody else changes at the same time.
 */

#ifndef __ASSEMBLY__

#define __always_inline			inline __attribute__((__always_inline__))
#define noinline			__attribute__((__noinline__))
#define __noreturn			__attribute__((__noreturn__))
#define __must_check			__attribute__((__warn_unused_result__))
#define __used				__attribute__((__used__))
#define __maybe_unused			__attribute__((__unused__))
#define __always_unused			__attribute__((__unused__))
#define __packed			__attribute__((__packed__))
#define __aligned(x)			__attribute__((__aligned__(x)))
#define __section(name)			__attribute__((__section__(name)))
#define __weak				__attribute__((__weak__))
#define __alias(symbol)			__attribute__((__alias__(#symbol)))
#define __pure				__attribute__((__pure__))
#define __attribute_const__		__attribute__((__const__))
#define __malloc			__attribute__((__malloc__))
#define __cold				__attribute__((__cold__))
#define __mode(x)			__attribute__((__mode__(x)))
#define __printf(fmt, args)		__attribute__((__format__(printf, fmt, args)))
#define __scanf(fmt, args)		__attribute__((__format__(scanf, fmt, args)))
#define __nonstring			__attribute__((__nonstring__))
#define __visible			__attribute__((__externally_visible__))
#define __cleanup(func)			__attribute__((__cleanup__(func)))
#define notrace				__attribute__((__no_instrument_function__))
#define noinstr				noinline notrace
#define fallthrough			__attribute__((__fallthrough__))

/*
 * Notes to the reader about where a pointer points or which lock a function takes and leaves. The
 * compiler sees nothing of them. A __user pointer is never followed except by linux/uaccess.h.
 */
#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __nocast
#define __private
#define __safe
#ifndef __bitwise
#define __bitwise
#endif
#define __must_hold(lock)
#define __acquires(lock)
#define __releases(lock)
#define __acquire(lock)			((void)0)
#define __release(lock)			((void)0)
#define __chk_user_ptr(x)		((void)0)

#define likely(x)			__builtin_expect(!!(x), 1)
#define unlikely(x)			__builtin_expect(!!(x), 0)
#define unreachable()			__builtin_unreachable()

#define __same_type(a, b)		__builtin_types_compatible_p(typeof(a), typeof(b))
/* Fails to compile unless @a is an array: a pointer has the type of &a[0], an array has not. */
#define __must_be_array(a)		\
	(sizeof(struct { int : (-!!(__same_type((a), &(a)[0]))); }) * 0)

#define ___PASTE(a, b)			a##b
#define __PASTE(a, b)			___PASTE(a, b)
#define __UNIQUE_ID(prefix)		__PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)

/* Keeps the compiler, and only the compiler, from moving memory accesses across this point. */
#define barrier()			__asm__ __volatile__("" : : : "memory")
#define barrier_data(ptr)		__asm__ __volatile__("" : : "r"(ptr) : "memory")

#define OPTIMIZER_HIDE_VAR(var)		__asm__("" : "=r"(var) : "0"(var))
#define RELOC_HIDE(ptr, off)						\
({									\
	unsigned long __ptr = (unsigned long)(ptr);			\
	OPTIMIZER_HIDE_VAR(__ptr);					\
	(typeof(ptr))(__ptr + (off));					\
})

/*
 * One access, of the variable's own size, neither repeated nor left out nor torn. The first symptom
 * of a missing READ_ONCE() is a loop that never sees the change it waits for.
 */
#define READ_ONCE(x)			(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val)						\
do {									\
	*(volatile typeof(x) *)&(x) = (val);				\
} while (0)

#define data_race(expr)			(expr)

/* The address of the code at this point, for traces. */
#define _RET_IP_			((unsigned long)__builtin_return_address(0))
#define _THIS_IP_ ({ unsigned long __ip; asm volatile("adr %0, ." : "=r"(__ip)); __ip; })

#define __ADDRESSABLE(sym)						\
	static void * __used __section(".discard.addressable")		\
		__UNIQUE_ID(__addressable_) = (void *)&sym

#endif /* __ASSEMBLY__ */
#endif
