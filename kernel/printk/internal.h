/* SPDX-License-Identifier: MIT */
/* Between the log (printk.c) and those who read it (syslog.c). */
#ifndef _PRINTK_INTERNAL_H
#define _PRINTK_INTERNAL_H

#include <linux/types.h>

#define LOG_BUF_LEN		(64 * 1024)
#define EARLY_LOG_BUF_LEN	(8 * 1024)
#define LOG_LINE_MAX		512
#define LOGLEVEL_DEFAULT	4	/* a line that does not say: a warning, as in Linux */

struct printk_record {
	u64	ts_nsec;
	u16	size;		/* of the whole record; 0: wrap around */
	u16	text_len;
	u8	level;
	char	text[];
};


bool log_read(u64 *seq, struct printk_record *info, char *buf);
void log_seqs(u64 *first, u64 *next, u64 *clear);
void log_clear(void);
int print_time(u64 ts, char *buf);

#endif
