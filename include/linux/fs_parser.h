/* SPDX-License-Identifier: MIT */
/* Small help for mount options: numbers and octal modes. */
#ifndef _LINUX_FS_PARSER_H
#define _LINUX_FS_PARSER_H

#include <linux/fs_context.h>

int fs_param_u32(const struct fs_parameter *param, unsigned int base, u32 *result);

#endif
