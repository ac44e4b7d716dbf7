// SPDX-License-Identifier: MIT
/*
 * A program's page fault found no memory, although reclaim did what it could: the program dies, and
 * the log says who it was and how much is left. Called by do_page_fault() with no locks held.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

/* A page's worth of KiB. */
#define K(pages)	((pages) << (PAGE_SHIFT - 10))

void pagefault_out_of_memory(void)
{
	struct mm_struct *mm = current->mm;

	/* It is dying already, and frees its memory with it. */
	if (fatal_signal_pending(current))
		return;
	pr_err_ratelimited("Out of memory: killed process %d (%s), total-vm:%lukB, rss:%lukB; free:%lukB of %lukB\n",
			   task_pid_nr(current), current->comm, K(mm->total_vm), K(get_mm_rss(mm)),
			   K(nr_free_pages()), K(totalram_pages()));
	force_sig(SIGKILL);
}
