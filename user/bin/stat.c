// SPDX-License-Identifier: MIT
/*
 * stat: all that is known of a file, or with -f of its file system. -c FORMAT chooses: %n name,
 * %s bytes, %b sectors, %i inode, %h links, %a mode in octal, %A in letters, %F kind, %u %g owner,
 * %d device, %X %Y %Z times in seconds, %x %y %z as dates.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "modestr.h"

static const char *kind(const struct stat *st)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFREG:
		return st->st_size ? "regular file" : "regular empty file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "symbolic link";
	case S_IFCHR:
		return "character special file";
	case S_IFBLK:
		return "block special file";
	case S_IFIFO:
		return "fifo";
	case S_IFSOCK:
		return "socket";
	}
	return "unknown file";
}

static const char *date(const struct timespec *ts)
{
	static char buf[64];
	char day[32];

	strftime(day, sizeof(day), "%F %T", gmtime(&ts->tv_sec));
	snprintf(buf, sizeof(buf), "%s.%09ld +0000", day, ts->tv_nsec);
	return buf;
}

static const char *user(unsigned int id)
{
	return id ? "-" : "root";
}

static void print_all(const char *name, const struct stat *st)
{
	char mode[11], target[4096];
	ssize_t n = S_ISLNK(st->st_mode) ? readlink(name, target, sizeof(target)) : 0;

	printf("  File: %s", name);
	if (n > 0)
		printf(" -> %.*s", (int)n, target);
	printf("\n  Size: %-10ld\tBlocks: %-10ld IO Block: %-6d %s\n", st->st_size,
	       st->st_blocks, st->st_blksize, kind(st));
	printf("Device: %u,%u\tInode: %-11lu Links: %u", major(st->st_dev), minor(st->st_dev),
	       st->st_ino, st->st_nlink);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		printf("     Device type: %u,%u", major(st->st_rdev), minor(st->st_rdev));
	printf("\nAccess: (%04o/%s)  Uid: (%5u/%8s)   Gid: (%5u/%8s)\n", st->st_mode & 07777,
	       mode_string(st->st_mode, mode), st->st_uid, user(st->st_uid), st->st_gid,
	       user(st->st_gid));
	printf("Access: %s\n", date(&st->st_atim));
	printf("Modify: %s\n", date(&st->st_mtim));
	printf("Change: %s\n", date(&st->st_ctim));
}

static void print_format(const char *fmt, const char *name, const struct stat *st)
{
	char mode[11];

	for (; *fmt; fmt++) {
		if (*fmt != '%' || !fmt[1]) {
			putchar(*fmt);
			continue;
		}
		switch (*++fmt) {
		case 'n': printf("%s", name); break;
		case 's': printf("%ld", st->st_size); break;
		case 'b': printf("%ld", st->st_blocks); break;
		case 'B': printf("512"); break;
		case 'i': printf("%lu", st->st_ino); break;
		case 'h': printf("%u", st->st_nlink); break;
		case 'a': printf("%o", st->st_mode & 07777); break;
		case 'A': printf("%s", mode_string(st->st_mode, mode)); break;
		case 'f': printf("%x", st->st_mode); break;
		case 'F': printf("%s", kind(st)); break;
		case 'u': printf("%u", st->st_uid); break;
		case 'g': printf("%u", st->st_gid); break;
		case 'd': printf("%lu", st->st_dev); break;
		case 'o': printf("%d", st->st_blksize); break;
		case 'X': printf("%ld", st->st_atime); break;
		case 'Y': printf("%ld", st->st_mtime); break;
		case 'Z': printf("%ld", st->st_ctime); break;
		case 'x': printf("%s", date(&st->st_atim)); break;
		case 'y': printf("%s", date(&st->st_mtim)); break;
		case 'z': printf("%s", date(&st->st_ctim)); break;
		case '%': putchar('%'); break;
		default: printf("%%%c", *fmt); break;
		}
	}
	putchar('\n');
}

static int print_fs(const char *name)
{
	struct statfs s;

	if (statfs(name, &s))
		return -1;
	printf("  File: \"%s\"\n    ID: %x%08x Namelen: %ld Type: %lx\n", name, s.f_fsid.val[0],
	       s.f_fsid.val[1], s.f_namelen, s.f_type);
	printf("Block size: %ld\n", s.f_bsize);
	printf("Blocks: Total: %-10lu Free: %-10lu Available: %lu\n", s.f_blocks, s.f_bfree,
	       s.f_bavail);
	printf("Inodes: Total: %-10lu Free: %lu\n", s.f_files, s.f_ffree);
	return 0;
}

int main(int argc, char **argv)
{
	const char *format = NULL;
	int c, follow = 0, fs = 0, status = 0;
	struct stat st;

	while ((c = getopt(argc, argv, "Lfc:")) != -1) {
		switch (c) {
		case 'L':
			follow = 1;
			break;
		case 'f':
			fs = 1;
			break;
		case 'c':
			format = optarg;
			break;
		default:
			argc = 0;
		}
	}
	if (optind >= argc) {
		fprintf(stderr, "usage: stat [-L] [-f] [-c FORMAT] FILE...\n");
		return 2;
	}
	for (; optind < argc; optind++) {
		const char *name = argv[optind];

		if (fs ? print_fs(name) : (follow ? stat : lstat)(name, &st)) {
			warn("%s", name);
			status = 1;
		} else if (format && !fs) {
			print_format(format, name, &st);
		} else if (!fs) {
			print_all(name, &st);
		}
	}
	return status;
}
