/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_VIRTIO_IDS_H
#define _UAPI_LINUX_VIRTIO_IDS_H

/* Device types (virtio 1.2 sec. 5) */
#define VIRTIO_ID_NET		1
#define VIRTIO_ID_BLOCK		2
#define VIRTIO_ID_CONSOLE	3
#define VIRTIO_ID_RNG		4

#endif
