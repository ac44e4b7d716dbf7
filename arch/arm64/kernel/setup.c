// SPDX-License-Identifier: MIT
/*
 * Boot-time set-up of the machine: from a device tree's physical address to mapped memory and known
 * devices. Called by start_kernel(); one CPU, interrupts off.
 */
#include <linux/console.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irqchip.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_fdt.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/psci.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/extable.h>
#include <asm/fixmap.h>
#include <asm/mmu_context.h>
#include <asm/processor.h>
#include <asm/sections.h>
#include <asm/lse.h>
#include <asm/setup.h>
#include <asm/smp.h>
#include <asm/sysreg.h>

extern phys_addr_t __fdt_pointer;
extern u64 boot_current_el;

unsigned long __per_cpu_offset[NR_CPUS];
EXPORT_SYMBOL(__per_cpu_offset);

/* Map the device tree and take memory and command line from it. */
static void __init setup_machine_fdt(phys_addr_t dt_phys)
{
	int size = 0;
	void *dt_virt = fixmap_remap_fdt(dt_phys, &size);

	if (dt_virt && early_init_dt_scan(dt_virt)) {
		memblock_reserve(dt_phys, fdt_totalsize(dt_virt));
		return;
	}
	/*
	 * No console can be known without a device tree: stop where a debugger finds us, with the
	 * message in the log.
	 */
	panic("no valid device tree at physical %#llx (x0 at entry). The boot loader must give an "
	      "8-byte aligned address below 2 MiB in size", (u64)dt_phys);
}

/* Keep what the linear map can reach, and what lies above the image's block of 2 MiB. */
static void __init arm64_memblock_init(void)
{
	phys_addr_t end = memblock_end_of_DRAM(), limit = PHYS_OFFSET + (PAGE_END - PAGE_OFFSET);

	if (memblock_start_of_DRAM() < PHYS_RAM_START) {
		pr_warn("Memory below the kernel image is not used: %#llx-%#llx\n",
			(u64)memblock_start_of_DRAM(), (u64)PHYS_RAM_START);
		memblock_remove(0, PHYS_RAM_START);
	}
	if (end > limit)
		memblock_remove(limit, end - limit);
	memblock_reserve(__pa(_text), _end - _text);
}

void __init setup_arch(void)
{
	smp_setup_processor_id();
	early_fixmap_init();
	setup_machine_fdt(__fdt_pointer);
	setup_earlycon();
	parse_early_param();
	sort_main_extable();
	semihosting_init();		/* from here a panic can end QEMU with a status */
	arm64_memblock_init();
	early_init_fdt_scan_reserved_mem();
	smp_init_cpus();
	apply_lse_alternatives();	/* while the text may be written */
	paging_init();
	zone_sizes_init();
	pr_info("Booting on CPU 0, MIDR %#llx, entered at EL%llu, RAM %#llx-%#llx\n",
		read_sysreg(midr_el1), boot_current_el >> 2, (u64)memblock_start_of_DRAM(),
		(u64)memblock_end_of_DRAM());
}

void __init setup_arch_late(void)
{
	unflatten_device_tree();
	psci_dt_init();
	asids_init();
}

/* CPU 0 uses the linked copy itself; only CPUs that may run get one of their own. */
void __init setup_per_cpu_areas(void)
{
	size_t size = __per_cpu_end - __per_cpu_start;
	int cpu;

	for_each_possible_cpu(cpu) {
		void *area;

		if (cpu == 0)
			continue;
		area = memblock_alloc(size, 64);
		memcpy(area, __per_cpu_start, size);
		__per_cpu_offset[cpu] = (char *)area - __per_cpu_start;
	}
	set_my_cpu_offset(__per_cpu_offset[smp_processor_id()]);
}

void __init init_IRQ(void)
{
	irqchip_init();
}
