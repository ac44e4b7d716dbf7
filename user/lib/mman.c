// SPDX-License-Identifier: MIT
/* Mappings and the break. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	return (void *)SYS(mmap, addr, len, prot, flags, fd, off);
}

int munmap(void *addr, size_t len)
{
	return SYS(munmap, addr, len);
}

int mprotect(void *addr, size_t len, int prot)
{
	return SYS(mprotect, addr, len, prot);
}

void *mremap(void *old, size_t old_len, size_t new_len, int flags, ...)
{
	void *to = NULL;
	va_list ap;

	if (flags & MREMAP_FIXED) {
		va_start(ap, flags);
		to = va_arg(ap, void *);
		va_end(ap);
	}
	return (void *)SYS(mremap, old, old_len, new_len, flags, to);
}

int msync(void *addr, size_t len, int flags)
{
	return SYS(msync, addr, len, flags);
}

int madvise(void *addr, size_t len, int advice)
{
	return SYS(madvise, addr, len, advice);
}

int mlock(const void *addr, size_t len)
{
	return SYS(mlock, addr, len);
}

int mlock2(const void *addr, size_t len, unsigned int flags)
{
	return SYS(mlock2, addr, len, flags);
}

int munlock(const void *addr, size_t len)
{
	return SYS(munlock, addr, len);
}

int mlockall(int flags)
{
	return SYS(mlockall, flags);
}

int munlockall(void)
{
	return SYS(munlockall);
}

int mincore(void *addr, size_t len, unsigned char *vec)
{
	return SYS(mincore, addr, len, vec);
}

int memfd_create(const char *name, unsigned int flags)
{
	return SYS(memfd_create, name, flags);
}

/* "/name" is a file of /dev/shm, where init mounts a tmpfs; -1 with EINVAL for what is no name. */
static int shm_path(char path[32 + NAME_MAX], const char *name)
{
	while (*name == '/')
		name++;
	if (!*name || strchr(name, '/') || strlen(name) > NAME_MAX) {
		errno = EINVAL;
		return -1;
	}
	strcpy(path, "/dev/shm/");
	strcat(path, name);
	return 0;
}

int shm_open(const char *name, int flags, mode_t mode)
{
	char path[32 + NAME_MAX];

	return shm_path(path, name) ? -1 : open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode);
}

int shm_unlink(const char *name)
{
	char path[32 + NAME_MAX];

	return shm_path(path, name) ? -1 : unlink(path);
}

/* brk never fails with an errno: it returns the break, unchanged when it could not move it. */
static char *curbrk;

int brk(void *end)
{
	curbrk = (char *)RAW(brk, end);
	if (curbrk == end)
		return 0;
	errno = ENOMEM;
	return -1;
}

void *sbrk(intptr_t inc)
{
	char *old;

	if (!curbrk)
		curbrk = (char *)RAW(brk, 0);
	old = curbrk;
	if (inc && brk(old + inc))
		return (void *)-1;
	return old;
}
