// SPDX-License-Identifier: MIT
/*
 * /sys/module/NAME: what a loaded module is, its parameters, and links to who uses it (holders).
 *
 * The folder lives from mod_sysfs_setup(), after the parameters were set, to mod_sysfs_teardown(), before the module's
 * memory goes: kobject_del() waits for whoever reads or writes a file. So show() and store() may use the module, and take
 * no lock that is held while a folder is removed. param_lock: one store at a time.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include "internal.h"

/* A file: a parameter, or one of module_attrs. */
struct module_attribute {
	struct attribute	attr;
	const struct kernel_param *param;
};

struct module_kobject {
	struct kobject		kobj;
	struct module		*mod;
	struct kobject		*holders;
	struct attribute_group	param_group;
	struct module_attribute	params[];	/* behind them: pointers to each, and NULL */
};

static struct kobject *module_root;
static DEFINE_MUTEX(param_lock);

enum { INITSTATE, REFCNT };

static struct module_attribute module_attrs[] = {
	[INITSTATE] = { { "initstate", 0444 } }, [REFCNT] = { { "refcnt", 0444 } },
};

static ssize_t module_attr_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	static const char *const states[] = { "live", "coming", "going" };
	struct module_attribute *a = container_of(attr, struct module_attribute, attr);
	struct module *mod = container_of(kobj, struct module_kobject, kobj)->mod;

	if (a->param)
		return a->param->ops->get(buf, a->param);
	if (a == &module_attrs[INITSTATE])
		return sysfs_emit(buf, "%s\n", states[mod->state]);
	return sysfs_emit(buf, "%d\n", max(module_refcount(mod), 0));
}

/* Only parameters can be written. */
static ssize_t module_attr_store(struct kobject *kobj, struct attribute *attr, const char *buf, size_t len)
{
	const struct kernel_param *kp = container_of(attr, struct module_attribute, attr)->param;
	int err;

	mutex_lock(&param_lock);
	err = kp->ops->set(buf, kp);
	mutex_unlock(&param_lock);
	return err ?: (ssize_t)len;
}

static const struct sysfs_ops module_sysfs_ops = { .show = module_attr_show, .store = module_attr_store };

static void module_kobj_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct module_kobject, kobj));
}

static struct attribute *module_attrs_list[] = {
	&module_attrs[INITSTATE].attr, &module_attrs[REFCNT].attr, NULL
};
static const struct attribute_group module_group = { .attrs = module_attrs_list };
static const struct attribute_group *module_groups[] = { &module_group, NULL };

static const struct kobj_type module_ktype = {
	.release = module_kobj_release, .sysfs_ops = &module_sysfs_ops, .default_groups = module_groups,
};

/*
 * Permissions of its file; 0: it has none. The text of a charp is the module's for ever, so it cannot be another's
 * later. Arrays are of numbers.
 */
static umode_t param_mode(const struct kernel_param *kp)
{
	if (kp->ops == &param_ops_charp)
		return kp->perm & 0444;
	return kp->ops->get && (kp->ops != &param_array_ops || kp->arr->ops->size) ? kp->perm & 0666 : 0;
}

static int add_params(struct module_kobject *mk)
{
	struct module *mod = mk->mod;
	struct attribute **list = (void *)(mk->params + mod->num_kp);
	unsigned int n = 0;

	for (const struct kernel_param *kp = mod->kp; kp < mod->kp + mod->num_kp; kp++)
		if (param_mode(kp)) {
			mk->params[n] = (struct module_attribute){ { kp->name, param_mode(kp) }, kp };
			list[n] = &mk->params[n].attr;
			n++;
		}
	mk->param_group.name = "parameters";
	mk->param_group.attrs = list;
	return n ? sysfs_create_group(&mk->kobj, &mk->param_group) : 0;
}

/**
 * mod_sysfs_setup - makes a module's folder, and the links in those of the modules that it uses
 *
 * Its target_list does not change any more, and those in it are there as long as it is. 0 or -ENOMEM, and then it is
 * for mod_sysfs_teardown() to take away what there is.
 */
int mod_sysfs_setup(struct module *mod)
{
	struct module_kobject *mk;
	struct module_use *use;
	int err;

	mk = kzalloc(sizeof(*mk) + mod->num_kp * (sizeof(*mk->params) + sizeof(void *)) + sizeof(void *), GFP_KERNEL);
	if (!mk)
		return -ENOMEM;
	mod->mkobj = mk;
	mk->mod = mod;
	err = kobject_init_and_add(&mk->kobj, &module_ktype, module_root, "%s", mod->name) ?: add_params(mk);
	if (err)
		return err;
	mk->holders = kobject_create_and_add("holders", &mk->kobj);
	if (!mk->holders)
		return -ENOMEM;
	list_for_each_entry(use, &mod->target_list, target_list)
		err = err ?: sysfs_create_link(use->target->mkobj->holders, &mk->kobj, mod->name);
	return err;
}

void mod_sysfs_teardown(struct module *mod)
{
	struct module_kobject *mk = mod->mkobj;
	struct module_use *use;

	if (!mk)
		return;
	list_for_each_entry(use, &mod->target_list, target_list)
		sysfs_remove_link(use->target->mkobj->holders, mod->name);
	kobject_put(mk->holders);
	kobject_put(&mk->kobj);
}

static int __init module_sysfs_init(void)
{
	module_root = kobject_create_and_add("module", NULL);
	return module_root ? 0 : -ENOMEM;
}
subsys_initcall(module_sysfs_init);
