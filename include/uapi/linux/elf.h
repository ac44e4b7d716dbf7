/* SPDX-License-Identifier: MIT */
/* ELF, as far as loading programs and modules needs it (System V ABI; ELF for the Arm 64-bit architecture). */
#ifndef _UAPI_LINUX_ELF_H
#define _UAPI_LINUX_ELF_H

#include <linux/types.h>

#define ELFMAG		"\177ELF"
#define SELFMAG		4
#define EI_CLASS	4
#define EI_DATA		5
#define ELFCLASS64	2
#define ELFDATA2LSB	1
#define ET_REL		1
#define ET_EXEC		2
#define ET_DYN		3
#define EM_AARCH64	183

#define PT_LOAD		1
#define PT_INTERP	3
#define PT_GNU_STACK	0x6474e551

#define PF_X		1
#define PF_W		2
#define PF_R		4

typedef struct {
	unsigned char	e_ident[16];
	__u16		e_type, e_machine;
	__u32		e_version;
	__u64		e_entry, e_phoff, e_shoff;
	__u32		e_flags;
	__u16		e_ehsize, e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx;
} Elf64_Ehdr;

typedef struct {
	__u32		p_type, p_flags;
	__u64		p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align;
} Elf64_Phdr;

/* Sections: e_shnum of them, and what each is. */
#define SHT_NULL	0
#define SHT_PROGBITS	1
#define SHT_SYMTAB	2
#define SHT_STRTAB	3
#define SHT_RELA	4
#define SHT_NOBITS	8
#define SHT_REL		9

#define SHF_WRITE	0x1
#define SHF_ALLOC	0x2
#define SHF_EXECINSTR	0x4

#define SHN_UNDEF	0
#define SHN_LORESERVE	0xff00
#define SHN_ABS		0xfff1
#define SHN_COMMON	0xfff2

typedef struct {
	__u32		sh_name, sh_type;
	__u64		sh_flags, sh_addr, sh_offset, sh_size;
	__u32		sh_link, sh_info;
	__u64		sh_addralign, sh_entsize;
} Elf64_Shdr;

typedef struct {
	__u32		st_name;
	unsigned char	st_info, st_other;
	__u16		st_shndx;
	__u64		st_value, st_size;
} Elf64_Sym;

#define STB_LOCAL	0
#define STB_GLOBAL	1
#define STB_WEAK	2
#define STT_NOTYPE	0
#define STT_FUNC	2
#define ELF64_ST_BIND(info)	((info) >> 4)
#define ELF64_ST_TYPE(info)	((info) & 0xf)

typedef struct {
	__u64		r_offset, r_info;
	__s64		r_addend;
} Elf64_Rela;

#define ELF64_R_SYM(info)	((info) >> 32)
#define ELF64_R_TYPE(info)	((info) & 0xffffffff)

#endif
