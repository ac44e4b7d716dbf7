// SPDX-License-Identifier: MIT
/* Processes as /proc tells of them: what ps and top share. */
#ifndef _PROCS_H
#define _PROCS_H

#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct process {
	int		pid, ppid, tty, cpu;
	char		comm[64], state;
	unsigned long	utime, stime, vsize;	/* ticks, ticks, bytes */
	unsigned long	start;			/* ticks since boot */
	long		prio, nice, rss;	/* rss in pages */
	unsigned int	rt_priority, policy;
};

static inline ssize_t read_file(int pid, const char *what, char *buf, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	buf[n > 0 ? n : 0] = 0;
	return n;
}

/* The name may hold anything, parentheses too: what counts is the last ")". 0: it is gone. */
static inline int get_process(int pid, struct process *p)
{
	char buf[1024], *open, *close;
	int n;

	memset(p, 0, sizeof(*p));
	if (read_file(pid, "stat", buf, sizeof(buf)) <= 0)
		return 0;
	open = strchr(buf, '(');
	close = strrchr(buf, ')');
	if (!open || !close)
		return 0;
	*close = 0;
	strlcpy(p->comm, open + 1, sizeof(p->comm));
	p->pid = pid;
	n = sscanf(close + 1, " %c %d %*d %*d %d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d "
		   "%ld %ld %*d %*d %lu %lu %ld %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u "
		   "%*u %*u %*d %d %u %u", &p->state, &p->ppid, &p->tty, &p->utime, &p->stime,
		   &p->prio, &p->nice, &p->start, &p->vsize, &p->rss, &p->cpu, &p->rt_priority,
		   &p->policy);
	return n >= 2;
}

/* The command line; a kernel thread or a zombie has none, and is shown as [name]. */
static inline void get_command(const struct process *p, char *buf, size_t size)
{
	ssize_t n = read_file(p->pid, "cmdline", buf, size), i;

	while (n > 0 && !buf[n - 1])
		n--;
	if (n <= 0) {
		snprintf(buf, size, "[%s]", p->comm);
		return;
	}
	buf[n] = 0;
	for (i = 0; i < n; i++)
		if (!isprint((unsigned char)buf[i]))
			buf[i] = buf[i] ? '?' : ' ';
}

static inline int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Sorted; the caller frees them. */
static inline int *all_pids(size_t *n)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;
	int *pids = NULL;

	if (!dir)
		err(1, "/proc (is it mounted?)");
	for (*n = 0; (d = readdir(dir)); ) {
		if (!isdigit((unsigned char)d->d_name[0]))
			continue;
		pids = reallocarray(pids, *n + 1, sizeof(*pids));
		if (!pids)
			err(1, "/proc");
		pids[(*n)++] = atoi(d->d_name);
	}
	closedir(dir);
	if (*n)
		qsort(pids, *n, sizeof(*pids), by_number);
	return pids;
}

#endif
