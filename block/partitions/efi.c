// SPDX-License-Identifier: MIT
/*
 * GUID partition tables (UEFI 2.10, chapter 5): block 0 holds a table of the PC with one partition of type 0xee, so
 * that others leave the disk alone; block 1 a header, and the last block another; each names its own copy of the array
 * of entries. Header and array have a checksum: the second header counts when the first is damaged.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "check.h"

#define GPT_HEADER_SIGNATURE	0x5452415020494645ULL	/* "EFI PART" */
#define GPT_HEADER_SIZE		92
#define GPT_ENTRY_SIZE		128
#define GPT_MAX_ENTRIES		8192
#define PMBR_TYPE_OFFSET	(0x1be + 4)
#define PMBR_TYPE		0xee

typedef struct { u8 b[16]; } efi_guid_t;

struct gpt_header {
	__le64		signature;
	__le32		revision, header_size, header_crc32, reserved1;
	__le64		my_lba, alternate_lba, first_usable_lba, last_usable_lba;
	efi_guid_t	disk_guid;
	__le64		partition_entry_lba;
	__le32		num_partition_entries, sizeof_partition_entry, partition_entry_array_crc32;
} __packed;

struct gpt_entry {
	efi_guid_t	type, unique;		/* type: all zero when the entry is not used */
	__le64		starting_lba, ending_lba;
	__le64		attributes;
	u8		name[72];
} __packed;

/* The checksum of Ethernet, bit by bit: a table is read once. */
static u32 crc32(u32 crc, const u8 *p, size_t len)
{
	while (len--) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc;
}

static u64 last_lba(struct parsed_partitions *state)
{
	return get_capacity(state->disk) / state->sectors_per_block - 1;
}

/* Entry @i of the array of @gpt, or NULL. Four to a sector: none lies across two. */
static struct gpt_entry *read_entry(struct parsed_partitions *state, const struct gpt_header *gpt, u32 i, Sector *sect)
{
	const sector_t first = le64_to_cpu(gpt->partition_entry_lba) * state->sectors_per_block;
	const unsigned int per_sector = SECTOR_SIZE / GPT_ENTRY_SIZE;
	struct gpt_entry *entries = read_part_sector(state, first + i / per_sector, sect);

	return entries ? entries + i % per_sector : NULL;
}

static bool is_array_valid(struct parsed_partitions *state, const struct gpt_header *gpt)
{
	const u32 nr = le32_to_cpu(gpt->num_partition_entries);
	u32 crc = ~0U;

	for (u32 i = 0; i < nr; i++) {
		Sector sect;
		struct gpt_entry *entry = read_entry(state, gpt, i, &sect);

		if (!entry)
			return false;
		crc = crc32(crc, (u8 *)entry, GPT_ENTRY_SIZE);
		put_dev_sector(sect);
	}
	return ~crc == le32_to_cpu(gpt->partition_entry_array_crc32);
}

static const char *header_fault(struct parsed_partitions *state, const struct gpt_header *gpt, u64 lba)
{
	struct gpt_header copy = *gpt;

	if (le64_to_cpu(gpt->signature) != GPT_HEADER_SIGNATURE)
		return "no signature";
	/* What is behind the fields is reserved, and zero; larger headers there are none. */
	if (le32_to_cpu(gpt->header_size) != GPT_HEADER_SIZE)
		return "a size that is unknown";
	copy.header_crc32 = 0;
	if (~crc32(~0U, (u8 *)&copy, GPT_HEADER_SIZE) != le32_to_cpu(gpt->header_crc32))
		return "a wrong checksum";
	if (le64_to_cpu(gpt->my_lba) != lba)
		return "another place as its own";
	if (le64_to_cpu(gpt->last_usable_lba) > last_lba(state) ||
	    le64_to_cpu(gpt->first_usable_lba) > le64_to_cpu(gpt->last_usable_lba) ||
	    le64_to_cpu(gpt->partition_entry_lba) > last_lba(state))
		return "places beyond the end of the disk";
	if (le32_to_cpu(gpt->sizeof_partition_entry) != GPT_ENTRY_SIZE ||
	    le32_to_cpu(gpt->num_partition_entries) > GPT_MAX_ENTRIES)
		return "entries of a size or number that is unknown";
	return is_array_valid(state, gpt) ? NULL : "entries with a wrong checksum";
}

/* Reads the header at @lba into *gpt; false, and it is said why, when it is not good. */
static bool is_gpt_valid(struct parsed_partitions *state, u64 lba, struct gpt_header *gpt)
{
	const char *fault = "no data";
	Sector sect;
	void *data = read_part_sector(state, lba * state->sectors_per_block, &sect);

	if (data) {
		memcpy(gpt, data, sizeof(*gpt));
		put_dev_sector(sect);
		fault = header_fault(state, gpt, lba);
	}
	if (fault)
		pr_warn("%s: the GPT header in block %llu has %s\n", state->disk->disk_name, lba, fault);
	return !fault;
}

static bool is_pmbr_valid(struct parsed_partitions *state)
{
	Sector sect;
	u8 *data = read_part_sector(state, 0, &sect);
	bool valid = false;

	if (!data)
		return false;
	for (int i = 0; i < 4 && get_unaligned_le16(data + 510) == 0xaa55; i++)
		valid |= data[PMBR_TYPE_OFFSET + 16 * i] == PMBR_TYPE;
	put_dev_sector(sect);
	return valid;
}

static bool find_valid_gpt(struct parsed_partitions *state, struct gpt_header *gpt)
{
	if (is_gpt_valid(state, 1, gpt))
		return true;
	if (!is_gpt_valid(state, last_lba(state), gpt))
		return false;
	pr_warn("%s: using the GPT at the end of the disk\n", state->disk->disk_name);
	return true;
}

/* The first three parts of a GUID are little-endian numbers. */
static void format_guid(char *buf, const efi_guid_t *guid)
{
	static const u8 order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

	for (int i = 0; i < 16; i++)
		buf += sprintf(buf, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", guid->b[order[i]]);
}

int efi_partition(struct parsed_partitions *state)
{
	static const efi_guid_t unused;
	struct gpt_header gpt;
	u32 nr;

	if (!is_pmbr_valid(state) || !find_valid_gpt(state, &gpt))
		return 0;
	nr = min_t(u32, le32_to_cpu(gpt.num_partition_entries), DISK_MAX_PARTS - 1);
	for (u32 i = 0; i < nr; i++) {
		Sector sect;
		struct gpt_entry *entry = read_entry(state, &gpt, i, &sect);
		u64 start, end;

		if (!entry)
			return -EIO;
		start = le64_to_cpu(entry->starting_lba);
		end = le64_to_cpu(entry->ending_lba);
		if (memcmp(&entry->type, &unused, sizeof(unused)) && start <= end && end <= last_lba(state)) {
			put_partition(state, i + 1, start * state->sectors_per_block,
				      (end - start + 1) * state->sectors_per_block);
			format_guid(state->parts[i + 1].uuid, &entry->unique);
		}
		put_dev_sector(sect);
	}
	return 1;
}
