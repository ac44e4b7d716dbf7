// SPDX-License-Identifier: MIT
/*
 * One input: mounts a disk, makes system calls as a list of bytes says, unmounts, and looks whether
 * everything has come back.
 *
 * The calls are the kernel's own entry points, __arm64_sys_openat() and so on, so that paths are walked
 * and descriptors are used as for a program. Whatever the bytes are they mean something: each operation is
 * a byte that chooses it, and bytes that say on what; past the end of the list all are 0.
 */
#include <linux/blkdev.h>
#include <linux/bug.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/dirent.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/wait_bit.h>
#include <linux/writeback.h>
#include <linux/xarray.h>
#include <asm/ptrace.h>
#include <uapi/linux/mount.h>
#include "fuzz.h"
#include "layer.h"

#define NR_FDS		6
#define NR_SEEN		8
#define MAX_OPS		96
#define BUFFER		(3 * PAGE_SIZE)

#define SYSCALL(name, ...)							\
({										\
	long __arm64_sys_##name(const struct pt_regs *regs);			\
	struct pt_regs __regs = { .regs = { __VA_ARGS__ } };			\
	finish_call(#name, __arm64_sys_##name(&__regs));			\
})
#define ARG(x)		((unsigned long)(x))

struct fuzz_counts fuzz_counts;

static const unsigned char *next_byte, *end_bytes;
static const char *fs_type;
static bool mounted, writable;	/* now; at any time */
static int fds[NR_FDS];
static char seen[NR_SEEN][256];		/* names that a directory had */
static unsigned int nr_seen;
static char buffer[BUFFER];

/* After each call: nothing is held, and what RCU frees is freed. */
static long finish_call(const char *name, long ret)
{
	if (preempt_count() || irqs_disabled())
		fuzz_die(name, "returned in atomic context", preempt_count());
	BUG_ON(!task_is_running(current));
	fuzz_rcu();
	fuzz_tick();
	fuzz_counts.operations++;
	fuzz_counts.succeeded += ret >= 0;
	if (host_verbose)
		_printk("  %s = %ld\n", name, ret);
	return ret;
}

/* ------------------------------------------------------------------ what the bytes say */

static unsigned int byte(void)
{
	return next_byte < end_bytes ? *next_byte++ : 0;
}

static unsigned int word(void)
{
	unsigned int low = byte();

	return low | byte() << 8;
}

/* An offset or size: near where something begins or ends. */
static loff_t offset(void)
{
	const unsigned int kind = byte();

	switch (kind & 7) {
	case 0:	return byte();
	case 1:	return word();
	case 2:	return (loff_t)byte() * PAGE_SIZE + (kind >> 3) - 16;
	case 3:	return (loff_t)byte() * 1024 + (kind >> 3) - 16;
	case 4:	return (loff_t)(513 - (kind >> 3)) * PAGE_SIZE - byte();
	case 5:	return (loff_t)word() << 16 | word();
	case 6:	return 1ULL << (byte() & 63);
	default: return (long)(word() | word() << 16) * 65537L;
	}
}

static const char *const names[] = {
	"hello.txt", "subdir", "names.txt", "a", "b", "c", "deep", "link", "..", "a.very.long.name."
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
	".", "big",
};

static const char *component(unsigned int n)
{
	if (n >= ARRAY_SIZE(names) && nr_seen)
		return seen[n % nr_seen];
	return names[n % ARRAY_SIZE(names)];
}

/* A path below the mount, of up to two components. Several are in use at once. */
static char *path(void)
{
	static char paths[4][560];
	static unsigned int turn;
	char *p = paths[turn++ % ARRAY_SIZE(paths)];
	const unsigned int which = byte();

	if (which == 0xff)
		return strcpy(p, "/m");
	if (which >> 4 < 8)
		snprintf(p, sizeof(paths[0]), "/m/%s", component(which & 15));
	else
		snprintf(p, sizeof(paths[0]), "/m/%s/%s", component(which >> 4 & 7), component(which & 15));
	if (host_verbose)
		_printk("  %s\n", p);
	return p;
}

static int *slot(void)
{
	return &fds[byte() % NR_FDS];
}

/* ------------------------------------------------------------------ operations */

static void close_slot(int *fd)
{
	if (*fd >= 0)
		SYSCALL(close, *fd);
	*fd = -1;
}

static void op_open(void)
{
	static const int flags[] = {
		O_RDONLY, O_RDWR, O_RDWR | O_CREAT, O_RDWR | O_CREAT | O_EXCL, O_RDWR | O_TRUNC, O_RDONLY | O_DIRECTORY,
		O_WRONLY | O_APPEND | O_CREAT, O_RDWR | O_CREAT | O_SYNC,
	};
	int *fd = slot();
	const unsigned int how = byte();

	close_slot(fd);
	/* What a damaged disk calls a pipe would wait for somebody at its other end. */
	*fd = SYSCALL(openat, AT_FDCWD, ARG(path()), flags[how % ARRAY_SIZE(flags)] | O_NONBLOCK, 0666);
}

static void op_read(void)
{
	int fd = *slot();

	SYSCALL(read, fd, ARG(buffer), word() % BUFFER);
}

static void op_pread(void)
{
	int fd = *slot();
	loff_t at = offset();

	SYSCALL(pread64, fd, ARG(buffer), word() % BUFFER, at);
}

static void op_write(void)
{
	int fd = *slot();

	memset(buffer, byte(), sizeof(buffer));
	SYSCALL(write, fd, ARG(buffer), word() % BUFFER);
}

static void op_pwrite(void)
{
	int fd = *slot();
	loff_t at = offset();

	memset(buffer, byte(), sizeof(buffer));
	SYSCALL(pwrite64, fd, ARG(buffer), word() % BUFFER, at);
}

static void op_truncate(void)
{
	char *p = path();

	SYSCALL(truncate, ARG(p), offset());
}

static void op_ftruncate(void)
{
	int fd = *slot();

	SYSCALL(ftruncate, fd, offset());
}

static void op_fallocate(void)
{
	int fd = *slot();
	loff_t at = offset();

	SYSCALL(fallocate, fd, byte() & 3, at, offset());
}

static void op_unlink(void) { SYSCALL(unlinkat, AT_FDCWD, ARG(path()), 0); }
static void op_rmdir(void) { SYSCALL(unlinkat, AT_FDCWD, ARG(path()), AT_REMOVEDIR); }
static void op_mkdir(void) { SYSCALL(mkdirat, AT_FDCWD, ARG(path()), 0755); }
static void op_mknod(void) { SYSCALL(mknodat, AT_FDCWD, ARG(path()), S_IFIFO | 0644, 0); }
static void op_readlink(void) { SYSCALL(readlinkat, AT_FDCWD, ARG(path()), ARG(buffer), byte()); }
static void op_chdir(void) { SYSCALL(chdir, ARG(path())); }
static void op_sync(void) { SYSCALL(sync, 0); }

static void op_rename(void)
{
	char *from = path(), *to = path();

	SYSCALL(renameat2, AT_FDCWD, ARG(from), AT_FDCWD, ARG(to), byte() & 3);
}

static void op_link(void)
{
	char *from = path(), *to = path();

	SYSCALL(linkat, AT_FDCWD, ARG(from), AT_FDCWD, ARG(to), 0);
}

static void op_symlink(void)
{
	static char target[2 * PAGE_SIZE];
	const unsigned int n = word() % PAGE_SIZE;

	/* Mostly a name that is there, else of any length. */
	memset(target, 0, sizeof(target));
	if (n & 1)
		strcpy(target, component(n >> 1 & 15));
	else
		memset(target, 'x', n);
	SYSCALL(symlinkat, ARG(target), AT_FDCWD, ARG(path()));
}

static void remember(const char *name)
{
	strscpy(seen[nr_seen % NR_SEEN], name, sizeof(seen[0]));
	if (nr_seen < NR_SEEN)
		nr_seen++;
}

static void op_getdents(void)
{
	int fd = *slot();
	long n = SYSCALL(getdents64, fd, ARG(buffer), word() % BUFFER);

	for (long at = 0; at < n;) {
		struct linux_dirent64 *d = (void *)(buffer + at);

		if (d->d_name[0] != '.' && nr_seen < NR_SEEN)
			remember(d->d_name);
		at += d->d_reclen;
	}
}

static void op_stat(void)
{
	char *p = path();

	SYSCALL(newfstatat, AT_FDCWD, ARG(p), ARG(buffer), byte() & 1 ? AT_SYMLINK_NOFOLLOW : 0);
}

static void op_statfs(void) { SYSCALL(statfs, ARG("/m"), ARG(buffer)); }
static void op_chmod(void) { char *p = path(); SYSCALL(fchmodat, AT_FDCWD, ARG(p), word() & 07777); }
static void op_chown(void) { char *p = path(); SYSCALL(fchownat, AT_FDCWD, ARG(p), byte(), byte(), 0); }
static void op_utimes(void) { SYSCALL(utimensat, AT_FDCWD, ARG(path()), 0, 0); }

static void op_fsync(void)
{
	int fd = *slot();

	if (byte() & 1)
		SYSCALL(fdatasync, fd);
	else
		SYSCALL(fsync, fd);
}

static void op_syncfs(void) { SYSCALL(syncfs, *slot()); }

static void op_lseek(void)
{
	int fd = *slot();
	loff_t to = offset();

	SYSCALL(lseek, fd, to, byte() % 5);
}

static void op_copy(void)
{
	int in = *slot(), out = *slot();

	SYSCALL(sendfile, out, in, 0, word());
}

static void op_remount(void)
{
	const unsigned long flags = byte() & 1 ? MS_RDONLY : 0;

	writable |= !flags;
	SYSCALL(mount, 0, ARG("/m"), 0, MS_REMOUNT | flags, 0);
}

/* A page of a file as a program's mapping gets it, and perhaps becomes dirty by it. */
static void fault_in(struct file *file, pgoff_t pgoff, bool write)
{
	struct vm_area_struct vma = {
		.vm_start = 1UL << 30, .vm_end = 1UL << 40, .vm_mm = &init_mm, .vm_file = file,
		.vm_flags = VM_READ | VM_SHARED | (write ? VM_WRITE : 0),
	};
	struct vm_fault vmf = {
		.vma = &vma, .pgoff = pgoff, .address = vma.vm_start + (pgoff << PAGE_SHIFT),
		.flags = write ? FAULT_FLAG_WRITE : 0, .gfp_mask = GFP_KERNEL,
	};
	vm_fault_t ret;

	if (!file->f_op->mmap || !(file->f_mode & FMODE_READ) || file->f_op->mmap(file, &vma) || !vma.vm_ops ||
	    !vma.vm_ops->fault)
		return;
	ret = vma.vm_ops->fault(&vmf);
	if (!(ret & VM_FAULT_LOCKED))
		return;
	if (write && (file->f_mode & FMODE_WRITE)) {
		if (vma.vm_ops->page_mkwrite) {
			unlock_page(vmf.page);
			ret = vma.vm_ops->page_mkwrite(&vmf);
			if (!(ret & VM_FAULT_LOCKED))
				goto out_put;
		}
		memset(page_address(vmf.page), 0x77, PAGE_SIZE);
		set_page_dirty(vmf.page);
	}
	unlock_page(vmf.page);
out_put:
	put_page(vmf.page);
}

static void op_fault(void)
{
	struct file *file = fget(*slot());
	const unsigned int how = byte();

	if (!file)
		return;
	down_read(&init_mm.mmap_lock);
	fault_in(file, how & 2 ? word() : byte(), how & 1);
	up_read(&init_mm.mmap_lock);
	fput(file);
	finish_call("fault", 0);
}

static void op_drop_caches(void)
{
	drop_pagecache();
	drop_slab();
	finish_call("drop_caches", 0);
}

/* Every name there is, and the first and the last page of each file. */
static void walk(char *at, unsigned int depth)
{
	const size_t len = strlen(at);
	char *entries = (void *)__get_free_page(GFP_KERNEL | __GFP_NOFAIL);
	int fd = SYSCALL(openat, AT_FDCWD, ARG(at), O_RDONLY | O_NONBLOCK, 0);
	long n;

	if (fd < 0)
		goto out;
	for (unsigned int round = 0; round < 4; round++) {
		n = SYSCALL(getdents64, fd, ARG(entries), PAGE_SIZE);
		if (n <= 0)
			break;
		for (long p = 0; p < n;) {
			struct linux_dirent64 *d = (void *)(entries + p);

			p += d->d_reclen;
			if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, "..") || depth > 3 ||
			    len + strlen(d->d_name) > 500)
				continue;
			remember(d->d_name);
			sprintf(at + len, "/%s", d->d_name);
			walk(at, depth + 1);
			at[len] = 0;
		}
	}
	if (n == -ENOTDIR) {
		SYSCALL(read, fd, ARG(buffer), PAGE_SIZE);
		if (SYSCALL(lseek, fd, -1, 2) >= 0)
			SYSCALL(read, fd, ARG(buffer), PAGE_SIZE);
	}
	SYSCALL(close, fd);
out:
	free_page((unsigned long)entries);
}

static void op_walk(void)
{
	static char at[800];

	strcpy(at, "/m");
	walk(at, 0);
}

static void do_mount(unsigned long flags)
{
	/* Some disks ask for a panic when they are damaged. mount(2) copies a page. */
	static char no_panic[PAGE_SIZE] = "errors=continue";

	fuzz_counts.mounts++;
	mounted = !SYSCALL(mount, ARG("/disk"), ARG("/m"), ARG(fs_type), flags,
			   ARG(strcmp(fs_type, "ext2") ? NULL : no_panic));
	fuzz_counts.mounted += mounted;
	/* A mount of ext2 that ends in an error notes it on the disk, as Linux's does. */
	writable |= !(flags & MS_RDONLY) && (mounted || !strcmp(fs_type, "ext2"));
}

/* And mounts it again. Busy, when a file is open. */
static void op_unmount(void)
{
	if (!SYSCALL(umount2, ARG("/m"), 0))
		do_mount(byte() & 1 ? MS_RDONLY : 0);
}

/* What can fail, does so soon. */
static void op_fail(void)
{
	const unsigned int how = byte(), after = byte();

	if (!host_failures)
		return;
	if (how & 1)
		fuzz_fail_disk = after;
	else
		fuzz_fail_memory = after;
}

static void (*const ops[])(void) = {
	op_open, op_pread, op_pwrite, op_walk, op_unlink, op_mkdir, op_rmdir, op_rename, op_link, op_symlink, op_getdents,
	op_truncate, op_ftruncate, op_fault, op_fsync, op_sync, op_remount, op_unmount, op_read, op_write, op_readlink,
	op_stat, op_statfs, op_chmod, op_chown, op_utimes, op_syncfs, op_lseek, op_copy, op_drop_caches, op_mknod,
	op_fallocate, op_chdir, op_open, op_pwrite, op_rename, op_fail,
};

/* ------------------------------------------------------------------ one input */

static long baseline;
unsigned long fuzz_failures;

int fuzz_run(const char *type, unsigned char *disk, unsigned long bytes, const unsigned char *list,
	     unsigned long nr)
{
	bool was_mounted;

	next_byte = list;
	end_bytes = list + nr;
	fs_type = type;
	nr_seen = 0;
	for (int i = 0; i < NR_FDS; i++)
		fds[i] = -1;
	writable = false;
	fuzz_failures = 0;
	fuzz_disk_set(disk, bytes);
	do_mount(byte() & 1 ? MS_RDONLY : 0);
	for (int i = 0; mounted && i < MAX_OPS && next_byte < end_bytes; i++)
		ops[byte() % 64 % ARRAY_SIZE(ops)]();

	fuzz_fail_memory = fuzz_fail_disk = -1;
	SYSCALL(chdir, ARG("/"));
	for (int i = 0; i < NR_FDS; i++)
		close_slot(&fds[i]);
	was_mounted = mounted;
	if (mounted)
		BUG_ON(SYSCALL(umount2, ARG("/m"), 0));
	mounted = false;
	if (!writable && fuzz_writes)
		fuzz_die("a disk that was not mounted to be written was written to", "unmount", fuzz_writes);
	lru_add_drain();
	fuzz_rcu();
	if (baseline && fuzz_objects() != baseline) {
		host_verbose = 1;
		fuzz_show_objects();
		fuzz_die("memory is lost", "unmount", fuzz_objects() - baseline);
	}
	return was_mounted && !fuzz_failures;
}

/* ------------------------------------------------------------------ once */

/* AddressSanitizer has put gaps between the entries, filled with 0, which it does not want to be seen. */
__attribute__((no_sanitize("address"))) static void do_initcalls(void)
{
	extern const struct initcall_entry __initcall_start[], __initcall_end[];

	for (const struct initcall_entry *p = __initcall_start; p < __initcall_end; p++)
		if (p->fn && p->fn())
			fuzz_die(p->name, "a failing initcall", 0);
}

void fuzz_boot(void)
{
	static unsigned char nothing[4 * PAGE_SIZE];

	fuzz_memory_init();
	xarray_init();
	wait_bit_init();
	cred_init();
	pagecache_init();
	vfs_caches_init();
	do_initcalls();
	fuzz_disk_init();
	BUG_ON(SYSCALL(mkdirat, AT_FDCWD, ARG("/m"), 0755));
	BUG_ON(SYSCALL(mknodat, AT_FDCWD, ARG("/disk"), S_IFBLK | 0600, new_encode_dev(MKDEV(VIRTBLK_MAJOR, 0))));
	/* Where a symbolic link leads out of the disk nothing is to be made, and left behind. */
	BUG_ON(SYSCALL(mount, 0, ARG("/"), 0, MS_REMOUNT | MS_RDONLY, 0));
	/* What is made once, is made now. */
	fuzz_run("ezfs", nothing, sizeof(nothing), nothing, 0);
	baseline = fuzz_objects();
	fuzz_note_objects();
}
