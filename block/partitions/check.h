/* SPDX-License-Identifier: MIT */
/* What reads a partition table: core.c asks each kind in turn. */
#ifndef _PARTITIONS_CHECK_H
#define _PARTITIONS_CHECK_H

#include <linux/blkdev.h>
#include <linux/pagemap.h>
#include <linux/types.h>

/* What was found: parts[n] is partition n; in sectors of 512 bytes, size 0: there is none. */
struct parsed_partitions {
	struct gendisk	*disk;
	unsigned int	sectors_per_block;	/* tables count in blocks of the disk */
	int		next;			/* the first number that is not given out */
	struct {
		sector_t	from, size;
		sector_t	table;		/* msdos.c: where the entry was found */
		char		uuid[PARTITION_UUID_LEN];
	} parts[DISK_MAX_PARTS];
};

typedef struct { struct page *v; } Sector;

/* 512 bytes of the disk, or NULL: behind its end, or unreadable. Given back by put_dev_sector(). */
void *read_part_sector(struct parsed_partitions *state, sector_t n, Sector *p);

static inline void put_dev_sector(Sector p)
{
	put_page(p.v);
}

static inline void put_partition(struct parsed_partitions *p, int n, sector_t from, sector_t size)
{
	p->parts[n].from = from;
	p->parts[n].size = size;
}

/* Each returns 1 when the disk has a table of its kind, 0 when not, or an error. */
int efi_partition(struct parsed_partitions *state);
int msdos_partition(struct parsed_partitions *state);

#endif
