// SPDX-License-Identifier: MIT
/*
 * The dentry cache: which name in which directory is which inode, or none.
 *
 * The path walk (fs/namei.c) asks d_lookup() first, and the filesystem only on a miss, with the
 * directory locked; the answer is put in by d_add() or d_splice_alias(). Filesystems that change a
 * directory tell the cache by d_instantiate(), d_delete() and d_move().
 *
 * Destroying a dentry: under its d_lock the count goes from zero to dead, which only one can do.
 * From then on nobody can get a reference, and dentry_kill() takes it off the lists one after the
 * other, each under its own lock and none inside another. Whoever walks such a list meanwhile finds
 * a dead dentry and passes it by. The locks are listed in <linux/dcache.h>. Subtrees and
 * reclaim are in dcache_prune.c.
 *
 * Looking up takes no lock: the chains of the hash table are walked under RCU, and a dentry that was
 * in one is freed after a grace period. A rename changes names and parents, and moves dentries from
 * chain to chain, under the eyes of such walks. Two counts tell them so: d_seq of the dentry, that
 * what was compared was half old and half new; rename_lock's, that a walk may have been led astray
 * into another chain and a miss means nothing.
 */
#include <linux/dcache.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

struct dentry_bucket {
	spinlock_t		lock;
	struct hlist_head	head;
};

static struct dentry_bucket *dentry_hashtable;
static unsigned int d_hash_mask;
static struct kmem_cache *dentry_cache;

DEFINE_SEQLOCK(rename_lock);

DEFINE_SPINLOCK(dcache_lru_lock);
LIST_HEAD(dcache_lru);
unsigned long nr_dentry_unused;

/* ------------------------------------------------------------------ names */

static inline u32 hash_begin(const void *salt)
{
	return (u32)((unsigned long)salt >> 6) ^ 0x811c9dc5;
}

static inline u32 hash_step(u32 hash, unsigned char c)
{
	return (hash ^ c) * 0x01000193;		/* FNV-1a */
}

unsigned int full_name_hash(const void *salt, const char *name, unsigned int len)
{
	u32 hash = hash_begin(salt);

	while (len--)
		hash = hash_step(hash, *name++);
	return hash;
}
EXPORT_SYMBOL(full_name_hash);

u64 hashlen_string(const void *salt, const char *name)
{
	const char *p = name;
	u32 hash = hash_begin(salt);

	/* A component of a path also ends at a slash. */
	while (*p && *p != '/')
		hash = hash_step(hash, *p++);
	return hashlen_create(hash, p - name);
}
EXPORT_SYMBOL(hashlen_string);

static inline struct dentry_bucket *d_bucket(u32 hash)
{
	/* FNV's high bits are its good ones. */
	return &dentry_hashtable[(hash ^ (hash >> 15)) & d_hash_mask];
}

/*
 * A rename may be exchanging the dentry's name meanwhile, so that its length and its text do not
 * belong together. A long name never changes and ends with a NUL, which none of @name's characters
 * is; and no more is read of a short one than there is.
 */
static inline bool d_same_name(const struct dentry *dentry, const struct qstr *name)
{
	const unsigned char *a = READ_ONCE(dentry->d_name.name), *b = name->name;
	unsigned int len = name->len;

	if (READ_ONCE(dentry->d_name.len) != len)
		return false;
	if (unlikely(len >= DNAME_INLINE_LEN) && a == dentry->d_iname)
		return false;
	while (len--)
		if (*a++ != *b++)
			return false;
	return true;
}

static inline bool dname_external(const struct dentry *dentry)
{
	return dentry->d_name.name != dentry->d_iname;
}

/* ------------------------------------------------------------------ making */

static struct dentry *__d_alloc(struct super_block *sb, const struct qstr *name)
{
	static const struct qstr slash = QSTR_INIT("/", 1);
	struct dentry *dentry = kmem_cache_alloc(dentry_cache, GFP_KERNEL);
	unsigned char *dname;

	if (!dentry)
		return NULL;
	if (!name)
		name = &slash;

	dname = dentry->d_iname;
	if (name->len >= DNAME_INLINE_LEN) {
		dname = kmalloc(name->len + 1, GFP_KERNEL);
		if (!dname) {
			kmem_cache_free(dentry_cache, dentry);
			return NULL;
		}
	}
	memcpy(dname, name->name, name->len);
	dname[name->len] = 0;
	dentry->d_name.hash_len = name->hash_len;
	dentry->d_name.name = dname;

	dentry->d_flags = 0;
	INIT_HLIST_NODE(&dentry->d_hash);
	dentry->d_parent = dentry;
	dentry->d_inode = NULL;
	seqcount_init(&dentry->d_seq);
	spin_lock_init(&dentry->d_lock);
	atomic_set(&dentry->d_lockref.count, 1);
	dentry->d_op = NULL;
	dentry->d_sb = sb;
	dentry->d_time = 0;
	dentry->d_fsdata = NULL;
	INIT_LIST_HEAD(&dentry->d_lru);
	INIT_LIST_HEAD(&dentry->d_child);
	INIT_LIST_HEAD(&dentry->d_subdirs);
	INIT_HLIST_NODE(&dentry->d_alias);
	d_set_d_op(dentry, sb->s_d_op);
	return dentry;
}

/**
 * d_alloc - a new dentry for a name, not hashed and without an inode
 * @parent: its directory; gets a reference
 * @name: with its hash in @parent
 *
 * Returns it with a reference for the caller, or NULL when there is no memory.
 */
struct dentry *d_alloc(struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry = __d_alloc(parent->d_sb, name);

	if (!dentry)
		return NULL;
	dentry->d_parent = dget(parent);
	spin_lock(&parent->d_lock);
	list_add(&dentry->d_child, &parent->d_subdirs);
	spin_unlock(&parent->d_lock);
	return dentry;
}
EXPORT_SYMBOL(d_alloc);

struct dentry *d_alloc_name(struct dentry *parent, const char *name)
{
	struct qstr q = { .name = (const unsigned char *)name };

	q.len = strlen(name);
	q.hash = full_name_hash(parent, name, q.len);
	return d_alloc(parent, &q);
}
EXPORT_SYMBOL(d_alloc_name);

/** d_alloc_anon - a dentry without a name, for a root */
struct dentry *d_alloc_anon(struct super_block *sb)
{
	return __d_alloc(sb, NULL);
}
EXPORT_SYMBOL(d_alloc_anon);

/** d_alloc_pseudo - a dentry outside every directory: a pipe's, say. Never hashed */
struct dentry *d_alloc_pseudo(struct super_block *sb, const struct qstr *name)
{
	struct dentry *dentry = __d_alloc(sb, name);

	if (dentry)
		dentry->d_flags |= DCACHE_NORCU;
	return dentry;
}
EXPORT_SYMBOL(d_alloc_pseudo);

void d_set_d_op(struct dentry *dentry, const struct dentry_operations *op)
{
	dentry->d_op = op;
	if (!op)
		return;
	if (op->d_revalidate)
		dentry->d_flags |= DCACHE_OP_REVALIDATE;
	if (op->d_delete)
		dentry->d_flags |= DCACHE_OP_DELETE;
}
EXPORT_SYMBOL(d_set_d_op);

/** d_make_root - the root dentry of a filesystem; takes over the inode's reference, or drops it */
struct dentry *d_make_root(struct inode *inode)
{
	struct dentry *root;

	if (!inode)
		return NULL;
	root = d_alloc_anon(inode->i_sb);
	if (root)
		d_instantiate(root, inode);
	else
		iput(inode);
	return root;
}
EXPORT_SYMBOL(d_make_root);

/* ------------------------------------------------------------------ looking up */

/*
 * A reference on the dentry of that name, positive or negative, or NULL, which may be wrong if there
 * was a rename meanwhile. May sleep, to give back a reference that it should not have taken.
 */
struct dentry *__d_lookup(const struct dentry *parent, const struct qstr *name)
{
	struct dentry_bucket *b = d_bucket(name->hash);
	struct dentry *dentry;
	unsigned int seq;

again:
	rcu_read_lock();
	hlist_for_each_entry_rcu(dentry, &b->head, d_hash) {
		if (READ_ONCE(dentry->d_name.hash) != name->hash)
			continue;
		seq = raw_seqcount_begin(&dentry->d_seq);
		if (READ_ONCE(dentry->d_parent) != parent || !d_same_name(dentry, name))
			continue;
		if (!lockref_get_not_dead(&dentry->d_lockref))
			continue;
		if (likely(!read_seqcount_retry(&dentry->d_seq, seq)))
			goto out;
		rcu_read_unlock();
		dput(dentry);
		goto again;
	}
	dentry = NULL;
out:
	rcu_read_unlock();
	return dentry;
}

/**
 * d_lookup - the cached dentry of a name
 * @parent: the directory, referenced
 * @name: with its hash in @parent
 *
 * Repeated as long as there are renames, so with the directory's i_rwsem held a miss is final.
 */
struct dentry *d_lookup(const struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry;
	unsigned int seq;

	do {
		seq = read_seqbegin(&rename_lock);
		dentry = __d_lookup(parent, name);
	} while (!dentry && read_seqretry(&rename_lock, seq));
	return dentry;
}
EXPORT_SYMBOL(d_lookup);

struct dentry *d_hash_and_lookup(struct dentry *dir, struct qstr *name)
{
	name->hash = full_name_hash(dir, (const char *)name->name, name->len);
	return d_lookup(dir, name);
}
EXPORT_SYMBOL(d_hash_and_lookup);

/** d_find_alias - some dentry of an inode, with a reference, or NULL */
struct dentry *d_find_alias(struct inode *inode)
{
	struct dentry *alias;

	spin_lock(&inode->i_lock);
	hlist_for_each_entry(alias, &inode->i_dentry, d_alias) {
		if ((S_ISDIR(inode->i_mode) || !d_unhashed(alias)) && dget_alive(alias))
			goto out;
	}
	alias = NULL;
out:
	spin_unlock(&inode->i_lock);
	return alias;
}
EXPORT_SYMBOL(d_find_alias);

/** dget_alive - a reference on a dentry found in a list, unless it is being destroyed */
bool dget_alive(struct dentry *dentry)
{
	return lockref_get_not_dead(&dentry->d_lockref);
}
EXPORT_SYMBOL(dget_alive);

struct dentry *dget_parent(struct dentry *dentry)
{
	struct dentry *parent;

	read_seqlock_excl(&rename_lock);
	parent = dget(dentry->d_parent);
	read_sequnlock_excl(&rename_lock);
	return parent;
}
EXPORT_SYMBOL(dget_parent);

/* ------------------------------------------------------------------ hashing */

static void __d_rehash(struct dentry *dentry)
{
	struct dentry_bucket *b = d_bucket(dentry->d_name.hash);

	spin_lock(&b->lock);
	hlist_add_head_rcu(&dentry->d_hash, &b->head);
	spin_unlock(&b->lock);
}

static void __d_unhash(struct dentry *dentry)
{
	struct dentry_bucket *b = d_bucket(dentry->d_name.hash);

	spin_lock(&b->lock);
	if (!d_unhashed(dentry))
		hlist_del_init_rcu(&dentry->d_hash);
	spin_unlock(&b->lock);
}

void d_rehash(struct dentry *dentry)
{
	if (d_unhashed(dentry))
		__d_rehash(dentry);
}
EXPORT_SYMBOL(d_rehash);

/** d_drop - no lookup finds it any more; its users keep it. The caller has a reference */
void d_drop(struct dentry *dentry)
{
	/* A rename moves it to another chain: rename_lock keeps the bucket the right one. */
	read_seqlock_excl(&rename_lock);
	if (!d_unhashed(dentry))
		__d_unhash(dentry);
	read_sequnlock_excl(&rename_lock);
}
EXPORT_SYMBOL(d_drop);

/* ------------------------------------------------------------------ dropping references */

static void d_lru_add(struct dentry *dentry)
{
	spin_lock(&dcache_lru_lock);
	dentry->d_flags |= DCACHE_LRU_LIST;
	list_add_tail(&dentry->d_lru, &dcache_lru);
	nr_dentry_unused++;
	spin_unlock(&dcache_lru_lock);
}

/* dcache_lru_lock held */
void __d_lru_del(struct dentry *dentry)
{
	dentry->d_flags &= ~DCACHE_LRU_LIST;
	list_del_init(&dentry->d_lru);
	nr_dentry_unused--;
}

/* Is this unused dentry worth keeping? d_lock held. */
static bool retain_dentry(struct dentry *dentry)
{
	if (d_unhashed(dentry))
		return false;
	if ((dentry->d_flags & DCACHE_OP_DELETE) && dentry->d_op->d_delete(dentry))
		return false;
	if (!(dentry->d_flags & DCACHE_LRU_LIST))
		d_lru_add(dentry);
	else if (!(dentry->d_flags & DCACHE_REFERENCED))
		dentry->d_flags |= DCACHE_REFERENCED;
	return true;
}

static void __d_free(struct rcu_head *head)
{
	struct dentry *dentry = container_of(head, struct dentry, d_rcu);

	if (dname_external(dentry))
		kfree(dentry->d_name.name);
	kmem_cache_free(dentry_cache, dentry);
}

/* One that is in no directory was never in a chain: nobody can be looking at it. */
static void dentry_free(struct dentry *dentry)
{
	if (dentry->d_flags & DCACHE_NORCU)
		__d_free(&dentry->d_rcu);
	else
		call_rcu(&dentry->d_rcu, __d_free);
}

/* Turns a dentry that nobody else can use into a negative one. */
static void dentry_unlink_inode(struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;

	spin_lock(&inode->i_lock);
	spin_lock(&dentry->d_lock);
	hlist_del_init(&dentry->d_alias);
	dentry->d_flags &= ~DCACHE_ENTRY_TYPE;
	dentry->d_inode = NULL;
	spin_unlock(&dentry->d_lock);
	spin_unlock(&inode->i_lock);
	if (dentry->d_op && dentry->d_op->d_iput)
		dentry->d_op->d_iput(dentry, inode);
	else
		iput(inode);
}

/*
 * Takes apart a dentry whose count is dead. Returns the parent, whose reference passes to the
 * caller, or NULL. May sleep, since the inode may go with it.
 */
struct dentry *dentry_kill(struct dentry *dentry)
{
	struct dentry *parent = IS_ROOT(dentry) ? NULL : dentry->d_parent;

	__d_unhash(dentry);
	spin_lock(&dcache_lru_lock);
	if (dentry->d_flags & DCACHE_LRU_LIST)
		__d_lru_del(dentry);
	spin_unlock(&dcache_lru_lock);
	if (dentry->d_inode)
		dentry_unlink_inode(dentry);
	if (dentry->d_op && dentry->d_op->d_release)
		dentry->d_op->d_release(dentry);
	if (parent) {
		/* Last: a walk of the parent's children that finds none may count on them gone. */
		spin_lock(&parent->d_lock);
		list_del_init(&dentry->d_child);
		spin_unlock(&parent->d_lock);
	}
	dentry_free(dentry);
	return parent;
}

/* Drops a reference; true when the dentry is now dead and the caller's to destroy. */
static bool dput_last(struct dentry *dentry, bool keep)
{
	bool dead;

	if (lockref_put_not_last(&dentry->d_lockref))
		return false;
	spin_lock(&dentry->d_lock);
	if (!atomic_dec_and_test(&dentry->d_lockref.count)) {
		spin_unlock(&dentry->d_lock);
		return false;
	}
	dead = !(keep && retain_dentry(dentry)) && lockref_mark_dead(&dentry->d_lockref);
	spin_unlock(&dentry->d_lock);
	return dead;
}

/**
 * dput - gives a reference back; NULL is allowed
 *
 * May destroy the dentry and evict its inode, which sleeps: so no spinlock may be held.
 */
void dput(struct dentry *dentry)
{
	while (dentry && dput_last(dentry, true))
		dentry = dentry_kill(dentry);
}
EXPORT_SYMBOL(dput);

/* dput() that does not keep the dentry in the cache when this was the last reference. */
void d_kill_unused(struct dentry *dentry)
{
	if (dput_last(dentry, false))
		dput(dentry_kill(dentry));
}

/* ------------------------------------------------------------------ names get inodes */

static unsigned int d_flags_for_inode(const struct inode *inode)
{
	switch (inode->i_mode & S_IFMT) {
	case S_IFDIR:
		return DCACHE_DIRECTORY_TYPE;
	case S_IFLNK:
		return DCACHE_SYMLINK_TYPE;
	case S_IFREG:
		return DCACHE_REGULAR_TYPE;
	default:
		return DCACHE_SPECIAL_TYPE;
	}
}

/* i_lock held. */
static void __d_instantiate(struct dentry *dentry, struct inode *inode)
{
	spin_lock(&dentry->d_lock);
	hlist_add_head(&dentry->d_alias, &inode->i_dentry);
	/* The inode's fields before the pointer: not everybody looks at the type first. */
	smp_store_release(&dentry->d_inode, inode);
	/* A walk without locks reads the type first and then follows d_inode. */
	smp_store_release(&dentry->d_flags,
			  (dentry->d_flags & ~DCACHE_ENTRY_TYPE) | d_flags_for_inode(inode));
	spin_unlock(&dentry->d_lock);
}

/**
 * d_instantiate - makes a negative dentry positive
 * @inode: its reference passes to the dentry; NULL leaves the dentry negative
 */
void d_instantiate(struct dentry *dentry, struct inode *inode)
{
	BUG_ON(dentry->d_inode);
	if (!inode)
		return;
	spin_lock(&inode->i_lock);
	__d_instantiate(dentry, inode);
	spin_unlock(&inode->i_lock);
}
EXPORT_SYMBOL(d_instantiate);

/** d_instantiate_new - d_instantiate() and unlock_new_inode() for an inode just created */
void d_instantiate_new(struct dentry *dentry, struct inode *inode)
{
	d_instantiate(dentry, inode);
	unlock_new_inode(inode);
}
EXPORT_SYMBOL(d_instantiate_new);

/** d_tmpfile - the inode of a file that is opened without a name; for ->tmpfile() */
void d_tmpfile(struct file *file, struct inode *inode)
{
	struct dentry *dentry = file->f_path.dentry;

	inode_dec_link_count(inode);
	/* Nobody else has it yet. It is shown like this in /proc/PID/fd. */
	dentry->d_name.len = sprintf((char *)dentry->d_iname, "#%lu", inode->i_ino);
	d_instantiate(dentry, inode);
}
EXPORT_SYMBOL(d_tmpfile);

/** d_add - d_instantiate() and make it found; for ->lookup(), also with a NULL inode */
void d_add(struct dentry *dentry, struct inode *inode)
{
	d_instantiate(dentry, inode);
	d_rehash(dentry);
}
EXPORT_SYMBOL(d_add);

/**
 * d_splice_alias - what ->lookup() returns: the inode it found goes under the name looked up
 * @inode: found inode, its reference passes on; NULL or ERR_PTR allowed
 *
 * A directory has one name only. If it is in the cache under another, or is one of its own
 * ancestors, the disk is wrong, and -ELOOP says so. Returns NULL when @dentry itself was used.
 */
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry)
{
	struct dentry *alias;

	if (IS_ERR(inode))
		return ERR_CAST(inode);
	if (inode && S_ISDIR(inode->i_mode)) {
		alias = d_find_alias(inode);
		if (alias && (IS_ROOT(alias) || !d_unhashed(alias))) {
			pr_warn("%s: directory inode %lu has two names: \"%s\" and \"%s\"\n",
				inode->i_sb->s_id, inode->i_ino, alias->d_name.name,
				dentry->d_name.name);
			dput(alias);
			iput(inode);
			return ERR_PTR(-ELOOP);
		}
		dput(alias);
	}
	d_add(dentry, inode);
	return NULL;
}
EXPORT_SYMBOL(d_splice_alias);

/** d_obtain_alias - a dentry for an inode that is known by number only */
struct dentry *d_obtain_alias(struct inode *inode)
{
	struct dentry *dentry;

	if (!inode)
		return ERR_PTR(-ESTALE);
	if (IS_ERR(inode))
		return ERR_CAST(inode);
	dentry = d_find_alias(inode);
	if (dentry) {
		iput(inode);
		return dentry;
	}
	return d_make_root(inode) ?: ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL(d_obtain_alias);

/**
 * d_delete - the name has been removed from its directory, whose i_rwsem is held
 *
 * With no other user the dentry becomes negative, and remembers that the name is gone; otherwise
 * it keeps its inode for them and is no longer found.
 */
void d_delete(struct dentry *dentry)
{
	/*
	 * Dead for a moment, so that no walk takes it while its inode goes; a walk that misses it
	 * asks the directory and waits there for our caller.
	 */
	if (atomic_cmpxchg(&dentry->d_lockref.count, 1, LOCKREF_DEAD) == 1) {
		dentry_unlink_inode(dentry);
		spin_lock(&dentry->d_lock);
		dentry->d_flags &= ~DCACHE_CANT_MOUNT;
		spin_unlock(&dentry->d_lock);
		atomic_set_release(&dentry->d_lockref.count, 1);
		return;
	}
	d_drop(dentry);
}
EXPORT_SYMBOL(d_delete);

/* ------------------------------------------------------------------ renaming */

static void swap_names(struct dentry *a, struct dentry *b)
{
	bool a_external = dname_external(a), b_external = dname_external(b);
	const unsigned char *a_name = a->d_name.name, *b_name = b->d_name.name;

	if (!a_external || !b_external) {
		unsigned char tmp[DNAME_INLINE_LEN];

		memcpy(tmp, a->d_iname, DNAME_INLINE_LEN);
		memcpy(a->d_iname, b->d_iname, DNAME_INLINE_LEN);
		memcpy(b->d_iname, tmp, DNAME_INLINE_LEN);
	}
	a->d_name.name = b_external ? b_name : a->d_iname;
	b->d_name.name = a_external ? a_name : b->d_iname;
	swap(a->d_name.hash_len, b->d_name.hash_len);
}

static void d_reparent(struct dentry *dentry, struct dentry *from, struct dentry *to)
{
	/* Only rename_lock's holder takes two of them, so the order does not matter. */
	spin_lock(&from->d_lock);
	spin_lock_nested(&to->d_lock, SINGLE_DEPTH_NESTING);
	list_move(&dentry->d_child, &to->d_subdirs);
	WRITE_ONCE(dentry->d_parent, to);
	spin_unlock(&to->d_lock);
	spin_unlock(&from->d_lock);
}

/*
 * The two change places: name, hash and parent; the reference that each held on its parent goes
 * over to the other. rename_lock held for writing.
 */
static void __d_move(struct dentry *dentry, struct dentry *target, bool exchange)
{
	struct dentry *old_parent = dentry->d_parent, *new_parent = target->d_parent;
	bool target_hashed = !d_unhashed(target);

	__d_unhash(dentry);
	__d_unhash(target);
	write_seqcount_begin(&dentry->d_seq);
	write_seqcount_begin(&target->d_seq);
	swap_names(dentry, target);
	if (old_parent != new_parent) {
		d_reparent(dentry, old_parent, new_parent);
		d_reparent(target, new_parent, old_parent);
	}
	write_seqcount_end(&target->d_seq);
	write_seqcount_end(&dentry->d_seq);
	__d_rehash(dentry);
	if (exchange && target_hashed)
		__d_rehash(target);
}

/**
 * d_move - @dentry takes over the name and place of @target, which is no longer found
 *
 * Both directories are locked by lock_rename().
 */
void d_move(struct dentry *dentry, struct dentry *target)
{
	write_seqlock(&rename_lock);
	__d_move(dentry, target, false);
	write_sequnlock(&rename_lock);
}
EXPORT_SYMBOL(d_move);

void d_exchange(struct dentry *dentry1, struct dentry *dentry2)
{
	write_seqlock(&rename_lock);
	__d_move(dentry1, dentry2, true);
	write_sequnlock(&rename_lock);
}
EXPORT_SYMBOL(d_exchange);

/* The child of @p1 that is @p2 or an ancestor of it, or NULL. rename_lock or s_vfs_rename_mutex. */
struct dentry *d_ancestor(struct dentry *p1, struct dentry *p2)
{
	for (struct dentry *p = p2; !IS_ROOT(p); p = p->d_parent)
		if (p->d_parent == p1)
			return p;
	return NULL;
}
EXPORT_SYMBOL(d_ancestor);

bool is_subdir(struct dentry *dentry, struct dentry *ancestor)
{
	bool ret;

	read_seqlock_excl(&rename_lock);
	ret = dentry == ancestor || d_ancestor(ancestor, dentry);
	read_sequnlock_excl(&rename_lock);
	return ret;
}
EXPORT_SYMBOL(is_subdir);

/* ------------------------------------------------------------------ start-up */

/* One bucket for 16 pages of RAM, as a power of two. */
static void __init dcache_init(void)
{
	unsigned int nr = roundup_pow_of_two(clamp(totalram_pages() / 16, 256UL, 65536UL));

	dentry_hashtable = kvcalloc(nr, sizeof(*dentry_hashtable), GFP_KERNEL);
	dentry_cache = KMEM_CACHE(dentry, SLAB_PANIC | SLAB_RECLAIM_ACCOUNT);
	if (!dentry_hashtable)
		panic("no memory for %u dentry buckets", nr);
	for (unsigned int i = 0; i < nr; i++)
		spin_lock_init(&dentry_hashtable[i].lock);
	d_hash_mask = nr - 1;
}

/** vfs_caches_init - makes the VFS usable, with an empty root directory; the allocators work */
void __init vfs_caches_init(void)
{
	dcache_init();
	inode_init();
	files_init();
	files_maxfiles_init();
	fdtable_init();
	mnt_init();
	bdev_cache_init();
}
