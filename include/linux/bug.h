/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

/*
 * Assertions. BUG() ends in an oops; WARN() says where and goes on, and is worth its condition.
 *
 * Neither costs more than a branch where it stands: the code holds one BRK instruction, and a table
 * beside (section __bug_table) says what the place means. The BRK handler of the architecture hands
 * the address to report_bug() in lib/bug.c.
 */

#include <asm/brk-imm.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/printk.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define BUGFLAG_WARNING		0x1	/* go on after the report */
#define BUGFLAG_ONCE		0x2	/* report the first time only */
#define BUGFLAG_DONE		0x4	/* was reported */
#define BUGFLAG_NO_CUT_HERE	0x8	/* the caller printed the opening line and a message */

/* Distances from the field itself, in bytes: the table needs no relocation. */
struct bug_entry {
	s32	bug_addr_disp;
	s32	file_disp;
	u16	line;
	u16	flags;
};

enum bug_trap_type {
	BUG_TRAP_TYPE_NONE,	/* not the address of an assertion */
	BUG_TRAP_TYPE_WARN,	/* reported; go on behind the BRK */
	BUG_TRAP_TYPE_BUG,	/* reported; the task cannot go on */
};

struct pt_regs;

struct bug_entry *find_bug(unsigned long bugaddr);
enum bug_trap_type report_bug(unsigned long bugaddr, struct pt_regs *regs);
__printf(1, 2) __cold void __warn_printk(const char *fmt, ...);

#define __BUG_FLAGS(bug_flags)						\
	__asm__ __volatile__(						\
	"	.pushsection .rodata.str, \"aMS\", @progbits, 1\n"	\
	"9:	.string \"" __FILE__ "\"\n"				\
	"	.popsection\n"						\
	"	.pushsection __bug_table, \"aw\"\n"			\
	"	.balign 4\n"						\
	"	.long	8f - .\n"					\
	"	.long	9b - .\n"					\
	"	.short	" __stringify(__LINE__) "\n"			\
	"	.short	%c0\n"						\
	"	.popsection\n"						\
	"8:	brk	%c1\n"						\
	: : "i" (bug_flags), "i" (BUG_BRK_IMM))

#define BUG()								\
do {									\
	__BUG_FLAGS(0);							\
	unreachable();							\
} while (0)

#define BUG_ON(cond)							\
do {									\
	if (unlikely(cond))						\
		BUG();							\
} while (0)

#define __WARN_FLAGS(extra)	__BUG_FLAGS(BUGFLAG_WARNING | (extra))

#define __WARN_IF(cond, flags)						\
({									\
	bool __warn_on = !!(cond);					\
	if (unlikely(__warn_on))					\
		__WARN_FLAGS(flags);					\
	unlikely(__warn_on);						\
})

#define WARN_ON(cond)		__WARN_IF(cond, 0)
#define WARN_ON_ONCE(cond)	__WARN_IF(cond, BUGFLAG_ONCE)

#define WARN(cond, fmt...)						\
({									\
	bool __warn_on = !!(cond);					\
	if (unlikely(__warn_on)) {					\
		__warn_printk(fmt);					\
		__WARN_FLAGS(BUGFLAG_NO_CUT_HERE);			\
	}								\
	unlikely(__warn_on);						\
})

#define WARN_ONCE(cond, fmt...)						\
({									\
	static bool __warned;						\
	bool __warn_once = !!(cond);					\
	if (unlikely(__warn_once && !__warned)) {			\
		__warned = true;					\
		WARN(1, fmt);						\
	}								\
	unlikely(__warn_once);						\
})

#ifdef CONFIG_DEBUG
#define VM_BUG_ON(cond)		BUG_ON(cond)
#define VM_WARN_ON(cond)	WARN_ON(cond)
#define VM_WARN_ON_ONCE(cond)	WARN_ON_ONCE(cond)
#else
#define VM_BUG_ON(cond)		BUILD_BUG_ON_INVALID(cond)
#define VM_WARN_ON(cond)	BUILD_BUG_ON_INVALID(cond)
#define VM_WARN_ON_ONCE(cond)	BUILD_BUG_ON_INVALID(cond)
#endif

#endif
