// SPDX-License-Identifier: MIT
/*
 * Reading a folder of the host into a struct tree and deciding where each part of it will lie.
 *
 * Nothing is written here, so a folder that does not fit into EZFS leaves the device as it was.
 * Files are opened from their parents' descriptors, never by a long path: 38 nested directories
 * with names of 118 bytes are legal in EZFS and make a path longer than PATH_MAX.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

static void *zalloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		die("out of memory");
	return p;
}

char *node_path(const struct node *n)
{
	size_t len = strlen(n->name);
	char *up, *path;

	if (!n->parent)
		return strcpy(zalloc(len + 1), n->name);
	up = node_path(n->parent);
	path = zalloc(strlen(up) + len + 2);
	sprintf(path, "%s/%s", up, n->name);
	free(up);
	return path;
}

/* Like node_path(), for a name that has no node yet. */
static char *entry_path(const struct node *dir, const char *name)
{
	struct node n = { .parent = (struct node *)dir, .name = name };

	return node_path(&n);
}

static int open_in(const struct node *n, int flags)
{
	int up, fd, err;

	if (!n->parent)
		return open(n->name, flags | O_CLOEXEC);
	up = open_in(n->parent, O_RDONLY | O_DIRECTORY);
	if (up < 0)
		return -1;
	fd = openat(up, n->name, flags | O_CLOEXEC | O_NOFOLLOW);
	err = errno;
	close(up);
	errno = err;
	return fd;
}

int node_open(const struct node *n)
{
	/* O_NONBLOCK: should it have become a FIFO meanwhile, do not wait for a writer. */
	int fd = open_in(n, O_RDONLY | O_NONBLOCK | (S_ISDIR(n->mode) ? O_DIRECTORY : 0));

	if (fd < 0)
		die("%s: %s", node_path(n), strerror(errno));
	return fd;
}

static struct node *new_node(struct tree *t, struct node *parent, const char *name, mode_t mode)
{
	struct node *n;

	if (t->nr_nodes == t->layout->max_inodes)
		die("%s: too many inodes: layout %c has %u, for all files and directories "
		    "together with the root", entry_path(parent, name), t->layout->name,
		    t->layout->max_inodes);
	n = zalloc(sizeof(*n));
	n->parent = parent;
	n->name = name;
	n->mode = mode;
	n->number = ++t->nr_nodes;
	t->node[n->number] = n;
	if (S_ISDIR(mode)) {
		n->entries = zalloc(EZFS_MAX_CHILDREN * sizeof(*n->entries));
		n->size = EZFS_BLOCK_SIZE;
		n->nlink = 2;
		if (parent)
			parent->nlink++;
	}
	return n;
}

/* The name lives in the entry from now on. */
static struct entry *new_entry(struct node *dir, const char *name)
{
	struct entry *e = &dir->entries[dir->nr_entries++];

	strcpy(e->name, name);
	return e;
}

void tree_init(struct tree *t, const struct ezfs_layout *l, struct timespec now)
{
	*t = (struct tree){ .layout = l };
	new_node(t, NULL, "", S_IFDIR | 0777)->mtime = now;
}

void tree_add_text(struct tree *t, const char *name, const char *text, mode_t mode,
		   struct timespec now)
{
	struct node *root = t->node[EZFS_ROOT_INODE_NUMBER];
	struct entry *e = new_entry(root, name);
	struct node *n = new_node(t, root, e->name, S_IFREG | mode);

	n->text = text;
	n->size = strlen(text);
	n->nlink = 1;
	n->mtime = now;
	e->node = n;
}

bool folder_has(const char *path, const char *name)
{
	struct stat st;
	char *full = zalloc(strlen(path) + strlen(name) + 2);
	bool has;

	sprintf(full, "%s/%s", path, name);
	has = lstat(full, &st) == 0;
	free(full);
	return has;
}

/* What one name in a folder of the host turned out to be. */
struct found {
	char		name[EZFS_FILENAME_BUF_SIZE];
	struct stat	st;
};

static bool is_large(const struct found *f)
{
	return S_ISREG(f->st.st_mode) && f->st.st_size > EZFS_BLOCK_SIZE;
}

static int compare_found(const void *a, const void *b)
{
	const struct found *fa = a, *fb = b;

	if (is_large(fa) != is_large(fb))
		return is_large(fa) - is_large(fb);
	return strcmp(fa->name, fb->name);
}

static const char *type_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFLNK:	return "a symbolic link";
	case S_IFIFO:	return "a FIFO";
	case S_IFSOCK:	return "a socket";
	case S_IFCHR:	return "a character device";
	case S_IFBLK:	return "a block device";
	default:	return "of an unknown kind";
	}
}

/* Is this something that EZFS can hold and that we can read? */
static void check_found(const struct tree *t, const struct node *dir, int dirfd,
			const struct found *f)
{
	uint64_t max = ezfs_max_file_blocks(t->layout, ezfs_max_blocks(t->layout));
	int fd;

	if (!S_ISREG(f->st.st_mode) && !S_ISDIR(f->st.st_mode))
		die("%s: is %s; EZFS has only files and directories",
		    entry_path(dir, f->name), type_name(f->st.st_mode));
	if (t->skip_ino && f->st.st_dev == t->skip_dev && f->st.st_ino == t->skip_ino)
		die("%s: is the very device that is to be written", entry_path(dir, f->name));
	if (S_ISDIR(f->st.st_mode))
		return;
	if (ezfs_blocks_of((uint64_t)f->st.st_size) > max)
		die("%s: file too large: %lld bytes, and a file in layout %c has at most "
		    "%llu blocks (%llu bytes)", entry_path(dir, f->name),
		    (long long)f->st.st_size, t->layout->name, (unsigned long long)max,
		    (unsigned long long)max * EZFS_BLOCK_SIZE);
	fd = openat(dirfd, f->name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", entry_path(dir, f->name), strerror(errno));
	close(fd);
}

/* Reads the names of dir into f, sorted. Returns how many. Takes over fd. */
static unsigned int read_folder(const struct tree *t, const struct node *dir, int fd,
				struct found f[EZFS_MAX_CHILDREN])
{
	unsigned int room = EZFS_MAX_CHILDREN - dir->nr_entries, nr = 0;
	unsigned long seen = 0;
	DIR *d = fdopendir(fd);
	struct dirent *de;

	if (!d)
		die("%s: %s", node_path(dir), strerror(errno));
	while (errno = 0, (de = readdir(d))) {
		if (!strcmp(de->d_name, ".") || !strcmp(de->d_name, ".."))
			continue;
		if (strlen(de->d_name) > EZFS_NAME_MAX)
			die("%s: name too long: %zu bytes, and EZFS takes at most %u",
			    entry_path(dir, de->d_name), strlen(de->d_name), EZFS_NAME_MAX);
		if (++seen > room)
			continue;
		strcpy(f[nr].name, de->d_name);
		if (fstatat(fd, de->d_name, &f[nr].st, AT_SYMLINK_NOFOLLOW) < 0)
			die("%s: %s", entry_path(dir, de->d_name), strerror(errno));
		check_found(t, dir, fd, &f[nr++]);
	}
	if (errno)
		die("%s: %s", node_path(dir), strerror(errno));
	if (seen > room)
		die("%s: too many entries: %lu, and a directory in EZFS has room for %u",
		    node_path(dir), seen + dir->nr_entries, EZFS_MAX_CHILDREN);
	closedir(d);
	qsort(f, nr, sizeof(*f), compare_found);
	return nr;
}

static struct node *find_link(const struct tree *t, const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || st->st_nlink < 2)
		return NULL;
	for (unsigned int i = 1; i <= t->nr_nodes; i++) {
		struct node *n = t->node[i];

		if (S_ISREG(n->mode) && !n->text && n->dev == st->st_dev && n->ino == st->st_ino)
			return n;
	}
	return NULL;
}

static void add_folder(struct tree *t, struct node *dir, int fd)
{
	struct found *f = zalloc(EZFS_MAX_CHILDREN * sizeof(*f));
	unsigned int nr = read_folder(t, dir, fd, f);

	for (unsigned int i = 0; i < nr; i++) {
		struct entry *e = new_entry(dir, f[i].name);
		struct node *n = find_link(t, &f[i].st);

		if (!n) {
			n = new_node(t, dir, e->name, f[i].st.st_mode);
			n->dev = f[i].st.st_dev;
			n->ino = f[i].st.st_ino;
			n->mtime = f[i].st.st_mtim;
			if (S_ISREG(n->mode))
				n->size = (uint64_t)f[i].st.st_size;
		}
		e->node = n;
		if (S_ISDIR(n->mode))
			add_folder(t, n, node_open(n));
		else
			n->nlink++;
	}
	free(f);
}

void tree_add_folder(struct tree *t, const char *path, bool keep_root)
{
	struct node *root = t->node[EZFS_ROOT_INODE_NUMBER];
	struct stat st;
	int fd;

	root->name = path;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		die("%s: %s", path, strerror(errno));
	if (!keep_root) {
		root->mode = st.st_mode;
		root->mtime = st.st_mtim;
	}
	add_folder(t, root, fd);
}

void tree_place(struct tree *t)
{
	uint64_t next = EZFS_FIRST_DATA_BLOCK;

	for (unsigned int i = 1; i <= t->nr_nodes; i++) {
		struct node *n = t->node[i];

		n->nblocks = ezfs_blocks_of(n->size);
		n->block = n->nblocks ? next : 0;
		next += n->nblocks;
	}
	for (unsigned int i = 1; i <= t->nr_nodes; i++)
		if (!t->layout->contiguous && t->node[i]->nblocks > 1)
			t->node[i]->indirect = next++;
	t->blocks = next;
}

void tree_free(struct tree *t)
{
	for (unsigned int i = 1; i <= t->nr_nodes; i++) {
		free(t->node[i]->entries);
		free(t->node[i]);
	}
	t->nr_nodes = 0;
}
