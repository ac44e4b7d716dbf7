// SPDX-License-Identifier: MIT
/*
 * Which page replacement policy is in force: the tables that mm/policy_*.c put into a section of their own, the
 * option reclaim=NAME or reclaim=NAME,ARGUMENT, and /proc/sys/vm/reclaim_policy, which shows all, the one in force in
 * brackets.
 *
 * Locking: none; it is chosen before there are pages, and never changes.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/reclaim_policy.h>
#include <linux/string.h>
#include <linux/sysctl.h>

extern const struct reclaim_policy __reclaim_policies_start[], __reclaim_policies_end[];

extern const struct reclaim_policy clock_policy;
const struct reclaim_policy *reclaim_policy = &clock_policy;

/* All names, that of the policy in force in brackets; returns the length of the text. */
static int list_policies(char *buf, size_t size)
{
	int len = 0;

	for (const struct reclaim_policy *p = __reclaim_policies_start; p < __reclaim_policies_end; p++)
		len += scnprintf(buf + len, size - len, p == reclaim_policy ? "%s[%s]" : "%s%s", len ? " " : "",
				 p->name);
	return len;
}

static int __init reclaim_setup(char *str)
{
	const char *name = strsep(&str, ",");
	const struct reclaim_policy *p;
	char names[128];

	for (p = __reclaim_policies_start; p < __reclaim_policies_end; p++) {
		if (strcmp(p->name, name))
			continue;
		if (p->init && p->init(str)) {
			pr_err("reclaim=%s,%s: not an argument of this policy\n", name, str ? str : "");
			return 1;
		}
		reclaim_policy = p;
		return 1;
	}
	list_policies(names, sizeof(names));
	pr_err("reclaim=%s: there is no such policy; there are: %s\n", name, names);
	return 1;
}
__setup("reclaim=", reclaim_setup);

static int show_policies(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	int len = 0;

	if (!*ppos && *lenp) {
		len = list_policies(buffer, *lenp);
		((char *)buffer)[len++] = '\n';
	}
	*lenp = len;
	return 0;
}

static struct ctl_table reclaim_table[] = {
	{ .procname = "reclaim_policy", .mode = 0444, .proc_handler = show_policies },
	{ }
};

static int __init reclaim_policy_init(void)
{
	pr_info("reclaim: page replacement by %s; the access flag is set by %s\n", reclaim_policy->name,
		cpu_has_hw_af() ? "the MMU" : "faults");
	register_sysctl_init("vm", reclaim_table);
	return 0;
}
device_initcall(reclaim_policy_init);
