/* SPDX-License-Identifier: MIT */
/* ESR_EL1: why the exception was taken (Arm ARM D17.2.37). */
#ifndef _ASM_ESR_H
#define _ASM_ESR_H

#define ESR_ELx_EC_UNKNOWN	0x00
#define ESR_ELx_EC_WFx		0x01
#define ESR_ELx_EC_FP_ASIMD	0x07
#define ESR_ELx_EC_PAC		0x09
#define ESR_ELx_EC_BTI		0x0d
#define ESR_ELx_EC_ILL		0x0e
#define ESR_ELx_EC_SVC32	0x11
#define ESR_ELx_EC_SVC64	0x15
#define ESR_ELx_EC_SYS64	0x18
#define ESR_ELx_EC_SVE		0x19
#define ESR_ELx_EC_FPAC		0x1c
#define ESR_ELx_EC_SME		0x1d
#define ESR_ELx_EC_IABT_LOW	0x20
#define ESR_ELx_EC_IABT_CUR	0x21
#define ESR_ELx_EC_PC_ALIGN	0x22
#define ESR_ELx_EC_DABT_LOW	0x24
#define ESR_ELx_EC_DABT_CUR	0x25
#define ESR_ELx_EC_SP_ALIGN	0x26
#define ESR_ELx_EC_FP_EXC64	0x2c
#define ESR_ELx_EC_SERROR	0x2f
#define ESR_ELx_EC_BREAKPT_LOW	0x30
#define ESR_ELx_EC_BREAKPT_CUR	0x31
#define ESR_ELx_EC_SOFTSTP_LOW	0x32
#define ESR_ELx_EC_SOFTSTP_CUR	0x33
#define ESR_ELx_EC_WATCHPT_LOW	0x34
#define ESR_ELx_EC_WATCHPT_CUR	0x35
#define ESR_ELx_EC_BRK64	0x3c

#define ESR_ELx_EC_SHIFT	26
#define ESR_ELx_EC(esr)		(((esr) >> ESR_ELx_EC_SHIFT) & 0x3f)
#define ESR_ELx_IL		(1 << 25)
#define ESR_ELx_ISS_MASK	0x01ffffff
#define ESR_ELx_BRK64_ISS_COMMENT_MASK 0xffff

/* ISS of aborts (D17.2.37, "ISS encoding for an exception from a Data Abort") */
#define ESR_ELx_FSC		0x3f	/* fault status code */
#define ESR_ELx_FSC_TYPE	0x3c	/* ... without the level */
#define ESR_ELx_FSC_LEVEL	0x03
#define ESR_ELx_FSC_EXTABT	0x10
#define ESR_ELx_FSC_FAULT	0x04
#define ESR_ELx_FSC_ACCESS	0x08
#define ESR_ELx_FSC_PERM	0x0c
#define ESR_ELx_WNR		(1 << 6)	/* a write */
#define ESR_ELx_S1PTW		(1 << 7)
#define ESR_ELx_CM		(1 << 8)	/* cache maintenance: reported as a write */
#define ESR_ELx_FnV		(1 << 10)	/* FAR is not valid */

#endif
