// SPDX-License-Identifier: MIT
/* /proc/meminfo: where the memory is. All of it in kB. */
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mmzone.h>
#include <linux/seq_file.h>
#include <linux/swap.h>
#include <linux/vmstat.h>
#include <uapi/linux/sysinfo.h>
#include "internal.h"

static void show_val_kb(struct seq_file *m, const char *name, unsigned long pages)
{
	seq_printf(m, "%-15s %8lu kB\n", name, pages << (PAGE_SHIFT - 10));
}

int meminfo_proc_show(struct seq_file *m, void *v)
{
	unsigned long file = global_node_page_state(NR_FILE_PAGES);
	unsigned long reclaimable = global_node_page_state(NR_SLAB_RECLAIMABLE);
	unsigned long unreclaimable = global_node_page_state(NR_SLAB_UNRECLAIMABLE);
	unsigned long buffers;
	struct sysinfo i = { };

	si_meminfo(&i);
	si_swapinfo(&i);
	buffers = i.bufferram;
	show_val_kb(m, "MemTotal:", i.totalram);
	show_val_kb(m, "MemFree:", i.freeram);
	show_val_kb(m, "MemAvailable:", si_mem_available());
	show_val_kb(m, "Buffers:", buffers);
	show_val_kb(m, "Cached:", file > buffers ? file - buffers : 0);
	show_val_kb(m, "SwapCached:", global_node_page_state(NR_SWAPCACHE));
	show_val_kb(m, "Active:", lruvec_nr(LRU_ACTIVE_ANON) + lruvec_nr(LRU_ACTIVE_FILE));
	show_val_kb(m, "Inactive:", lruvec_nr(LRU_INACTIVE_ANON) + lruvec_nr(LRU_INACTIVE_FILE));
	show_val_kb(m, "Active(anon):", lruvec_nr(LRU_ACTIVE_ANON));
	show_val_kb(m, "Inactive(anon):", lruvec_nr(LRU_INACTIVE_ANON));
	show_val_kb(m, "Active(file):", lruvec_nr(LRU_ACTIVE_FILE));
	show_val_kb(m, "Inactive(file):", lruvec_nr(LRU_INACTIVE_FILE));
	show_val_kb(m, "Unevictable:", lruvec_nr(LRU_UNEVICTABLE));
	show_val_kb(m, "Mlocked:", global_node_page_state(NR_MLOCK));
	show_val_kb(m, "SwapTotal:", i.totalswap);
	show_val_kb(m, "SwapFree:", i.freeswap);
	show_val_kb(m, "Dirty:", global_node_page_state(NR_FILE_DIRTY));
	show_val_kb(m, "Writeback:", global_node_page_state(NR_WRITEBACK));
	show_val_kb(m, "AnonPages:", global_node_page_state(NR_ANON_MAPPED));
	show_val_kb(m, "Mapped:", global_node_page_state(NR_FILE_MAPPED));
	show_val_kb(m, "Shmem:", i.sharedram);
	show_val_kb(m, "Slab:", reclaimable + unreclaimable);
	show_val_kb(m, "SReclaimable:", reclaimable);
	show_val_kb(m, "SUnreclaim:", unreclaimable);
	seq_printf(m, "%-15s %8lu kB\n", "KernelStack:",
		   global_node_page_state(NR_KERNEL_STACK_KB));
	show_val_kb(m, "PageTables:", global_node_page_state(NR_PAGETABLE));
	show_val_kb(m, "AnonHugePages:", global_node_page_state(NR_ANON_THPS));
	show_val_kb(m, "CommitLimit:", vm_commit_limit());
	show_val_kb(m, "Committed_AS:", max(atomic_long_read(&vm_committed_as), 0L));
	hugetlb_report_meminfo(m);
	return 0;
}
