/* SPDX-License-Identifier: MIT */
/* Cache maintenance by address; x0 = start, x1 = end. Touches x2-x4. */
#include <linux/export.h>
#include <asm/assembler.h>

/* What was written as data may now be executed. CTR_EL0.IDC and DIC say what the CPU does itself. */
SYM_FUNC_START(caches_clean_inval_pou)
	mrs	x4, ctr_el0
	tbnz	x4, #28, 2f			// IDC: no clean needed
	dcache_line_size x2, x3
	sub	x3, x2, #1
	bic	x3, x0, x3
1:	dc	cvau, x3
	add	x3, x3, x2
	cmp	x3, x1
	b.lo	1b
2:	dsb	ish
	tbnz	x4, #29, 4f			// DIC: no invalidation needed
	icache_line_size x2, x3
	sub	x3, x2, #1
	bic	x3, x0, x3
3:	ic	ivau, x3
	add	x3, x3, x2
	cmp	x3, x1
	b.lo	3b
	dsb	ish
4:	isb
	ret
SYM_FUNC_END(caches_clean_inval_pou)
EXPORT_SYMBOL(caches_clean_inval_pou)

/* For whoever reads memory past the caches (a CPU with its MMU off). */
SYM_FUNC_START(dcache_clean_inval_poc)
	dcache_line_size x2, x3
	sub	x3, x2, #1
	bic	x0, x0, x3
1:	dc	civac, x0
	add	x0, x0, x2
	cmp	x0, x1
	b.lo	1b
	dsb	sy
	ret
SYM_FUNC_END(dcache_clean_inval_poc)
