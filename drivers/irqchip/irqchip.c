// SPDX-License-Identifier: MIT
/*
 * Finds the interrupt controllers of the device tree and starts their drivers.
 *
 * A driver's IRQCHIP_DECLARE() put a row into the section __irqchip_of_table. teak knows root
 * controllers only; those that feed another one (GPIO, PCI) would come after their parents.
 */
#include <linux/init.h>
#include <linux/irqchip.h>
#include <linux/kernel.h>
#include <linux/printk.h>

/* The section's two ends, from the linker. */
extern const struct of_declare_entry __irqchip_of_table[], __irqchip_of_table_end[];

static void (*starting_cpu)(void);

void __init irqchip_init(void)
{
	const struct of_declare_entry *entry;
	struct device_node *np;
	int ret, chips = 0;

	for (entry = __irqchip_of_table; entry < __irqchip_of_table_end; entry++) {
		for_each_compatible_node(np, NULL, entry->compatible) {
			if (!of_device_is_available(np))
				continue;
			ret = ((of_init_fn_2)entry->fn)(np, NULL);
			if (ret)
				pr_err("%s: interrupt controller did not start: %d\n",
				       np->full_name, ret);
			else
				chips++;
		}
	}
	if (!chips)
		panic("no interrupt controller: the device tree names none that teak knows "
		      "(GICv2, GICv3)");
}

/* The root controller's driver says how a CPU joins it. */
void __init irqchip_set_starting_cpu(void (*fn)(void))
{
	starting_cpu = fn;
}

void irqchip_starting_cpu(void)
{
	starting_cpu();
}
