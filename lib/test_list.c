// SPDX-License-Identifier: MIT
/* Self-tests of linux/list.h and list_sort(): ktest=list */

#include <linux/ktest.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/list_sort.h>

struct item {
	char			name;
	struct list_head	link;
	struct hlist_node	hash;
};

static struct item items[8] __initdata;

/* The names in the order of the list, checked backwards too. "!" if the links disagree. */
static const char * __init names(struct list_head *head)
{
	static char text[16] __initdata;
	struct item *it;
	int n = 0, back;

	list_for_each_entry(it, head, link)
		text[n++] = it->name;
	text[n] = '\0';
	back = n;
	list_for_each_entry_reverse(it, head, link)
		if (text[--back] != it->name)
			return "!";
	return back ? "!" : text;
}

/* A list of one entry a character of @s. */
static void __init fill(struct list_head *head, struct item *from, const char *s)
{
	INIT_LIST_HEAD(head);
	for (; *s; s++, from++) {
		from->name = *s;
		list_add_tail(&from->link, head);
	}
}

static void __init list_adds_at_both_ends(struct ktest *test)
{
	LIST_HEAD(head);

	KTEST_EXPECT_TRUE(test, list_empty(&head));
	fill(&head, items, "bc");
	items[2].name = 'a';
	list_add(&items[2].link, &head);
	KTEST_EXPECT_STREQ(test, names(&head), "abc");
	KTEST_EXPECT_EQ(test, list_count_nodes(&head), 3UL);
	KTEST_EXPECT_EQ(test, list_first_entry(&head, struct item, link)->name, 'a');
	KTEST_EXPECT_EQ(test, list_last_entry(&head, struct item, link)->name, 'c');
}

static void __init list_deletes_while_walking(struct ktest *test)
{
	struct item *it, *next;
	LIST_HEAD(head);

	fill(&head, items, "abcd");
	list_for_each_entry_safe(it, next, &head, link)
		if (it->name == 'b' || it->name == 'd')
			list_del_init(&it->link);
	KTEST_EXPECT_STREQ(test, names(&head), "ac");
	KTEST_EXPECT_TRUE(test, list_empty(&items[1].link));
	list_del(&items[0].link);
	KTEST_EXPECT_PTR_EQ(test, items[0].link.next, LIST_POISON1);
	KTEST_EXPECT_TRUE(test, list_is_singular(&head));
}

static void __init list_moves_splices_and_cuts(struct ktest *test)
{
	LIST_HEAD(a);
	LIST_HEAD(b);

	fill(&a, items, "abc");
	fill(&b, items + 3, "xyz");
	list_move_tail(&items[0].link, &b);
	KTEST_EXPECT_STREQ(test, names(&b), "xyza");
	list_splice_init(&a, &b);
	KTEST_EXPECT_STREQ(test, names(&b), "bcxyza");
	KTEST_EXPECT_TRUE(test, list_empty(&a));
	list_cut_position(&a, &b, &items[3].link);
	KTEST_EXPECT_STREQ(test, names(&a), "bcx");
	KTEST_EXPECT_STREQ(test, names(&b), "yza");
	list_splice_tail_init(&a, &b);
	KTEST_EXPECT_STREQ(test, names(&b), "yzabcx");
	list_bulk_move_tail(&b, &items[4].link, &items[0].link);
	KTEST_EXPECT_STREQ(test, names(&b), "bcxyza");
	list_rotate_to_front(&items[3].link, &b);
	KTEST_EXPECT_STREQ(test, names(&b), "xyzabc");
	list_rotate_left(&b);
	KTEST_EXPECT_STREQ(test, names(&b), "yzabcx");
}

static void __init list_replaces_in_place(struct ktest *test)
{
	LIST_HEAD(head);

	fill(&head, items, "abc");
	items[5].name = 'N';
	list_replace_init(&items[1].link, &items[5].link);
	KTEST_EXPECT_STREQ(test, names(&head), "aNc");
	KTEST_EXPECT_TRUE(test, list_empty(&items[1].link));
}

static int __init by_letter(void *priv, const struct list_head *a, const struct list_head *b)
{
	/* Without regard to case, so that "a" and "A" are equal and must keep their order. */
	return (list_entry(a, struct item, link)->name | 0x20) -
	       (list_entry(b, struct item, link)->name | 0x20);
}

static void __init list_sort_is_stable(struct ktest *test)
{
	LIST_HEAD(head);

	list_sort(NULL, &head, by_letter);
	KTEST_EXPECT_TRUE(test, list_empty(&head));
	fill(&head, items, "dBbaACc");
	list_sort(NULL, &head, by_letter);
	KTEST_EXPECT_STREQ(test, names(&head), "aABbCcd");
}

static void __init hlist_links_and_unlinks(struct ktest *test)
{
	HLIST_HEAD(head);
	struct hlist_node *next;
	struct item *it;
	int sum = 0;

	for (int i = 0; i < 4; i++) {
		items[i].name = i;
		INIT_HLIST_NODE(&items[i].hash);
		hlist_add_head(&items[i].hash, &head);
	}
	hlist_del_init(&items[3].hash);
	KTEST_EXPECT_TRUE(test, hlist_unhashed(&items[3].hash));
	hlist_add_behind(&items[3].hash, &items[0].hash);
	hlist_for_each_entry(it, &head, hash)
		sum = sum * 10 + it->name;
	KTEST_EXPECT_EQ(test, sum, 2103);
	hlist_for_each_entry_safe(it, next, &head, hash)
		hlist_del(&it->hash);
	KTEST_EXPECT_TRUE(test, hlist_empty(&head));
}

ktest_suite("list",
	    KTEST_CASE(list_adds_at_both_ends),
	    KTEST_CASE(list_deletes_while_walking),
	    KTEST_CASE(list_moves_splices_and_cuts),
	    KTEST_CASE(list_replaces_in_place),
	    KTEST_CASE(list_sort_is_stable),
	    KTEST_CASE(hlist_links_and_unlinks));
