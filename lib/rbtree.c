// SPDX-License-Identifier: MIT
/*
 * Red-black trees.
 *
 * A node is red or black, and two rules keep the tree at most twice as deep as it need be: the
 * child of a red node is black, and every way from the root down to a missing child passes the same
 * number of black ones. The root is black. Insertion can break the first rule at one place, removal
 * the second; each is moved upwards until a rotation or two mend it. The cases are those of Cormen
 * et al., Introduction to Algorithms, ch. 13; left and right are one case seen in a mirror, which
 * side() is.
 *
 * The colour is bit 0 of the word that points to the parent, 0 for red. The caller's lock guards
 * the tree.
 *
 * A tree may be augmented (<linux/rbtree_augmented.h>): then its callbacks are told where subtrees
 * have changed.
 */

#include <linux/export.h>
#include <linux/rbtree_augmented.h>

#define RB_BLACK	1UL

static inline struct rb_node **side(struct rb_node *node, bool left)
{
	return left ? &node->rb_left : &node->rb_right;
}

/* A missing child counts as black. */
static inline bool is_red(const struct rb_node *node)
{
	return node && !(node->__rb_parent_color & RB_BLACK);
}

static inline void set_black(struct rb_node *node)
{
	node->__rb_parent_color |= RB_BLACK;
}

static inline void set_red(struct rb_node *node)
{
	node->__rb_parent_color &= ~RB_BLACK;
}

static inline void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (node->__rb_parent_color & RB_BLACK) | (unsigned long)parent;
}

/* @new hangs where @old hung. */
static inline void change_child(struct rb_node *old, struct rb_node *new, struct rb_node *parent,
				struct rb_root *root)
{
	if (!parent)
		WRITE_ONCE(root->rb_node, new);
	else if (parent->rb_left == old)
		WRITE_ONCE(parent->rb_left, new);
	else
		WRITE_ONCE(parent->rb_right, new);
}

/* @top sinks to the left (or right), and its child of the other side takes its place. */
static void rotate(struct rb_node *top, bool left, struct rb_root *root,
		   const struct rb_augment_callbacks *augment)
{
	struct rb_node *parent = rb_parent(top);
	struct rb_node *up = *side(top, !left);
	struct rb_node *middle = *side(up, left);

	*side(top, !left) = middle;
	if (middle)
		set_parent(middle, top);
	*side(up, left) = top;
	change_child(top, up, parent, root);
	set_parent(up, parent);
	set_parent(top, up);
	if (augment)
		augment->rotate(top, up);
}

void __rb_insert(struct rb_node *node, struct rb_root *root, const struct rb_augment_callbacks *augment)
{
	struct rb_node *parent;

	while ((parent = rb_parent(node)) && is_red(parent)) {
		struct rb_node *grand = rb_parent(parent);	/* exists: the root is black */
		bool left = parent == grand->rb_left;
		struct rb_node *uncle = *side(grand, !left);

		if (is_red(uncle)) {
			set_black(parent);
			set_black(uncle);
			set_red(grand);
			node = grand;
			continue;
		}
		if (node == *side(parent, !left)) {
			rotate(parent, left, root, augment);
			parent = node;
		}
		set_black(parent);
		set_red(grand);
		rotate(grand, !left, root, augment);
		break;
	}
	set_black(root->rb_node);
}
EXPORT_SYMBOL(__rb_insert);

/**
 * rb_insert_color - mend the tree after rb_link_node()
 * @node: the new node, red
 */
void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	__rb_insert(node, root, NULL);
}
EXPORT_SYMBOL(rb_insert_color);

/* The ways through @node, which may be missing, are one black node short. */
static void erase_color(struct rb_node *node, struct rb_node *parent, struct rb_root *root,
			const struct rb_augment_callbacks *augment)
{
	while (node != root->rb_node && !is_red(node)) {
		bool left = node == parent->rb_left;
		struct rb_node *sibling = *side(parent, !left);	/* exists, with a black node */

		if (is_red(sibling)) {
			set_black(sibling);
			set_red(parent);
			rotate(parent, left, root, augment);
			sibling = *side(parent, !left);
		}
		if (!is_red(sibling->rb_left) && !is_red(sibling->rb_right)) {
			set_red(sibling);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (!is_red(*side(sibling, !left))) {
			set_black(*side(sibling, left));
			set_red(sibling);
			rotate(sibling, !left, root, augment);
			sibling = *side(parent, !left);
		}
		if (is_red(parent))
			set_red(sibling);
		else
			set_black(sibling);
		set_black(parent);
		set_black(*side(sibling, !left));
		rotate(parent, left, root, augment);
		return;
	}
	if (node)
		set_black(node);
}

void __rb_erase(struct rb_node *node, struct rb_root *root, const struct rb_augment_callbacks *augment)
{
	struct rb_node *parent = rb_parent(node), *child, *next = NULL;
	bool lost_black;

	if (!node->rb_left || !node->rb_right) {
		child = node->rb_left ?: node->rb_right;
		lost_black = !is_red(node);
		change_child(node, child, parent, root);
		if (child)
			set_parent(child, parent);
	} else {
		/* The next node has no left child: it leaves its place and takes @node's. */
		for (next = node->rb_right; next->rb_left; next = next->rb_left)
			;
		child = next->rb_right;
		lost_black = !is_red(next);
		change_child(node, next, parent, root);
		parent = rb_parent(next);
		if (parent == node) {
			parent = next;
		} else {
			parent->rb_left = child;
			if (child)
				set_parent(child, parent);
			next->rb_right = node->rb_right;
			set_parent(next->rb_right, next);
		}
		next->rb_left = node->rb_left;
		set_parent(next->rb_left, next);
		next->__rb_parent_color = node->__rb_parent_color;
	}
	if (augment) {
		/* The lowest place that lost a node, up to where @next stands now, and from there up. */
		if (next)
			augment->copy(node, next);
		augment->propagate(parent, next);
		if (next)
			augment->propagate(next, NULL);
	}
	if (lost_black)
		erase_color(child, parent, root, augment);
}
EXPORT_SYMBOL(__rb_erase);

/**
 * rb_erase - take @node out of the tree
 *
 * The node's own fields are left as they are.
 */
void rb_erase(struct rb_node *node, struct rb_root *root)
{
	__rb_erase(node, root, NULL);
}
EXPORT_SYMBOL(rb_erase);

/* @new, which sorts where @victim does, takes its place without any rebalancing. */
void rb_replace_node(struct rb_node *victim, struct rb_node *new, struct rb_root *root)
{
	*new = *victim;
	if (new->rb_left)
		set_parent(new->rb_left, new);
	if (new->rb_right)
		set_parent(new->rb_right, new);
	change_child(victim, new, rb_parent(victim), root);
}
EXPORT_SYMBOL(rb_replace_node);

static struct rb_node *outermost(struct rb_node *node, bool left)
{
	while (node && *side(node, left))
		node = *side(node, left);
	return node;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return outermost(root->rb_node, true);
}
EXPORT_SYMBOL(rb_first);

struct rb_node *rb_last(const struct rb_root *root)
{
	return outermost(root->rb_node, false);
}
EXPORT_SYMBOL(rb_last);

static __always_inline struct rb_node *neighbour(struct rb_node *node, bool left)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (*side(node, left))
		return outermost(*side(node, left), !left);
	/* Up, until the way up is not from that side. */
	while ((parent = rb_parent(node)) && node == *side(parent, left))
		node = parent;
	return parent;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	return neighbour((struct rb_node *)node, false);
}
EXPORT_SYMBOL(rb_next);

struct rb_node *rb_prev(const struct rb_node *node)
{
	return neighbour((struct rb_node *)node, true);
}
EXPORT_SYMBOL(rb_prev);

/* The leaf that is reached by going left wherever possible. */
static struct rb_node *leftmost_leaf(struct rb_node *node)
{
	struct rb_node *down;

	while ((down = node->rb_left ?: node->rb_right))
		node = down;
	return node;
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return root->rb_node ? leftmost_leaf(root->rb_node) : NULL;
}
EXPORT_SYMBOL(rb_first_postorder);

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent;

	if (!node)
		return NULL;
	parent = rb_parent(node);
	if (parent && node == parent->rb_left && parent->rb_right)
		return leftmost_leaf(parent->rb_right);
	return parent;
}
EXPORT_SYMBOL(rb_next_postorder);
