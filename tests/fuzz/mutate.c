// SPDX-License-Identifier: MIT
/*
 * Mutations that know what an input is: image.h. Bytes at random seldom make a number that is wrong in
 * an interesting way: these change fields of superblocks, bitmaps, inodes, directories and indirect
 * blocks, to values near the limits of what they may be; and they add, remove and exchange whole operations.
 *
 * libFuzzer's own mutations do the rest: every fourth time, on all bytes or on the operations alone.
 */
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "../../scripts/ezfs/check.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

static uint64_t state;

static uint64_t next_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dULL;
}

static unsigned int below(unsigned int n)
{
	return (next_random() >> 16) % n;
}

/* ------------------------------------------------------------------ fields */

static void add(struct image *img, uint64_t at, unsigned int bytes)
{
	if (img->nr_fields < MAX_FIELDS && at + bytes <= img->bytes)
		img->fields[img->nr_fields++] = (struct field){ .at = at, .bytes = bytes };
}

static void add_range(struct image *img, uint64_t at, unsigned int length, unsigned int step)
{
	for (unsigned int i = 0; i < length; i += step)
		add(img, at + i, step);
}

/* The checker knows whose each block is. */
static void find_ezfs(struct image *img)
{
	struct ezfs_disk d = { .fd = -1, .mem = img->healthy, .blocks = img->bytes / EZFS_BLOCK_SIZE };
	struct check *c = calloc(1, sizeof(*c));

	c->disk = &d;
	check_disk(c);
	for (unsigned int twice = 0; twice < 2; twice++)
		add_range(img, 0, 80, 8);			/* magic, version, sizes, bitmaps */
	add_range(img, EZFS_BLOCK_SIZE, 10 * 104, 8);		/* ten inodes */
	add_range(img, EZFS_BLOCK_SIZE, 10 * 104, 4);
	for (uint64_t b = EZFS_FIRST_DATA_BLOCK; b < c->blocks; b++) {
		const uint64_t at = b * EZFS_BLOCK_SIZE;

		if (c->owner[b].inode && c->owner[b].indirect)
			add_range(img, at, 128, 8);
		else if (c->owner[b].inode && check_is_dir(c, c->owner[b].inode))
			for (unsigned int slot = 0; slot < 32; slot++) {
				add(img, at + slot * 128, 8);
				add(img, at + slot * 128 + 8, 1);
				add(img, at + slot * 128 + 9, 8);
				add(img, at + slot * 128 + 120, 8);
			}
	}
	free(c);
}

static uint32_t get(const struct image *img, uint64_t at, unsigned int bytes)
{
	uint32_t v = 0;

	if (at + bytes <= img->bytes)
		memcpy(&v, img->healthy + at, bytes);
	return v;
}

/* The first group: its descriptor, bitmaps, and what the first inodes have. */
static void find_ext2(struct image *img)
{
	const unsigned int bs = 1024 << get(img, 1024 + 24, 4);
	const unsigned int isize = get(img, 1024 + 76, 4) ? get(img, 1024 + 88, 2) : 128;
	const uint64_t group = bs == 1024 ? 2048 : bs;
	const uint64_t table = (uint64_t)get(img, group + 8, 4) * bs;

	for (unsigned int twice = 0; twice < 2; twice++) {
		add_range(img, 1024, 104, 4);
		add_range(img, 1024, 104, 2);
		add_range(img, group, 24, 4);
	}
	add_range(img, (uint64_t)get(img, group, 4) * bs, 64, 1);
	add_range(img, (uint64_t)get(img, group + 4, 4) * bs, 16, 1);
	for (unsigned int ino = 1; ino < 28; ino++) {
		const uint64_t inode = table + (ino - 1) * isize;
		const unsigned int mode = get(img, inode, 2) & 0170000;

		if (!mode)
			continue;
		add_range(img, inode, 128, 4);
		add_range(img, inode, 128, 2);
		for (unsigned int i = 0; i < 15; i++) {
			const uint64_t at = (uint64_t)get(img, inode + 40 + 4 * i, 4) * bs;

			if (!at || (mode != 0040000 && i < 12))
				continue;
			if (i >= 12) {
				add_range(img, at, 64, 4);
				continue;
			}
			for (unsigned int entry = 0; entry < bs;) {
				unsigned int len = get(img, at + entry + 4, 2);

				add(img, at + entry, 4);
				add(img, at + entry + 4, 2);
				add(img, at + entry + 6, 1);
				add(img, at + entry + 7, 1);
				add(img, at + entry + 8, 4);
				entry += len ? len : bs;
			}
		}
	}
}

void find_fields(struct image *img)
{
	img->fields = calloc(MAX_FIELDS, sizeof(img->fields[0]));
	if (!strcmp(img->type, "ezfs"))
		find_ezfs(img);
	else
		find_ext2(img);
}

/* ------------------------------------------------------------------ an input in parts */

struct input {
	unsigned int	image, nr_patches, nr_ops;
	struct patch {
		uint32_t	at;
		unsigned int	bytes;
		uint8_t		value[MAX_PATCH];
	} patches[MAX_PATCHES];
	uint8_t		ops[4096];
};

static unsigned int some_image(void)
{
	unsigned int i;

	for (unsigned int tries = 0; tries < 100; tries++) {
		i = below(nr_images);
		if (images[i].usable)
			return i;
	}
	return 0;
}

static void take_apart(struct input *in, const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	unsigned int n;

	memset(in, 0, sizeof(*in));
	if (size < 2 || !images[data[0] % nr_images].usable) {
		in->image = some_image();
		return;
	}
	in->image = data[0] % nr_images;
	n = data[1] % MAX_PATCHES;
	for (data += 2; n && end - data >= 4; n--) {
		struct patch *p = &in->patches[in->nr_patches];

		p->at = data[0] | data[1] << 8 | data[2] << 16;
		p->bytes = data[3] % MAX_PATCH + 1;
		if (end - data < 4 + (ptrdiff_t)p->bytes)
			break;
		memcpy(p->value, data + 4, p->bytes);
		data += 4 + p->bytes;
		in->nr_patches++;
	}
	in->nr_ops = (size_t)(end - data) < sizeof(in->ops) ? end - data : sizeof(in->ops);
	memcpy(in->ops, data, in->nr_ops);
}

static size_t put_together(const struct input *in, uint8_t *data, size_t max)
{
	size_t n = 2;

	if (max < 2)
		return 0;
	data[0] = in->image;
	data[1] = 0;
	for (unsigned int i = 0; i < in->nr_patches; i++) {
		const struct patch *p = &in->patches[i];

		if (n + 4 + p->bytes > max)
			break;
		data[n++] = p->at;
		data[n++] = p->at >> 8;
		data[n++] = p->at >> 16;
		data[n++] = p->bytes - 1;
		memcpy(data + n, p->value, p->bytes);
		n += p->bytes;
		data[1]++;
	}
	for (unsigned int i = 0; i < in->nr_ops && n < max; i++)
		data[n++] = in->ops[i];
	return n;
}

/* ------------------------------------------------------------------ mutations */

static uint64_t value_for(const struct image *img, const struct field *f)
{
	uint64_t old = 0;

	memcpy(&old, img->healthy + f->at, f->bytes);
	switch (below(12)) {
	case 0:	return 0;
	case 1:	return UINT64_MAX;
	case 2:	return below(16);
	case 3:	return img->bytes / 4096 + below(3) - 1;
	case 4:	return below(img->bytes / 4096);
	case 5:	return 1ULL << below(f->bytes * 8);
	case 6:	return 4096ULL * below(600) + below(3) - 1;
	case 7:	return old + below(3) - 1;
	case 8:	return old ^ 1ULL << below(f->bytes * 8);
	case 9: return (1ULL << (f->bytes * 8 - 1)) - below(2);
	case 10: {	/* what another field of the same kind has */
		const struct field *g = &img->fields[below(img->nr_fields)];

		memcpy(&old, img->healthy + g->at, g->bytes);
		return old;
	}
	default: return next_random();
	}
}

static void add_patch(struct input *in)
{
	const struct image *img = &images[in->image];
	const struct field *f = &img->fields[below(img->nr_fields)];
	struct patch *p = &in->patches[in->nr_patches < MAX_PATCHES - 1 ? in->nr_patches++ : below(in->nr_patches)];
	uint64_t value = value_for(img, f);

	p->at = f->at;
	p->bytes = f->bytes;
	memcpy(p->value, &value, f->bytes);
}

static void drop_patch(struct input *in)
{
	if (in->nr_patches)
		in->patches[below(in->nr_patches)] = in->patches[--in->nr_patches];
}

/* An operation is a byte, and as a rule three or four that say on what. */
static void insert_ops(struct input *in)
{
	const unsigned int n = 4 + below(8), at = in->nr_ops ? below(in->nr_ops + 1) : 0;

	if (in->nr_ops + n > sizeof(in->ops))
		return;
	memmove(in->ops + at + n, in->ops + at, in->nr_ops - at);
	for (unsigned int i = 0; i < n; i++)
		in->ops[at + i] = below(3) ? below(40) : next_random();
	in->nr_ops += n;
}

static void remove_ops(struct input *in)
{
	unsigned int at, n;

	if (!in->nr_ops)
		return;
	at = below(in->nr_ops);
	n = 1 + below(16);
	if (n > in->nr_ops - at)
		n = in->nr_ops - at;
	memmove(in->ops + at, in->ops + at + n, in->nr_ops - at - n);
	in->nr_ops -= n;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	static struct input in;

	state = seed * 0x9e3779b97f4a7c15ULL + 0x1234567;
	next_random();
	if (!below(16))
		return LLVMFuzzerMutate(data, size, max);
	take_apart(&in, data, size);
	for (unsigned int rounds = 1 + below(4); rounds; rounds--)
		switch (below(10)) {
		case 0: case 1: case 2:
			add_patch(&in);
			break;
		case 3:
			drop_patch(&in);
			break;
		case 4:
			if (!below(4))
				in.nr_patches = 0;
			break;
		case 5: case 6:
			insert_ops(&in);
			break;
		case 7:
			remove_ops(&in);
			break;
		case 8:
			in.nr_ops = LLVMFuzzerMutate(in.ops, in.nr_ops, sizeof(in.ops));
			break;
		default:
			if (!below(8))
				in.image = some_image();
			else if (in.nr_ops)
				in.ops[below(in.nr_ops)] = below(2) ? below(40) : next_random();
		}
	return put_together(&in, data, max);
}

/* The image of one with the operations of both. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t na, const uint8_t *b, size_t nb, uint8_t *out, size_t max,
				 unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t na, const uint8_t *b, size_t nb, uint8_t *out, size_t max,
				 unsigned int seed)
{
	static struct input x, y;
	unsigned int keep, n;

	state = seed * 0x9e3779b97f4a7c15ULL + 0x7654321;
	take_apart(&x, a, na);
	take_apart(&y, b, nb);
	keep = below(x.nr_ops + 1);
	n = y.nr_ops < sizeof(x.ops) - keep ? y.nr_ops : sizeof(x.ops) - keep;
	memcpy(x.ops + keep, y.ops, n);
	x.nr_ops = keep + n;
	return put_together(&x, out, max);
}
