// SPDX-License-Identifier: MIT
/*
 * The split virtqueue (virtio 1.2 sec. 2.7): three arrays in memory that driver and device share.
 *
 *   desc   buffers: address, length, direction, and the next one of the chain
 *   avail  driver -> device: heads of chains, in the order in which they were made available
 *   used   device -> driver: heads of chains that are done with, in any order
 *
 * Each side writes only its own arrays and an index into them that counts on for ever; the other
 * side sees by the index what is new. So no lock is shared with the device, only the order of the
 * writes matters: contents first, then the index (virtio_wmb()), and the reader the other way
 * round (virtio_rmb()). Among the CPUs the driver's lock guards the queue.
 *
 * What the device writes is checked before it is used as an index: a ring that makes no sense is
 * marked broken and not touched again.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

/* What the driver remembers of a descriptor; the device cannot reach it. */
struct vring_desc_state {
	void	*data;		/* of a head: what virtqueue_get_buf() will return */
	u16	next;		/* in the chain, or in the list of free ones */
	u16	chain_len;	/* of a head: descriptors in the chain */
};

struct vring_virtqueue {
	struct virtqueue	vq;
	struct vring		vring;
	bool			broken;		/* the device wrote nonsense: no more I/O */
	bool			event;		/* VIRTIO_RING_F_EVENT_IDX was negotiated */
	u16			free_head;
	u16			num_added;	/* chains since the device was last told */
	u16			last_used_idx;	/* what we have seen of used */
	u16			avail_idx_shadow;
	u16			avail_flags_shadow;
	size_t			queue_size;	/* bytes of the three arrays */
	bool			(*notify)(struct virtqueue *vq);
	struct vring_desc_state	desc_state[];
};

#define to_vvq(_vq)	container_of(_vq, struct vring_virtqueue, vq)

/*
 * What we wrote before is there for the device before we read what comes next. The architecture
 * asks for the DMB alone. QEMU 7.2 leaves barriers out where one thread emulates all CPUs (a single
 * CPU, or -icount), though its devices run in another thread: the host's CPU then lets the read
 * overtake the write, and once in some hundred thousand requests device and driver each wait for
 * the other. Reading a register of the device takes QEMU's own lock, which is a barrier for the host.
 */
static void virtio_mb(const struct vring_virtqueue *vq)
{
	dma_mb();
	vq->vq.vdev->config->get_status(vq->vq.vdev);
}

static void vring_broken(struct vring_virtqueue *vq, const char *what, unsigned int value)
{
	pr_err("%s: %s: the device wrote %s %u: no more I/O\n", vq->vq.vdev->name, vq->vq.name,
	       what, value);
	WRITE_ONCE(vq->broken, true);
}

static unsigned int count_sgs(struct scatterlist *sgs[], unsigned int n)
{
	struct scatterlist *sg;
	unsigned int i, total = 0;

	for (i = 0; i < n; i++)
		for (sg = sgs[i]; sg; sg = sg_next(sg))
			total++;
	return total;
}

/**
 * virtqueue_add_sgs - make a chain of buffers available to the device
 * @sgs: lists of buffers, first @out_sgs that the device reads, then @in_sgs that it writes
 * @data: what virtqueue_get_buf() returns when the device is done; not NULL
 * @gfp: not used, nothing is allocated
 *
 * The device learns of it by virtqueue_kick(). -ENOSPC when there are not enough descriptors free,
 * -EIO when the queue is broken.
 */
int virtqueue_add_sgs(struct virtqueue *_vq, struct scatterlist *sgs[], unsigned int out_sgs,
		      unsigned int in_sgs, void *data, gfp_t gfp)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	unsigned int total = count_sgs(sgs, out_sgs + in_sgs), left = total, n;
	struct scatterlist *sg;
	struct vring_desc *desc;
	u16 head = vq->free_head, i = head;

	if (unlikely(vq->broken))
		return -EIO;
	if (WARN_ON_ONCE(total == 0 || !data))
		return -EINVAL;
	if (vq->vq.num_free < total)
		return -ENOSPC;

	for (n = 0; n < out_sgs + in_sgs; n++) {
		for (sg = sgs[n]; sg; sg = sg_next(sg)) {
			desc = &vq->vring.desc[i];
			desc->addr = cpu_to_le64(sg_phys(sg));
			desc->len = cpu_to_le32(sg->length);
			desc->flags = cpu_to_le16((n >= out_sgs ? VRING_DESC_F_WRITE : 0) |
						  (--left ? VRING_DESC_F_NEXT : 0));
			i = vq->desc_state[i].next;
			desc->next = cpu_to_le16(i);
		}
	}
	vq->vq.num_free -= total;
	vq->free_head = i;
	vq->desc_state[head].data = data;
	vq->desc_state[head].chain_len = total;

	vq->vring.avail->ring[vq->avail_idx_shadow & (vq->vring.num - 1)] = cpu_to_le16(head);
	/* The device must see the chain before it sees that there is one more. */
	virtio_wmb();
	vq->avail_idx_shadow++;
	WRITE_ONCE(vq->vring.avail->idx, cpu_to_le16(vq->avail_idx_shadow));
	vq->num_added++;
	return 0;
}

/**
 * virtqueue_kick_prepare - must the device be told of what was added since the last kick?
 *
 * Under the driver's lock; virtqueue_notify() may then be called without it.
 */
bool virtqueue_kick_prepare(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	u16 new = vq->avail_idx_shadow, old = new - vq->num_added;

	/*
	 * Our index is written before the device's wish is read, and the device does it the other
	 * way round: one of the two sees the other's write. Without this barrier a request is now
	 * and then not noticed until the next one.
	 */
	virtio_mb(vq);
	vq->num_added = 0;
	if (vq->event)
		return vring_need_event(le16_to_cpu(READ_ONCE(vring_avail_event(&vq->vring))),
					new, old);
	return !(READ_ONCE(vq->vring.used->flags) & cpu_to_le16(VRING_USED_F_NO_NOTIFY));
}

/* Tells the device to look at the queue; false when that failed. */
bool virtqueue_notify(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	if (unlikely(vq->broken))
		return false;
	if (!vq->notify(_vq)) {
		vq->broken = true;
		return false;
	}
	return true;
}

bool virtqueue_kick(struct virtqueue *vq)
{
	return virtqueue_kick_prepare(vq) ? virtqueue_notify(vq) : true;
}

static inline bool more_used(const struct vring_virtqueue *vq)
{
	return vq->last_used_idx != le16_to_cpu(READ_ONCE(vq->vring.used->idx));
}

/* Puts a whole chain in front of the list of free descriptors. */
static void detach_buf(struct vring_virtqueue *vq, unsigned int head)
{
	unsigned int len = vq->desc_state[head].chain_len, last = head, n;

	for (n = 1; n < len; n++)
		last = vq->desc_state[last].next;
	vq->desc_state[last].next = vq->free_head;
	vq->free_head = head;
	vq->vq.num_free += len;
	vq->desc_state[head].data = NULL;
}

/**
 * virtqueue_get_buf - take back a chain that the device is done with
 * @len: bytes that the device says it wrote
 *
 * Returns the @data of virtqueue_add_sgs(), or NULL when there is none now or the queue is broken.
 */
void *virtqueue_get_buf(struct virtqueue *_vq, unsigned int *len)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	vring_used_elem_t *elem;
	unsigned int id;
	void *ret;

	if (unlikely(vq->broken) || !more_used(vq))
		return NULL;
	/* The entry, and what the device put into the buffers, only after the index. */
	virtio_rmb();

	elem = &vq->vring.used->ring[vq->last_used_idx & (vq->vring.num - 1)];
	id = le32_to_cpu(READ_ONCE(elem->id));
	*len = le32_to_cpu(READ_ONCE(elem->len));
	if (unlikely(id >= vq->vring.num)) {
		vring_broken(vq, "a used id beyond the ring,", id);
		return NULL;
	}
	if (unlikely(!vq->desc_state[id].data)) {
		vring_broken(vq, "a used id that it does not have,", id);
		return NULL;
	}
	ret = vq->desc_state[id].data;
	detach_buf(vq, id);
	vq->last_used_idx++;

	/* With callbacks on, say up to where we have seen; before the next look at used->idx. */
	if (vq->event && !(vq->avail_flags_shadow & VRING_AVAIL_F_NO_INTERRUPT)) {
		WRITE_ONCE(vring_used_event(&vq->vring), cpu_to_le16(vq->last_used_idx));
		virtio_mb(vq);
	}
	return ret;
}

/**
 * virtqueue_disable_cb - please no interrupts; a hint, one may still come
 */
void virtqueue_disable_cb(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	if (vq->avail_flags_shadow & VRING_AVAIL_F_NO_INTERRUPT)
		return;
	vq->avail_flags_shadow |= VRING_AVAIL_F_NO_INTERRUPT;
	/* With event indices the flag is not looked at: an event just behind us stays far away. */
	if (vq->event)
		WRITE_ONCE(vring_used_event(&vq->vring), cpu_to_le16(vq->last_used_idx - 1));
	else
		WRITE_ONCE(vq->vring.avail->flags, cpu_to_le16(vq->avail_flags_shadow));
}

/**
 * virtqueue_enable_cb - interrupts again
 *
 * Returns false when something was used meanwhile, for which there may be no interrupt: the caller
 * then has to look for itself.
 */
bool virtqueue_enable_cb(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	vq->avail_flags_shadow &= ~VRING_AVAIL_F_NO_INTERRUPT;
	if (vq->event)
		WRITE_ONCE(vring_used_event(&vq->vring), cpu_to_le16(vq->last_used_idx));
	else
		WRITE_ONCE(vq->vring.avail->flags, cpu_to_le16(vq->avail_flags_shadow));
	/* Our wish is written before the device's index is read: see virtqueue_kick_prepare(). */
	virtio_mb(vq);
	return vq->broken || !more_used(vq);
}

bool virtqueue_is_broken(struct virtqueue *_vq)
{
	return READ_ONCE(to_vvq(_vq)->broken);
}

unsigned int virtqueue_get_vring_size(struct virtqueue *_vq)
{
	return to_vvq(_vq)->vring.num;
}

/**
 * vring_interrupt - a transport reports that a queue may have used buffers; hard-interrupt context
 */
irqreturn_t vring_interrupt(int irq, void *_vq)
{
	struct vring_virtqueue *vq = to_vvq((struct virtqueue *)_vq);

	if (unlikely(READ_ONCE(vq->broken)))
		return IRQ_HANDLED;
	if (vq->vq.callback)
		vq->vq.callback(&vq->vq);
	return IRQ_HANDLED;
}

/**
 * vring_create_virtqueue - a queue of @num descriptors, a power of two
 * @vring_align: for the legacy layout, where used starts
 * @notify: the transport's: tell the device to look
 *
 * May sleep. NULL when there is no memory. The transport puts it on vdev->vqs.
 */
struct virtqueue *vring_create_virtqueue(unsigned int index, unsigned int num,
					 unsigned int vring_align, struct virtio_device *vdev,
					 bool (*notify)(struct virtqueue *vq),
					 void (*callback)(struct virtqueue *vq), const char *name)
{
	struct vring_virtqueue *vq;
	unsigned int i;
	void *queue;

	vq = kzalloc(sizeof(*vq) + num * sizeof(vq->desc_state[0]), GFP_KERNEL);
	if (!vq)
		return NULL;
	vq->queue_size = vring_size(num, vring_align);
	queue = alloc_pages_exact(vq->queue_size, GFP_KERNEL | __GFP_ZERO);
	if (!queue) {
		kfree(vq);
		return NULL;
	}
	vring_init(&vq->vring, num, queue, vring_align);
	vq->event = virtio_has_feature(vdev, VIRTIO_RING_F_EVENT_IDX);
	vq->notify = notify;
	vq->vq.vdev = vdev;
	vq->vq.callback = callback;
	vq->vq.name = name;
	vq->vq.index = index;
	vq->vq.num_free = num;
	for (i = 0; i < num; i++)
		vq->desc_state[i].next = i + 1;
	return &vq->vq;
}

/* The device must have been made to forget the queue before, and no interrupt may reach it. */
void vring_del_virtqueue(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	free_pages_exact(vq->vring.desc, vq->queue_size);
	kfree(vq);
}

/**
 * vring_transport_features - keep only those features of the transport that are implemented here
 */
void vring_transport_features(struct virtio_device *vdev)
{
	unsigned int i;

	for (i = VIRTIO_TRANSPORT_F_START; i < VIRTIO_TRANSPORT_F_END; i++)
		if (i != VIRTIO_RING_F_EVENT_IDX && i != VIRTIO_F_VERSION_1)
			__virtio_clear_bit(vdev, i);
}

phys_addr_t virtqueue_get_desc_addr(struct virtqueue *_vq)
{
	return virt_to_phys(to_vvq(_vq)->vring.desc);
}

phys_addr_t virtqueue_get_avail_addr(struct virtqueue *_vq)
{
	return virt_to_phys(to_vvq(_vq)->vring.avail);
}

phys_addr_t virtqueue_get_used_addr(struct virtqueue *_vq)
{
	return virt_to_phys(to_vvq(_vq)->vring.used);
}
