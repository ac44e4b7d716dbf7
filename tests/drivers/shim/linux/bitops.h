/* SPDX-License-Identifier: MIT */
#include <linux/tty_shim.h>
