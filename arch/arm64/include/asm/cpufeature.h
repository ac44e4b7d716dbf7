/* SPDX-License-Identifier: MIT */
/* What the CPU can do beyond the least, where C has to know. */
#ifndef _ASM_CPUFEATURE_H
#define _ASM_CPUFEATURE_H

#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/sysreg.h>
#include <asm/tlbflush.h>

/*
 * FEAT_HAFDBS: the MMU sets the access flag of an entry that it uses. __cpu_setup (head.S) turns it on where
 * ID_AA64MMFR1_EL1 says that it is there; without it the first use is an access-flag fault.
 */
static inline bool cpu_has_hw_af(void)
{
	return read_sysreg(tcr_el1) & TCR_HA;
}

/* From now on this CPU faults as one without. What TCR_EL1 says may be cached in the TLB. */
static inline void cpu_disable_hw_af(void)
{
	write_sysreg(read_sysreg(tcr_el1) & ~(u64)TCR_HA, tcr_el1);
	isb();
	local_flush_tlb_all();
}

#endif
