// SPDX-License-Identifier: MIT
/*
 * reboot(2): power-off and restart. What the machine can do is hung in by drivers (PSCI,
 * semihosting); without any of them the CPU stops.
 *
 * teak's own meaning of LINUX_REBOOT_CMD_RESTART2 with the string "exit=N": power off, and where
 * the host can be told a status (QEMU with -semihosting), tell it N. Test runs end so.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/printk.h>
#include <linux/reboot.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/processor.h>

void (*pm_power_off)(void);
void (*arm_pm_restart)(void);
void (*machine_exit_hook)(int status);

static void __noreturn machine_halt(void)
{
	local_irq_disable();
	for (;;)
		cpu_do_idle();
}

void machine_power_off(void)
{
	if (pm_power_off)
		pm_power_off();
}

void machine_restart(char *cmd)
{
	local_irq_disable();
	if (arm_pm_restart)
		arm_pm_restart();
	pr_emerg("Reboot failed -- System halted\n");
	machine_halt();
}

void machine_exit(int status)
{
	if (machine_exit_hook)
		machine_exit_hook(status);
	machine_power_off();
}

void kernel_restart(char *cmd)
{
	int status;

	if (cmd && !strncmp(cmd, "exit=", 5) && !kstrtoint(cmd + 5, 10, &status)) {
		machine_exit(status);
		machine_halt();
	}
	pr_emerg("reboot: Restarting system\n");
	machine_restart(cmd);
}

void kernel_power_off(void)
{
	pr_emerg("reboot: Power down\n");
	machine_exit(0);
	pr_emerg("reboot: nothing here can switch the machine off\n");
}

SYSCALL_DEFINE4(reboot, int, magic1, int, magic2, unsigned int, cmd, void __user *, arg)
{
	char buffer[256];
	long len;

	if (!capable(CAP_SYS_BOOT))
		return -EPERM;
	if ((u32)magic1 != LINUX_REBOOT_MAGIC1 ||
	    (magic2 != LINUX_REBOOT_MAGIC2 && magic2 != LINUX_REBOOT_MAGIC2A &&
	     magic2 != LINUX_REBOOT_MAGIC2B && magic2 != LINUX_REBOOT_MAGIC2C))
		return -EINVAL;

	switch (cmd) {
	case LINUX_REBOOT_CMD_RESTART:
		kernel_restart(NULL);
		break;
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		return 0;		/* there is no Ctrl-Alt-Del on a serial line */
	case LINUX_REBOOT_CMD_HALT:
		pr_emerg("reboot: System halted\n");
		machine_halt();
	case LINUX_REBOOT_CMD_POWER_OFF:
		kernel_power_off();
		do_exit(0);
	case LINUX_REBOOT_CMD_RESTART2:
		len = strncpy_from_user(buffer, arg, sizeof(buffer) - 1);
		if (len < 0)
			return -EFAULT;
		buffer[sizeof(buffer) - 1] = 0;
		kernel_restart(buffer);
		break;
	default:
		return -EINVAL;
	}
	return 0;
}
