// SPDX-License-Identifier: MIT
/* /proc/modules, in Linux's format: what lsmod(8) reads. */
#include <linux/kernel.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "internal.h"

static void *m_start(struct seq_file *m, loff_t *pos)
{
	mutex_lock(&module_mutex);
	return seq_list_start(&modules, *pos);
}

static void *m_next(struct seq_file *m, void *p, loff_t *pos)
{
	return seq_list_next(p, &modules, pos);
}

static void m_stop(struct seq_file *m, void *p)
{
	mutex_unlock(&module_mutex);
}

/* Name, bytes, references, who uses it, state, address. */
static int m_show(struct seq_file *m, void *p)
{
	struct module *mod = list_entry(p, struct module, list);
	struct module_use *use;

	seq_printf(m, "%s %u %d ", mod->name, mod->init_layout.size + mod->core_layout.size,
		   max(module_refcount(mod), 0));
	if (list_empty(&mod->source_list))
		seq_putc(m, '-');
	list_for_each_entry(use, &mod->source_list, source_list)
		seq_printf(m, "%s,", use->source->name);
	seq_printf(m, " %s 0x%px\n", mod->state == MODULE_STATE_GOING ? "Unloading" :
		   mod->state == MODULE_STATE_COMING ? "Loading" : "Live", mod->core_layout.base);
	return 0;
}

static const struct seq_operations modules_op = {
	.start	= m_start,
	.next	= m_next,
	.stop	= m_stop,
	.show	= m_show,
};

static int __init proc_modules_init(void)
{
	return proc_create_seq("modules", 0, NULL, &modules_op) ? 0 : -ENOMEM;
}
device_initcall(proc_modules_init);
