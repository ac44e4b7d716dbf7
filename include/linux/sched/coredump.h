/* SPDX-License-Identifier: MIT */
/* Bits of mm->flags, changed atomically. */
#ifndef _LINUX_SCHED_COREDUMP_H
#define _LINUX_SCHED_COREDUMP_H

#define MMF_OOM_SKIP	21	/* its memory is back, or does not come: another victim may be chosen */
#define MMF_UNSTABLE	22	/* the reaper takes its pages: check_stable_address_space() */
#define MMF_DISABLE_THP	24	/* no huge pages: prctl(PR_SET_THP_DISABLE) */
#define MMF_OOM_VICTIM	25	/* of a victim of the OOM killer; counted in oom_victims */

/* What a new address space has from its maker, by fork or exec. */
#define MMF_INIT_MASK	(1UL << MMF_DISABLE_THP)

#endif
