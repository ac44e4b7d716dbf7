// SPDX-License-Identifier: MIT
/* Parts of the GIC drivers that are the same in versions 2 and 3. */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <asm/smp.h>

#include "irq-gic-common.h"

/* Two bits a line share a register with 15 other lines: guards read-modify-write. */
static DEFINE_RAW_SPINLOCK(irq_controller_lock);

/* The lines that the distributor says it has, at most what the architecture allows. */
unsigned int gic_lines(void __iomem *dist_base)
{
	unsigned int lines = GICD_TYPER_LINES(readl_relaxed(dist_base + GICD_TYPER));

	return lines < GIC_MAX_IRQS ? lines : GIC_MAX_IRQS;
}

/**
 * gic_configure_irq - make a line edge or level triggered
 * @irq: its number within @base
 * @base: the distributor, or a redistributor's SGI frame
 *
 * -EINVAL for falling edges and low levels, which the GIC cannot see, and when the line is wired
 * to be what it is.
 */
int gic_configure_irq(unsigned int irq, unsigned int type, void __iomem *base)
{
	void __iomem *cfg = base + GICD_ICFGR + irq / 16 * 4;
	u32 edge = 2U << irq % 16 * 2, old, val;
	unsigned long flags;
	int ret = 0;

	if (type != IRQ_TYPE_EDGE_RISING && type != IRQ_TYPE_LEVEL_HIGH)
		return -EINVAL;

	raw_spin_lock_irqsave(&irq_controller_lock, flags);
	old = readl_relaxed(cfg);
	val = type == IRQ_TYPE_EDGE_RISING ? old | edge : old & ~edge;
	if (val != old) {
		writel_relaxed(val, cfg);
		if (readl_relaxed(cfg) != val)
			ret = -EINVAL;
	}
	raw_spin_unlock_irqrestore(&irq_controller_lock, flags);
	return ret;
}

/* All SPIs: level triggered, one priority, off and not active from before. */
void gic_dist_config(void __iomem *base, unsigned int gic_irqs)
{
	unsigned int i;

	for (i = GIC_SPI_BASE; i < gic_irqs; i += 16)
		writel_relaxed(0, base + GICD_ICFGR + i / 4);
	for (i = GIC_SPI_BASE; i < gic_irqs; i += 4)
		writel_relaxed(GICD_INT_DEF_PRI_X4, base + GICD_IPRIORITYR + i);
	for (i = GIC_SPI_BASE; i < gic_irqs; i += 32) {
		writel_relaxed(~0U, base + GICD_ICENABLER + i / 8);
		writel_relaxed(~0U, base + GICD_ICACTIVER + i / 8);
	}
}

/* The same for this CPU's own lines; SGIs are on from the start, PPIs when somebody asks. */
void gic_cpu_config(void __iomem *base)
{
	unsigned int i;

	writel_relaxed(~0U, base + GICD_ICACTIVER);
	writel_relaxed(0xffff0000, base + GICD_ICENABLER);
	writel_relaxed(0x0000ffff, base + GICD_ISENABLER);
	for (i = 0; i < GIC_SPI_BASE; i += 4)
		writel_relaxed(GICD_INT_DEF_PRI_X4, base + GICD_IPRIORITYR + i);
}

/* Device tree binding "arm,gic": <0 SPI | 1 PPI>, number within that kind, trigger. */
int gic_irq_domain_xlate(struct irq_domain *d, struct device_node *node, const u32 *intspec,
			 unsigned int intsize, unsigned long *out_hwirq, unsigned int *out_type)
{
	if (intsize < 3)
		return -EINVAL;
	switch (intspec[0]) {
	case 0:
		*out_hwirq = intspec[1] + GIC_SPI_BASE;
		break;
	case 1:
		if (intspec[1] >= GIC_SPI_BASE - GIC_PPI_BASE)
			return -EINVAL;
		*out_hwirq = intspec[1] + GIC_PPI_BASE;
		break;
	default:
		return -EINVAL;
	}
	*out_type = intspec[2] & IRQ_TYPE_SENSE_MASK;
	return 0;
}

int gic_irq_domain_map_chip(struct irq_domain *d, unsigned int irq, irq_hw_number_t hw,
			    struct irq_chip *chip)
{
	if (hw < GIC_SPI_BASE) {
		irq_set_percpu_devid(irq);
		irq_domain_set_info(d, irq, hw, chip, d->host_data, handle_percpu_devid_irq);
	} else {
		irq_domain_set_info(d, irq, hw, chip, d->host_data, handle_fasteoi_irq);
	}
	return 0;
}

/* Give the SGIs numbers, one after the other, and to the architecture as its IPIs. */
void __init gic_smp_init(struct irq_domain *domain)
{
	unsigned int base = irq_create_mapping(domain, 0), i;

	for (i = 1; i < GIC_NR_IPI; i++)
		if (!base || irq_create_mapping(domain, i) != base + i)
			panic("GIC: no numbers for the interrupts between CPUs");
	set_smp_ipi_range(base, GIC_NR_IPI);
}
