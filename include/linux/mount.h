/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MOUNT_H
#define _LINUX_MOUNT_H

#include <linux/types.h>
#include <uapi/linux/mount.h>

struct super_block;
struct dentry;
struct path;
struct file;
struct file_system_type;
struct fs_context;

/* mnt_flags */
#define MNT_NOSUID	0x01
#define MNT_NODEV	0x02
#define MNT_NOEXEC	0x04
#define MNT_NOATIME	0x08
#define MNT_NODIRATIME	0x10
#define MNT_RELATIME	0x20
#define MNT_READONLY	0x40
#define MNT_WRITE_HOLD	0x200
#define MNT_INTERNAL	0x4000		/* kern_mount(): belongs to no tree */
#define MNT_DOOMED	0x1000000
#define MNT_USER_SETTABLE_MASK	(MNT_NOSUID | MNT_NODEV | MNT_NOEXEC | MNT_NOATIME | \
				 MNT_NODIRATIME | MNT_RELATIME | MNT_READONLY)

/* The half of a mount that everybody may see; fs/mount.h has the other. */
struct vfsmount {
	struct dentry		*mnt_root;	/* what shows at the mount point */
	struct super_block	*mnt_sb;
	int			mnt_flags;	/* MNT_* */
};

struct vfsmount *mntget(struct vfsmount *mnt);
void mntput(struct vfsmount *mnt);
int mnt_want_write(struct vfsmount *mnt);
int mnt_want_write_file(struct file *file);
void mnt_drop_write(struct vfsmount *mnt);
void mnt_drop_write_file(struct file *file);
bool __mnt_is_readonly(struct vfsmount *mnt);

struct vfsmount *vfs_create_mount(struct fs_context *fc);
struct vfsmount *vfs_kern_mount(struct file_system_type *type, int flags, const char *name,
				void *data);
struct vfsmount *kern_mount(struct file_system_type *type);
void kern_unmount(struct vfsmount *mnt);
bool path_is_mountpoint(const struct path *path);
bool our_mnt(struct vfsmount *mnt);

int path_mount(const char *dev_name, struct path *path, const char *type_page,
	       unsigned long flags, void *data_page);
int init_mount(const char *dev_name, const char *dir_name, const char *type_page,
	       unsigned long flags, void *data_page);
void mnt_init(void);

#endif
