/* SPDX-License-Identifier: MIT */
/* What a virtio transport does for the drivers: features, status, configuration space, queues. */
#ifndef _LINUX_VIRTIO_CONFIG_H
#define _LINUX_VIRTIO_CONFIG_H

#include <linux/bits.h>
#include <linux/err.h>
#include <linux/virtio.h>
#include <asm/byteorder.h>
#include <uapi/linux/virtio_config.h>

typedef void vq_callback_t(struct virtqueue *);

/**
 * struct virtio_config_ops - one transport; called in task context, one caller at a time a device
 * @get, @set: bytes of the configuration space
 * @generation: changes when the configuration space does, so that a torn read can be told
 * @find_vqs: make the device's queues; needs the features negotiated
 * @finalize_features: tell the device what the driver chose, vdev->features
 */
struct virtio_config_ops {
	void (*get)(struct virtio_device *vdev, unsigned int offset, void *buf, unsigned int len);
	void (*set)(struct virtio_device *vdev, unsigned int offset, const void *buf,
		    unsigned int len);
	u32  (*generation)(struct virtio_device *vdev);
	u8   (*get_status)(struct virtio_device *vdev);
	void (*set_status)(struct virtio_device *vdev, u8 status);
	void (*reset)(struct virtio_device *vdev);
	int  (*find_vqs)(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
			 vq_callback_t *callbacks[], const char *const names[]);
	void (*del_vqs)(struct virtio_device *vdev);
	u64  (*get_features)(struct virtio_device *vdev);
	int  (*finalize_features)(struct virtio_device *vdev);
};

static inline bool virtio_has_feature(const struct virtio_device *vdev, unsigned int fbit)
{
	return vdev->features & BIT_ULL(fbit);
}

static inline void __virtio_clear_bit(struct virtio_device *vdev, unsigned int fbit)
{
	vdev->features &= ~BIT_ULL(fbit);
}

static inline struct virtqueue *virtio_find_single_vq(struct virtio_device *vdev,
						      vq_callback_t *c, const char *n)
{
	struct virtqueue *vq;
	int err = vdev->config->find_vqs(vdev, 1, &vq, &c, &n);

	return err < 0 ? ERR_PTR(err) : vq;
}

/* The driver may use its queues from here on, also before probe() returns. */
static inline void virtio_device_ready(struct virtio_device *vdev)
{
	virtio_add_status(vdev, VIRTIO_CONFIG_S_DRIVER_OK);
}

/* Reads @len bytes that belong together. */
static inline void virtio_cread_bytes(struct virtio_device *vdev, unsigned int offset, void *buf,
				      unsigned int len)
{
	u32 before, after = vdev->config->generation(vdev);

	do {
		before = after;
		vdev->config->get(vdev, offset, buf, len);
		after = vdev->config->generation(vdev);
	} while (before != after);
}

/* Read a member of the configuration space, whatever its width, in this CPU's byte order. */
#define virtio_cread_le(vdev, structname, member, ptr)				\
do {										\
	typeof(((structname *)0)->member) __v;					\
	virtio_cread_bytes((vdev), offsetof(structname, member), &__v, sizeof(__v)); \
	*(ptr) = __v;								\
} while (0)
#define virtio_cread(vdev, structname, member, ptr) \
	virtio_cread_le(vdev, structname, member, ptr)

/* The same if the feature was negotiated, else -ENOENT. */
#define virtio_cread_feature(vdev, fbit, structname, member, ptr)		\
({										\
	int __r = 0;								\
	if (virtio_has_feature(vdev, fbit))					\
		virtio_cread_le(vdev, structname, member, ptr);			\
	else									\
		__r = -ENOENT;							\
	__r;									\
})

#endif
