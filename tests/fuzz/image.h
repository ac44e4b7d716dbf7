/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_IMAGE_H
#define TESTS_FUZZ_IMAGE_H

/*
 * What an input is: the number of a healthy image, changes to it, and operations.
 *
 *	byte 0		the image, by images[]
 *	byte 1		how many changes there are, modulo MAX_PATCHES
 *	each change	3 bytes: where, modulo the image's size; 1 byte: how many bytes, modulo MAX_PATCH, plus 1; these
 *	the rest	for fuzz_run()
 *
 * Whatever is missing at the end is 0, so each string of bytes is an input.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_PATCHES = 24, MAX_PATCH = 16, MAX_FIELDS = 16384 };

/* A place in an image that means something. */
struct field {
	uint32_t	at;
	uint8_t		bytes;
};

struct image {
	const char	*name;		/* of the file; up to the '-' it is the type for mount(2) */
	char		type[8];
	uint8_t		*healthy;
	size_t		bytes;
	bool		usable;		/* there, and the kernel mounts it */
	struct field	*fields;
	unsigned int	nr_fields;
};

extern struct image images[];
extern const unsigned int nr_images;

/* Fills in fields of an image that has been read. */
void find_fields(struct image *img);

#endif
