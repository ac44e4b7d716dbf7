/* SPDX-License-Identifier: MIT */
/* PSCI: what the firmware does for an operating system: CPUs on and off, power-off, reset. */
#ifndef _LINUX_PSCI_H
#define _LINUX_PSCI_H

#include <linux/types.h>

/* NULL where the firmware has no such function. Errors are negative errno values. */
struct psci_operations {
	u32 (*get_version)(void);
	int (*cpu_on)(unsigned long cpuid, unsigned long entry_point);
	int (*cpu_off)(u32 state);
};

extern struct psci_operations psci_ops;

int psci_dt_init(void);

/* drivers/firmware/semihosting.c: ends QEMU with this status, or returns if it does not listen. */
void semihosting_exit(int status);
void semihosting_init(void);

#endif
