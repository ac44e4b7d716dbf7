// SPDX-License-Identifier: MIT
/* Stopping the machine. */
#ifndef _SYS_REBOOT_H
#define _SYS_REBOOT_H

#define RB_AUTOBOOT	0x01234567
#define RB_HALT_SYSTEM	0xcdef0123
#define RB_ENABLE_CAD	0x89abcdef
#define RB_DISABLE_CAD	0
#define RB_POWER_OFF	0x4321fedc

/* Passes LINUX_REBOOT_MAGIC1 and 2; does not sync. Returns only on an error or for the CAD pair. */
int reboot(int cmd);

#endif
