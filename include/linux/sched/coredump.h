/* SPDX-License-Identifier: MIT */
/* Bits of mm->flags, changed atomically. */
#ifndef _LINUX_SCHED_COREDUMP_H
#define _LINUX_SCHED_COREDUMP_H

#define MMF_OOM_SKIP	21	/* its memory is back, or does not come: another victim may be chosen */
#define MMF_UNSTABLE	22	/* the reaper takes its pages: check_stable_address_space() */
#define MMF_OOM_VICTIM	25	/* of a victim of the OOM killer; counted in oom_victims */

#endif
