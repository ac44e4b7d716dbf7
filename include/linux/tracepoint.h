/* SPDX-License-Identifier: MIT */
/*
 * Tracepoints: places in the kernel at which a module may have a function of its own called.
 *
 *	DECLARE_TRACE(sched_switch, TP_PROTO(...), TP_ARGS(...));	in include/trace/events/
 *	trace_sched_switch(...);			at the place: one load and a branch while nobody listens
 *	register_trace_sched_switch(probe, data);	probe is called with data, then the arguments
 *
 * A probe runs in a read side of RCU, under whatever locks the place holds: it must not sleep, nor wake anybody
 * where the run queue is locked. After unregister_trace_x() it may still be running; the end of that is waited for by
 * tracepoint_synchronize_unregister(), before the module goes.
 */
#ifndef _LINUX_TRACEPOINT_H
#define _LINUX_TRACEPOINT_H

#include <linux/rcupdate.h>

struct tracepoint_func {
	void	*func;
	void	*data;
};

struct tracepoint {
	struct tracepoint_func *funcs;	/* the last has no func; NULL: nobody listens. RCU, tracepoints_mutex */
};

int tracepoint_probe_register(struct tracepoint *tp, void *probe, void *data);
int tracepoint_probe_unregister(struct tracepoint *tp, void *probe, void *data);

static inline void tracepoint_synchronize_unregister(void)
{
	synchronize_rcu();
}

#define TP_PROTO(args...)	args
#define TP_ARGS(args...)	args

#define DECLARE_TRACE(name, proto, args)					\
	extern struct tracepoint __tracepoint_##name;				\
	static __always_inline void trace_##name(proto)				\
	{									\
		struct tracepoint_func *it = READ_ONCE(__tracepoint_##name.funcs); \
										\
		if (likely(!it))						\
			return;							\
		rcu_read_lock();						\
		for (it = rcu_dereference(__tracepoint_##name.funcs); it && it->func; it++) \
			((void (*)(void *, proto))it->func)(it->data, args);	\
		rcu_read_unlock();						\
	}									\
	static inline int register_trace_##name(void (*probe)(void *data, proto), void *data) \
	{									\
		return tracepoint_probe_register(&__tracepoint_##name, probe, data); \
	}									\
	static inline int unregister_trace_##name(void (*probe)(void *data, proto), void *data) \
	{									\
		return tracepoint_probe_unregister(&__tracepoint_##name, probe, data); \
	}

#define DEFINE_TRACE(name)	struct tracepoint __tracepoint_##name; EXPORT_SYMBOL(__tracepoint_##name)

#endif
