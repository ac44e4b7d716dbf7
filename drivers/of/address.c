// SPDX-License-Identifier: MIT
/*
 * From a node's "reg" to physical addresses: each bus on the way up may shift them ("ranges").
 */
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/of_address.h>

#define OF_BAD_ADDR	((u64)-1)
#define MAX_CELLS	2	/* 64 bits. PCI's three-cell addresses are no CPU addresses. */

static bool cells_ok(int na, int ns)
{
	return na >= 1 && na <= MAX_CELLS && ns >= 1 && ns <= MAX_CELLS;
}

/*
 * Translates an address on the bus @bus (numbers of its children) into one on the bus above.
 * "ranges" lists (child address, parent address, size); an empty one means that nothing changes,
 * none at all that the children cannot be reached from above.
 */
static u64 of_translate_one(struct device_node *bus, u64 addr, int na, int ns)
{
	int pna = of_n_addr_cells(bus), len;
	const u8 *ranges = of_get_property(bus, "ranges", &len);
	int entry = (na + pna + ns) * 4;
	u64 base, size;

	if (!ranges)
		return OF_BAD_ADDR;
	if (len == 0)
		return addr;
	if (!cells_ok(pna, 1))
		return OF_BAD_ADDR;
	for (; len >= entry; ranges += entry, len -= entry) {
		base = of_read_number(ranges, na);
		size = of_read_number(ranges + (na + pna) * 4, ns);
		if (addr >= base && addr - base < size)
			return of_read_number(ranges + na * 4, pna) + (addr - base);
	}
	return OF_BAD_ADDR;
}

/**
 * of_address_to_resource - the physical addresses of a device's @index-th block of registers
 *
 * -EINVAL when it has no such block, or not one that the CPU can reach.
 */
int of_address_to_resource(struct device_node *dev, int index, struct resource *r)
{
	int na = of_n_addr_cells(dev), ns = of_n_size_cells(dev), len;
	const u8 *reg = of_get_property(dev, "reg", &len);
	struct device_node *bus;
	u64 addr, size;

	if (!reg || !cells_ok(na, ns) || index < 0 || len / ((na + ns) * 4) <= index)
		return -EINVAL;
	reg += index * (na + ns) * 4;
	addr = of_read_number(reg, na);
	size = of_read_number(reg + na * 4, ns);

	for (bus = dev->parent; bus && bus->parent; bus = bus->parent) {
		addr = of_translate_one(bus, addr, na, ns);
		na = of_n_addr_cells(bus);
		ns = of_n_size_cells(bus);
		if (addr == OF_BAD_ADDR || !cells_ok(na, ns))
			return -EINVAL;
	}
	if (!size || addr + size - 1 < addr)
		return -EINVAL;
	r->start = addr;
	r->end = addr + size - 1;
	r->name = dev->full_name;
	r->flags = IORESOURCE_MEM;
	return 0;
}

/**
 * of_iomap - map a device's @index-th block of registers
 *
 * Returns NULL when there is none or no memory for the mapping. Undone by iounmap().
 */
void __iomem *of_iomap(struct device_node *node, int index)
{
	struct resource res;

	if (of_address_to_resource(node, index, &res))
		return NULL;
	return ioremap(res.start, resource_size(&res));
}
