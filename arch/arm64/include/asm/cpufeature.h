/* SPDX-License-Identifier: MIT */
/* What the CPU can do beyond the least, where C has to know. */
#ifndef _ASM_CPUFEATURE_H
#define _ASM_CPUFEATURE_H

#include <linux/types.h>
#include <asm/sysreg.h>

/*
 * FEAT_HAFDBS: the MMU sets the access flag of an entry that it uses. __cpu_setup (head.S) turns it on where
 * ID_AA64MMFR1_EL1 says that it is there; without it the first use is an access-flag fault.
 */
static inline bool cpu_has_hw_af(void)
{
	return read_sysreg(tcr_el1) & TCR_HA;
}

#endif
