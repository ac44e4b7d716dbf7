/* SPDX-License-Identifier: MIT */
/*
 * Ending and restarting the machine. Drivers hang themselves in: PSCI provides power-off and
 * restart, semihosting an exit with a status.
 */
#ifndef _LINUX_REBOOT_H
#define _LINUX_REBOOT_H

#include <linux/compiler.h>
#include <uapi/linux/reboot.h>

extern void (*pm_power_off)(void);		/* does not return when it works */
extern void (*arm_pm_restart)(void);
extern void (*machine_exit_hook)(int status);	/* returns when the host offers no exit */

void machine_restart(char *cmd);
void machine_power_off(void);
void machine_exit(int status);			/* power off, with a status for the host */
void kernel_restart(char *cmd);
void kernel_power_off(void);

#endif
