// SPDX-License-Identifier: MIT
/*
 * Who listens at a tracepoint (<linux/tracepoint.h>). An array of functions, replaced as a whole: readers walk
 * the one that they found, and the old one is freed after a grace period. tracepoints_mutex excludes those
 * who change it.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>

static DEFINE_MUTEX(tracepoints_mutex);

/* In place of a probe that left while there was no memory for a shorter array. */
static void tp_stub_func(void) { }

/* The array without one probe, or with it at its end. tracepoints_mutex held. */
static int tracepoint_update(struct tracepoint *tp, void *probe, void *data, bool add)
{
	struct tracepoint_func *old = tp->funcs, *new = NULL, *it;
	unsigned int n = 0, kept = 0;
	bool found = false;

	for (it = old; it && it->func; it++, n++)
		found |= it->func == probe && it->data == data;
	if (found == add)
		return add ? -EEXIST : -ENOENT;
	if (add || n > 1) {
		new = kcalloc(n + 2, sizeof(*new), GFP_KERNEL);
		if (!new && add)
			return -ENOMEM;
		for (it = old; !new && it->func; it++)
			if (it->func == probe && it->data == data)
				WRITE_ONCE(it->func, tp_stub_func);
		if (!new)
			return 0;
		for (it = old; it && it->func; it++)
			if (add || it->func != probe || it->data != data)
				new[kept++] = *it;
		if (add)
			new[kept] = (struct tracepoint_func){ probe, data };
	}
	rcu_assign_pointer(tp->funcs, new);
	if (old) {
		synchronize_rcu();
		kfree(old);
	}
	return 0;
}

/** tracepoint_probe_register - -EEXIST: it is there already; -ENOMEM */
int tracepoint_probe_register(struct tracepoint *tp, void *probe, void *data)
{
	int err;

	mutex_lock(&tracepoints_mutex);
	err = tracepoint_update(tp, probe, data, true);
	mutex_unlock(&tracepoints_mutex);
	return err;
}
EXPORT_SYMBOL(tracepoint_probe_register);

/** tracepoint_probe_unregister - -ENOENT: it is not there */
int tracepoint_probe_unregister(struct tracepoint *tp, void *probe, void *data)
{
	int err;

	mutex_lock(&tracepoints_mutex);
	err = tracepoint_update(tp, probe, data, false);
	mutex_unlock(&tracepoints_mutex);
	return err;
}
EXPORT_SYMBOL(tracepoint_probe_unregister);
