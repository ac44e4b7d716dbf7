// SPDX-License-Identifier: MIT
/*
 * GICv3 (Arm IHI 0069): the distributor keeps the SPIs, each CPU has a redistributor for its SGIs
 * and PPIs, and takes and ends interrupts by system registers (<asm/arch_gicv3.h>).
 *
 * CPUs are named by their affinity (MPIDR_EL1) instead of a bit, so there may be more than eight.
 * Coming from EL2, head.S has given EL1 the system registers (ICC_SRE_EL2).
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
#include <linux/slab.h>
#include <linux/smp.h>
#include <asm/arch_gicv3.h>
#include <asm/processor.h>

#include "irq-gic-common.h"

/* GICD_CTLR (sec. 12.9.4); bits 0 and 1 trade places depending on the security state: set both */
#define GICD_CTLR_ENABLE_G1	(1U << 0)
#define GICD_CTLR_ENABLE_G1A	(1U << 1)
#define GICD_CTLR_ARE_NS	(1U << 4)
#define GICD_CTLR_RWP		(1U << 31)

/* Redistributor: frame RD_base (sec. 12.11), and 64 KiB behind it SGI_base */
#define GICR_CTLR		0x0000
#define GICR_TYPER		0x0008
#define GICR_WAKER		0x0014
#define GICR_SGI_BASE		0x10000

#define GICR_CTLR_RWP		(1U << 3)
#define GICR_TYPER_VLPIS	(1ULL << 1)	/* two more frames follow */
#define GICR_TYPER_LAST		(1ULL << 4)
#define GICR_WAKER_ProcessorSleep (1U << 1)
#define GICR_WAKER_ChildrenAsleep (1U << 2)

#define RWP_LIMIT		1000000		/* reads before the hardware is taken for dead */

struct redist_region {
	void __iomem	*base;
	resource_size_t	size;		/* bytes */
};

static struct gic_chip_data {
	void __iomem		*dist_base;
	struct irq_domain	*domain;
	unsigned int		gic_irqs;
	struct redist_region	*regions;
	u32			nr_regions;
} gic_data;

static DEFINE_PER_CPU(void __iomem *, gic_rdist);	/* its RD_base, NULL until it is up */
static DEFINE_PER_CPU(u64, gic_mpidr);			/* its affinity */

static inline bool gic_irq_in_rdist(struct irq_data *d)
{
	return d->hwirq < GIC_SPI_BASE;
}

static inline void __iomem *gic_rdist_sgi_base(void)
{
	return __this_cpu_read(gic_rdist) + GICR_SGI_BASE;
}

/* Disabling a line takes effect when Register Write Pending falls. */
static void gic_do_wait_for_rwp(void __iomem *ctlr, u32 bit)
{
	int count = RWP_LIMIT;

	while (readl_relaxed(ctlr) & bit) {
		if (!--count) {
			pr_err_once("GICv3: register write is pending for ever\n");
			return;
		}
		cpu_relax();
	}
}

static void gic_dist_wait_for_rwp(void)
{
	gic_do_wait_for_rwp(gic_data.dist_base + GICD_CTLR, GICD_CTLR_RWP);
}

static void gic_redist_wait_for_rwp(void)
{
	gic_do_wait_for_rwp(__this_cpu_read(gic_rdist) + GICR_CTLR, GICR_CTLR_RWP);
}

static void gic_poke_irq(struct irq_data *d, u32 offset)
{
	void __iomem *base = gic_irq_in_rdist(d) ? gic_rdist_sgi_base() : gic_data.dist_base;

	writel_relaxed(1U << d->hwirq % 32, base + offset + d->hwirq / 32 * 4);
}

static void gic_mask_irq(struct irq_data *d)
{
	gic_poke_irq(d, GICD_ICENABLER);
	if (gic_irq_in_rdist(d))
		gic_redist_wait_for_rwp();
	else
		gic_dist_wait_for_rwp();
}

static void gic_unmask_irq(struct irq_data *d)
{
	gic_poke_irq(d, GICD_ISENABLER);
}

static void gic_eoi_irq(struct irq_data *d)
{
	gic_write_eoir(d->hwirq);
}

static int gic_set_type(struct irq_data *d, unsigned int type)
{
	return gic_configure_irq(d->hwirq, type,
				 gic_irq_in_rdist(d) ? gic_rdist_sgi_base() : gic_data.dist_base);
}

/* GICD_IROUTER: Aff3 in bits 39-32, Aff2 to Aff0 below, as in MPIDR_EL1 without its flags. */
static void gic_route_spi(unsigned int hwirq, u64 mpidr)
{
	writeq_relaxed(mpidr, gic_data.dist_base + GICD_IROUTER + hwirq * 8);
}

static int gic_set_affinity(struct irq_data *d, const struct cpumask *mask_val, bool force)
{
	unsigned int cpu = cpumask_first(mask_val);

	if (gic_irq_in_rdist(d) || cpu >= nr_cpu_ids || !per_cpu(gic_rdist, cpu))
		return -EINVAL;
	gic_route_spi(d->hwirq, per_cpu(gic_mpidr, cpu));
	return 0;
}

/* One write a CPU: they need not share Aff3 to Aff1, and there are few. */
static void gic_ipi_send_mask(struct irq_data *d, const struct cpumask *mask)
{
	int cpu;

	dsb(ishst);
	for_each_cpu(cpu, mask) {
		u64 mpidr = per_cpu(gic_mpidr, cpu), aff0 = mpidr & 0xff;

		write_sysreg((mpidr >> 32 & 0xff) << ICC_SGI1R_AFFINITY_3_SHIFT |
			     (mpidr >> 16 & 0xff) << ICC_SGI1R_AFFINITY_2_SHIFT |
			     (mpidr >> 8 & 0xff) << ICC_SGI1R_AFFINITY_1_SHIFT |
			     (aff0 / 16) << ICC_SGI1R_RS_SHIFT | 1ULL << aff0 % 16 |
			     (u64)d->hwirq << ICC_SGI1R_SGI_ID_SHIFT, ICC_SGI1R_EL1);
	}
	isb();
}

static struct irq_chip gic_chip = {
	.name			= "GICv3",
	.irq_mask		= gic_mask_irq,
	.irq_unmask		= gic_unmask_irq,
	.irq_eoi		= gic_eoi_irq,
	.irq_set_type		= gic_set_type,
	.irq_set_affinity	= gic_set_affinity,
	.ipi_send_mask		= gic_ipi_send_mask,
};

/* The root handler: one interrupt a call, as in irq-gic.c. */
static void gic_handle_irq(struct pt_regs *regs)
{
	u32 irqnr = gic_read_iar();

	if (unlikely(irqnr >= GIC_MAX_IRQS))
		return;
	if (unlikely(generic_handle_domain_irq(gic_data.domain, irqnr))) {
		pr_warn_once("GICv3: interrupt %u, which nobody asked for\n", irqnr);
		gic_write_eoir(irqnr);
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

static u64 gic_this_mpidr(void)
{
	/* Aff3 and Aff2 to Aff0; the bits between are flags (Arm ARM D17.2.101). */
	return read_sysreg(mpidr_el1) & 0xff00ffffffUL;
}

static void __init gic_dist_init(void)
{
	void __iomem *base = gic_data.dist_base;
	unsigned int i;

	writel_relaxed(0, base + GICD_CTLR);
	gic_dist_wait_for_rwp();
	/* All lines in group 1, the one that comes as IRQ. */
	for (i = GIC_SPI_BASE; i < gic_data.gic_irqs; i += 32)
		writel_relaxed(~0U, base + GICD_IGROUPR + i / 8);
	gic_dist_config(base, gic_data.gic_irqs);
	gic_dist_wait_for_rwp();
	writel_relaxed(GICD_CTLR_ARE_NS | GICD_CTLR_ENABLE_G1A | GICD_CTLR_ENABLE_G1,
		       base + GICD_CTLR);
	gic_dist_wait_for_rwp();
	for (i = GIC_SPI_BASE; i < gic_data.gic_irqs; i++)
		gic_route_spi(i, gic_this_mpidr());
}

/* GICR_TYPER holds the affinity of the CPU that a redistributor belongs to, in another packing. */
static void __iomem *gic_find_rdist(u64 mpidr)
{
	u32 aff = (mpidr >> 32 & 0xff) << 24 | (mpidr & 0xffffff);
	unsigned int i;

	for (i = 0; i < gic_data.nr_regions; i++) {
		struct redist_region *region = &gic_data.regions[i];
		resource_size_t off = 0, frame;
		u64 typer;

		for (; off + 2 * GICR_SGI_BASE <= region->size; off += frame) {
			typer = readq_relaxed(region->base + off + GICR_TYPER);
			if (typer >> 32 == aff)
				return region->base + off;
			if (typer & GICR_TYPER_LAST)
				break;
			frame = (typer & GICR_TYPER_VLPIS ? 4 : 2) * GICR_SGI_BASE;
		}
	}
	return NULL;
}

static void gic_wake_rdist(void __iomem *rdist)
{
	u32 waker = readl_relaxed(rdist + GICR_WAKER);

	writel_relaxed(waker & ~GICR_WAKER_ProcessorSleep, rdist + GICR_WAKER);
	gic_do_wait_for_rwp(rdist + GICR_WAKER, GICR_WAKER_ChildrenAsleep);
}

static void gic_cpu_sys_reg_init(void)
{
	write_sysreg(read_sysreg(ICC_SRE_EL1) | ICC_SRE_EL1_SRE, ICC_SRE_EL1);
	isb();
	if (!(read_sysreg(ICC_SRE_EL1) & ICC_SRE_EL1_SRE))
		panic("GICv3: the firmware keeps its system registers from EL1");
	write_sysreg(GIC_PRI_MASK_ALL, ICC_PMR_EL1);
	write_sysreg(0, ICC_BPR1_EL1);
	write_sysreg(0, ICC_CTLR_EL1);		/* EOImode 0 */
	isb();
	write_sysreg(1, ICC_IGRPEN1_EL1);
	isb();
}

/* On each CPU, interrupts masked: its redistributor and its CPU interface. */
static void gic_starting_cpu(void)
{
	u64 mpidr = gic_this_mpidr();
	void __iomem *rdist = gic_find_rdist(mpidr);

	if (!rdist)
		panic("GICv3: CPU %u (MPIDR %#llx) has no redistributor", smp_processor_id(),
		      mpidr);
	__this_cpu_write(gic_rdist, rdist);
	__this_cpu_write(gic_mpidr, mpidr);

	gic_wake_rdist(rdist);
	writel_relaxed(~0U, rdist + GICR_SGI_BASE + GICD_IGROUPR);
	gic_cpu_config(rdist + GICR_SGI_BASE);
	gic_redist_wait_for_rwp();
	gic_cpu_sys_reg_init();
}

static void gic_unmap_regions(void)
{
	while (gic_data.nr_regions--)
		if (gic_data.regions[gic_data.nr_regions].base)
			iounmap(gic_data.regions[gic_data.nr_regions].base);
	kfree(gic_data.regions);
}

/* The node's reg: the distributor, then the regions with redistributors. */
static int __init gic_map_regions(struct device_node *node)
{
	struct resource res;
	u32 n = 1, i;

	of_property_read_u32(node, "#redistributor-regions", &n);
	gic_data.regions = kcalloc(n, sizeof(*gic_data.regions), GFP_KERNEL);
	if (!gic_data.regions)
		return -ENOMEM;
	gic_data.nr_regions = n;
	for (i = 0; i < n; i++) {
		if (of_address_to_resource(node, i + 1, &res))
			goto out_unmap;
		gic_data.regions[i].size = resource_size(&res);
		gic_data.regions[i].base = ioremap(res.start, resource_size(&res));
		if (!gic_data.regions[i].base)
			goto out_unmap;
	}
	return 0;

out_unmap:
	gic_unmap_regions();
	return -ENXIO;
}

static int __init gic_of_init(struct device_node *node, struct device_node *parent)
{
	int ret;

	if (gic_data.domain)
		return -EBUSY;
	gic_data.dist_base = of_iomap(node, 0);
	if (!gic_data.dist_base)
		return -ENXIO;
	ret = gic_map_regions(node);
	if (ret)
		goto out_unmap_dist;
	gic_data.gic_irqs = gic_lines(gic_data.dist_base);
	gic_data.domain = irq_domain_add_linear(node, gic_data.gic_irqs, &gic_irq_domain_ops, NULL);
	if (!gic_data.domain) {
		ret = -ENOMEM;
		goto out_unmap_regions;
	}

	gic_dist_init();
	gic_starting_cpu();
	irqchip_set_starting_cpu(gic_starting_cpu);
	gic_smp_init(gic_data.domain);
	pr_info("GICv3: %u interrupt lines\n", gic_data.gic_irqs);
	return set_handle_irq(gic_handle_irq);

out_unmap_regions:
	gic_unmap_regions();
out_unmap_dist:
	iounmap(gic_data.dist_base);
	return ret;
}

IRQCHIP_DECLARE(gic_v3, "arm,gic-v3", gic_of_init);
