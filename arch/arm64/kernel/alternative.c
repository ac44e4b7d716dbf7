// SPDX-License-Identifier: MIT
/*
 * Rewriting code for the CPU that is there: atomic operations in one instruction (LSE) instead of a loop.
 *
 * Called once, by setup_arch(), while the kernel's text may still be written and before the other CPUs
 * run. <asm/lse.h> has the loops; here is what becomes of them, in the same space:
 *
 *	ldxr	old, [p]		mov	sum, #i		(not if i is in a register)
 *	add	sum, old, i		ldadd	sum or i, old, [p]
 *	stxr	fail, sum, [p]		nop
 *	cbnz	fail, -3		nop
 *
 *	ldxr	seen, [p]		mov	seen, o
 *	cmp	seen, o			cas	seen, n, [p]
 *	b.ne	+3			cmp	seen, o
 *	stxr	fail, n, [p]		nop
 *	cbnz	fail, -4		nop
 *
 * The registers, the width and the orders (ldaxr, stlxr) are read off the old instructions. Encodings:
 * Arm ARM C6.2, "LDADD", "CAS", "LDXR", "STXR".
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <asm/cacheflush.h>
#include <asm/lse.h>
#include <asm/sysreg.h>

#define AARCH64_INSN_NOP	0xd503201f
#define ISAR0_ATOMIC_SHIFT	20		/* ID_AA64ISAR0_EL1.Atomic: 2 with LSE */

#define INSN_RD(insn)		((insn) & 0x1f)			/* also Rt */
#define INSN_RN(insn)		((insn) >> 5 & 0x1f)
#define INSN_RM(insn)		((insn) >> 16 & 0x1f)		/* also Rs */
#define INSN_SIZE(insn)		((insn) & 0xc0000000)		/* of an exclusive: 2^(bits 30-31) bytes */
#define INSN_ORDERED(insn)	((insn) >> 15 & 1)		/* ldaxr, stlxr */

static bool lse_in_use;

bool system_uses_lse_atomics(void)
{
	return lse_in_use;
}

static bool cpu_has_lse(void)
{
	return (read_sysreg(id_aa64isar0_el1) >> ISAR0_ATOMIC_SHIFT & 0xf) >= 2;
}

/* add or sub with an immediate, or add with a register. False: it is none of them. */
static bool __init rewrite_fetch_add(u32 *p)
{
	const u32 load = p[0], op = p[1], store = p[2], wide = op & 0x80000000;
	u32 rs = INSN_RD(op), imm = op >> 10 & 0xfff;
	int n = 0;

	switch (op & 0x7fc00000) {
	case 0x11000000:	/* add #imm: MOVZ */
		p[n++] = 0x52800000 | wide | imm << 5 | rs;
		break;
	case 0x51000000:	/* sub #imm: MOVN of one less, or of nothing */
		p[n++] = (imm ? 0x12800000 | (imm - 1) << 5 : 0x52800000) | wide | rs;
		break;
	case 0x0b000000:	/* add Rm, not shifted */
		rs = INSN_RM(op);
		break;
	default:
		return false;
	}
	p[n++] = 0x38200000 | INSN_SIZE(load) | INSN_ORDERED(load) << 23 | INSN_ORDERED(store) << 22 |
		 rs << 16 | INSN_RN(load) << 5 | INSN_RD(load);
	while (n < 4)
		p[n++] = AARCH64_INSN_NOP;
	return true;
}

static void __init rewrite_cmpxchg(u32 *p)
{
	const u32 load = p[0], cmp = p[1], store = p[3];

	/* MOV is ORR with the zero register. */
	p[0] = 0x2a0003e0 | (cmp & 0x80000000) | INSN_RM(cmp) << 16 | INSN_RD(load);
	p[1] = 0x08a07c00 | INSN_SIZE(load) | INSN_ORDERED(load) << 22 | INSN_ORDERED(store) << 15 |
	       INSN_RD(load) << 16 | INSN_RN(load) << 5 | INSN_RD(store);
	p[2] = cmp;
	p[3] = p[4] = AARCH64_INSN_NOP;
}

void __init apply_lse_alternatives(void)
{
	extern const s32 __lse_sites_start[], __lse_sites_end[];
	const s32 *site;

	if (!cpu_has_lse())
		return;
	for (site = __lse_sites_start; site < __lse_sites_end; site++) {
		u32 *p = (void *)site + *site;

		/* SUBS with the zero register as its target. */
		if ((p[1] & 0x7fe0fc1f) == 0x6b00001f)
			rewrite_cmpxchg(p);
		else if (!rewrite_fetch_add(p))
			panic("%pS is no atomic operation that can be rewritten: %08x %08x", p, p[0], p[1]);
		flush_icache_range((unsigned long)p, (unsigned long)(p + 5));
	}
	lse_in_use = true;
	pr_info("CPU features: LSE atomic instructions, at %ld places\n",
		(long)(__lse_sites_end - __lse_sites_start));
}

/* Another CPU comes up, and will execute what was rewritten for the first. */
void check_lse_atomics(void)
{
	if (lse_in_use && !cpu_has_lse())
		panic("this CPU has no LSE atomic instructions, but CPU 0 has");
}
