// SPDX-License-Identifier: MIT
/* chmod: changes the modes of files: in octal, or like u+x, go-w, a=r,u+w. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Applies text to mode; (mode_t)-1 when it cannot be read. X: x for folders and what has one. */
static mode_t change(const char *text, mode_t mode)
{
	mode_t who, bits, x = S_ISDIR(mode) || mode & 0111 ? 0111 : 0;
	char *end;
	int op;

	bits = strtoul(text, &end, 8);
	if (*text && !*end)
		return bits <= 07777 ? bits : (mode_t)-1;
	mode &= 07777;
	for (;;) {
		for (who = 0; *text && strchr("ugoa", *text); text++)
			who |= *text == 'u' ? 04700 : *text == 'g' ? 02070 : *text == 'o' ? 01007 :
			       07777;
		if (!who)
			who = 07777;
		op = *text++;
		if (op != '+' && op != '-' && op != '=')
			return -1;
		for (bits = 0; *text && strchr("rwxXst", *text); text++)
			bits |= *text == 'r' ? 0444 : *text == 'w' ? 0222 : *text == 'x' ? 0111 :
				*text == 'X' ? x : *text == 's' ? 06000 : 01000;
		if (op == '=')
			mode &= ~who;
		mode = op == '-' ? mode & ~(bits & who) : mode | (bits & who);
		if (!*text)
			return mode;
		if (*text++ != ',')
			return -1;
	}
}

int main(int argc, char **argv)
{
	int i, status = 0;
	struct stat st;
	mode_t mode;

	if (argc < 3 || change(argv[1], S_IFREG) == (mode_t)-1) {
		fprintf(stderr, "usage: chmod MODE FILE... (MODE: 0755, u+x, go-w, ...)\n");
		return 2;
	}
	for (i = 2; i < argc; i++) {
		if (stat(argv[i], &st)) {
			warn("%s", argv[i]);
			status = 1;
			continue;
		}
		mode = change(argv[1], st.st_mode);
		if (chmod(argv[i], mode)) {
			warn("%s", argv[i]);
			status = 1;
		}
	}
	return status;
}
