// SPDX-License-Identifier: MIT
/*
 * Counters of pages and events, /proc/vmstat and /proc/buddyinfo. Counters are atomic and read one by one: a sum of two
 * may be off by what moved between the reads.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/vmstat.h>

atomic_long_t vm_node_stat[NR_VM_NODE_STAT_ITEMS];
atomic_long_t vm_event_states[NR_VM_EVENT_ITEMS];

static const char *const node_stat_names[NR_VM_NODE_STAT_ITEMS] = {
	[NR_ANON_MAPPED]	= "nr_anon_pages",
	[NR_FILE_MAPPED]	= "nr_mapped",
	[NR_FILE_PAGES]		= "nr_file_pages",
	[NR_FILE_DIRTY]		= "nr_dirty",
	[NR_WRITEBACK]		= "nr_writeback",
	[NR_SHMEM]		= "nr_shmem",
	[NR_SLAB_RECLAIMABLE]	= "nr_slab_reclaimable",
	[NR_SLAB_UNRECLAIMABLE]	= "nr_slab_unreclaimable",
	[NR_KERNEL_STACK_KB]	= "nr_kernel_stack",
	[NR_PAGETABLE]		= "nr_page_table_pages",
	[NR_ACTIVE_FILE]	= "nr_active_file",
	[NR_INACTIVE_FILE]	= "nr_inactive_file",
	[NR_DIRTIED]		= "nr_dirtied",
	[NR_WRITTEN]		= "nr_written",
};

static const char *const event_names[NR_VM_EVENT_ITEMS] = {
	[PGPGIN]		= "pgpgin",
	[PGPGOUT]		= "pgpgout",
	[PGFAULT]		= "pgfault",
	[PGMAJFAULT]		= "pgmajfault",
	[PGSCAN_DIRECT]		= "pgscan_direct",
	[PGSTEAL_DIRECT]	= "pgsteal_direct",
	[PGACTIVATE]		= "pgactivate",
	[PGDEACTIVATE]		= "pgdeactivate",
};

/** vmstat_show - the text of /proc/vmstat: pages, then events; disk traffic in KiB */
int vmstat_show(struct seq_file *m, void *arg)
{
	seq_printf(m, "nr_free_pages %lu\n", nr_free_pages());
	for (int i = 0; i < NR_VM_NODE_STAT_ITEMS; i++)
		seq_printf(m, "%s %lu\n", node_stat_names[i], global_node_page_state(i));
	for (int i = 0; i < NR_VM_EVENT_ITEMS; i++) {
		unsigned long n = atomic_long_read(&vm_event_states[i]);

		seq_printf(m, "%s %lu\n", event_names[i], i == PGPGIN || i == PGPGOUT ? n / 2 : n);
	}
	return 0;
}

/** frag_show - the text of /proc/buddyinfo: free blocks by order, without the per-CPU lists */
int frag_show(struct seq_file *m, void *arg)
{
	struct zone *zone = &contig_zone;
	unsigned long nr[MAX_ORDER], flags;
	int order;

	raw_spin_lock_irqsave(&zone->lock, flags);
	for (order = 0; order < MAX_ORDER; order++)
		nr[order] = zone->free_area[order].nr_free;
	raw_spin_unlock_irqrestore(&zone->lock, flags);

	seq_printf(m, "Node 0, zone %8s ", zone->name);
	for (order = 0; order < MAX_ORDER; order++)
		seq_printf(m, "%6lu ", nr[order]);
	seq_putc(m, '\n');
	return 0;
}
