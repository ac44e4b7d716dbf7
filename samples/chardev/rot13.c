// SPDX-License-Identifier: MIT
/* A module that uses another one: letters that are written to /dev/ring come out thirteen places further. */
#include <linux/init.h>
#include <linux/module.h>
#include "ring.h"

static char rot13(char c)
{
	if ((c >= 'a' && c <= 'm') || (c >= 'A' && c <= 'M'))
		return c + 13;
	if ((c >= 'n' && c <= 'z') || (c >= 'N' && c <= 'Z'))
		return c - 13;
	return c;
}

static int __init rot13_init(void)
{
	return ring_set_filter(rot13);
}

static void __exit rot13_exit(void)
{
	ring_clear_filter();
}

module_init(rot13_init);
module_exit(rot13_exit);

MODULE_LICENSE("MIT");
MODULE_DESCRIPTION("A filter for the ring");
