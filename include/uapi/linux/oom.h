/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_OOM_H
#define _UAPI_LINUX_OOM_H

/* /proc/PID/oom_score_adj: in thousandths of all memory, added to what the process uses */
#define OOM_SCORE_ADJ_MIN	(-1000)		/* never */
#define OOM_SCORE_ADJ_MAX	1000

/* /proc/PID/oom_adj, which it replaced */
#define OOM_DISABLE		(-17)
#define OOM_ADJUST_MIN		(-16)
#define OOM_ADJUST_MAX		15

#endif
