/* SPDX-License-Identifier: MIT */
/* Which interrupt lines a device has. */
#ifndef _LINUX_OF_IRQ_H
#define _LINUX_OF_IRQ_H

#include <linux/of.h>

int of_irq_parse_one(struct device_node *device, int index, struct of_phandle_args *out_irq);
unsigned int irq_of_parse_and_map(struct device_node *node, int index);
struct device_node *of_irq_find_parent(struct device_node *child);

#endif
