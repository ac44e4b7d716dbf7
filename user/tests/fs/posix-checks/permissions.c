// SPDX-License-Identifier: MIT
/* Who may: modes, umask, sticky and set-group-ID directories, access(2) with two users at once. */
#include <dirent.h>
#include "posix.h"

static long list(const char *name)
{
	DIR *d = opendir(name);

	return d ? closedir(d) : -1;
}

/* The first class that fits decides, also when a later one would allow more. */
static void test_classes(void)
{
	file("f", 0640, "x");
	chown("f", alice.uid, alice.gid);
	expect_as(&alice, 0, open("f", O_RDWR));
	expect_as(&carol, 0, open("f", O_RDONLY));
	expect_as(&carol, EACCES, open("f", O_WRONLY));
	expect_as(&carol, EACCES, open("f", O_RDWR));
	expect_as(&bob, EACCES, open("f", O_RDONLY));
	expect_as(&bob, EACCES, truncate("f", 0));
	expect_as(&bob, EACCES, open("f", O_RDONLY | O_TRUNC));
	expect_as(&bob, 0, open("f", O_PATH));
	expect_as(&bob, 0, access("f", F_OK));
	expect_as(&bob, EACCES, access("f", R_OK));
	expect_as(&carol, 0, access("f", R_OK));
	expect_as(&carol, EACCES, access("f", R_OK | W_OK));
	chmod("f", 0066);
	expect_as(&alice, EACCES, open("f", O_RDONLY));
	expect_as(&bob, 0, open("f", O_RDWR));
	expect_as(&carol, 0, open("f", O_RDWR));
	chmod("f", 0606);
	expect_as(&carol, EACCES, open("f", O_RDONLY));
	expect_as(&bob, 0, open("f", O_RDWR));
	/* Root needs nothing, but to run a file somebody must be able to. */
	chmod("f", 0);
	expect(0, access("f", R_OK | W_OK));
	expect(EACCES, access("f", X_OK));
	expect(EACCES, execl("f", "f", (char *)NULL));
	chmod("f", 0010);
	expect(0, access("f", X_OK));
	expect_as(&alice, EACCES, execl("f", "f", (char *)NULL));
	unlink("f");
}

static void test_directories(void)
{
	struct stat st;

	directory("d", 0755);
	file("d/f", 0666, "");
	chmod("d", 0744);
	expect_as(&alice, 0, list("d"));
	expect_as(&alice, EACCES, stat("d/f", &st));
	expect_as(&alice, EACCES, chdir("d"));
	chmod("d", 0711);
	expect_as(&alice, EACCES, list("d"));
	expect_as(&alice, 0, stat("d/f", &st));
	expect_as(&alice, 0, chdir("d"));
	expect_as(&alice, EACCES, unlink("d/f"));
	expect_as(&alice, EPERM, chroot("d"));
	/* What is written into a directory is its names, whatever the files say. */
	chmod("d", 0733);
	chmod("d/f", 0);
	expect_as(&alice, 0, rename("d/f", "d/g"));
	expect_as(&alice, 0, unlink("d/g"));
	expect_as(&alice, 0, mkdir("d/sub", 0755));
	expect_as(&bob, 0, rename("d/sub", "d/moved"));
	/* A directory with another parent has another "..". */
	directory("e", 0777);
	expect_as(&bob, EACCES, rename("d/moved", "e/moved"));
	expect_as(&alice, 0, rename("d/moved", "e/moved"));
	expect_as(&bob, 0, rmdir("e/moved"));
	rmdir("d");
	rmdir("e");
}

static void test_sticky(void)
{
	directory("tmp", 01777);
	file("tmp/a", 0666, "");
	file("tmp/b", 0666, "");
	chown("tmp/a", alice.uid, alice.gid);
	chown("tmp/b", bob.uid, bob.gid);
	expect_as(&bob, EPERM, unlink("tmp/a"));
	expect_as(&bob, EPERM, rename("tmp/a", "tmp/c"));
	expect_as(&bob, EPERM, rename("tmp/b", "tmp/a"));
	expect_as(&alice, 0, rename("tmp/a", "tmp/c"));
	expect_as(&alice, 0, unlink("tmp/c"));
	directory("tmp/d", 0777);
	chown("tmp/d", alice.uid, alice.gid);
	expect_as(&bob, EPERM, rmdir("tmp/d"));
	expect_as(&bob, EPERM, rename("tmp/d", "tmp/e"));
	expect_as(&alice, 0, rmdir("tmp/d"));
	/* Whose directory it is may, too. */
	chown("tmp", carol.uid, carol.gid);
	expect_as(&carol, 0, unlink("tmp/b"));
	rmdir("tmp");
}

static void test_umask(void)
{
	static const mode_t masks[] = { 0, 022, 077, 0777 };

	for (int i = 0; i < 4; i++) {
		umask(masks[i]);
		close(open("f", O_CREAT | O_RDWR, 0777));
		mkdir("d", 0777);
		mknod("n", S_IFREG | 0666, 0);
		umask(022);
		check(mode_of("f"), 0777 & ~masks[i], "open with umask %o", masks[i]);
		check(mode_of("d"), 0777 & ~masks[i], "mkdir with umask %o", masks[i]);
		check(mode_of("n"), 0666 & ~masks[i], "mknod with umask %o", masks[i]);
		unlink("f");
		rmdir("d");
		unlink("n");
	}
	equal(umask(022), 022);
	/* chmod is not cut. The further bits of a new file are what was asked for. */
	file("f", 0666, "");
	chmod("f", 07777);
	equal(mode_of("f"), 07777);
	unlink("f");
	close(open("f", O_CREAT | O_RDWR, 07777));
	equal(mode_of("f"), 07755);
	mkdir("d", 07777);
	equal(mode_of("d"), 01755);
	unlink("f");
	rmdir("d");
}

static void test_setgid_directory(void)
{
	directory("d", 0777);
	chown("d", 0, carol.gid);
	expect_as(&alice, 0, open("d/plain", O_CREAT | O_RDWR, 0644));
	equal(status("d/plain").st_gid, alice.gid);
	chmod("d", 02777);
	expect_as(&alice, 0, open("d/f", O_CREAT | O_RDWR, 0644));
	expect_as(&alice, 0, mkdir("d/sub", 0755));
	expect_as(&alice, 0, open("d/sub/f", O_CREAT | O_RDWR, 0644));
	equal(status("d/f").st_gid, carol.gid);
	equal(status("d/f").st_uid, alice.uid);
	equal(mode_of("d/f"), 0644);
	equal(status("d/sub").st_gid, carol.gid);
	equal(mode_of("d/sub"), 02755);
	equal(status("d/sub/f").st_gid, carol.gid);
	/* Nobody makes a program of a group that he is not in. */
	expect_as(&alice, 0, open("d/prog", O_CREAT | O_RDWR, 02775));
	equal(mode_of("d/prog"), 0755);
	unlink("d/plain");
	unlink("d/f");
	unlink("d/sub/f");
	unlink("d/prog");
	rmdir("d/sub");
	rmdir("d");
}

static long effective_access(int mode)
{
	return syscall(SYS_faccessat2, AT_FDCWD, "f", mode, AT_EACCESS);
}

/* access(2) asks for the real user, everything else for the effective one. */
static void test_two_users(void)
{
	pid_t pid;

	file("f", 0600, "");
	pid = fork();
	if (!pid) {
		setresgid(alice.gid, 0, 0);
		setresuid(alice.uid, 0, 0);
		_exit((access("f", R_OK) == -1) | (open("f", O_RDONLY) >= 0) << 1 |
		      (effective_access(R_OK) == 0) << 2);
	}
	check(ended(pid), 7, "root in the name of alice: access, open, AT_EACCESS");
	pid = fork();
	if (!pid) {
		setresgid(0, alice.gid, 0);
		setresuid(0, alice.uid, 0);
		_exit((access("f", R_OK) == 0) | (open("f", O_RDONLY) == -1) << 1 |
		      (effective_access(R_OK) == -1) << 2);
	}
	check(ended(pid), 7, "alice in the name of root: access, open, AT_EACCESS");
	expect(EINVAL, access("f", 8));
	expect(EINVAL, syscall(SYS_faccessat2, AT_FDCWD, "f", F_OK, 0x4000));
	unlink("f");
}

void test_permissions(void)
{
	test_classes();
	test_directories();
	test_sticky();
	test_umask();
	test_setgid_directory();
	test_two_users();
}
