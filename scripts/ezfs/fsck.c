// SPDX-License-Identifier: MIT
/*
 * fsck.ezfs: check an EZFS and say what is wrong with it, or show what is in it. It only reads.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "show.h"

/* As the other programs of this name have them. */
enum { EXIT_CLEAN = 0, EXIT_ERRORS = 4, EXIT_TROUBLE = 8, EXIT_USAGE = 16 };

struct options {
	const char	*device;
	const struct ezfs_layout *layout;	/* NULL: found by the root inode */
	bool		list, verbose;
	const char	*extract;
};

static const char *progname;

static void print_usage(FILE *f)
{
	fprintf(f, "usage: %s [-n] [-v] [-L A|B|C] [-l | -x PATH] DEVICE\n", progname);
}

static void print_help(void)
{
	print_usage(stdout);
	printf("Check the EZFS on DEVICE, a file or block device. Nothing is ever written to it.\n\n"
	       "  -l        list the tree instead, a line for each name:\n"
	       "            inode mode links uid:gid bytes nblocks blocks[indirect] path\n"
	       "  -x PATH   print the bytes of a file instead\n"
	       "  -L A|B|C  the layout (default: as the root inode shows)\n"
	       "  -n        does nothing: for those used to it\n"
	       "  -v        say how much is in use\n"
	       "  -h        this text\n\n"
	       "Exit status: 0 clean, 4 errors found, 8 the check could not be done, 16 wrong use.\n");
}

__attribute__((noreturn)) static void bad_usage(const char *fmt, const char *arg)
{
	fprintf(stderr, "%s: ", progname);
	fprintf(stderr, fmt, arg);
	fputc('\n', stderr);
	print_usage(stderr);
	exit(EXIT_USAGE);
}

static void parse_options(struct options *o, int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "hlL:nvx:")) != -1) {
		switch (opt) {
		case 'h':
			print_help();
			exit(EXIT_CLEAN);
		case 'l':
			o->list = true;
			break;
		case 'L':
			o->layout = ezfs_layout_by_name(optarg);
			if (!o->layout)
				bad_usage("\"%s\" is not a layout: A, B or C", optarg);
			break;
		case 'n':
			break;
		case 'v':
			o->verbose = true;
			break;
		case 'x':
			o->extract = optarg;
			break;
		default:
			print_usage(stderr);
			exit(EXIT_USAGE);
		}
	}
	if (o->list && o->extract)
		bad_usage("%s do not go together", "-l and -x");
	if (argc - optind != 1)
		bad_usage("one %s is wanted", "DEVICE");
	o->device = argv[optind];
}

static void print_verbose(const struct options *o, const struct check *c)
{
	unsigned int inodes = 0;
	uint64_t used = EZFS_FIRST_DATA_BLOCK;

	for (unsigned int no = 1; no <= c->layout->max_inodes; no++)
		inodes += c->node[no].live;
	for (uint64_t blk = EZFS_FIRST_DATA_BLOCK; blk < c->blocks; blk++)
		used += c->owner[blk].inode != 0;
	printf("%s: layout %c, %" PRIu64 " blocks (the device has %" PRIu64 "), in use: %u of %u "
	       "inodes, %" PRIu64 " blocks\n", o->device, c->layout->name, c->blocks,
	       c->disk->blocks, inodes, c->layout->max_inodes, used);
}

static int check(const struct options *o, struct check *c)
{
	bool complete = check_disk(c);

	if (complete && o->verbose)
		print_verbose(o, c);
	if (c->errors)
		printf("%s: %lu error%s\n", o->device, c->errors, c->errors == 1 ? "" : "s");
	else if (complete && !c->io_error)
		printf("%s: clean\n", o->device);
	return c->errors ? EXIT_ERRORS : EXIT_CLEAN;
}

static int extract(const struct options *o, struct check *c)
{
	unsigned int no = show_lookup(c, o->extract);
	int err = no ? show_file(c, no, stdout) : -ENOENT;

	if (!err)
		return EXIT_CLEAN;
	fprintf(stderr, "%s: %s: %s: %s\n", progname, o->device, o->extract, strerror(-err));
	return err == -EUCLEAN ? EXIT_ERRORS : EXIT_TROUBLE;
}

/* -l and -x stand on the check, but do not show what it finds. */
static int show(const struct options *o, struct check *c)
{
	c->out = NULL;
	if (!check_disk(c)) {
		if (!c->io_error)
			fprintf(stderr, "%s: %s: too damaged to look into; run %s on it\n",
				progname, o->device, progname);
		return EXIT_ERRORS;
	}
	if (o->extract)
		return extract(o, c);
	show_tree(c, stdout);
	if (!c->errors)
		return EXIT_CLEAN;
	fprintf(stderr, "%s: %s: the disk has %lu error%s\n", progname, o->device, c->errors,
		c->errors == 1 ? "" : "s");
	return EXIT_ERRORS;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct ezfs_disk disk;
	struct check *c;
	int err, status;

	progname = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	parse_options(&o, argc, argv);
	err = disk_open(&disk, o.device);
	if (err) {
		fprintf(stderr, "%s: %s: %s\n", progname, o.device,
			err == -ENOTBLK ? "is neither a file nor a block device" : strerror(-err));
		return EXIT_TROUBLE;
	}
	c = calloc(1, sizeof(*c));
	if (!c) {
		fprintf(stderr, "%s: out of memory\n", progname);
		return EXIT_TROUBLE;
	}
	c->disk = &disk;
	c->layout = o.layout;
	c->out = stdout;
	status = o.list || o.extract ? show(&o, c) : check(&o, c);
	if (c->io_error) {
		fprintf(stderr, "%s: %s: %s\n", progname, o.device, strerror(-c->io_error));
		status = EXIT_TROUBLE;
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "%s: cannot write the result\n", progname);
		status = EXIT_TROUBLE;
	}
	free(c);
	disk_close(&disk);
	return status;
}
