// SPDX-License-Identifier: MIT
/*
 * memfd_create(2): memory with a descriptor and without a name; and seals, by which its owner promises to
 * those he shares it with what will not happen to it any more.
 *
 * Callers: programs; fcntl(2) with F_ADD_SEALS, F_GET_SEALS. Seals only come, never go. mm/shmem.c and
 * fs/hugetlbfs/ keep to them: i_rwsem is held where they are added, and by each write, truncation and hole. Writable mappings
 * are counted in i_mmap_writable: below 0 stands for the promise that there will be none.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/memfd.h>

#define F_ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

/* NULL: it is none of ours. */
static unsigned int *memfd_file_seals_ptr(struct file *file)
{
	if (shmem_mapping(file->f_mapping))
		return &SHMEM_I(file_inode(file))->seals;
	if (is_file_hugepages(file))
		return &HUGETLBFS_I(file_inode(file))->seals;
	return NULL;
}

static int memfd_add_seals(struct file *file, unsigned int seals)
{
	struct inode *inode = file_inode(file);
	unsigned int *file_seals = memfd_file_seals_ptr(file);
	int err = -EPERM;

	if (!(file->f_mode & FMODE_WRITE))
		return -EPERM;
	if (seals & ~(unsigned int)F_ALL_SEALS)
		return -EINVAL;
	inode_lock(inode);
	if (*file_seals & F_SEAL_SEAL)
		goto unlock;
	/*
	 * With no writable mapping left, and i_rwsem held, nobody writes: the kernel itself reaches
	 * pages of others only through their mappings, with mmap_lock held.
	 */
	if ((seals & F_SEAL_WRITE) && !(*file_seals & F_SEAL_WRITE)) {
		err = mapping_deny_writable(file->f_mapping);
		if (err)
			goto unlock;
	}
	*file_seals |= seals;
	err = 0;
unlock:
	inode_unlock(inode);
	return err;
}

/** memfd_fcntl - F_ADD_SEALS and F_GET_SEALS; -EINVAL for what is no memory of mm/shmem.c */
long memfd_fcntl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const unsigned int *seals = memfd_file_seals_ptr(file);

	if (!seals)
		return -EINVAL;
	if (cmd == F_GET_SEALS)
		return READ_ONCE(*seals);
	return arg > UINT_MAX ? -EINVAL : memfd_add_seals(file, arg);
}

#define MFD_NAME_PREFIX		"memfd:"
#define MFD_NAME_PREFIX_LEN	(sizeof(MFD_NAME_PREFIX) - 1)
#define MFD_NAME_MAX_LEN	(NAME_MAX - MFD_NAME_PREFIX_LEN)

/* "memfd:" and the program's name for it, in kmalloc'ed memory. */
static char *memfd_name(const char __user *uname)
{
	char *name = kmalloc(MFD_NAME_PREFIX_LEN + MFD_NAME_MAX_LEN + 1, GFP_KERNEL);
	long len;

	if (!name)
		return ERR_PTR(-ENOMEM);
	memcpy(name, MFD_NAME_PREFIX, MFD_NAME_PREFIX_LEN);
	len = strncpy_from_user(name + MFD_NAME_PREFIX_LEN, uname, MFD_NAME_MAX_LEN + 1);
	if (len >= 0 && len <= (long)MFD_NAME_MAX_LEN)
		return name;
	kfree(name);
	return ERR_PTR(len < 0 ? len : -EINVAL);
}

SYSCALL_DEFINE2(memfd_create, const char __user *, uname, unsigned int, flags)
{
	struct file *file;
	char *name;
	int fd;

	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB |
		      (flags & MFD_HUGETLB ? MFD_HUGE_MASK << MFD_HUGE_SHIFT : 0)))
		return -EINVAL;
	name = memfd_name(uname);
	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = get_unused_fd_flags(flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
	if (fd < 0)
		goto out;
	if (flags & MFD_HUGETLB)
		file = hugetlb_file_setup(name, 0, VM_NORESERVE, HUGETLB_ANONHUGE_INODE,
					  flags >> MFD_HUGE_SHIFT & MFD_HUGE_MASK);
	else
		file = shmem_file_setup(name, 0, VM_NORESERVE);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		fd = PTR_ERR(file);
		goto out;
	}
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	if (flags & MFD_ALLOW_SEALING)
		*memfd_file_seals_ptr(file) &= ~F_SEAL_SEAL;
	fd_install(fd, file);
out:
	kfree(name);
	return fd;
}
