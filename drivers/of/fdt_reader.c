// SPDX-License-Identifier: MIT
/*
 * The parser of the flat device tree: header, structure block, memory reservation block.
 *
 * The blob comes from outside and may be cut short or be rubbish. Every offset, length and string
 * in it is checked against the blob's size before it is followed, so that the worst that a bad blob
 * can do is to be refused. Nothing is allocated; the blob is only read.
 *
 * Callers: drivers/of/fdt.c, and on the host tests/drivers/.
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "fdt_reader.h"

/* Offsets of the header's words (Devicetree Specification 0.4, sec. 5.2) */
enum {
	FDT_H_MAGIC		= 0,
	FDT_H_TOTALSIZE		= 4,
	FDT_H_OFF_STRUCT	= 8,
	FDT_H_OFF_STRINGS	= 12,
	FDT_H_OFF_RSVMAP	= 16,
	FDT_H_VERSION		= 20,
	FDT_H_LAST_COMP_VERSION	= 24,
	FDT_H_SIZE_STRINGS	= 32,
	FDT_H_SIZE_STRUCT	= 36,
	FDT_HEADER_SIZE		= 40,
};

#define FDT_VERSION	17	/* the first one that gives the size of the structure block */

static u32 header_word(const void *blob, unsigned int offset)
{
	return fdt32_ld((const u8 *)blob + offset);
}

/* Does the block of @size bytes at @offset lie between the header and the end? */
static bool block_fits(u32 offset, u32 size, u32 totalsize)
{
	return offset >= FDT_HEADER_SIZE && offset <= totalsize && size <= totalsize - offset;
}

/**
 * fdt_reader_init - check a blob's header and stand before its first token
 * @blob: where it starts
 * @max: how many bytes from there may be read
 *
 * Returns -EINVAL when this is no device tree or not a whole one.
 */
int fdt_reader_init(struct fdt_reader *r, const void *blob, size_t max)
{
	u32 totalsize, off_struct, off_strings;

	if (max < FDT_HEADER_SIZE || header_word(blob, FDT_H_MAGIC) != FDT_MAGIC)
		return -EINVAL;
	totalsize = header_word(blob, FDT_H_TOTALSIZE);
	if (totalsize < FDT_HEADER_SIZE || totalsize > max)
		return -EINVAL;
	if (header_word(blob, FDT_H_VERSION) < FDT_VERSION ||
	    header_word(blob, FDT_H_LAST_COMP_VERSION) > FDT_VERSION)
		return -EINVAL;

	off_struct = header_word(blob, FDT_H_OFF_STRUCT);
	off_strings = header_word(blob, FDT_H_OFF_STRINGS);
	r->struct_size = header_word(blob, FDT_H_SIZE_STRUCT);
	r->strings_size = header_word(blob, FDT_H_SIZE_STRINGS);
	if (!block_fits(off_struct, r->struct_size, totalsize) ||
	    !block_fits(off_strings, r->strings_size, totalsize) || off_struct % 4)
		return -EINVAL;

	r->structs = (const u8 *)blob + off_struct;
	r->strings = (const char *)blob + off_strings;
	r->pos = 0;
	r->depth = 0;
	r->rooted = false;
	return 0;
}

/* Tokens are aligned to 4 bytes within the structure block. Cannot wrap: sizes are below 2 GiB. */
static int advance(struct fdt_reader *r, u32 bytes)
{
	u32 left = r->struct_size - r->pos;

	if (bytes > left)
		return -EINVAL;
	bytes = (bytes + 3) & ~3u;
	r->pos += bytes < left ? bytes : left;
	return 0;
}

static int read_u32(struct fdt_reader *r, u32 *val)
{
	if (r->struct_size - r->pos < 4)
		return -EINVAL;
	*val = fdt32_ld(r->structs + r->pos);
	r->pos += 4;
	return 0;
}

static int read_begin_node(struct fdt_reader *r)
{
	const char *name = (const char *)r->structs + r->pos;
	u32 left = r->struct_size - r->pos;
	u32 len = strnlen(name, left);

	/* There is one root, and it has no name. */
	if (len == left || (r->depth == 0 && (r->rooted || len != 0)))
		return -EINVAL;
	r->rooted = true;
	if (++r->depth > FDT_MAX_DEPTH)
		return -EINVAL;
	r->name = name;
	return advance(r, len + 1);
}

static int read_prop(struct fdt_reader *r)
{
	u32 nameoff;

	if (r->depth == 0 || read_u32(r, &r->len) || read_u32(r, &nameoff))
		return -EINVAL;
	if (nameoff >= r->strings_size)
		return -EINVAL;
	r->name = r->strings + nameoff;
	if (strnlen(r->name, r->strings_size - nameoff) == r->strings_size - nameoff)
		return -EINVAL;
	r->data = r->structs + r->pos;
	return advance(r, r->len);
}

/**
 * fdt_next - read the next token
 *
 * Returns FDT_BEGIN_NODE (name is set), FDT_PROP (name, data and len are set), FDT_END_NODE,
 * FDT_END after the root was closed, or -EINVAL where the blob makes no sense; then reading must
 * stop.
 */
int fdt_next(struct fdt_reader *r)
{
	u32 token;

	do {
		r->token_pos = r->pos;
		if (read_u32(r, &token))
			return -EINVAL;
	} while (token == FDT_NOP);

	switch (token) {
	case FDT_BEGIN_NODE:
		return read_begin_node(r) ?: FDT_BEGIN_NODE;
	case FDT_PROP:
		return read_prop(r) ?: FDT_PROP;
	case FDT_END_NODE:
		return --r->depth < 0 ? -EINVAL : FDT_END_NODE;
	case FDT_END:
		return r->depth != 0 || !r->rooted ? -EINVAL : FDT_END;
	}
	return -EINVAL;
}

/**
 * fdt_mem_rsv - the @n-th entry of the memory reservation block
 * @base: its physical address
 * @size: bytes
 *
 * Returns 1, or 0 when there are no more. The blob's header must have been checked.
 */
int fdt_mem_rsv(const void *blob, unsigned int n, u64 *base, u64 *size)
{
	u32 totalsize = header_word(blob, FDT_H_TOTALSIZE);
	u32 off = header_word(blob, FDT_H_OFF_RSVMAP);
	const u8 *entry;

	if (off < FDT_HEADER_SIZE || off > totalsize || n >= (totalsize - off) / 16)
		return 0;
	entry = (const u8 *)blob + off + n * 16UL;
	*base = fdt64_ld(entry);
	*size = fdt64_ld(entry + 8);
	return *base || *size;
}
