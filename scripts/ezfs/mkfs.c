// SPDX-License-Identifier: MIT
/*
 * mkfs.ezfs: make an EZFS on a file or block device; called as format_disk_as_ezfs, with the
 * arguments and the result of the course's own program of that name.
 *
 * All that can be refused is refused before the first write. Then the superblock is cleared, the
 * rest written, and the superblock written last: a disk on which mkfs did not come to its end is
 * not an EZFS. Blocks that nothing uses keep what they held.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "tree.h"

enum { EXIT_USAGE = 2 };

#define COURSE_NAME	"format_disk_as_ezfs"

static const char *progname;
static const char *created;		/* the image file, while it is ours and unfinished */

struct options {
	const struct ezfs_layout *layout;
	const char	*device, *folder;
	uint64_t	blocks;		/* 0: the device's size */
	uint32_t	uid, gid;
	bool		as_course;	/* called by the course's name */
	bool		verbose;
	bool		fixed_time;	/* by SOURCE_DATE_EPOCH */
	struct timespec	now;
};

void die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", progname);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	if (created)
		unlink(created);
	exit(EXIT_FAILURE);
}

static void print_usage(FILE *f, bool as_course)
{
	if (as_course)
		fprintf(f, "usage: %s [-v] [-L A|B|C] [-o UID:GID] DEVICE DISK_BLKS [FOLDER]\n",
			progname);
	else
		fprintf(f, "usage: %s [-v] [-L A|B|C] [-s BLOCKS] [-o UID:GID] DEVICE [FOLDER]\n",
			progname);
}

static void print_help(bool as_course)
{
	print_usage(stdout, as_course);
	printf("Make an EZFS on DEVICE, a file or block device, with ");
	if (as_course)
		printf("a hello.txt and what FOLDER holds.\n\n");
	else
		printf("what FOLDER holds, or else a hello.txt.\n\n");
	printf("  -L A|B|C    the layout on the disk (default B)\n");
	if (!as_course)
		printf("  -s BLOCKS   blocks of 4096 bytes to use (default: all of DEVICE);\n"
		       "              an image file that is missing or smaller becomes that large\n");
	printf("  -o UID:GID  who owns everything (default 0:0)\n"
	       "  -v          say what was made\n"
	       "  -h          this text\n\n"
	       "All times are SOURCE_DATE_EPOCH (seconds since 1970) if it is set; else files\n"
	       "keep the time of their last change.\n");
}

__attribute__((noreturn, format(printf, 2, 3)))
static void bad_usage(const struct options *o, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", progname);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	print_usage(stderr, o->as_course);
	exit(EXIT_USAGE);
}

/* A decimal number from 0 to max and nothing else; *end is set to what follows it. */
static bool parse_number(const char *s, uint64_t max, uint64_t *value, const char **end)
{
	char *e;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	*value = strtoull(s, &e, 10);
	*end = e;
	return !errno && *value <= max;
}

static void parse_blocks(struct options *o, const char *s)
{
	const char *end;

	if (!parse_number(s, UINT64_MAX, &o->blocks, &end) || *end || !o->blocks)
		bad_usage(o, "\"%s\" is not a number of blocks", s);
}

static void parse_owner(struct options *o, const char *s)
{
	uint64_t uid, gid;
	const char *end;

	if (!parse_number(s, UINT32_MAX, &uid, &end) || *end != ':' ||
	    !parse_number(end + 1, UINT32_MAX, &gid, &end) || *end)
		bad_usage(o, "\"%s\" is not UID:GID", s);
	o->uid = (uint32_t)uid;
	o->gid = (uint32_t)gid;
}

static void parse_epoch(struct options *o)
{
	const char *s = getenv("SOURCE_DATE_EPOCH"), *end;
	uint64_t sec;

	clock_gettime(CLOCK_REALTIME, &o->now);
	if (!s || !*s)
		return;
	if (!parse_number(s, INT64_MAX, &sec, &end) || *end)
		bad_usage(o, "SOURCE_DATE_EPOCH: \"%s\" is not a number of seconds", s);
	o->now = (struct timespec){ .tv_sec = (time_t)sec };
	o->fixed_time = true;
}

static void parse_options(struct options *o, int argc, char **argv)
{
	int opt, left;

	o->layout = ezfs_layout_by_name("B");
	while ((opt = getopt(argc, argv, o->as_course ? "hvL:o:" : "hvL:o:s:")) != -1) {
		switch (opt) {
		case 'L':
			o->layout = ezfs_layout_by_name(optarg);
			if (!o->layout)
				bad_usage(o, "\"%s\" is not a layout: A, B or C", optarg);
			break;
		case 's':
			parse_blocks(o, optarg);
			break;
		case 'o':
			parse_owner(o, optarg);
			break;
		case 'v':
			o->verbose = true;
			break;
		case 'h':
			print_help(o->as_course);
			exit(EXIT_SUCCESS);
		default:
			print_usage(stderr, o->as_course);
			exit(EXIT_USAGE);
		}
	}
	argv += optind;
	left = argc - optind;
	if (left < 1 + o->as_course || left > 2 + o->as_course)
		bad_usage(o, left < 1 + o->as_course ? "too few arguments" : "too many arguments");
	o->device = *argv++;
	if (o->as_course)
		parse_blocks(o, *argv++);
	o->folder = *argv;
	parse_epoch(o);
}

/* How many blocks the device has now: 0 when it is a file that is not there yet. */
static uint64_t look_at_device(const struct options *o, struct stat *st)
{
	uint64_t blocks;
	int fd, err;

	if (stat(o->device, st) < 0) {
		if (errno != ENOENT)
			die("%s: %s", o->device, strerror(errno));
		if (!o->blocks)
			die("%s: no such file; with -s BLOCKS it is made", o->device);
		*st = (struct stat){ .st_mode = S_IFREG };
		return 0;
	}
	if (!S_ISREG(st->st_mode) && !S_ISBLK(st->st_mode))
		die("%s: is neither a file nor a block device", o->device);
	fd = open(o->device, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", o->device, strerror(errno));
	err = disk_size(fd, &blocks);
	if (err)
		die("%s: %s", o->device, strerror(-err));
	close(fd);
	return blocks;
}

/* Decides on the size of the file system, or says why it cannot be. */
static void choose_size(struct options *o, const struct stat *st, uint64_t device_blocks)
{
	uint64_t max = ezfs_max_blocks(o->layout);
	uint64_t seen;		/* the size that a mount in layout A will find */

	if (!o->blocks)
		o->blocks = device_blocks;
	if (o->blocks > max)
		die("%s: too large: %" PRIu64 " blocks, and layout %c has at most %" PRIu64
		    " (2 and %u data blocks)%s", o->device, o->blocks, o->layout->name, max,
		    o->layout->max_data_blocks,
		    o->as_course ? "" : "; -s BLOCKS uses a part of the device");
	if (o->blocks > device_blocks && S_ISBLK(st->st_mode))
		die("%s: the device has %" PRIu64 " blocks, not %" PRIu64, o->device,
		    device_blocks, o->blocks);
	seen = device_blocks < max ? device_blocks : max;
	if (!o->layout->sb_disk_blks && o->blocks < seen)
		die("%s: layout %c does not store the disk's size, so it cannot use %" PRIu64
		    " blocks of %" PRIu64, o->device, o->layout->name, o->blocks, device_blocks);
}

static void put_time(const struct ezfs_layout *l, uint8_t *p, struct timespec t)
{
	ezfs_put64(p, (uint64_t)(int64_t)t.tv_sec);
	if (l->has_nsec)
		ezfs_put64(p + 8, (uint64_t)t.tv_nsec);
}

static void put_inode(const struct options *o, uint8_t *p, const struct node *n)
{
	const struct ezfs_layout *l = o->layout;

	ezfs_put32(p + EZFS_I_MODE, n->mode);
	ezfs_put32(p + EZFS_I_UID, o->uid);
	ezfs_put32(p + EZFS_I_GID, o->gid);
	put_time(l, p + l->i_time[EZFS_ATIME], o->now);
	put_time(l, p + l->i_time[EZFS_MTIME], o->fixed_time ? o->now : n->mtime);
	put_time(l, p + l->i_time[EZFS_CTIME], o->now);
	ezfs_put32(p + l->i_nlink, n->nlink);
	ezfs_put64(p + l->i_block, n->nblocks ? n->block : l->no_block);
	if (l->i_indirect)
		ezfs_put64(p + l->i_indirect, n->indirect ? n->indirect : l->no_block);
	ezfs_put64(p + l->i_size, n->size);
	ezfs_put64(p + l->i_nblocks, n->nblocks);
}

static void write_block(const struct options *o, int fd, uint64_t blk, const uint8_t *buf)
{
	int err = disk_write(fd, blk, buf);

	if (err)
		die("%s: block %" PRIu64 ": %s", o->device, blk, strerror(-err));
}

static void write_superblock(const struct options *o, int fd, const struct tree *t)
{
	const struct ezfs_layout *l = o->layout;
	uint8_t buf[EZFS_BLOCK_SIZE] = { 0 };

	ezfs_put64(buf + EZFS_SB_VERSION, EZFS_VERSION);
	ezfs_put64(buf + EZFS_SB_MAGIC, EZFS_MAGIC_NUMBER);
	if (l->sb_disk_blks)
		ezfs_put64(buf + l->sb_disk_blks, o->blocks);
	for (unsigned int i = 0; i < t->nr_nodes; i++)
		ezfs_set_bit(buf + l->sb_free_inodes, i);
	for (uint64_t b = EZFS_FIRST_DATA_BLOCK; b < t->blocks; b++)
		ezfs_set_bit(buf + l->sb_free_data_blocks,
			     (unsigned int)(b - EZFS_FIRST_DATA_BLOCK));
	write_block(o, fd, EZFS_SUPER_BLOCK, buf);
}

static void write_store(const struct options *o, int fd, const struct tree *t)
{
	uint8_t buf[EZFS_BLOCK_SIZE] = { 0 };

	for (unsigned int i = 1; i <= t->nr_nodes; i++)
		put_inode(o, buf + ezfs_inode_offset(o->layout, i), t->node[i]);
	write_block(o, fd, EZFS_STORE_BLOCK, buf);
}

static void write_directory(const struct options *o, int fd, const struct node *n)
{
	uint8_t buf[EZFS_BLOCK_SIZE] = { 0 }, *p = buf;

	for (unsigned int i = 0; i < n->nr_entries; i++, p += EZFS_DE_SIZE) {
		ezfs_put64(p + EZFS_DE_INODE, n->entries[i].node->number);
		p[EZFS_DE_ACTIVE] = 1;
		strcpy((char *)p + EZFS_DE_NAME, n->entries[i].name);
	}
	write_block(o, fd, n->block, buf);
}

/* Fills buf from the file as far as it goes. Returns the bytes read. */
static size_t read_fully(int fd, uint8_t *buf, const struct node *n)
{
	size_t done = 0;

	while (done < EZFS_BLOCK_SIZE) {
		ssize_t got = read(fd, buf + done, EZFS_BLOCK_SIZE - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			die("%s: %s", node_path(n), strerror(errno));
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return done;
}

static void write_file(const struct options *o, int fd, const struct node *n)
{
	uint8_t buf[EZFS_BLOCK_SIZE], extra;
	uint64_t total = 0;
	int from;

	if (n->text) {		/* at most a block */
		memset(buf, 0, sizeof(buf));
		memcpy(buf, n->text, n->size);
		write_block(o, fd, n->block, buf);
		return;
	}
	from = node_open(n);
	for (uint64_t b = 0; b < n->nblocks; b++) {
		memset(buf, 0, sizeof(buf));
		total += read_fully(from, buf, n);
		write_block(o, fd, n->block + b, buf);
	}
	if (total != n->size || read(from, &extra, 1) != 0)
		die("%s: changed while it was being stored", node_path(n));
	close(from);
}

static void write_indirect(const struct options *o, int fd, const struct node *n)
{
	uint8_t buf[EZFS_BLOCK_SIZE] = { 0 };

	for (uint64_t b = 1; b < n->nblocks; b++)
		ezfs_put64(buf + (b - 1) * 8, n->block + b);
	write_block(o, fd, n->indirect, buf);
}

static int open_for_writing(const struct options *o, const struct stat *st, uint64_t device_blocks)
{
	int flags = O_RDWR | O_CLOEXEC, fd;

	if (S_ISBLK(st->st_mode))
		flags |= O_EXCL;	/* refused while it is mounted */
	else if (!st->st_ino)
		flags |= O_CREAT | O_EXCL;
	fd = open(o->device, flags, 0666);
	if (fd < 0)
		die("%s: %s%s", o->device, strerror(errno),
		    errno == EBUSY ? " (is it mounted?)" : "");
	if (!st->st_ino)
		created = o->device;
	if (device_blocks < o->blocks && ftruncate(fd, (off_t)(o->blocks * EZFS_BLOCK_SIZE)) < 0)
		die("%s: %s", o->device, strerror(errno));
	return fd;
}

static void sync_device(const struct options *o, int fd)
{
	if (fsync(fd) < 0)
		die("%s: %s", o->device, strerror(errno));
}

static void write_all(const struct options *o, int fd, const struct tree *t)
{
	static const uint8_t zeros[EZFS_BLOCK_SIZE];

	write_block(o, fd, EZFS_SUPER_BLOCK, zeros);
	write_store(o, fd, t);
	for (unsigned int i = 1; i <= t->nr_nodes; i++) {
		const struct node *n = t->node[i];

		if (S_ISDIR(n->mode))
			write_directory(o, fd, n);
		else
			write_file(o, fd, n);
		if (n->indirect)
			write_indirect(o, fd, n);
	}
	sync_device(o, fd);
	write_superblock(o, fd, t);
	sync_device(o, fd);
	if (close(fd) < 0)
		die("%s: %s", o->device, strerror(errno));
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	uint64_t device_blocks;
	struct stat st;
	struct tree t;

	progname = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	o.as_course = !strcmp(progname, COURSE_NAME);
	parse_options(&o, argc, argv);
	device_blocks = look_at_device(&o, &st);
	choose_size(&o, &st, device_blocks);

	tree_init(&t, o.layout, o.now);
	t.skip_dev = st.st_dev;
	t.skip_ino = st.st_ino;
	if (!o.folder || (o.as_course && !folder_has(o.folder, "hello.txt")))
		tree_add_text(&t, "hello.txt", "Hello world!\n", 0666, o.now);
	if (o.folder)
		tree_add_folder(&t, o.folder, o.as_course);
	tree_place(&t);
	if (t.blocks > o.blocks)
		die("%s: too small: %" PRIu64 " blocks, and %" PRIu64 " are needed%s", o.device,
		    o.blocks, t.blocks,
		    t.blocks > ezfs_max_blocks(o.layout) ? ", more than this layout can have" : "");

	write_all(&o, open_for_writing(&o, &st, device_blocks), &t);
	created = NULL;
	if (o.verbose)
		printf("%s: EZFS, layout %c: %u of %u inodes, %" PRIu64 " of %" PRIu64
		       " blocks in use\n", o.device, o.layout->name, t.nr_nodes,
		       o.layout->max_inodes, t.blocks, o.blocks);
	tree_free(&t);
	return EXIT_SUCCESS;
}
