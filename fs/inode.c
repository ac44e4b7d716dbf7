// SPDX-License-Identifier: MIT
/*
 * The life of an inode: made or found by number, used, kept unused for a while, evicted.
 *
 * A filesystem gets inodes by new_inode() (a file is created) or iget_locked() (a file of the disk
 * is looked up); users hold them by references, mostly through dentries, and give them back by
 * iput(). With the last reference an inode that still has links stays on the LRU list until memory
 * is wanted; one without links is evicted at once, and ->evict_inode() frees its blocks.
 *
 * Locks, outermost first: inode_hash_lock or s_inode_list_lock, i_lock, inode_lru_lock.
 * I_NEW: being filled in by its finder, others wait. I_FREEING: on the way out, and whoever wants
 * the same number waits until it is gone and makes it anew.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/cdev.h>
#include <linux/pipe_fs_i.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include "internal.h"

static struct kmem_cache *inode_cachep;

static struct hlist_head *inode_hashtable;
static unsigned int i_hash_mask;
static DEFINE_SPINLOCK(inode_hash_lock);

static DEFINE_SPINLOCK(inode_lru_lock);
static LIST_HEAD(inode_lru);		/* longest unused first */
static unsigned long nr_inode_unused;

/* One queue for all who wait for I_NEW or I_FREEING to go: both are rare and short. */
static DECLARE_WAIT_QUEUE_HEAD(inode_wait_queue);

/* ------------------------------------------------------------------ making and unmaking */

void address_space_init_once(struct address_space *mapping)
{
	memset(mapping, 0, sizeof(*mapping));
	xa_init_flags(&mapping->i_pages, XA_FLAGS_LOCK_IRQ);
	init_rwsem(&mapping->invalidate_lock);
	init_rwsem(&mapping->i_mmap_rwsem);
	INIT_LIST_HEAD(&mapping->private_list);
	mapping->i_mmap = RB_ROOT_CACHED;
	spin_lock_init(&mapping->private_lock);
}
EXPORT_SYMBOL(address_space_init_once);

/** inode_init_once - an inode as new memory; for the constructor of a filesystem's own cache */
void inode_init_once(struct inode *inode)
{
	memset(inode, 0, sizeof(*inode));
	INIT_HLIST_NODE(&inode->i_hash);
	INIT_LIST_HEAD(&inode->i_io_list);
	INIT_LIST_HEAD(&inode->i_lru);
	INIT_LIST_HEAD(&inode->i_sb_list);
	init_rwsem(&inode->i_rwsem);
	spin_lock_init(&inode->i_lock);
	address_space_init_once(&inode->i_data);
}
EXPORT_SYMBOL(inode_init_once);

static int no_open(struct inode *inode, struct file *file)
{
	return -ENXIO;
}

static const struct file_operations no_open_fops = { .open = no_open };
static const struct inode_operations empty_iops;
static const struct address_space_operations empty_aops;

/** inode_init_always - the state that every inode starts its life in */
int inode_init_always(struct super_block *sb, struct inode *inode)
{
	struct address_space *mapping = &inode->i_data;

	inode_init_once(inode);
	inode->i_sb = sb;
	inode->i_blkbits = sb->s_blocksize_bits;
	atomic_set(&inode->i_count, 1);
	inode->i_op = &empty_iops;
	inode->__i_nlink = 1;
	inode->i_fop = &no_open_fops;
	inode->i_mapping = mapping;
	mapping->a_ops = &empty_aops;
	mapping->host = inode;
	mapping->gfp_mask = GFP_HIGHUSER_MOVABLE;
	return 0;
}
EXPORT_SYMBOL(inode_init_always);

void free_inode_nonrcu(struct inode *inode)
{
	kmem_cache_free(inode_cachep, inode);
}
EXPORT_SYMBOL(free_inode_nonrcu);

static struct inode *alloc_inode(struct super_block *sb)
{
	struct inode *inode = sb->s_op->alloc_inode ? sb->s_op->alloc_inode(sb)
						    : kmem_cache_alloc(inode_cachep, GFP_KERNEL);

	if (inode)
		inode_init_always(sb, inode);
	return inode;
}

void __destroy_inode(struct inode *inode)
{
	locks_free_lock_context(inode);
	if (!inode->i_nlink)
		atomic_long_dec(&inode->i_sb->s_remove_count);
}
EXPORT_SYMBOL(__destroy_inode);

static void destroy_inode(struct inode *inode)
{
	const struct super_operations *ops = inode->i_sb->s_op;

	__destroy_inode(inode);
	if (ops->destroy_inode)
		ops->destroy_inode(inode);
	if (ops->free_inode)
		ops->free_inode(inode);
	else if (!ops->destroy_inode)
		free_inode_nonrcu(inode);
}

void inode_sb_list_add(struct inode *inode)
{
	spin_lock(&inode->i_sb->s_inode_list_lock);
	list_add(&inode->i_sb_list, &inode->i_sb->s_inodes);
	spin_unlock(&inode->i_sb->s_inode_list_lock);
}

/** new_inode_pseudo - an inode that no list knows: for pipes and the like */
struct inode *new_inode_pseudo(struct super_block *sb)
{
	return alloc_inode(sb);
}
EXPORT_SYMBOL(new_inode_pseudo);

/** new_inode - an inode for a file that is being created, with one reference; or NULL */
struct inode *new_inode(struct super_block *sb)
{
	struct inode *inode = alloc_inode(sb);

	if (inode)
		inode_sb_list_add(inode);
	return inode;
}
EXPORT_SYMBOL(new_inode);

/** get_next_ino - a number for an inode of a filesystem without a store */
unsigned int get_next_ino(void)
{
	static atomic_t last_ino;
	unsigned int ino;

	do {
		ino = atomic_inc_return(&last_ino);
	} while (!ino);
	return ino;
}
EXPORT_SYMBOL(get_next_ino);

/* ------------------------------------------------------------------ evicting */

/* Sleeps until wake_up_inode(); i_lock held, dropped and not taken again. */
static void wait_for_inode_change(struct inode *inode, unsigned long bits)
{
	DEFINE_WAIT(wait);

	prepare_to_wait(&inode_wait_queue, &wait, TASK_UNINTERRUPTIBLE);
	bits &= READ_ONCE(inode->i_state);
	spin_unlock(&inode->i_lock);
	if (bits)
		schedule();
	finish_wait(&inode_wait_queue, &wait);
}

void wake_up_inode(struct inode *inode)
{
	wake_up_all(&inode_wait_queue);
}

/** clear_inode - the end of a filesystem's ->evict_inode(): nothing of the file is in memory now */
void clear_inode(struct inode *inode)
{
	/* Reclaim on another CPU may just have taken the last page off, and not be out of the lock. */
	xa_lock_irq(&inode->i_data.i_pages);
	BUG_ON(inode->i_data.nrpages);
	xa_unlock_irq(&inode->i_data.i_pages);
	BUG_ON(!list_empty(&inode->i_data.private_list));
	BUG_ON(!(inode->i_state & I_FREEING));
	inode->i_state = I_FREEING | I_CLEAR;
}
EXPORT_SYMBOL(clear_inode);

/* Takes apart an inode that is marked I_FREEING and on no LRU list. */
void evict(struct inode *inode)
{
	const struct super_operations *op = inode->i_sb->s_op;

	BUG_ON(!(inode->i_state & I_FREEING));
	inode_io_list_del(inode);
	if (!list_empty(&inode->i_sb_list)) {
		spin_lock(&inode->i_sb->s_inode_list_lock);
		list_del_init(&inode->i_sb_list);
		spin_unlock(&inode->i_sb->s_inode_list_lock);
	}
	inode_wait_for_writeback(inode);
	if (op->evict_inode) {
		op->evict_inode(inode);
	} else {
		truncate_inode_pages_final(&inode->i_data);
		clear_inode(inode);
	}
	remove_inode_hash(inode);
	/* Those who waited in find_inode() look again, and do not find it. */
	spin_lock(&inode->i_lock);
	spin_unlock(&inode->i_lock);
	wake_up_inode(inode);
	destroy_inode(inode);
}

static void evict_list(struct list_head *dispose)
{
	while (!list_empty(dispose)) {
		struct inode *inode = list_first_entry(dispose, struct inode, i_lru);

		list_del_init(&inode->i_lru);
		evict(inode);
		cond_resched();
	}
}

/** evict_inodes - all unused inodes of a super block that is going away */
void evict_inodes(struct super_block *sb)
{
	struct inode *inode;
	LIST_HEAD(dispose);

	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list) {
		/* Under i_lock: an iput() on another CPU that is at the last reference evicts it itself. */
		spin_lock(&inode->i_lock);
		if (!atomic_read(&inode->i_count) &&
		    !(inode->i_state & (I_NEW | I_FREEING | I_WILL_FREE))) {
			inode->i_state |= I_FREEING;
			inode_lru_del(inode);
			list_add(&inode->i_lru, &dispose);
		}
		spin_unlock(&inode->i_lock);
	}
	spin_unlock(&sb->s_inode_list_lock);
	evict_list(&dispose);
}

/* ------------------------------------------------------------------ the last reference */

/** inode_add_lru - keep an unused inode; i_lock held */
void inode_add_lru(struct inode *inode)
{
	if (atomic_read(&inode->i_count) || (inode->i_state & (I_FREEING | I_WILL_FREE)) ||
	    !(inode->i_sb->s_flags & SB_ACTIVE))
		return;
	spin_lock(&inode_lru_lock);
	if (list_empty(&inode->i_lru)) {
		list_add_tail(&inode->i_lru, &inode_lru);
		nr_inode_unused++;
	} else {
		inode->i_state |= I_REFERENCED;
	}
	spin_unlock(&inode_lru_lock);
}

void inode_lru_del(struct inode *inode)
{
	spin_lock(&inode_lru_lock);
	if (!list_empty(&inode->i_lru)) {
		list_del_init(&inode->i_lru);
		nr_inode_unused--;
	}
	spin_unlock(&inode_lru_lock);
}

/* The count has reached zero; i_lock is held, and released here. */
static void iput_final(struct inode *inode)
{
	const struct super_operations *op = inode->i_sb->s_op;
	int drop = op->drop_inode ? op->drop_inode(inode) : generic_drop_inode(inode);

	if (!drop && (inode->i_sb->s_flags & SB_ACTIVE)) {
		inode_add_lru(inode);
		spin_unlock(&inode->i_lock);
		return;
	}
	if (!drop && (inode->i_state & I_DIRTY)) {
		inode->i_state |= I_WILL_FREE;
		spin_unlock(&inode->i_lock);
		write_inode_now(inode, 1);
		spin_lock(&inode->i_lock);
		inode->i_state &= ~I_WILL_FREE;
	}
	inode->i_state |= I_FREEING;
	inode_lru_del(inode);
	spin_unlock(&inode->i_lock);
	evict(inode);
}

/** iput - gives a reference back; NULL is allowed. May sleep: the last one may write and free */
void iput(struct inode *inode)
{
	if (!inode || atomic_add_unless(&inode->i_count, -1, 1))
		return;
	spin_lock(&inode->i_lock);
	if (atomic_dec_and_test(&inode->i_count))
		iput_final(inode);
	else
		spin_unlock(&inode->i_lock);
}
EXPORT_SYMBOL(iput);

/** ihold - one more reference; the caller has one */
void ihold(struct inode *inode)
{
	atomic_inc(&inode->i_count);
}
EXPORT_SYMBOL(ihold);

/** igrab - a reference on an inode that may be on its way out: then NULL */
struct inode *igrab(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	if (inode->i_state & (I_FREEING | I_WILL_FREE)) {
		spin_unlock(&inode->i_lock);
		return NULL;
	}
	atomic_inc(&inode->i_count);
	spin_unlock(&inode->i_lock);
	return inode;
}
EXPORT_SYMBOL(igrab);

int generic_delete_inode(struct inode *inode)
{
	return 1;
}
EXPORT_SYMBOL(generic_delete_inode);

/* ------------------------------------------------------------------ finding by number */

static struct hlist_head *i_bucket(struct super_block *sb, unsigned long hashval)
{
	return &inode_hashtable[hash_long(hashval ^ ((unsigned long)sb >> 6), 32) & i_hash_mask];
}

/*
 * The inode that @test (or, without it, the number) picks, with a reference, perhaps still I_NEW.
 * inode_hash_lock is held and, when it waited for one that was going, released and taken again.
 */
static struct inode *find_inode(struct super_block *sb, unsigned long hashval,
				int (*test)(struct inode *, void *), void *data)
{
	struct inode *inode;

again:
	hlist_for_each_entry(inode, i_bucket(sb, hashval), i_hash) {
		if (inode->i_sb != sb || (test ? !test(inode, data) : inode->i_ino != hashval))
			continue;
		spin_lock(&inode->i_lock);
		if (inode->i_state & (I_FREEING | I_WILL_FREE)) {
			DEFINE_WAIT(wait);

			/*
			 * It cannot be freed before it leaves the hash table, for which our
			 * inode_hash_lock is needed; after that only the queue is touched.
			 */
			prepare_to_wait(&inode_wait_queue, &wait, TASK_UNINTERRUPTIBLE);
			spin_unlock(&inode->i_lock);
			spin_unlock(&inode_hash_lock);
			schedule();
			finish_wait(&inode_wait_queue, &wait);
			spin_lock(&inode_hash_lock);
			goto again;
		}
		atomic_inc(&inode->i_count);
		spin_unlock(&inode->i_lock);
		return inode;
	}
	return NULL;
}

/* Waits until a found inode is filled in; NULL when its filler gave up. */
static struct inode *wait_on_new_inode(struct inode *inode)
{
	/* Pairs with unlock_new_inode(): what was filled in is seen after this. */
	while (smp_load_acquire(&inode->i_state) & I_NEW) {
		spin_lock(&inode->i_lock);
		wait_for_inode_change(inode, I_NEW);
	}
	if (unlikely(inode_unhashed(inode))) {
		iput(inode);
		return NULL;
	}
	return inode;
}

struct inode *ilookup5(struct super_block *sb, unsigned long hashval,
		       int (*test)(struct inode *, void *), void *data)
{
	struct inode *inode;

	do {
		spin_lock(&inode_hash_lock);
		inode = find_inode(sb, hashval, test, data);
		spin_unlock(&inode_hash_lock);
		if (!inode)
			return NULL;
		inode = wait_on_new_inode(inode);
	} while (!inode);
	return inode;
}
EXPORT_SYMBOL(ilookup5);

/** ilookup - the inode of that number if it is in memory, with a reference */
struct inode *ilookup(struct super_block *sb, unsigned long ino)
{
	return ilookup5(sb, ino, NULL, NULL);
}
EXPORT_SYMBOL(ilookup);

/**
 * iget5_locked - finds an inode in memory or makes one
 * @hashval: where to look
 * @test: whether an inode is the one
 * @set: makes a new one the one; may refuse
 *
 * Returns a reference, or NULL without memory. If I_NEW is set in i_state the caller has to fill it
 * in and to call unlock_new_inode(), or iget_failed().
 */
struct inode *iget5_locked(struct super_block *sb, unsigned long hashval,
			   int (*test)(struct inode *, void *),
			   int (*set)(struct inode *, void *), void *data)
{
	struct inode *inode, *new = NULL;

again:
	spin_lock(&inode_hash_lock);
	inode = find_inode(sb, hashval, test, data);
	if (!inode && new) {
		if (set && set(new, data)) {
			spin_unlock(&inode_hash_lock);
			destroy_inode(new);
			return NULL;
		}
		new->i_state = I_NEW;
		hlist_add_head(&new->i_hash, i_bucket(sb, hashval));
		spin_unlock(&inode_hash_lock);
		inode_sb_list_add(new);
		return new;
	}
	spin_unlock(&inode_hash_lock);

	if (!inode) {
		new = alloc_inode(sb);
		if (!new)
			return NULL;
		if (!set)
			new->i_ino = hashval;
		goto again;
	}
	inode = wait_on_new_inode(inode);
	if (!inode)
		goto again;
	if (new)
		destroy_inode(new);
	return inode;
}
EXPORT_SYMBOL(iget5_locked);

/** iget_locked - iget5_locked() where the number alone decides */
struct inode *iget_locked(struct super_block *sb, unsigned long ino)
{
	return iget5_locked(sb, ino, NULL, NULL, NULL);
}
EXPORT_SYMBOL(iget_locked);

/** insert_inode_locked - makes a new inode findable, I_NEW; -EBUSY when its number is in use */
int insert_inode_locked(struct inode *inode)
{
	struct inode *old;

	spin_lock(&inode_hash_lock);
	old = find_inode(inode->i_sb, inode->i_ino, NULL, NULL);
	if (!old) {
		inode->i_state |= I_NEW;
		hlist_add_head(&inode->i_hash, i_bucket(inode->i_sb, inode->i_ino));
	}
	spin_unlock(&inode_hash_lock);
	if (!old)
		return 0;
	iput(old);
	return -EBUSY;
}
EXPORT_SYMBOL(insert_inode_locked);

void __insert_inode_hash(struct inode *inode, unsigned long hashval)
{
	spin_lock(&inode_hash_lock);
	hlist_add_head(&inode->i_hash, i_bucket(inode->i_sb, hashval));
	spin_unlock(&inode_hash_lock);
}
EXPORT_SYMBOL(__insert_inode_hash);

void __remove_inode_hash(struct inode *inode)
{
	spin_lock(&inode_hash_lock);
	hlist_del_init(&inode->i_hash);
	spin_unlock(&inode_hash_lock);
}
EXPORT_SYMBOL(__remove_inode_hash);

/** unlock_new_inode - an inode from iget_locked() is filled in: let others use it */
void unlock_new_inode(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	WARN_ON(!(inode->i_state & I_NEW));
	/* Whoever has a reference by now looks at the bit without i_lock. */
	smp_store_release(&inode->i_state, inode->i_state & ~I_NEW);
	spin_unlock(&inode->i_lock);
	wake_up_inode(inode);
}
EXPORT_SYMBOL(unlock_new_inode);

/** discard_new_inode - an I_NEW inode did not become one; drops the reference */
void discard_new_inode(struct inode *inode)
{
	remove_inode_hash(inode);
	unlock_new_inode(inode);
	iput(inode);
}
EXPORT_SYMBOL(discard_new_inode);

/** iget_failed - an inode from iget_locked() could not be read in; drops the reference */
void iget_failed(struct inode *inode)
{
	discard_new_inode(inode);
}
EXPORT_SYMBOL(iget_failed);

/* ------------------------------------------------------------------ reclaim */

static unsigned long icache_count(struct shrinker *shrink, struct shrink_control *sc)
{
	return READ_ONCE(nr_inode_unused);
}

/* What reclaim does with the oldest unused inode: true, free it. inode_lru_lock held. */
static bool isolate_inode(struct inode *inode)
{
	bool take = false;

	if (!spin_trylock(&inode->i_lock)) {
		list_move_tail(&inode->i_lru, &inode_lru);
		return false;
	}
	if (atomic_read(&inode->i_count) || (inode->i_state & (I_FREEING | I_WILL_FREE))) {
		list_del_init(&inode->i_lru);	/* used again: iput() puts it back */
		nr_inode_unused--;
	} else if (inode->i_state & (I_REFERENCED | I_DIRTY | I_SYNC | I_NEW)) {
		inode->i_state &= ~I_REFERENCED;
		list_move_tail(&inode->i_lru, &inode_lru);
	} else {
		inode->i_state |= I_FREEING;
		nr_inode_unused--;
		take = true;
	}
	spin_unlock(&inode->i_lock);
	return take;
}

static unsigned long icache_scan(struct shrinker *shrink, struct shrink_control *sc)
{
	unsigned long freed = 0;
	LIST_HEAD(dispose);

	if (!(sc->gfp_mask & __GFP_FS) || !down_read_trylock(&vfs_shrink_rwsem))
		return SHRINK_STOP;
	spin_lock(&inode_lru_lock);
	for (unsigned long i = 0; i < sc->nr_to_scan && !list_empty(&inode_lru); i++) {
		struct inode *inode = list_first_entry(&inode_lru, struct inode, i_lru);

		if (isolate_inode(inode)) {
			list_move(&inode->i_lru, &dispose);
			freed++;
		}
	}
	spin_unlock(&inode_lru_lock);
	evict_list(&dispose);
	up_read(&vfs_shrink_rwsem);
	return freed;
}

static struct shrinker icache_shrinker = {
	.count_objects	= icache_count,
	.scan_objects	= icache_scan,
	.seeks		= DEFAULT_SEEKS,
};

int __init inode_shrinker_init(void)
{
	return register_shrinker(&icache_shrinker, "inodes");
}

void __init inode_init(void)
{
	unsigned int nr = roundup_pow_of_two(clamp(totalram_pages() / 32, 128UL, 65536UL));

	inode_hashtable = kvcalloc(nr, sizeof(*inode_hashtable), GFP_KERNEL);
	inode_cachep = KMEM_CACHE(inode, SLAB_PANIC | SLAB_RECLAIM_ACCOUNT);
	if (!inode_hashtable)
		panic("no memory for %u inode buckets", nr);
	i_hash_mask = nr - 1;
}
