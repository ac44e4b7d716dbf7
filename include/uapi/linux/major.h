/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_MAJOR_H
#define _UAPI_LINUX_MAJOR_H

#define UNNAMED_MAJOR	0
#define MEM_MAJOR	1
#define RAMDISK_MAJOR	1
#define TTY_MAJOR	4
#define TTYAUX_MAJOR	5
#define LOOP_MAJOR	7
#define MISC_MAJOR	10
#define TTYAMA_MAJOR	204	/* PL011 ports, ttyAMA0 is 204:64 */
#define BLOCK_EXT_MAJOR	259	/* partitions for which their disk has no minor numbers */

#endif
