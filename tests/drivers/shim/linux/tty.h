/* SPDX-License-Identifier: MIT */
/* The host has a header of this name: this takes the kernel's. */
#include "../../../../include/linux/tty.h"
