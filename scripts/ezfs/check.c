// SPDX-License-Identifier: MIT
/*
 * The check as a whole: the superblock, which layout it is, and the order of the rest.
 *
 * The walk over the directories comes first (walk.c), so that all later findings can name files
 * by their paths; then each inode and its blocks (inodes.c); then the bit vectors (bitmaps.c).
 * The disk is taken to be hostile: each number read from it is checked before it is used.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"

void found(struct check *c, const char *fmt, ...)
{
	va_list ap;

	c->errors++;
	if (!c->out)
		return;
	va_start(ap, fmt);
	vfprintf(c->out, fmt, ap);
	va_end(ap);
	fputc('\n', c->out);
}

bool check_read(struct check *c, uint64_t blk, uint8_t buf[EZFS_BLOCK_SIZE])
{
	int err;

	if (blk >= c->disk->blocks)	/* a finding of its own, not an error of the device */
		return false;
	err = disk_read(c->disk, blk, buf);
	if (err)
		c->io_error = err;
	return !err;
}

bool check_has_type(const struct check *c, unsigned int no)
{
	uint32_t type = check_mode(c, no) & ~07777u;

	return type == S_IFREG || type == S_IFDIR;
}

bool check_is_dir(const struct check *c, unsigned int no)
{
	return no == EZFS_ROOT_INODE_NUMBER || (check_mode(c, no) & ~07777u) == S_IFDIR;
}

size_t check_escape(char *to, size_t room, const char *from, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n + 5 <= room; i++) {
		unsigned char ch = (unsigned char)from[i];

		if (ch < ' ' || ch == 0x7f || ch == '\\')
			n += (size_t)snprintf(to + n, room - n, "\\x%02x", ch);
		else
			to[n++] = (char)ch;
	}
	to[n] = '\0';
	return n;
}

/* Builds the path from its end, so that what is cut off is its beginning. */
const char *check_path(const struct check *c, unsigned int no, check_text buf)
{
	size_t at = sizeof(check_text) - 1;
	char name[4 * EZFS_FILENAME_BUF_SIZE + 1];

	buf[at] = '\0';
	if (no == EZFS_ROOT_INODE_NUMBER)
		return strcpy(buf, "/");
	while (c->node[no].parent) {
		const struct check_node *n = &c->node[no];
		const char *raw = (const char *)c->node[n->parent].dir +
				  n->slot * EZFS_DE_SIZE + EZFS_DE_NAME;
		size_t len = check_escape(name, sizeof(name), raw,
					  strnlen(raw, EZFS_FILENAME_BUF_SIZE));

		if (len + 1 + 3 > at) {
			at -= 3;
			memcpy(buf + at, "...", 3);
			return memmove(buf, buf + at, sizeof(check_text) - at);
		}
		at -= len;
		memcpy(buf + at, name, len);
		buf[--at] = '/';
		no = n->parent;
	}
	if (no != EZFS_ROOT_INODE_NUMBER)
		buf[--at] = '?';	/* below a directory that nothing names */
	return memmove(buf, buf + at, sizeof(check_text) - at);
}

const char *check_name(const struct check *c, unsigned int no, check_text buf)
{
	check_text path;

	if (!c->node[no].parent && no != EZFS_ROOT_INODE_NUMBER)
		snprintf(buf, sizeof(check_text), "inode %u (no name)", no);
	else
		snprintf(buf, sizeof(check_text), "inode %u (%.360s)", no,
			 check_path(c, no, path));
	return buf;
}

static void check_magic(struct check *c)
{
	uint64_t version = ezfs_get64(c->super + EZFS_SB_VERSION);
	uint64_t magic = ezfs_get64(c->super + EZFS_SB_MAGIC);

	if (magic != EZFS_MAGIC_NUMBER)
		found(c, "superblock: magic is %#" PRIx64 ", expected %#x: not an EZFS?", magic,
		      EZFS_MAGIC_NUMBER);
	if (version != EZFS_VERSION)
		found(c, "superblock: version is %" PRIu64 ", expected %u", version, EZFS_VERSION);
}

/* Says for each layout what the root inode would be, so that a reader sees which comes nearest. */
static void found_no_layout(struct check *c)
{
	char text[512];
	int n = 0;

	for (unsigned int i = 0; i < ezfs_nr_layouts; i++) {
		const struct ezfs_layout *l = &ezfs_layouts[i];

		n += snprintf(text + n, sizeof(text) - (size_t)n,
			      "%s as %c: block %" PRIu64 ", size %" PRIu64 ", nblocks %" PRIu64,
			      i ? ";" : "", l->name, ezfs_get64(c->store + l->i_block),
			      ezfs_get64(c->store + l->i_size), ezfs_get64(c->store + l->i_nblocks));
	}
	found(c, "inode 1 (/): fits no layout, so nothing else can be checked (-L forces one): "
	      "expected mode 040xxx, block 2, size 4096, nblocks 1, seen mode %07o and%s",
	      ezfs_get32(c->store + EZFS_I_MODE), text);
}

static bool detect_layout(struct check *c)
{
	for (unsigned int i = 0; i < ezfs_nr_layouts; i++) {
		if (!ezfs_layout_fits(&ezfs_layouts[i], c->store))
			continue;
		if (c->layout) {
			found(c, "inode 1 (/): fits layout %c and layout %c, expected one "
			      "(-L forces one)", c->layout->name, ezfs_layouts[i].name);
			return false;
		}
		c->layout = &ezfs_layouts[i];
	}
	if (!c->layout)
		found_no_layout(c);
	return c->layout;
}

/* Sets c->blocks: as the superblock says if that makes sense, else as the device has. */
static void check_size(struct check *c)
{
	uint64_t max = ezfs_max_blocks(c->layout), there = c->disk->blocks, said;

	c->blocks = there < max ? there : max;
	if (!c->layout->sb_disk_blks)
		return;
	said = ezfs_get64(c->super + c->layout->sb_disk_blks);
	if (said < EZFS_MIN_BLOCKS || said > max) {
		found(c, "superblock: disk_blks is %" PRIu64 ", expected %u to %" PRIu64, said,
		      EZFS_MIN_BLOCKS, max);
		return;
	}
	if (said > there)
		found(c, "superblock: disk_blks is %" PRIu64 ", expected at most the device's %"
		      PRIu64 " blocks: is it truncated?", said, there);
	c->blocks = said;
}

bool check_disk(struct check *c)
{
	if (c->disk->blocks < EZFS_MIN_BLOCKS) {
		found(c, "the device has %" PRIu64 " blocks, expected at least %u (superblock, "
		      "inodes, root directory)", c->disk->blocks, EZFS_MIN_BLOCKS);
		return false;
	}
	if (!check_read(c, EZFS_SUPER_BLOCK, c->super) ||
	    !check_read(c, EZFS_STORE_BLOCK, c->store))
		return false;
	check_magic(c);
	if (!c->layout && !detect_layout(c))
		return false;
	check_size(c);
	check_tree(c);
	check_inodes(c);
	check_bitmaps(c);
	return true;
}
