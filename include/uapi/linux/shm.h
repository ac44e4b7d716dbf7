/* SPDX-License-Identifier: MIT */
/* System V shared memory. */
#ifndef _UAPI_LINUX_SHM_H
#define _UAPI_LINUX_SHM_H

#include <linux/ipc.h>

#define SHMLBA		PAGE_SIZE	/* SHM_RND: addresses are rounded down to a multiple of it */
#define SHMMIN		1
#define SHMMNI		4096
#define SHMMAX		(ULONG_MAX - (1UL << 24))
#define SHMALL		(ULONG_MAX - (1UL << 24))

/* shmget */
#define SHM_HUGETLB	04000
#define SHM_NORESERVE	010000
#define SHM_HUGE_SHIFT	26	/* with SHM_HUGETLB: the logarithm of the size */
#define SHM_HUGE_MASK	0x3f

/* shmat */
#define SHM_RDONLY	010000
#define SHM_RND		020000
#define SHM_REMAP	040000
#define SHM_EXEC	0100000

/* shmctl, besides those of ipc.h */
#define SHM_LOCK	11
#define SHM_UNLOCK	12
#define SHM_STAT	13
#define SHM_INFO	14
#define SHM_STAT_ANY	15

/* in the mode that IPC_STAT and SHM_STAT tell */
#define SHM_DEST	01000	/* goes with the last one who detaches */
#define SHM_LOCKED	02000

struct shmid64_ds {
	struct ipc64_perm	shm_perm;
	__kernel_size_t		shm_segsz;
	__kernel_long_t		shm_atime, shm_dtime, shm_ctime;
	__kernel_pid_t		shm_cpid, shm_lpid;
	__kernel_ulong_t	shm_nattch, __unused4, __unused5;
};

struct shminfo64 {
	__kernel_ulong_t	shmmax, shmmin, shmmni, shmseg, shmall;
	__kernel_ulong_t	__unused1, __unused2, __unused3, __unused4;
};

struct shm_info {
	int			used_ids;
	__kernel_ulong_t	shm_tot, shm_rss, shm_swp;	/* pages */
	__kernel_ulong_t	swap_attempts, swap_successes;
};

#endif
