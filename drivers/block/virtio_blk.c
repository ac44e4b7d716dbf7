// SPDX-License-Identifier: MIT
/*
 * virtio-blk (virtio 1.2 sec. 5.2): disks vda, vdb, ...
 *
 * A bio becomes a request, a request one or more commands to the device: a flush before the data if
 * the bio has REQ_PREFLUSH, the data, and a flush behind them if it has REQ_FUA, which the device
 * does not know. Requests wait on vblk->pending for their turn; virtblk_dispatch() moves them to
 * the ring while there is room. It is called when a bio comes in and when the device has finished
 * something, so nothing ever polls, and a request goes from step to step in the interrupt alone.
 *
 * Requests are allocated with the disk: writing back pages when memory is short needs no memory
 * here. When all are in use, submit_bio() sleeps.
 *
 * Locking: vblk->lock guards the queue, the lists and sg[]; it is taken in the interrupt. Bios are
 * ended and the device is notified without it.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/virtio.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/wait.h>

/* The commands that one request may need, in their order. */
enum virtblk_step { VBLK_START, VBLK_PREFLUSH, VBLK_DATA, VBLK_POSTFLUSH, VBLK_DONE };

/* Header and status are read and written by the device: never on a stack. */
struct virtblk_req {
	struct virtio_blk_outhdr out_hdr;
	u8			status;
	enum virtblk_step	step;		/* the command to be sent, or sent */
	bool			in_flight;	/* the device has it */
	struct bio		*bio;
	struct list_head	node;		/* vblk->free or pending; none while in flight */
};

struct virtio_blk {
	struct virtio_device	*vdev;
	struct gendisk		*disk;
	unsigned int		sg_elems;	/* pieces of memory in a command, at most */
	bool			flush;		/* the device has a cache to be flushed */
	wait_queue_head_t	wait;		/* for a free request */

	/* lock guards the rest */
	spinlock_t		lock;
	struct virtqueue	*vq;
	struct list_head	free;
	struct list_head	pending;	/* commands for which the ring had no room yet */
	struct virtblk_req	*reqs;
	unsigned int		nr_reqs;
	struct scatterlist	*sg;		/* sg_elems: data of the command being added */
};

/* Bios to be ended once the lock is given up, in order, linked by bi_next. */
struct done_list {
	struct bio		*head, **tail;
};

static int virtblk_index;	/* disks so far; probes come one after another */

/* ------------------------------------------------------------------------- requests */

/* What comes after @req->step. */
static enum virtblk_step virtblk_next_step(const struct virtio_blk *vblk,
					   const struct virtblk_req *req)
{
	struct bio *bio = req->bio;
	bool flush_only = bio_op(bio) == REQ_OP_FLUSH;

	switch (req->step) {
	case VBLK_START:
		if (vblk->flush && (flush_only || (bio->bi_opf & REQ_PREFLUSH)))
			return VBLK_PREFLUSH;
		fallthrough;
	case VBLK_PREFLUSH:
		if (!flush_only && bio_has_data(bio))
			return VBLK_DATA;
		return VBLK_DONE;
	case VBLK_DATA:
		if (vblk->flush && (bio->bi_opf & REQ_FUA))
			return VBLK_POSTFLUSH;
		fallthrough;
	default:
		return VBLK_DONE;
	}
}

static blk_status_t virtblk_result(const struct virtblk_req *req)
{
	switch (req->status) {
	case VIRTIO_BLK_S_OK:
		return BLK_STS_OK;
	case VIRTIO_BLK_S_UNSUPP:
		return BLK_STS_NOTSUPP;
	default:
		return BLK_STS_IOERR;
	}
}

/* The request is over: free it, and remember its bio for virtblk_end_bios(). */
static void virtblk_finish(struct virtio_blk *vblk, struct virtblk_req *req, blk_status_t status,
			   struct done_list *done)
{
	struct bio *bio = req->bio;

	bio->bi_status = status;
	bio->bi_next = NULL;
	*done->tail = bio;
	done->tail = &bio->bi_next;

	req->bio = NULL;
	req->in_flight = false;
	list_add(&req->node, &vblk->free);
}

/* Without the lock. */
static void virtblk_end_bios(struct virtio_blk *vblk, struct done_list *done)
{
	struct bio *bio, *next;

	if (done->head)
		wake_up(&vblk->wait);
	for (bio = done->head; bio; bio = next) {
		next = bio->bi_next;
		bio->bi_next = NULL;
		bio_endio(bio);
	}
}

/* Lists the bio's memory in vblk->sg. Returns the number of pieces. */
static unsigned int virtblk_map_data(struct virtio_blk *vblk, struct bio *bio)
{
	struct scatterlist *sg = vblk->sg;
	struct bvec_iter iter;
	struct bio_vec bv;
	unsigned int n = 0;

	bio_for_each_bvec(bv, bio, iter) {
		/* The limits given to the block layer keep a bio from being larger. */
		if (WARN_ON_ONCE(n == vblk->sg_elems))
			return 0;
		sg_unmark_end(&sg[n]);
		sg_set_page(&sg[n++], bv.bv_page, bv.bv_len, bv.bv_offset);
	}
	if (n)
		sg_mark_end(&sg[n - 1]);
	return n;
}

/* Puts the command of req->step into the ring. -ENOSPC: no room now; others are for good. */
static int virtblk_add_command(struct virtio_blk *vblk, struct virtblk_req *req)
{
	struct scatterlist hdr, status, *sgs[3];
	unsigned int out = 0, in = 0;
	struct bio *bio = req->bio;
	u32 type = VIRTIO_BLK_T_FLUSH;
	int err;

	sg_init_one(&hdr, &req->out_hdr, sizeof(req->out_hdr));
	sgs[out++] = &hdr;
	req->out_hdr.ioprio = 0;
	req->out_hdr.sector = 0;

	if (req->step == VBLK_DATA) {
		if (!virtblk_map_data(vblk, bio))
			return -EINVAL;
		req->out_hdr.sector = cpu_to_le64(bio->bi_iter.bi_sector);
		if (op_is_write(bio_op(bio))) {
			type = VIRTIO_BLK_T_OUT;
			sgs[out++] = vblk->sg;
		} else {
			type = VIRTIO_BLK_T_IN;
			sgs[out + in++] = vblk->sg;
		}
	}
	req->out_hdr.type = cpu_to_le32(type);
	req->status = 0xff;	/* a device that forgets to write it has failed */
	sg_init_one(&status, &req->status, sizeof(req->status));
	sgs[out + in++] = &status;

	err = virtqueue_add_sgs(vblk->vq, sgs, out, in, req, GFP_ATOMIC);
	if (!err)
		req->in_flight = true;
	return err;
}

/* Sends what is pending while there is room. True when the device must be notified. */
static bool virtblk_dispatch(struct virtio_blk *vblk, struct done_list *done)
{
	struct virtblk_req *req, *next;
	bool added = false;
	int err;

	list_for_each_entry_safe(req, next, &vblk->pending, node) {
		err = virtblk_add_command(vblk, req);
		if (err == -ENOSPC)
			break;
		list_del(&req->node);
		if (err)
			virtblk_finish(vblk, req, BLK_STS_IOERR, done);
		else
			added = true;
	}
	return added && virtqueue_kick_prepare(vblk->vq);
}

/* One command is done: go on with the request's next, before newer ones, or finish it. */
static void virtblk_command_done(struct virtio_blk *vblk, struct virtblk_req *req,
				 struct done_list *done)
{
	blk_status_t result = virtblk_result(req);

	req->in_flight = false;
	req->step = result ? VBLK_DONE : virtblk_next_step(vblk, req);
	if (req->step == VBLK_DONE)
		virtblk_finish(vblk, req, result, done);
	else
		list_add(&req->node, &vblk->pending);
}

/* The ring is broken: nothing that was sent will ever come back. */
static void virtblk_fail_in_flight(struct virtio_blk *vblk, struct done_list *done)
{
	unsigned int i;

	for (i = 0; i < vblk->nr_reqs; i++)
		if (vblk->reqs[i].in_flight)
			virtblk_finish(vblk, &vblk->reqs[i], BLK_STS_IOERR, done);
}

/* The queue's callback, in hard-interrupt context: the device has finished commands. */
static void virtblk_done(struct virtqueue *vq)
{
	struct virtio_blk *vblk = vq->vdev->priv;
	struct done_list done = { .tail = &done.head };
	struct virtblk_req *req;
	unsigned long flags;
	unsigned int len;
	bool notify;

	spin_lock_irqsave(&vblk->lock, flags);
	do {
		virtqueue_disable_cb(vq);
		while ((req = virtqueue_get_buf(vq, &len)))
			virtblk_command_done(vblk, req, &done);
	} while (!virtqueue_enable_cb(vq));
	if (unlikely(virtqueue_is_broken(vq)))
		virtblk_fail_in_flight(vblk, &done);
	notify = virtblk_dispatch(vblk, &done);
	spin_unlock_irqrestore(&vblk->lock, flags);

	if (notify)
		virtqueue_notify(vq);
	virtblk_end_bios(vblk, &done);
}

static struct virtblk_req *virtblk_get_req(struct virtio_blk *vblk)
{
	struct virtblk_req *req;
	unsigned long flags;

	spin_lock_irqsave(&vblk->lock, flags);
	req = list_first_entry_or_null(&vblk->free, struct virtblk_req, node);
	if (req)
		list_del(&req->node);
	spin_unlock_irqrestore(&vblk->lock, flags);
	return req;
}

/* Task context, from submit_bio(); sleeps while the disk has as much to do as it has requests. */
static void virtblk_submit_bio(struct bio *bio)
{
	struct virtio_blk *vblk = bio->bi_bdev->bd_disk->private_data;
	struct done_list done = { .tail = &done.head };
	struct virtblk_req *req;
	unsigned long flags;
	bool notify;

	if (bio_op(bio) > REQ_OP_FLUSH) {
		bio->bi_status = BLK_STS_NOTSUPP;
		bio_endio(bio);
		return;
	}
	io_wait_event(vblk->wait, (req = virtblk_get_req(vblk)));
	req->bio = bio;
	req->step = VBLK_START;
	req->step = virtblk_next_step(vblk, req);

	spin_lock_irqsave(&vblk->lock, flags);
	if (req->step == VBLK_DONE)
		virtblk_finish(vblk, req, BLK_STS_OK, &done);	/* a flush, and nothing to flush */
	else
		list_add_tail(&req->node, &vblk->pending);
	notify = virtblk_dispatch(vblk, &done);
	spin_unlock_irqrestore(&vblk->lock, flags);

	if (notify)
		virtqueue_notify(vblk->vq);
	virtblk_end_bios(vblk, &done);
}

static const struct block_device_operations virtblk_fops = {
	.submit_bio	= virtblk_submit_bio,
};

/* ------------------------------------------------------------------------- disks */

/* 0 is "vda", 25 "vdz", 26 "vdaa": a number to base 26 whose digits have no zero. */
static void virtblk_name_format(char *buf, size_t size, int index)
{
	char suffix[8];
	int i = sizeof(suffix);

	suffix[--i] = '\0';
	for (; index >= 0 && i > 0; index = index / 26 - 1)
		suffix[--i] = 'a' + index % 26;
	snprintf(buf, size, "vd%s", suffix + i);
}

/* Sets the disk's limits from the device's configuration; -EINVAL when that makes no sense. */
static int virtblk_read_limits(struct virtio_blk *vblk)
{
	struct virtio_device *vdev = vblk->vdev;
	struct request_queue *q = vblk->disk->queue;
	unsigned int ring = virtqueue_get_vring_size(vblk->vq);
	u32 blk_size = SECTOR_SIZE, seg_max = 1, size_max = UINT_MAX;

	virtio_cread_feature(vdev, VIRTIO_BLK_F_BLK_SIZE, struct virtio_blk_config, blk_size,
			     &blk_size);
	virtio_cread_feature(vdev, VIRTIO_BLK_F_SEG_MAX, struct virtio_blk_config, seg_max,
			     &seg_max);
	virtio_cread_feature(vdev, VIRTIO_BLK_F_SIZE_MAX, struct virtio_blk_config, size_max,
			     &size_max);

	if (!is_power_of_2(blk_size) || blk_size < SECTOR_SIZE || blk_size > PAGE_SIZE) {
		pr_err("%s: block size %u: must be a power of two from 512 to %lu\n", vdev->name,
		       blk_size, (unsigned long)PAGE_SIZE);
		return -EINVAL;
	}
	if (size_max < PAGE_SIZE || ring < 3) {
		pr_err("%s: segments of %u bytes, %u descriptors: too few for a page\n", vdev->name,
		       size_max, ring);
		return -EINVAL;
	}
	/* Header and status take a descriptor each. */
	vblk->sg_elems = clamp(seg_max, 1U, min(ring - 2, BIO_MAX_VECS));
	vblk->flush = virtio_has_feature(vdev, VIRTIO_BLK_F_FLUSH);

	blk_queue_logical_block_size(q, blk_size);
	blk_queue_max_segments(q, vblk->sg_elems);
	blk_queue_max_segment_size(q, size_max);
	blk_queue_write_cache(q, vblk->flush, vblk->flush);
	return 0;
}

/* Sectors that can be addressed in whole blocks and by a byte offset. */
static sector_t virtblk_read_capacity(struct virtio_blk *vblk)
{
	unsigned int per_block = queue_logical_block_size(vblk->disk->queue) >> SECTOR_SHIFT;
	u64 capacity;

	virtio_cread(vblk->vdev, struct virtio_blk_config, capacity, &capacity);
	if (capacity > LLONG_MAX >> SECTOR_SHIFT) {
		pr_err("%s: a capacity of %llu sectors is not believable: using none\n",
		       vblk->disk->disk_name, capacity);
		capacity = 0;
	}
	return capacity - capacity % per_block;
}

static int virtblk_alloc_requests(struct virtio_blk *vblk)
{
	unsigned int i;

	/* A command takes two descriptors at the least: more requests could not be in flight. */
	vblk->nr_reqs = virtqueue_get_vring_size(vblk->vq) / 2;
	vblk->reqs = kcalloc(vblk->nr_reqs, sizeof(*vblk->reqs), GFP_KERNEL);
	if (!vblk->reqs)
		return -ENOMEM;
	vblk->sg = kcalloc(vblk->sg_elems, sizeof(*vblk->sg), GFP_KERNEL);
	if (!vblk->sg) {
		kfree(vblk->reqs);
		return -ENOMEM;
	}
	for (i = 0; i < vblk->nr_reqs; i++)
		list_add_tail(&vblk->reqs[i].node, &vblk->free);
	return 0;
}

static void virtblk_free_requests(struct virtio_blk *vblk)
{
	kfree(vblk->sg);
	kfree(vblk->reqs);
}

static int virtblk_add_disk(struct virtio_blk *vblk)
{
	struct gendisk *disk = vblk->disk;
	char how[32];
	int err;

	virtblk_name_format(disk->disk_name, DISK_NAME_LEN, virtblk_index);
	disk->major = VIRTBLK_MAJOR;
	disk->first_minor = virtblk_index * DISK_MAX_MINORS;
	disk->minors = DISK_MAX_MINORS;
	disk->fops = &virtblk_fops;
	disk->private_data = vblk;
	set_capacity(disk, virtblk_read_capacity(vblk));
	if (virtio_has_feature(vblk->vdev, VIRTIO_BLK_F_RO))
		set_disk_ro(disk, true);

	virtio_device_ready(vblk->vdev);
	err = add_disk(disk);
	if (err)
		return err;
	virtblk_index++;
	snprintf(how, sizeof(how), "%s%s", get_disk_ro(disk) ? ", read-only" : "",
		 vblk->flush ? ", write-back cache" : "");
	pr_info("%s: %llu sectors of 512 bytes%s (%s)\n", disk->disk_name,
		(u64)get_capacity(disk), how, vblk->vdev->name);
	return 0;
}

static int virtblk_probe(struct virtio_device *vdev)
{
	struct virtio_blk *vblk;
	int err;

	vblk = kzalloc(sizeof(*vblk), GFP_KERNEL);
	if (!vblk)
		return -ENOMEM;
	vdev->priv = vblk;
	vblk->vdev = vdev;
	spin_lock_init(&vblk->lock);
	init_waitqueue_head(&vblk->wait);
	INIT_LIST_HEAD(&vblk->free);
	INIT_LIST_HEAD(&vblk->pending);

	vblk->vq = virtio_find_single_vq(vdev, virtblk_done, "requests");
	if (IS_ERR(vblk->vq)) {
		err = PTR_ERR(vblk->vq);
		goto out_free;
	}
	err = -ENOMEM;
	vblk->disk = blk_alloc_disk(-1);
	if (!vblk->disk)
		goto out_del_vqs;
	err = virtblk_read_limits(vblk);
	if (err)
		goto out_put_disk;
	err = virtblk_alloc_requests(vblk);
	if (err)
		goto out_put_disk;
	err = virtblk_add_disk(vblk);
	if (err)
		goto out_free_requests;
	return 0;

out_free_requests:
	virtio_reset_device(vdev);
	virtblk_free_requests(vblk);
out_put_disk:
	put_disk(vblk->disk);
out_del_vqs:
	vdev->config->del_vqs(vdev);
out_free:
	vdev->priv = NULL;
	kfree(vblk);
	return err;
}

static const struct virtio_device_id virtblk_id_table[] = {
	{ VIRTIO_ID_BLOCK, VIRTIO_DEV_ANY_ID },
	{ 0 },
};

static const unsigned int virtblk_features[] = {
	VIRTIO_BLK_F_SEG_MAX, VIRTIO_BLK_F_SIZE_MAX, VIRTIO_BLK_F_RO,
	VIRTIO_BLK_F_BLK_SIZE, VIRTIO_BLK_F_FLUSH,
};

static struct virtio_driver virtio_blk = {
	.driver.name		= "virtio_blk",
	.id_table		= virtblk_id_table,
	.feature_table		= virtblk_features,
	.feature_table_size	= ARRAY_SIZE(virtblk_features),
	.probe			= virtblk_probe,
};

static int __init virtio_blk_init(void)
{
	int err = register_blkdev(VIRTBLK_MAJOR, "virtblk");

	return err < 0 ? err : register_virtio_driver(&virtio_blk);
}
device_initcall(virtio_blk_init);
