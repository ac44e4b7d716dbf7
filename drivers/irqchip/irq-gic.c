// SPDX-License-Identifier: MIT
/*
 * GICv2 (Arm IHI 0048B): one distributor for all lines, and for each CPU a CPU interface at the
 * same address, banked by who reads.
 *
 * Life of an interrupt: the distributor makes it pending and offers it to the CPUs in its
 * ITARGETSR; the CPU takes it by reading GICC_IAR, which makes it active; writing the same value to
 * GICC_EOIR ends it. There is no lock here: the registers that are written at run time set or clear
 * single bits or bytes.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/irqchip.h>
#include <linux/irqdesc.h>
#include <linux/of_address.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/smp.h>

#include "irq-gic-common.h"

/* CPU interface (sec. 4.4) */
#define GIC_CPU_CTRL		0x00
#define GIC_CPU_PRIMASK		0x04
#define GIC_CPU_INTACK		0x0c
#define GIC_CPU_EOI		0x10

#define GICC_ENABLE		0x1
#define GICC_IAR_INT_ID_MASK	0x3ff
#define GICD_ENABLE		0x1

struct gic_chip_data {
	void __iomem		*dist_base;
	void __iomem		*cpu_base;
	struct irq_domain	*domain;
	unsigned int		gic_irqs;
	/* Which bit the distributor knows each CPU by; written by that CPU as it comes up. */
	u8			cpu_map[NR_CPUS];
};

static struct gic_chip_data gic_data;

static DEFINE_PER_CPU(u32, sgi_intid);		/* how the SGI that is being handled was acknowledged */

static void gic_poke_irq(struct irq_data *d, u32 offset)
{
	writel_relaxed(1U << d->hwirq % 32, gic_data.dist_base + offset + d->hwirq / 32 * 4);
}

static void gic_mask_irq(struct irq_data *d)
{
	gic_poke_irq(d, GICD_ICENABLER);
}

static void gic_unmask_irq(struct irq_data *d)
{
	gic_poke_irq(d, GICD_ISENABLER);
}

/* For an SGI the value that acknowledged it also names the sender, and EOI wants it back. */
static void gic_eoi_irq(struct irq_data *d)
{
	u32 hwirq = d->hwirq;

	if (hwirq < GIC_PPI_BASE)
		hwirq = __this_cpu_read(sgi_intid);
	writel(hwirq, gic_data.cpu_base + GIC_CPU_EOI);
}

static int gic_set_type(struct irq_data *d, unsigned int type)
{
	return gic_configure_irq(d->hwirq, type, gic_data.dist_base);
}

static int gic_set_affinity(struct irq_data *d, const struct cpumask *mask_val, bool force)
{
	unsigned int cpu = cpumask_first(mask_val);

	if (d->hwirq < GIC_SPI_BASE || cpu >= nr_cpu_ids || !gic_data.cpu_map[cpu])
		return -EINVAL;
	writeb_relaxed(gic_data.cpu_map[cpu], gic_data.dist_base + GICD_ITARGETSR + d->hwirq);
	return 0;
}

/* GICD_SGIR (sec. 4.3.15): CPUs in bits 23-16, the SGI in bits 3-0. */
static void gic_ipi_send_mask(struct irq_data *d, const struct cpumask *mask)
{
	u32 map = 0;
	int cpu;

	for_each_cpu(cpu, mask)
		map |= gic_data.cpu_map[cpu];
	dmb(ishst);
	writel_relaxed(map << 16 | d->hwirq, gic_data.dist_base + GICD_SGIR);
}

static struct irq_chip gic_chip = {
	.name			= "GICv2",
	.irq_mask		= gic_mask_irq,
	.irq_unmask		= gic_unmask_irq,
	.irq_eoi		= gic_eoi_irq,
	.irq_set_type		= gic_set_type,
	.irq_set_affinity	= gic_set_affinity,
	.ipi_send_mask		= gic_ipi_send_mask,
};

/*
 * The root handler. One interrupt a call: if another is pending, the IRQ exception is taken again
 * as soon as this one returns.
 */
static void gic_handle_irq(struct pt_regs *regs)
{
	u32 irqstat = readl_relaxed(gic_data.cpu_base + GIC_CPU_INTACK);
	u32 irqnr = irqstat & GICC_IAR_INT_ID_MASK;

	if (unlikely(irqnr >= GIC_MAX_IRQS))
		return;
	isb();
	if (irqnr < GIC_PPI_BASE) {
		__this_cpu_write(sgi_intid, irqstat);
		smp_rmb();	/* what the sender wrote before, see gic_ipi_send_mask() */
	}
	if (unlikely(generic_handle_domain_irq(gic_data.domain, irqnr))) {
		pr_warn_once("GICv2: interrupt %u, which nobody asked for\n", irqnr);
		writel(irqstat, gic_data.cpu_base + GIC_CPU_EOI);
	}
}

static int gic_irq_domain_map(struct irq_domain *d, unsigned int irq, irq_hw_number_t hw)
{
	return gic_irq_domain_map_chip(d, irq, hw, &gic_chip);
}

static const struct irq_domain_ops gic_irq_domain_ops = {
	.map	= gic_irq_domain_map,
	.xlate	= gic_irq_domain_xlate,
};

/* ITARGETSR0 to 7 are read-only and read as the bit of the CPU that asks (sec. 4.3.12). */
static u8 gic_get_cpumask(struct gic_chip_data *gic)
{
	u32 mask = readl_relaxed(gic->dist_base + GICD_ITARGETSR);

	mask |= mask >> 16;
	mask |= mask >> 8;
	/* With one CPU the registers may be left out altogether and read as 0. */
	return (u8)mask ?: 1;
}

static void gic_dist_init(struct gic_chip_data *gic)
{
	u32 cpumask = gic_get_cpumask(gic) * 0x01010101U;
	unsigned int i;

	writel_relaxed(0, gic->dist_base + GICD_CTLR);
	for (i = GIC_SPI_BASE; i < gic->gic_irqs; i += 4)
		writel_relaxed(cpumask, gic->dist_base + GICD_ITARGETSR + i);
	gic_dist_config(gic->dist_base, gic->gic_irqs);
	writel_relaxed(GICD_ENABLE, gic->dist_base + GICD_CTLR);
}

/* On each CPU, interrupts masked: its own lines and its CPU interface. */
static void gic_starting_cpu(void)
{
	gic_data.cpu_map[smp_processor_id()] = gic_get_cpumask(&gic_data);
	gic_cpu_config(gic_data.dist_base);
	writel_relaxed(GIC_PRI_MASK_ALL, gic_data.cpu_base + GIC_CPU_PRIMASK);
	writel_relaxed(GICC_ENABLE, gic_data.cpu_base + GIC_CPU_CTRL);
}

static int __init gic_of_init(struct device_node *node, struct device_node *parent)
{
	struct gic_chip_data *gic = &gic_data;

	if (gic->domain)
		return -EBUSY;
	gic->dist_base = of_iomap(node, 0);
	gic->cpu_base = of_iomap(node, 1);
	if (!gic->dist_base || !gic->cpu_base)
		goto out_unmap;
	gic->gic_irqs = gic_lines(gic->dist_base);
	gic->domain = irq_domain_add_linear(node, gic->gic_irqs, &gic_irq_domain_ops, gic);
	if (!gic->domain)
		goto out_unmap;

	gic_dist_init(gic);
	gic_starting_cpu();
	irqchip_set_starting_cpu(gic_starting_cpu);
	gic_smp_init(gic->domain);
	pr_info("GICv2: %u interrupt lines\n", gic->gic_irqs);
	return set_handle_irq(gic_handle_irq);

out_unmap:
	if (gic->dist_base)
		iounmap(gic->dist_base);
	if (gic->cpu_base)
		iounmap(gic->cpu_base);
	return -ENOMEM;
}

IRQCHIP_DECLARE(gic_400, "arm,gic-400", gic_of_init);
IRQCHIP_DECLARE(cortex_a15_gic, "arm,cortex-a15-gic", gic_of_init);
