// SPDX-License-Identifier: MIT
/* Mounts: their borders, read-only ones, busy ones, binds, lazy and expiring unmounts, pivot_root. */
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include "posix.h"

#ifndef MS_PRIVATE
#define MS_PRIVATE	(1 << 18)
#endif

static long mount_tmpfs(const char *where)
{
	return mount("none", where, "tmpfs", 0, NULL);
}

static void test_borders(void)
{
	int in, out;
	struct stat st;

	directory("m", 0755);
	directory("d", 0755);
	file("f", 0644, "abc");
	expect(0, mount_tmpfs("m"));
	file("m/f", 0644, "abc");
	directory("m/d", 0755);
	expect(EXDEV, rename("f", "m/g"));
	expect(EXDEV, rename("d", "m/e"));
	expect(EXDEV, rename("m/f", "g"));
	expect(EXDEV, link("f", "m/g"));
	expect(EXDEV, link("m/f", "g"));
	expect(EXDEV, renameat2(AT_FDCWD, "f", AT_FDCWD, "m/f", RENAME_EXCHANGE));
	in = open("f", O_RDONLY);
	out = open("m/f", O_RDWR);
	expect(EXDEV, copy_file_range(in, NULL, out, NULL, 1, 0));
	close(in);
	close(out);
	expect(EBUSY, rmdir("m"));
	expect(EBUSY, rename("m", "n"));
	expect(EBUSY, rename("d", "m"));
	expect(EISDIR, unlink("m"));
	expect(EEXIST, mkdir("m", 0755));
	stat("m/..", &st);
	check(st.st_ino == status(".").st_ino && st.st_dev == status(".").st_dev, 1, "\"..\" leads out of it");
	check(status("m").st_dev != st.st_dev, 1, "it is another device");
	expect(0, umount2("m", 0));
	expect(ENOENT, access("m/f", F_OK));
	expect(EINVAL, umount2("m", 0));
	expect(EINVAL, umount2("f", 0));
	expect(EINVAL, umount2("m", 0x100));
	expect_as(&alice, EPERM, mount_tmpfs("m"));
	expect(ENODEV, mount("none", "m", "no-such-fs", 0, NULL));
	expect(ENOTDIR, mount_tmpfs("f"));
	expect(ENOENT, mount_tmpfs("missing"));
	expect(EINVAL, mount("none", "m", NULL, MS_REMOUNT, NULL));
	unlink("f");
	rmdir("d");
	rmdir("m");
}

static long rewrite(const char *name)
{
	return opens(name, O_WRONLY, 0);
}

/* All that changes something is refused, on a bind mount that is read-only as on a file system that is. */
static void check_read_only(void)
{
	expect(EROFS, rewrite("m/f"));
	expect(EROFS, open("m/f", O_RDONLY | O_TRUNC));
	expect(EROFS, open("m/new", O_CREAT | O_RDWR, 0600));
	expect(0, opens("m/f", O_CREAT | O_RDONLY, 0600));
	expect(EEXIST, open("m/f", O_CREAT | O_EXCL | O_RDWR, 0600));
	expect(EROFS, open("m", O_TMPFILE | O_RDWR, 0600));
	expect(EROFS, mkdir("m/new", 0755));
	expect(EEXIST, mkdir("m/d", 0755));
	expect(EROFS, mknod("m/new", S_IFREG | 0600, 0));
	expect(EROFS, symlink("f", "m/new"));
	expect(EROFS, link("m/f", "m/new"));
	expect(EROFS, unlink("m/f"));
	expect(EROFS, rmdir("m/d"));
	expect(EROFS, rename("m/f", "m/new"));
	expect(EROFS, chmod("m/f", 0600));
	expect(EROFS, chown("m/f", 0, 0));
	expect(EROFS, lchown("m/f", 0, 0));
	expect(EROFS, truncate("m/f", 0));
	expect(EROFS, utimensat(AT_FDCWD, "m/f", NULL, 0));
	expect(EROFS, access("m/f", W_OK));
	expect(0, access("m/f", R_OK));
	expect(EROFS, unlink("m/missing"));
}

static void test_read_only(void)
{
	int fd;

	directory("m", 0755);
	directory("real", 0755);
	file("real/f", 0644, "abc");
	directory("real/d", 0755);
	expect(0, mount("real", "m", NULL, MS_BIND, NULL));
	check(status("m/f").st_ino == status("real/f").st_ino && status("m").st_dev == status("real").st_dev, 1,
	      "a bind mount shows the same files");
	expect(EXDEV, rename("m/f", "real/g"));
	expect(EXDEV, link("m/f", "real/g"));
	fd = open("m/f", O_WRONLY);
	expect(EBUSY, mount("none", "m", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL));
	close(fd);
	expect(0, mount("none", "m", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL));
	check_read_only();
	expect(0, chmod("real/f", 0600));
	expect(0, mount("none", "m", NULL, MS_BIND | MS_REMOUNT, NULL));
	expect(0, rewrite("m/f"));
	expect(0, umount2("m", 0));
	unlink("real/f");
	rmdir("real/d");
	rmdir("real");

	expect(0, mount_tmpfs("m"));
	file("m/f", 0644, "abc");
	directory("m/d", 0755);
	fd = open("m/f", O_WRONLY);
	expect(EBUSY, mount("none", "m", NULL, MS_REMOUNT | MS_RDONLY, NULL));
	close(fd);
	file("m/gone", 0600, "");
	fd = open("m/gone", O_RDONLY);
	unlink("m/gone");
	expect(EBUSY, mount("none", "m", NULL, MS_REMOUNT | MS_RDONLY, NULL));
	close(fd);
	expect(0, mount("none", "m", NULL, MS_REMOUNT | MS_RDONLY, NULL));
	check_read_only();
	expect(0, mount("none", "m", NULL, MS_REMOUNT, NULL));
	expect(0, rewrite("m/f"));
	expect(0, umount2("m", 0));
	rmdir("m");
}

static void test_flags(void)
{
	directory("m", 0755);
	expect(0, mount("none", "m", "tmpfs", MS_NOEXEC | MS_NODEV, NULL));
	file("m/prog", 0755, "#!/bin/sh\n");
	expect(EACCES, execl("m/prog", "prog", (char *)NULL));
	expect(EACCES, access("m/prog", X_OK));
	mknod("m/null", S_IFCHR | 0666, makedev(1, 3));
	expect(EACCES, open("m/null", O_RDWR));
	expect(0, umount2("m", 0));
	/* One file over another. */
	file("a", 0644, "a");
	file("b", 0644, "bb");
	expect(0, mount("a", "b", NULL, MS_BIND, NULL));
	equal(size_of("b"), 1);
	expect(EBUSY, unlink("b"));
	expect(EBUSY, rename("a", "b"));
	expect(ENOTDIR, mount("a", "m", NULL, MS_BIND, NULL));
	expect(ENOENT, mount("missing", "m", NULL, MS_BIND, NULL));
	expect(0, umount2("b", 0));
	equal(size_of("b"), 2);
	if (has_symlinks) {
		symlink("m", "l");
		expect(0, mount_tmpfs("l"));
		expect(EINVAL, umount2("l", UMOUNT_NOFOLLOW));
		expect(0, umount2("l", 0));
		unlink("l");
	}
	unlink("a");
	unlink("b");
	rmdir("m");
}

static void test_busy(void)
{
	int fd;
	struct stat st;

	directory("m", 0755);
	expect(0, mount_tmpfs("m"));
	file("m/f", 0644, "abc");
	fd = open("m/f", O_RDONLY);
	expect(EBUSY, umount2("m", 0));
	close(fd);
	chdir("m");
	expect(EBUSY, umount2(".", 0));
	chdir("..");
	directory("m/n", 0755);
	expect(0, mount_tmpfs("m/n"));
	expect(EBUSY, umount2("m", 0));
	expect(0, umount2("m/n", 0));
	/* In two steps: marked, and if nobody has come by until the next time, gone. */
	expect(EINVAL, umount2("m", MNT_EXPIRE | MNT_DETACH));
	expect(EINVAL, umount2("m", MNT_EXPIRE | MNT_FORCE));
	fd = open("m/f", O_RDONLY);
	expect(EBUSY, umount2("m", MNT_EXPIRE));
	close(fd);
	expect(EAGAIN, umount2("m", MNT_EXPIRE));
	access("m/f", F_OK);
	expect(EAGAIN, umount2("m", MNT_EXPIRE));
	expect(0, umount2("m", MNT_EXPIRE));
	expect(ENOENT, access("m/f", F_OK));
	/* Lazily: out of sight at once, with what is mounted in it, and gone with its last user. */
	expect(0, mount_tmpfs("m"));
	directory("m/n", 0755);
	expect(0, mount_tmpfs("m/n"));
	file("m/f", 0644, "abc");
	fd = open("m/f", O_RDWR);
	expect(0, umount2("m", MNT_DETACH));
	expect(ENOENT, access("m/f", F_OK));
	expect(EINVAL, umount2("m", 0));
	check(!fstat(fd, &st) && st.st_size == 3, 1, "who has it open keeps it");
	check(pwrite(fd, "x", 1, 3), 1, "and can write it");
	close(fd);
	rmdir("m");
}

/* In a child whose root is a mount of its own, so that nobody else's changes. The number of the step that failed. */
static int pivot(void)
{
	if (mkdir("m/new", 0755) || mkdir("m/plain", 0755) || chroot("m") || chdir("/"))
		return 1;
	if (mount_tmpfs("/new") || mkdir("/new/old", 0755) || mkdir("/new/sub", 0755))
		return 2;
	if (mkdir("/other", 0755) || mount_tmpfs("/other") || syscall(SYS_pivot_root, "/new/sub", "/new/old") != -1 ||
	    errno != EINVAL)
		return 3;	/* no mount of its own */
	if (syscall(SYS_pivot_root, "/new", "/other") != -1 || errno != EINVAL || umount2("/other", 0))
		return 4;	/* the old root would not be below the new one */
	if (syscall(SYS_pivot_root, "/new", "/plain") != -1 || errno != EBUSY)
		return 12;
	if (syscall(SYS_pivot_root, "/", "/new/old") != -1 || errno != EBUSY)
		return 5;
	if (syscall(SYS_pivot_root, "/missing", "/new/old") != -1 || errno != ENOENT)
		return 6;
	if (syscall(SYS_pivot_root, "/new", "/new/old"))
		return 7;
	if (access("/sub", F_OK) || access("/old/plain", F_OK) || access("/old/new", F_OK))
		return 8;
	if (access("plain", F_OK) == 0)
		return 9;	/* the working directory was the old root: it moves along */
	if (umount2("/old", 0))
		return 10;
	if (access("/old/plain", F_OK) == 0)
		return 11;
	return 0;
}

static void test_pivot_root(void)
{
	pid_t pid;

	directory("m", 0755);
	expect_as(&alice, EPERM, syscall(SYS_pivot_root, "/", "/"));
	expect(0, mount_tmpfs("m"));
	pid = fork();
	if (!pid)
		_exit(pivot());
	check(ended(pid), 0, "pivot_root (the step that failed)");
	expect(0, access("m/sub", F_OK));
	expect(0, umount2("m", 0));
	rmdir("m");
}

void test_mounts(void)
{
	directory("m", 0755);
	if (mount_tmpfs("m")) {
		rmdir("m");
		return skipped("mounts", "may not mount here");
	}
	umount2("m", 0);
	rmdir("m");
	test_borders();
	test_read_only();
	test_flags();
	test_busy();
	test_pivot_root();
}
