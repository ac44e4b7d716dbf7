// SPDX-License-Identifier: MIT
/* Self-tests of lib/rbtree.c: ktest=rbtree */

#include <linux/ktest.h>
#include <linux/kernel.h>
#include <linux/rbtree.h>

#define NODES	128

struct entry {
	struct rb_node	node;
	unsigned int	key;
};

static struct entry entries[NODES] __initdata;

static __always_inline bool less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct entry, node)->key < rb_entry(b, struct entry, node)->key;
}

static __always_inline int compare(const void *key, const struct rb_node *n)
{
	unsigned int a = *(const unsigned int *)key, b = rb_entry(n, struct entry, node)->key;

	return a < b ? -1 : a > b;
}

/* The number of black nodes on each way down, or -1 if the tree is not a red-black tree. */
static int __init black_height(struct rb_node *n, struct rb_node *parent)
{
	bool red;
	int left, right;

	if (!n)
		return 0;
	red = !(n->__rb_parent_color & 1);
	if (rb_parent(n) != parent || (red && (!parent || !(parent->__rb_parent_color & 1))))
		return -1;
	left = black_height(n->rb_left, n);
	right = black_height(n->rb_right, n);
	return left < 0 || left != right ? -1 : left + !red;
}

/* How many nodes there are, in order; -1 if they are not. */
static int __init count_sorted(struct rb_root_cached *root)
{
	struct rb_node *n, *prev = NULL;
	int count = 0;

	if (rb_first_cached(root) != rb_first(&root->rb_root))
		return -1;
	for (n = rb_first(&root->rb_root); n; prev = n, n = rb_next(n), count++)
		if (rb_prev(n) != prev || (prev && less(n, prev)))
			return -1;
	return prev == rb_last(&root->rb_root) ? count : -1;
}

/* 0 to NODES-1 in a scattered order: 157 is odd. */
static unsigned int __init scattered(unsigned int i)
{
	return i * 157 % NODES;
}

static void __init rbtree_stays_balanced(struct ktest *test)
{
	struct rb_root_cached root = RB_ROOT_CACHED;

	for (unsigned int i = 0; i < NODES; i++) {
		entries[i].key = scattered(i) / 2;	/* each key twice */
		rb_add_cached(&entries[i].node, &root, less);
		KTEST_ASSERT_TRUE(test, black_height(root.rb_root.rb_node, NULL) > 0);
	}
	KTEST_EXPECT_EQ(test, count_sorted(&root), NODES);
	for (unsigned int i = 0; i < NODES; i++) {
		rb_erase_cached(&entries[scattered(i * 3)].node, &root);
		KTEST_ASSERT_TRUE(test, black_height(root.rb_root.rb_node, NULL) >= 0);
		KTEST_ASSERT_EQ(test, count_sorted(&root), (int)(NODES - 1 - i));
	}
	KTEST_EXPECT_TRUE(test, RB_EMPTY_ROOT(&root.rb_root));
}

static void __init rbtree_finds_all_equal_keys(struct ktest *test)
{
	struct rb_root root = RB_ROOT;
	unsigned int key = 7, n = 0;
	struct rb_node *node;

	for (unsigned int i = 0; i < NODES; i++) {
		entries[i].key = scattered(i) / 8;
		rb_add(&entries[i].node, &root, less);
	}
	KTEST_EXPECT_NOT_NULL(test, rb_find(&key, &root, compare));
	rb_for_each(node, &key, &root, compare)
		n++;
	KTEST_EXPECT_EQ(test, n, 8U);
	key = NODES;
	KTEST_EXPECT_NULL(test, rb_find(&key, &root, compare));
	KTEST_EXPECT_NULL(test, rb_find_first(&key, &root, compare));
}

static void __init rbtree_replaces_and_walks_postorder(struct ktest *test)
{
	struct rb_root root = RB_ROOT;
	struct entry *e, *next, new = { .key = 3 };
	int n = 0;

	for (unsigned int i = 0; i < 8; i++) {
		entries[i].key = i;
		rb_add(&entries[i].node, &root, less);
	}
	rb_replace_node(&entries[3].node, &new.node, &root);
	KTEST_EXPECT_PTR_EQ(test, rb_next(&entries[2].node), &new.node);
	KTEST_EXPECT_PTR_EQ(test, rb_prev(&entries[4].node), &new.node);
	KTEST_EXPECT_TRUE(test, black_height(root.rb_node, NULL) > 0);
	rbtree_postorder_for_each_entry_safe(e, next, &root, node) {
		memset(&e->node, 0xff, sizeof(e->node));	/* as if freed */
		n++;
	}
	KTEST_EXPECT_EQ(test, n, 8);
}

ktest_suite("rbtree",
	    KTEST_CASE(rbtree_stays_balanced),
	    KTEST_CASE(rbtree_finds_all_equal_keys),
	    KTEST_CASE(rbtree_replaces_and_walks_postorder));
