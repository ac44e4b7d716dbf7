/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing device registers.
 *
 * Each access is one plain load or store, written in assembly: the compiler might merge accesses
 * or choose a form with write-back, and a hypervisor that has to emulate the register learns from
 * the fault what to do only for the plain form (Arm ARM D17.2.37, ESR_EL2.ISS.ISV).
 *
 * readl() and writel() order the access against normal memory, as a driver expects that fills a
 * buffer and then tells the device, or is told and then reads one. The _relaxed forms keep order
 * only among accesses to the same device.
 */
#ifndef _ASM_IO_H
#define _ASM_IO_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/memory.h>

static __always_inline u8 __raw_readb(const volatile void __iomem *addr)
{
	u8 val;

	asm volatile("ldrb %w0, [%1]" : "=r"(val) : "r"(addr));
	return val;
}

static __always_inline u16 __raw_readw(const volatile void __iomem *addr)
{
	u16 val;

	asm volatile("ldrh %w0, [%1]" : "=r"(val) : "r"(addr));
	return val;
}

static __always_inline u32 __raw_readl(const volatile void __iomem *addr)
{
	u32 val;

	asm volatile("ldr %w0, [%1]" : "=r"(val) : "r"(addr));
	return val;
}

static __always_inline u64 __raw_readq(const volatile void __iomem *addr)
{
	u64 val;

	asm volatile("ldr %0, [%1]" : "=r"(val) : "r"(addr));
	return val;
}

static __always_inline void __raw_writeb(u8 val, volatile void __iomem *addr)
{
	asm volatile("strb %w0, [%1]" : : "rZ"(val), "r"(addr));
}

static __always_inline void __raw_writew(u16 val, volatile void __iomem *addr)
{
	asm volatile("strh %w0, [%1]" : : "rZ"(val), "r"(addr));
}

static __always_inline void __raw_writel(u32 val, volatile void __iomem *addr)
{
	asm volatile("str %w0, [%1]" : : "rZ"(val), "r"(addr));
}

static __always_inline void __raw_writeq(u64 val, volatile void __iomem *addr)
{
	asm volatile("str %x0, [%1]" : : "rZ"(val), "r"(addr));
}

#define readb_relaxed(a)	__raw_readb(a)
#define readw_relaxed(a)	__raw_readw(a)
#define readl_relaxed(a)	__raw_readl(a)
#define readq_relaxed(a)	__raw_readq(a)
#define writeb_relaxed(v, a)	__raw_writeb((u8)(v), a)
#define writew_relaxed(v, a)	__raw_writew((u16)(v), a)
#define writel_relaxed(v, a)	__raw_writel((u32)(v), a)
#define writeq_relaxed(v, a)	__raw_writeq((u64)(v), a)

/* What is read from memory after the register is at least as new as the register. */
#define readb(a)	({ u8  __v = readb_relaxed(a); dma_rmb(); __v; })
#define readw(a)	({ u16 __v = readw_relaxed(a); dma_rmb(); __v; })
#define readl(a)	({ u32 __v = readl_relaxed(a); dma_rmb(); __v; })
#define readq(a)	({ u64 __v = readq_relaxed(a); dma_rmb(); __v; })

/* What was written to memory before the register is there when the device is told. */
#define writeb(v, a)	({ dma_wmb(); writeb_relaxed(v, a); })
#define writew(v, a)	({ dma_wmb(); writew_relaxed(v, a); })
#define writel(v, a)	({ dma_wmb(); writel_relaxed(v, a); })
#define writeq(v, a)	({ dma_wmb(); writeq_relaxed(v, a); })

/* Maps @size bytes of registers at any physical address; NULL without memory. May sleep. */
void __iomem *ioremap(phys_addr_t phys_addr, size_t size);
void iounmap(volatile void __iomem *addr);

#endif
