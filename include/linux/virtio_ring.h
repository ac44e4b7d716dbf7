/* SPDX-License-Identifier: MIT */
/* The split ring, as a transport sees it. Drivers need <linux/virtio.h>. */
#ifndef _LINUX_VIRTIO_RING_H
#define _LINUX_VIRTIO_RING_H

#include <linux/interrupt.h>
#include <linux/virtio.h>
#include <uapi/linux/virtio_ring.h>

/*
 * The device may be another CPU's thread or hardware beside the CPUs: barriers for the outer domain
 * hold for both.
 */
#define virtio_rmb()	dma_rmb()
#define virtio_wmb()	dma_wmb()

struct virtqueue *vring_create_virtqueue(unsigned int index, unsigned int num,
					 unsigned int vring_align, struct virtio_device *vdev,
					 bool (*notify)(struct virtqueue *vq),
					 void (*callback)(struct virtqueue *vq), const char *name);
void vring_del_virtqueue(struct virtqueue *vq);
irqreturn_t vring_interrupt(int irq, void *vq);
void vring_transport_features(struct virtio_device *vdev);

phys_addr_t virtqueue_get_desc_addr(struct virtqueue *vq);
phys_addr_t virtqueue_get_avail_addr(struct virtqueue *vq);
phys_addr_t virtqueue_get_used_addr(struct virtqueue *vq);

#endif
