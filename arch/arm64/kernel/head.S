/* SPDX-License-Identifier: MIT */
/*
 * The first instructions. The boot loader enters at the start of the Image with
 *
 *	x0 = physical address of the device tree, MMU off, EL1 or EL2, interrupts masked,
 *	the image at a multiple of 2 MiB (Documentation: Linux, arch/arm64/booting)
 *
 * and we go on to start_kernel() with the MMU on, in the upper half, on init_task's stack. Until
 * the MMU is on, adrp gives physical addresses and nothing that was linked absolutely may be used.
 *
 * Registers kept throughout: x21 the device tree, x22 the exception level we came from.
 */
#include <asm/assembler.h>
#include <asm/memory.h>
#include <asm/pgtable-hwdef.h>
#include <asm/ptrace.h>
#include <asm/sysreg.h>
#include <asm/asm-offsets.h>

	.section ".head.text", "ax"

/* The header of an arm64 Image, 64 bytes. */
SYM_DATA_START(_head)
	b	primary_entry			// code0
	nop					// code1
	.quad	0				// text_offset: at any 2 MiB boundary
	.quad	_kernel_size			// image_size, with bss
	.quad	0xa				// flags: little-endian, 4 KiB pages, anywhere in RAM
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0				// no PE header

	.section ".idmap.text", "ax"

SYM_FUNC_START_LOCAL(primary_entry)
	mov	x21, x0
	bl	init_kernel_el			// x0 = CurrentEL we were entered at
	mov	x22, x0
	bl	create_early_tables
	bl	__cpu_setup			// x0 = SCTLR_EL1 to set
	adrp	x1, idmap_pg_dir
	adrp	x2, init_pg_dir
	bl	__enable_mmu
	ldr	x8, =__primary_switched		// absolute: in the upper half
	br	x8
SYM_FUNC_END(primary_entry)

/*
 * Where PSCI CPU_ON starts the other CPUs, MMU off, at EL1 or EL2. The tables are there: the identity
 * mapping for the moment of turning the MMU on, and the kernel's own.
 */
SYM_FUNC_START(secondary_entry)
	bl	init_kernel_el
	bl	__cpu_setup
	adrp	x1, idmap_pg_dir
	adrp	x2, swapper_pg_dir
	bl	__enable_mmu
	ldr	x8, =__secondary_switched
	br	x8
SYM_FUNC_END(secondary_entry)

/*
 * Come down to EL1 when entered at EL2, giving EL1 the timers, the GIC's system registers and
 * floating point. Returns CurrentEL at entry in x0.
 */
SYM_FUNC_START_LOCAL(init_kernel_el)
	mrs	x0, CurrentEL
	cmp	x0, #CurrentEL_EL2
	b.eq	.Lfrom_el2
	ldr	x1, =INIT_SCTLR_EL1_MMU_OFF
	msr	sctlr_el1, x1
	isb
	ret

.Lfrom_el2:
	ldr	x1, =INIT_SCTLR_EL1_MMU_OFF
	msr	sctlr_el1, x1
	mov	x1, #HCR_RW			// EL1 is 64-bit, nothing is trapped
	msr	hcr_el2, x1
	mov	x1, #(CNTHCTL_EL1PCTEN | CNTHCTL_EL1PCEN)
	msr	cnthctl_el2, x1
	msr	cntvoff_el2, xzr		// virtual time is physical time
	mov	x1, #0x33ff			// CPTR_EL2: RES1 bits, no trap of FP
	msr	cptr_el2, x1
	msr	hstr_el2, xzr
	mrs	x1, midr_el1			// EL1 shall see the real identity
	msr	vpidr_el2, x1
	mrs	x1, mpidr_el1
	msr	vmpidr_el2, x1
	mrs	x1, id_aa64dfr0_el1		// PMU: let EL1 have all counters
	ubfx	x2, x1, #8, #4
	cbz	x2, 1f
	mrs	x1, pmcr_el0
	ubfx	x1, x1, #11, #5
	msr	mdcr_el2, x1
1:	mrs	x1, id_aa64pfr0_el1		// GICv3 system registers at EL1
	ubfx	x1, x1, #24, #4
	cbz	x1, 2f
	mrs	x1, S3_4_C12_C9_5		// ICC_SRE_EL2
	orr	x1, x1, #ICC_SRE_SRE
	orr	x1, x1, #ICC_SRE_ENABLE
	msr	S3_4_C12_C9_5, x1
	isb
	msr	S3_4_C12_C11_0, xzr		// ICH_HCR_EL2
2:	adr_l	x1, hyp_stub_vectors
	msr	vbar_el2, x1
	mov	x1, #(PSR_DAIF_MASK | PSR_MODE_EL1h)
	msr	spsr_el2, x1
	msr	elr_el2, x30
	isb
	eret
SYM_FUNC_END(init_kernel_el)

/*
 * Nothing takes us back to EL2: an exception there means broken firmware or hardware, and nobody
 * could print it. Stop where a debugger finds it.
 */
	.balign	2048
hyp_stub_vectors:
	.rept	16
	.balign	128
	b	.
	.endr

/*
 * The first tables, all in .pgtables, from blocks of 2 MiB:
 *
 *	idmap_pg_dir	 the image at its physical address, for the moment of turning the MMU on
 *	init_pg_dir	 the image where it is linked
 *
 * paging_init() makes the real ones, swapper_pg_dir, and idmap_cpu_replace_ttbr1() changes over.
 * Written with caches off, so stale cache lines over them are thrown away afterwards.
 * Touches x0-x7.
 */
	.macro	map_one, table, shift, addr, value, tmp1
	ubfx	\tmp1, \addr, #\shift, #9
	str	\value, [\table, \tmp1, lsl #3]
	.endm

SYM_FUNC_START_LOCAL(create_early_tables)
	adr_l	x0, __pgtables_start
	adr_l	x1, __pgtables_end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b

	adrp	x3, _text			// physical start of the image
	bic	x3, x3, #(PMD_SIZE - 1)
	ldr	x4, =(BLOCK_TYPE | PTE_AF | PTE_SHARED | PTE_ATTRINDX(MT_NORMAL))
	orr	x4, x4, x3			// first block
	add	x5, x4, #PMD_SIZE		// the image may reach into the next

	adrp	x0, idmap_pg_dir
	adrp	x1, idmap_pud
	orr	x2, x1, #TABLE_TYPE
	map_one	x0, PGDIR_SHIFT, x3, x2, x6
	adrp	x0, idmap_pmd
	orr	x2, x0, #TABLE_TYPE
	map_one	x1, PUD_SHIFT, x3, x2, x6
	map_one	x0, PMD_SHIFT, x3, x4, x6	// the code that runs now is in the first block

	ldr	x3, =KIMAGE_VADDR
	adrp	x0, init_pg_dir
	adrp	x1, early_pud
	orr	x2, x1, #TABLE_TYPE
	map_one	x0, PGDIR_SHIFT, x3, x2, x6
	adrp	x0, early_pmd
	orr	x2, x0, #TABLE_TYPE
	map_one	x1, PUD_SHIFT, x3, x2, x6
	map_one	x0, PMD_SHIFT, x3, x4, x6
	add	x3, x3, #PMD_SIZE
	map_one	x0, PMD_SHIFT, x3, x5, x6

	dmb	sy
	adr_l	x0, __pgtables_start
	adr_l	x1, __pgtables_end
	dcache_line_size x2, x3
2:	dc	ivac, x0
	add	x0, x0, x2
	cmp	x0, x1
	b.lo	2b
	dsb	sy
	ret
SYM_FUNC_END(create_early_tables)

/* x0 = SCTLR_EL1, x1 = TTBR0_EL1, x2 = TTBR1_EL1 */
SYM_FUNC_START_LOCAL(__enable_mmu)
	msr	ttbr0_el1, x1
	msr	ttbr1_el1, x2
	isb
	msr	sctlr_el1, x0
	isb
	ic	iallu				// what was fetched with the MMU off may be stale
	dsb	nsh
	isb
	ret
SYM_FUNC_END(__enable_mmu)

/*
 * What each CPU needs before its MMU goes on: memory types, the shape of the tables, no trap of
 * floating point. Returns the SCTLR_EL1 to set in x0.
 */
SYM_FUNC_START(__cpu_setup)
	tlbi	vmalle1
	dsb	nsh
	mov	x0, #CPACR_EL1_FPEN
	msr	cpacr_el1, x0
	msr	mdscr_el1, xzr			// no self-hosted debugging yet
	mov	x0, #CNTKCTL_EL0VCTEN
	msr	cntkctl_el1, x0

	/* MAIR: 0 write-back normal, 2 non-cacheable, 3 device nGnRnE, 4 device nGnRE */
	ldr	x0, =0x00000004004400ff
	msr	mair_el1, x0

	ldr	x0, =(TCR_T0SZ(VA_BITS) | TCR_T1SZ(VA_BITS) | TCR_TG0_4K | TCR_TG1_4K | \
		      TCR_IRGN0_WBWA | TCR_ORGN0_WBWA | TCR_SH0_INNER | \
		      TCR_IRGN1_WBWA | TCR_ORGN1_WBWA | TCR_SH1_INNER)
	mrs	x1, id_aa64mmfr0_el1
	and	x2, x1, #0xf			// PARange
	mov	x3, #5				// 48 bits: more needs another table format
	cmp	x2, x3
	csel	x2, x2, x3, lo
	orr	x0, x0, x2, lsl #TCR_IPS_SHIFT
	ubfx	x2, x1, #4, #4			// ASIDBits: 2 means 16
	cmp	x2, #2
	b.ne	1f
	orr	x0, x0, #TCR_AS
1:	mrs	x1, id_aa64mmfr1_el1
	and	x1, x1, #0xf			// HAFDBS: 1 and up, the MMU sets the access flag
	cbz	x1, 2f
	orr	x0, x0, #TCR_HA
2:	msr	tcr_el1, x0
	isb
	ldr	x0, =INIT_SCTLR_EL1_MMU_ON
	ret
SYM_FUNC_END(__cpu_setup)

/*
 * void idmap_cpu_replace_ttbr1(phys_addr_t pgd): called at its physical address, through the
 * identity mapping, since between the two tables the upper half does not exist. The tables differ
 * in block sizes, so that the TLB must be empty in between (Arm ARM D8.14.1, break before make).
 */
SYM_FUNC_START(idmap_cpu_replace_ttbr1)
	adrp	x1, reserved_pg_dir
	msr	ttbr1_el1, x1
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	msr	ttbr1_el1, x0
	isb
	ret
SYM_FUNC_END(idmap_cpu_replace_ttbr1)

	.ltorg

	.section ".text", "ax"

/* In the upper half: on the stack of the idle task that __cpu_up() (smp.c) made. */
SYM_FUNC_START_LOCAL(__secondary_switched)
	adr_l	x0, vectors
	msr	vbar_el1, x0
	isb
	adr_l	x0, secondary_data
	ldr	x0, [x0]
	msr	sp_el0, x0
	ldr	x1, [x0, #TSK_STACK]
	add	sp, x1, #THREAD_SIZE
	sub	sp, sp, #PT_REGS_SIZE
	mov	x29, #0				// the last frame of every trace
	mov	x30, #0
	bl	secondary_start_kernel
	b	.
SYM_FUNC_END(__secondary_switched)

	.section ".init.text", "ax"

/* In the upper half at last. */
SYM_FUNC_START_LOCAL(__primary_switched)
	adr_l	x0, init_task
	msr	sp_el0, x0
	adr_l	x1, init_stack
	add	sp, x1, #THREAD_SIZE
	sub	sp, sp, #PT_REGS_SIZE		// every task has a pt_regs on top of its stack
	msr	tpidr_el1, xzr
	adr_l	x1, __entry_task
	str	x0, [x1]

	adr_l	x0, vectors
	msr	vbar_el1, x0
	isb

	adr_l	x0, __bss_start
	adr_l	x1, __bss_stop
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b

	/* memstart_addr: the physical address of PAGE_OFFSET */
	adr_l	x0, _text
	at	s1e1r, x0			// ask the MMU where _text lies
	isb
	mrs	x1, par_el1
	and	x1, x1, #PTE_ADDR_MASK
	ldr	x2, =(KIMAGE_VADDR - PAGE_OFFSET)
	sub	x1, x1, x2
	str_l	x1, memstart_addr, x2
	str_l	x21, __fdt_pointer, x2
	str_l	x22, boot_current_el, x2

	mov	x29, #0				// the last frame of every trace
	mov	x30, #0
#ifdef CONFIG_KASAN
	bl	kasan_early_init		// the C code that follows is checked
#endif
	bl	start_kernel
	b	.
SYM_FUNC_END(__primary_switched)
	.ltorg

	.section ".pgtables", "aw", %nobits
	.balign	4096
SYM_DATA_START(idmap_pg_dir)
	.space	4096
idmap_pud:
	.space	4096
idmap_pmd:
	.space	4096
SYM_DATA_START(init_pg_dir)
	.space	4096
early_pud:
	.space	4096
early_pmd:
	.space	4096
SYM_DATA_START(swapper_pg_dir)
	.space	4096
SYM_DATA_START(reserved_pg_dir)
	.space	4096
