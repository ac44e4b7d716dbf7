// SPDX-License-Identifier: MIT
/*
 * clock: how far the machine has come since it was switched on, as "<clock:TIME:INSTRUCTIONS>".
 *
 * scripts/bench has the shell run it for its first prompt. TIME is the architected counter in
 * nanoseconds. INSTRUCTIONS is what the CPU has executed, by the PMU's counter 0, which
 * user/bench/count.S has set up before the kernel started; it is empty where programs may not read
 * that. Under QEMU's `-icount shift=0` the two differ by the time that the CPU slept.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static unsigned long ns;

static void not_allowed(int sig)
{
	char text[40];
	int n = snprintf(text, sizeof(text), "<clock:%lu:>", ns);

	(void)sig;
	if (write(1, text, n) != n)
		_exit(1);
	_exit(0);
}

int main(void)
{
	struct sigaction sa = { .sa_handler = not_allowed };
	unsigned long ticks, hz, instructions;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tmrs %1, cntfrq_el0"
			 : "=r"(ticks), "=r"(hz));
	ns = (unsigned __int128)ticks * 1000000000 / hz;
	sigaction(SIGILL, &sa, NULL);
	__asm__ volatile("mrs %0, pmevcntr0_el0" : "=r"(instructions));
	printf("<clock:%lu:%lu>", ns, instructions);
	return 0;
}
