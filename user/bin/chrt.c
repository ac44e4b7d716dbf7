// SPDX-License-Identifier: MIT
/*
 * chrt: scheduling class and real-time priority. Runs a program in a class (-f FIFO, -r round
 * robin, which is the default, -o fair, -b batch, -i idle, -d deadline, of which -T says the runtime,
 * -D the deadline and -P the period, in ns), or with -p changes or shows a process.
 */
#include <err.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const names[] = {
	[SCHED_OTHER] = "SCHED_OTHER", [SCHED_FIFO] = "SCHED_FIFO", [SCHED_RR] = "SCHED_RR",
	[SCHED_BATCH] = "SCHED_BATCH", [SCHED_IDLE] = "SCHED_IDLE",
	[SCHED_DEADLINE] = "SCHED_DEADLINE",
};

static int usage(void)
{
	fprintf(stderr, "usage: chrt [-f|-r|-o|-b|-i] PRIORITY PROGRAM [ARG...], "
		"chrt -d -T RUNTIME [-D DEADLINE] -P PERIOD 0 PROGRAM [ARG...], "
		"chrt -p [-f|-r|-o|-b|-i|-d PRIORITY] PID, or chrt -m\n");
	return 2;
}

static int number(const char *s, int *n)
{
	char *end;

	*n = strtol(s, &end, 10);
	return *s && !*end && *n >= 0;
}

static int show_limits(void)
{
	int policy;

	for (policy = SCHED_OTHER; policy <= SCHED_DEADLINE; policy++)
		if (names[policy])
			printf("%-14s min/max priority : %d/%d\n", names[policy],
			       sched_get_priority_min(policy), sched_get_priority_max(policy));
	return 0;
}

static int show(pid_t pid)
{
	int policy = sched_getscheduler(pid);
	struct sched_attr attr = { 0 };
	struct sched_param param;

	if (policy < 0 || sched_getparam(pid, &param))
		err(1, "%d", pid);
	policy &= ~SCHED_RESET_ON_FORK;
	if (!pid)
		pid = getpid();
	printf("pid %d's current scheduling policy: %s\n", pid,
	       policy <= SCHED_DEADLINE && names[policy] ? names[policy] : "unknown");
	printf("pid %d's current scheduling priority: %d\n", pid, param.sched_priority);
	if (policy == SCHED_DEADLINE && !sched_getattr(pid, &attr, sizeof(attr), 0))
		printf("pid %d's current runtime/deadline/period parameters: %lu/%lu/%lu\n", pid,
		       attr.sched_runtime, attr.sched_deadline, attr.sched_period);
	return 0;
}

/* As the other chrt: a period alone is the deadline, too. */
static void set_deadline(pid_t pid, struct sched_attr *attr)
{
	attr->size = sizeof(*attr);
	attr->sched_policy = SCHED_DEADLINE;
	if (!attr->sched_deadline)
		attr->sched_deadline = attr->sched_period;
	if (!attr->sched_runtime)
		attr->sched_runtime = attr->sched_deadline;
	if (sched_setattr(pid, attr, 0))
		err(1, "SCHED_DEADLINE, %lu of %lu ns", attr->sched_runtime, attr->sched_period);
}

static void set(pid_t pid, int policy, int priority, struct sched_attr *attr)
{
	struct sched_param param = { priority };
	int min = sched_get_priority_min(policy), max = sched_get_priority_max(policy);

	if (priority < min || priority > max)
		errx(1, "%s takes a priority from %d to %d", names[policy], min, max);
	if (policy == SCHED_DEADLINE) {
		set_deadline(pid, attr);
		return;
	}
	if (sched_setscheduler(pid, policy, &param))
		err(1, "%s, priority %d", names[policy], priority);
}

int main(int argc, char **argv)
{
	struct sched_attr attr = { 0 };
	int c, policy = -1, by_pid = 0, priority = 0, pid;

	while ((c = getopt(argc, argv, "+frobidpmT:D:P:")) != -1) {
		switch (c) {
		case 'f': policy = SCHED_FIFO; break;
		case 'r': policy = SCHED_RR; break;
		case 'o': policy = SCHED_OTHER; break;
		case 'b': policy = SCHED_BATCH; break;
		case 'i': policy = SCHED_IDLE; break;
		case 'd': policy = SCHED_DEADLINE; break;
		case 'T': attr.sched_runtime = strtoul(optarg, NULL, 10); break;
		case 'D': attr.sched_deadline = strtoul(optarg, NULL, 10); break;
		case 'P': attr.sched_period = strtoul(optarg, NULL, 10); break;
		case 'p': by_pid = 1; break;
		case 'm': return show_limits();
		default: return usage();
		}
	}
	argc -= optind;
	argv += optind;
	if (by_pid && argc == 1 && policy < 0)
		return number(argv[0], &pid) ? show(pid) : usage();
	if (policy < 0)
		policy = SCHED_RR;
	if (argc < 2 || (by_pid && argc != 2) || !number(argv[0], &priority))
		return usage();
	if (by_pid) {
		if (!number(argv[1], &pid))
			return usage();
		set(pid, policy, priority, &attr);
		return 0;
	}
	set(0, policy, priority, &attr);
	execvp(argv[1], argv + 1);
	warn("%s", argv[1]);
	return errno == ENOENT ? 127 : 126;
}
