// SPDX-License-Identifier: MIT
/*
 * ps: the processes, from /proc. S is the state (R running, S sleeping, D in a device, T stopped,
 * Z zombie, I idle), CLS the scheduling class (TS fair, FF and RR real-time, B batch, IDL idle).
 */
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct process {
	int		pid, ppid, tty;
	char		comm[64], state;
	unsigned long	utime, stime, vsize;	/* ticks, ticks, bytes */
	long		nice, rss;		/* rss in pages */
	unsigned int	rt_priority, policy;
};

static ssize_t read_file(int pid, const char *what, char *buf, size_t size)
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

/* The name may hold anything, parentheses too: what counts is the last ")". */
static int get_process(int pid, struct process *p)
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
		   "%*d %ld %*d %*d %*u %lu %ld %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u "
		   "%*u %*u %*d %*d %u %u", &p->state, &p->ppid, &p->tty, &p->utime, &p->stime,
		   &p->nice, &p->vsize, &p->rss, &p->rt_priority, &p->policy);
	return n >= 2;
}

/* The command line; a kernel thread or a zombie has none, and is shown as [name]. */
static void get_command(const struct process *p, char *buf, size_t size)
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

static void print(const struct process *p)
{
	static const char *const classes[] = {
		[SCHED_OTHER] = "TS", [SCHED_FIFO] = "FF", [SCHED_RR] = "RR",
		[SCHED_BATCH] = "B", [SCHED_IDLE] = "IDL", [SCHED_DEADLINE] = "DL",
	};
	const char *class = p->policy < 7 ? classes[p->policy] : NULL;
	unsigned long ticks = p->utime + p->stime;
	char command[512], prio[16];

	get_command(p, command, sizeof(command));
	if (p->rt_priority)
		snprintf(prio, sizeof(prio), "%u", p->rt_priority);
	else
		snprintf(prio, sizeof(prio), "-");
	printf("%5d %5d %c %-3s %3s %3ld %7lu %7ld %3lu:%02lu.%02lu %s\n", p->pid, p->ppid,
	       p->state, class ? class : "?", prio, p->nice, p->vsize >> 10,
	       p->rss * (getpagesize() >> 10), ticks / 6000, ticks / 100 % 60, ticks % 100,
	       command);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int *all_pids(size_t *n)
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

int main(int argc, char **argv)
{
	struct process p;
	int c, *pids, status = 0;
	size_t n, i;

	while ((c = getopt(argc, argv, "eAf")) != -1)
		if (c == '?') {
			fprintf(stderr, "usage: ps [PID...]\n");
			return 2;
		}
	/* What fingers type elsewhere, "ps aux": all processes are shown anyway. */
	if (argc - optind == 1 && strspn(argv[optind], "aux") == strlen(argv[optind]))
		optind++;
	n = argc - optind;
	if (n) {
		pids = calloc(n, sizeof(*pids));
		if (!pids)
			err(1, "ps");
		for (i = 0; i < n; i++)
			pids[i] = atoi(argv[optind + i]);
	} else {
		pids = all_pids(&n);
	}
	printf("%5s %5s S CLS PRI  NI %7s %7s %9s COMMAND\n", "PID", "PPID", "VSZ", "RSS", "TIME");
	for (i = 0; i < n; i++) {
		if (get_process(pids[i], &p))
			print(&p);
		else if (argc > optind) {
			warnx("there is no process %s", argv[optind + i]);
			status = 1;
		}
	}
	return status;
}
