// SPDX-License-Identifier: MIT
/*
 * System V shared memory: shmget(2), shmat(2), shmdt(2), shmctl(2), /proc/sysvipc/shm.
 *
 * A segment is a file of mm/shmem.c, or of huge pages (SHM_HUGETLB), with an identifier. Attaching maps it through an open file of its
 * own (struct shm_file_data), whose regions count as attached while they last: a fork adds to the count,
 * munmap, exec and exit take from it. A segment that is removed goes with the last who detaches.
 *
 * Locking: mmap_lock, then shm_ids.rwsem, then the segment's lock (ipc/util.c). The lock guards what
 * changes in struct shmid_kernel; the rwsem for writing is held besides where a segment may be destroyed.
 */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/proc_fs.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/sysctl.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <uapi/linux/shm.h>
#include "util.h"

struct shmid_kernel {
	struct kern_ipc_perm	shm_perm;
	struct file		*shm_file;	/* NULL once it is destroyed */
	unsigned long		shm_nattch;	/* regions that map it, and shmat() calls under way */
	unsigned long		shm_segsz;	/* bytes; never changes */
	time64_t		shm_atim, shm_dtim, shm_ctim;
	pid_t			shm_cprid, shm_lprid;
};

/* What a region's vm_file knows: which segment it is of. */
struct shm_file_data {
	int			id;
	struct file		*file;		/* the segment's, with a reference */
	const struct vm_operations_struct *vm_ops;	/* of mm/shmem.c, or of mm/hugetlb_vma.c */
};

#define shm_file_data(file)	((struct shm_file_data *)(file)->private_data)

static struct ipc_ids shm_ids;
static unsigned long shm_ctlmax = SHMMAX;	/* bytes of a segment */
static unsigned long shm_ctlall = SHMALL;	/* pages of all */
static int shm_ctlmni = SHMMNI;			/* segments */
static unsigned long shm_tot;			/* pages of all; shm_ids.rwsem */

static const struct vm_operations_struct shm_vm_ops;

static unsigned long shm_pages(struct shmid_kernel *shp)
{
	return DIV_ROUND_UP(shp->shm_segsz, PAGE_SIZE);
}

static struct shmid_kernel *to_shm(struct kern_ipc_perm *ipcp)
{
	return IS_ERR(ipcp) ? ERR_CAST(ipcp) : container_of(ipcp, struct shmid_kernel, shm_perm);
}

/* By identifier, with rcu_read_lock() held. Not locked. */
static struct shmid_kernel *shm_obtain(int id)
{
	return to_shm(ipc_obtain_object_check(&shm_ids, id));
}

static void shm_unlock(struct shmid_kernel *shp)
{
	ipc_unlock_object(&shp->shm_perm);
	rcu_read_unlock();
}

/* The same locked, in an RCU section: until shm_unlock() it may have been removed, but is there. */
static struct shmid_kernel *shm_obtain_lock(int id)
{
	struct shmid_kernel *shp;

	rcu_read_lock();
	shp = shm_obtain(id);
	if (IS_ERR(shp))
		rcu_read_unlock();
	else
		ipc_lock_object(&shp->shm_perm);
	return shp;
}

/* The segment of an attached file, locked, in an RCU section; NULL if it is destroyed, which cannot be. */
static struct shmid_kernel *shm_lock(struct shm_file_data *sfd)
{
	struct shmid_kernel *shp = shm_obtain_lock(sfd->id);

	if (IS_ERR(shp))
		return NULL;
	if (ipc_valid_object(&shp->shm_perm) && shp->shm_file == sfd->file)
		return shp;
	shm_unlock(shp);
	return NULL;
}

/* Nobody is attached. Locked, rwsem held for writing; unlocks, and the segment is no more. */
static void shm_destroy(struct shmid_kernel *shp)
{
	struct file *file = shp->shm_file;

	shp->shm_file = NULL;
	shm_tot -= shm_pages(shp);
	ipc_rmid(&shm_ids, &shp->shm_perm);
	shm_unlock(shp);
	fput(file);
	kfree_rcu(shp, shm_perm.rcu);
}

/* One who was attached is not any more. The last takes a removed segment with him. */
static void shm_put(struct shm_file_data *sfd, bool detach)
{
	struct shmid_kernel *shp;

	down_write(&shm_ids.rwsem);
	shp = shm_lock(sfd);
	if (WARN_ON_ONCE(!shp))
		goto out;
	if (detach) {
		shp->shm_lprid = task_tgid_vnr(current);
		shp->shm_dtim = ktime_get_real_seconds();
	}
	if (!--shp->shm_nattch && (shp->shm_perm.mode & SHM_DEST))
		shm_destroy(shp);
	else
		shm_unlock(shp);
out:
	up_write(&shm_ids.rwsem);
}

/* ------------------------------------------------------------------ attached regions */

static int __shm_open(struct shm_file_data *sfd)
{
	struct shmid_kernel *shp = shm_lock(sfd);

	if (!shp)
		return -EINVAL;
	shp->shm_atim = ktime_get_real_seconds();
	shp->shm_lprid = task_tgid_vnr(current);
	shp->shm_nattch++;
	shm_unlock(shp);
	return 0;
}

/* A region is copied by fork or split. */
static void shm_open(struct vm_area_struct *vma)
{
	WARN_ON_ONCE(__shm_open(shm_file_data(vma->vm_file)));
}

static void shm_close(struct vm_area_struct *vma)
{
	shm_put(shm_file_data(vma->vm_file), true);
}

static vm_fault_t shm_fault(struct vm_fault *vmf)
{
	return shm_file_data(vmf->vma->vm_file)->vm_ops->fault(vmf);
}

/* Huge pages have their own mind about it. They are shared: what else the region does, is nothing to them. */
static int shm_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	const struct vm_operations_struct *ops = shm_file_data(vma->vm_file)->vm_ops;

	return ops->may_split ? ops->may_split(vma, addr) : 0;
}

static const struct vm_operations_struct shm_vm_ops = {
	.open		= shm_open,
	.close		= shm_close,
	.may_split	= shm_may_split,
	.fault		= shm_fault,
};

static int shm_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct shm_file_data *sfd = shm_file_data(file);
	int err = __shm_open(sfd);

	if (err)
		return err;
	err = call_mmap(sfd->file, vma);
	if (err) {
		shm_put(sfd, true);
		return err;
	}
	sfd->vm_ops = vma->vm_ops;
	vma->vm_ops = &shm_vm_ops;
	return 0;
}

static int shm_release(struct inode *inode, struct file *file)
{
	struct shm_file_data *sfd = shm_file_data(file);

	fput(sfd->file);
	kfree(sfd);
	return 0;
}

static int shm_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	return vfs_fsync_range(shm_file_data(file)->file, start, end, datasync);
}

static const struct file_operations shm_file_operations = {
	.mmap		= shm_mmap,
	.fsync		= shm_fsync,
	.release	= shm_release,
	.llseek		= noop_llseek,
};

/* ------------------------------------------------------------------ shmget */

/* The file of a new segment. */
static struct file *shm_file_setup(const char *name, struct ipc_params *params)
{
	const bool noreserve = params->flg & SHM_NORESERVE;

	if (params->flg & SHM_HUGETLB)
		return hugetlb_file_setup(name, ALIGN(params->size, HPAGE_SIZE), noreserve ? VM_NORESERVE : 0,
					  HUGETLB_SHMFS_INODE, params->flg >> SHM_HUGE_SHIFT & SHM_HUGE_MASK);
	return shmem_kernel_file_setup(name, params->size, noreserve && sysctl_overcommit_memory != OVERCOMMIT_NEVER
							   ? VM_NORESERVE : 0);
}

/* rwsem held for writing. Returns the identifier or an errno. */
static int newseg(struct ipc_ids *ids, struct ipc_params *params)
{
	unsigned long numpages = DIV_ROUND_UP(params->size, PAGE_SIZE);
	struct shmid_kernel *shp;
	char name[13];
	int err;

	if (params->size < SHMMIN || params->size > READ_ONCE(shm_ctlmax))
		return -EINVAL;
	if ((params->flg & SHM_HUGETLB) && !hstate_sizelog(params->flg >> SHM_HUGE_SHIFT & SHM_HUGE_MASK))
		return -EINVAL;
	if (numpages << PAGE_SHIFT < params->size || shm_tot + numpages < numpages ||
	    shm_tot + numpages > READ_ONCE(shm_ctlall))
		return -ENOSPC;
	shp = kzalloc(sizeof(*shp), GFP_KERNEL);
	if (!shp)
		return -ENOMEM;
	shp->shm_perm.key = params->key;
	shp->shm_perm.mode = params->flg & S_IRWXUGO;
	shp->shm_segsz = params->size;
	shp->shm_cprid = task_tgid_vnr(current);
	shp->shm_ctim = ktime_get_real_seconds();
	sprintf(name, "SYSV%08x", params->key);
	shp->shm_file = shm_file_setup(name, params);
	err = PTR_ERR_OR_ZERO(shp->shm_file);
	if (err)
		goto free;
	err = ipc_addid(ids, &shp->shm_perm, READ_ONCE(shm_ctlmni));
	if (err)
		goto put;
	/* /proc/PID/maps shows it as the inode's number. */
	file_inode(shp->shm_file)->i_ino = shp->shm_perm.id;
	shm_tot += numpages;
	err = shp->shm_perm.id;
	shm_unlock(shp);
	return err;
put:
	fput(shp->shm_file);
free:
	kfree(shp);
	return err;
}

static int shm_more_checks(struct kern_ipc_perm *ipcp, struct ipc_params *params)
{
	return to_shm(ipcp)->shm_segsz < params->size ? -EINVAL : 0;
}

SYSCALL_DEFINE3(shmget, __kernel_key_t, key, size_t, size, int, shmflg)
{
	static const struct ipc_ops ops = { .getnew = newseg, .more_checks = shm_more_checks };
	struct ipc_params params = { .key = key, .flg = shmflg, .size = size };

	return ipcget(&shm_ids, &ops, &params);
}

/* ------------------------------------------------------------------ shmat, shmdt */

/* How a segment is to be attached: by the flags of shmat(). */
struct attach {
	unsigned long	addr, prot, flags;
	int		f_flags;
	short		acc_mode;	/* permissions that it takes */
};

static int parse_shmat(unsigned long addr, int shmflg, struct attach *how)
{
	how->flags = MAP_SHARED;
	if (addr) {
		if ((addr & (SHMLBA - 1)) && (shmflg & SHM_RND))
			addr = ALIGN_DOWN(addr, SHMLBA);
		if ((addr & ~PAGE_MASK) || (!addr && (shmflg & SHM_REMAP)))
			return -EINVAL;
		how->flags |= MAP_FIXED;
	} else if (shmflg & SHM_REMAP) {
		return -EINVAL;
	}
	how->addr = addr;
	how->prot = shmflg & SHM_RDONLY ? PROT_READ : PROT_READ | PROT_WRITE;
	how->acc_mode = shmflg & SHM_RDONLY ? S_IRUGO : S_IRUGO | S_IWUGO;
	how->f_flags = shmflg & SHM_RDONLY ? O_RDONLY : O_RDWR;
	if (shmflg & SHM_EXEC) {
		how->prot |= PROT_EXEC;
		how->acc_mode |= S_IXUGO;
	}
	return 0;
}

/* Finds the segment and keeps it from being destroyed: it counts as attached. */
static int shm_pin(int shmid, short acc_mode, struct shm_file_data *sfd)
{
	struct shmid_kernel *shp = shm_obtain_lock(shmid);
	int err = 0;

	if (IS_ERR(shp))
		return PTR_ERR(shp);
	if (ipcperms(&shp->shm_perm, acc_mode)) {
		err = -EACCES;
	} else if (!ipc_valid_object(&shp->shm_perm)) {
		err = -EIDRM;
	} else {
		shp->shm_nattch++;
		sfd->id = shp->shm_perm.id;
		sfd->file = get_file(shp->shm_file);
	}
	shm_unlock(shp);
	return err;
}

/* Maps the file where it shall go. Returns the address or an errno. */
static unsigned long map_segment(struct file *file, struct attach *how, int shmflg)
{
	size_t size = i_size_read(file_inode(file));
	struct mm_struct *mm = current->mm;
	unsigned long ret = -EINVAL, populate = 0;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	if (how->addr && !(shmflg & SHM_REMAP) &&
	    (how->addr + size < how->addr || find_vma_intersection(mm, how->addr, how->addr + size)))
		goto out;
	ret = do_mmap(file, how->addr, size, how->prot, how->flags, 0, &populate);
out:
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(ret, populate);
	return ret;
}

SYSCALL_DEFINE3(shmat, int, shmid, char __user *, shmaddr, int, shmflg)
{
	struct shm_file_data *sfd, pin;
	struct attach how;
	struct file *file;
	unsigned long ret;
	int err;

	if (shmid < 0)
		return -EINVAL;
	err = parse_shmat((unsigned long)shmaddr, shmflg, &how);
	if (err)
		return err;
	sfd = kzalloc(sizeof(*sfd), GFP_KERNEL);
	if (!sfd)
		return -ENOMEM;
	err = shm_pin(shmid, how.acc_mode, sfd);
	if (err) {
		kfree(sfd);
		return err;
	}
	pin = *sfd;
	get_file(pin.file);	/* so that sfd's reference may go with the file */
	file = alloc_file_clone(sfd->file, how.f_flags, &shm_file_operations);
	if (IS_ERR(file)) {
		ret = PTR_ERR(file);
		fput(sfd->file);
		kfree(sfd);
		goto unpin;
	}
	file->private_data = sfd;
	ret = map_segment(file, &how, shmflg);
	fput(file);
unpin:
	shm_put(&pin, false);
	fput(pin.file);
	return ret;
}

/*
 * The regions of one attachment begin at shmaddr, or would if parts were not unmapped since: the first
 * that fits names the file, and others of that file within the segment's size go with it.
 */
SYSCALL_DEFINE1(shmdt, char __user *, shmaddr)
{
	unsigned long start = (unsigned long)shmaddr, addr = start, end = TASK_SIZE;
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	struct file *file = NULL;
	int ret = -EINVAL;

	if (start & ~PAGE_MASK)
		return ret;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	while (addr < end && (vma = find_vma(mm, addr)) != NULL && vma->vm_start < end) {
		addr = vma->vm_end;
		if (vma->vm_ops != &shm_vm_ops || vma->vm_start < start ||
		    (vma->vm_start - start) >> PAGE_SHIFT != vma->vm_pgoff || (file && vma->vm_file != file))
			continue;
		if (!file) {
			file = get_file(vma->vm_file);
			end = start + PAGE_ALIGN(i_size_read(file_inode(file)));
		}
		ret = do_munmap(mm, vma->vm_start, vma->vm_end - vma->vm_start);
		if (ret)
			break;
	}
	mmap_write_unlock(mm);
	if (file)
		fput(file);
	return ret;
}

/* ------------------------------------------------------------------ shmctl */

/* Pages that are there, and in swap; rwsem held for reading, which keeps the files. */
static unsigned long shm_resident(struct shmid_kernel *shp)
{
	return READ_ONCE(shp->shm_file->f_mapping->nrpages);
}

static unsigned long shm_swapped(struct shmid_kernel *shp)
{
	if (is_file_hugepages(shp->shm_file))
		return 0;
	return READ_ONCE(SHMEM_I(file_inode(shp->shm_file))->swapped);
}

/* IPC_INFO and SHM_INFO: limits, and what is in use. Both return the greatest index. */
static int shmctl_info(int cmd, void __user *buf)
{
	struct shm_info info = { };
	struct shminfo64 limits = {
		.shmmax = READ_ONCE(shm_ctlmax), .shmmin = SHMMIN, .shmmni = READ_ONCE(shm_ctlmni),
		.shmseg = READ_ONCE(shm_ctlmni), .shmall = READ_ONCE(shm_ctlall),
	};
	struct kern_ipc_perm *ipcp;
	int max, idx;

	down_read(&shm_ids.rwsem);
	info.used_ids = shm_ids.in_use;
	info.shm_tot = shm_tot;
	idr_for_each_entry(&shm_ids.ipcs_idr, ipcp, idx) {
		info.shm_rss += shm_resident(to_shm(ipcp));
		info.shm_swp += shm_swapped(to_shm(ipcp));
	}
	max = ipc_get_maxidx(&shm_ids);
	up_read(&shm_ids.rwsem);
	if (cmd == IPC_INFO ? copy_to_user(buf, &limits, sizeof(limits)) : copy_to_user(buf, &info, sizeof(info)))
		return -EFAULT;
	return max(max, 0);
}

/* IPC_STAT by identifier; SHM_STAT and SHM_STAT_ANY by index, and they return the identifier. */
static int shmctl_stat(int shmid, int cmd, struct shmid64_ds __user *buf)
{
	struct shmid64_ds ds = { };
	struct shmid_kernel *shp;
	int ret = -EACCES;

	rcu_read_lock();
	shp = cmd == IPC_STAT ? shm_obtain(shmid) : to_shm(ipc_obtain_object_idr(&shm_ids, shmid));
	if (IS_ERR(shp)) {
		rcu_read_unlock();
		return PTR_ERR(shp);
	}
	ipc_lock_object(&shp->shm_perm);
	if (cmd != SHM_STAT_ANY && ipcperms(&shp->shm_perm, S_IRUGO))
		goto unlock;
	ret = -EIDRM;
	if (!ipc_valid_object(&shp->shm_perm))
		goto unlock;
	kernel_to_ipc64_perm(&shp->shm_perm, &ds.shm_perm);
	ds.shm_segsz = shp->shm_segsz;
	ds.shm_atime = shp->shm_atim;
	ds.shm_dtime = shp->shm_dtim;
	ds.shm_ctime = shp->shm_ctim;
	ds.shm_cpid = shp->shm_cprid;
	ds.shm_lpid = shp->shm_lprid;
	ds.shm_nattch = shp->shm_nattch;
	ret = cmd == IPC_STAT ? 0 : shp->shm_perm.id;
unlock:
	shm_unlock(shp);
	return ret >= 0 && copy_to_user(buf, &ds, sizeof(ds)) ? -EFAULT : ret;
}

/* A removed segment that is still attached can only be found by identifier, and goes at the last shmdt(). */
static void do_shm_rmid(struct shmid_kernel *shp)
{
	if (!shp->shm_nattch) {
		shm_destroy(shp);
		return;
	}
	shp->shm_perm.mode |= SHM_DEST;
	shp->shm_perm.key = IPC_PRIVATE;
	shm_unlock(shp);
}

/* IPC_SET and IPC_RMID */
static int shmctl_change(int shmid, int cmd, struct shmid64_ds __user *buf)
{
	struct shmid_kernel *shp;
	struct shmid64_ds ds;
	int err = 0;

	if (cmd == IPC_SET && copy_from_user(&ds, buf, sizeof(ds)))
		return -EFAULT;
	down_write(&shm_ids.rwsem);
	rcu_read_lock();
	shp = to_shm(ipcctl_obtain_check(&shm_ids, shmid));
	if (IS_ERR(shp)) {
		err = PTR_ERR(shp);
		rcu_read_unlock();
		goto out;
	}
	ipc_lock_object(&shp->shm_perm);
	if (cmd == IPC_RMID) {
		do_shm_rmid(shp);
		goto out;
	}
	err = ipc_update_perm(&ds.shm_perm, &shp->shm_perm);
	if (!err)
		shp->shm_ctim = ktime_get_real_seconds();
	shm_unlock(shp);
out:
	up_write(&shm_ids.rwsem);
	return err;
}

/*
 * SHM_LOCK: its pages stay in memory, once they are there. Without privilege RLIMIT_MEMLOCK is asked about this
 * segment alone.
 */
static int shmctl_do_lock(int shmid, int cmd)
{
	struct shmid_kernel *shp = shm_obtain_lock(shmid);
	kuid_t euid = current_euid();
	int err = 0;

	if (IS_ERR(shp))
		return PTR_ERR(shp);
	if (!ipc_valid_object(&shp->shm_perm)) {
		err = -EIDRM;
	} else if (!capable(CAP_IPC_LOCK)) {
		if (!uid_eq(euid, shp->shm_perm.uid) && !uid_eq(euid, shp->shm_perm.cuid))
			err = -EPERM;
		else if (cmd == SHM_LOCK && !rlimit(RLIMIT_MEMLOCK))
			err = -EPERM;
		else if (cmd == SHM_LOCK && shp->shm_segsz > rlimit(RLIMIT_MEMLOCK))
			err = -ENOMEM;
	}
	/* Huge pages go nowhere. */
	if (!err && !is_file_hugepages(shp->shm_file)) {
		shmem_lock(shp->shm_file, cmd == SHM_LOCK);
		if (cmd == SHM_LOCK)
			shp->shm_perm.mode |= SHM_LOCKED;
		else
			shp->shm_perm.mode &= ~SHM_LOCKED;
	}
	shm_unlock(shp);
	return err;
}

SYSCALL_DEFINE3(shmctl, int, shmid, int, cmd, struct shmid64_ds __user *, buf)
{
	if (cmd < 0 || shmid < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case SHM_INFO:
		return shmctl_info(cmd, buf);
	case IPC_STAT:
	case SHM_STAT:
	case SHM_STAT_ANY:
		return shmctl_stat(shmid, cmd, buf);
	case IPC_SET:
	case IPC_RMID:
		return shmctl_change(shmid, cmd, buf);
	case SHM_LOCK:
	case SHM_UNLOCK:
		return shmctl_do_lock(shmid, cmd);
	}
	return -EINVAL;
}

/* ------------------------------------------------------------------ /proc */

/* Position 0 is the heading, position n + 1 the segment at index n or the next one after it. */
static void *sysvipc_find(loff_t *pos)
{
	int idx = *pos - 1;
	struct kern_ipc_perm *ipcp = idr_get_next(&shm_ids.ipcs_idr, &idx);

	if (ipcp)
		*pos = idx + 1;
	return ipcp;
}

static void *sysvipc_start(struct seq_file *m, loff_t *pos)
{
	down_read(&shm_ids.rwsem);
	return *pos ? sysvipc_find(pos) : SEQ_START_TOKEN;
}

static void *sysvipc_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return sysvipc_find(pos);
}

static void sysvipc_stop(struct seq_file *m, void *v)
{
	up_read(&shm_ids.rwsem);
}

static int sysvipc_show(struct seq_file *m, void *v)
{
	struct shmid_kernel *shp;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "       key      shmid perms                  size  cpid  lpid nattch   uid   gid"
			    "  cuid  cgid      atime      dtime      ctime                   rss"
			    "                  swap\n");
		return 0;
	}
	shp = to_shm(v);
	seq_printf(m, "%10d %10d  %4o %21lu %5u %5u  %5lu %5u %5u %5u %5u %10llu %10llu %10llu %21lu %21lu\n",
		   shp->shm_perm.key, shp->shm_perm.id, shp->shm_perm.mode, shp->shm_segsz,
		   shp->shm_cprid, shp->shm_lprid, shp->shm_nattch, shp->shm_perm.uid.val,
		   shp->shm_perm.gid.val, shp->shm_perm.cuid.val, shp->shm_perm.cgid.val, shp->shm_atim,
		   shp->shm_dtim, shp->shm_ctim, shm_resident(shp) * PAGE_SIZE,
		   shm_swapped(shp) * PAGE_SIZE);
	return 0;
}

static const struct seq_operations sysvipc_seq_ops = {
	.start	= sysvipc_start,
	.next	= sysvipc_next,
	.stop	= sysvipc_stop,
	.show	= sysvipc_show,
};

static const int ipc_mni = IPCMNI;

static struct ctl_table ipc_kern_table[] = {
	{ "shmmax", &shm_ctlmax, sizeof(shm_ctlmax), 0644, proc_doulongvec_minmax, NULL, NULL },
	{ "shmall", &shm_ctlall, sizeof(shm_ctlall), 0644, proc_doulongvec_minmax, NULL, NULL },
	{ "shmmni", &shm_ctlmni, sizeof(shm_ctlmni), 0644, proc_dointvec_minmax, SYSCTL_ZERO, (void *)&ipc_mni },
	{ }
};

static int __init shm_init(void)
{
	ipc_init_ids(&shm_ids);
	register_sysctl_init("kernel", ipc_kern_table);
	if (!proc_mkdir("sysvipc", NULL) || !proc_create_seq("sysvipc/shm", 0, NULL, &sysvipc_seq_ops))
		return -ENOMEM;
	return 0;
}
device_initcall(shm_init);
