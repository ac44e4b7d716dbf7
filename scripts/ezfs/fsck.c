// SPDX-License-Identifier: MIT
/*
 * fsck.ezfs: check an EZFS and say what is wrong with it, or show what is in it; with -y, repair it. Without
 * -y it only reads.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "show.h"

/* As the other programs of this name have them. */
enum { EXIT_CLEAN = 0, EXIT_REPAIRED = 1, EXIT_ERRORS = 4, EXIT_TROUBLE = 8, EXIT_USAGE = 16 };

struct options {
	const char	*device;
	const struct ezfs_layout *layout;	/* NULL: found by the root inode */
	bool		list, verbose, no, yes;
	const char	*extract;
};

static const char *progname;

static void print_usage(FILE *f)
{
	fprintf(f, "usage: %s [-n | -y] [-v] [-L A|B|C] [-l | -x PATH] DEVICE\n", progname);
}

static void print_help(void)
{
	print_usage(stdout);
	printf("Check the EZFS on DEVICE, a file or block device, which must not be mounted for -y.\n\n"
	       "  -l        list the tree instead, a line for each name:\n"
	       "            inode mode links uid:gid bytes nblocks blocks[indirect] path\n"
	       "  -x PATH   print the bytes of a file instead\n"
	       "  -L A|B|C  the layout (default: as the root inode shows)\n"
	       "  -n        change nothing; so it is without it, too\n"
	       "  -y        repair what is wrong, and say what was done\n"
	       "  -v        say how much is in use\n"
	       "  -h        this text\n\n"
	       "Exit status: 0 clean, 1 errors found and repaired, 4 errors left, 8 the check could\n"
	       "not be done, 16 wrong use.\n");
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

	while ((opt = getopt(argc, argv, "hlL:nvx:y")) != -1) {
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
			o->no = true;
			break;
		case 'y':
			o->yes = true;
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
	if (o->yes && (o->no || o->list || o->extract))
		bad_usage("%s do not go together", "-y and -n, -l or -x");
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

static int check_result(const struct options *o, struct check *c, bool complete)
{
	if (complete && o->verbose)
		print_verbose(o, c);
	if (c->errors)
		printf("%s: %lu error%s\n", o->device, c->errors, c->errors == 1 ? "" : "s");
	else if (complete && !c->io_error)
		printf("%s: clean\n", o->device);
	return c->errors ? EXIT_ERRORS : EXIT_CLEAN;
}

/* -L is for a root inode that is damaged, not for one that is quite clearly of another layout. */
static bool is_another(const struct check *c)
{
	if (ezfs_layout_fits(c->layout, c->store))
		return false;
	for (unsigned int i = 0; i < ezfs_nr_layouts; i++)
		if (ezfs_layout_fits(&ezfs_layouts[i], c->store))
			return true;
	return false;
}

/* Begins a check anew. */
static bool check_again(struct check *c, FILE *out, const struct ezfs_layout *layout)
{
	const struct ezfs_disk *disk = c->disk;

	*c = (struct check){ .disk = disk, .out = out, .layout = layout };
	return check_disk(c);
}

/*
 * The findings, what was changed, and how it is now. A root inode that fits no layout is made to fit the
 * likeliest one, or the one of -L.
 */
static int repair(const struct options *o, struct check *c)
{
	bool complete = check_disk(c);
	const struct ezfs_layout *layout = c->layout;
	unsigned long errors = c->errors, changes = 0;
	int err;

	if (!errors || c->io_error)
		return check_result(o, c, complete);
	if (!complete) {
		layout = c->disk->blocks >= EZFS_MIN_BLOCKS ? repair_guess(c) : NULL;
		if (layout) {
			printf("%s: it is most likely layout %c\n", o->device, layout->name);
			complete = check_again(c, NULL, layout);
		}
	} else {
		complete = !is_another(c);
	}
	if (!complete) {
		printf("%s: %lu error%s, none repaired: it may be no EZFS at all\n", o->device, errors,
		       errors == 1 ? "" : "s");
		return EXIT_ERRORS;
	}
	c->out = stdout;
	err = repair_disk(c, &changes);
	if (err) {
		c->io_error = err;
		return EXIT_TROUBLE;
	}
	if (!check_again(c, stdout, NULL) || c->errors) {
		printf("%s: %lu of %lu errors left\n", o->device, c->errors, errors);
		return EXIT_ERRORS;
	}
	printf("%s: %lu error%s repaired by %lu change%s\n", o->device, errors, errors == 1 ? "" : "s", changes,
	       changes == 1 ? "" : "s");
	return EXIT_REPAIRED;
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
	err = disk_open(&disk, o.device, o.yes);
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
	if (o.yes)
		status = repair(&o, c);
	else if (o.list || o.extract)
		status = show(&o, c);
	else
		status = check_result(&o, c, check_disk(c));
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
