// SPDX-License-Identifier: MIT
/*
 * The table of the PC: four entries at the end of the disk's first block. One may be an extended partition: that is a
 * chain of further tables, each with a partition, whose place counts from that table, and a link to the next,
 * which counts from the start of the extended partition. These are partitions 5 and on.
 *
 * The chain is what somebody wrote there: it may lead anywhere, and back.
 */
#include <linux/kernel.h>
#include <linux/unaligned.h>
#include "check.h"

#define MSDOS_LABEL_MAGIC	0xaa55		/* little-endian, in the last two bytes of the sector */
#define MSDOS_TABLE_OFFSET	0x1be
#define MSDOS_SIGNATURE_OFFSET	0x1b8
#define EFI_PMBR_OSTYPE		0xee

struct msdos_partition {
	u8	boot_ind;			/* 0x80: to be booted */
	u8	head, sector, cyl;
	u8	sys_ind;			/* what it is for */
	u8	end_head, end_sector, end_cyl;
	__le32	start_sect, nr_sects;
} __packed;

static bool is_extended_partition(const struct msdos_partition *p)
{
	return p->sys_ind == 0x05 || p->sys_ind == 0x0f || p->sys_ind == 0x85;
}

static sector_t start_sect(const struct parsed_partitions *state, const struct msdos_partition *p)
{
	return (sector_t)get_unaligned_le32(&p->start_sect) * state->sectors_per_block;
}

static sector_t nr_sects(const struct parsed_partitions *state, const struct msdos_partition *p)
{
	return (sector_t)get_unaligned_le32(&p->nr_sects) * state->sectors_per_block;
}

static struct msdos_partition *msdos_table(void *sector)
{
	return get_unaligned_le16(sector + 510) == MSDOS_LABEL_MAGIC ? sector + MSDOS_TABLE_OFFSET : NULL;
}

static void set_uuid(struct parsed_partitions *state, int n, u32 disksig)
{
	snprintf(state->parts[n].uuid, PARTITION_UUID_LEN, "%08x-%02x", disksig, n);
}

/* Has a partition been found in the table at @sector before? */
static bool seen_table(struct parsed_partitions *state, sector_t sector)
{
	for (int n = 5; n < state->next; n++)
		if (state->parts[n].table == sector)
			return true;
	return false;
}

/* The partitions of one table of the chain. Entries 3 and 4 are unusual: they must make sense to count. */
static void parse_logical(struct parsed_partitions *state, const struct msdos_partition *p, sector_t table,
			  sector_t table_size, sector_t first, sector_t first_size, u32 disksig)
{
	for (int i = 0; i < 4 && state->next < DISK_MAX_PARTS; i++, p++) {
		const sector_t offset = start_sect(state, p), size = nr_sects(state, p), from = table + offset;

		if (!size || is_extended_partition(p))
			continue;
		if (i >= 2 && (offset + size > table_size || from < first || from + size > first + first_size))
			continue;
		put_partition(state, state->next, from, size);
		state->parts[state->next].table = table;
		set_uuid(state, state->next, disksig);
		state->next++;
	}
}

/* Follows the chain. 100 tables without a partition are one that leads nowhere. */
static void parse_extended(struct parsed_partitions *state, sector_t first, sector_t first_size, u32 disksig)
{
	sector_t table = first, table_size = first_size;
	struct msdos_partition *p;
	Sector sect;
	void *data;
	int i;

	for (int empty = 0, before; empty < 100 && state->next < DISK_MAX_PARTS;
	     empty = state->next > before ? 0 : empty + 1) {
		before = state->next;
		if (seen_table(state, table)) {
			pr_warn("%s: the extended partitions go in a ring at sector %llu: ignoring the rest\n",
				state->disk->disk_name, (u64)table);
			return;
		}
		data = read_part_sector(state, table, &sect);
		if (!data) {
			pr_warn("%s: no table of extended partitions can be read at sector %llu\n",
				state->disk->disk_name, (u64)table);
			return;
		}
		p = msdos_table(data);
		if (p)
			parse_logical(state, p, table, table_size, first, first_size, disksig);
		for (i = 0; p && i < 4; i++)
			if (nr_sects(state, p + i) && is_extended_partition(p + i))
				break;
		if (!p || i == 4) {
			put_dev_sector(sect);
			return;
		}
		table = first + start_sect(state, p + i);
		table_size = nr_sects(state, p + i);
		put_dev_sector(sect);
	}
	if (state->next < DISK_MAX_PARTS)
		pr_warn("%s: 100 empty tables of extended partitions: ignoring the rest\n", state->disk->disk_name);
}

/* A boot sector has the same mark at its end: what is at the table's place tells. */
static bool is_table(const struct msdos_partition *p)
{
	for (int i = 0; i < 4; i++)
		if ((p[i].boot_ind && p[i].boot_ind != 0x80) || p[i].sys_ind == EFI_PMBR_OSTYPE)
			return false;
	return true;
}

int msdos_partition(struct parsed_partitions *state)
{
	struct msdos_partition *p;
	Sector sect;
	void *data = read_part_sector(state, 0, &sect);
	int ret = 0;
	u32 disksig;

	if (!data)
		return -EIO;
	p = msdos_table(data);
	if (!p || !is_table(p))
		goto out;
	disksig = get_unaligned_le32(data + MSDOS_SIGNATURE_OFFSET);
	state->next = 5;
	for (int slot = 1; slot <= 4; slot++, p++) {
		const sector_t start = start_sect(state, p), size = nr_sects(state, p);

		if (!size)
			continue;
		set_uuid(state, slot, disksig);
		if (is_extended_partition(p)) {
			/* Of itself there is just enough for a boot loader. */
			put_partition(state, slot, start, min(size, (sector_t)max(state->sectors_per_block, 2U)));
			parse_extended(state, start, size, disksig);
		} else {
			put_partition(state, slot, start, size);
		}
	}
	ret = 1;
out:
	put_dev_sector(sect);
	return ret;
}
