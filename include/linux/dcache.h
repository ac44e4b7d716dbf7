/* SPDX-License-Identifier: MIT */
/*
 * Dentries: names in directories, as far as they have been asked for.
 *
 * A dentry with an inode is positive; one without is negative: the name is known to be absent. A
 * dentry holds a reference on its parent and on its inode. When nobody uses it (count zero) it
 * stays in the cache until memory is wanted or its parent goes.
 *
 * Locks:
 *   d_lock          d_flags, d_lru, the fall of the count; the parent's d_lock guards d_subdirs
 *                   and its members' d_child
 *   bucket lock     the chains of the hash table (fs/dcache.c); innermost. Lookups walk them by RCU
 *   inode->i_lock   inode->i_dentry and its members' d_alias; outside d_lock
 *   rename_lock     d_parent and d_name of any dentry; outside all of these. They are also stable
 *                   while the parent's i_rwsem is held, and a parent cannot go while referenced.
 *                   A seqlock: only a rename writes; read_seqlock_excl() keeps renames out.
 *
 * A dentry that is being destroyed has a dead count and may for a moment still be found in a list:
 * so whoever takes a reference from a list uses lockref_get_not_dead() or dget_alive().
 */
#ifndef _LINUX_DCACHE_H
#define _LINUX_DCACHE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/lockref.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct file;
struct path;
struct vfsmount;
struct inode;
struct super_block;
struct dentry_operations;

/* A name with its length and hash; the hash depends on the parent as well. */
struct qstr {
	union {
		struct {
			u32	hash;
			u32	len;
		};
		u64	hash_len;
	};
	const unsigned char *name;
};

#define QSTR_INIT(n, l)	{ { { .len = l } }, .name = (const unsigned char *)(n) }

#define DNAME_INLINE_LEN	32

struct dentry {
	/* Read by every lookup. */
	unsigned int		d_flags;	/* DCACHE_* */
	seqcount_t		d_seq;		/* d_parent and d_name; rename_lock to write */
	struct hlist_node	d_hash;		/* bucket lock; RCU */
	struct dentry		*d_parent;	/* itself in a root */
	struct qstr		d_name;
	struct inode		*d_inode;	/* NULL: negative */
	unsigned char		d_iname[DNAME_INLINE_LEN];	/* short names live here */

	struct lockref		d_lockref;
	const struct dentry_operations *d_op;
	struct super_block	*d_sb;
	unsigned long		d_time;		/* for d_revalidate */
	void			*d_fsdata;

	struct list_head	d_lru;		/* unused dentries: dcache_lru_lock */
	struct list_head	d_child;	/* in the parent's d_subdirs */
	struct list_head	d_subdirs;
	union {
		struct hlist_node d_alias;	/* in the inode's i_dentry */
		struct rcu_head	d_rcu;		/* of a dead one */
	};
};

#define d_lock	d_lockref.lock

struct dentry_operations {
	int (*d_revalidate)(struct dentry *dentry, unsigned int flags);
	int (*d_delete)(const struct dentry *dentry);	/* 1: do not cache it unused */
	void (*d_release)(struct dentry *dentry);
	void (*d_iput)(struct dentry *dentry, struct inode *inode);
	char *(*d_dname)(struct dentry *dentry, char *buffer, int buflen);
};

/* d_flags. The type bits are there so that a walk need not read the inode. */
#define DCACHE_OP_REVALIDATE	0x00000004
#define DCACHE_OP_DELETE	0x00000008
#define DCACHE_REFERENCED	0x00000040	/* used since reclaim last looked */
#define DCACHE_CANT_MOUNT	0x00000100	/* removed: nothing may be mounted on it */
#define DCACHE_GENOCIDE		0x00000200
#define DCACHE_NORCU		0x00000800	/* never in the hash table */
#define DCACHE_MOUNTED		0x00010000	/* something is mounted here in some mount */
#define DCACHE_LRU_LIST		0x00080000
#define DCACHE_ENTRY_TYPE	0x00700000
#define DCACHE_MISS_TYPE	0x00000000
#define DCACHE_DIRECTORY_TYPE	0x00200000
#define DCACHE_REGULAR_TYPE	0x00400000
#define DCACHE_SPECIAL_TYPE	0x00500000
#define DCACHE_SYMLINK_TYPE	0x00600000

extern seqlock_t rename_lock;

struct dentry *d_alloc(struct dentry *parent, const struct qstr *name);
struct dentry *d_alloc_name(struct dentry *parent, const char *name);
struct dentry *d_alloc_anon(struct super_block *sb);
struct dentry *d_alloc_pseudo(struct super_block *sb, const struct qstr *name);
struct dentry *d_make_root(struct inode *inode);
void d_set_d_op(struct dentry *dentry, const struct dentry_operations *op);

struct dentry *d_lookup(const struct dentry *parent, const struct qstr *name);
struct dentry *d_hash_and_lookup(struct dentry *dir, struct qstr *name);
struct dentry *d_find_alias(struct inode *inode);
void d_add(struct dentry *dentry, struct inode *inode);
void d_rehash(struct dentry *dentry);
void d_instantiate(struct dentry *dentry, struct inode *inode);
void d_instantiate_new(struct dentry *dentry, struct inode *inode);
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry);
struct dentry *d_obtain_alias(struct inode *inode);
void d_tmpfile(struct file *file, struct inode *inode);

void d_drop(struct dentry *dentry);
void d_delete(struct dentry *dentry);
void d_invalidate(struct dentry *dentry);
void d_genocide(struct dentry *parent);
void d_move(struct dentry *dentry, struct dentry *target);
void d_exchange(struct dentry *dentry1, struct dentry *dentry2);
struct dentry *d_ancestor(struct dentry *p1, struct dentry *p2);
bool is_subdir(struct dentry *dentry, struct dentry *ancestor);
void d_prune_aliases(struct inode *inode);
void shrink_dcache_parent(struct dentry *parent);
void shrink_dcache_sb(struct super_block *sb);
void shrink_dcache_for_umount(struct super_block *sb);

void dput(struct dentry *dentry);
struct dentry *dget_parent(struct dentry *dentry);
bool dget_alive(struct dentry *dentry);

char *d_path(const struct path *path, char *buf, int buflen);
char *d_absolute_path(const struct path *path, char *buf, int buflen);
char *__d_path(const struct path *path, const struct path *root, char *buf, int buflen);
char *dentry_path_raw(struct dentry *dentry, char *buf, int buflen);
char *dynamic_dname(char *buffer, int buflen, const char *fmt, ...) __printf(3, 4);
char *simple_dname(struct dentry *dentry, char *buffer, int buflen);

/* The hash of a name in a directory. The salt is the parent, so that equal names spread out. */
u64 hashlen_string(const void *salt, const char *name);
unsigned int full_name_hash(const void *salt, const char *name, unsigned int len);
#define hashlen_hash(hashlen)	((u32)(hashlen))
#define hashlen_len(hashlen)	((u32)((hashlen) >> 32))
#define hashlen_create(hash, len) ((u64)(len) << 32 | (u32)(hash))

/** dget - one more reference; the caller has one */
static inline struct dentry *dget(struct dentry *dentry)
{
	if (dentry)
		lockref_get(&dentry->d_lockref);
	return dentry;
}

static inline int d_count(const struct dentry *dentry)
{
	return atomic_read(&dentry->d_lockref.count);
}

static inline int d_unhashed(const struct dentry *dentry)
{
	return !dentry->d_hash.pprev;
}

static inline int d_unlinked(const struct dentry *dentry)
{
	return d_unhashed(dentry) && dentry != dentry->d_parent;
}

#define IS_ROOT(x)	((x) == (x)->d_parent)

static inline struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

static inline struct inode *d_backing_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

/* Pairs with __d_instantiate(): who sees the type may follow d_inode. */
static inline unsigned int __d_entry_type(const struct dentry *dentry)
{
	return smp_load_acquire(&dentry->d_flags) & DCACHE_ENTRY_TYPE;
}

static inline bool d_is_negative(const struct dentry *dentry)
{
	return __d_entry_type(dentry) == DCACHE_MISS_TYPE;
}

static inline bool d_is_positive(const struct dentry *dentry)
{
	return !d_is_negative(dentry);
}

static inline bool d_really_is_negative(const struct dentry *dentry)
{
	return !dentry->d_inode;
}

static inline bool d_really_is_positive(const struct dentry *dentry)
{
	return dentry->d_inode != NULL;
}

static inline bool d_is_dir(const struct dentry *dentry)
{
	return __d_entry_type(dentry) == DCACHE_DIRECTORY_TYPE;
}

static inline bool d_can_lookup(const struct dentry *dentry)
{
	return d_is_dir(dentry);
}

static inline bool d_is_symlink(const struct dentry *dentry)
{
	return __d_entry_type(dentry) == DCACHE_SYMLINK_TYPE;
}

static inline bool d_is_reg(const struct dentry *dentry)
{
	return __d_entry_type(dentry) == DCACHE_REGULAR_TYPE;
}

static inline bool d_mountpoint(const struct dentry *dentry)
{
	return dentry->d_flags & DCACHE_MOUNTED;
}

static inline bool cant_mount(const struct dentry *dentry)
{
	return dentry->d_flags & DCACHE_CANT_MOUNT;
}

static inline void dont_mount(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	dentry->d_flags |= DCACHE_CANT_MOUNT;
	spin_unlock(&dentry->d_lock);
}

static inline bool simple_positive(const struct dentry *dentry)
{
	return d_really_is_positive(dentry) && !d_unhashed(dentry);
}

#endif
