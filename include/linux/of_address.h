/* SPDX-License-Identifier: MIT */
/* Where a device's registers are. */
#ifndef _LINUX_OF_ADDRESS_H
#define _LINUX_OF_ADDRESS_H

#include <linux/ioport.h>
#include <linux/of.h>

int of_address_to_resource(struct device_node *dev, int index, struct resource *r);
void __iomem *of_iomap(struct device_node *node, int index);

#endif
