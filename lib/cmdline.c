// SPDX-License-Identifier: MIT
/*
 * Pieces of the kernel's command line. init/main.c walks over it with next_arg(); the handlers of
 * single parameters use the others.
 */

#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

/**
 * get_option - read one integer of a list such as "1,2,5-7"
 * @str: where to read; moved behind the number and a comma after it
 * @pint: the number
 *
 * Returns 0 if there is no number, 1 if nothing follows it in the list, 2 if a comma did, 3 if a
 * '-' does, which *@str then points to.
 */
int get_option(char **str, int *pint)
{
	char *s = *str, *end;
	bool negative;
	int v;

	if (!s || !*s)
		return 0;
	negative = *s == '-';
	v = simple_strtoull(s + negative, &end, 0);
	if (end == s + negative)
		return 0;
	if (pint)
		*pint = negative ? -v : v;
	*str = end;
	if (*end == ',') {
		*str = end + 1;
		return 2;
	}
	return *end == '-' ? 3 : 1;
}
EXPORT_SYMBOL(get_option);

/**
 * memparse - read a size with its suffix: K, M, G, T, P or E, of 1024 each
 * @retptr: behind the suffix; may be NULL
 *
 * Returns bytes.
 */
unsigned long long memparse(const char *s, char **retptr)
{
	static const char suffixes[] = "kmgtpe";
	char *end;
	unsigned long long bytes = simple_strtoull(s, &end, 0);
	const char *suffix = *end ? strchr(suffixes, tolower(*end)) : NULL;

	if (suffix) {
		bytes <<= 10 * (suffix - suffixes + 1);
		end++;
	}
	if (retptr)
		*retptr = end;
	return bytes;
}
EXPORT_SYMBOL(memparse);

/**
 * next_arg - cut the first argument off a command line
 * @args: the command line, without spaces at its start; changed by NULs
 * @param: what stands before the '=', or the whole argument
 * @val: what stands behind it, NULL where there is no '='
 *
 * Double quotes keep spaces in an argument; around a value or a whole argument they are taken away.
 * Returns where the next argument begins.
 */
char *next_arg(char *args, char **param, char **val)
{
	bool whole = *args == '"', quoted = whole;
	char *s, *equals = NULL;

	args += whole;
	for (s = args; *s && (quoted || !isspace(*s)); s++) {
		if (*s == '"')
			quoted = !quoted;
		else if (*s == '=' && !equals)
			equals = s;
	}
	*param = args;
	*val = NULL;
	args = s;
	if (*s) {
		*s = '\0';
		args = skip_spaces(s + 1);
	}
	/* A quote that closes the whole argument, or the value if that began with one. */
	if (equals) {
		*equals = '\0';
		*val = equals + 1;
		if (**val == '"') {
			whole = true;
			++*val;
		}
	}
	if (whole && s > (*val ?: *param) && s[-1] == '"')
		s[-1] = '\0';
	return args;
}
EXPORT_SYMBOL(next_arg);
