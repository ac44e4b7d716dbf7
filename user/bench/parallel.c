// SPDX-License-Identifier: MIT
/*
 * parallel: what a second CPU is worth.
 *
 *	parallel [MILLIONS]	rounds of a loop that only computes, for each of two processes (300)
 *
 * Two processes compute the same, first both on CPU 0, then on two CPUs; each of the two times is the best
 * of 5. Prints both and their ratio: 0.5 is perfect, 1 is no better than one CPU. The time is the
 * machine's, so it must have two CPUs that nobody else uses. `make bench-smp` runs it.
 */
#include <err.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "meter.h"

#define ROUNDS	5

static void compute(unsigned long rounds)
{
	unsigned long x = 1;

	while (rounds--)
		x = x * 6364136223846793005UL + 1442695040888963407UL;
	/* So that the compiler cannot know it is for nothing. */
	__asm__ volatile("" : : "r"(x));
}

static void run_on(unsigned long cpus)
{
	if (sched_setaffinity(0, sizeof(cpus), (const cpu_set_t *)&cpus))
		err(1, "sched_setaffinity to CPUs %#lx: this needs a machine of two CPUs", cpus);
}

/* Two children, both from start to end; ns. */
static unsigned long both(unsigned long cpus, unsigned long rounds)
{
	unsigned long begun;
	int status;

	run_on(cpus);
	begun = now();
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (pid == 0) {
			compute(rounds);
			_exit(0);
		}
	}
	for (int i = 0; i < 2; i++)
		if (wait(&status) < 0 || status)
			errx(1, "a child ended with status %#x", status);
	return to_ns(now() - begun);
}

int main(int argc, char **argv)
{
	unsigned long rounds = (argc > 1 ? strtoul(argv[1], NULL, 0) : 300) * 1000000;
	unsigned long one = ~0UL, two = ~0UL, ns;

	for (int i = 0; i < ROUNDS; i++) {
		ns = both(1, rounds);
		one = ns < one ? ns : one;
		ns = both(3, rounds);
		two = ns < two ? ns : two;
	}
	printf("two processes on one CPU   %8lu us\n", one / 1000);
	printf("two processes on two CPUs  %8lu us\n", two / 1000);
	printf("ratio                      %8lu.%03lu\n", two / one, two * 1000 / one % 1000);
	return 0;
}
