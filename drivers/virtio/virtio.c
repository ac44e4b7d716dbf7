// SPDX-License-Identifier: MIT
/*
 * virtio devices and virtio drivers find each other here.
 *
 * Transports register devices, drivers register themselves; whichever comes second brings a pair
 * together, and the device is then initialised in the steps of virtio 1.2 sec. 3.1.1. virtio_lock
 * guards both lists and keeps probes one after another, so devices are probed in the order in which
 * they were registered. Devices and drivers stay for good.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>

static DEFINE_MUTEX(virtio_lock);
static LIST_HEAD(virtio_devices);
static LIST_HEAD(virtio_drivers);
static int virtio_next_index;

void virtio_add_status(struct virtio_device *dev, unsigned int status)
{
	dev->config->set_status(dev, dev->config->get_status(dev) | status);
}

void virtio_reset_device(struct virtio_device *dev)
{
	dev->config->reset(dev);
}

/**
 * virtio_config_changed - a transport reports that the configuration space changed
 *
 * Hard-interrupt context.
 */
void virtio_config_changed(struct virtio_device *dev)
{
	struct virtio_driver *drv = READ_ONCE(dev->driver);

	if (drv && drv->config_changed)
		drv->config_changed(dev);
}

static bool virtio_id_match(const struct virtio_device *dev, const struct virtio_driver *drv)
{
	const struct virtio_device_id *id;

	for (id = drv->id_table; id->device; id++)
		if ((id->device == dev->id.device || id->device == VIRTIO_DEV_ANY_ID) &&
		    (id->vendor == dev->id.vendor || id->vendor == VIRTIO_DEV_ANY_ID))
			return true;
	return false;
}

/* Those of the device's features that the driver knows; those of the ring are the transport's. */
static int virtio_negotiate(struct virtio_device *dev, struct virtio_driver *drv)
{
	u64 device_features = dev->config->get_features(dev), driver_features = 0;
	unsigned int i;
	int err;

	for (i = 0; i < drv->feature_table_size; i++)
		driver_features |= BIT_ULL(drv->feature_table[i]);
	driver_features |= GENMASK_ULL(VIRTIO_TRANSPORT_F_END - 1, VIRTIO_TRANSPORT_F_START);
	dev->features = device_features & driver_features;

	err = dev->config->finalize_features(dev);
	if (err || !virtio_has_feature(dev, VIRTIO_F_VERSION_1))
		return err;	/* legacy devices take what they are given */

	virtio_add_status(dev, VIRTIO_CONFIG_S_FEATURES_OK);
	if (!(dev->config->get_status(dev) & VIRTIO_CONFIG_S_FEATURES_OK)) {
		pr_err("%s: the device does not accept features %#llx\n", dev->name, dev->features);
		return -ENODEV;
	}
	return 0;
}

/* virtio_lock is held. A device that its driver refuses is left alone from then on. */
static void virtio_dev_probe(struct virtio_device *dev, struct virtio_driver *drv)
{
	int err;

	WRITE_ONCE(dev->driver, drv);
	virtio_reset_device(dev);
	virtio_add_status(dev, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	virtio_add_status(dev, VIRTIO_CONFIG_S_DRIVER);
	err = virtio_negotiate(dev, drv);
	if (!err)
		err = drv->probe(dev);
	if (err) {
		pr_err("%s: %s does not take it: %d\n", dev->name, drv->driver.name, err);
		virtio_add_status(dev, VIRTIO_CONFIG_S_FAILED);
		return;
	}
	/* Unless the driver needed it earlier. */
	if (!(dev->config->get_status(dev) & VIRTIO_CONFIG_S_DRIVER_OK))
		virtio_device_ready(dev);
}

/**
 * register_virtio_driver - offer a driver to all devices, present and future; may sleep
 */
int register_virtio_driver(struct virtio_driver *drv)
{
	struct virtio_device *dev;

	mutex_lock(&virtio_lock);
	list_add_tail(&drv->list, &virtio_drivers);
	list_for_each_entry(dev, &virtio_devices, list)
		if (!dev->driver && virtio_id_match(dev, drv))
			virtio_dev_probe(dev, drv);
	mutex_unlock(&virtio_lock);
	return 0;
}

/**
 * register_virtio_device - called by a transport that has found a device; may sleep
 * @dev: id, config and name are filled in; kept from then on
 */
int register_virtio_device(struct virtio_device *dev)
{
	struct virtio_driver *drv;

	INIT_LIST_HEAD(&dev->vqs);
	mutex_lock(&virtio_lock);
	dev->index = virtio_next_index++;
	list_add_tail(&dev->list, &virtio_devices);
	list_for_each_entry(drv, &virtio_drivers, list) {
		if (virtio_id_match(dev, drv)) {
			virtio_dev_probe(dev, drv);
			break;
		}
	}
	mutex_unlock(&virtio_lock);
	return 0;
}
