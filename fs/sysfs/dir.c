// SPDX-License-Identifier: MIT
/*
 * The tree of /sys: what the kernel puts there and takes away. It does not need to be mounted; what programs see
 * of it is made in inode.c as they look.
 *
 * Locking: sysfs_rwsem guards the tree. Who removes something waits until no show() or store() of it runs (sd->active):
 * so he must not hold a lock that these take.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include "sysfs.h"

DECLARE_RWSEM(sysfs_rwsem);

struct sysfs_dirent sysfs_root = {
	.count		= REFCOUNT_INIT(1),
	.mode		= S_IFDIR | 0755,
	.sibling	= LIST_HEAD_INIT(sysfs_root.sibling),
	.children	= LIST_HEAD_INIT(sysfs_root.children),
	.groups		= LIST_HEAD_INIT(sysfs_root.groups),
	.active		= __RWSEM_INITIALIZER(sysfs_root.active),
};

void sysfs_put(struct sysfs_dirent *sd)
{
	while (sd && refcount_dec_and_test(&sd->count)) {
		struct sysfs_dirent *parent = sd->parent;

		if (sd->target)
			sysfs_put(sd->target);
		kfree(sd);
		sd = parent;
	}
}

/** sysfs_find_child - a folder or link in a folder; sysfs_rwsem held */
struct sysfs_dirent *sysfs_find_child(struct sysfs_dirent *dir, const char *name, unsigned int len)
{
	struct sysfs_dirent *sd;

	list_for_each_entry(sd, &dir->children, sibling)
		if (!strncmp(sd->name, name, len) && !sd->name[len])
			return sd;
	return NULL;
}

/**
 * sysfs_find_attr - an attribute of a folder; sysfs_rwsem held
 * @name: its name, or NULL: the one at @index, of those that are visible
 * @mode: set to its permissions
 * @index: set to its place
 */
struct attribute *sysfs_find_attr(struct sysfs_dirent *dir, const char *name, unsigned int len, umode_t *mode,
				  unsigned int *index)
{
	const unsigned int wanted = *index;
	struct sysfs_group *g;
	unsigned int n = 0;

	list_for_each_entry(g, &dir->groups, node) {
		struct attribute **attrs = g->grp->attrs;

		for (int i = 0; dir->kobj && attrs[i]; i++) {
			struct attribute *attr = attrs[i];

			*mode = g->grp->is_visible ? g->grp->is_visible(dir->kobj, attr, i) : attr->mode;
			if (!*mode)
				continue;
			*index = n++;
			if (name ? !strncmp(attr->name, name, len) && !attr->name[len] : *index == wanted)
				return attr;
		}
	}
	return NULL;
}

/* A new folder or link in @parent. Takes over a reference to @target. */
static struct sysfs_dirent *sysfs_enter(struct sysfs_dirent *parent, const char *name, umode_t mode,
					struct kobject *kobj, struct sysfs_dirent *target)
{
	static u32 next_id;
	struct sysfs_dirent *sd = kzalloc(sizeof(*sd) + strlen(name) + 1, GFP_KERNEL);
	int err = sd ? 0 : -ENOMEM;

	if (err)
		goto out;
	strcpy(sd->name, name);
	refcount_set(&sd->count, 1);
	sd->mode = mode;
	sd->kobj = kobj;
	sd->target = target;
	INIT_LIST_HEAD(&sd->children);
	INIT_LIST_HEAD(&sd->groups);
	init_rwsem(&sd->active);
	down_write(&sysfs_rwsem);
	if (sysfs_find_child(parent, name, strlen(name))) {
		err = -EEXIST;
	} else {
		sd->id = ++next_id;
		refcount_inc(&parent->count);
		sd->parent = parent;
		list_add_tail(&sd->sibling, &parent->children);
	}
	up_write(&sysfs_rwsem);
	if (!err)
		return sd;
	WARN(1, "/sys: there is a '%s' in '%s' already", name, parent->name);
	kfree(sd);
out:
	sysfs_put(target);
	return ERR_PTR(err);
}

/*
 * Takes @sd out of the tree with what is below it, and waits for those who show or store. The caller has a
 * reference, if somebody else may do the same.
 */
static void sysfs_remove(struct sysfs_dirent *sd)
{
	struct sysfs_dirent *child;
	struct sysfs_group *g, *next;
	bool removed;

	do {
		down_write(&sysfs_rwsem);
		child = list_first_entry_or_null(&sd->children, struct sysfs_dirent, sibling);
		removed = list_empty(&sd->sibling);
		if (child)
			refcount_inc(&child->count);
		else
			list_del_init(&sd->sibling);
		up_write(&sysfs_rwsem);
		if (child) {
			sysfs_remove(child);
			sysfs_put(child);
		}
	} while (child);
	if (removed)
		return;
	down_write(&sd->active);
	down_write(&sysfs_rwsem);
	sd->kobj = NULL;
	list_for_each_entry_safe(g, next, &sd->groups, node) {
		list_del(&g->node);
		kfree(g);
	}
	up_write(&sysfs_rwsem);
	up_write(&sd->active);
	sysfs_put(sd);
}

int sysfs_create_dir(struct kobject *kobj)
{
	struct sysfs_dirent *parent = kobj->parent ? kobj->parent->sd : &sysfs_root;
	struct sysfs_dirent *sd = sysfs_enter(parent, kobj->name, S_IFDIR | 0755, kobj, NULL);

	if (IS_ERR(sd))
		return PTR_ERR(sd);
	refcount_inc(&sd->count);	/* its parent may be removed before it */
	kobj->sd = sd;
	return 0;
}

void sysfs_remove_dir(struct kobject *kobj)
{
	struct sysfs_dirent *sd = xchg(&kobj->sd, NULL);

	if (!sd)
		return;
	sysfs_remove(sd);
	sysfs_put(sd);
}

/* ------------------------------------------------------------------ files and links */

static int sysfs_add_group(struct sysfs_dirent *dir, const struct attribute_group *grp, const struct attribute *one)
{
	struct sysfs_group *g = kzalloc(sizeof(*g), GFP_KERNEL);

	if (!g)
		return -ENOMEM;
	g->attrs[0] = (struct attribute *)one;
	g->own.attrs = g->attrs;
	g->grp = grp ?: &g->own;
	down_write(&sysfs_rwsem);
	list_add_tail(&g->node, &dir->groups);
	up_write(&sysfs_rwsem);
	return 0;
}

/* The group that is @grp, or has the file @one; nobody shows or stores it after this. */
static void sysfs_del_group(struct sysfs_dirent *dir, const struct attribute_group *grp, const struct attribute *one)
{
	struct sysfs_group *g;

	down_write(&dir->active);
	down_write(&sysfs_rwsem);
	list_for_each_entry(g, &dir->groups, node) {
		if (grp ? g->grp == grp : g->attrs[0] == one) {
			list_del(&g->node);
			kfree(g);
			break;
		}
	}
	up_write(&sysfs_rwsem);
	up_write(&dir->active);
}

int sysfs_create_file(struct kobject *kobj, const struct attribute *attr)
{
	return sysfs_add_group(kobj->sd, NULL, attr);
}
EXPORT_SYMBOL(sysfs_create_file);

void sysfs_remove_file(struct kobject *kobj, const struct attribute *attr)
{
	if (kobj->sd)
		sysfs_del_group(kobj->sd, NULL, attr);
}
EXPORT_SYMBOL(sysfs_remove_file);

int sysfs_create_group(struct kobject *kobj, const struct attribute_group *grp)
{
	struct sysfs_dirent *dir;
	int err;

	if (!grp->name)
		return sysfs_add_group(kobj->sd, grp, NULL);
	dir = sysfs_enter(kobj->sd, grp->name, S_IFDIR | 0755, kobj, NULL);
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	err = sysfs_add_group(dir, grp, NULL);
	if (err)
		sysfs_remove(dir);
	return err;
}
EXPORT_SYMBOL(sysfs_create_group);

int sysfs_create_groups(struct kobject *kobj, const struct attribute_group **groups)
{
	int err = 0;

	for (int i = 0; groups && groups[i] && !err; i++) {
		err = sysfs_create_group(kobj, groups[i]);
		while (err && i--)
			sysfs_remove_group(kobj, groups[i]);
	}
	return err;
}

/* The folder or link @name of a kobject's folder goes. */
static void sysfs_remove_child(struct kobject *kobj, const char *name)
{
	struct sysfs_dirent *sd;

	if (!kobj->sd)
		return;
	down_read(&sysfs_rwsem);
	sd = sysfs_find_child(kobj->sd, name, strlen(name));
	if (sd)
		refcount_inc(&sd->count);
	up_read(&sysfs_rwsem);
	if (!sd)
		return;
	sysfs_remove(sd);
	sysfs_put(sd);
}

void sysfs_remove_group(struct kobject *kobj, const struct attribute_group *grp)
{
	if (grp->name)
		sysfs_remove_child(kobj, grp->name);
	else if (kobj->sd)
		sysfs_del_group(kobj->sd, grp, NULL);
}
EXPORT_SYMBOL(sysfs_remove_group);

/** sysfs_create_link - a symbolic link @name in a kobject's folder, to that of @target */
int sysfs_create_link(struct kobject *kobj, struct kobject *target, const char *name)
{
	refcount_inc(&target->sd->count);
	return PTR_ERR_OR_ZERO(sysfs_enter(kobj->sd, name, S_IFLNK | 0777, NULL, target->sd));
}

void sysfs_remove_link(struct kobject *kobj, const char *name)
{
	sysfs_remove_child(kobj, name);
}

/** sysfs_emit - sprintf() into the page that a show() is given */
int sysfs_emit(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, PAGE_SIZE, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL(sysfs_emit);
