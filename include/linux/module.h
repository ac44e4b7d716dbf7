/* SPDX-License-Identifier: MIT */
/*
 * Modules: code that is loaded into the running kernel (kernel/module/, docs/modules.md).
 *
 * Everybody who keeps a pointer to something of a module beyond the moment counts: `owner` in a table of
 * operations says whose it is, try_module_get() takes a reference before it is called, module_put() gives it
 * back. Code that is built in has the owner NULL, for which both do nothing.
 */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/stat.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define MODULE_NAME_LEN		(64 - sizeof(unsigned long))

#ifdef MODULE
/* "tag=text" in .modinfo: for modinfo(8) and for the loader. */
#define MODULE_INFO(tag, info)						\
	static const char __UNIQUE_ID(tag)[] __used			\
		__attribute__((section(".modinfo"), aligned(1))) = #tag "=" info
#else
#define MODULE_INFO(tag, info)	static_assert(1, "")
#define MODULE_PARM_DESC(name, desc)	static_assert(1, "")
#endif

#define MODULE_LICENSE(_license)		MODULE_INFO(license, _license)
#define MODULE_AUTHOR(_author)		MODULE_INFO(author, _author)
#define MODULE_DESCRIPTION(_description) MODULE_INFO(description, _description)
#define MODULE_VERSION(_version)	MODULE_INFO(version, _version)
#define MODULE_ALIAS(_alias)		MODULE_INFO(alias, _alias)
#define MODULE_ALIAS_FS(name)		MODULE_ALIAS("fs-" name)
#define MODULE_SOFTDEP(_softdep)	MODULE_INFO(softdep, _softdep)
#define MODULE_IMPORT_NS(ns)		static_assert(1, "")

#include <linux/moduleparam.h>

#ifdef MODULE
#if __has_attribute(__copy__)
#define __copy(symbol)	__attribute__((__copy__(symbol)))
#else
#define __copy(symbol)
#endif
#undef module_init
#define module_init(initfn)						\
	static inline int __maybe_unused (*__inittest(void))(void) { return initfn; } \
	int init_module(void) __copy(initfn) __attribute__((alias(#initfn)))
#define module_exit(exitfn)						\
	static inline void __maybe_unused (*__exittest(void))(void) { return exitfn; } \
	void cleanup_module(void) __copy(exitfn) __attribute__((alias(#exitfn)))
#else
/* What is built in does not leave. */
#define module_exit(exitfn)						\
	static inline void __maybe_unused (*__exittest(void))(void) { return exitfn; } \
	static_assert(1, "")
#endif
int init_module(void);
void cleanup_module(void);

enum module_state {
	MODULE_STATE_LIVE,
	MODULE_STATE_COMING,	/* in its init function */
	MODULE_STATE_GOING,	/* in its exit function */
	MODULE_STATE_UNFORMED,	/* still being loaded: has a name, no more */
};

/* One allocation: code, then constants, then data, each from the start of a page. Sizes in bytes. */
struct module_layout {
	void		*base;
	unsigned int	size, text_size, ro_size;	/* ro_size: with the text */
};

/* A function of a module, for traces. */
struct mod_symbol {
	unsigned long	value;
	const char	*name;
};

struct mod_section {
	unsigned long	address;
	const char	*name;
};

struct exception_table_entry;

struct module {
	enum module_state	state;			/* module_mutex to change */
	struct list_head	list;			/* modules: module_mutex to change, RCU to walk */
	char			name[MODULE_NAME_LEN];

	/* What the ELF file holds: set while it is loaded. */
	const struct kernel_symbol *syms;		/* its exports */
	unsigned int		num_syms, num_kp, num_exentries, num_bugs;
	const struct kernel_param *kp;
	struct exception_table_entry *extable;
	struct bug_entry	*bug_table;
	int			(*init)(void);
	void			(*exit)(void);
	struct module_layout	core_layout;
	struct module_layout	init_layout;		/* freed when init has returned */
	char			*args;			/* parameters as given; charp ones point into it */
	struct module_kobject	*mkobj;			/* its folder in /sys/module */

	/* For traces and for gdb (scripts/gdb/): one allocation, strings behind the arrays. */
	struct mod_symbol	*symbols;		/* functions, sorted by address */
	struct mod_section	*sections;
	unsigned int		num_symbols, num_sections;

	/* Who uses whom: struct module_use, guarded by module_mutex. */
	struct list_head	source_list;		/* modules that use this one */
	struct list_head	target_list;		/* modules that this one uses */
	atomic_t		refcnt;			/* MODULE_REF_BASE, and one a user; 0: it goes */
};

/* Is it there to be used? False from the moment on that its exit function may run. */
static inline bool module_is_live(struct module *mod)
{
	return READ_ONCE(mod->state) != MODULE_STATE_GOING;
}

bool __try_module_get(struct module *module);
void __module_put(struct module *module);
void ___module_get(struct module *module);
int module_refcount(struct module *mod);

/** try_module_get - a reference, unless the module is about to go; the pointer must be safe so far */
static inline bool try_module_get(struct module *module)
{
	return !module || __try_module_get(module);
}

static inline void module_put(struct module *module)
{
	if (module)
		__module_put(module);
}

/** __module_get - one more reference, for who has one already */
static inline void __module_get(struct module *module)
{
	if (module)
		___module_get(module);
}

static inline const char *module_name(struct module *mod)
{
	return mod ? mod->name : "kernel";
}

/* By address; the caller keeps preemption off, and the module cannot go until it is on again. */
struct module *__module_address(unsigned long addr);
struct module *__module_text_address(unsigned long addr);
bool is_module_address(unsigned long addr);

/* For traps and traces, in any context; NULL when the address is in no module. */
const struct exception_table_entry *search_module_extables(unsigned long addr);
struct bug_entry *module_find_bug(unsigned long bugaddr);
const char *module_address_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
				  char **modname, char *namebuf);
/* The @symnum'th function of all modules; false behind the last one. name, module_name: as long as they can be. */
bool module_get_kallsym(unsigned int symnum, unsigned long *value, char *type, char *name, char *module_name);
void print_modules(void);

#endif
