// SPDX-License-Identifier: MIT
/*
 * The smallest module: it says hello when it comes and when it goes.
 *
 *	insmod hello.ko count=2 whom="dear students"
 *	rmmod hello
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

static int count = 1;
module_param(count, int, 0444);
MODULE_PARM_DESC(count, "how often to say it; less than 1 is refused");

static char *whom = "world";
module_param(whom, charp, 0444);
MODULE_PARM_DESC(whom, "who is greeted");

static int __init hello_init(void)
{
	if (count < 1)
		return -EINVAL;
	for (int i = 0; i < count; i++)
		pr_info("hello, %s\n", whom);
	return 0;
}

static void __exit hello_exit(void)
{
	pr_info("goodbye, %s\n", whom);
}

module_init(hello_init);
module_exit(hello_exit);

MODULE_LICENSE("MIT");
MODULE_DESCRIPTION("Says hello");
