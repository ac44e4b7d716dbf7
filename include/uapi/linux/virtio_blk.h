/* SPDX-License-Identifier: MIT */
/* virtio block device (virtio 1.2 sec. 5.2). All numbers are little-endian. */
#ifndef _UAPI_LINUX_VIRTIO_BLK_H
#define _UAPI_LINUX_VIRTIO_BLK_H

#include <linux/types.h>

/* Feature bits */
#define VIRTIO_BLK_F_SIZE_MAX	1	/* size_max is valid */
#define VIRTIO_BLK_F_SEG_MAX	2	/* seg_max is valid */
#define VIRTIO_BLK_F_RO		5	/* writes are refused */
#define VIRTIO_BLK_F_BLK_SIZE	6	/* blk_size is valid */
#define VIRTIO_BLK_F_FLUSH	9	/* there is a cache, and a command to flush it */

struct virtio_blk_config {
	__le64	capacity;	/* in sectors of 512 bytes, whatever blk_size is */
	__le32	size_max;	/* bytes in a segment */
	__le32	seg_max;	/* segments in a request */
	struct virtio_blk_geometry {
		__le16	cylinders;
		__u8	heads;
		__u8	sectors;
	} geometry;
	__le32	blk_size;	/* bytes: what the device does at once */
} __attribute__((packed));

#define VIRTIO_BLK_T_IN		0
#define VIRTIO_BLK_T_OUT	1
#define VIRTIO_BLK_T_FLUSH	4

/* First in each request; then the data, then one byte of status that the device writes. */
struct virtio_blk_outhdr {
	__le32	type;
	__le32	ioprio;
	__le64	sector;		/* of 512 bytes */
};

#define VIRTIO_BLK_S_OK		0
#define VIRTIO_BLK_S_IOERR	1
#define VIRTIO_BLK_S_UNSUPP	2

#endif
