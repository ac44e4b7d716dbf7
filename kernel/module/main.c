// SPDX-License-Identifier: MIT
/*
 * Loading and unloading modules.
 *
 * load_module() takes a relocatable ELF file through these steps, and undoes them in reverse if one fails:
 *
 *	elf_validity_check()	every number in its headers makes sense (elf.c)
 *	check_modinfo()		it was built for this kernel
 *	layout, move_module()	its sections get memory: one block to keep, one for init, freed after that
 *	simplify_symbols()	names become addresses: of the kernel, of other modules, which are then in use
 *	apply_relocations()	addresses go into code and data (arch/arm64/kernel/module.c)
 *	protect_module()	code becomes executable and read-only, constants read-only
 *	add_module()		it is in the list, COMING: traces know it
 *	parse_args()		parameters
 *	mod_sysfs_setup()	its folder in /sys/module
 *	do_init_module()	its init function runs; LIVE
 *
 * Until add_module() nobody else sees it. module_mutex guards the list, the states and who uses whom, and is
 * not held while init and exit run. The list is walked under RCU too, by traces and faults; so memory of a
 * module is freed a grace period after it left the list.
 */
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/moduleloader.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/set_memory.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/vermagic.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>
#include <asm/cacheflush.h>
#include <asm/extable.h>
#include "internal.h"

DEFINE_MUTEX(module_mutex);
LIST_HEAD(modules);

/* Who waits for the end of a module's init. */
static DECLARE_WAIT_QUEUE_HEAD(module_wq);

/* module_mutex held */
static struct module *find_module(const char *name)
{
	struct module *mod;

	lockdep_assert_held(&module_mutex);
	list_for_each_entry(mod, &modules, list)
		if (!strcmp(mod->name, name))
			return mod;
	return NULL;
}

/* ------------------------------------------------------------------ references */

#define MODULE_REF_BASE	1	/* of one that has no users: from 0 there is no way back */

int module_refcount(struct module *mod)
{
	return atomic_read(&mod->refcnt) - MODULE_REF_BASE;
}

void ___module_get(struct module *module)
{
	atomic_inc(&module->refcnt);
}

/* A module that is going has the count 0, so the state needs no barrier of its own. */
bool __try_module_get(struct module *module)
{
	return module_is_live(module) && atomic_inc_not_zero(&module->refcnt);
}

void __module_put(struct module *module)
{
	WARN_ON(atomic_dec_return(&module->refcnt) < 0);
}

/* ------------------------------------------------------------------ symbols */

/* The export of a module under that name, or NULL. */
const struct kernel_symbol *find_module_symbol(struct module *mod, const char *name)
{
	for (const struct kernel_symbol *s = mod->syms; s < mod->syms + mod->num_syms; s++)
		if (!strcmp((const char *)&s->name_offset + s->name_offset, name))
			return s;
	return NULL;
}

/* Who exports a name: the kernel (*@owner NULL) or a module. Returns its address or 0. module_mutex held. */
static unsigned long find_symbol(const char *name, struct module **owner)
{
	unsigned long addr = kallsyms_lookup_export(name);
	const struct kernel_symbol *s;
	struct module *mod;

	*owner = NULL;
	if (addr)
		return addr;
	list_for_each_entry(mod, &modules, list) {
		s = find_module_symbol(mod, name);
		if (s) {
			*owner = mod;
			return (unsigned long)&s->value_offset + s->value_offset;
		}
	}
	return 0;
}

/* From now on @info's module uses @owner: a reference, once. module_mutex held. */
static int ref_module(struct load_info *info, struct module *owner)
{
	struct module_use *use;

	list_for_each_entry(use, &info->uses, target_list)
		if (use->target == owner)
			return 0;
	if (owner->state == MODULE_STATE_COMING)
		return -EBUSY;
	use = kmalloc(sizeof(*use), GFP_KERNEL);
	if (!use)
		return -ENOMEM;
	if (!__try_module_get(owner)) {
		kfree(use);
		return -ENOENT;
	}
	use->target = owner;
	INIT_LIST_HEAD(&use->source_list);
	list_add_tail(&use->target_list, &info->uses);
	return 0;
}

/* module_mutex held */
static void drop_uses(struct list_head *uses)
{
	struct module_use *use, *next;

	list_for_each_entry_safe(use, next, uses, target_list) {
		list_del(&use->source_list);
		list_del(&use->target_list);
		module_put(use->target);
		kfree(use);
	}
}

static int resolve_symbol(struct load_info *info, const char *name, unsigned long *addr)
{
	struct module *owner;
	int err = 0;

	mutex_lock(&module_mutex);
	*addr = find_symbol(name, &owner);
	if (owner)
		err = ref_module(info, owner);
	mutex_unlock(&module_mutex);
	return *addr ? err : -ENOENT;
}

/* Waits for an owner that is still in its init function; -EBUSY after half a minute. */
static int resolve_symbol_wait(struct load_info *info, const char *name, Elf64_Sym *sym)
{
	unsigned long addr = 0;
	int err;

	if (wait_event_interruptible_timeout(module_wq, (err = resolve_symbol(info, name, &addr)) != -EBUSY,
					     30 * HZ) <= 0)
		err = -EBUSY;
	sym->st_value = err ? 0 : addr;		/* a weak one whose module is going is none */
	return err;
}

/* All symbols become addresses. */
static int simplify_symbols(struct load_info *info, const char *modname)
{
	int ret = 0;

	for (unsigned int i = 1; i < info->num_syms; i++) {
		Elf64_Sym *sym = &info->syms[i];
		const char *name = info->strtab + sym->st_name;
		int err;

		switch (sym->st_shndx) {
		case SHN_COMMON:
			pr_warn("%s: %s is a common symbol: compile with -fno-common\n", modname, name);
			ret = -ENOEXEC;
			break;
		case SHN_ABS:
			break;
		case SHN_UNDEF:
			err = resolve_symbol_wait(info, name, sym);
			if (!err || (err == -ENOENT && ELF64_ST_BIND(sym->st_info) == STB_WEAK))
				break;
			ret = err;
			pr_warn("%s: Unknown symbol %s (err %d)\n", modname, name, err);
			break;
		default:
			if (sym->st_shndx >= info->hdr->e_shnum)
				return -ENOEXEC;
			sym->st_value += info->sechdrs[sym->st_shndx].sh_addr;
		}
	}
	return ret;
}

static int apply_relocations(struct load_info *info, struct module *mod)
{
	for (unsigned int i = 1; i < info->hdr->e_shnum; i++) {
		Elf64_Shdr *s = &info->sechdrs[i];
		int err;

		if (s->sh_type != SHT_RELA || !(info->sechdrs[s->sh_info].sh_flags & SHF_ALLOC))
			continue;
		s->sh_addr = (unsigned long)info->hdr + s->sh_offset;
		err = apply_relocate_add(info->sechdrs, info->syms, info->num_syms, i, mod);
		if (err)
			return err;
	}
	return 0;
}

/* ------------------------------------------------------------------ memory */

/* Offsets are kept in sh_entsize, which sections with a place in memory do not need. */
#define INIT_OFFSET	(1UL << 63)

/* Code, constants, data: which section goes where. */
static unsigned int segment_of(const Elf64_Shdr *s)
{
	return s->sh_flags & SHF_EXECINSTR ? 0 : s->sh_flags & SHF_WRITE ? 2 : 1;
}

/* Gives all sections of one of the two blocks their offsets. */
static int layout_sections(struct load_info *info, struct module_layout *layout, bool init)
{
	u64 size = 0;

	for (unsigned int segment = 0; segment < 3; segment++) {
		for (unsigned int i = 1; i < info->hdr->e_shnum; i++) {
			Elf64_Shdr *s = &info->sechdrs[i];

			if (!(s->sh_flags & SHF_ALLOC) || segment_of(s) != segment ||
			    is_init_section(info, i) != init)
				continue;
			size = ALIGN(size, s->sh_addralign ?: 1);
			s->sh_entsize = size | (init ? INIT_OFFSET : 0);
			size += s->sh_size;
			if (size > MODULES_END - MODULES_VADDR)
				return -ENOMEM;
		}
		size = PAGE_ALIGN(size);
		if (segment == 0)
			layout->text_size = size;
		else if (segment == 1)
			layout->ro_size = size;
	}
	layout->size = size;
	return 0;
}

static int alloc_layout(struct module_layout *layout)
{
	if (!layout->size)
		return 0;
	layout->base = module_alloc(layout->size);
	if (!layout->base)
		return -ENOMEM;
	memset(layout->base, 0, layout->size);
	return 0;
}

static void move_sections(struct load_info *info, struct module_layout *core, struct module_layout *init)
{
	for (unsigned int i = 1; i < info->hdr->e_shnum; i++) {
		Elf64_Shdr *s = &info->sechdrs[i];

		if (!(s->sh_flags & SHF_ALLOC))
			continue;
		s->sh_addr = (unsigned long)(s->sh_entsize & INIT_OFFSET ? init->base : core->base) +
			     (s->sh_entsize & ~INIT_OFFSET);
		if (s->sh_type != SHT_NOBITS)
			memcpy((void *)s->sh_addr, (void *)info->hdr + s->sh_offset, s->sh_size);
	}
}

static void nothing(void *info) { }

/* Writable memory becomes what it is for. Data never was executable. */
static int protect_layout(const struct module_layout *l)
{
	unsigned long base = (unsigned long)l->base;
	unsigned int text = l->text_size >> PAGE_SHIFT, ro = l->ro_size >> PAGE_SHIFT;

	if (!l->size)
		return 0;
	flush_icache_range(base, base + l->text_size);
	return set_memory_ro(base, ro) ?: set_memory_x(base, text);
}

static int protect_module(const struct module_layout *core, const struct module_layout *init)
{
	int err = protect_layout(core) ?: protect_layout(init);

	/* A CPU may have fetched what a module that is gone had there: an interrupt makes it fetch anew. */
	smp_call_function(nothing, NULL, 1);
	return err;
}

/* ------------------------------------------------------------------ loading */

static int check_modinfo(struct load_info *info, const char *name)
{
	const char *magic = get_modinfo(info, "vermagic");

	if (!magic || strcmp(magic, VERMAGIC_STRING)) {
		pr_err("%s: version magic '%s' should be '%s'\n", name, magic ?: "", VERMAGIC_STRING);
		return -ENOEXEC;
	}
	if (find_sec(info, ".data..percpu")) {
		pr_err("%s: has per-CPU variables, for which modules have no room\n", name);
		return -ENOEXEC;
	}
	return 0;
}

/* A section that is an array; @num: of how many. */
static void *section_objs(const struct load_info *info, const char *name, size_t size, unsigned int *num)
{
	unsigned int i = find_sec(info, name);

	*num = i ? info->sechdrs[i].sh_size / size : 0;
	return i ? (void *)info->sechdrs[i].sh_addr : NULL;
}

/*
 * struct module came with the file, and relocations have been applied to it, whatever they were: take what
 * it says, and begin anew.
 */
static void setup_module(struct load_info *info, struct module *mod, struct module_layout *core,
			 struct module_layout *init)
{
	int (*init_fn)(void) = mod->init;
	void (*exit_fn)(void) = mod->exit;

	memset(mod, 0, sizeof(*mod));
	strscpy(mod->name, get_modname(info), sizeof(mod->name));
	mod->init = init_fn;
	mod->exit = exit_fn;
	mod->core_layout = *core;
	mod->init_layout = *init;
	mod->state = MODULE_STATE_COMING;
	INIT_LIST_HEAD(&mod->source_list);
	INIT_LIST_HEAD(&mod->target_list);
	atomic_set(&mod->refcnt, MODULE_REF_BASE + 1);	/* init's own */
	mod->syms = section_objs(info, "__ksymtab", sizeof(*mod->syms), &mod->num_syms);
	mod->kp = section_objs(info, "__param", sizeof(*mod->kp), &mod->num_kp);
	mod->bug_table = section_objs(info, "__bug_table", sizeof(*mod->bug_table), &mod->num_bugs);
	mod->extable = section_objs(info, "__ex_table", sizeof(*mod->extable), &mod->num_exentries);
	sort_extable(mod->extable, mod->num_exentries);
}

/* No two exports of one name. module_mutex held. */
static int verify_exported_symbols(struct module *mod)
{
	for (const struct kernel_symbol *s = mod->syms; s < mod->syms + mod->num_syms; s++) {
		const char *name = (const char *)&s->name_offset + s->name_offset;
		struct module *owner;

		if (find_symbol(name, &owner)) {
			pr_err("%s: exports duplicate symbol %s (owned by %s)\n", mod->name, name,
			       module_name(owner));
			return -ENOEXEC;
		}
	}
	return 0;
}

/* Is that name free, or will it not be? One that is still in its init may yet fail. Takes module_mutex. */
static bool finished_loading(const char *name)
{
	struct module *mod;
	bool ret;

	mutex_lock(&module_mutex);
	mod = find_module(name);
	ret = !mod || mod->state == MODULE_STATE_LIVE;
	mutex_unlock(&module_mutex);
	return ret;
}

static int add_module(struct module *mod, struct load_info *info)
{
	struct module_use *use;
	struct module *old;
	int err;

again:
	mutex_lock(&module_mutex);
	old = find_module(mod->name);
	if (old && old->state != MODULE_STATE_LIVE) {
		mutex_unlock(&module_mutex);
		if (wait_event_interruptible(module_wq, finished_loading(mod->name)))
			return -EINTR;
		goto again;
	}
	err = old ? -EEXIST : verify_exported_symbols(mod);
	if (!err) {
		list_for_each_entry(use, &info->uses, target_list) {
			use->source = mod;
			list_add(&use->source_list, &use->target->source_list);
		}
		list_splice_init(&info->uses, &mod->target_list);
		list_add_rcu(&mod->list, &modules);
	}
	mutex_unlock(&module_mutex);
	return err;
}

static void free_layouts(struct module_layout *core, struct module_layout *init)
{
	lockdep_free_key_range(core->base, core->size);
	module_memfree(init->base);
	module_memfree(core->base);
}

/* It is in the list, and nobody uses it. */
static void free_module(struct module *mod)
{
	struct module_layout core = mod->core_layout, init = mod->init_layout;

	mod_sysfs_teardown(mod);
	mutex_lock(&module_mutex);
	list_del_rcu(&mod->list);
	drop_uses(&mod->target_list);
	mutex_unlock(&module_mutex);
	wake_up_all(&module_wq);
	synchronize_rcu();		/* traces may be looking at it */
	kfree(mod->args);
	kvfree(mod->symbols);
	free_layouts(&core, &init);	/* and mod, which lies in it */
}

static int do_init_module(struct module *mod)
{
	unsigned int count = preempt_count();
	struct module_layout init;
	int ret = 0;

	if (mod->init)
		ret = mod->init();
	if (preempt_count() != count)
		panic("init of module %s left preempt_count at %x", mod->name, preempt_count());
	if (ret < 0) {
		mutex_lock(&module_mutex);
		mod->state = MODULE_STATE_GOING;
		mutex_unlock(&module_mutex);
		free_module(mod);
		return ret;
	}
	if (ret > 0)
		pr_warn("%s: init returned %d: it should be 0 or an error\n", mod->name, ret);

	mutex_lock(&module_mutex);
	mod->state = MODULE_STATE_LIVE;
	init = mod->init_layout;
	mod->init_layout = (struct module_layout){ };
	module_put(mod);
	mutex_unlock(&module_mutex);
	wake_up_all(&module_wq);
	synchronize_rcu();		/* traces may be looking at it */
	module_memfree(init.base);
	return 0;
}

static void free_info(struct load_info *info)
{
	kvfree(info->sechdrs);
	kvfree(info->syms);
	vfree(info->hdr);
}

/* @info has the file, which is freed in any case. */
static int load_module(struct load_info *info, const char __user *uargs)
{
	struct module_layout core = { }, init = { };
	struct module *mod, *old;
	const char *name;
	char *args;
	int err;

	INIT_LIST_HEAD(&info->uses);
	err = elf_validity_check(info);
	if (err)
		goto free_info;
	name = get_modname(info);
	err = check_modinfo(info, name);
	if (err)
		goto free_info;

	/* Before anything is said about its symbols; add_module() looks again. */
	mutex_lock(&module_mutex);
	old = find_module(name);
	err = old && old->state == MODULE_STATE_LIVE ? -EEXIST : 0;
	mutex_unlock(&module_mutex);
	if (err)
		goto free_info;

	err = layout_sections(info, &core, false) ?: layout_sections(info, &init, true) ?:
	      alloc_layout(&core) ?: alloc_layout(&init);
	if (err)
		goto free_layouts;
	move_sections(info, &core, &init);
	mod = (void *)info->sechdrs[info->index.mod].sh_addr;
	strscpy(mod->name, name, sizeof(mod->name));
	err = simplify_symbols(info, name) ?: apply_relocations(info, mod);
	if (err)
		goto drop_uses;
	setup_module(info, mod, &core, &init);
	err = module_keep_symbols(mod, info);
	if (err)
		goto drop_uses;
	args = strndup_user(uargs, LONG_MAX >> 1);
	if (IS_ERR(args)) {
		err = PTR_ERR(args);
		goto free_symbols;
	}
	mod->args = args;
	err = protect_module(&core, &init) ?: add_module(mod, info);
	if (err)
		goto free_args;

	err = parse_args(mod->name, mod->args, mod->kp, mod->num_kp) ?: mod_sysfs_setup(mod);
	free_info(info);
	if (!err)
		return do_init_module(mod);
	mutex_lock(&module_mutex);
	mod->state = MODULE_STATE_GOING;
	mutex_unlock(&module_mutex);
	free_module(mod);
	return err;

free_args:
	kfree(mod->args);
free_symbols:
	kvfree(mod->symbols);
drop_uses:
	mutex_lock(&module_mutex);
	drop_uses(&info->uses);
	mutex_unlock(&module_mutex);
free_layouts:
	free_layouts(&core, &init);
free_info:
	free_info(info);
	return err;
}

/* Nobody shall be killed for want of memory because a file is large. */
static void *alloc_file_copy(unsigned long len)
{
	return __vmalloc(len, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
}

SYSCALL_DEFINE3(init_module, void __user *, umod, unsigned long, len, const char __user *, uargs)
{
	struct load_info info = { .len = len };
	void *file;

	if (!capable(CAP_SYS_MODULE))
		return -EPERM;
	if (len < sizeof(Elf64_Ehdr))
		return -ENOEXEC;
	file = alloc_file_copy(len);
	if (!file)
		return -ENOMEM;
	if (copy_from_user(file, umod, len)) {
		vfree(file);
		return -EFAULT;
	}
	info.hdr = file;
	return load_module(&info, uargs);
}

/* All of a regular file, for vfree(), or an error. */
static void *read_module_file(struct file *file, unsigned long *len)
{
	loff_t size = i_size_read(file_inode(file)), pos = 0;
	void *buf;

	if (!S_ISREG(file_inode(file)->i_mode))
		return ERR_PTR(-EINVAL);
	if (size < (loff_t)sizeof(Elf64_Ehdr))
		return ERR_PTR(-ENOEXEC);
	buf = alloc_file_copy(size);
	if (!buf)
		return ERR_PTR(-ENOMEM);
	while (pos < size) {
		ssize_t n = kernel_read(file, buf + pos, min_t(loff_t, size - pos, MAX_RW_COUNT), &pos);

		if (n <= 0) {
			vfree(buf);
			return ERR_PTR(n ?: -EIO);
		}
	}
	*len = size;
	return buf;
}

SYSCALL_DEFINE3(finit_module, int, fd, const char __user *, uargs, int, flags)
{
	struct load_info info = { };
	struct fd f;
	void *file;

	if (!capable(CAP_SYS_MODULE))
		return -EPERM;
	/* To ignore that a module is for another kernel is not offered. */
	if (flags)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	file = f.file->f_mode & FMODE_READ ? read_module_file(f.file, &info.len) : ERR_PTR(-EBADF);
	fdput(f);
	if (IS_ERR(file))
		return PTR_ERR(file);
	info.hdr = file;
	return load_module(&info, uargs);
}

/* ------------------------------------------------------------------ unloading */

/* 0: the module is GOING, and no reference can be taken. module_mutex held. */
static int try_stop_module(struct module *mod)
{
	if (!list_empty(&mod->source_list))
		return -EWOULDBLOCK;
	if (mod->state != MODULE_STATE_LIVE)
		return -EBUSY;
	if (mod->init && !mod->exit)
		return -EBUSY;
	if (atomic_cmpxchg(&mod->refcnt, MODULE_REF_BASE, 0) != MODULE_REF_BASE)
		return -EWOULDBLOCK;
	mod->state = MODULE_STATE_GOING;
	return 0;
}

SYSCALL_DEFINE2(delete_module, const char __user *, name_user, unsigned int, flags)
{
	char name[MODULE_NAME_LEN];
	struct module *mod;
	int err;

	if (!capable(CAP_SYS_MODULE))
		return -EPERM;
	if (strncpy_from_user(name, name_user, sizeof(name)) < 0)
		return -EFAULT;
	name[sizeof(name) - 1] = '\0';
	if (mutex_lock_interruptible(&module_mutex))
		return -EINTR;
	mod = find_module(name);
	err = mod ? try_stop_module(mod) : -ENOENT;
	mutex_unlock(&module_mutex);
	if (err)
		return err;
	if (mod->exit)
		mod->exit();
	free_module(mod);
	return 0;
}

/* ------------------------------------------------------------------ by address */

static bool within(unsigned long addr, const struct module_layout *l, unsigned int size)
{
	return addr - (unsigned long)l->base < size;
}

/* A read side of RCU: the caller's preemption is off, in a trap or by himself. */
static struct module *module_of(unsigned long addr, bool text)
{
	struct module *mod;

	if (addr < MODULES_VADDR || addr >= MODULES_END)
		return NULL;
	list_for_each_entry_rcu(mod, &modules, list) {
		const struct module_layout *c = &mod->core_layout, *i = &mod->init_layout;

		if (within(addr, c, text ? c->text_size : c->size) ||
		    within(addr, i, text ? i->text_size : i->size))
			return mod;
	}
	return NULL;
}

struct module *__module_address(unsigned long addr)
{
	return module_of(addr, false);
}

struct module *__module_text_address(unsigned long addr)
{
	return module_of(addr, true);
}

bool is_module_address(unsigned long addr)
{
	bool ret;

	preempt_disable();
	ret = __module_address(addr) != NULL;
	preempt_enable();
	return ret;
}

/* The code at @addr is running, so its module stays. */
const struct exception_table_entry *search_module_extables(unsigned long addr)
{
	const struct exception_table_entry *e = NULL;
	struct module *mod;

	preempt_disable();
	mod = __module_address(addr);
	if (mod)
		e = search_extable(mod->extable, mod->num_exentries, addr);
	preempt_enable();
	return e;
}

struct bug_entry *module_find_bug(unsigned long bugaddr)
{
	struct bug_entry *found = NULL;
	struct module *mod;

	preempt_disable();
	mod = __module_address(bugaddr);
	for (unsigned int i = 0; mod && i < mod->num_bugs; i++)
		if ((unsigned long)&mod->bug_table[i].bug_addr_disp + mod->bug_table[i].bug_addr_disp == bugaddr)
			found = &mod->bug_table[i];
	preempt_enable();
	return found;
}
