// SPDX-License-Identifier: MIT
/*
 * Sorting a list: merge sort, stable and without recursion.
 *
 * run[k] is empty or a sorted chain of 2^k entries. An entry comes in as a chain of one and is
 * merged upwards as a carry goes through a binary counter. While it lasts the chains go by their
 * next pointers alone.
 */

#include <linux/export.h>
#include <linux/list.h>
#include <linux/list_sort.h>

#define MAX_RUNS	32	/* 2^32 entries */

/* Merges two chains; where equal, those of @a, which came first, stay first. */
static struct list_head *merge(void *priv, list_cmp_func_t cmp, struct list_head *a,
			       struct list_head *b)
{
	struct list_head *head, **tail = &head;

	while (a && b) {
		struct list_head **from = cmp(priv, a, b) <= 0 ? &a : &b;

		*tail = *from;
		tail = &(*from)->next;
		*from = (*from)->next;
	}
	*tail = a ?: b;
	return head;
}

/**
 * list_sort - sort a list
 * @priv: handed on to @cmp
 * @cmp: greater than 0 if its first entry goes behind its second; 0 keeps their order
 */
void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp)
{
	struct list_head *run[MAX_RUNS] = { NULL }, *entry, *next, *prev, *all = NULL;
	int k;

	head->prev->next = NULL;
	for (entry = head->next; entry && entry != head; entry = next) {
		struct list_head *carry = entry;

		next = entry->next;
		entry->next = NULL;
		for (k = 0; k < MAX_RUNS - 1 && run[k]; k++) {
			carry = merge(priv, cmp, run[k], carry);
			run[k] = NULL;
		}
		/* The last one takes all, so that no number of entries is too many. */
		run[k] = run[k] ? merge(priv, cmp, run[k], carry) : carry;
	}
	for (k = 0; k < MAX_RUNS; k++)
		if (run[k])
			all = merge(priv, cmp, run[k], all);

	prev = head;
	for (entry = all; entry; entry = entry->next) {
		prev->next = entry;
		entry->prev = prev;
		prev = entry;
	}
	prev->next = head;
	head->prev = prev;
}
EXPORT_SYMBOL(list_sort);
