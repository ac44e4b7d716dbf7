// SPDX-License-Identifier: MIT
/*
 * Feeds the kernel's device tree code a real blob, and then thousands of broken ones.
 *
 *	fdt_fuzz BLOB SEED ROUNDS
 *
 * Each blob is read from memory that ends exactly where the blob does, so that the address
 * sanitizer sees the first byte read beyond. What is refused is fine; what is accepted is walked
 * and looked up in. Prints what the intact blob holds.
 */
#include <setjmp.h>
#include <stdarg.h>

#include <linux/types.h>
#include <linux/of.h>
#include <linux/of_fdt.h>

char boot_command_line[COMMAND_LINE_SIZE];
static jmp_buf panicked;
static void *pages;
static bool verbose;

void panic(const char *fmt, ...)
{
	longjmp(panicked, 1);
}

static int say(const char *what, phys_addr_t base, phys_addr_t size)
{
	if (verbose)
		printf("%s %#lx %#lx\n", what, (unsigned long)base, (unsigned long)size);
	return 0;
}

int memblock_add(phys_addr_t base, phys_addr_t size)
{
	return say("memory", base, size);
}

int memblock_remove(phys_addr_t base, phys_addr_t size)
{
	return say("no-map", base, size);
}

int memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	return say("reserved", base, size);
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	return pages = calloc(1, size);
}

ssize_t strscpy(char *dst, const char *src, size_t size)
{
	snprintf(dst, size, "%s", src);
	return strlen(dst);
}

char *strchrnul(const char *s, int c)
{
	while (*s && *s != c)
		s++;
	return (char *)s;
}

/* Reads all that there is to read, so that a bad pointer or length shows. */
static void use_tree(void)
{
	unsigned long sum = 0, nodes = 0;
	struct of_phandle_args args;
	struct device_node *np;
	struct property *pp;

	for_each_of_allnodes(np) {
		nodes++;
		sum += strlen(np->full_name) + strlen(np->name);
		for (pp = np->properties; pp; pp = pp->next) {
			sum += strlen(pp->name) + strlen(pp->value);
			for (int i = 0; i < pp->length; i++)
				sum += ((const u8 *)pp->value)[i];
		}
		of_device_is_compatible(np, "arm,pl011");
		of_device_is_available(np);
		of_parse_phandle_with_args(np, "clocks", "#clock-cells", 0, &args);
	}
	np = of_find_node_by_path("/pl011@9000000");
	if (verbose)
		printf("nodes %lu\nuart %s\nbytes %lu\n", nodes, np ? np->name : "none", sum);
}

/* One blob of len bytes, read from memory that ends with it. Returns true if it was accepted. */
static bool run(const u8 *data, size_t len)
{
	u8 *blob = malloc(len);
	const char *compatible;
	bool ok = false;
	phys_addr_t base;

	memcpy(blob, data, len);
	pages = NULL;
	of_root = NULL;
	boot_command_line[0] = '\0';
	/* The kernel maps FDT_MAX_SIZE bytes; here are only len, and the header must fit them. */
	if (len < 8 || fdt_totalsize(blob) > len)
		goto out;
	if (!early_init_dt_scan(blob))
		goto out;
	early_init_fdt_scan_reserved_mem();
	if (!early_init_dt_stdout(&base, &compatible) && verbose)
		printf("stdout %#lx %s\n", (unsigned long)base, compatible);
	if (verbose)
		printf("bootargs %s\n", boot_command_line);
	if (setjmp(panicked) == 0) {
		unflatten_device_tree();
		use_tree();
		ok = true;
	}
	free(pages);
out:
	free(blob);
	return ok;
}

static void put32(u8 *p, u32 v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

/* Changes a few bytes, mostly where they matter: lengths, offsets, tokens. */
static void mutate(u8 *data, size_t len)
{
	static const u32 nasty[] = { 0, 1, 2, 3, 4, 9, 39, 40, 64, 0x7fffffff, 0x80000000,
				     0xfffffff0, 0xfffffffc, 0xffffffff };
	int n = 1 + random() % 4;

	while (n--) {
		size_t pos = random() % 4 == 0 ? random() % 40 : random() % len;

		switch (random() % 3) {
		case 0:
			data[pos] = random();
			break;
		case 1:
			data[pos] ^= 1 << random() % 8;
			break;
		default:
			pos &= ~3UL;
			if (pos + 4 <= len)
				put32(data + pos, nasty[random() % (sizeof(nasty) / 4)]);
		}
	}
}

int main(int argc, char **argv)
{
	long size, rounds, accepted = 0;
	u8 *blob, *copy;
	FILE *f;

	if (argc != 4 || !(f = fopen(argv[1], "rb")))
		return 2;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	blob = malloc(size);
	copy = malloc(size);
	if (fread(blob, 1, size, f) != size)
		return 2;
	fclose(f);
	srandom(atol(argv[2]));
	rounds = atol(argv[3]);

	verbose = true;
	if (!run(blob, size)) {
		puts("the intact blob was refused");
		return 1;
	}
	verbose = false;

	for (long i = 0; i < size; i += 1 + size / 2000) {	/* cut short, header saying so */
		memcpy(copy, blob, size);
		if (i >= 8)
			put32(copy + 4, i);
		if (run(copy, i)) {
			printf("a blob cut to %ld of %ld bytes was accepted\n", i, size);
			return 1;
		}
	}
	for (long i = 0; i < rounds; i++) {
		memcpy(copy, blob, size);
		mutate(copy, size);
		accepted += run(copy, size);
	}
	printf("accepted %ld of %ld mutated blobs\n", accepted, rounds);
	free(blob);
	free(copy);
	return 0;
}
