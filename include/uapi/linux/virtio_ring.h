/* SPDX-License-Identifier: MIT */
/* The split ring as it lies in memory (virtio 1.2 sec. 2.7). All numbers are little-endian. */
#ifndef _UAPI_LINUX_VIRTIO_RING_H
#define _UAPI_LINUX_VIRTIO_RING_H

#include <linux/types.h>

#define VRING_DESC_F_NEXT		1	/* the chain goes on at .next */
#define VRING_DESC_F_WRITE		2	/* the device writes it, else it reads it */

#define VRING_USED_F_NO_NOTIFY		1	/* the device need not be told of new buffers */
#define VRING_AVAIL_F_NO_INTERRUPT	1	/* the driver need not be told of used ones */

#define VIRTIO_RING_F_EVENT_IDX		29	/* used_event and avail_event say when to tell */

#define VRING_AVAIL_ALIGN_SIZE		2
#define VRING_USED_ALIGN_SIZE		4
#define VRING_DESC_ALIGN_SIZE		16

/* A buffer; a request is a chain of them. */
typedef struct vring_desc {
	__le64	addr;		/* physical */
	__le32	len;		/* bytes */
	__le16	flags;
	__le16	next;
} vring_desc_t;

/* From the driver: heads of chains that the device may take; a le16 used_event is ring[num]. */
typedef struct vring_avail {
	__le16	flags;
	__le16	idx;		/* where the next one will be put; counts on, taken modulo num */
	__le16	ring[];
} vring_avail_t;

typedef struct vring_used_elem {
	__le32	id;		/* head of the chain */
	__le32	len;		/* bytes that the device wrote */
} vring_used_elem_t;

/* From the device: chains that it is done with; one le16 avail_event behind ring[num]. */
typedef struct vring_used {
	__le16	flags;
	__le16	idx;
	vring_used_elem_t ring[];
} vring_used_t;

struct vring {
	unsigned int	num;		/* a power of two */
	vring_desc_t	*desc;
	vring_avail_t	*avail;
	vring_used_t	*used;
};

#define vring_used_event(vr)	((vr)->avail->ring[(vr)->num])
#define vring_avail_event(vr)	(*(__le16 *)&(vr)->used->ring[(vr)->num])

/* The legacy layout: used starts at a multiple of align behind avail. Modern devices take any. */
static inline void vring_init(struct vring *vr, unsigned int num, void *p, unsigned long align)
{
	unsigned long avail_end;

	vr->num = num;
	vr->desc = p;
	vr->avail = (vring_avail_t *)((char *)p + num * sizeof(vring_desc_t));
	avail_end = (unsigned long)&vr->avail->ring[num] + sizeof(__le16);
	vr->used = (vring_used_t *)((avail_end + align - 1) & ~(align - 1));
}

static inline unsigned int vring_size(unsigned int num, unsigned long align)
{
	unsigned long size = num * sizeof(vring_desc_t) + (3 + num) * sizeof(__le16);

	size = (size + align - 1) & ~(align - 1);
	return size + 3 * sizeof(__le16) + num * sizeof(vring_used_elem_t);
}

/* Going from old_idx to new_idx, was event_idx passed? Then the other side wants to be told. */
static inline int vring_need_event(__u16 event_idx, __u16 new_idx, __u16 old_idx)
{
	return (__u16)(new_idx - event_idx - 1) < (__u16)(new_idx - old_idx);
}

#endif
