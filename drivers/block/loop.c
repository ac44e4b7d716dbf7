// SPDX-License-Identifier: MIT
/*
 * Loop devices: a file, or a part of it, as a disk.
 *
 * /dev/loop0 to loop7 are there from the start, or as many as max_loop= says; /dev/loop-control makes more.
 * Binding one to a file (LOOP_CONFIGURE) starts a thread, "loop0", which takes bios from a list and does them
 * by the file's read_iter and write_iter, one after the other; a flush is an fsync of the file. So the disk's
 * pages are in memory twice, once as the device's and once as the file's.
 *
 * Writing back the disk's pages is how memory is freed, and it goes through this thread: it must not wait for
 * memory that only it can free. It allocates without I/O (PF_MEMALLOC_NOIO), is not held back because of pages
 * of other disks that are dirty (PF_LOCAL_THROTTLE), and whoever else writes the file holds its locks but
 * allocates pages for it without I/O, too (mapping_set_gfp_mask()).
 *
 * Locks, outermost first: the disk's open_mutex (lo_release()); loop_validate_mutex: what stands on what, so
 * that no ring of devices comes about; lo_mutex: binding and its parameters; lo_io: held while a bio is done,
 * so who has it changes what bios go by; lo_lock: the list of bios, and the state and file for those who have
 * no mutex. loop_ctl_mutex: the numbers, and making and removing devices.
 */
#include <linux/blkdev.h>
#include <linux/capability.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/kthread.h>
#include <linux/log2.h>
#include <linux/major.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include <uapi/linux/loop.h>

#define LOOP_MIN_COUNT		8	/* made at boot, unless max_loop= says otherwise */
#define LOOP_CTRL_MINOR		237

enum lo_state { Lo_unbound, Lo_bound, Lo_rundown, Lo_deleting };

struct loop_device {
	int			lo_number;	/* never changes, nor does the disk */
	struct gendisk		*lo_disk;
	wait_queue_head_t	lo_wait;	/* the worker, for bios */

	struct mutex		lo_mutex;	/* guards these */
	struct task_struct	*worker;
	gfp_t			old_gfp_mask;	/* of the file's mapping */
	int			lo_flags;	/* LO_FLAGS_* */
	char			lo_file_name[LO_NAME_SIZE];

	/* Changed under lo_mutex and lo_io; the worker reads them under lo_io. */
	struct mutex		lo_io;
	loff_t			lo_offset, lo_sizelimit;

	/* The list: lo_lock. State and file: changed under lo_mutex and lo_lock, the file under lo_io, too. */
	spinlock_t		lo_lock;
	enum lo_state		lo_state;
	struct file		*lo_backing_file;
	struct bio		*lo_bios, **lo_bios_tail;
};

static DEFINE_IDR(loop_index_idr);
static DEFINE_MUTEX(loop_ctl_mutex);
static DEFINE_MUTEX(loop_validate_mutex);
static unsigned int max_loop __initdata = LOOP_MIN_COUNT;

static const struct block_device_operations lo_fops;

/* ------------------------------------------------------------------ the worker: bios */

static int lo_req_flush(struct loop_device *lo)
{
	int ret = vfs_fsync(lo->lo_backing_file, 0);

	return ret && ret != -EINVAL ? -EIO : 0;
}

static int lo_write(struct loop_device *lo, struct iov_iter *from, loff_t pos)
{
	while (iov_iter_count(from)) {
		const loff_t at = pos;
		ssize_t bw = vfs_iter_write(lo->lo_backing_file, from, &pos, 0);

		if (bw > 0)
			continue;
		pr_err_ratelimited("loop%d: write error %zd of the file at byte offset %lld, length %zu\n",
				   lo->lo_number, bw, at, iov_iter_count(from));
		return bw ?: -EIO;
	}
	return 0;
}

/* What the file has lost since the device was bound to it reads as zeros. */
static int lo_read(struct loop_device *lo, struct iov_iter *to, loff_t pos)
{
	while (iov_iter_count(to)) {
		ssize_t len = vfs_iter_read(lo->lo_backing_file, to, &pos, 0);

		if (len < 0)
			return len;
		if (!len)
			iov_iter_zero(iov_iter_count(to), to);
	}
	return 0;
}

static int do_req_filebacked(struct loop_device *lo, struct bio *bio)
{
	const loff_t pos = ((loff_t)bio->bi_iter.bi_sector << SECTOR_SHIFT) + lo->lo_offset;
	const bool write = op_is_write(bio_op(bio));
	struct iov_iter iter;
	int ret = 0;

	if (bio_op(bio) > REQ_OP_FLUSH)
		return -EOPNOTSUPP;
	if (bio_op(bio) == REQ_OP_FLUSH || (bio->bi_opf & REQ_PREFLUSH))
		ret = lo_req_flush(lo);
	if (!ret && bio_has_data(bio)) {
		iov_iter_bvec(&iter, write ? ITER_SOURCE : ITER_DEST, bio->bi_io_vec, bio->bi_vcnt,
			      bio->bi_iter.bi_size);
		ret = write ? lo_write(lo, &iter, pos) : lo_read(lo, &iter, pos);
		if (!ret && (bio->bi_opf & REQ_FUA))
			ret = lo_req_flush(lo);
	}
	return ret;
}

static struct bio *loop_next_bio(struct loop_device *lo)
{
	struct bio *bio;

	spin_lock(&lo->lo_lock);
	bio = lo->lo_bios;
	if (bio) {
		lo->lo_bios = bio->bi_next;
		if (!lo->lo_bios)
			lo->lo_bios_tail = &lo->lo_bios;
		bio->bi_next = NULL;
	}
	spin_unlock(&lo->lo_lock);
	return bio;
}

static void loop_handle_bio(struct loop_device *lo, struct bio *bio)
{
	int ret;

	mutex_lock(&lo->lo_io);
	ret = do_req_filebacked(lo, bio);
	mutex_unlock(&lo->lo_io);
	/* Whatever the file's trouble is, a disk has but one kind of error. */
	if (ret)
		bio->bi_status = ret == -EOPNOTSUPP ? BLK_STS_NOTSUPP : BLK_STS_IOERR;
	bio_endio(bio);
}

/*
 * Until __loop_clr_fd() stops it. It closes the file itself: whoever unbinds may hold open_mutex, and
 * the file may be a disk that is closed in turn.
 */
static int loop_worker(void *data)
{
	struct loop_device *lo = data;
	struct file *file;
	struct bio *bio;

	current->flags |= PF_LOCAL_THROTTLE | PF_MEMALLOC_NOIO;
	for (;;) {
		wait_event_idle(lo->lo_wait, READ_ONCE(lo->lo_bios) || kthread_should_stop());
		bio = loop_next_bio(lo);
		if (bio)
			loop_handle_bio(lo, bio);
		else if (kthread_should_stop())
			break;
	}
	current->flags &= ~(PF_LOCAL_THROTTLE | PF_MEMALLOC_NOIO);

	spin_lock(&lo->lo_lock);
	file = lo->lo_backing_file;
	lo->lo_backing_file = NULL;
	spin_unlock(&lo->lo_lock);
	mapping_set_gfp_mask(file->f_mapping, lo->old_gfp_mask);
	fput(file);
	return 0;
}

/* The lock orders this with the end of the binding: no bio is put on the list after that. */
static void lo_submit_bio(struct bio *bio)
{
	struct loop_device *lo = bio->bi_bdev->bd_disk->private_data;
	bool bound;

	bio->bi_next = NULL;
	spin_lock(&lo->lo_lock);
	bound = lo->lo_state == Lo_bound;
	if (bound) {
		*lo->lo_bios_tail = bio;
		lo->lo_bios_tail = &bio->bi_next;
	}
	spin_unlock(&lo->lo_lock);
	if (bound)
		wake_up(&lo->lo_wait);
	else
		bio_io_error(bio);
}

static void loop_set_state(struct loop_device *lo, enum lo_state state)
{
	lockdep_assert_held(&lo->lo_mutex);
	spin_lock(&lo->lo_lock);
	lo->lo_state = state;
	spin_unlock(&lo->lo_lock);
}

/* ------------------------------------------------------------------ /sys/block/loopN/loop/ */

static struct loop_device *dev_to_loop(struct device *dev)
{
	return ((struct block_device *)dev_get_drvdata(dev))->bd_disk->private_data;
}

static ssize_t backing_file_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct loop_device *lo = dev_to_loop(dev);
	ssize_t ret = 0;
	struct file *file;
	char *p;

	spin_lock(&lo->lo_lock);
	file = lo->lo_backing_file;
	if (file)
		get_file(file);
	spin_unlock(&lo->lo_lock);
	if (!file)
		return 0;
	p = d_path(&file->f_path, buf, PAGE_SIZE - 1);
	if (IS_ERR(p)) {
		ret = PTR_ERR(p);
	} else {
		ret = strlen(p);
		memmove(buf, p, ret);
		buf[ret++] = '\n';
	}
	fput(file);
	return ret;
}

#define LOOP_ATTR(_name, _fmt, _value)								\
static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)	\
{												\
	struct loop_device *lo = dev_to_loop(dev);						\
												\
	return sysfs_emit(buf, _fmt "\n", _value);						\
}												\
static DEVICE_ATTR_RO(_name)

static DEVICE_ATTR_RO(backing_file);
LOOP_ATTR(offset, "%lld", READ_ONCE(lo->lo_offset));
LOOP_ATTR(sizelimit, "%lld", READ_ONCE(lo->lo_sizelimit));
LOOP_ATTR(autoclear, "%d", !!(READ_ONCE(lo->lo_flags) & LO_FLAGS_AUTOCLEAR));
LOOP_ATTR(partscan, "%d", !!(READ_ONCE(lo->lo_flags) & LO_FLAGS_PARTSCAN));
LOOP_ATTR(dio, "%d", !!(READ_ONCE(lo->lo_flags) & LO_FLAGS_DIRECT_IO));

static struct attribute *loop_attrs[] = {
	&dev_attr_backing_file.attr, &dev_attr_offset.attr, &dev_attr_sizelimit.attr, &dev_attr_autoclear.attr,
	&dev_attr_partscan.attr, &dev_attr_dio.attr, NULL,
};

static const struct attribute_group loop_attribute_group = { .name = "loop", .attrs = loop_attrs };

static struct kobject *loop_kobj(struct loop_device *lo)
{
	return &lo->lo_disk->part0->bd_device->kobj;
}

/* ------------------------------------------------------------------ binding */

/* Sectors of the device: the file from the offset on, up to the limit. */
static sector_t get_loop_size(struct loop_device *lo, struct file *file)
{
	loff_t size = i_size_read(file->f_mapping->host) - lo->lo_offset;

	if (size < 0)
		return 0;
	if (lo->lo_sizelimit > 0 && lo->lo_sizelimit < size)
		size = lo->lo_sizelimit;
	return size >> SECTOR_SHIFT;
}

/* The loop device that a file is, or a partition of it; NULL if it is something else. */
static struct loop_device *is_loop_device(struct file *file)
{
	struct inode *inode = file->f_mapping->host;
	struct gendisk *disk;

	if (!S_ISBLK(inode->i_mode))
		return NULL;
	disk = I_BDEV(inode)->bd_disk;
	return disk->fops == &lo_fops ? disk->private_data : NULL;
}

/* May @file be under @lo? Not if it stands on it, directly or by others. */
static int loop_validate_file(struct loop_device *lo, struct file *file)
{
	struct loop_device *l;
	umode_t mode;

	lockdep_assert_held(&loop_validate_mutex);
	while ((l = is_loop_device(file)) != NULL) {
		if (l == lo)
			return -EBADF;
		/* It is open, so it stays bound: who unbinds takes loop_validate_mutex, or is the last. */
		if (READ_ONCE(l->lo_state) != Lo_bound)
			return -EINVAL;
		file = l->lo_backing_file;
	}
	mode = file->f_mapping->host->i_mode;
	return S_ISREG(mode) || S_ISBLK(mode) ? 0 : -EINVAL;
}

static int loop_global_lock_killable(struct loop_device *lo)
{
	int err = mutex_lock_killable(&loop_validate_mutex);

	if (err)
		return err;
	err = mutex_lock_killable(&lo->lo_mutex);
	if (err)
		mutex_unlock(&loop_validate_mutex);
	return err;
}

static void loop_global_unlock(struct loop_device *lo)
{
	mutex_unlock(&lo->lo_mutex);
	mutex_unlock(&loop_validate_mutex);
}

static int loop_check_info(const struct loop_info64 *info)
{
	if (info->lo_encrypt_key_size > LO_KEY_SIZE || info->lo_encrypt_type != LO_CRYPT_NONE)
		return -EINVAL;
	return info->lo_offset > LLONG_MAX || info->lo_sizelimit > LLONG_MAX ? -EOVERFLOW : 0;
}

/* From something that loop_check_info() has found to be good; flags are not its matter. */
static void loop_set_status_from_info(struct loop_device *lo, const struct loop_info64 *info)
{
	lo->lo_offset = info->lo_offset;
	lo->lo_sizelimit = info->lo_sizelimit;
	memcpy(lo->lo_file_name, info->lo_file_name, LO_NAME_SIZE);
	lo->lo_file_name[LO_NAME_SIZE - 1] = '\0';
}

static bool loop_bad_block_size(unsigned int bsize)
{
	return bsize < SECTOR_SIZE || bsize > PAGE_SIZE || !is_power_of_2(bsize);
}

static void loop_set_block_size_limits(struct loop_device *lo, unsigned int bsize)
{
	blk_queue_physical_block_size(lo->lo_disk->queue, bsize);
	blk_queue_logical_block_size(lo->lo_disk->queue, bsize);
	blk_queue_physical_block_size(lo->lo_disk->queue, bsize);
}

/* Whoever allocates a page for the file may hold what the worker waits for. */
static void loop_take_file(struct loop_device *lo, struct file *file)
{
	struct address_space *mapping = file->f_mapping;

	lo->old_gfp_mask = mapping_gfp_mask(mapping);
	mapping_set_gfp_mask(mapping, lo->old_gfp_mask & ~(__GFP_IO | __GFP_FS));
	spin_lock(&lo->lo_lock);
	lo->lo_backing_file = file;
	spin_unlock(&lo->lo_lock);
}

/* Takes over the reference to @file if all is well. Both mutexes held. */
static int loop_bind(struct loop_device *lo, fmode_t mode, struct file *file,
		     const struct loop_config *config)
{
	struct task_struct *worker;
	int err;

	if (lo->lo_state != Lo_unbound)
		return -EBUSY;
	err = loop_validate_file(lo, file);
	if (!err)
		err = loop_check_info(&config->info);
	if (err)
		return err;
	if ((config->info.lo_flags & ~LOOP_CONFIGURE_SETTABLE_FLAGS) ||
	    (config->block_size && loop_bad_block_size(config->block_size)))
		return -EINVAL;
	err = sysfs_create_group(loop_kobj(lo), &loop_attribute_group);
	if (err)
		return err;
	worker = kthread_create(loop_worker, lo, "loop%d", lo->lo_number);
	if (IS_ERR(worker)) {
		sysfs_remove_group(loop_kobj(lo), &loop_attribute_group);
		return PTR_ERR(worker);
	}

	loop_set_status_from_info(lo, &config->info);
	lo->lo_flags = config->info.lo_flags & ~LO_FLAGS_DIRECT_IO;
	if (!(file->f_mode & FMODE_WRITE) || !(mode & FMODE_WRITE) || !file->f_op->write_iter)
		lo->lo_flags |= LO_FLAGS_READ_ONLY;
	set_disk_ro(lo->lo_disk, lo->lo_flags & LO_FLAGS_READ_ONLY);
	blk_queue_write_cache(lo->lo_disk->queue,
			      !(lo->lo_flags & LO_FLAGS_READ_ONLY) && file->f_op->fsync, false);
	loop_set_block_size_limits(lo, config->block_size ?: SECTOR_SIZE);
	loop_take_file(lo, file);
	set_capacity_and_notify(lo->lo_disk, get_loop_size(lo, file));
	lo->worker = worker;
	wake_up_process(worker);
	loop_set_state(lo, Lo_bound);
	return 0;
}

/* LO_FLAGS_PARTSCAN, which is off, has been set. */
static void loop_reread_partitions(struct loop_device *lo)
{
	clear_bit(GD_SUPPRESS_PART_SCAN, &lo->lo_disk->state);
	mutex_lock(&lo->lo_disk->open_mutex);
	bdev_disk_changed(lo->lo_disk, false);
	mutex_unlock(&lo->lo_disk->open_mutex);
}

static int loop_configure(struct loop_device *lo, fmode_t mode, const struct loop_config *config)
{
	struct block_device *bdev = lo->lo_disk->part0;
	struct file *file = fget(config->fd);
	bool partscan = false;
	int err;

	if (!file)
		return -EBADF;
	/* Nobody is to mount it meanwhile. */
	if (!(mode & FMODE_EXCL)) {
		err = bd_prepare_to_claim(bdev, loop_configure);
		if (err)
			goto out_putf;
	}
	err = loop_global_lock_killable(lo);
	if (!err) {
		err = loop_bind(lo, mode, file, config);
		partscan = !err && (lo->lo_flags & LO_FLAGS_PARTSCAN);
		loop_global_unlock(lo);
	}
	if (partscan)
		loop_reread_partitions(lo);
	if (!(mode & FMODE_EXCL))
		bd_abort_claiming(bdev, loop_configure);
out_putf:
	if (err)
		fput(file);
	return err;
}

/*
 * The state is Lo_rundown: no new bios come, and nobody else does this. What is on the list is done.
 * @release: from lo_release(), with open_mutex held
 */
static void __loop_clr_fd(struct loop_device *lo, bool release)
{
	const bool partscan = lo->lo_flags & LO_FLAGS_PARTSCAN;

	kthread_stop(lo->worker);
	sysfs_remove_group(loop_kobj(lo), &loop_attribute_group);
	mutex_lock(&lo->lo_mutex);
	lo->worker = NULL;
	lo->lo_offset = lo->lo_sizelimit = 0;
	memset(lo->lo_file_name, 0, LO_NAME_SIZE);
	lo->lo_flags = 0;
	blk_queue_write_cache(lo->lo_disk->queue, false, false);
	loop_set_block_size_limits(lo, SECTOR_SIZE);
	invalidate_bdev(lo->lo_disk->part0);
	set_capacity(lo->lo_disk, 0);
	mutex_unlock(&lo->lo_mutex);

	if (partscan) {		/* a disk without sectors has no partitions */
		if (!release)
			mutex_lock(&lo->lo_disk->open_mutex);
		bdev_disk_changed(lo->lo_disk, false);
		if (!release)
			mutex_unlock(&lo->lo_disk->open_mutex);
		set_bit(GD_SUPPRESS_PART_SCAN, &lo->lo_disk->state);
	}
	mutex_lock(&lo->lo_mutex);
	loop_set_state(lo, Lo_unbound);
	mutex_unlock(&lo->lo_mutex);
}

/* Somebody else has it open: then the last one who closes it unbinds it. */
static int loop_clr_fd(struct loop_device *lo)
{
	int err;

	sync_blockdev(lo->lo_disk->part0);
	err = loop_global_lock_killable(lo);
	if (err)
		return err;
	if (lo->lo_state != Lo_bound)
		err = -ENXIO;
	else if (disk_openers(lo->lo_disk) > 1)
		lo->lo_flags |= LO_FLAGS_AUTOCLEAR;
	else
		loop_set_state(lo, Lo_rundown);
	err = err ?: lo->lo_state == Lo_rundown;
	loop_global_unlock(lo);
	if (err <= 0)
		return err;
	__loop_clr_fd(lo, false);
	return 0;
}

/* Under open_mutex, after each close: nobody can open it meanwhile. */
static void lo_release(struct gendisk *disk, fmode_t mode)
{
	struct loop_device *lo = disk->private_data;
	bool clear;

	if (disk_openers(disk) > 0)
		return;
	mutex_lock(&lo->lo_mutex);
	clear = lo->lo_state == Lo_bound && (lo->lo_flags & LO_FLAGS_AUTOCLEAR);
	if (clear)
		loop_set_state(lo, Lo_rundown);
	mutex_unlock(&lo->lo_mutex);
	if (clear)
		__loop_clr_fd(lo, true);
}

/* ------------------------------------------------------------------ changing what it is bound to, and how */

/* The disk's contents change their place: no page of them may be left. */
static int loop_drop_pages(struct loop_device *lo)
{
	struct block_device *bdev = lo->lo_disk->part0;

	sync_blockdev(bdev);
	invalidate_bdev(bdev);
	if (!bdev->bd_inode->i_mapping->nrpages)
		return 0;
	pr_warn("loop%d: %lu pages of it are in use\n", lo->lo_number, bdev->bd_inode->i_mapping->nrpages);
	return -EAGAIN;
}

static int loop_set_status(struct loop_device *lo, const struct loop_info64 *info, bool *partscan)
{
	const int settable = LOOP_SET_STATUS_SETTABLE_FLAGS, keep = ~LOOP_SET_STATUS_CLEARABLE_FLAGS;
	bool moved;
	int err;

	if (lo->lo_state != Lo_bound)
		return -ENXIO;
	moved = lo->lo_offset != (loff_t)info->lo_offset || lo->lo_sizelimit != (loff_t)info->lo_sizelimit;
	err = moved ? loop_drop_pages(lo) : 0;
	if (!err)
		err = loop_check_info(info);
	if (err)
		return err;
	mutex_lock(&lo->lo_io);
	loop_set_status_from_info(lo, info);
	*partscan = info->lo_flags & ~lo->lo_flags & LO_FLAGS_PARTSCAN;
	lo->lo_flags = (info->lo_flags & settable) | (lo->lo_flags & (keep | ~settable));
	if (moved)
		set_capacity_and_notify(lo->lo_disk, get_loop_size(lo, lo->lo_backing_file));
	mutex_unlock(&lo->lo_io);
	return 0;
}

/* What bind and the callers have to say of a bound device; lo_mutex held, given up for the look at the file. */
static int loop_get_status(struct loop_device *lo, struct loop_info64 *info)
{
	struct path path;
	struct kstat stat;
	int err;

	memset(info, 0, sizeof(*info));
	if (lo->lo_state != Lo_bound) {
		mutex_unlock(&lo->lo_mutex);
		return -ENXIO;
	}
	info->lo_number = lo->lo_number;
	info->lo_offset = lo->lo_offset;
	info->lo_sizelimit = lo->lo_sizelimit;
	info->lo_flags = lo->lo_flags;
	memcpy(info->lo_file_name, lo->lo_file_name, LO_NAME_SIZE);
	path = lo->lo_backing_file->f_path;
	path_get(&path);
	mutex_unlock(&lo->lo_mutex);

	err = vfs_getattr(&path, &stat, STATX_INO, AT_STATX_SYNC_AS_STAT);
	if (!err) {
		info->lo_device = huge_encode_dev(stat.dev);
		info->lo_inode = stat.ino;
		info->lo_rdevice = huge_encode_dev(stat.rdev);
	}
	path_put(&path);
	return err;
}

/* Another file of the same size under a device that nobody can write. */
static int loop_change_fd(struct loop_device *lo, unsigned int fd)
{
	struct file *file = fget(fd), *old = NULL;
	int err;

	if (!file)
		return -EBADF;
	err = loop_global_lock_killable(lo);
	if (err)
		goto out_putf;
	err = -ENXIO;
	if (lo->lo_state != Lo_bound)
		goto out_unlock;
	err = -EINVAL;
	if (!(lo->lo_flags & LO_FLAGS_READ_ONLY))
		goto out_unlock;
	err = loop_validate_file(lo, file);
	if (err)
		goto out_unlock;
	old = lo->lo_backing_file;
	err = -EINVAL;
	if (get_loop_size(lo, file) != get_loop_size(lo, old))
		goto out_unlock;
	mutex_lock(&lo->lo_io);
	mapping_set_gfp_mask(old->f_mapping, lo->old_gfp_mask);
	loop_take_file(lo, file);
	mutex_unlock(&lo->lo_io);
	err = 0;
out_unlock:
	loop_global_unlock(lo);
out_putf:
	fput(err ? file : old);
	return err;
}

static int loop_set_block_size(struct loop_device *lo, unsigned long arg)
{
	int err;

	if (arg > PAGE_SIZE || loop_bad_block_size(arg))
		return -EINVAL;
	if (queue_logical_block_size(lo->lo_disk->queue) == arg)
		return 0;
	err = loop_drop_pages(lo);
	if (err)
		return err;
	mutex_lock(&lo->lo_io);
	loop_set_block_size_limits(lo, arg);
	mutex_unlock(&lo->lo_io);
	return 0;
}

/* ------------------------------------------------------------------ ioctls of a device */

static void loop_info64_from_old(const struct loop_info *info, struct loop_info64 *info64)
{
	memset(info64, 0, sizeof(*info64));
	info64->lo_offset = info->lo_offset;
	info64->lo_encrypt_type = info->lo_encrypt_type;
	info64->lo_encrypt_key_size = info->lo_encrypt_key_size;
	info64->lo_flags = info->lo_flags;
	memcpy(info64->lo_file_name, info->lo_name, LO_NAME_SIZE);
}

static int loop_info64_to_old(const struct loop_info64 *info64, struct loop_info *info)
{
	memset(info, 0, sizeof(*info));
	info->lo_number = info64->lo_number;
	info->lo_device = info64->lo_device;
	info->lo_inode = info64->lo_inode;
	info->lo_rdevice = info64->lo_rdevice;
	info->lo_offset = info64->lo_offset;
	info->lo_flags = info64->lo_flags;
	memcpy(info->lo_name, info64->lo_file_name, LO_NAME_SIZE);
	return (u64)info->lo_offset == info64->lo_offset ? 0 : -EOVERFLOW;
}

static int lo_ioctl_set_status(struct loop_device *lo, unsigned int cmd, const void __user *arg)
{
	struct loop_info64 info64;
	struct loop_info info;
	bool partscan = false;
	int err;

	if (cmd == LOOP_SET_STATUS) {
		if (copy_from_user(&info, arg, sizeof(info)))
			return -EFAULT;
		loop_info64_from_old(&info, &info64);
	} else if (copy_from_user(&info64, arg, sizeof(info64))) {
		return -EFAULT;
	}
	err = mutex_lock_killable(&lo->lo_mutex);
	if (err)
		return err;
	err = loop_set_status(lo, &info64, &partscan);
	mutex_unlock(&lo->lo_mutex);
	if (partscan)
		loop_reread_partitions(lo);
	return err;
}

static int lo_ioctl_get_status(struct loop_device *lo, unsigned int cmd, void __user *arg)
{
	struct loop_info64 info64;
	struct loop_info info;
	int err = mutex_lock_killable(&lo->lo_mutex);

	if (!err)
		err = loop_get_status(lo, &info64);
	if (!err && cmd == LOOP_GET_STATUS)
		err = loop_info64_to_old(&info64, &info);
	if (err)
		return err;
	if (cmd == LOOP_GET_STATUS)
		return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
	return copy_to_user(arg, &info64, sizeof(info64)) ? -EFAULT : 0;
}

static int lo_simple_ioctl(struct loop_device *lo, unsigned int cmd, unsigned long arg)
{
	int err = mutex_lock_killable(&lo->lo_mutex);

	if (err)
		return err;
	if (lo->lo_state != Lo_bound)
		err = -ENXIO;
	else if (cmd == LOOP_SET_CAPACITY)
		set_capacity_and_notify(lo->lo_disk, get_loop_size(lo, lo->lo_backing_file));
	else if (cmd == LOOP_SET_BLOCK_SIZE)
		err = loop_set_block_size(lo, arg);
	else
		err = arg ? -EINVAL : 0;	/* direct I/O: it never is */
	mutex_unlock(&lo->lo_mutex);
	return err;
}

static int lo_ioctl(struct block_device *bdev, fmode_t mode, unsigned int cmd, unsigned long arg)
{
	struct loop_device *lo = bdev->bd_disk->private_data;
	void __user *argp = (void __user *)arg;
	struct loop_config config = { .fd = arg };

	switch (cmd) {
	case LOOP_SET_FD:
		return loop_configure(lo, mode, &config);
	case LOOP_CONFIGURE:
		if (copy_from_user(&config, argp, sizeof(config)))
			return -EFAULT;
		return loop_configure(lo, mode, &config);
	case LOOP_CHANGE_FD:
		return loop_change_fd(lo, arg);
	case LOOP_CLR_FD:
		return loop_clr_fd(lo);
	case LOOP_GET_STATUS:
	case LOOP_GET_STATUS64:
		return lo_ioctl_get_status(lo, cmd, argp);
	case LOOP_SET_STATUS:
	case LOOP_SET_STATUS64:
	case LOOP_SET_CAPACITY:
	case LOOP_SET_BLOCK_SIZE:
	case LOOP_SET_DIRECT_IO:
		break;
	default:
		return -EINVAL;
	}
	if (!(mode & FMODE_WRITE) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (cmd == LOOP_SET_STATUS || cmd == LOOP_SET_STATUS64)
		return lo_ioctl_set_status(lo, cmd, argp);
	return lo_simple_ioctl(lo, cmd, arg);
}

/* With the last reference to the disk: who opened it before it was removed may still have it. */
static void lo_free_disk(struct gendisk *disk)
{
	kfree(disk->private_data);
}

static const struct block_device_operations lo_fops = {
	.submit_bio	= lo_submit_bio,
	.release	= lo_release,
	.ioctl		= lo_ioctl,
	.free_disk	= lo_free_disk,
};

/* ------------------------------------------------------------------ devices that come and go */

/* Makes a device; with @i < 0 the first number that is free. Returns its number. */
static int loop_add(int i)
{
	struct loop_device *lo;
	struct gendisk *disk;
	int err = -ENOMEM;

	lockdep_assert_held(&loop_ctl_mutex);
	lo = kzalloc(sizeof(*lo), GFP_KERNEL);
	if (!lo)
		return -ENOMEM;
	mutex_init(&lo->lo_mutex);
	mutex_init(&lo->lo_io);
	spin_lock_init(&lo->lo_lock);
	init_waitqueue_head(&lo->lo_wait);
	lo->lo_bios_tail = &lo->lo_bios;

	err = idr_alloc(&loop_index_idr, lo, max(i, 0), i < 0 ? MINORMASK + 1 : i + 1, GFP_KERNEL);
	if (err == -ENOSPC)
		err = -EEXIST;
	if (err < 0)
		goto out_free;
	i = lo->lo_number = err;
	err = -ENOMEM;
	disk = blk_alloc_disk(-1);
	if (!disk)
		goto out_free_idr;
	lo->lo_disk = disk;
	disk->major = LOOP_MAJOR;
	disk->first_minor = i;
	disk->minors = 1;		/* partitions get numbers of BLOCK_EXT_MAJOR */
	disk->private_data = lo;
	disk->fops = &lo_fops;
	set_bit(GD_SUPPRESS_PART_SCAN, &disk->state);
	snprintf(disk->disk_name, DISK_NAME_LEN, "loop%d", i);
	err = add_disk(disk);
	if (!err)
		return i;
	idr_remove(&loop_index_idr, i);
	put_disk(disk);			/* frees lo, too */
	return err;
out_free_idr:
	idr_remove(&loop_index_idr, i);
out_free:
	kfree(lo);
	return err;
}

static int loop_control_remove(int idx)
{
	struct loop_device *lo;
	int err = 0;

	if (idx < 0)
		return -EINVAL;
	lo = idr_find(&loop_index_idr, idx);
	if (!lo)
		return -ENODEV;
	mutex_lock(&lo->lo_mutex);
	if (lo->lo_state != Lo_unbound || disk_openers(lo->lo_disk) > 0)
		err = -EBUSY;
	else
		loop_set_state(lo, Lo_deleting);
	mutex_unlock(&lo->lo_mutex);
	if (err)
		return err;
	idr_remove(&loop_index_idr, idx);
	del_gendisk(lo->lo_disk);
	put_disk(lo->lo_disk);
	return 0;
}

static int loop_control_get_free(void)
{
	struct loop_device *lo;
	int id;

	idr_for_each_entry(&loop_index_idr, lo, id)
		if (READ_ONCE(lo->lo_state) == Lo_unbound)
			return id;
	return loop_add(-1);
}

static long loop_control_ioctl(struct file *file, unsigned int cmd, unsigned long parm)
{
	int ret = mutex_lock_killable(&loop_ctl_mutex);

	if (ret)
		return ret;
	switch (cmd) {
	case LOOP_CTL_ADD:
		ret = (int)parm > (int)MINORMASK ? -EINVAL : loop_add(parm);
		break;
	case LOOP_CTL_REMOVE:
		ret = loop_control_remove(parm);
		break;
	case LOOP_CTL_GET_FREE:
		ret = loop_control_get_free();
		break;
	default:
		ret = -ENOSYS;
	}
	mutex_unlock(&loop_ctl_mutex);
	return ret;
}

static const struct file_operations loop_ctl_fops = {
	.open		= nonseekable_open,
	.unlocked_ioctl	= loop_control_ioctl,
	.llseek		= noop_llseek,
};

static int __init max_loop_setup(char *str)
{
	return kstrtouint(str, 0, &max_loop) == 0;
}
__setup("max_loop=", max_loop_setup);
__setup_param("loop.max_loop=", max_loop_of_module, max_loop_setup, 0);

static int __init loop_init(void)
{
	int err = register_blkdev(LOOP_MAJOR, "loop");

	if (!err)
		err = __register_chrdev(MISC_MAJOR, LOOP_CTRL_MINOR, 1, "misc", &loop_ctl_fops);
	if (!err)
		err = devtmpfs_add("loop-control", S_IFCHR | 0660, MKDEV(MISC_MAJOR, LOOP_CTRL_MINOR));
	mutex_lock(&loop_ctl_mutex);
	for (unsigned int i = 0; !err && i < max_loop; i++)
		err = min(loop_add(i), 0);
	mutex_unlock(&loop_ctl_mutex);
	return err;
}
device_initcall(loop_init);
