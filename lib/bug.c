// SPDX-License-Identifier: MIT
/*
 * What BUG() and WARN() found: from the address of a BRK to the file and line.
 *
 * Caller: the BRK handler, with interrupts as they were at the assertion. The table is written only
 * in the flag BUGFLAG_DONE, without a lock: at worst a warning that is due once comes twice.
 */

#include <linux/bug.h>
#include <linux/ktest.h>
#include <linux/kernel.h>
#include <linux/module.h>

/* The section __bug_table, by the linker. */
extern struct bug_entry __start___bug_table[], __stop___bug_table[];

#define CUT_HERE	"------------[ cut here ]------------\n"

/* The entry for the BRK at @bugaddr, or NULL. */
struct bug_entry *find_bug(unsigned long bugaddr)
{
	struct bug_entry *bug;

	for (bug = __start___bug_table; bug < __stop___bug_table; bug++)
		if ((unsigned long)&bug->bug_addr_disp + bug->bug_addr_disp == bugaddr)
			return bug;
	return module_find_bug(bugaddr);
}

/* How many warnings a self-test is about to provoke: they are counted down, not reported. */
int ktest_warnings_expected;

/* Opens the report of a WARN() that has a message. */
void __warn_printk(const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	if (ktest_warnings_expected > 0)
		return;
	va_start(args, fmt);
	vaf.va = &args;
	printk(KERN_WARNING CUT_HERE);
	printk(KERN_WARNING "%pV", &vaf);
	va_end(args);
}

/**
 * report_bug - report the assertion at @bugaddr
 * @regs: the exception's frame
 *
 * Returns BUG_TRAP_TYPE_WARN after a warning: the caller goes on behind the BRK. After
 * BUG_TRAP_TYPE_BUG it must not go on; the oops with registers and trace is the caller's to print.
 */
enum bug_trap_type report_bug(unsigned long bugaddr, struct pt_regs *regs)
{
	struct bug_entry *bug = find_bug(bugaddr);
	const char *file;

	if (!bug)
		return BUG_TRAP_TYPE_NONE;
	file = (const char *)&bug->file_disp + bug->file_disp;
	if (!(bug->flags & BUGFLAG_WARNING)) {
		printk(KERN_CRIT CUT_HERE);
		printk(KERN_CRIT "kernel BUG at %s:%u, in %pS\n", file, bug->line,
		       (void *)bugaddr);
		return BUG_TRAP_TYPE_BUG;
	}
	if (bug->flags & BUGFLAG_ONCE) {
		if (bug->flags & BUGFLAG_DONE)
			return BUG_TRAP_TYPE_WARN;
		bug->flags |= BUGFLAG_DONE;
	}
	if (ktest_warnings_expected > 0) {
		ktest_warnings_expected--;
		return BUG_TRAP_TYPE_WARN;
	}
	if (!(bug->flags & BUGFLAG_NO_CUT_HERE))
		printk(KERN_WARNING CUT_HERE);
	printk(KERN_WARNING "WARNING: at %s:%u, in %pS\n", file, bug->line, (void *)bugaddr);
	dump_stack();
	return BUG_TRAP_TYPE_WARN;
}
