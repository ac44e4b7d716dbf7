/* SPDX-License-Identifier: MIT */
/* System registers: access, and the names of their fields (Arm ARM D17). */
#ifndef _ASM_SYSREG_H
#define _ASM_SYSREG_H

/* SCTLR_EL1 (D17.2.118) */
#define SCTLR_EL1_M	(1 << 0)	/* MMU */
#define SCTLR_EL1_A	(1 << 1)	/* alignment checking */
#define SCTLR_EL1_C	(1 << 2)	/* data cache */
#define SCTLR_EL1_SA	(1 << 3)	/* SP alignment at EL1 */
#define SCTLR_EL1_SA0	(1 << 4)	/* SP alignment at EL0 */
#define SCTLR_EL1_nAA	(1 << 6)
#define SCTLR_EL1_I	(1 << 12)	/* instruction cache */
#define SCTLR_EL1_DZE	(1 << 14)	/* DC ZVA at EL0 */
#define SCTLR_EL1_UCT	(1 << 15)	/* CTR_EL0 at EL0 */
#define SCTLR_EL1_nTWI	(1 << 16)	/* WFI at EL0 not trapped */
#define SCTLR_EL1_nTWE	(1 << 18)	/* WFE at EL0 not trapped */
#define SCTLR_EL1_SPAN	(1 << 23)	/* PAN left alone on exceptions */
#define SCTLR_EL1_UCI	(1 << 26)	/* cache maintenance at EL0 */
#define SCTLR_EL1_RES1	((1 << 11) | (1 << 20) | (1 << 22) | (1 << 28) | (1 << 29))
/* nTWI stays clear: a program's WFI is trapped and skipped. SPAN clear: PAN is set on entry. */
#define INIT_SCTLR_EL1_MMU_ON \
	(SCTLR_EL1_M | SCTLR_EL1_C | SCTLR_EL1_SA | SCTLR_EL1_SA0 | SCTLR_EL1_I | SCTLR_EL1_DZE | \
	 SCTLR_EL1_UCT | SCTLR_EL1_nTWE | SCTLR_EL1_UCI | SCTLR_EL1_RES1)
#define INIT_SCTLR_EL1_MMU_OFF	(SCTLR_EL1_RES1 | SCTLR_EL1_SPAN)

/* TCR_EL1 (D17.2.131) */
#define TCR_T0SZ(x)	((64 - (x)) << 0)
#define TCR_IRGN0_WBWA	(1 << 8)
#define TCR_ORGN0_WBWA	(1 << 10)
#define TCR_SH0_INNER	(3 << 12)
#define TCR_TG0_4K	(0 << 14)
#define TCR_T1SZ(x)	((64 - (x)) << 16)
#define TCR_A1		(1 << 22)
#define TCR_IRGN1_WBWA	(1 << 24)
#define TCR_ORGN1_WBWA	(1 << 26)
#define TCR_SH1_INNER	(3 << 28)
#define TCR_TG1_4K	(2 << 30)
#define TCR_IPS_SHIFT	32
#define TCR_AS		(1 << 36)	/* 16-bit ASIDs */
#define TCR_HA		(_AC(1, UL) << 39)	/* hardware sets the access flag */

#define TTBR_ASID_SHIFT	48

/* HCR_EL2, CNTHCTL_EL2, ICC_SRE_EL2: what head.S sets on the way down from EL2 */
#define HCR_RW		(1 << 31)
#define CNTHCTL_EL1PCTEN (1 << 0)
#define CNTHCTL_EL1PCEN	(1 << 1)
#define ICC_SRE_SRE	(1 << 0)
#define ICC_SRE_ENABLE	(1 << 3)

#define CurrentEL_EL1	(1 << 2)
#define CurrentEL_EL2	(2 << 2)

/* CPACR_EL1.FPEN: floating point at EL0 and EL1 not trapped */
#define CPACR_EL1_FPEN	(3 << 20)

/* CNTKCTL_EL1: the virtual counter may be read at EL0 */
#define CNTKCTL_EL0VCTEN (1 << 1)

#ifndef __ASSEMBLY__

#include <linux/types.h>
#include <linux/stringify.h>

#define read_sysreg(r) ({					\
	u64 __val;						\
	asm volatile("mrs %0, " __stringify(r) : "=r"(__val));	\
	__val;							\
})

#define write_sysreg(v, r) do {						\
	u64 __val = (u64)(v);						\
	asm volatile("msr " __stringify(r) ", %x0" :: "rZ"(__val));	\
} while (0)

/* For registers that the assembler has no name for: "S3_0_C12_C12_5" and the like. */
#define read_sysreg_s(r)	read_sysreg(r)
#define write_sysreg_s(v, r)	write_sysreg(v, r)

#endif
#endif
