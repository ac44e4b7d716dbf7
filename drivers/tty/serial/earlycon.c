// SPDX-License-Identifier: MIT
/*
 * The first messages, long before there are drivers: a boot console on the UART that the device
 * tree's /chosen/stdout-path names. It writes and waits, character by character, as the firmware
 * left the UART set up. printk drops it when the UART's driver registers a real console.
 */
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/of_fdt.h>
#include <linux/serial_core.h>
#include <linux/string.h>
#include <asm/fixmap.h>

/* The ends of the section with the rows of OF_EARLYCON_DECLARE(), from the linker. */
extern const struct of_declare_entry __earlycon_of_table[], __earlycon_of_table_end[];

static struct console early_console = {
	.name	= "earlycon",
	.flags	= CON_BOOT | CON_PRINTBUFFER,
	.index	= -1,
};

int __init setup_earlycon(void)
{
	const struct of_declare_entry *entry;
	const char *compatible;
	phys_addr_t base;
	int ret;

	ret = early_init_dt_stdout(&base, &compatible);
	if (ret)
		return ret;
	for (entry = __earlycon_of_table; entry < __earlycon_of_table_end; entry++) {
		if (strcmp(entry->compatible, compatible))
			continue;
		early_console.data = set_fixmap_io(base);
		early_console.write = (earlycon_write_fn)entry->fn;
		register_console(&early_console);
		return 0;
	}
	return -ENODEV;
}
