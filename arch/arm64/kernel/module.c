// SPDX-License-Identifier: MIT
/*
 * Modules: where their memory lies, and what the relocations of arm64 mean.
 *
 * A relocation asks for a value, made of S (the symbol), A (a constant) and P (the place that is
 * changed), and for some of its bits to be put into data or into an instruction: ELF for the Arm 64-bit
 * Architecture (AAELF64), chapter 5.7. howto[] says it for each that gcc and clang make for kernel code.
 *
 * The space of modules lies within 128 MiB of the kernel's text (<asm/memory.h>), so that every branch
 * reaches: there are no veneers.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/moduleloader.h>
#include <linux/vmalloc.h>
#include <asm/elf.h>
#include <asm/unaligned.h>

void *module_alloc(unsigned long size)
{
	return __vmalloc_node_range(size, PAGE_SIZE, MODULES_VADDR, MODULES_END, GFP_KERNEL, PAGE_KERNEL,
				    __builtin_return_address(0));
}

void module_memfree(void *region)
{
	vfree(region);
}

/* What is computed. */
enum { ABS, PREL, PAGE };	/* S + A; S + A - P; that of their pages of 4 KiB */

/* Where it goes: so many bytes of data, or a field of an instruction. */
enum { DATA16, DATA32, DATA64, INSN_ADR, INSN_19, INSN_14, INSN_26, INSN_12, INSN_MOVW, INSN_MOVNZ };

/* What must hold: nothing, the value fits as signed, as unsigned, or as either. */
enum { ANY, SIGNED, UNSIGNED, EITHER };

/* Bits @lsb to @lsb + @len - 1 of the value are used; the lower ones are dropped. */
static const struct howto {
	u16	type;
	u8	op, place, lsb, len, check;
} howto[] = {
	{ R_AARCH64_ABS64,		ABS,  DATA64, 0, 64, ANY },
	{ R_AARCH64_ABS32,		ABS,  DATA32, 0, 32, EITHER },
	{ R_AARCH64_ABS16,		ABS,  DATA16, 0, 16, EITHER },
	{ R_AARCH64_PREL64,		PREL, DATA64, 0, 64, ANY },
	{ R_AARCH64_PREL32,		PREL, DATA32, 0, 32, SIGNED },
	{ R_AARCH64_PREL16,		PREL, DATA16, 0, 16, SIGNED },
	{ R_AARCH64_PLT32,		PREL, DATA32, 0, 32, SIGNED },
	{ R_AARCH64_MOVW_UABS_G0,	ABS,  INSN_MOVW, 0, 16, UNSIGNED },
	{ R_AARCH64_MOVW_UABS_G0_NC,	ABS,  INSN_MOVW, 0, 16, ANY },
	{ R_AARCH64_MOVW_UABS_G1,	ABS,  INSN_MOVW, 16, 16, UNSIGNED },
	{ R_AARCH64_MOVW_UABS_G1_NC,	ABS,  INSN_MOVW, 16, 16, ANY },
	{ R_AARCH64_MOVW_UABS_G2,	ABS,  INSN_MOVW, 32, 16, UNSIGNED },
	{ R_AARCH64_MOVW_UABS_G2_NC,	ABS,  INSN_MOVW, 32, 16, ANY },
	{ R_AARCH64_MOVW_UABS_G3,	ABS,  INSN_MOVW, 48, 16, ANY },
	{ R_AARCH64_MOVW_SABS_G0,	ABS,  INSN_MOVNZ, 0, 16, SIGNED },
	{ R_AARCH64_MOVW_SABS_G1,	ABS,  INSN_MOVNZ, 16, 16, SIGNED },
	{ R_AARCH64_MOVW_SABS_G2,	ABS,  INSN_MOVNZ, 32, 16, SIGNED },
	{ R_AARCH64_MOVW_PREL_G0,	PREL, INSN_MOVNZ, 0, 16, SIGNED },
	{ R_AARCH64_MOVW_PREL_G0_NC,	PREL, INSN_MOVW, 0, 16, ANY },
	{ R_AARCH64_MOVW_PREL_G1,	PREL, INSN_MOVNZ, 16, 16, SIGNED },
	{ R_AARCH64_MOVW_PREL_G1_NC,	PREL, INSN_MOVW, 16, 16, ANY },
	{ R_AARCH64_MOVW_PREL_G2,	PREL, INSN_MOVNZ, 32, 16, SIGNED },
	{ R_AARCH64_MOVW_PREL_G2_NC,	PREL, INSN_MOVW, 32, 16, ANY },
	{ R_AARCH64_MOVW_PREL_G3,	PREL, INSN_MOVNZ, 48, 16, ANY },
	{ R_AARCH64_LD_PREL_LO19,	PREL, INSN_19, 2, 19, SIGNED },
	{ R_AARCH64_ADR_PREL_LO21,	PREL, INSN_ADR, 0, 21, SIGNED },
	{ R_AARCH64_ADR_PREL_PG_HI21,	PAGE, INSN_ADR, 12, 21, SIGNED },
	{ R_AARCH64_ADR_PREL_PG_HI21_NC, PAGE, INSN_ADR, 12, 21, ANY },
	{ R_AARCH64_ADD_ABS_LO12_NC,	ABS,  INSN_12, 0, 12, ANY },
	{ R_AARCH64_LDST8_ABS_LO12_NC,	ABS,  INSN_12, 0, 12, ANY },
	{ R_AARCH64_LDST16_ABS_LO12_NC, ABS,  INSN_12, 1, 11, ANY },
	{ R_AARCH64_LDST32_ABS_LO12_NC, ABS,  INSN_12, 2, 10, ANY },
	{ R_AARCH64_LDST64_ABS_LO12_NC, ABS,  INSN_12, 3, 9, ANY },
	{ R_AARCH64_LDST128_ABS_LO12_NC, ABS, INSN_12, 4, 8, ANY },
	{ R_AARCH64_TSTBR14,		PREL, INSN_14, 2, 14, SIGNED },
	{ R_AARCH64_CONDBR19,		PREL, INSN_19, 2, 19, SIGNED },
	{ R_AARCH64_JUMP26,		PREL, INSN_26, 2, 26, SIGNED },
	{ R_AARCH64_CALL26,		PREL, INSN_26, 2, 26, SIGNED },
};

/* For each INSN_*: the lowest bit of the field, and its length. That of ADR is in two pieces. */
static const u8 field[][2] = { [INSN_19] = { 5, 19 }, [INSN_14] = { 5, 14 }, [INSN_26] = { 0, 26 },
			       [INSN_12] = { 10, 12 }, [INSN_MOVW] = { 5, 16 }, [INSN_MOVNZ] = { 5, 16 } };

static bool fits(s64 val, const struct howto *h)
{
	/* MOVZ and MOVN: the sign is in the operation, and takes no bit of the field. */
	const unsigned int bits = h->lsb + h->len + (h->place == INSN_MOVNZ);
	const s64 top = val >> (bits - 1);	/* the sign, and what is above the field */

	switch (h->check) {
	case SIGNED:
		return top == 0 || top == -1;
	case UNSIGNED:
		return !((u64)val >> bits);
	case EITHER:
		return top == 0 || top == 1 || top == -1;
	default:
		return true;
	}
}

/* Instructions are little-endian, and the place need not be aligned in a broken file. */
static void put_insn(void *place, const struct howto *h, s64 val)
{
	u32 insn = get_unaligned_le32(place), imm;

	if (h->place == INSN_MOVNZ) {
		/* MOVZ for what is not negative, else MOVN of the complement: bit 30 tells them apart. */
		insn = val < 0 ? insn & ~(1U << 30) : insn | 1U << 30;
		if (val < 0)
			val = ~val;
	}
	imm = (u64)val >> h->lsb & GENMASK(h->len - 1, 0);
	if (h->place == INSN_ADR)
		insn = (insn & ~0x60ffffe0) | (imm & 3) << 29 | (imm >> 2) << 5;
	else
		insn = (insn & ~(u32)(GENMASK(field[h->place][1] - 1, 0) << field[h->place][0])) |
		       imm << field[h->place][0];
	put_unaligned_le32(insn, place);
}

static const struct howto *find_howto(unsigned int type)
{
	for (int i = 0; i < ARRAY_SIZE(howto); i++)
		if (howto[i].type == type)
			return &howto[i];
	return NULL;
}

int apply_relocate_add(Elf64_Shdr *sechdrs, const Elf64_Sym *symtab, unsigned int num_syms,
		       unsigned int relsec, struct module *mod)
{
	const Elf64_Rela *rel = (void *)sechdrs[relsec].sh_addr;
	const Elf64_Shdr *target = &sechdrs[sechdrs[relsec].sh_info];
	unsigned long n = sechdrs[relsec].sh_size / sizeof(*rel);

	for (; n; n--, rel++) {
		const unsigned int type = ELF64_R_TYPE(rel->r_info), sym = ELF64_R_SYM(rel->r_info);
		const struct howto *h = find_howto(type);
		unsigned int width;
		u64 loc, val;

		if (type == R_AARCH64_NONE || type == R_AARCH64_NONE_OLD)
			continue;
		if (!h) {
			pr_err("module %s: unsupported RELA relocation: %u\n", mod->name, type);
			return -ENOEXEC;
		}
		width = h->place == DATA64 ? 8 : h->place == DATA16 ? 2 : 4;
		if (sym >= num_syms || target->sh_size < width || rel->r_offset > target->sh_size - width) {
			pr_err("module %s: relocation %u points nowhere\n", mod->name, type);
			return -ENOEXEC;
		}
		loc = target->sh_addr + rel->r_offset;
		val = symtab[sym].st_value + rel->r_addend;
		if (h->op == PREL)
			val -= loc;
		else if (h->op == PAGE)
			val = (val & ~0xfffUL) - (loc & ~0xfffUL);
		if (!fits(val, h)) {
			pr_err("module %s: overflow in relocation type %u val %llx\n", mod->name, type, val);
			return -ENOEXEC;
		}
		if (h->place == DATA64)
			put_unaligned_le64(val, (void *)loc);
		else if (h->place == DATA32)
			put_unaligned_le32(val, (void *)loc);
		else if (h->place == DATA16)
			put_unaligned_le16(val, (void *)loc);
		else
			put_insn((void *)loc, h, val);
	}
	return 0;
}
