// SPDX-License-Identifier: MIT
/* Bytes shown in hexadecimal, for a look at memory that holds something unexpected. */

#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

const char hex_asc[] = "0123456789abcdef";
EXPORT_SYMBOL(hex_asc);
const char hex_asc_upper[] = "0123456789ABCDEF";
EXPORT_SYMBOL(hex_asc_upper);

/* The value of a hexadecimal digit, or -1. */
int hex_to_bin(unsigned char ch)
{
	if (isdigit(ch))
		return ch - '0';
	return isxdigit(ch) ? tolower(ch) - 'a' + 10 : -1;
}
EXPORT_SYMBOL(hex_to_bin);

/**
 * hex_dump_to_buffer - one line of a dump
 * @rowsize: bytes a full line has; 16 or 32
 * @groupsize: 1, or 2, 4 or 8 to show words of that many bytes as numbers
 * @ascii: with the characters at the end, at the same column in each line
 *
 * Returns the length the line has, or would have.
 */
int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize, char *line,
		       size_t linelen, bool ascii)
{
	const u8 *bytes = buf;
	int at = 0, column;

	if (rowsize != 32)
		rowsize = 16;
	if (groupsize != 2 && groupsize != 4 && groupsize != 8)
		groupsize = 1;
	len = min_t(size_t, len, rowsize);
	if (len % groupsize)
		groupsize = 1;
	if (linelen)
		line[0] = '\0';

#define PUT(fmt...)	(at += snprintf(at < linelen ? line + at : NULL,	\
					at < linelen ? linelen - at : 0, fmt))
	for (size_t i = 0; i < len; i += groupsize) {
		if (i)
			PUT(" ");
		/* Little-endian: the last byte of a word is its highest. */
		for (int b = groupsize; b-- > 0; )
			PUT("%02x", bytes[i + b]);
	}
	if (ascii) {
		column = rowsize * 2 + rowsize / groupsize + 1;
		PUT("%*s", column - at, "");
		for (size_t i = 0; i < len; i++)
			PUT("%c", isascii(bytes[i]) && isprint(bytes[i]) ? bytes[i] : '.');
	}
#undef PUT
	return at;
}
EXPORT_SYMBOL(hex_dump_to_buffer);

/**
 * print_hex_dump - a dump into the kernel log
 * @level: KERN_DEBUG and the like
 * @prefix_str: begins each line
 * @prefix_type: what follows it: DUMP_PREFIX_NONE, _ADDRESS, or _OFFSET from @buf
 */
void print_hex_dump(const char *level, const char *prefix_str, int prefix_type, int rowsize,
		    int groupsize, const void *buf, size_t len, bool ascii)
{
	char line[32 * 3 + 2 + 32 + 1];

	if (rowsize != 32)
		rowsize = 16;
	for (size_t i = 0; i < len; i += rowsize) {
		hex_dump_to_buffer(buf + i, len - i, rowsize, groupsize, line, sizeof(line), ascii);
		if (prefix_type == DUMP_PREFIX_ADDRESS)
			printk("%s%s%px: %s\n", level, prefix_str, buf + i, line);
		else if (prefix_type == DUMP_PREFIX_OFFSET)
			printk("%s%s%08zx: %s\n", level, prefix_str, i, line);
		else
			printk("%s%s%s\n", level, prefix_str, line);
	}
}
EXPORT_SYMBOL(print_hex_dump);
