/* SPDX-License-Identifier: MIT */
/*
 * What the files of the posix test share: checks that name the call they make, and users to make it as.
 *
 *	expect(ENOTDIR, open("file/x", O_RDONLY));		fails so; 0: succeeds
 *	expect_as(&alice, EACCES, unlink("root's/x"));		the same by another, in a child
 *	equal(size_of("file"), 3);				two numbers
 *
 * All paths are relative to a directory that is the test's own, empty but for what is made there.
 */
#ifndef _TESTS_POSIX_H
#define _TESTS_POSIX_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct user {
	uid_t	uid;
	gid_t	gid;
	gid_t	also;		/* a further group, 0: none */
};

extern const struct user alice, bob, carol;	/* carol is in alice's group, too */

#define expect(error, call)						\
({									\
	errno = 0;							\
	long __ret = (long)(call);					\
	expected(__ret == -1 ? errno : 0, error, "%s", #call);		\
	__ret;								\
})

#define expect_as(user, error, call)					\
({									\
	pid_t __pid = become(user);					\
	if (!__pid) {							\
		errno = 0;						\
		_exit((long)(call) == -1 ? errno : 0);			\
	}								\
	expected(ended(__pid), error, "%s: %s", #user + 1, #call);	\
})

#define equal(saw, wanted)	check(saw, wanted, "%s is %s", #saw, #wanted)

void check(long saw, long wanted, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void expected(int saw, int error, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void skipped(const char *what, const char *why);
pid_t become(const struct user *user);		/* 0 in a child who is that user */
int ended(pid_t pid);				/* its exit status; 1000 + signal */

extern void *volatile nowhere;			/* an address that cannot be used; the compiler does not know */

/* What the file system can do. */
extern bool has_links, has_symlinks, has_nodes, has_exchange, has_tmpfile;
extern unsigned int name_max;

/* Shorthands; they complain when they fail. */
void file(const char *name, mode_t mode, const char *content);
void directory(const char *name, mode_t mode);
int opens(const char *name, int flags, ...);	/* and closes: 0 or -1 */
const char *fd_name(int fd);			/* what /proc/self/fd says of it */
struct stat status(const char *name);		/* of the name itself, not followed */
#define mode_of(name)	(status(name).st_mode & 07777)
#define links_of(name)	((long)status(name).st_nlink)
#define size_of(name)	((long)status(name).st_size)

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned int flags);

void test_paths(void);
void test_permissions(void);
void test_ownership(void);
void test_names(void);
void test_rename(void);
void test_times(void);
void test_contents(void);
void test_opening(void);
void test_locks(void);
void test_mounts(void);

#endif
