/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_VIRTIO_CONFIG_H
#define _UAPI_LINUX_VIRTIO_CONFIG_H

/* Device status: how far driver and device have come (virtio 1.2 sec. 2.1) */
#define VIRTIO_CONFIG_S_ACKNOWLEDGE	1	/* seen */
#define VIRTIO_CONFIG_S_DRIVER		2	/* there is a driver */
#define VIRTIO_CONFIG_S_DRIVER_OK	4	/* the driver is ready */
#define VIRTIO_CONFIG_S_FEATURES_OK	8	/* the features are settled */
#define VIRTIO_CONFIG_S_NEEDS_RESET	0x40	/* the device has lost its way */
#define VIRTIO_CONFIG_S_FAILED		0x80	/* the driver gives up */

/* Feature bits of the transport and the rings (sec. 6); the others are the device type's */
#define VIRTIO_TRANSPORT_F_START	28
#define VIRTIO_TRANSPORT_F_END		41
#define VIRTIO_F_VERSION_1		32	/* not legacy */

#endif
