// SPDX-License-Identifier: MIT
/* The red-black tree against an array of flags, and its balance against the rules. */

#include <linux/kernel.h>
#include <linux/rbtree.h>
#include <linux/string.h>

#include "host.h"
#include "kernel.h"

#define NODES	1000

static struct entry {
	struct rb_node	node;
	unsigned int	key;		/* each key once: its index in the table */
	bool		in;
} entries[NODES], twins[NODES];

/* Which of the two entries of a key is the one in use. */
static struct entry *current_of[NODES];

static bool less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct entry, node)->key < rb_entry(b, struct entry, node)->key;
}

static int compare(const void *key, const struct rb_node *n)
{
	return *(const int *)key - (int)rb_entry(n, struct entry, node)->key;
}

static int compare_nodes(struct rb_node *a, const struct rb_node *b)
{
	return compare(&rb_entry(a, struct entry, node)->key, b);
}

static int black_height(struct rb_node *n, struct rb_node *parent)
{
	bool red;
	int left, right;

	if (!n)
		return 0;
	red = !(n->__rb_parent_color & 1);
	CHECK(rb_parent(n) == parent);
	CHECK(!red || (parent && (parent->__rb_parent_color & 1)));
	left = black_height(n->rb_left, n);
	right = black_height(n->rb_right, n);
	CHECK(left == right);
	return left + !red;
}

static int neighbour_in_model(int key, int step)
{
	for (key += step; key >= 0 && key < NODES; key += step)
		if (current_of[key]->in)
			return key;
	return -1;
}

static int key_of(struct rb_node *n)
{
	return n ? (int)rb_entry(n, struct entry, node)->key : -1;
}

static void check_whole(struct rb_root_cached *root)
{
	int seen = 0, count = 0, key = neighbour_in_model(-1, 1);
	struct rb_node *n;

	black_height(root->rb_root.rb_node, NULL);
	CHECK(rb_first_cached(root) == rb_first(&root->rb_root));
	CHECK(key_of(rb_last(&root->rb_root)) == neighbour_in_model(NODES, -1));
	for (n = rb_first(&root->rb_root); n; n = rb_next(n), seen++) {
		CHECK(key_of(n) == key);
		key = neighbour_in_model(key, 1);
	}
	CHECK(key == -1);
	for (n = rb_first_postorder(&root->rb_root); n; n = rb_next_postorder(n))
		count++;
	CHECK(count == seen);
}

void rbtree_against_model(unsigned long ops)
{
	struct rb_root_cached root = RB_ROOT_CACHED;

	for (int i = 0; i < NODES; i++) {
		entries[i].key = twins[i].key = i;
		entries[i].in = twins[i].in = false;
		current_of[i] = &entries[i];
	}
	for (unsigned long i = 0; i < ops; i++) {
		unsigned long r = host_random();
		/* Small trees have the rare shapes: half of the time few keys are in use. */
		int key = r % (i / 5000 % 2 ? NODES : 12);
		struct entry *e = current_of[key], *other;
		struct rb_node *n;

		switch ((r >> 32) % 8) {
		case 0 ... 2:
			if (e->in) {
				other = e == &entries[key] ? &twins[key] : &entries[key];
				CHECK(rb_find_add(&other->node, &root.rb_root, compare_nodes) ==
				      &e->node);
				break;
			}
			n = rb_add_cached(&e->node, &root, less);
			e->in = true;
			CHECK((n == &e->node) == (neighbour_in_model(key, -1) < 0));
			break;
		case 3 ... 5:
			if (e->in) {
				rb_erase_cached(&e->node, &root);
				memset(&e->node, 0xa5, sizeof(e->node));
				e->in = false;
			}
			break;
		case 6:
			n = rb_find(&key, &root.rb_root, compare);
			CHECK(n == (e->in ? &e->node : NULL));
			if (n) {
				CHECK(key_of(rb_next(n)) == neighbour_in_model(key, 1));
				CHECK(key_of(rb_prev(n)) == neighbour_in_model(key, -1));
			}
			break;
		case 7:
			if (e->in) {
				other = e == &entries[key] ? &twins[key] : &entries[key];
				rb_replace_node_cached(&e->node, &other->node, &root);
				memset(&e->node, 0xa5, sizeof(e->node));
				e->in = false;
				other->in = true;
				current_of[key] = other;
			}
		}
		if (i % 256 == 0 || i / 5000 % 2 == 0)
			check_whole(&root);
	}
}
