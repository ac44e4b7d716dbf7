/* SPDX-License-Identifier: MIT */
#ifndef _ASM_ELF_H
#define _ASM_ELF_H

#define ELF_PLATFORM	"aarch64"

/* FP and ASIMD: every CPU here has them. CPUID (bit 11) stays clear: reading ID registers at EL0 is
 * not emulated. */
#define HWCAP_FP	(1 << 0)
#define HWCAP_ASIMD	(1 << 1)
#define ELF_HWCAP	(HWCAP_FP | HWCAP_ASIMD)

#endif
