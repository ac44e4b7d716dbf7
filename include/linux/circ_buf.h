/* SPDX-License-Identifier: MIT */
/* A ring of bytes whose size is a power of two; empty when head equals tail. */
#ifndef _LINUX_CIRC_BUF_H
#define _LINUX_CIRC_BUF_H

struct circ_buf {
	char	*buf;
	int	head;	/* the next to write */
	int	tail;	/* the next to read */
};

#define CIRC_CNT(head, tail, size)	(((head) - (tail)) & ((size) - 1))
#define CIRC_SPACE(head, tail, size)	CIRC_CNT((tail), ((head) + 1), (size))

/* The same, up to the end of the memory. */
#define CIRC_SPACE_TO_END(head, tail, size)			\
({								\
	int __end = (size) - 1 - (head);			\
	int __n = (__end + (tail)) & ((size) - 1);		\
	__n <= __end ? __n : __end + 1;				\
})

#endif
