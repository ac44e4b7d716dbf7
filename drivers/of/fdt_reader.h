/* SPDX-License-Identifier: MIT */
/*
 * Reading a flat device tree token by token, trusting nothing in it.
 */
#ifndef _DRIVERS_OF_FDT_READER_H
#define _DRIVERS_OF_FDT_READER_H

#include <linux/types.h>

/* Devicetree Specification 0.4, sec. 5.4.1 */
#define FDT_MAGIC	0xd00dfeed
#define FDT_BEGIN_NODE	1
#define FDT_END_NODE	2
#define FDT_PROP	3
#define FDT_NOP		4
#define FDT_END		9

#define FDT_MAX_DEPTH	64

struct fdt_reader {
	const u8	*structs;	/* the structure block */
	u32		struct_size;
	const char	*strings;	/* the strings block: names of properties */
	u32		strings_size;
	u32		pos;		/* of the next token in the structure block */
	int		depth;		/* nodes open here: 1 within the root */
	bool		rooted;		/* the root has begun */

	/* What fdt_next() has just read */
	u32		token_pos;	/* of that token */
	const char	*name;		/* of a node or a property */
	const void	*data;		/* a property's value ... */
	u32		len;		/* ... and its length in bytes */
};

/* Numbers are big-endian, and in a broken blob they may stand at any address. */
static inline u32 fdt32_ld(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

static inline u64 fdt64_ld(const void *p)
{
	return (u64)fdt32_ld(p) << 32 | fdt32_ld((const u8 *)p + 4);
}

int fdt_reader_init(struct fdt_reader *r, const void *blob, size_t max);
int fdt_next(struct fdt_reader *r);
int fdt_mem_rsv(const void *blob, unsigned int n, u64 *base, u64 *size);

#endif
