/* SPDX-License-Identifier: MIT */
/* kernel/watchdog.c: finds CPUs that are stuck. (Linux's name: there it takes an interrupt that nothing masks.) */
#ifndef _LINUX_NMI_H
#define _LINUX_NMI_H

void lockup_detector_init(void);

#endif
