// SPDX-License-Identifier: MIT
/*
 * System V shared memory: keys, identifiers, permissions, attaching and detaching, and when a segment goes.
 */
#include <sys/mman.h>
#include <sys/shm.h>
#include <time.h>
#include "fault.h"
#include "tap.h"

#define PAGE	4096
#define KEY	0x7ea4

static int id;

static struct shmid_ds status(int id)
{
	struct shmid_ds ds = { };

	if (shmctl(id, IPC_STAT, &ds))
		ds.shm_nattch = -1;
	return ds;
}

static void test_get(void)
{
	int other;

	fails(shmget(KEY, PAGE, 0600), ENOENT, "no segment has the key");
	fails(shmget(KEY, 0, IPC_CREAT | 0600), EINVAL, "none of 0 bytes is made");
	fails(shmget(KEY, PAGE, IPC_CREAT | SHM_HUGETLB | 63 << 26 | 0600), EINVAL, "none of huge pages of an odd size");
	id = shmget(KEY, 2 * PAGE + 1, IPC_CREAT | IPC_EXCL | 0640);
	ok(id >= 0, "shmget() makes one");
	is(shmget(KEY, PAGE, 0), id, "and finds it by its key");
	is(shmget(KEY, 2 * PAGE + 1, IPC_CREAT | 0600), id, "with IPC_CREAT as well");
	fails(shmget(KEY, PAGE, IPC_CREAT | IPC_EXCL | 0600), EEXIST, "not with IPC_EXCL");
	fails(shmget(KEY, 3 * PAGE, 0), EINVAL, "nor when more is wanted than it has");
	other = shmget(IPC_PRIVATE, PAGE, 0600);
	ok(other >= 0 && other != id, "IPC_PRIVATE makes a new one");
	is(shmctl(other, IPC_RMID, NULL), 0, "which is removed");
	fails(shmctl(other, IPC_RMID, NULL), EINVAL, "once");
	fails(shmctl(-1, IPC_RMID, NULL), EINVAL, "a bad identifier");
	fails(shmctl(id, 99, NULL), EINVAL, "a bad command");
	fails(shmctl(id, IPC_STAT, (void *)8), EFAULT, "a bad pointer");
}

static void test_status(void)
{
	struct shmid_ds ds = status(id);
	time_t now = time(NULL);

	is(ds.shm_perm.__key, KEY, "IPC_STAT: the key");
	is(ds.shm_perm.mode, 0640, "the permissions");
	is(ds.shm_perm.uid, geteuid(), "the owner");
	is(ds.shm_segsz, 2 * PAGE + 1, "the size as it was asked for");
	is(ds.shm_cpid, getpid(), "who made it");
	is(ds.shm_lpid, 0, "nobody has attached it");
	is(ds.shm_atime, 0, "at no time");
	ok(ds.shm_ctime <= now && ds.shm_ctime > now - 600, "when it was made");
	is(ds.shm_nattch, 0, "it is attached nowhere");
}

static void child_attached(void)
{
	struct shmid_ds ds = status(id);
	char *p = shmat(id, NULL, 0);

	if (ds.shm_nattch != 2 || status(id).shm_nattch != 3 || p == (void *)-1)
		_exit(1);
	p[1] = 'c';
	_exit(shmdt(p) || status(id).shm_nattch != 2 ? 2 : 0);
}

static void test_attach(void)
{
	char *p = shmat(id, NULL, 0), *q, *r;

	ok(p != (void *)-1, "shmat()");
	is(p[0] | p[2 * PAGE], 0, "it is zeros");
	p[0] = 'p';
	is(status(id).shm_nattch, 1, "attached once");
	is(status(id).shm_lpid, getpid(), "by this process");
	is(in_child(child_attached), 0, "a child has the parent's region, and may attach its own");
	is(p[1], 'c', "what it stored is here");
	is(status(id).shm_nattch, 1, "its exit has detached it");

	q = shmat(id, NULL, SHM_RDONLY);
	is(q[0], 'p', "SHM_RDONLY: it is read");
	is(store(q, 'x'), SIGSEGV, "not written");
	fails(mprotect(q, PAGE, PROT_READ | PROT_WRITE), EACCES, "and does not become writable");
	is(shmdt(q), 0, "shmdt()");
	fails(shmdt(q), EINVAL, "once");
	fails(shmdt(q + 1), EINVAL, "a bad address");

	r = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fails(shmat(id, r, 0), EINVAL, "an address where something is");
	fails(shmat(id, r + 1, SHM_REMAP), EINVAL, "one that is not aligned");
	fails(shmat(id, NULL, SHM_REMAP), EINVAL, "SHM_REMAP and no address");
	q = shmat(id, r + 1, SHM_REMAP | SHM_RND);
	is(q - r, 0, "SHM_REMAP, and rounded down by SHM_RND");
	is(q[0], 'p', "it is there instead");
	is(munmap(q + PAGE, PAGE), 0, "the middle is unmapped");
	is(status(id).shm_nattch, 3, "two regions are left, and the first");
	is(shmdt(q), 0, "shmdt() takes both");
	is(status(id).shm_nattch, 1, "one is left");
	munmap(r, 4 * PAGE);

	is(shmctl(id, IPC_RMID, NULL), 0, "removed while it is attached");
	is(status(id).shm_perm.mode & SHM_DEST, SHM_DEST, "SHM_DEST");
	is(status(id).shm_perm.__key, 0, "it has no key any more");
	fails(shmget(KEY, PAGE, 0), ENOENT, "and is not found by it");
	is(p[0], 'p', "the memory is still there");
	is(shmdt(p), 0, "the last one detaches");
	fails(shmctl(id, IPC_STAT, &(struct shmid_ds){ }), EINVAL, "and it is gone");
	fails(shmat(id, NULL, 0), EINVAL, "there is nothing to attach");
}

static void as_other(void)
{
	struct shmid_ds ds = status(id);

	if (ds.shm_perm.mode != 0604)
		_exit(1);
	if (setgid(1000) || setuid(1000))
		_exit(2);
	if (shmat(id, NULL, SHM_RDONLY) == (void *)-1)
		_exit(3);
	if (shmat(id, NULL, 0) != (void *)-1 || errno != EACCES)
		_exit(4);
	if (shmget(KEY, PAGE, 0600) != -1 || errno != EACCES)
		_exit(5);
	if (shmctl(id, IPC_RMID, NULL) != -1 || errno != EPERM)
		_exit(6);
	if (shmctl(id, IPC_SET, &ds) != -1 || errno != EPERM)
		_exit(7);
	if (shmctl(id, SHM_LOCK, NULL) != -1 || errno != EPERM)
		_exit(8);
	_exit(0);
}

static void as_owner(void)
{
	struct shmid_ds ds = status(id);

	if (setgid(1000) || setuid(1000))
		_exit(1);
	ds.shm_perm.mode = 0600;
	if (shmctl(id, IPC_SET, &ds) || shmat(id, NULL, 0) == (void *)-1)
		_exit(2);
	_exit(0);
}

static void test_permissions(void)
{
	struct shmid_ds ds;

	id = shmget(KEY, PAGE, IPC_CREAT | 0600);
	ds = status(id);
	ds.shm_perm.mode = 0604;
	is(shmctl(id, IPC_SET, &ds), 0, "IPC_SET: 0604");
	is(in_child(as_other), 0, "another user reads it, and does nothing else with it");
	ds.shm_perm.uid = ds.shm_perm.gid = 1000;
	is(shmctl(id, IPC_SET, &ds), 0, "IPC_SET: given to him");
	is(in_child(as_owner), 0, "he may change and write it");
	is(status(id).shm_perm.mode, 0600, "and has changed it");
	is(status(id).shm_perm.uid, 1000, "it is his");
	is(status(id).shm_perm.cuid, 0, "made by another");
	ds.shm_perm.uid = -1;
	fails(shmctl(id, IPC_SET, &ds), EINVAL, "not given to nobody");
	is(shmctl(id, SHM_LOCK, NULL), 0, "SHM_LOCK");
	is(status(id).shm_perm.mode & SHM_LOCKED, SHM_LOCKED, "is told");
	is(shmctl(id, SHM_UNLOCK, NULL), 0, "SHM_UNLOCK");
	is(status(id).shm_perm.mode & SHM_LOCKED, 0, "too");
}

/* Does the line of /proc/sysvipc/shm that has this identifier say so? */
static int listed(int id, unsigned long size, unsigned long nattch)
{
	static char buf[4096], *line;
	int fd = open("/proc/sysvipc/shm", O_RDONLY), key, seen, perms, cpid, lpid;
	ssize_t n = read(fd, buf, sizeof(buf) - 1);
	unsigned long bytes, att;

	close(fd);
	buf[n < 0 ? 0 : n] = 0;
	for (line = strchr(buf, '\n'); line && line[1]; line = strchr(line + 1, '\n'))
		if (sscanf(line, "%d %d %o %lu %d %d %lu", &key, &seen, &perms, &bytes, &cpid, &lpid, &att) == 7 &&
		    seen == id)
			return key == KEY && perms == 0600 && bytes == size && cpid == getpid() && att == nattch;
	return -1;
}

static void test_all(void)
{
	struct shminfo limits;
	struct shm_info info;
	struct shmid_ds ds;
	int max, other;
	char *p = shmat(id, NULL, 0);

	*p = 1;
	is(listed(id, PAGE, 1), 1, "/proc/sysvipc/shm lists it");
	max = shmctl(0, SHM_INFO, (void *)&info);
	ok(max >= 0, "SHM_INFO");
	is(info.used_ids, 1, "one segment");
	is(info.shm_tot, 1, "of one page");
	is(info.shm_rss, 1, "which is there");
	is(shmctl(max, SHM_STAT, &ds), id, "SHM_STAT: by index");
	is(ds.shm_nattch, 1, "the same as by identifier");
	is(shmctl(max, SHM_STAT_ANY, &ds), id, "SHM_STAT_ANY");
	is(shmctl(0, IPC_INFO, (void *)&limits), max, "IPC_INFO");
	is(limits.shmmni, proc_value("/proc/sys/kernel/shmmni", ""), "shmmni");
	is(limits.shmmin, 1, "shmmin");
	is(shmdt(p), 0, "detached");
	is(shmctl(id, IPC_RMID, NULL), 0, "and removed");
	is(listed(id, PAGE, 1), -1, "it is not listed any more");
	other = shmget(KEY, PAGE, IPC_CREAT | 0600);
	ok(other != id, "the next one has another identifier");
	fails(shmctl(id, IPC_STAT, &ds), EINVAL, "and the old one is still bad");
	shmctl(other, IPC_RMID, NULL);
}

static void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);

	if (write(fd, value, strlen(value)) < 0)
		printf("# %s: errno %d\n", path, errno);
	close(fd);
}

static void test_limits(void)
{
	int fd = open("/proc/sys/kernel/shmmni", O_WRONLY), a, b;

	fails(write(fd, "no\n", 3), EINVAL, "/proc/sys: what is no number");
	fails(write(fd, "-1\n", 3), EINVAL, "or out of range");
	close(fd);
	set("/proc/sys/kernel/shmmni", "1\n");
	is(proc_value("/proc/sys/kernel/shmmni", ""), 1, "shmmni: one");
	a = shmget(IPC_PRIVATE, PAGE, 0600);
	fails(shmget(IPC_PRIVATE, PAGE, 0600), ENOSPC, "there is no second");
	set("/proc/sys/kernel/shmmni", "4096\n");
	set("/proc/sys/kernel/shmall", "3\n");
	fails(shmget(IPC_PRIVATE, 3 * PAGE, 0600), ENOSPC, "shmall: three pages, one is taken");
	b = shmget(IPC_PRIVATE, 2 * PAGE, 0600);
	ok(b >= 0, "two are left");
	set("/proc/sys/kernel/shmall", "18446744073692774399\n");
	set("/proc/sys/kernel/shmmax", "8192\n");
	fails(shmget(IPC_PRIVATE, 8193, 0600), EINVAL, "shmmax: no segment is larger");
	set("/proc/sys/kernel/shmmax", "18446744073692774399\n");
	shmctl(a, IPC_RMID, NULL);
	shmctl(b, IPC_RMID, NULL);
}

int main(void)
{
	catch_faults();
	test_get();
	test_status();
	test_attach();
	test_permissions();
	test_all();
	test_limits();
	return done();
}
