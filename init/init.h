/* SPDX-License-Identifier: MIT */
/* Between the files of init/. */
#ifndef _INIT_INIT_H
#define _INIT_INIT_H

void prepare_namespace(void);	/* do_mounts.c: mounts the root and /dev, or panics with the reason */
void console_on_rootfs(void);	/* do_mounts.c: /dev/console as descriptors 0, 1, 2 */

#endif
