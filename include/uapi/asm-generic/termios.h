/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_ASM_GENERIC_TERMIOS_H
#define _UAPI_ASM_GENERIC_TERMIOS_H

#include <uapi/asm-generic/termbits.h>
#include <uapi/asm-generic/ioctls.h>

struct winsize {
	unsigned short	ws_row;
	unsigned short	ws_col;
	unsigned short	ws_xpixel;
	unsigned short	ws_ypixel;
};

#endif
