// SPDX-License-Identifier: MIT
/*
 * Semihosting (Arm "Semihosting for AArch32 and AArch64", 2.0): a program asks the debugger or
 * emulator that runs it for a service, by a HLT that only they understand.
 *
 * teak uses one service: to end with an exit status that a test on the host can read. QEMU listens
 * when it is started with -semihosting; otherwise the HLT is an undefined instruction.
 */
#include <linux/init.h>
#include <linux/psci.h>
#include <linux/reboot.h>
#include <linux/types.h>
#include <asm/asm-extable.h>

#define SYS_EXIT			0x18
#define ADP_Stopped_ApplicationExit	0x20026

/**
 * semihosting_exit - end the emulator with an exit status
 * @status: 0 to 255
 *
 * Any context. Returns if nobody listens: the exception of the HLT finds the entry in the exception
 * table and goes on behind it.
 */
void semihosting_exit(int status)
{
	u64 block[2] = { ADP_Stopped_ApplicationExit, (u64)status };
	register u64 op asm("x0") = SYS_EXIT;
	register u64 *arg asm("x1") = block;

	asm volatile("1:	hlt	#0xf000\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : "+r"(op)
		     : "r"(arg), "m"(block)
		     : "memory");
}

/* Called by setup_arch() once the exception table can be searched. */
void __init semihosting_init(void)
{
	machine_exit_hook = semihosting_exit;
}
