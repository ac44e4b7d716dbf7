// SPDX-License-Identifier: MIT
/*
 * Damaged modules: modfuzz FILE SEED COUNT. Flips a few bits in what describes a module - headers, symbols, names,
 * relocations, .modinfo, struct module - or cuts it short, and has it loaded. The kernel must refuse it and go on.
 *
 * Its code must not run, damaged as it is. So its last relocation is made one that there is not, which is found after
 * all others have been applied, and a parameter gets a value that it cannot have; neither is damaged.
 * Case i depends on SEED + i alone.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint64_t state;

static uint64_t dice(uint64_t sides)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % sides;
}

static uint64_t field(const unsigned char *p, int bytes)
{
	uint64_t n = 0;

	memcpy(&n, p, bytes);
	return n;
}

struct range {
	size_t from, size;
} ranges[80];
static int num_ranges;
static size_t poison;		/* where the poisoned relocation is */

static void add(size_t from, size_t size)
{
	if (size && num_ranges < 80)
		ranges[num_ranges++] = (struct range){ from, size };
}

enum { SHT_SYMTAB = 2, SHT_STRTAB = 3, SHT_RELA = 4, SHF_ALLOC = 2 };

static void find_ranges(unsigned char *elf)
{
	size_t headers = field(elf + 40, 8), count = field(elf + 60, 2);
	size_t names = field(elf + headers + 64 * field(elf + 62, 2) + 24, 8);

	add(0, 64);
	add(headers, count * 64);
	for (size_t i = 1; i < count; i++) {
		unsigned char *h = elf + headers + 64 * i;
		const char *name = (char *)elf + names + field(h, 4);
		uint32_t type = field(h + 4, 4);
		size_t offset = field(h + 24, 8), size = field(h + 32, 8), target = field(h + 44, 4);

		if (type == SHT_RELA && size && (field(elf + headers + 64 * target + 8, 8) & SHF_ALLOC))
			poison = offset + size - 24;
		if (type == SHT_RELA || type == SHT_SYMTAB || type == SHT_STRTAB || !strcmp(name, ".modinfo") ||
		    !strcmp(name, ".gnu.linkonce.this_module") || !strcmp(name, "__param"))
			add(offset, size);
	}
}

int main(int argc, char **argv)
{
	unsigned char *good, *elf;
	unsigned long refused = 0;
	struct stat st;
	int fd;

	if (argc != 4)
		errx(2, "usage: modfuzz FILE SEED COUNT");
	fd = open(argv[1], O_RDONLY);
	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", argv[1]);
	good = malloc(st.st_size);
	elf = malloc(st.st_size);
	if (!good || !elf || read(fd, good, st.st_size) != st.st_size)
		err(1, "%s", argv[1]);
	find_ranges(good);
	if (!poison)
		errx(1, "no relocations in %s", argv[1]);
	memset(good + poison + 8, 0x7f, 4);		/* its type */
	for (unsigned long i = 0; i < strtoul(argv[3], NULL, 0); i++) {
		size_t len = st.st_size;

		state = (strtoul(argv[2], NULL, 0) + i) * 0x9e3779b97f4a7c15 + 1;
		for (int n = 0; n < 8; n++)
			dice(2);
		memcpy(elf, good, len);
		if (!dice(8))
			len = dice(len) + 1;
		for (int flips = 1 + dice(4); flips; flips--) {
			const struct range *r = &ranges[dice(num_ranges)];
			size_t at = r->from + dice(r->size);

			if (at < poison || at >= poison + 24)
				elf[at] ^= 1 << dice(8);
		}
		if (!syscall(SYS_init_module, elf, len, "count=nonsense")) {
			printf("case %lu of seed %s was loaded\n", i, argv[2]);
			return 1;
		}
		refused++;
	}
	printf("refused %lu\n", refused);
	return 0;
}
