// SPDX-License-Identifier: MIT
/*
 * From a node's "interrupts" to the kernel's interrupt numbers.
 *
 * How many cells an interrupt has and what they mean is up to the controller that the node's
 * interrupt-parent names: the GIC has three (kind, number, trigger).
 */
#include <linux/errno.h>
#include <linux/irqdomain.h>
#include <linux/of_irq.h>

/**
 * of_irq_find_parent - the interrupt controller of a node: its own or inherited interrupt-parent
 */
struct device_node *of_irq_find_parent(struct device_node *child)
{
	for (; child; child = child->parent)
		if (of_find_property(child, "interrupt-parent", NULL))
			return of_parse_phandle(child, "interrupt-parent", 0);
	return NULL;
}

/**
 * of_irq_parse_one - controller and cells of a device's @index-th interrupt
 *
 * -ENOENT when the device has fewer, -EINVAL when the tree makes no sense.
 */
int of_irq_parse_one(struct device_node *device, int index, struct of_phandle_args *out_irq)
{
	u32 cells, i;

	/* Each entry names its own controller; it stands above "interrupts" (spec. sec. 2.4.1). */
	if (of_find_property(device, "interrupts-extended", NULL))
		return of_parse_phandle_with_args(device, "interrupts-extended",
						  "#interrupt-cells", index, out_irq);

	if (!of_find_property(device, "interrupts", NULL))
		return -ENOENT;
	out_irq->np = of_irq_find_parent(device);
	if (!out_irq->np || of_property_read_u32(out_irq->np, "#interrupt-cells", &cells) ||
	    cells == 0 || cells > MAX_PHANDLE_ARGS)
		return -EINVAL;
	out_irq->args_count = cells;
	for (i = 0; i < cells; i++)
		if (of_property_read_u32_index(device, "interrupts", index * cells + i,
					       &out_irq->args[i]))
			return -ENOENT;
	return 0;
}

/**
 * irq_of_parse_and_map - the kernel's number for a device's @index-th interrupt, or 0
 *
 * For request_irq(). May sleep.
 */
unsigned int irq_of_parse_and_map(struct device_node *node, int index)
{
	struct of_phandle_args irq;

	if (of_irq_parse_one(node, index, &irq))
		return 0;
	return irq_create_of_mapping(&irq);
}
