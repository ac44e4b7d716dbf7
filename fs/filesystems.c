// SPDX-License-Identifier: MIT
/*
 * The registered filesystem types, and /proc/filesystems. file_systems_lock guards the list. A user of a type
 * holds the module that it is in.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/string.h>

static struct file_system_type *file_systems;
static DEFINE_SPINLOCK(file_systems_lock);

/* The link that points at the type of that name, or at the end of the list. */
static struct file_system_type **find_filesystem(const char *name)
{
	struct file_system_type **p;

	for (p = &file_systems; *p; p = &(*p)->next)
		if (!strcmp((*p)->name, name))
			break;
	return p;
}

/** register_filesystem - makes a type mountable; -EBUSY when the name is taken */
int register_filesystem(struct file_system_type *type)
{
	struct file_system_type **p;
	int err = 0;

	spin_lock(&file_systems_lock);
	p = find_filesystem(type->name);
	if (*p) {
		err = -EBUSY;
	} else {
		type->next = NULL;
		*p = type;
	}
	spin_unlock(&file_systems_lock);
	return err;
}
EXPORT_SYMBOL(register_filesystem);

/** unregister_filesystem - -EINVAL when it is not registered, -EBUSY while it is mounted */
int unregister_filesystem(struct file_system_type *type)
{
	struct file_system_type **p;
	int err = -EINVAL;

	spin_lock(&file_systems_lock);
	for (p = &file_systems; *p; p = &(*p)->next) {
		if (*p != type)
			continue;
		err = type->users ? -EBUSY : 0;
		if (!err)
			*p = type->next;
		break;
	}
	spin_unlock(&file_systems_lock);
	return err;
}
EXPORT_SYMBOL(unregister_filesystem);

/** get_filesystem - one more user of a type that is registered */
void get_filesystem(struct file_system_type *type)
{
	__module_get(type->owner);
	spin_lock(&file_systems_lock);
	type->users++;
	spin_unlock(&file_systems_lock);
}
EXPORT_SYMBOL(get_filesystem);

void put_filesystem(struct file_system_type *type)
{
	spin_lock(&file_systems_lock);
	type->users--;
	spin_unlock(&file_systems_lock);
	module_put(type->owner);
}
EXPORT_SYMBOL(put_filesystem);

/** get_fs_type - the type of that name, to be given back by put_filesystem(), or NULL */
struct file_system_type *get_fs_type(const char *name)
{
	struct file_system_type *type;

	spin_lock(&file_systems_lock);
	type = *find_filesystem(name);
	if (type && !try_module_get(type->owner))
		type = NULL;
	if (type)
		type->users++;
	spin_unlock(&file_systems_lock);
	return type;
}
EXPORT_SYMBOL(get_fs_type);

/** list_bdev_fs_names - the types that want a device, NUL after each; returns how many */
int list_bdev_fs_names(char *buf, size_t size)
{
	int count = 0;

	spin_lock(&file_systems_lock);
	for (struct file_system_type *p = file_systems; p; p = p->next) {
		size_t len = strlen(p->name) + 1;

		if (!(p->fs_flags & FS_REQUIRES_DEV) || len > size)
			continue;
		memcpy(buf, p->name, len);
		buf += len;
		size -= len;
		count++;
	}
	spin_unlock(&file_systems_lock);
	return count;
}
EXPORT_SYMBOL(list_bdev_fs_names);

static int filesystems_show(struct seq_file *m, void *v)
{
	spin_lock(&file_systems_lock);
	for (struct file_system_type *p = file_systems; p; p = p->next)
		seq_printf(m, "%s\t%s\n", (p->fs_flags & FS_REQUIRES_DEV) ? "" : "nodev", p->name);
	spin_unlock(&file_systems_lock);
	return 0;
}

static int __init proc_filesystems_init(void)
{
	return proc_create_single("filesystems", 0, NULL, filesystems_show) ? 0 : -ENOMEM;
}
device_initcall(proc_filesystems_init);
