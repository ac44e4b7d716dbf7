// SPDX-License-Identifier: MIT
/* Who is whose: chmod, chown, what they and a write do to set-id bits, the setuid family, set-user-ID programs. */
#include "posix.h"

#define KEEP	((uid_t)-1)

static void test_chmod(void)
{
	file("f", 0644, "");
	chown("f", alice.uid, alice.gid);
	expect_as(&alice, 0, chmod("f", 0600));
	expect_as(&bob, EPERM, chmod("f", 0666));
	expect_as(&carol, EPERM, chmod("f", 0666));
	equal(mode_of("f"), 0600);
	expect_as(&alice, 0, chmod("f", 06755));
	equal(mode_of("f"), 06755);
	/* The set-group-ID bit is for a group that the owner is in. */
	chown("f", alice.uid, bob.gid);
	expect_as(&alice, 0, chmod("f", 06755));
	equal(mode_of("f"), 04755);
	chmod("f", 06755);
	equal(mode_of("f"), 06755);
	expect(EBADF, fchmod(99, 0600));
	unlink("f");
	if (!has_symlinks)
		return skipped("chmod through a link", "no symbolic links here");
	file("f", 0644, "");
	symlink("f", "l");
	expect(0, chmod("l", 0600));
	equal(mode_of("f"), 0600);
	equal(mode_of("l"), 0777);
	unlink("l");
	unlink("f");
}

static void test_chown(void)
{
	file("f", 0644, "");
	expect(0, chown("f", alice.uid, alice.gid));
	equal(status("f").st_uid, alice.uid);
	equal(status("f").st_gid, alice.gid);
	expect(0, chown("f", KEEP, bob.gid));
	equal(status("f").st_uid, alice.uid);
	equal(status("f").st_gid, bob.gid);
	expect(0, chown("f", carol.uid, KEEP));
	equal(status("f").st_uid, carol.uid);
	/* Carol may give her file to another of her groups, and to nobody else. */
	expect_as(&carol, 0, chown("f", KEEP, carol.also));
	expect_as(&carol, 0, chown("f", carol.uid, carol.gid));
	expect_as(&carol, EPERM, chown("f", KEEP, bob.gid));
	expect_as(&carol, EPERM, chown("f", alice.uid, KEEP));
	expect_as(&alice, EPERM, chown("f", alice.uid, KEEP));
	expect_as(&alice, EPERM, chown("f", KEEP, alice.gid));
	expect_as(&carol, 0, chown("f", KEEP, KEEP));
	expect(EBADF, fchown(99, 0, 0));
	expect(EINVAL, fchownat(AT_FDCWD, "f", 0, 0, 0x4000));
	unlink("f");
	if (!has_symlinks)
		return skipped("lchown", "no symbolic links here");
	file("f", 0644, "");
	symlink("f", "l");
	expect(0, lchown("l", alice.uid, alice.gid));
	equal(status("l").st_uid, alice.uid);
	equal(status("f").st_uid, 0);
	expect(0, chown("l", bob.uid, bob.gid));
	equal(status("l").st_uid, alice.uid);
	equal(status("f").st_uid, bob.uid);
	unlink("l");
	unlink("f");
}

static long writes(const char *name)
{
	int fd = open(name, O_WRONLY);

	return fd < 0 ? -1 : write(fd, "x", 1);
}

static mode_t after_chown(mode_t mode, uid_t uid, gid_t gid)
{
	chmod("f", mode);
	chown("f", uid, gid);
	return mode_of("f");
}

static void test_set_id_bits(void)
{
	file("f", 0666, "xyz");
	chown("f", alice.uid, alice.gid);
	equal(after_chown(06755, KEEP, bob.gid), 0755);
	equal(after_chown(06755, bob.uid, KEEP), 0755);
	equal(after_chown(06755, KEEP, KEEP), 0755);
	equal(after_chown(06744, bob.uid, KEEP), 02744);
	equal(after_chown(04644, bob.uid, KEEP), 0644);
	equal(after_chown(01755, bob.uid, KEEP), 01755);
	chmod("f", 06777);
	expect_as(&alice, 0, writes("f"));
	equal(mode_of("f"), 0777);
	chown("f", KEEP, alice.gid);
	chmod("f", 06767);
	expect_as(&alice, 0, writes("f"));
	equal(mode_of("f"), 02767);
	chmod("f", 06777);
	expect_as(&alice, 0, truncate("f", 1));
	equal(mode_of("f"), 0777);
	chmod("f", 06777);
	expect_as(&alice, 0, open("f", O_WRONLY | O_TRUNC));
	equal(mode_of("f"), 0777);
	chmod("f", 06777);
	expect(0, writes("f"));
	equal(mode_of("f"), 06777);
	unlink("f");
	/* Of a directory they mean something else. */
	directory("d", 07777);
	chown("d", alice.uid, alice.gid);
	equal(mode_of("d"), 07777);
	rmdir("d");
}

static void test_setuid_family(void)
{
	gid_t group = 0;

	expect_as(&alice, EPERM, setuid(0));
	expect_as(&alice, EPERM, setgid(0));
	expect_as(&alice, 0, setuid(alice.uid));
	expect_as(&alice, EPERM, setreuid(0, KEEP));
	expect_as(&alice, EPERM, setreuid(KEEP, 0));
	expect_as(&alice, 0, setreuid(KEEP, alice.uid));
	expect_as(&alice, EPERM, setresuid(KEEP, KEEP, 0));
	expect_as(&alice, EPERM, setresgid(KEEP, bob.gid, KEEP));
	expect_as(&alice, EPERM, syscall(SYS_setgroups, 1, &group));
	expect(EINVAL, setuid(KEEP));
	/* Root who puts it aside gets it back, by the saved user; who gives it up does not. */
	expect(0, setresuid(KEEP, alice.uid, KEEP));
	equal(geteuid(), alice.uid);
	expect(0, setresuid(KEEP, 0, KEEP));
	expect_as(&alice, EPERM, setresuid(0, 0, 0));
	equal(getuid() + geteuid(), 0);
}

static long runs(const char *name, const char *arg)
{
	return execl(name, name, arg, (char *)NULL);
}

/* The exit status of this program, set up as set-user-ID and set-group-ID, run by somebody. */
static int ids_of_program(const struct user *user)
{
	pid_t pid = become(user);

	if (!pid) {
		runs("./prog", "--ids");
		_exit(254);
	}
	return ended(pid);
}

static void test_programs(void)
{
	int from = open("/proc/self/exe", O_RDONLY), to = open("prog", O_CREAT | O_WRONLY, 0755);
	char buf[4096];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, n) != n)
			break;
	close(from);
	close(to);
	chown("prog", alice.uid, alice.gid);
	chmod("prog", 0755);
	check(ids_of_program(&bob), 0, "a program without set-id bits is run by bob");
	chmod("prog", 04755);
	check(ids_of_program(&bob), 1, "set-user-ID: alice's user");
	chmod("prog", 02755);
	check(ids_of_program(&bob), 2, "set-group-ID: alice's group");
	chmod("prog", 06755);
	check(ids_of_program(&bob), 3, "both");
	chmod("prog", 06744);
	expect_as(&bob, EACCES, runs("./prog", "--ids"));
	chmod("prog", 02765);
	check(ids_of_program(&bob), 0, "set-group-ID means nothing when the group may not run it");
	unlink("prog");
}

void test_ownership(void)
{
	test_chmod();
	test_chown();
	test_set_id_bits();
	test_setuid_family();
	test_programs();
}
