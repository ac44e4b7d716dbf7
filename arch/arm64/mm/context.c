// SPDX-License-Identifier: MIT
/*
 * ASIDs: the number in TTBR0_EL1 and in every TLB entry that tells address spaces apart, so that
 * changing from one to another needs no TLB invalidation.
 *
 * There are 256 or 65,536 of them and any number of address spaces. So time is cut into
 * generations: mm->context.id holds (generation, ASID), valid while the generation is the current
 * one. When the ASIDs of a generation are used up, a new one begins: the bitmap is emptied, but
 * for the ASIDs that CPUs are running on right now (reserved_asids), and each CPU invalidates its
 * TLB before it next runs a program.
 *
 * cpu_asid_lock guards asid_map, reserved_asids, tlb_flush_pending and the change of generation.
 * The fast path takes no lock: this CPU's active_asids entry is exchanged against zero-checked
 * values, and a rollover sets it to zero, which sends us to the slow path.
 */
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <asm/mmu_context.h>
#include <asm/sysreg.h>
#include <asm/tlbflush.h>

static unsigned int asid_bits;
static atomic64_t asid_generation;
static unsigned long *asid_map;
static DEFINE_RAW_SPINLOCK(cpu_asid_lock);
static DEFINE_PER_CPU(atomic64_t, active_asids);
static DEFINE_PER_CPU(u64, reserved_asids);
static cpumask_t tlb_flush_pending;

#define NUM_USER_ASIDS		(1UL << asid_bits)
#define ASID_MASK		(~0ULL << asid_bits)
#define ASID_FIRST_VERSION	NUM_USER_ASIDS

static void flush_context(void)
{
	unsigned int cpu;

	bitmap_zero(asid_map, NUM_USER_ASIDS);
	for_each_possible_cpu(cpu) {
		u64 asid = atomic64_xchg_relaxed(per_cpu_ptr(&active_asids, cpu), 0);

		/* Zero: it has not run a program since the last rollover, so keep what it had. */
		if (asid == 0)
			asid = per_cpu(reserved_asids, cpu);
		__set_bit(asid & ~ASID_MASK, asid_map);
		per_cpu(reserved_asids, cpu) = asid;
	}
	cpumask_setall(&tlb_flush_pending);
}

/* A CPU runs on this one through the rollover: carry it into the new generation, everywhere. */
static bool check_update_reserved_asid(u64 asid, u64 newasid)
{
	bool hit = false;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		if (per_cpu(reserved_asids, cpu) == asid) {
			hit = true;
			per_cpu(reserved_asids, cpu) = newasid;
		}
	}
	return hit;
}

/* Holds cpu_asid_lock. */
static u64 new_context(struct mm_struct *mm)
{
	static unsigned long cur_idx = 1;
	u64 asid = atomic64_read(&mm->context.id);
	u64 generation = atomic64_read(&asid_generation);

	lockdep_assert_held(&cpu_asid_lock);
	if (asid != 0) {
		u64 newasid = generation | (asid & ~ASID_MASK);

		if (check_update_reserved_asid(asid, newasid))
			return newasid;
		/* Its old number may still be free in this generation. */
		if (!__test_and_set_bit(asid & ~ASID_MASK, asid_map))
			return newasid;
	}

	/* ASID 0 is for the empty tables of reserved_pg_dir. */
	asid = find_next_zero_bit(asid_map, NUM_USER_ASIDS, cur_idx);
	if (asid == NUM_USER_ASIDS) {
		generation = atomic64_add_return_relaxed(ASID_FIRST_VERSION, &asid_generation);
		flush_context();
		asid = find_next_zero_bit(asid_map, NUM_USER_ASIDS, 1);
	}
	__set_bit(asid, asid_map);
	cur_idx = asid;
	return asid | generation;
}

static void cpu_do_switch_mm(phys_addr_t pgd, u64 asid)
{
	write_sysreg(pgd | (asid & 0xffff) << TTBR_ASID_SHIFT, ttbr0_el1);
	isb();
}

/**
 * check_and_switch_context - load an address space
 *
 * Gives it an ASID of the current generation if it has none. Interrupts or preemption are off.
 */
void check_and_switch_context(struct mm_struct *mm)
{
	u64 asid = atomic64_read(&mm->context.id);
	u64 old = atomic64_read(this_cpu_ptr(&active_asids));
	unsigned long flags;

	/*
	 * The fast path. A rollover on another CPU between our check and the cmpxchg has put zero
	 * into active_asids, and then the cmpxchg fails.
	 */
	if (old && !((asid ^ atomic64_read(&asid_generation)) >> asid_bits) &&
	    atomic64_cmpxchg_relaxed(this_cpu_ptr(&active_asids), old, asid) == old)
		goto switch_fastpath;

	raw_spin_lock_irqsave(&cpu_asid_lock, flags);
	asid = atomic64_read(&mm->context.id);
	if ((asid ^ atomic64_read(&asid_generation)) >> asid_bits) {
		asid = new_context(mm);
		atomic64_set(&mm->context.id, asid);
	}
	if (cpumask_test_cpu(smp_processor_id(), &tlb_flush_pending)) {
		cpumask_clear_cpu(smp_processor_id(), &tlb_flush_pending);
		local_flush_tlb_all();
	}
	atomic64_set(this_cpu_ptr(&active_asids), asid);
	raw_spin_unlock_irqrestore(&cpu_asid_lock, flags);

switch_fastpath:
	cpu_do_switch_mm(__pa(mm->pgd), asid & ~ASID_MASK);
}

/* No user half at all: ASID 0 with empty tables. */
void cpu_set_reserved_ttbr0(void)
{
	cpu_do_switch_mm(__pa_symbol(reserved_pg_dir), 0);
}

/* Needs the allocator; before it no program runs. */
void __init asids_init(void)
{
	asid_bits = (read_sysreg(id_aa64mmfr0_el1) >> 4 & 0xf) == 2 ? 16 : 8;
	atomic64_set(&asid_generation, ASID_FIRST_VERSION);
	asid_map = kcalloc(BITS_TO_LONGS(NUM_USER_ASIDS), sizeof(long), GFP_KERNEL);
	if (!asid_map)
		panic("no memory for %lu ASIDs", NUM_USER_ASIDS);
	__set_bit(0, asid_map);
}
