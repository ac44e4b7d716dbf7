// SPDX-License-Identifier: MIT
/*
 * The generic timer: clock source, scheduler clock and clock event device.
 *
 * teak uses the virtual timer (CNTV): under a hypervisor it is the one that a guest may use without
 * help, and without one it equals the physical timer. Its compare value CVAL is absolute, so a
 * deadline that is already past fires at once and none is lost.
 *
 * Each CPU touches only its own timer, by system registers: no locks.
 */
#include <linux/clockchips.h>
#include <linux/clocksource.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/of.h>
#include <linux/of_irq.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched_clock.h>
#include <clocksource/arm_arch_timer.h>

/* At least 56 bits are there (Arm ARM D11.1.2): at 1 GHz enough for two years. */
#define ARCH_TIMER_BITS	56

static u32 arch_timer_rate;		/* Hz; set at boot, then read only */
static unsigned int arch_timer_ppi;	/* the kernel's number of the virtual timer's line */

static DEFINE_PER_CPU(struct clock_event_device, arch_timer_evt);

u32 arch_timer_get_rate(void)
{
	return arch_timer_rate;
}

static irqreturn_t arch_timer_handler_virt(int irq, void *dev_id)
{
	struct clock_event_device *evt = dev_id;
	unsigned long ctrl = read_sysreg(cntv_ctl_el0);

	if (!(ctrl & ARCH_TIMER_CTRL_IT_STAT))
		return IRQ_NONE;
	/* The line is a level: it stays up until it is masked here or a later deadline is set. */
	write_sysreg(ctrl | ARCH_TIMER_CTRL_IT_MASK, cntv_ctl_el0);
	evt->event_handler(evt);
	return IRQ_HANDLED;
}

static int arch_timer_set_next_event_virt(unsigned long evt, struct clock_event_device *clk)
{
	write_sysreg(arch_timer_read_counter() + evt, cntv_cval_el0);
	write_sysreg(ARCH_TIMER_CTRL_ENABLE, cntv_ctl_el0);
	isb();
	return 0;
}

static int arch_timer_shutdown_virt(struct clock_event_device *clk)
{
	write_sysreg(0, cntv_ctl_el0);
	isb();
	return 0;
}

static u64 arch_counter_read(struct clocksource *cs)
{
	return arch_timer_read_counter();
}

static struct clocksource clocksource_counter = {
	.name	= "arch_sys_counter",
	.rating	= 400,
	.read	= arch_counter_read,
	.mask	= CLOCKSOURCE_MASK(ARCH_TIMER_BITS),
	.flags	= CLOCK_SOURCE_IS_CONTINUOUS,
};

void arch_timer_starting_cpu(void)
{
	struct clock_event_device *clk = this_cpu_ptr(&arch_timer_evt);

	/* Programs may read the virtual counter, nothing else of the timer (D17.11.15). */
	write_sysreg(CNTKCTL_EL0VCTEN, cntkctl_el1);
	arch_timer_shutdown_virt(clk);

	clk->name = "arch_sys_timer";
	clk->features = CLOCK_EVT_FEAT_ONESHOT;
	clk->rating = 450;
	clk->irq = arch_timer_ppi;
	clk->set_next_event = arch_timer_set_next_event_virt;
	clk->set_state_shutdown = arch_timer_shutdown_virt;
	clk->set_state_oneshot_stopped = arch_timer_shutdown_virt;
	clockevents_config_and_register(clk, arch_timer_rate, 1,
					CLOCKSOURCE_MASK(ARCH_TIMER_BITS - 1));
	enable_percpu_irq(arch_timer_ppi, IRQ_TYPE_NONE);
}

/* Firmware says the rate in CNTFRQ_EL0; where it does not, the node has a clock-frequency. */
static u32 __init arch_timer_of_rate(struct device_node *np)
{
	u32 rate;

	if (of_property_read_u32(np, "clock-frequency", &rate))
		rate = read_sysreg(cntfrq_el0);
	return rate;
}

static int __init arch_timer_of_init(struct device_node *np)
{
	int ret;

	if (arch_timer_rate)
		return -EBUSY;
	arch_timer_rate = arch_timer_of_rate(np);
	if (!arch_timer_rate) {
		pr_err("arch_timer: neither CNTFRQ_EL0 nor the device tree gives its frequency\n");
		return -EINVAL;
	}
	arch_timer_ppi = irq_of_parse_and_map(np, ARCH_TIMER_VIRT_PPI);
	if (!arch_timer_ppi)
		return -EINVAL;
	ret = request_percpu_irq(arch_timer_ppi, arch_timer_handler_virt, "arch_timer",
				 &arch_timer_evt);
	if (ret)
		return ret;

	sched_clock_register(arch_timer_read_counter, ARCH_TIMER_BITS, arch_timer_rate);
	clocksource_register_hz(&clocksource_counter, arch_timer_rate);
	arch_timer_starting_cpu();
	pr_info("arch_timer: virtual timer at %u.%02u MHz\n", arch_timer_rate / 1000000,
		arch_timer_rate / 10000 % 100);
	return 0;
}

TIMER_OF_DECLARE(armv8_arch_timer, "arm,armv8-timer", arch_timer_of_init);
