// SPDX-License-Identifier: MIT
/*
 * PSCI (Arm DEN 0022): calls into the firmware or the hypervisor.
 *
 * A call is an SMC or HVC instruction, as the device tree says, with the function's number in x0
 * and up to three arguments behind it (SMC Calling Convention, Arm DEN 0028). psci_dt_init() runs
 * once at boot; the functions may be called from any context on any CPU.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/of.h>
#include <linux/printk.h>
#include <linux/psci.h>
#include <linux/reboot.h>
#include <linux/string.h>

/* DEN 0022 sec. 5.1; those that take addresses have a 64-bit form with bit 30 set */
#define PSCI_0_2_FN_PSCI_VERSION	0x84000000
#define PSCI_0_2_FN_CPU_OFF		0x84000002
#define PSCI_0_2_FN64_CPU_ON		0xc4000003
#define PSCI_0_2_FN_SYSTEM_OFF		0x84000008
#define PSCI_0_2_FN_SYSTEM_RESET	0x84000009

/* DEN 0022 sec. 5.2.2 */
#define PSCI_RET_SUCCESS		0
#define PSCI_RET_NOT_SUPPORTED		-1
#define PSCI_RET_INVALID_PARAMS		-2
#define PSCI_RET_DENIED			-3
#define PSCI_RET_ALREADY_ON		-4
#define PSCI_RET_ON_PENDING		-5
#define PSCI_RET_INVALID_ADDRESS	-9

struct psci_operations psci_ops;

typedef unsigned long (psci_fn)(unsigned long fn, unsigned long arg0, unsigned long arg1,
				unsigned long arg2);
static psci_fn *invoke_psci_fn;

/* x4 to x17 are the callee's to spoil under the first version of the convention. */
#define SMCCC_CALL(insn)							\
	register unsigned long x0 asm("x0") = fn;				\
	register unsigned long x1 asm("x1") = arg0;				\
	register unsigned long x2 asm("x2") = arg1;				\
	register unsigned long x3 asm("x3") = arg2;				\
	asm volatile(insn " #0"							\
		     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) :			\
		     : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",	\
		       "x13", "x14", "x15", "x16", "x17", "memory");		\
	return x0

static unsigned long invoke_hvc(unsigned long fn, unsigned long arg0, unsigned long arg1,
				unsigned long arg2)
{
	SMCCC_CALL("hvc");
}

static unsigned long invoke_smc(unsigned long fn, unsigned long arg0, unsigned long arg1,
				unsigned long arg2)
{
	SMCCC_CALL("smc");
}

static int psci_to_linux_errno(int ret)
{
	switch (ret) {
	case PSCI_RET_SUCCESS:
		return 0;
	case PSCI_RET_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	case PSCI_RET_INVALID_PARAMS:
	case PSCI_RET_INVALID_ADDRESS:
		return -EINVAL;
	case PSCI_RET_DENIED:
		return -EPERM;
	case PSCI_RET_ALREADY_ON:
	case PSCI_RET_ON_PENDING:
		return -EBUSY;
	}
	return -EIO;
}

static u32 psci_get_version(void)
{
	return invoke_psci_fn(PSCI_0_2_FN_PSCI_VERSION, 0, 0, 0);
}

/* cpuid is the MPIDR's affinity, entry_point a physical address; the new CPU's x0 will be 0. */
static int psci_cpu_on(unsigned long cpuid, unsigned long entry_point)
{
	return psci_to_linux_errno(invoke_psci_fn(PSCI_0_2_FN64_CPU_ON, cpuid, entry_point, 0));
}

/* Does not return, unless refused. */
static int psci_cpu_off(u32 state)
{
	return psci_to_linux_errno(invoke_psci_fn(PSCI_0_2_FN_CPU_OFF, state, 0, 0));
}

static void psci_sys_poweroff(void)
{
	invoke_psci_fn(PSCI_0_2_FN_SYSTEM_OFF, 0, 0, 0);
}

static void psci_sys_reset(void)
{
	invoke_psci_fn(PSCI_0_2_FN_SYSTEM_RESET, 0, 0, 0);
}

static const struct of_device_id psci_of_match[] __initconst = {
	{ .compatible = "arm,psci-1.0" },
	{ .compatible = "arm,psci-0.2" },
	{ }
};

/**
 * psci_dt_init - find PSCI in the device tree and offer what it can do
 *
 * Sets psci_ops, pm_power_off and arm_pm_restart. -ENODEV when the tree has no PSCI of version 0.2
 * or later, -EINVAL when it does not say how to call it.
 */
int __init psci_dt_init(void)
{
	struct device_node *np = of_find_matching_node_and_match(NULL, psci_of_match, NULL);
	const char *method;
	u32 version;

	if (!np || !of_device_is_available(np))
		return -ENODEV;
	if (of_property_read_string(np, "method", &method))
		return -EINVAL;
	if (!strcmp(method, "hvc"))
		invoke_psci_fn = invoke_hvc;
	else if (!strcmp(method, "smc"))
		invoke_psci_fn = invoke_smc;
	else
		return -EINVAL;

	version = psci_get_version();
	pr_info("psci: version %u.%u by %s\n", version >> 16, version & 0xffff, method);

	psci_ops.get_version = psci_get_version;
	psci_ops.cpu_on = psci_cpu_on;
	psci_ops.cpu_off = psci_cpu_off;
	pm_power_off = psci_sys_poweroff;
	arm_pm_restart = psci_sys_reset;
	return 0;
}
