// SPDX-License-Identifier: MIT
/* System V shared memory: the system calls as they are. */
#include <sys/shm.h>

#include "internal.h"

int shmget(key_t key, size_t size, int flags)
{
	return SYS(shmget, key, size, flags);
}

void *shmat(int id, const void *addr, int flags)
{
	return (void *)SYS(shmat, id, addr, flags);
}

int shmdt(const void *addr)
{
	return SYS(shmdt, addr);
}

int shmctl(int id, int cmd, struct shmid_ds *buf)
{
	return SYS(shmctl, id, cmd, buf);
}
