// SPDX-License-Identifier: MIT
/*
 * The xarray: a radix tree of nodes with 64 slots, each level taking six bits of the index.
 *
 * The tree is as high as its largest index wants. A node of shift 0 is a leaf, its slots hold the
 * entries; a slot of the nodes above holds NULL or a node. An array whose one entry is at index 0
 * has no node at all: the entry is in xa_head, its marks are in xa_flags. No node is kept empty.
 *
 * A mark of a slot above the leaves says that some entry below has it, so a search skips what has
 * none. In an allocating array (XA_FLAGS_TRACK_FREE) mark 0 means the contrary: this slot is empty,
 * or something below it is. That makes the search for a free index the same search.
 *
 * A store counts the nodes it will need and gets them first; nothing fails once it has begun.
 *
 * xa_lock guards all that is changed here. Readers: see linux/xarray.h. Searching is in
 * xarray_find.c.
 */

#include <linux/bitops.h>
#include <linux/container_of.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#ifdef CONFIG_DEBUG
#include <linux/sched.h>
#endif

#include "xarray.h"

/* Nodes that a store has got hold of and not yet used, chained by their parent pointers. */
struct xa_spare {
	struct xa_node	*nodes;
	unsigned int	nr;
};

static struct kmem_cache *xa_node_cache;

void __init xarray_init(void)
{
	xa_node_cache = kmem_cache_create("xa_node", sizeof(struct xa_node), 0, SLAB_PANIC, NULL);
}

static void xa_node_rcu_free(struct rcu_head *head)
{
	kmem_cache_free(xa_node_cache, container_of(head, struct xa_node, rcu));
}

/* Out of the tree, but readers may be in it: its slots stay as they are for a grace period. */
static void xa_node_free(struct xa_node *node)
{
	call_rcu(&node->rcu, xa_node_rcu_free);
}

/* The leaf that has @index's slot; NULL if there is none, and also if the slot would be xa_head. */
struct xa_node *leaf_of(const struct xarray *xa, unsigned long index)
{
	void *entry = READ_ONCE(xa->xa_head);
	struct xa_node *node = to_node(entry);

	if (!is_node(entry) || index > node_max(node))
		return NULL;
	while (node->shift) {
		entry = READ_ONCE(node->slots[offset_in(node, index)]);
		if (!entry)
			return NULL;
		node = to_node(entry);
	}
	return node;
}

/* What is at @index, the reserved entry shown as such. @leaf is leaf_of(). */
static void *entry_at(const struct xarray *xa, const struct xa_node *leaf, unsigned long index)
{
	void *head;

	if (leaf)
		return READ_ONCE(leaf->slots[index & XA_CHUNK_MASK]);
	head = READ_ONCE(xa->xa_head);
	return index || is_node(head) ? NULL : head;
}

/**
 * xa_load - the entry at @index, or NULL
 */
void *xa_load(struct xarray *xa, unsigned long index)
{
	return zero_to_null(entry_at(xa, leaf_of(xa, index), index));
}
EXPORT_SYMBOL(xa_load);

static void set_mark(struct xarray *xa, struct xa_node *node, unsigned long index, xa_mark_t mark)
{
	for (; node; node = node->parent) {
		bool known_above = node->marks[mark];

		node->marks[mark] |= BIT(offset_in(node, index));
		if (known_above)
			return;
	}
	xa->xa_flags |= XA_FLAGS_MARK(mark);
}

static void clear_mark(struct xarray *xa, struct xa_node *node, unsigned long index,
		       xa_mark_t mark)
{
	for (; node; node = node->parent) {
		node->marks[mark] &= ~BIT(offset_in(node, index));
		if (node->marks[mark])
			return;
	}
	xa->xa_flags &= ~XA_FLAGS_MARK(mark);
}

/* The shift of the lowest root under which @index has a place. */
static unsigned int root_shift(unsigned long index)
{
	return index ? (fls64(index) - 1) / XA_CHUNK_SHIFT * XA_CHUNK_SHIFT : 0;
}

/* How many nodes make_leaf() will make for @index. */
static unsigned int nodes_missing(const struct xarray *xa, unsigned long index)
{
	unsigned int top = root_shift(index) / XA_CHUNK_SHIFT;
	void *entry = xa->xa_head;
	struct xa_node *node;

	if (!is_node(entry)) {
		if (!index)
			return 0;
		/* A way down to the index, and where index 0 is in use another one to it. */
		return entry ? top + 1 + top : top + 1;
	}
	node = to_node(entry);
	if (index > node_max(node))
		return top - node->shift / XA_CHUNK_SHIFT + top;
	while (node->shift) {
		entry = node->slots[offset_in(node, index)];
		if (!entry)
			return node->shift / XA_CHUNK_SHIFT;
		node = to_node(entry);
	}
	return 0;
}

static struct xa_node *new_node(struct xarray *xa, struct xa_spare *spare, unsigned int shift)
{
	struct xa_node *node = spare->nodes;

	spare->nodes = node->parent;
	spare->nr--;
	memset(node, 0, sizeof(*node));
	node->shift = shift;
	if (tracks_free(xa))
		node->marks[XA_FREE_MARK] = ~0UL;
	return node;
}

/* Puts a new root on top of @head, which becomes its first child. */
static struct xa_node *add_root(struct xarray *xa, struct xa_spare *spare, void *head,
				unsigned int shift)
{
	struct xa_node *root = new_node(xa, spare, shift);

	if (head) {
		root->slots[0] = head;
		root->count = 1;
		for (xa_mark_t mark = 0; mark < XA_MAX_MARKS; mark++)
			if (xa_marked(xa, mark))
				root->marks[mark] |= 1;
		if (is_node(head))
			to_node(head)->parent = root;
		/* xa_flags does not follow the free mark of an entry in xa_head. */
		if (tracks_free(xa) && !(is_node(head) && to_node(head)->marks[XA_FREE_MARK]))
			root->marks[XA_FREE_MARK] &= ~1UL;
	}
	smp_store_release(&xa->xa_head, node_entry(root));
	return root;
}

/* Makes the nodes on the way to @index. Returns the leaf, or NULL if the entry goes to xa_head. */
static struct xa_node *make_leaf(struct xarray *xa, struct xa_spare *spare, unsigned long index)
{
	unsigned int top = root_shift(index), shift;
	void *head = xa->xa_head;
	struct xa_node *node, *child;

	if (!is_node(head) && !index)
		return NULL;
	if (!head)
		shift = top;
	else
		shift = is_node(head) ? to_node(head)->shift + XA_CHUNK_SHIFT : 0;
	for (; shift <= top; shift += XA_CHUNK_SHIFT)
		head = node_entry(add_root(xa, spare, head, shift));

	for (node = to_node(head); node->shift; node = child) {
		void **slot = &node->slots[offset_in(node, index)];

		if (*slot) {
			child = to_node(*slot);
			continue;
		}
		child = new_node(xa, spare, node->shift - XA_CHUNK_SHIFT);
		child->parent = node;
		child->offset = offset_in(node, index);
		node->count++;
		smp_store_release(slot, node_entry(child));
	}
	return node;
}

/* Stores @entry, not NULL. All the nodes that takes are in @spare. */
static void place(struct xarray *xa, struct xa_spare *spare, unsigned long index, void *entry)
{
	struct xa_node *leaf = make_leaf(xa, spare, index);
	void **slot = leaf ? &leaf->slots[index & XA_CHUNK_MASK] : &xa->xa_head;

	if (leaf && !*slot) {
		leaf->count++;
		if (tracks_free(xa))
			clear_mark(xa, leaf, index, XA_FREE_MARK);
	}
	/* What the entry points to is seen by whoever sees the entry. */
	smp_store_release(slot, entry);
}

/* Frees @node if it is empty and what becomes empty by that, then the roots that nobody needs. */
static void prune(struct xarray *xa, struct xa_node *node)
{
	struct xa_node *parent;

	for (; !node->count; node = parent) {
		parent = node->parent;
		if (!parent) {
			WRITE_ONCE(xa->xa_head, NULL);
			xa_node_free(node);
			return;
		}
		WRITE_ONCE(parent->slots[node->offset], NULL);
		parent->count--;
		xa_node_free(node);
	}
	for (;;) {
		void *only;

		node = to_node(xa->xa_head);
		only = node->slots[0];
		if (node->count != 1 || !only)
			return;
		if (is_node(only))
			to_node(only)->parent = NULL;
		smp_store_release(&xa->xa_head, only);
		xa_node_free(node);
		if (!is_node(only))
			return;
	}
}

/* Makes @index, which holds an entry, empty. */
static void clear_entry(struct xarray *xa, unsigned long index)
{
	struct xa_node *leaf = leaf_of(xa, index);

	for (xa_mark_t mark = 0; mark < XA_MAX_MARKS; mark++)
		clear_mark(xa, leaf, index, mark);
	if (!leaf) {
		WRITE_ONCE(xa->xa_head, NULL);
		return;
	}
	WRITE_ONCE(leaf->slots[index & XA_CHUNK_MASK], NULL);
	leaf->count--;
	if (tracks_free(xa))
		set_mark(xa, leaf, index, XA_FREE_MARK);
	prune(xa, leaf);
}

/* The lock, in the way that the array's flags say. */
static noinline unsigned long lock_array(struct xarray *xa)
{
	unsigned long flags = 0;

	if (xa->xa_flags & XA_FLAGS_LOCK_IRQ)
		xa_lock_irqsave(xa, flags);
	else
		xa_lock(xa);
	return flags;
}

static noinline void unlock_array(struct xarray *xa, unsigned long flags)
{
	if (xa->xa_flags & XA_FLAGS_LOCK_IRQ)
		xa_unlock_irqrestore(xa, flags);
	else
		xa_unlock(xa);
}

/* Allocates one node without the lock, for which the caller's interrupts must have been on. */
static struct xa_node *alloc_unlocked(struct xarray *xa, gfp_t gfp)
{
	bool irq = xa->xa_flags & XA_FLAGS_LOCK_IRQ;
	struct xa_node *node;

	if (irq)
		xa_unlock_irq(xa);
	else
		xa_unlock(xa);
	node = kmem_cache_alloc(xa_node_cache, gfp);
	if (irq)
		xa_lock_irq(xa);
	else
		xa_lock(xa);
	return node;
}

/*
 * Gets nodes until @spare has @need of them. Returns 0; 1 if the lock was dropped for it, so that
 * the caller must look at the array again; or -ENOMEM.
 */
static int refill(struct xarray *xa, struct xa_spare *spare, unsigned int need, gfp_t gfp)
{
	bool may_sleep = gfpflags_allow_blocking(gfp);
	bool dropped = false;

#ifdef CONFIG_DEBUG
	/* Seldom is memory so short that the lock is dropped: say now that interrupts would stay off then. */
	WARN_ON_ONCE(may_sleep && irqs_disabled() && current->pid &&		/* not while booting */
		     !(xa->xa_flags & XA_FLAGS_LOCK_IRQ));
#endif
	while (spare->nr < need && !dropped) {
		struct xa_node *node;

		node = kmem_cache_alloc(xa_node_cache,
					may_sleep ? GFP_NOWAIT | __GFP_NOWARN : gfp);
		if (!node && may_sleep) {
			node = alloc_unlocked(xa, gfp);
			dropped = true;
		}
		if (!node)
			return -ENOMEM;
		node->parent = spare->nodes;
		spare->nodes = node;
		spare->nr++;
	}
	return dropped;
}

static void free_spare(struct xa_spare *spare)
{
	while (spare->nodes) {
		struct xa_node *node = spare->nodes;

		spare->nodes = node->parent;
		kmem_cache_free(xa_node_cache, node);
	}
}

/*
 * Stores @entry, NULL to erase, if @any or if @old is there now. Returns what was there before, the
 * reserved entry shown as such, or an error.
 */
static noinline void *exchange(struct xarray *xa, unsigned long index, bool any, void *old,
			       void *entry, gfp_t gfp)
{
	struct xa_spare spare = { NULL, 0 };
	void *seen;
	int err = 0;

	if (WARN_ON_ONCE(xa_is_internal(entry) && !xa_is_zero(entry)))
		return xa_mk_internal(-EINVAL);
	do {
		seen = entry_at(xa, leaf_of(xa, index), index);
		if (!any && seen != old)
			break;
		if (!entry) {
			if (seen)
				clear_entry(xa, index);
			break;
		}
		err = refill(xa, &spare, nodes_missing(xa, index), gfp);
		if (!err)
			place(xa, &spare, index, entry);
	} while (err > 0);
	free_spare(&spare);
	return err < 0 ? xa_mk_internal(err) : seen;
}

/**
 * __xa_store - store @entry at @index, or erase what is there when @entry is NULL
 *
 * Context: xa_lock held; dropped and retaken if @gfp allows to sleep and memory is short.
 * Marks stay as they are when an entry is overwritten. In an allocating array NULL keeps the index
 * in use. Returns the old entry, or an error to be asked for with xa_err().
 */
void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	if (!entry && tracks_free(xa))
		entry = XA_ZERO_ENTRY;
	return zero_to_null(exchange(xa, index, true, NULL, entry, gfp));
}
EXPORT_SYMBOL(__xa_store);

/* Returns the old entry. Needs no memory and cannot fail. */
void *__xa_erase(struct xarray *xa, unsigned long index)
{
	return zero_to_null(exchange(xa, index, true, NULL, NULL, 0));
}
EXPORT_SYMBOL(__xa_erase);

/* Stores only if @old is there; returns what was there, or an error. */
void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	return zero_to_null(exchange(xa, index, false, old, entry, gfp));
}
EXPORT_SYMBOL(__xa_cmpxchg);

/* Stores only where nothing is: 0, -EBUSY or -ENOMEM. A NULL @entry reserves the index. */
int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	void *seen = exchange(xa, index, false, NULL, entry ?: XA_ZERO_ENTRY, gfp);

	if (xa_is_err(seen))
		return xa_err(seen);
	return seen ? -EBUSY : 0;
}
EXPORT_SYMBOL(__xa_insert);

/**
 * __xa_alloc - store @entry at the lowest free index within @limit
 * @id: the index
 * @entry: NULL keeps the index in use without an entry
 *
 * Context: xa_lock held; dropped and retaken if @gfp allows to sleep and memory is short.
 * Returns 0, -EBUSY if no index is free, -ENOMEM.
 */
int __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	struct xa_spare spare = { NULL, 0 };
	unsigned long index;
	void *seen;
	int err;

	if (WARN_ON_ONCE(!tracks_free(xa) || (xa_is_internal(entry) && !xa_is_zero(entry))))
		return -EINVAL;
	if (!limit.min && (xa->xa_flags & XA_FLAGS_ZERO_BUSY))
		limit.min = 1;
	do {
		index = limit.min;
		if (is_node(xa->xa_head))
			xa_seek(xa, &index, limit.max, XA_FREE_MARK, &seen);
		else if (xa->xa_head && !index)
			index = 1;
		err = -EBUSY;
		if (index > limit.max)
			break;
		err = refill(xa, &spare, nodes_missing(xa, index), gfp);
		if (!err) {
			place(xa, &spare, index, entry ?: XA_ZERO_ENTRY);
			*id = index;
		}
	} while (err > 0);
	free_spare(&spare);
	return err;
}
EXPORT_SYMBOL(__xa_alloc);

/**
 * __xa_alloc_cyclic - __xa_alloc() that goes on where the last one ended
 * @next: where to begin the search; moved behind the index that was found
 *
 * Returns 0, or 1 if it began again at the lower limit; -EBUSY or -ENOMEM.
 */
int __xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next,
		      gfp_t gfp)
{
	u32 min = limit.min;
	bool wrapped = false;
	int err;

	limit.min = *next > min ? *next : min;
	err = __xa_alloc(xa, id, entry, limit, gfp);
	if (err == -EBUSY && limit.min > min) {
		wrapped = true;
		limit.min = min;
		err = __xa_alloc(xa, id, entry, limit, gfp);
	}
	if (err)
		return err;
	*next = *id + 1;
	return wrapped;
}
EXPORT_SYMBOL(__xa_alloc_cyclic);

/* True if the entry at @index has the mark. An empty index has none. */
bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_node *leaf = leaf_of(xa, index);

	if (!entry_at(xa, leaf, index))
		return false;
	if (!leaf)
		return xa_marked(xa, mark);
	return READ_ONCE(leaf->marks[mark]) & BIT(index & XA_CHUNK_MASK);
}
EXPORT_SYMBOL(xa_get_mark);

/* Does nothing where there is no entry. */
void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_node *leaf = leaf_of(xa, index);

	if (entry_at(xa, leaf, index))
		set_mark(xa, leaf, index, mark);
}
EXPORT_SYMBOL(__xa_set_mark);

void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_node *leaf = leaf_of(xa, index);

	if (entry_at(xa, leaf, index))
		clear_mark(xa, leaf, index, mark);
}
EXPORT_SYMBOL(__xa_clear_mark);

/** xas_load - the entry at xa_index, or NULL. After it the marks of one that is there can be changed */
void *xas_load(struct xa_state *xas)
{
	xas->xa_node = leaf_of(xas->xa, xas->xa_index);
	return zero_to_null(entry_at(xas->xa, xas->xa_node, xas->xa_index));
}
EXPORT_SYMBOL(xas_load);

/** xas_set_mark - marks the entry that was found */
void xas_set_mark(const struct xa_state *xas, xa_mark_t mark)
{
	set_mark(xas->xa, xas->xa_node, xas->xa_index, mark);
}
EXPORT_SYMBOL(xas_set_mark);

void xas_clear_mark(const struct xa_state *xas, xa_mark_t mark)
{
	clear_mark(xas->xa, xas->xa_node, xas->xa_index, mark);
}
EXPORT_SYMBOL(xas_clear_mark);

/**
 * __xa_copy_mark - gives the entries from *@index to @last that have mark @from mark @to, too
 * @index: moved on
 *
 * Context: xa_lock held. Some thousand at a time: returns true when there may be more.
 */
bool __xa_copy_mark(struct xarray *xa, unsigned long *index, unsigned long last, xa_mark_t from, xa_mark_t to)
{
	void *entry;

	for (int i = 0; i < 64; i++) {
		struct xa_node *leaf;
		unsigned long marks;

		if (!xa_seek(xa, index, last, from, &entry))
			return false;
		leaf = leaf_of(xa, *index);
		set_mark(xa, leaf, *index, to);		/* in the nodes above, too */
		if (!leaf)
			return false;
		marks = leaf->marks[from] & (~0UL << (*index & XA_CHUNK_MASK));
		*index |= XA_CHUNK_MASK;
		if (last < *index)
			marks &= ~0UL >> (*index - last);
		leaf->marks[to] |= marks;
		if (last <= *index)
			return false;
		++*index;
	}
	return true;
}
EXPORT_SYMBOL(__xa_copy_mark);

static void free_tree(struct xa_node *node)
{
	for (unsigned int i = 0; node->shift && i < XA_CHUNK_SIZE; i++)
		if (node->slots[i])
			free_tree(to_node(node->slots[i]));
	kmem_cache_free(xa_node_cache, node);
}

/**
 * xa_destroy - forget all entries and free the nodes
 *
 * What the entries point to is the caller's. The array can be used again.
 */
void xa_destroy(struct xarray *xa)
{
	unsigned long flags = lock_array(xa);
	void *head = xa->xa_head;

	WRITE_ONCE(xa->xa_head, NULL);
	for (xa_mark_t mark = 0; mark < XA_MAX_MARKS; mark++)
		xa->xa_flags &= ~XA_FLAGS_MARK(mark);
	if (is_node(head))
		free_tree(to_node(head));	/* at most eleven deep */
	unlock_array(xa, flags);
}
EXPORT_SYMBOL(xa_destroy);

/* The same as above, each with the lock taken here. */

#define LOCKED(xa, type, call)				\
({							\
	unsigned long __flags = lock_array(xa);		\
	type __ret = (call);				\
	unlock_array(xa, __flags);			\
	__ret;						\
})

void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	return LOCKED(xa, void *, __xa_store(xa, index, entry, gfp));
}
EXPORT_SYMBOL(xa_store);

void *xa_erase(struct xarray *xa, unsigned long index)
{
	return LOCKED(xa, void *, __xa_erase(xa, index));
}
EXPORT_SYMBOL(xa_erase);

void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	return LOCKED(xa, void *, __xa_cmpxchg(xa, index, old, entry, gfp));
}
EXPORT_SYMBOL(xa_cmpxchg);

int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	return LOCKED(xa, int, __xa_insert(xa, index, entry, gfp));
}
EXPORT_SYMBOL(xa_insert);

int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	return LOCKED(xa, int, __xa_alloc(xa, id, entry, limit, gfp));
}
EXPORT_SYMBOL(xa_alloc);

int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next,
		    gfp_t gfp)
{
	return LOCKED(xa, int, __xa_alloc_cyclic(xa, id, entry, limit, next, gfp));
}
EXPORT_SYMBOL(xa_alloc_cyclic);

void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	LOCKED(xa, int, (__xa_set_mark(xa, index, mark), 0));
}
EXPORT_SYMBOL(xa_set_mark);

void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	LOCKED(xa, int, (__xa_clear_mark(xa, index, mark), 0));
}
EXPORT_SYMBOL(xa_clear_mark);
