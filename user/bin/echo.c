// SPDX-License-Identifier: MIT
/* echo: its arguments, separated by spaces. -n: no newline; -e: escapes like \n and \033. */
#include <stdio.h>
#include <string.h>

/* Returns 1 when \c ends all output. */
static int put_escaped(const char *s)
{
	static const char letters[] = "abefnrtv\\", values[] = "\a\b\033\f\n\r\t\v\\";
	const char *l;
	int i, v;

	for (; *s; s++) {
		if (*s != '\\' || !s[1]) {
			putchar(*s);
			continue;
		}
		s++;
		if (*s == 'c')
			return 1;
		l = strchr(letters, *s);
		if (l) {
			putchar(values[l - letters]);
		} else if (*s >= '0' && *s <= '7') {
			v = *s - '0';		/* at most 3 digits, a first 0 not counted */
			for (i = v > 0; i < 3 && s[1] >= '0' && s[1] <= '7'; i++)
				v = v * 8 + (*++s - '0');
			putchar(v);
		} else {
			putchar('\\');
			putchar(*s);
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	int i = 1, newline = 1, escapes = 0;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		if (argv[i][1 + strspn(argv[i] + 1, "neE")])
			break;		/* not an option: it is text */
		for (const char *o = argv[i] + 1; *o; o++) {
			if (*o == 'n')
				newline = 0;
			else
				escapes = *o == 'e';
		}
	}
	for (; i < argc; i++) {
		if (!escapes)
			fputs(argv[i], stdout);
		else if (put_escaped(argv[i]))
			return 0;
		if (i + 1 < argc)
			putchar(' ');
	}
	if (newline)
		putchar('\n');
	return fflush(stdout) ? 1 : 0;
}
