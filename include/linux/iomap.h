/* SPDX-License-Identifier: MIT */
/*
 * iomap: files in extents. A filesystem says where a range of a file lies, all of it that lies in one piece
 * at once, and fs/iomap/ reads, writes, zeroes and writes back through the page cache by it.
 */
#ifndef _LINUX_IOMAP_H
#define _LINUX_IOMAP_H

#include <linux/blk_types.h>
#include <linux/fs.h>
#include <linux/mm_types.h>
#include <linux/types.h>

struct iomap_iter;
struct iomap_page_ops;
struct readahead_control;
struct vm_fault;
struct writeback_control;

/* iomap.type */
#define IOMAP_HOLE		0	/* no place on the disk; reads as zeros */
#define IOMAP_DELALLOC		1	/* written to, and gets its place at write-back */
#define IOMAP_MAPPED		2	/* at iomap.addr */
#define IOMAP_UNWRITTEN		3	/* has a place, which nobody has written to: reads as zeros */
#define IOMAP_INLINE		4	/* in the inode; refused here */

/* iomap.flags, set by ->iomap_begin() */
#define IOMAP_F_NEW		(1U << 0)	/* just allocated: what the disk has there is somebody else's */
#define IOMAP_F_DIRTY		(1U << 1)	/* metadata must be written, too, for O_DSYNC */
#define IOMAP_F_SHARED		(1U << 2)	/* written to another place than read from: srcmap */
#define IOMAP_F_MERGED		(1U << 3)
#define IOMAP_F_BUFFER_HEAD	(1U << 4)	/* refused here */
/* and by iomap */
#define IOMAP_F_SIZE_CHANGED	(1U << 8)	/* i_size was changed: for ->iomap_end() */
/* the filesystem's own, from here on */
#define IOMAP_F_PRIVATE		(1U << 12)

#define IOMAP_NULL_ADDR		(-1ULL)	/* addr of what has none */

/* Where a range of a file is. Offset, address and length are whole blocks, except those of holes. */
struct iomap {
	u64			addr;		/* on the disk, bytes */
	loff_t			offset;		/* in the file, bytes */
	u64			length;		/* bytes */
	u16			type;
	u16			flags;
	struct block_device	*bdev;
	void			*inline_data;
	void			*private;	/* the filesystem's */
	const struct iomap_page_ops *page_ops;
};

static inline sector_t iomap_sector(const struct iomap *iomap, loff_t pos)
{
	return (iomap->addr + pos - iomap->offset) >> SECTOR_SHIFT;
}

/*
 * Around each page of a write: before it is locked, and after it was unlocked, with the bytes that were
 * copied. @page is NULL when there was none. Each call of the first that returned 0 has its second.
 */
struct iomap_page_ops {
	int (*page_prepare)(struct inode *inode, loff_t pos, unsigned len);
	void (*page_done)(struct inode *inode, loff_t pos, unsigned copied, struct page *page);
};

/* What ->iomap_begin() is asked for. Without any: to read. */
#define IOMAP_WRITE		(1 << 0)	/* blocks may be taken */
#define IOMAP_ZERO		(1 << 1)	/* what has blocks is cleared; takes none */
#define IOMAP_REPORT		(1 << 2)	/* somebody only asks where it is */
#define IOMAP_FAULT		(1 << 3)	/* a program writes through a mapping; one page is locked */
#define IOMAP_DIRECT		(1 << 4)
#define IOMAP_NOWAIT		(1 << 5)	/* -EAGAIN rather than to sleep */

struct iomap_ops {
	/*
	 * Where byte @pos is, and how much behind it lies in one piece, of @length bytes that are wanted: all
	 * of the piece may be said. @srcmap is for data that are read elsewhere than they are written to.
	 */
	int (*iomap_begin)(struct inode *inode, loff_t pos, loff_t length, unsigned flags,
			   struct iomap *iomap, struct iomap *srcmap);
	/* Of that, @written bytes were done; the rest may be given back. NULL: nothing to do. */
	int (*iomap_end)(struct inode *inode, loff_t pos, loff_t length, ssize_t written, unsigned flags,
			 struct iomap *iomap);
};

/* A walk over a range: iomap_iter(). */
struct iomap_iter {
	struct inode	*inode;
	loff_t		pos;		/* where it is */
	u64		len;		/* bytes left */
	s64		processed;	/* bytes done of this piece, set by the caller; or an error; 0: stop */
	unsigned	flags;
	struct iomap	iomap;
	struct iomap	srcmap;
	void		*private;
};

int iomap_iter(struct iomap_iter *iter, const struct iomap_ops *ops);

/** iomap_length - bytes of the piece at hand, from the walk's position on */
static inline u64 iomap_length(const struct iomap_iter *iter)
{
	u64 end = iter->iomap.offset + iter->iomap.length;

	if (iter->srcmap.type != IOMAP_HOLE)
		end = min(end, iter->srcmap.offset + iter->srcmap.length);
	return min(iter->len, end - iter->pos);
}

/** iomap_iter_srcmap - where the old contents are read from */
static inline const struct iomap *iomap_iter_srcmap(const struct iomap_iter *iter)
{
	return iter->srcmap.type != IOMAP_HOLE ? &iter->srcmap : &iter->iomap;
}

/* ------------------------------------------------------------------ buffered-io.c */

ssize_t iomap_file_buffered_write(struct kiocb *iocb, struct iov_iter *from, const struct iomap_ops *ops);
int iomap_read_folio(struct folio *folio, const struct iomap_ops *ops);
void iomap_readahead(struct readahead_control *rac, const struct iomap_ops *ops);
bool iomap_is_partially_uptodate(struct folio *folio, size_t from, size_t count);
bool iomap_release_folio(struct folio *folio, gfp_t gfp_flags);
void iomap_invalidate_folio(struct folio *folio, size_t offset, size_t len);
int iomap_zero_range(struct inode *inode, loff_t pos, loff_t len, bool *did_zero,
		     const struct iomap_ops *ops);
int iomap_truncate_page(struct inode *inode, loff_t pos, bool *did_zero, const struct iomap_ops *ops);
vm_fault_t iomap_page_mkwrite(struct vm_fault *vmf, const struct iomap_ops *ops);

/* ------------------------------------------------------------------ fiemap.c */

sector_t iomap_bmap(struct address_space *mapping, sector_t bno, const struct iomap_ops *ops);

/* ------------------------------------------------------------------ ioend.c */

/* One write of adjacent blocks, of one kind; io_bio->bi_private leads here. */
struct iomap_ioend {
	struct list_head	io_list;	/* others that end with it: iomap_finish_ioends() */
	u16			io_type;	/* of the iomap */
	u16			io_flags;
	struct inode		*io_inode;
	size_t			io_size;	/* bytes */
	loff_t			io_offset;	/* in the file */
	sector_t		io_sector;
	struct bio		*io_bio;
};

struct iomap_writepage_ctx;

struct iomap_writeback_ops {
	/*
	 * Sets wpc->iomap to where byte @offset is to be written, unless it says so already. The page is locked.
	 * Type IOMAP_HOLE: it is not written. For an error its bytes are lost, and who waits is told.
	 */
	int (*map_blocks)(struct iomap_writepage_ctx *wpc, struct inode *inode, loff_t offset);
	/*
	 * May be NULL. Before a write is submitted: may set ioend->io_bio->bi_end_io, which then ends with
	 * iomap_finish_ioends(). Returns @status, or an error of its own: it is given up.
	 */
	int (*prepare_ioend)(struct iomap_ioend *ioend, int status);
	/* May be NULL. @pos and what is behind it in the page will not be written: ->map_blocks() failed. */
	void (*discard_folio)(struct folio *folio, loff_t pos);
};

struct iomap_writepage_ctx {
	struct iomap			iomap;
	struct iomap_ioend		*ioend;		/* being filled */
	const struct iomap_writeback_ops *ops;
};

void iomap_finish_ioends(struct iomap_ioend *ioend, int error);
int iomap_writepages(struct address_space *mapping, struct writeback_control *wbc,
		     struct iomap_writepage_ctx *wpc, const struct iomap_writeback_ops *ops);

#endif
