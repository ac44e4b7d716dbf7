/* SPDX-License-Identifier: MIT */
/*
 * virtio: devices made for virtual machines. Three parts, each replaceable:
 *
 *   the transport   finds devices and moves feature bits, status and configuration
 *                   (drivers/virtio/virtio_mmio.c fills in struct virtio_config_ops)
 *   the ring        moves buffers (drivers/virtio/virtio_ring.c)
 *   the driver      knows what the buffers mean (drivers/block/virtio_blk.c)
 */
#ifndef _LINUX_VIRTIO_H
#define _LINUX_VIRTIO_H

#include <linux/compiler.h>
#include <linux/irqreturn.h>
#include <linux/list.h>
#include <linux/types.h>

struct scatterlist;
struct virtio_config_ops;
struct virtio_device;

/**
 * struct virtqueue - a ring of buffers shared with the device
 * @callback: called in hard-interrupt context when the device has used some
 * @num_free: descriptors that are free
 *
 * The driver's own lock must guard a virtqueue: the functions below take none.
 */
struct virtqueue {
	struct list_head	list;		/* vdev->vqs */
	void			(*callback)(struct virtqueue *vq);
	const char		*name;
	struct virtio_device	*vdev;
	unsigned int		index;
	unsigned int		num_free;
	void			*priv;		/* the transport's */
};

int virtqueue_add_sgs(struct virtqueue *vq, struct scatterlist *sgs[], unsigned int out_sgs,
		      unsigned int in_sgs, void *data, gfp_t gfp);
bool virtqueue_kick(struct virtqueue *vq);
bool virtqueue_kick_prepare(struct virtqueue *vq);
bool virtqueue_notify(struct virtqueue *vq);
void *virtqueue_get_buf(struct virtqueue *vq, unsigned int *len);
void virtqueue_disable_cb(struct virtqueue *vq);
bool virtqueue_enable_cb(struct virtqueue *vq);
bool virtqueue_is_broken(struct virtqueue *vq);
unsigned int virtqueue_get_vring_size(struct virtqueue *vq);

struct virtio_device_id {
	u32	device;			/* VIRTIO_ID_* */
	u32	vendor;
};
#define VIRTIO_DEV_ANY_ID	0xffffffff

struct virtio_driver;

struct virtio_device {
	struct list_head		list;		/* all devices; virtio_lock */
	int				index;		/* in the order of registering */
	const char			*name;		/* for messages */
	struct virtio_device_id		id;
	const struct virtio_config_ops	*config;
	struct list_head		vqs;
	u64				features;	/* negotiated */
	struct virtio_driver		*driver;	/* NULL until one has taken it */
	void				*priv;		/* the driver's */
};

/**
 * struct virtio_driver - called in task context
 * @feature_table: the feature bits that the driver knows
 * @probe: take the device; its features are negotiated. 0, or a negative errno
 * @config_changed: in hard-interrupt context: the configuration space changed
 */
struct virtio_driver {
	struct { const char		*name; } driver;
	const struct virtio_device_id	*id_table;	/* ends with an empty row */
	const unsigned int		*feature_table;
	unsigned int			feature_table_size;
	int				(*probe)(struct virtio_device *dev);
	void				(*config_changed)(struct virtio_device *dev);
	struct list_head		list;		/* virtio_lock */
};

int register_virtio_driver(struct virtio_driver *drv);
int register_virtio_device(struct virtio_device *dev);
void virtio_config_changed(struct virtio_device *dev);
void virtio_add_status(struct virtio_device *dev, unsigned int status);
void virtio_reset_device(struct virtio_device *dev);

#define module_virtio_driver(__drv)					\
	static int __init __drv##_init(void)				\
	{								\
		return register_virtio_driver(&(__drv));		\
	}								\
	module_init(__drv##_init)

#endif
