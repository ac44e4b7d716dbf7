/* SPDX-License-Identifier: MIT */
/* Reading and writing many pages of a file with few bios (fs/mpage.c). */
#ifndef _LINUX_MPAGE_H
#define _LINUX_MPAGE_H

#include <linux/buffer_head.h>

struct writeback_control;
struct readahead_control;

void mpage_readahead(struct readahead_control *rac, get_block_t *get_block);
int mpage_read_folio(struct folio *folio, get_block_t *get_block);
int mpage_writepages(struct address_space *mapping, struct writeback_control *wbc,
		     get_block_t *get_block);

#endif
