// SPDX-License-Identifier: MIT
/* A counter to wait for. */
#ifndef _SYS_EVENTFD_H
#define _SYS_EVENTFD_H

#include <sys/types.h>

#define EFD_SEMAPHORE	1
#define EFD_CLOEXEC	02000000
#define EFD_NONBLOCK	04000

typedef unsigned long eventfd_t;

int eventfd(unsigned int count, int flags);
int eventfd_read(int fd, eventfd_t *value);
int eventfd_write(int fd, eventfd_t value);

#endif
