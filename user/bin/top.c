// SPDX-License-Identifier: MIT
/*
 * top: who uses the CPUs, anew every few seconds. q quits, a blank refreshes; -d SECONDS between two
 * looks, -n COUNT of them, -b writes one after the other as to a file.
 *
 * Percentages are of what passed since the look before, the first time of all since boot (or since a
 * process began): /proc counts in ticks of 10 ms.
 */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/sysinfo.h>
#include <termios.h>
#include <time.h>

#include "procs.h"

#define MAX_CPUS 64

enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, N_TIMES };

struct look {
	double		uptime;			/* s */
	int		n_cpus;
	unsigned long	times[MAX_CPUS][N_TIMES];	/* ticks */
	size_t		n;
	struct process	*procs;			/* by number */
};

static int batch, rows, columns, lines_left;
static struct termios cooked;
static int have_cooked;
static volatile sig_atomic_t quit, continued;

/* ------------------------------------------------------------------ looking */

static double read_uptime(void)
{
	FILE *f = fopen("/proc/uptime", "r");
	char line[64];

	if (!f || !fgets(line, sizeof(line), f))
		err(1, "/proc/uptime (is /proc mounted?)");
	fclose(f);
	return strtod(line, NULL);
}

static void read_cpus(struct look *l)
{
	FILE *f = fopen("/proc/stat", "r");
	char line[256];

	if (!f)
		err(1, "/proc/stat");
	while (fgets(line, sizeof(line), f) && l->n_cpus < MAX_CPUS) {
		unsigned long *t = l->times[l->n_cpus];

		if (!strncmp(line, "cpu", 3) && isdigit((unsigned char)line[3]) &&
		    sscanf(line, "cpu%*d %lu %lu %lu %lu %lu %lu", t, t + 1, t + 2, t + 3, t + 4, t + 5) == N_TIMES)
			l->n_cpus++;
	}
	fclose(f);
}

static struct look *look(void)
{
	struct look *l = calloc(1, sizeof(*l));
	size_t n, i;
	int *pids;

	if (!l)
		err(1, "top");
	l->uptime = read_uptime();
	read_cpus(l);
	pids = all_pids(&n);
	l->procs = calloc(n + 1, sizeof(*l->procs));
	if (!l->procs)
		err(1, "top");
	for (i = 0; i < n; i++)
		l->n += get_process(pids[i], &l->procs[l->n]);
	free(pids);
	return l;
}

static void forget(struct look *l)
{
	free(l->procs);
	free(l);
}

/* ------------------------------------------------------------------ how much of the time */

static const struct process *find(const struct look *l, int pid)
{
	return bsearch(&pid, l->procs, l->n, sizeof(*l->procs), by_number);
}

/* A number may be another process's by now: then it has begun later. */
static double cpu_share(const struct process *p, const struct look *now, const struct look *then)
{
	const struct process *old = then ? find(then, p->pid) : NULL;
	double ticks = p->utime + p->stime, since = now->uptime - p->start / 100.0;

	if (old && old->start == p->start) {
		ticks -= old->utime + old->stime;
		since = now->uptime - then->uptime;
	}
	return since > 0.01 ? ticks / since : 0;	/* a hundred ticks a second: per cent */
}

static const struct look *sort_now, *sort_then;

static int by_share(const void *a, const void *b)
{
	double x = cpu_share(a, sort_now, sort_then), y = cpu_share(b, sort_now, sort_then);

	return x < y ? 1 : x > y ? -1 : by_number(a, b);
}

/* ------------------------------------------------------------------ showing */

/* A line, cut to the screen; on a terminal the rest of the old one is erased. */
static __attribute__((format(printf, 1, 2))) void line(const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	if (!batch && lines_left-- <= 0)
		return;
	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	if (!batch)
		buf[columns < (int)sizeof(buf) ? columns : (int)sizeof(buf) - 1] = 0;
	printf("%s%s\n", buf, batch ? "" : "\033[K");
}

static unsigned long meminfo(const char *key)
{
	static char buf[2048];
	int fd = open("/proc/meminfo", O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
	char *at;

	close(fd);
	buf[n > 0 ? n : 0] = 0;
	at = strstr(buf, key);
	return at ? strtoul(at + strlen(key), NULL, 10) : 0;
}

static void show_tasks(const struct look *l)
{
	int running = 0, stopped = 0, zombies = 0;

	for (size_t i = 0; i < l->n; i++) {
		running += l->procs[i].state == 'R';
		stopped += l->procs[i].state == 'T';
		zombies += l->procs[i].state == 'Z';
	}
	line("Tasks: %3zu total, %3d running, %3zu sleeping, %3d stopped, %3d zombie", l->n, running,
	     l->n - running - stopped - zombies, stopped, zombies);
}

static void show_cpu(int cpu, const struct look *now, const struct look *then)
{
	double t[N_TIMES], sum = 0;

	for (int i = 0; i < N_TIMES; i++) {
		t[i] = now->times[cpu][i] - (then ? then->times[cpu][i] : 0);
		sum += t[i];
	}
	if (!sum)
		sum = t[IDLE] = 1;	/* not a tick has passed */
	line("%%Cpu%-2d: %5.1f us, %5.1f sy, %5.1f ni, %5.1f id, %5.1f wa, %5.1f hi", cpu,
	     100 * t[USER] / sum, 100 * t[SYSTEM] / sum, 100 * t[NICE] / sum, 100 * t[IDLE] / sum,
	     100 * t[IOWAIT] / sum, 100 * t[IRQ] / sum);
}

static void show_process(const struct process *p, double share, unsigned long mem_kib)
{
	unsigned long ticks = p->utime + p->stime, rss = p->rss * (getpagesize() >> 10);
	char command[256], prio[16];

	get_command(p, command, sizeof(command));
	if (p->rt_priority == 99)
		snprintf(prio, sizeof(prio), "rt");
	else
		snprintf(prio, sizeof(prio), "%ld", p->prio);
	line("%5d %3s %3ld %7lu %7lu %c %2d %5.1f %5.1f %3lu:%02lu.%02lu %s", p->pid, prio, p->nice,
	     p->vsize >> 10, rss, p->state, p->cpu, share, mem_kib ? 100.0 * rss / mem_kib : 0,
	     ticks / 6000, ticks / 100 % 60, ticks % 100, command);
}

static void show(struct look *now, const struct look *then)
{
	unsigned long total = meminfo("MemTotal:"), free_ = meminfo("MemFree:"),
		      cache = meminfo("Buffers:") + meminfo("\nCached:");
	struct process *sorted = malloc((now->n + 1) * sizeof(*sorted));
	struct sysinfo info;
	time_t t = time(NULL);
	char clock[16];

	if (!sorted || sysinfo(&info))
		err(1, "top");
	lines_left = rows - 1;
	if (!batch)
		fputs("\033[H", stdout);
	strftime(clock, sizeof(clock), "%T", gmtime(&t));
	line("top - %s up %ld:%02ld:%02ld, load average: %.2f, %.2f, %.2f", clock, info.uptime / 3600,
	     info.uptime / 60 % 60, info.uptime % 60, info.loads[0] / 65536.0,
	     info.loads[1] / 65536.0, info.loads[2] / 65536.0);
	show_tasks(now);
	for (int cpu = 0; cpu < now->n_cpus; cpu++)
		show_cpu(cpu, now, then);
	line("MiB Mem: %8.1f total, %8.1f free, %8.1f used, %8.1f buff/cache", total / 1024.0,
	     free_ / 1024.0, (total - free_ - cache) / 1024.0, cache / 1024.0);
	line("%s", "");
	line("  PID  PR  NI    VIRT     RES S  P  %%CPU  %%MEM     TIME+ COMMAND");
	memcpy(sorted, now->procs, now->n * sizeof(*sorted));
	sort_now = now;
	sort_then = then;
	qsort(sorted, now->n, sizeof(*sorted), by_share);
	for (size_t i = 0; i < now->n; i++)
		show_process(&sorted[i], cpu_share(&sorted[i], now, then), total);
	free(sorted);
	if (!batch)
		fputs("\033[J", stdout);
	fflush(stdout);
}

/* ------------------------------------------------------------------ the terminal */

static void on_signal(int sig)
{
	if (sig == SIGCONT)
		continued = 1;
	else if (sig != SIGWINCH)
		quit = 1;
}

/* Keys come one by one, and are not shown. ^C and ^Z go on being signals. */
static void take_terminal(void)
{
	struct termios t = cooked;

	t.c_lflag &= ~(ICANON | ECHO);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	tcsetattr(0, TCSADRAIN, &t);
	fputs("\033[2J", stdout);
}

static void measure(void)
{
	struct winsize ws;

	rows = 24;
	columns = 80;
	if (ioctl(1, TIOCGWINSZ, &ws) == 0 && ws.ws_row && ws.ws_col) {
		rows = ws.ws_row;
		columns = ws.ws_col;
	}
}

/* Until it is time for the next look, a key asks for it, or a signal came. */
static void wait_a_while(int ms)
{
	struct pollfd p = { 0, POLLIN, 0 };
	char c;

	if (poll(&p, have_cooked, ms) == 1) {
		if (read(0, &c, 1) <= 0 || c == 'q' || c == 'Q')
			quit = 1;
	}
}

static void usage(void)
{
	fprintf(stderr, "usage: top [-b] [-d SECONDS] [-n COUNT]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGCONT, SIGWINCH };
	struct sigaction sa = { .sa_handler = on_signal };
	struct look *then = NULL, *now;
	long count = -1;
	double delay = 3;
	char *end;
	int c;

	while ((c = getopt(argc, argv, "bd:n:")) != -1) {
		if (c == 'b') {
			batch = 1;
		} else if (c == 'd') {
			delay = strtod(optarg, &end);
			if (*end || end == optarg || delay < 0 || delay > 1e6)
				usage();
		} else if (c == 'n') {
			count = strtol(optarg, &end, 10);
			if (*end || end == optarg || count < 1)
				usage();
		} else {
			usage();
		}
	}
	if (optind < argc)
		usage();
	for (unsigned int i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &sa, NULL);
	if (!batch && (!isatty(1) || tcgetattr(0, &cooked)))
		errx(1, "the terminal is none: try -b");
	have_cooked = !batch;
	if (have_cooked)
		take_terminal();
	while (!quit) {
		if (continued && have_cooked)	/* the shell has had the terminal meanwhile */
			take_terminal();
		continued = 0;
		measure();
		now = look();
		show(now, then);
		if (then)
			forget(then);
		then = now;
		if (count > 0 && !--count)
			break;
		if (batch)
			putchar('\n');
		fflush(stdout);
		wait_a_while(delay * 1000);
	}
	if (have_cooked)
		tcsetattr(0, TCSADRAIN, &cooked);
	return 0;
}
