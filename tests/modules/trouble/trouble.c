// SPDX-License-Identifier: MIT
/* A module that makes the mistake that its parameter names, and does what modules may do only if all is right. */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

static char *what = "";
module_param(what, charp, 0444);
static int numbers[4];
static unsigned int num_numbers;
module_param_array(numbers, int, &num_numbers, 0444);
static bool flag;
module_param(flag, bool, 0444);
static unsigned long big;
module_param(big, ulong, 0444);
static char text[8];
module_param_string(text, text, sizeof(text), 0444);

static const int constant = 1;
static u32 data[2] = { 0xd65f03c0, 0xd65f03c0 };	/* ret */

static noinline void trouble_bug(void)
{
	BUG_ON(*(volatile int *)&constant == 1);
}

static noinline int trouble_warn(void)
{
	WARN_ON(*(volatile int *)&constant == 1);
	return 0;
}

/* A user address that leads nowhere: this module's own exception table says where to go on. */
static noinline int trouble_fixup(void)
{
	int value, err = get_user(value, (int __user *)8);

	pr_info("trouble: get_user said %d\n", err);
	return 0;
}

static noinline void trouble_write(const void *address)
{
	*(volatile u32 *)address = 0;
}

static int __init trouble_init(void)
{
	if (!strcmp(what, "bug"))
		trouble_bug();
	if (!strcmp(what, "warn"))
		return trouble_warn();
	if (!strcmp(what, "fixup"))
		return trouble_fixup();
	if (!strcmp(what, "text"))
		trouble_write(trouble_bug);
	if (!strcmp(what, "rodata"))
		trouble_write(&constant);
	if (!strcmp(what, "exec"))
		((void (*)(void))data)();
	if (!strcmp(what, "error"))
		return -EDOM;
	pr_info("trouble: numbers %u: %d %d %d %d, flag %d, big %lu, text '%s'\n", num_numbers, numbers[0], numbers[1],
		numbers[2], numbers[3], flag, big, text);
	return 0;
}

static void __exit trouble_exit(void)
{
}

module_init(trouble_init);
module_exit(trouble_exit);
MODULE_LICENSE("MIT");
