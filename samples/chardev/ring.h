/* SPDX-License-Identifier: MIT */
/* A buffer of bytes that goes round, and the filter that another module may put into it. */
#ifndef _RING_H
#define _RING_H

#include <linux/types.h>

struct ring {
	char	*bytes;
	size_t	size, head, used;	/* the oldest byte, and how many there are */
};

int ring_alloc(struct ring *r, size_t size);
void ring_free(struct ring *r);
size_t ring_put(struct ring *r, const char *from, size_t n);
size_t ring_take(struct ring *r, char *to, size_t n);

/* Exported: what every byte goes through on its way in; NULL for nothing. -EBUSY when there is one. */
int ring_set_filter(char (*filter)(char c));
void ring_clear_filter(void);

#endif
