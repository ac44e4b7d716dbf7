// SPDX-License-Identifier: MIT
/*
 * syslog(2): what dmesg reads. Text comes as "<level>[time] line", newest last.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

enum {
	SYSLOG_ACTION_CLOSE, SYSLOG_ACTION_OPEN, SYSLOG_ACTION_READ, SYSLOG_ACTION_READ_ALL,
	SYSLOG_ACTION_READ_CLEAR, SYSLOG_ACTION_CLEAR, SYSLOG_ACTION_CONSOLE_OFF,
	SYSLOG_ACTION_CONSOLE_ON, SYSLOG_ACTION_CONSOLE_LEVEL, SYSLOG_ACTION_SIZE_UNREAD,
	SYSLOG_ACTION_SIZE_BUFFER,
};

#define PREFIX_MAX	32

/* One record as text into buf, which has LOG_LINE_MAX + PREFIX_MAX bytes. Returns its length, or 0. */
static int format_record(u64 *seq, char *buf)
{
	struct printk_record r;
	char prefix[PREFIX_MAX];
	int n;

	if (!log_read(seq, &r, buf + PREFIX_MAX))
		return 0;
	n = sprintf(prefix, "<%u>", r.level);
	n += print_time(r.ts_nsec, prefix + n);
	memcpy(buf, prefix, n);
	memmove(buf + n, buf + PREFIX_MAX, r.text_len);
	buf[n + r.text_len] = '\n';
	return n + r.text_len + 1;
}

/* The newest lines that fit into size bytes. */
static long syslog_print_all(char __user *ubuf, int size, bool clear)
{
	char *line = kmalloc(LOG_LINE_MAX + PREFIX_MAX, GFP_KERNEL);
	u64 first, next, start, seq;
	long total = 0, done = 0;

	if (!line)
		return -ENOMEM;
	log_seqs(&first, &next, &start);
	for (seq = start; seq < next; ) {
		int n = format_record(&seq, line);

		if (!n)
			break;
		total += n;
	}
	for (seq = start; seq < next && total > size; )
		total -= format_record(&seq, line);
	while (seq < next) {
		int n = format_record(&seq, line);

		if (!n || done + n > size)
			break;
		if (copy_to_user(ubuf + done, line, n)) {
			done = -EFAULT;
			break;
		}
		done += n;
	}
	if (clear && done >= 0)
		log_clear();
	kfree(line);
	return done;
}

static int saved_console_loglevel = -1;

SYSCALL_DEFINE3(syslog, int, type, char __user *, buf, int, len)
{
	/* Looking is for everyone; changing is for root. */
	if (type != SYSLOG_ACTION_READ_ALL && type != SYSLOG_ACTION_SIZE_BUFFER && !capable(CAP_SYSLOG))
		return -EPERM;

	switch (type) {
	case SYSLOG_ACTION_CLOSE:
	case SYSLOG_ACTION_OPEN:
		return 0;
	case SYSLOG_ACTION_READ_ALL:
	case SYSLOG_ACTION_READ_CLEAR:
		if (!buf || len < 0)
			return -EINVAL;
		return len ? syslog_print_all(buf, len, type == SYSLOG_ACTION_READ_CLEAR) : 0;
	case SYSLOG_ACTION_CLEAR:
		log_clear();
		return 0;
	case SYSLOG_ACTION_CONSOLE_OFF:
		if (saved_console_loglevel < 0)
			saved_console_loglevel = console_loglevel;
		console_loglevel = 1;
		return 0;
	case SYSLOG_ACTION_CONSOLE_ON:
		if (saved_console_loglevel >= 0)
			console_loglevel = saved_console_loglevel;
		saved_console_loglevel = -1;
		return 0;
	case SYSLOG_ACTION_CONSOLE_LEVEL:
		if (len < 1 || len > 8)
			return -EINVAL;
		console_loglevel = len;
		saved_console_loglevel = -1;
		return 0;
	case SYSLOG_ACTION_SIZE_BUFFER:
		return LOG_BUF_LEN;
	case SYSLOG_ACTION_READ:
	case SYSLOG_ACTION_SIZE_UNREAD:
		return -ENOSYS;		/* only klogd used them */
	}
	return -EINVAL;
}
