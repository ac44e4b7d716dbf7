/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_VIRTIO_IDS_H
#define _LINUX_VIRTIO_IDS_H
#include <uapi/linux/virtio_ids.h>
#endif
