/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_VIRTIO_BLK_H
#define _LINUX_VIRTIO_BLK_H
#include <uapi/linux/virtio_blk.h>
#endif
