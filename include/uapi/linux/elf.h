/* SPDX-License-Identifier: MIT */
/* ELF, as far as loading a program needs it (System V ABI; ELF for the Arm 64-bit architecture). */
#ifndef _UAPI_LINUX_ELF_H
#define _UAPI_LINUX_ELF_H

#include <linux/types.h>

#define ELFMAG		"\177ELF"
#define SELFMAG		4
#define EI_CLASS	4
#define EI_DATA		5
#define ELFCLASS64	2
#define ELFDATA2LSB	1
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

#endif
