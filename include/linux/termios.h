/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TERMIOS_H
#define _LINUX_TERMIOS_H
#include <uapi/asm-generic/termios.h>
#endif
