// SPDX-License-Identifier: MIT
/*
 * The xarray against a sorted table of a thousand indices, some dense, some on the borders between
 * heights of the tree, some anywhere. Allocations fail now and then, and a store that failed must
 * have changed nothing. The number of nodes is compared with what the indices in use need, which
 * shows a node that was kept and one that was lost.
 */

#include <linux/bitmap.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/sort.h>
#include <linux/xarray.h>

#include "host.h"
#include "kernel.h"

#define PLACES	1024

static struct place {
	unsigned long	index;
	void		*entry;		/* XA_ZERO_ENTRY if reserved */
	bool		marks[3];
} places[PLACES];

static int by_index(const void *a, const void *b)
{
	unsigned long x = ((struct place *)a)->index, y = ((struct place *)b)->index;

	return x < y ? -1 : x > y;
}

static void choose_places(void)
{
	memset(places, 0, sizeof(places));
	for (int i = 0; i < PLACES; i++) {
		unsigned long r = host_random();

		if (i < 300)
			places[i].index = i;
		else if (i < 600)
			places[i].index = (1UL << (r % 64)) + (r >> 8) % 3 - 1;
		else if (i < 700)
			places[i].index = ULONG_MAX - (r % 200);
		else
			places[i].index = r >> (host_random() % 64);
	}
	/* Each once: those that come twice move up to the next free index. */
	sort(places, PLACES, sizeof(places[0]), by_index, NULL);
	for (bool again = true; again; ) {
		again = false;
		for (int i = 1; i < PLACES; i++)
			if (places[i].index == places[i - 1].index) {
				places[i].index = host_random();
				again = true;
			}
		sort(places, PLACES, sizeof(places[0]), by_index, NULL);
	}
}

static void *visible(const struct place *p)
{
	return xa_is_zero(p->entry) ? NULL : p->entry;
}

/* How many nodes a tree of the entries in the model has. */
static long nodes_needed(void)
{
	unsigned long highest = 0, last = 0;
	bool any = false;
	long nodes = 0;

	for (int i = 0; i < PLACES; i++)
		if (places[i].entry) {
			highest = places[i].index;
			any = true;
		}
	if (!any || !highest)
		return 0;
	for (int shift = 6; ; shift += 6) {
		bool first = true;

		for (int i = 0; i < PLACES; i++) {
			unsigned long prefix = shift < 64 ? places[i].index >> shift : 0;

			if (!places[i].entry)
				continue;
			if (first || prefix != last)
				nodes++;
			first = false;
			last = prefix;
		}
		if (shift >= 64 || !(highest >> shift))
			return nodes;
	}
}

static bool matches(const struct place *p, xa_mark_t filter)
{
	return visible(p) && (filter == XA_PRESENT || p->marks[filter]);
}

/* The place of the first match from @from to @max, or NULL. */
static struct place *model_find(unsigned long from, unsigned long max, xa_mark_t filter)
{
	for (int i = 0; i < PLACES && places[i].index <= max; i++)
		if (places[i].index >= from && matches(&places[i], filter))
			return &places[i];
	return NULL;
}

static void check_whole(struct xarray *xa)
{
	unsigned long index;
	void *entry;
	int i = 0;

	CHECK(objects == nodes_needed());
	xa_for_each(xa, index, entry) {
		while (!visible(&places[i]))
			i++;
		CHECK(index == places[i].index && entry == places[i].entry);
		i++;
	}
	while (i < PLACES)
		CHECK(!visible(&places[i++]));
	for (xa_mark_t mark = 0; mark < 3; mark++) {
		bool any = false;

		for (i = 0; i < PLACES; i++) {
			CHECK(xa_get_mark(xa, places[i].index, mark) == places[i].marks[mark]);
			any |= places[i].marks[mark];
		}
		CHECK(xa_marked(xa, mark) == any);
	}
}

static void set_place(struct place *p, void *entry)
{
	p->entry = entry;
	if (!entry)
		memset(p->marks, 0, sizeof(p->marks));
}

/* Applies what the array answered to a store; @result is an error or the old entry. */
static void stored(struct place *p, void *entry, void *result)
{
	if (xa_is_err(result)) {
		CHECK(fail_percent && xa_err(result) == -ENOMEM && entry && !p->entry);
		return;
	}
	CHECK(result == visible(p));
	set_place(p, entry);
}

static void one_search(struct xarray *xa, struct place *p, unsigned long r)
{
	xa_mark_t filter = r % 4 == 3 ? XA_PRESENT : r % 4;
	unsigned long max = r & 16 ? ULONG_MAX : p->index + (host_random() >> (r % 64));
	unsigned long index = p->index;
	struct place *want;
	void *entry;

	if (r & 32) {
		want = index == ULONG_MAX ? NULL : model_find(index + 1, max, filter);
		entry = xa_find_after(xa, &index, max, filter);
	} else {
		want = model_find(index, max, filter);
		entry = xa_find(xa, &index, max, filter);
	}
	CHECK(entry == (want ? want->entry : NULL));
	CHECK(index == (want ? want->index : p->index));
}

/* A walk with a state: what it finds, and marks that are changed on the way. */
static void one_walk(struct xarray *xa, struct place *p, unsigned long r)
{
	const xa_mark_t filter = r % 4 == 3 ? XA_PRESENT : r % 4, mark = (r >> 2) % 3;
	const unsigned long max = r & 16 ? ULONG_MAX : p->index + (host_random() >> (r % 64));
	XA_STATE(xas, xa, p->index);
	struct place *want;
	void *entry;

	CHECK(xas_load(&xas) == visible(p));
	if (visible(p) && (r & 32)) {
		xas_set_mark(&xas, mark);
		p->marks[mark] = true;
	}
	xas.xa_node = XAS_RESTART;
	want = model_find(p->index, max, filter);
	xas_for_each_marked(&xas, entry, max, filter) {
		CHECK(want && xas.xa_index == want->index && entry == want->entry);
		r = host_random();
		if (r & 1) {
			xas_clear_mark(&xas, mark);
			want->marks[mark] = false;
		} else if (r & 2) {
			xas_set_mark(&xas, mark);
			want->marks[mark] = true;
		}
		if ((r & 28) == 28 && want->index != ULONG_MAX)
			xas_pause(&xas);
		want = want->index == ULONG_MAX ? NULL : model_find(want->index + 1, max, filter);
		if ((r >> 8) % 64 == 0)
			return;
	}
	CHECK(!want);
}

/* All that have a mark get another one, a part of the array at a time. */
static void copy_mark(struct xarray *xa, struct place *p, unsigned long r)
{
	const xa_mark_t from = r % 3, to = (r >> 2) % 3;
	const unsigned long last = r & 32 ? ULONG_MAX : p->index + (host_random() >> (r % 64));
	unsigned long index = p->index;

	for (int i = 0; i < PLACES; i++)
		if (places[i].index >= p->index && places[i].index <= last && places[i].entry && places[i].marks[from])
			places[i].marks[to] = true;
	while (__xa_copy_mark(xa, &index, last, from, to))
		CHECK(index <= last);
}

/* With @few only eight places far apart, the first being 0: the tree changes its height often. */
static void one_operation(struct xarray *xa, bool few)
{
	unsigned long r = host_random();
	struct place *p = &places[few ? r % 8 * 146 : r % PLACES], *q = &places[(r >> 10) % PLACES];
	void *entry = r >> 60 ? xa_mk_value(r >> 8) : p, *old;
	gfp_t gfp = r & (1UL << 40) ? GFP_KERNEL : GFP_ATOMIC;
	xa_mark_t mark = (r >> 41) % 3;
	int err;

	switch ((r >> 48) % 16) {
	case 0 ... 2:
		stored(p, entry, xa_store(xa, p->index, entry, gfp));
		break;
	case 3 ... 5:
		CHECK(xa_erase(xa, p->index) == visible(p));
		set_place(p, NULL);
		break;
	case 6:
		old = r & (1UL << 43) ? p->entry : q->entry;
		if (r & (1UL << 44))
			entry = NULL;
		if (p->entry == old)
			stored(p, entry, xa_cmpxchg(xa, p->index, old, entry, gfp));
		else
			CHECK(xa_cmpxchg(xa, p->index, old, entry, gfp) == visible(p));
		break;
	case 7:
		err = xa_insert(xa, p->index, entry, gfp);
		if (p->entry)
			CHECK(err == -EBUSY);
		else if (err)
			CHECK(fail_percent && err == -ENOMEM);
		else
			p->entry = entry;
		break;
	case 8:
		err = xa_reserve(xa, p->index, gfp);
		CHECK(!err || (err == -ENOMEM && fail_percent && !p->entry));
		if (!err && !p->entry)
			p->entry = XA_ZERO_ENTRY;
		break;
	case 9:
		xa_release(xa, p->index);
		if (xa_is_zero(p->entry))
			set_place(p, NULL);
		break;
	case 10:
		xa_set_mark(xa, p->index, mark);
		if (p->entry)
			p->marks[mark] = true;
		break;
	case 11:
		xa_clear_mark(xa, p->index, mark);
		p->marks[mark] = false;
		break;
	case 12:
		CHECK(xa_load(xa, p->index) == visible(p));
		CHECK(xa_get_mark(xa, p->index, mark) == p->marks[mark]);
		break;
	case 13:
		if (r & (1UL << 45))
			one_walk(xa, p, r >> 20);
		else
			copy_mark(xa, p, r >> 20);
		break;
	default:
		one_search(xa, p, r >> 20);
	}
}

void xarray_against_model(unsigned long ops)
{
	struct xarray xa;

	for (unsigned long i = 0; i < ops; i++) {
		unsigned long phase = i % 20000;

		if (phase == 0) {
			choose_places();
			xa_init_flags(&xa, i / 20000 % 2 ? XA_FLAGS_LOCK_IRQ : 0);
		}
		fail_percent = phase / 1000 % 2 ? 30 : 0;
		fail_sleeping = phase / 2000 % 2;
		one_operation(&xa, phase < 8000);
		CHECK(!locks_held && !irqs_off);
		if (phase % 1000 == 999 || phase % 1000 < 20)
			check_whole(&xa);
		/* At the end the array goes by one way or the other. */
		if (phase == 19999 || i == ops - 1) {
			if (i / 20000 % 3)
				for (int k = 0; k < PLACES; k++)
					xa_erase(&xa, places[k].index);
			else
				xa_destroy(&xa);
			CHECK(xa_empty(&xa) && objects == 0);
			CHECK(!xa_marked(&xa, 0) && !xa_marked(&xa, 1) && !xa_marked(&xa, 2));
		}
	}
	fail_percent = 0;
}

#define IDS	6000

static void erase_all(struct xarray *xa)
{
	for (u32 id = 0; id < IDS; id++)
		xa_erase(xa, id);
	CHECK(xa_empty(xa) && objects == 0);
}

/* Allocation against a bitmap: always the lowest free index of the range. */
void xarray_alloc_against_model(unsigned long ops)
{
	static DECLARE_BITMAP(used, IDS);
	struct xarray xa;
	u32 next = 0;

	for (unsigned long i = 0; i < ops; i++) {
		unsigned long r = host_random(), phase = i % 50000, low;
		u32 min = (r >> 8) % 3 ? 0 : (r >> 16) % IDS, max = IDS - 1, id = 0;
		bool filling = (i / 5000) % 2;
		bool one = (i / 50000) % 2;
		int err;

		if (phase == 0) {
			if (i)
				erase_all(&xa);
			bitmap_zero(used, IDS);
			next = 0;
			xa_init_flags(&xa, one ? XA_FLAGS_ALLOC1 : XA_FLAGS_ALLOC);
		}
		fail_percent = phase / 3000 % 2 ? 20 : 0;
		fail_sleeping = phase / 6000 % 2;
		if (one && !min)
			min = 1;
		if (r >> 60 == 0)
			max = min + (r >> 20) % 50 < IDS ? min + (r >> 20) % 50 : IDS - 1;

		if ((r >> 32) % 8 < (filling ? 6 : 2)) {
			bool cyclic = r & (1UL << 50), wrapped = false;
			void *entry = r & (1UL << 51) ? NULL : &xa;
			gfp_t gfp = r & (1UL << 52) ? GFP_KERNEL : GFP_NOWAIT;
			unsigned long from = cyclic && next > min ? next : min;

			low = find_next_zero_bit(used, max + 1, from);
			if (low > max && from > min) {
				low = find_next_zero_bit(used, max + 1, min);
				wrapped = true;
			}
			if (cyclic)
				err = xa_alloc_cyclic(&xa, &id, entry, XA_LIMIT(min, max), &next,
						      gfp);
			else
				err = xa_alloc(&xa, &id, entry, XA_LIMIT(min, max), gfp);
			if (err == -ENOMEM && fail_percent)
				continue;
			if (low > max) {
				CHECK(err == -EBUSY);
				continue;
			}
			CHECK(err == (wrapped ? 1 : 0) && id == low);
			CHECK(!cyclic || next == id + 1);
			CHECK(xa_load(&xa, id) == entry);
			__set_bit(id, used);
		} else {
			id = (r >> 16) % IDS;
			xa_erase(&xa, id);
			__clear_bit(id, used);
		}
		CHECK(!locks_held && !irqs_off);
	}
	fail_percent = 0;
	erase_all(&xa);
}
