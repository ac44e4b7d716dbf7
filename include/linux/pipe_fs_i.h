/* SPDX-License-Identifier: MIT */
/*
 * A pipe: a ring of page buffers. head counts the buffers ever filled, tail those ever emptied;
 * both only grow, and index the ring modulo its size.
 */
#ifndef _LINUX_PIPE_FS_I_H
#define _LINUX_PIPE_FS_I_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>

#define PIPE_DEF_BUFFERS	16

#define PIPE_BUF_FLAG_CAN_MERGE	0x10	/* a later write may fill the rest of the page */

struct page;

struct pipe_buffer {
	struct page	*page;
	unsigned int	offset, len;	/* the bytes not read yet */
	unsigned int	flags;
};

struct pipe_inode_info {
	wait_queue_head_t rd_wait, wr_wait;

	/* mutex guards the rest; files also under i_lock */
	struct mutex	mutex;
	unsigned int	head, tail;
	unsigned int	ring_size;	/* a power of two */
	unsigned int	readers, writers;
	unsigned int	files;		/* struct file's that refer to it */
	unsigned int	r_counter, w_counter;	/* ever opened: what a fifo's open waits for */
	bool		poll_usage;	/* somebody has polled it: each write is to be told of */
	struct page	*tmp_page;	/* a spare, so that a page need not be allocated each time */
	struct pipe_buffer *bufs;
};

static inline bool pipe_empty(unsigned int head, unsigned int tail)
{
	return head == tail;
}

static inline unsigned int pipe_occupancy(unsigned int head, unsigned int tail)
{
	return head - tail;
}

static inline bool pipe_full(unsigned int head, unsigned int tail, unsigned int limit)
{
	return pipe_occupancy(head, tail) >= limit;
}

struct pipe_inode_info *alloc_pipe_info(void);
void free_pipe_info(struct pipe_inode_info *pipe);
struct pipe_inode_info *get_pipe_info(struct file *file);
int create_pipe_files(struct file **res, int flags);
int do_pipe_flags(int *fd, int flags);
long pipe_fcntl(struct file *file, unsigned int cmd, unsigned long arg);

extern const struct file_operations pipefifo_fops;

#endif
