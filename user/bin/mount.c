// SPDX-License-Identifier: MIT
/*
 * mount: shows what is mounted, or mounts SOURCE on FOLDER. Without -t the types that need a device
 * are tried in turn. Of -o OPTIONS the well-known ones become flags; the others are the file
 * system's own.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "mounts.h"

static const struct {
	const char	*name;
	unsigned long	set, clear;
} options[] = {
	{ "defaults", 0, 0 }, { "ro", MS_RDONLY, 0 }, { "rw", 0, MS_RDONLY },
	{ "nosuid", MS_NOSUID, 0 }, { "suid", 0, MS_NOSUID }, { "nodev", MS_NODEV, 0 },
	{ "dev", 0, MS_NODEV }, { "noexec", MS_NOEXEC, 0 }, { "exec", 0, MS_NOEXEC },
	{ "sync", MS_SYNCHRONOUS, 0 }, { "async", 0, MS_SYNCHRONOUS },
	{ "remount", MS_REMOUNT, 0 }, { "noatime", MS_NOATIME, 0 }, { "atime", 0, MS_NOATIME },
	{ "nodiratime", MS_NODIRATIME, 0 }, { "relatime", MS_RELATIME, 0 },
	{ "bind", MS_BIND, 0 }, { "rbind", MS_BIND | MS_REC, 0 }, { "move", MS_MOVE, 0 },
};

static unsigned long flags;
static char data[4096];

static int show(void)
{
	struct mount_entry m = { 0 };
	FILE *f = fopen("/proc/mounts", "r");

	if (!f)
		err(1, "/proc/mounts (is /proc mounted?)");
	while (next_mount(f, &m))
		printf("%s on %s type %s (%s)\n", m.source, m.dir, m.type, m.options);
	fclose(f);
	return 0;
}

static void parse_options(char *list)
{
	char *word;
	size_t i;

	while ((word = strsep(&list, ","))) {
		for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
			if (!strcmp(word, options[i].name))
				break;
		if (i < sizeof(options) / sizeof(options[0])) {
			flags = (flags | options[i].set) & ~options[i].clear;
			continue;
		}
		if (strlen(data) + strlen(word) + 2 > sizeof(data))
			errx(1, "the options are too long");
		if (*data)
			strcat(data, ",");
		strcat(data, word);
	}
}

/* Each line of /proc/filesystems is "nodev NAME" or "	NAME"; only the latter live on a device. */
static int try_types(const char *source, const char *dir)
{
	FILE *f = fopen("/proc/filesystems", "r");
	char line[128], *type;
	int ret = -1, tried = 0;

	if (!f)
		err(1, "/proc/filesystems (no -t was given)");
	while (ret && fgets(line, sizeof(line), f)) {
		type = line + strspn(line, " \t");
		type[strcspn(type, "\n")] = 0;
		if (type == line || !*type)
			continue;
		tried = 1;
		ret = mount(source, dir, type, flags, *data ? data : NULL);
		if (ret && errno != EINVAL)
			break;
	}
	fclose(f);
	if (!tried)
		errno = ENODEV;
	return ret;
}

static int try_mount(const char *source, const char *dir, const char *type)
{
	if (type || flags & (MS_REMOUNT | MS_BIND | MS_MOVE))
		return mount(source, dir, type, flags, *data ? data : NULL);
	return try_types(source, dir);
}

int main(int argc, char **argv)
{
	const char *type = NULL, *source, *dir;
	int c, ret;

	while ((c = getopt(argc, argv, "t:o:rwn")) != -1) {
		switch (c) {
		case 't':
			type = optarg;
			break;
		case 'o':
			parse_options(optarg);
			break;
		case 'r':
			flags |= MS_RDONLY;
			break;
		case 'w':
			flags &= ~MS_RDONLY;
			break;
		case 'n':
			break;
		default:
			goto usage;
		}
	}
	if (argc == 1)
		return show();
	if (argc - optind == 1 && flags & MS_REMOUNT)
		source = "none";
	else if (argc - optind == 2)
		source = argv[optind++];
	else
		goto usage;
	dir = argv[optind];

	ret = try_mount(source, dir, type);
	if (ret && (errno == EACCES || errno == EROFS) && !(flags & (MS_RDONLY | MS_REMOUNT))) {
		flags |= MS_RDONLY;
		ret = try_mount(source, dir, type);
		if (!ret)
			warnx("%s is write-protected: mounted read-only", source);
	}
	if (!ret)
		return 0;
	if (errno == ENODEV && type)
		errx(32, "the kernel has no file system '%s' (see /proc/filesystems)", type);
	if (errno == EINVAL && !(flags & MS_REMOUNT))
		errx(32, "%s on %s: not such a file system, or a bad option; dmesg may say more",
		     source, dir);
	err(32, "%s on %s", source, dir);
usage:
	fprintf(stderr, "usage: mount [-r] [-t TYPE] [-o OPTIONS] SOURCE FOLDER\n");
	return 2;
}
