/* SPDX-License-Identifier: MIT */
/*
 * A cache that can give memory back registers a shrinker; reclaim asks it to (mm/vmscan.c).
 */
#ifndef _LINUX_SHRINKER_H
#define _LINUX_SHRINKER_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/compiler.h>

struct shrink_control {
	gfp_t		gfp_mask;
	int		nid;
	unsigned long	nr_to_scan;	/* objects */
	unsigned long	nr_scanned;
};

#define SHRINK_STOP	(~0UL)		/* no progress possible now: ask again later */
#define SHRINK_EMPTY	(~0UL - 1)

/* How hard an object is to make again, against a page read from disk. */
#define DEFAULT_SEEKS	2

struct shrinker {
	/* How many objects could go. May be called under memory pressure from any task context. */
	unsigned long (*count_objects)(struct shrinker *shrinker, struct shrink_control *sc);
	/* Frees up to sc->nr_to_scan of them; returns how many, or SHRINK_STOP. */
	unsigned long (*scan_objects)(struct shrinker *shrinker, struct shrink_control *sc);
	long			batch;	/* objects a call, 0 for the default */
	int			seeks;	/* DEFAULT_SEEKS */
	unsigned int		flags;
	const char		*name;
	struct list_head	list;	/* shrinker_rwsem */
};

__printf(2, 3) int register_shrinker(struct shrinker *shrinker, const char *fmt, ...);
void unregister_shrinker(struct shrinker *shrinker);

#endif
