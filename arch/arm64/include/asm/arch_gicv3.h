/* SPDX-License-Identifier: MIT */
/* GICv3's CPU interface: system registers (GIC architecture, IHI 0069, sec. 12.2). */
#ifndef _ASM_ARCH_GICV3_H
#define _ASM_ARCH_GICV3_H

#include <asm/barrier.h>
#include <asm/sysreg.h>

#define ICC_PMR_EL1		S3_0_C4_C6_0
#define ICC_IAR1_EL1		S3_0_C12_C12_0
#define ICC_EOIR1_EL1		S3_0_C12_C12_1
#define ICC_SGI1R_EL1		S3_0_C12_C11_5
#define ICC_BPR1_EL1		S3_0_C12_C12_3
#define ICC_CTLR_EL1		S3_0_C12_C12_4
#define ICC_SRE_EL1		S3_0_C12_C12_5
#define ICC_IGRPEN1_EL1		S3_0_C12_C12_7

#define ICC_SRE_EL1_SRE		(1U << 0)	/* these registers, not memory-mapped ones */
/* ICC_SGI1R_EL1: up to 16 CPUs that differ in Aff0 alone, the SGI's number (sec. 12.2.21) */
#define ICC_SGI1R_AFFINITY_1_SHIFT	16
#define ICC_SGI1R_SGI_ID_SHIFT		24
#define ICC_SGI1R_AFFINITY_2_SHIFT	32
#define ICC_SGI1R_AFFINITY_3_SHIFT	48
#define ICC_SGI1R_RS_SHIFT		44

#define ICC_CTLR_EL1_EOImode	(1U << 1)	/* clear: EOIR1 also deactivates */

static inline u32 gic_read_iar(void)
{
	u32 intid = read_sysreg(ICC_IAR1_EL1);

	/* The acknowledge is done before the handler asks the device (IHI 0069 sec. 4.1). */
	dsb(sy);
	return intid;
}

static inline void gic_write_eoir(u32 intid)
{
	/* What the handler told its device is there before the line may fire again. */
	dsb(sy);
	write_sysreg(intid, ICC_EOIR1_EL1);
	isb();
}

#endif
