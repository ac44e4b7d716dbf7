// SPDX-License-Identifier: MIT
/*
 * ps: the processes, from /proc. S is the state (R running, S sleeping, D in a device, T stopped,
 * Z zombie, I idle), CLS the scheduling class (TS fair, FF and RR real-time, B batch, IDL idle).
 */
#include <sched.h>

#include "procs.h"

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
