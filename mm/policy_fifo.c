// SPDX-License-Identifier: MIT
/*
 * Replacement first in, first out: the page that has been in memory longest goes, used or not. Nobody asks for
 * the accessed flag. The simplest policy, and the one that may get worse with more memory (Belady's anomaly).
 *
 * Callers: mm/vmscan.c, by the table.
 */
#include <linux/reclaim_policy.h>

DEFINE_RECLAIM_POLICY(fifo) = {
	.name	= "fifo",
	.victim	= lru_rear,
};
