/* SPDX-License-Identifier: MIT */
/*
 * What GICv2 and GICv3 have in common: the numbering of interrupts, the distributor's registers.
 *
 * INTIDs (IHI 0048B sec. 2.2.1, IHI 0069 sec. 2.2): 0-15 SGIs, sent by software from CPU to CPU;
 * 16-31 PPIs, each CPU has its own; 32-1019 SPIs, the devices'; 1020-1023 "none after all".
 */
#ifndef _IRQ_GIC_COMMON_H
#define _IRQ_GIC_COMMON_H

#include <linux/irqdomain.h>
#include <linux/types.h>

#define GIC_NR_IPI		8	/* SGIs that are ours: the secure world has the others */
#define GIC_PPI_BASE		16
#define GIC_SPI_BASE		32
#define GIC_MAX_IRQS		1020

/* Distributor (bytes from its base); a bit, a byte or two bits for each INTID. */
#define GICD_CTLR		0x0000
#define GICD_TYPER		0x0004
#define GICD_IGROUPR		0x0080
#define GICD_ISENABLER		0x0100
#define GICD_ICENABLER		0x0180
#define GICD_ICACTIVER		0x0380
#define GICD_IPRIORITYR		0x0400
#define GICD_ITARGETSR		0x0800	/* GICv2 */
#define GICD_ICFGR		0x0c00
#define GICD_SGIR		0x0f00	/* GICv2 */
#define GICD_IROUTER		0x6000	/* GICv3 */

#define GICD_TYPER_LINES(typer)	(((typer) & 0x1f) * 32 + 32)

/* One priority for all; the CPU interface lets through what is more urgent (less) than its mask. */
#define GICD_INT_DEF_PRI	0xa0
#define GICD_INT_DEF_PRI_X4	0xa0a0a0a0
#define GIC_PRI_MASK_ALL	0xf0

unsigned int gic_lines(void __iomem *dist_base);
void gic_dist_config(void __iomem *base, unsigned int gic_irqs);
void gic_cpu_config(void __iomem *base);
int gic_configure_irq(unsigned int irq, unsigned int type, void __iomem *base);
int gic_irq_domain_xlate(struct irq_domain *d, struct device_node *node, const u32 *intspec,
			 unsigned int intsize, unsigned long *out_hwirq, unsigned int *out_type);
void gic_smp_init(struct irq_domain *domain);
int gic_irq_domain_map_chip(struct irq_domain *d, unsigned int irq, irq_hw_number_t hw,
			    struct irq_chip *chip);

#endif
