/* SPDX-License-Identifier: MIT */
/*
 * What stands before the kernel when scripts/bench measures a boot: an arm64 Image of its own that
 * sets a counter of the PMU to count the instructions executed, lets programs read it, and goes on
 * to the kernel's Image, KERNEL_AT bytes further.
 *
 * Time alone does not tell: while the CPU sleeps for the disk, QEMU's -icount lets the clock jump
 * to the next timer interrupt. Entered as an Image is: x0 is the device tree's address and stays.
 */
#define INST_RETIRED	0x08		/* Arm ARM D13.12: the architected event */
#define PMCR_E		1		/* counters on */
#define PMCR_P		2		/* and at zero */
#define PMUSERENR_EN	1		/* EL0 may read them */

head:	b	1f
	nop
	.quad	0			// text_offset
	.quad	IMAGE_SIZE		// with the kernel's
	.quad	0xa			// little-endian, 4 KiB pages, anywhere in RAM
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

1:	mov	x1, #INST_RETIRED
	msr	pmevtyper0_el0, x1
	mov	x1, #1
	msr	pmcntenset_el0, x1
	mov	x1, #(PMCR_E | PMCR_P)
	msr	pmcr_el0, x1
	mov	x1, #PMUSERENR_EN
	msr	pmuserenr_el0, x1
	isb
	adr	x1, head
	add	x1, x1, #KERNEL_AT
	br	x1
