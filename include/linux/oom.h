/* SPDX-License-Identifier: MIT */
/* Out of memory: who is killed, mm/oom_kill.c. */
#ifndef _LINUX_OOM_H
#define _LINUX_OOM_H

#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/sched/signal.h>
#include <uapi/linux/oom.h>

/* An allocation that found no memory, and what is made of it. */
struct oom_control {
	const gfp_t		gfp_mask;
	const int		order;

	unsigned long		totalpages;	/* memory and swap */
	struct task_struct	*chosen;	/* with a reference; OOM_WAIT: one is dying already */
	long			chosen_points;
};

extern struct mutex oom_lock;	/* one killer at a time */

bool out_of_memory(struct oom_control *oc);
void oom_wait_for_victim(void);
void exit_oom_victim(struct mm_struct *mm);
long oom_badness(struct task_struct *p, unsigned long totalpages);
void pagefault_out_of_memory(void);
struct task_struct *find_lock_task_mm(struct task_struct *p);
bool process_shares_mm(struct task_struct *p, struct mm_struct *mm);

/* mm/show_mem.c */
void show_mem(void);
#define GFP_NAMES_LEN	160
const char *gfp_names(char *buf, size_t size, gfp_t gfp);

/* It was chosen, or was dying when it ran out of memory: it may use the reserves to come to its end. */
static inline bool tsk_is_oom_victim(struct task_struct *tsk)
{
	return READ_ONCE(tsk->signal->oom_mm) != NULL;
}

/* What the task is doing takes memory without end (swapoff): it goes before anybody else. */
static inline void set_current_oom_origin(void)
{
	current->signal->oom_flag_origin = true;
}

static inline void clear_current_oom_origin(void)
{
	current->signal->oom_flag_origin = false;
}

/*
 * The reaper may have taken pages from a mm whose processes are dying: what is found there now is not
 * what they had stored. For accesses on their behalf, after a fault has made one possible.
 */
static inline vm_fault_t check_stable_address_space(struct mm_struct *mm)
{
	return unlikely(test_bit(MMF_UNSTABLE, &mm->flags)) ? VM_FAULT_SIGBUS : 0;
}

#endif
