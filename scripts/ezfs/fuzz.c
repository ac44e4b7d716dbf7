// SPDX-License-Identifier: MIT
/*
 * fuzz-ezfs: damages healthy images in memory and lets the checker loose on them.
 *
 * Built with the address and undefined-behaviour sanitizers. Each round stands for itself: it is
 * made from the seed and its number, so that -s SEED -r ROUND does a failing one again. Besides
 * not crashing and not hanging, one promise is checked: on a disk that the checker calls clean,
 * every file can be read to its end.
 *
 * With -b FROM:TO it does something else: it flips each bit from byte FROM up to byte TO of the
 * one image given, alone, and prints "BYTE.BIT" for those that the checker did not notice.
 */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "show.h"

void __sanitizer_set_death_callback(void (*callback)(void));

enum { HANG_SECONDS = 20, MAX_META = 2 * EZFS_MOST_INODES + 2 };

struct image {
	const char	*name;
	uint8_t		*healthy, *mem;
	uint64_t	blocks;
	unsigned int	nr_meta;	/* blocks that a round damages: all but files' contents */
	uint64_t	meta[MAX_META];
};

static uint64_t seed = 1, cur_round, state;
static const char *cur_image = "?";
static FILE *null;
static struct check *chk;

static uint64_t next_random(void)
{
	/* A 64-bit xorshift-multiply generator: any fixed one will do here. */
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dULL;
}

static uint64_t below(uint64_t n)
{
	return (next_random() >> 16) % n;
}

static void seed_round(uint64_t round)
{
	state = (seed * 0x9e3779b97f4a7c15ULL) ^ (round + 1) * 0xbf58476d1ce4e5b9ULL;
	state += !state;
	for (int i = 0; i < 4; i++)
		next_random();
}

static void where(void)
{
	fprintf(stderr, "fuzz-ezfs: it was -s %" PRIu64 " -r %" PRIu64 ", image %s\n", seed,
		cur_round, cur_image);
}

static void on_alarm(int sig)
{
	(void)sig;
	fprintf(stderr, "fuzz-ezfs: hangs\n");
	where();
	_exit(EXIT_FAILURE);
}

__attribute__((noreturn)) static void fail(const char *what)
{
	fprintf(stderr, "fuzz-ezfs: %s\n", what);
	where();
	exit(EXIT_FAILURE);
}

static void start_check(const struct ezfs_disk *disk, const struct ezfs_layout *layout)
{
	memset(chk, 0, sizeof(*chk));
	chk->disk = disk;
	chk->layout = layout;
	chk->out = null;
}

static void add_meta(struct image *img, uint64_t blk)
{
	if (img->nr_meta < MAX_META)
		img->meta[img->nr_meta++] = blk;
}

static void load_image(struct image *img, const char *name)
{
	struct ezfs_disk disk;

	img->name = cur_image = name;
	if (disk_open(&disk, name, false))
		fail("cannot open the image");
	img->blocks = disk.blocks;
	img->healthy = malloc(disk.blocks * EZFS_BLOCK_SIZE);
	img->mem = malloc(disk.blocks * EZFS_BLOCK_SIZE);
	if (!img->healthy || !img->mem)
		fail("out of memory");
	for (uint64_t b = 0; b < disk.blocks; b++)
		if (disk_read(&disk, b, img->healthy + b * EZFS_BLOCK_SIZE))
			fail("cannot read the image");
	disk_close(&disk);
	memcpy(img->mem, img->healthy, disk.blocks * EZFS_BLOCK_SIZE);

	disk = (struct ezfs_disk){ .fd = -1, .mem = img->mem, .blocks = img->blocks };
	start_check(&disk, NULL);
	if (!check_disk(chk) || chk->errors)
		fail("the image is not clean to begin with");
	add_meta(img, EZFS_SUPER_BLOCK);
	add_meta(img, EZFS_STORE_BLOCK);
	for (uint64_t b = EZFS_FIRST_DATA_BLOCK; b < chk->blocks; b++)
		if (chk->owner[b].inode && (chk->owner[b].indirect ||
					    check_is_dir(chk, chk->owner[b].inode)))
			add_meta(img, b);
}

static uint64_t interesting(const struct image *img)
{
	switch (below(9)) {
	case 0:	return 0;
	case 1:	return UINT64_MAX;
	case 2:	return below(4);
	case 3:	return img->blocks - below(3);
	case 4:	return below(img->blocks);
	case 5:	return 1ULL << below(64);
	case 6:	return EZFS_BLOCK_SIZE * below(600) + below(3) - 1;
	case 7:	return below(60);
	default: return next_random();
	}
}

static void damage(struct image *img)
{
	uint8_t *blk = img->mem + img->meta[below(img->nr_meta)] * EZFS_BLOCK_SIZE;
	/* What is in use lies mostly at the start of a block. */
	size_t at = below(2) ? below(EZFS_BLOCK_SIZE) : below(800);

	switch (below(8)) {
	case 0:
	case 1:
		blk[at] ^= 1u << below(8);
		break;
	case 2:
		blk[at] = (uint8_t)next_random();
		break;
	case 3:
	case 4:
		ezfs_put64(blk + at / 8 * 8, interesting(img));
		break;
	case 5:		/* an inode, an entry, or a piece of one, over another */
		memmove(blk + below(EZFS_BLOCK_SIZE - 128) / 8 * 8,
			blk + below(EZFS_BLOCK_SIZE - 128) / 8 * 8, 8 + below(121));
		break;
	case 6:		/* one block over another */
		memmove(blk, img->mem + img->meta[below(img->nr_meta)] * EZFS_BLOCK_SIZE,
			EZFS_BLOCK_SIZE);
		break;
	default:
		if (below(4))
			blk[at] = 0;
		else
			for (size_t i = at; i < EZFS_BLOCK_SIZE; i++)
				blk[i] = (uint8_t)next_random();
	}
}

static void restore(struct image *img)
{
	for (unsigned int i = 0; i < img->nr_meta; i++)
		memcpy(img->mem + img->meta[i] * EZFS_BLOCK_SIZE,
		       img->healthy + img->meta[i] * EZFS_BLOCK_SIZE, EZFS_BLOCK_SIZE);
}

static void read_all(bool clean)
{
	show_tree(chk, null);
	for (unsigned int no = 1; no <= chk->layout->max_inodes; no++) {
		check_text path;

		if (!chk->node[no].reached || check_is_dir(chk, no))
			continue;
		if (show_file(chk, no, null) && clean)
			fail("the disk is clean, but a file of it cannot be read");
		check_path(chk, no, path);
		if (clean && path[0] == '/' && !strchr(path, '\\') &&
		    show_lookup(chk, path) != no)
			fail("the disk is clean, but a path does not lead to its file");
	}
}

static void one_round(struct image *img, uint64_t round, unsigned long *clean)
{
	struct ezfs_disk disk = { .fd = -1, .mem = img->mem, .blocks = img->blocks };
	const struct ezfs_layout *layout = NULL;
	uint64_t nr;
	bool complete;

	cur_round = round;
	cur_image = img->name;
	for (nr = 1 + below(6); nr; nr--)
		damage(img);
	if (!below(20))
		disk.blocks = below(img->blocks + 1);
	if (!below(4))
		layout = &ezfs_layouts[below(ezfs_nr_layouts)];
	start_check(&disk, layout);
	complete = check_disk(chk);
	if (complete && !chk->errors)
		++*clean;
	if (complete && (!chk->errors || !below(8)))
		read_all(!chk->errors);
	restore(img);
}

static void flip_bits(struct image *img, const char *range)
{
	struct ezfs_disk disk = { .fd = -1, .mem = img->mem, .blocks = img->blocks };
	unsigned long from, to;

	if (sscanf(range, "%lu:%lu", &from, &to) != 2 || to > img->blocks * EZFS_BLOCK_SIZE)
		fail("-b FROM:TO are bytes of the image");
	for (; from < to; from++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			img->mem[from] ^= 1u << bit;
			start_check(&disk, NULL);
			if (check_disk(chk) && !chk->errors)
				printf("%lu.%u\n", from, bit);
			img->mem[from] ^= 1u << bit;
		}
	}
}

static void run_rounds(struct image *images, uint64_t nr, unsigned long rounds, uint64_t only)
{
	unsigned long clean = 0;

	__sanitizer_set_death_callback(where);
	signal(SIGALRM, on_alarm);
	for (uint64_t round = 0; round < rounds; round++) {
		if (only != UINT64_MAX)
			round = only;
		if (round % 256 == 0 || only != UINT64_MAX)
			alarm(HANG_SECONDS);
		seed_round(round);
		one_round(&images[below(nr)], round, &clean);
		if (only != UINT64_MAX)
			break;
	}
	printf("fuzz-ezfs: seed %" PRIu64 ", %lu rounds, %lu left the disk clean\n", seed, rounds,
	       clean);
}

int main(int argc, char **argv)
{
	unsigned long rounds = 10000;
	const char *range = NULL;
	uint64_t only = UINT64_MAX;
	struct image *images;
	int opt, nr;

	while ((opt = getopt(argc, argv, "b:n:r:s:")) != -1) {
		switch (opt) {
		case 'b':	range = optarg; break;
		case 'n':	rounds = strtoul(optarg, NULL, 10); break;
		case 'r':	only = strtoull(optarg, NULL, 10); break;
		case 's':	seed = strtoull(optarg, NULL, 10); break;
		default:	optind = argc;
		}
	}
	nr = argc - optind;
	if (nr < 1) {
		fprintf(stderr, "usage: fuzz-ezfs [-s SEED] [-n ROUNDS] [-r ROUND] [-b FROM:TO] "
			"IMAGE...\n");
		return 16;
	}
	null = fopen("/dev/null", "w");
	chk = malloc(sizeof(*chk));
	images = calloc((size_t)nr, sizeof(*images));
	if (!null || !chk || !images)
		fail("cannot start");
	for (int i = 0; i < nr; i++)
		load_image(&images[i], argv[optind + i]);
	if (range)
		flip_bits(&images[0], range);
	else
		run_rounds(images, (uint64_t)nr, rounds, only);
	for (int i = 0; i < nr; i++) {
		free(images[i].healthy);
		free(images[i].mem);
	}
	free(images);
	free(chk);
	fclose(null);
	return 0;
}
