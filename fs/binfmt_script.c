// SPDX-License-Identifier: MIT
/*
 * Scripts: a file that begins with "#! INTERPRETER [ARGUMENT]" is run as
 * INTERPRETER [ARGUMENT] FILE args... The argument is the rest of the line, with inner blanks.
 */
#include <linux/binfmts.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts the line in buf up. -ENOEXEC: no interpreter there, or its name may be cut off. */
static int parse_line(char *buf, char **interp, char **arg)
{
	char *end = strnchr(buf, BINPRM_BUF_SIZE, '\n'), *p;
	bool whole = end != NULL;

	if (!end)
		end = buf + strnlen(buf, BINPRM_BUF_SIZE - 1);
	while (end > buf + 2 && is_blank(end[-1]))
		end--;
	*end = 0;
	for (p = buf + 2; is_blank(*p); p++)
		;
	if (!*p)
		return -ENOEXEC;
	*interp = p;
	while (*p && !is_blank(*p))
		p++;
	/* Without the end of the line in sight the name itself may go on. */
	if (!*p && !whole && end == buf + BINPRM_BUF_SIZE - 1)
		return -ENOEXEC;
	while (is_blank(*p))
		*p++ = 0;
	*arg = *p ? p : NULL;
	return 0;
}

static int load_script(struct linux_binprm *bprm)
{
	char *interp, *arg;
	struct file *file;
	int ret;

	if (bprm->buf[0] != '#' || bprm->buf[1] != '!')
		return -ENOEXEC;
	ret = parse_line(bprm->buf, &interp, &arg);
	if (ret)
		return ret;

	/* argv[0] makes room for the interpreter, its argument and the script's own path. */
	ret = remove_arg_zero(bprm);
	if (ret)
		return ret;
	ret = copy_string_kernel(bprm->interp, bprm);
	if (ret)
		return ret;
	bprm->argc++;
	if (arg) {
		ret = copy_string_kernel(arg, bprm);
		if (ret)
			return ret;
		bprm->argc++;
	}
	ret = copy_string_kernel(interp, bprm);
	if (ret)
		return ret;
	bprm->argc++;
	ret = bprm_change_interp(interp, bprm);
	if (ret)
		return ret;
	file = open_exec(bprm->interp);
	if (IS_ERR(file))
		return PTR_ERR(file);
	bprm->file = file;		/* exec_binprm() sees the change and closes the script */
	return 0;
}

static struct linux_binfmt script_format = {
	.load_binary = load_script,
};

static int __init init_script_binfmt(void)
{
	register_binfmt(&script_format);
	return 0;
}
core_initcall(init_script_binfmt);
