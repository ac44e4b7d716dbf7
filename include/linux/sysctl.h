/* SPDX-License-Identifier: MIT */
/* Numbers of the kernel that root may read and set as files in /proc/sys. */
#ifndef _LINUX_SYSCTL_H
#define _LINUX_SYSCTL_H

#include <linux/types.h>

struct ctl_table;

/*
 * Writes the value as text into @buffer, or with @write reads it from there. @buffer is the kernel's, of
 * *@lenp bytes; when written, NUL-terminated. *@lenp becomes the bytes that were used.
 */
typedef int proc_handler(struct ctl_table *ctl, int write, void *buffer, size_t *lenp, loff_t *ppos);

proc_handler proc_dointvec, proc_dointvec_minmax, proc_doulongvec_minmax;

struct ctl_table {
	const char	*procname;	/* NULL ends a table */
	void		*data;
	int		maxlen;		/* bytes of *data */
	umode_t		mode;
	proc_handler	*proc_handler;
	void		*extra1, *extra2;	/* least and greatest value, or NULL */
};

extern const int sysctl_vals[];
#define SYSCTL_ZERO	((void *)&sysctl_vals[0])
#define SYSCTL_ONE	((void *)&sysctl_vals[1])
#define SYSCTL_TWO	((void *)&sysctl_vals[2])

void register_sysctl_init(const char *path, struct ctl_table *table);

#endif
