// SPDX-License-Identifier: MIT
/*
 * modinfo: what the file of a module says of itself: the texts "tag=value" in its section .modinfo.
 *
 * -F TAG shows the values of one tag alone; -a, -d, -l, -p are author, description, license, parm, and -n is the file's name.
 * -0 ends each line with a NUL.
 */
#include <elf.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char end = '\n';

static void *read_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	char *file;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		err(1, "%s", path);
	if (!S_ISREG(st.st_mode))
		errx(1, "%s: not a file", path);
	file = malloc(st.st_size + 1);
	if (!file)
		err(1, "%s", path);
	for (*size = 0; (n = read(fd, file + *size, st.st_size - *size)) > 0; *size += n)
		;
	if (n < 0)
		err(1, "%s", path);
	close(fd);
	return file;
}

/* The bytes of a section, if they are within the file and it may be believed; the last one is a NUL. */
static char *section(char *file, size_t size, const char *wanted, size_t *len)
{
	const Elf64_Ehdr *hdr = (void *)file;
	const Elf64_Shdr *s, *names;

	if (size < sizeof(*hdr) || memcmp(hdr->e_ident, ELFMAG, SELFMAG) || hdr->e_ident[EI_CLASS] != ELFCLASS64 ||
	    hdr->e_shentsize != sizeof(*s) || hdr->e_shoff % 8 || hdr->e_shoff > size ||
	    hdr->e_shnum > (size - hdr->e_shoff) / sizeof(*s) || hdr->e_shstrndx >= hdr->e_shnum)
		return NULL;
	s = (void *)(file + hdr->e_shoff);
	names = &s[hdr->e_shstrndx];
	if (names->sh_offset > size || names->sh_size > size - names->sh_offset)
		return NULL;
	for (unsigned int i = 1; i < hdr->e_shnum; i++) {
		const char *name = file + names->sh_offset + s[i].sh_name;

		if (s[i].sh_name >= names->sh_size || strlen(wanted) >= names->sh_size - s[i].sh_name ||
		    strcmp(name, wanted))
			continue;
		*len = s[i].sh_size;
		if (s[i].sh_offset > size || *len > size - s[i].sh_offset || !*len || file[s[i].sh_offset + *len - 1])
			return NULL;
		return file + s[i].sh_offset;
	}
	return NULL;
}

/* The text after @text; NULL behind the last. Padding may be between them. */
static char *next(char *info, size_t len, char *text)
{
	for (text = text ? text + strlen(text) : info; text < info + len && !*text; text++)
		;
	return text < info + len ? text : NULL;
}

/* "name:type" of a parameter: the type, or NULL. */
static const char *type_of(char *info, size_t len, const char *name, size_t name_len)
{
	for (char *t = NULL; (t = next(info, len, t)) != NULL;)
		if (!strncmp(t, "parmtype=", 9) && !strncmp(t + 9, name, name_len) && t[9 + name_len] == ':')
			return t + 10 + name_len;
	return NULL;
}

static int described(char *info, size_t len, const char *name, size_t name_len)
{
	for (char *t = NULL; (t = next(info, len, t)) != NULL;)
		if (!strncmp(t, "parm=", 5) && !strncmp(t + 5, name, name_len) && t[5 + name_len] == ':')
			return 1;
	return 0;
}

static void put(const char *field, const char *tag, const char *value, const char *type)
{
	if (!field)
		printf("%s:%*s", tag, (int)(strlen(tag) < 15 ? 15 - strlen(tag) : 0), "");
	printf("%s", value);
	if (type)
		printf(" (%s)", type);
	putchar(end);
}

/* A parameter has its type behind it; one without a description is there by its type. */
static void show(char *info, size_t len, const char *field, char *text)
{
	char *value = strchr(text, '=');
	size_t name;

	if (!value)
		return;
	*value++ = '\0';
	name = strcspn(value, ":");
	if (!strcmp(text, "parm")) {
		if (!field || !strcmp(field, "parm"))
			put(field, "parm", value, type_of(info, len, value, name));
	} else if (!strcmp(text, "parmtype")) {
		if ((!field || !strcmp(field, "parm")) && !described(info, len, value, name))
			put(field, "parm", value, NULL);
	} else if (!field || !strcmp(field, text)) {
		put(field, text, value, NULL);
	}
	value[-1] = '=';
}

static int modinfo(const char *path, const char *field)
{
	size_t size, len = 0;
	char *file, *info;

	if (field && !strcmp(field, "filename")) {
		put(field, field, path, NULL);
		return 0;
	}
	file = read_file(path, &size);
	info = section(file, size, ".modinfo", &len);
	if (!info) {
		warnx("%s: not a module", path);
		return 1;
	}
	if (!field)
		put(field, "filename", path, NULL);
	for (char *t = NULL; (t = next(info, len, t)) != NULL;)
		show(info, len, field, t);
	free(file);
	return 0;
}

int main(int argc, char **argv)
{
	const char *field = NULL;
	int c, status = 0;

	while ((c = getopt(argc, argv, "0adlnpF:")) != -1) {
		switch (c) {
		case '0': end = '\0'; break;
		case 'a': field = "author"; break;
		case 'd': field = "description"; break;
		case 'l': field = "license"; break;
		case 'n': field = "filename"; break;
		case 'p': field = "parm"; break;
		case 'F': field = optarg; break;
		default: goto usage;
		}
	}
	if (optind == argc)
		goto usage;
	for (; optind < argc; optind++)
		status |= modinfo(argv[optind], field);
	return status;
usage:
	fprintf(stderr, "usage: modinfo [-0] [-F TAG | -a | -d | -l | -n | -p] FILE...\n");
	return 2;
}
