// SPDX-License-Identifier: MIT
/*
 * The MMIO transport (virtio 1.2 sec. 4.2): each device is a page of registers and an interrupt,
 * found in the device tree. Version 2, and version 1, the legacy interface (sec. 4.2.4), which
 * differs in how a queue's memory is told and has no FEATURES_OK.
 *
 * QEMU puts some dozens of such slots into the tree, most of them empty. They are registered by
 * rising address, so that /dev/vda is the disk in the lowest slot however the tree lists them.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <asm/page.h>
#include <uapi/linux/virtio_mmio.h>

#define VIRTIO_MMIO_MAGIC	0x74726976	/* "virt" */
#define VIRTIO_MMIO_VRING_ALIGN	PAGE_SIZE
#define VIRTIO_MMIO_MAX_NUM	128U		/* descriptors: a ring of 2 pages */

struct virtio_mmio_device {
	struct virtio_device	vdev;
	void __iomem		*base;
	unsigned int		version;
	unsigned int		irq;
	spinlock_t		lock;		/* guards vdev.vqs against the interrupt */
};

#define to_virtio_mmio_device(_vdev) container_of(_vdev, struct virtio_mmio_device, vdev)

/* ------------------------------------------------------------------------- features, status */

static u64 vm_get_features(struct virtio_device *vdev)
{
	struct virtio_mmio_device *vm_dev = to_virtio_mmio_device(vdev);
	u64 features;

	writel(1, vm_dev->base + VIRTIO_MMIO_DEVICE_FEATURES_SEL);
	features = (u64)readl(vm_dev->base + VIRTIO_MMIO_DEVICE_FEATURES) << 32;
	writel(0, vm_dev->base + VIRTIO_MMIO_DEVICE_FEATURES_SEL);
	return features | readl(vm_dev->base + VIRTIO_MMIO_DEVICE_FEATURES);
}

static int vm_finalize_features(struct virtio_device *vdev)
{
	struct virtio_mmio_device *vm_dev = to_virtio_mmio_device(vdev);

	vring_transport_features(vdev);
	if (vm_dev->version == 2 && !virtio_has_feature(vdev, VIRTIO_F_VERSION_1)) {
		pr_err("%s: version 2 without VIRTIO_F_VERSION_1\n", vdev->name);
		return -EINVAL;
	}
	writel(1, vm_dev->base + VIRTIO_MMIO_DRIVER_FEATURES_SEL);
	writel(upper_32_bits(vdev->features), vm_dev->base + VIRTIO_MMIO_DRIVER_FEATURES);
	writel(0, vm_dev->base + VIRTIO_MMIO_DRIVER_FEATURES_SEL);
	writel(lower_32_bits(vdev->features), vm_dev->base + VIRTIO_MMIO_DRIVER_FEATURES);
	return 0;
}

static u8 vm_get_status(struct virtio_device *vdev)
{
	return readl(to_virtio_mmio_device(vdev)->base + VIRTIO_MMIO_STATUS) & 0xff;
}

static void vm_set_status(struct virtio_device *vdev, u8 status)
{
	writel(status, to_virtio_mmio_device(vdev)->base + VIRTIO_MMIO_STATUS);
}

static void vm_reset(struct virtio_device *vdev)
{
	struct virtio_mmio_device *vm_dev = to_virtio_mmio_device(vdev);

	writel(0, vm_dev->base + VIRTIO_MMIO_STATUS);
	/* The legacy interface speaks of queues in pages, of the size that it is told here. */
	if (vm_dev->version == 1)
		writel(PAGE_SIZE, vm_dev->base + VIRTIO_MMIO_GUEST_PAGE_SIZE);
}

/* ------------------------------------------------------------------------- configuration space */

/* Version 2 wants accesses of the field's own width (sec. 4.2.2.2), legacy bytes. */
static void vm_get(struct virtio_device *vdev, unsigned int offset, void *buf, unsigned int len)
{
	struct virtio_mmio_device *vm_dev = to_virtio_mmio_device(vdev);
	void __iomem *base = vm_dev->base + VIRTIO_MMIO_CONFIG + offset;
	unsigned int width = vm_dev->version == 1 ? 1 : min(len, 4U);

	switch (width) {
	case 4:
		for (; len >= 4; len -= 4, base += 4, buf += 4)
			*(u32 *)buf = readl(base);
		break;
	case 2:
		*(u16 *)buf = readw(base);
		break;
	default:
		memcpy_fromio(buf, base, len);
	}
}

static void vm_set(struct virtio_device *vdev, unsigned int offset, const void *buf,
		   unsigned int len)
{
	struct virtio_mmio_device *vm_dev = to_virtio_mmio_device(vdev);
	void __iomem *base = vm_dev->base + VIRTIO_MMIO_CONFIG + offset;
	unsigned int width = vm_dev->version == 1 ? 1 : min(len, 4U);

	switch (width) {
	case 4:
		for (; len >= 4; len -= 4, base += 4, buf += 4)
			writel(*(const u32 *)buf, base);
		break;
	case 2:
		writew(*(const u16 *)buf, base);
		break;
	default:
		memcpy_toio(base, buf, len);
	}
}

static u32 vm_generation(struct virtio_device *vdev)
{
	struct virtio_mmio_device *vm_dev = to_virtio_mmio_device(vdev);

	/* Legacy has none: a torn read cannot be told there. */
	return vm_dev->version == 1 ? 0 : readl(vm_dev->base + VIRTIO_MMIO_CONFIG_GENERATION);
}

/* ------------------------------------------------------------------------- queues */

static bool vm_notify(struct virtqueue *vq)
{
	struct virtio_mmio_device *vm_dev = to_virtio_mmio_device(vq->vdev);

	writel(vq->index, vm_dev->base + VIRTIO_MMIO_QUEUE_NOTIFY);
	return true;
}

/* One line for all queues of the device and for changes of its configuration. */
static irqreturn_t vm_interrupt(int irq, void *opaque)
{
	struct virtio_mmio_device *vm_dev = opaque;
	u32 status = readl(vm_dev->base + VIRTIO_MMIO_INTERRUPT_STATUS);
	irqreturn_t ret = IRQ_NONE;
	struct virtqueue *vq;
	unsigned long flags;

	/* First acknowledge, then look: what is used in between interrupts again. */
	writel(status, vm_dev->base + VIRTIO_MMIO_INTERRUPT_ACK);
	if (status & VIRTIO_MMIO_INT_CONFIG) {
		virtio_config_changed(&vm_dev->vdev);
		ret = IRQ_HANDLED;
	}
	if (status & VIRTIO_MMIO_INT_VRING) {
		spin_lock_irqsave(&vm_dev->lock, flags);
		list_for_each_entry(vq, &vm_dev->vdev.vqs, list)
			ret |= vring_interrupt(irq, vq);
		spin_unlock_irqrestore(&vm_dev->lock, flags);
	}
	return ret;
}

static void vm_write_addr(struct virtio_mmio_device *vm_dev, unsigned int low, phys_addr_t addr)
{
	writel(lower_32_bits(addr), vm_dev->base + low);
	writel(upper_32_bits(addr), vm_dev->base + low + 4);
}

/* Tells the device where the selected queue is; -E2BIG where legacy cannot say it. */
static int vm_activate_vq(struct virtio_mmio_device *vm_dev, struct virtqueue *vq)
{
	phys_addr_t desc = virtqueue_get_desc_addr(vq);

	writel(virtqueue_get_vring_size(vq), vm_dev->base + VIRTIO_MMIO_QUEUE_NUM);
	if (vm_dev->version == 1) {
		if (desc >> PAGE_SHIFT >> 32)
			return -E2BIG;
		writel(VIRTIO_MMIO_VRING_ALIGN, vm_dev->base + VIRTIO_MMIO_QUEUE_ALIGN);
		writel(desc >> PAGE_SHIFT, vm_dev->base + VIRTIO_MMIO_QUEUE_PFN);
		return 0;
	}
	vm_write_addr(vm_dev, VIRTIO_MMIO_QUEUE_DESC_LOW, desc);
	vm_write_addr(vm_dev, VIRTIO_MMIO_QUEUE_AVAIL_LOW, virtqueue_get_avail_addr(vq));
	vm_write_addr(vm_dev, VIRTIO_MMIO_QUEUE_USED_LOW, virtqueue_get_used_addr(vq));
	writel(1, vm_dev->base + VIRTIO_MMIO_QUEUE_READY);
	return 0;
}

static struct virtqueue *vm_setup_vq(struct virtio_device *vdev, unsigned int index,
				     vq_callback_t *callback, const char *name)
{
	struct virtio_mmio_device *vm_dev = to_virtio_mmio_device(vdev);
	unsigned int num, ready;
	struct virtqueue *vq;
	unsigned long flags;
	int err;

	writel(index, vm_dev->base + VIRTIO_MMIO_QUEUE_SEL);
	ready = vm_dev->version == 1 ? VIRTIO_MMIO_QUEUE_PFN : VIRTIO_MMIO_QUEUE_READY;
	num = readl(vm_dev->base + VIRTIO_MMIO_QUEUE_NUM_MAX);
	if (num == 0 || readl(vm_dev->base + ready))
		return ERR_PTR(-ENOENT);
	num = rounddown_pow_of_two(min(num, VIRTIO_MMIO_MAX_NUM));

	vq = vring_create_virtqueue(index, num, VIRTIO_MMIO_VRING_ALIGN, vdev, vm_notify, callback,
				    name);
	if (!vq)
		return ERR_PTR(-ENOMEM);
	err = vm_activate_vq(vm_dev, vq);
	if (err) {
		vring_del_virtqueue(vq);
		return ERR_PTR(err);
	}
	spin_lock_irqsave(&vm_dev->lock, flags);
	list_add_tail(&vq->list, &vdev->vqs);
	spin_unlock_irqrestore(&vm_dev->lock, flags);
	return vq;
}

static void vm_del_vqs(struct virtio_device *vdev)
{
	struct virtio_mmio_device *vm_dev = to_virtio_mmio_device(vdev);
	struct virtqueue *vq, *next;

	/* A reset makes the device forget all queues, in both versions. */
	free_irq(vm_dev->irq, vm_dev);
	vm_reset(vdev);
	list_for_each_entry_safe(vq, next, &vdev->vqs, list) {
		list_del(&vq->list);
		vring_del_virtqueue(vq);
	}
}

static int vm_find_vqs(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
		       vq_callback_t *callbacks[], const char *const names[])
{
	struct virtio_mmio_device *vm_dev = to_virtio_mmio_device(vdev);
	unsigned int i;
	int err;

	err = request_irq(vm_dev->irq, vm_interrupt, IRQF_SHARED, vdev->name, vm_dev);
	if (err)
		return err;
	for (i = 0; i < nvqs; i++) {
		vqs[i] = vm_setup_vq(vdev, i, callbacks[i], names[i]);
		if (IS_ERR(vqs[i])) {
			err = PTR_ERR(vqs[i]);
			vm_del_vqs(vdev);
			return err;
		}
	}
	return 0;
}

static const struct virtio_config_ops virtio_mmio_config_ops = {
	.get			= vm_get,
	.set			= vm_set,
	.generation		= vm_generation,
	.get_status		= vm_get_status,
	.set_status		= vm_set_status,
	.reset			= vm_reset,
	.find_vqs		= vm_find_vqs,
	.del_vqs		= vm_del_vqs,
	.get_features		= vm_get_features,
	.finalize_features	= vm_finalize_features,
};

/* ------------------------------------------------------------------------- finding devices */

struct virtio_mmio_slot {
	struct device_node	*np;
	struct resource		res;
};

/* Looks into one slot. An empty one is no error. */
static int __init virtio_mmio_probe(struct virtio_mmio_slot *slot)
{
	struct virtio_mmio_device *vm_dev;
	u32 id;
	int err;

	vm_dev = kzalloc(sizeof(*vm_dev), GFP_KERNEL);
	if (!vm_dev)
		return -ENOMEM;
	vm_dev->base = ioremap(slot->res.start, resource_size(&slot->res));
	if (!vm_dev->base) {
		err = -ENOMEM;
		goto out_free;
	}

	err = -ENODEV;
	if (readl(vm_dev->base + VIRTIO_MMIO_MAGIC_VALUE) != VIRTIO_MMIO_MAGIC)
		goto out_unmap;
	vm_dev->version = readl(vm_dev->base + VIRTIO_MMIO_VERSION);
	if (vm_dev->version < 1 || vm_dev->version > 2)
		goto out_unmap;
	id = readl(vm_dev->base + VIRTIO_MMIO_DEVICE_ID);
	if (!id) {
		err = 0;
		goto out_unmap;
	}
	vm_dev->irq = irq_of_parse_and_map(slot->np, 0);
	if (!vm_dev->irq)
		goto out_unmap;

	spin_lock_init(&vm_dev->lock);
	vm_dev->vdev.id.device = id;
	vm_dev->vdev.id.vendor = readl(vm_dev->base + VIRTIO_MMIO_VENDOR_ID);
	vm_dev->vdev.config = &virtio_mmio_config_ops;
	vm_dev->vdev.name = slot->np->full_name;
	return register_virtio_device(&vm_dev->vdev);

out_unmap:
	iounmap(vm_dev->base);
out_free:
	kfree(vm_dev);
	return err;
}

static int __init compare_slots(const void *a, const void *b)
{
	resource_size_t x = ((const struct virtio_mmio_slot *)a)->res.start;
	resource_size_t y = ((const struct virtio_mmio_slot *)b)->res.start;

	return x < y ? -1 : x > y;
}

static int __init virtio_mmio_init(void)
{
	struct virtio_mmio_slot *slots;
	struct device_node *np;
	unsigned int i, n = 0;
	int err;

	for_each_compatible_node(np, NULL, "virtio,mmio")
		n++;
	slots = kcalloc(n, sizeof(*slots), GFP_KERNEL);
	if (!slots)
		return n ? -ENOMEM : 0;
	n = 0;
	for_each_compatible_node(np, NULL, "virtio,mmio") {
		slots[n].np = np;
		if (of_device_is_available(np) && !of_address_to_resource(np, 0, &slots[n].res))
			n++;
	}
	sort(slots, n, sizeof(*slots), compare_slots, NULL);
	for (i = 0; i < n; i++) {
		err = virtio_mmio_probe(&slots[i]);
		if (err)
			pr_err("%s: virtio device not usable: %d\n", slots[i].np->full_name, err);
	}
	kfree(slots);
	return 0;
}
device_initcall(virtio_mmio_init);
