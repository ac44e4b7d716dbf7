// SPDX-License-Identifier: MIT
/* umount: takes file systems off their folders. -l: at once, busy or not; -f: by force. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "mounts.h"

/* A device is unmounted from where it was mounted last. */
static const char *folder_of(const char *name)
{
	static char dir[4096];
	struct mount_entry m = { 0 };
	FILE *f = fopen("/proc/mounts", "r");
	const char *found = name;

	while (f && next_mount(f, &m))
		if (!strcmp(m.source, name) && strlcpy(dir, m.dir, sizeof(dir)) < sizeof(dir))
			found = dir;
	if (f)
		fclose(f);
	return found;
}

int main(int argc, char **argv)
{
	int c, flags = 0, status = 0;

	while ((c = getopt(argc, argv, "lfn")) != -1) {
		switch (c) {
		case 'l':
			flags |= MNT_DETACH;
			break;
		case 'f':
			flags |= MNT_FORCE;
			break;
		case 'n':
			break;
		default:
			argc = 0;
		}
	}
	if (optind >= argc) {
		fprintf(stderr, "usage: umount [-lf] FOLDER|DEVICE...\n");
		return 2;
	}
	for (; optind < argc; optind++)
		if (umount2(folder_of(argv[optind]), flags)) {
			warn("%s", argv[optind]);
			status = 32;
		}
	return status;
}
