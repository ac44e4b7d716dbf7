# SPDX-License-Identifier: MIT
"""
teak-pgwalk: what the MMU finds for an address, level by level.

The format is ARMv8's with 4 KiB pages and 48-bit addresses (Arm ARM D8.3): four levels of 512
entries. Bits that are left to software are teak's: arch/arm64/include/asm/pgtable-hwdef.h.
"""

from . import kernel as k
from . import memory
from . import tasks

LEVELS = (("pgd", 39), ("pud", 30), ("pmd", 21), ("pte", 12))
LAST = 3
ADDRESS = 0x0000fffffffff000
VALID, TABLE = 0x1, 0x3
MEMORY_TYPES = {0x00: "device nGnRnE", 0x04: "device nGnRE", 0x08: "device nGRE",
                0x0c: "device GRE", 0x44: "normal uncached", 0xbb: "normal write-through",
                0xff: "normal"}
SHAREABILITY = ("not shareable", "reserved SH", "outer shareable", "inner shareable")
USER, RDONLY, AF, NG, DBM = 1 << 6, 1 << 7, 1 << 10, 1 << 11, 1 << 51
CONTIGUOUS, PXN, UXN = 1 << 52, 1 << 53, 1 << 54
WRITE, DIRTY, SPECIAL, PROT_NONE = DBM, 1 << 55, 1 << 56, 1 << 58


def rights(entry):
    """Who may do what, from AP[2:1], UXN and PXN."""
    write = "-" if entry & RDONLY else "w"
    user = f"r{write}" if entry & USER else "--"
    # A page that EL0 may write is never executable at EL1 (Arm ARM D8.4.1.2.1).
    kernel_exec = not entry & PXN and not (entry & USER and not entry & RDONLY)
    return (f"user {user}{'-' if entry & UXN else 'x'}, "
            f"kernel r{write}{'x' if kernel_exec else '-'}")


def memory_type(entry):
    mair = k.register("MAIR_EL1") >> 8 * (entry >> 2 & 7) & 0xff
    return MEMORY_TYPES.get(mair, f"memory type {mair:#04x}")


def flags(entry):
    names = ((AF, "AF"), (NG, "nG"), (CONTIGUOUS, "contiguous"), (PXN, "PXN"), (UXN, "UXN"))
    software = ((WRITE, "write"), (DIRTY, "dirty"), (SPECIAL, "special"), (PROT_NONE, "prot_none"))
    out = [text for bit, text in names if entry & bit]
    if not entry & AF:
        out.insert(0, "no AF: the first access faults")
    soft = [text for bit, text in software if entry & bit]
    return " ".join(out) + (f"; software: {' '.join(soft)}" if soft else "")


def describe_leaf(entry):
    shareability = SHAREABILITY[entry >> 8 & 3]
    return ", ".join((rights(entry), memory_type(entry), shareability, flags(entry)))


def describe_invalid(entry):
    if entry == 0:
        return "not valid: never filled"
    if entry & PROT_NONE:
        return f"not valid: present at {entry & ADDRESS:#x}, but nobody may access it (PROT_NONE)"
    return "not valid, and not zero: a swap entry, or rubbish"


def walk(table, address):
    """Yield (level, index, where the entry lies, entry, size of what it covers) down to the leaf.

    `table` is the physical address of the top table. The last one yielded is the leaf, or the
    entry at which the walk fails.
    """
    for level, (_, shift) in enumerate(LEVELS):
        index = address >> shift & 511
        where = k.phys_to_virt(table) + 8 * index
        entry = k.read_u64(where)
        yield level, index, where, entry, 1 << shift
        if not entry & VALID or level == LAST or entry & TABLE != TABLE:
            return
        table = entry & ADDRESS


def kind(level, entry):
    """"table", "block", "page", or None for an entry at which the MMU faults."""
    if not entry & VALID:
        return None
    if level == LAST:
        return "page" if entry & TABLE == TABLE else None
    if entry & TABLE == TABLE:
        return "table"
    return "block" if level in (1, 2) else None


def print_walk(table, address):
    for level, index, where, entry, size in walk(table, address):
        what = kind(level, entry)
        if what == "table":
            text = f"table at {entry & ADDRESS:#x}"
        elif what:
            text = f"{what} at {entry & ADDRESS & -size:#x}: {describe_leaf(entry)}"
        elif entry & VALID:
            text = "valid, but of a type that this level does not have"
        else:
            text = describe_invalid(entry)
        print(f"  level {level} {LEVELS[level][0]}[{index:3}] at {where:#x} = {entry:#018x} "
              f" {text}")
    if what:
        physical = (entry & ADDRESS & -size) + address % size
        print(f"=> physical address {physical:#x}, pfn {physical >> k.PAGE_SHIFT:#x}")
    else:
        print(f"=> no mapping: the walk fails at level {level} ({LEVELS[level][0]})")


class Pgwalk(k.Command):
    """teak-pgwalk [PID] ADDR
Walk the page tables for an address as the MMU does, and print each level's entry, decoded.
A user address is looked up in the running task's address space, or in that of PID; a kernel
address in swapper_pg_dir. ADDR is any expression, such as $FAR_EL1, $x0 or vmf->address."""

    NAME = "teak-pgwalk"

    def run(self, argv):
        if not argv:
            k.usage(self)
        pid = int(argv.pop(0)) if len(argv) > 1 and argv[0].isdigit() else None
        address = k.integer(" ".join(argv))
        if address >= k.KERNEL_HALF:
            print(f"walk of {address:#x} in the kernel's tables, swapper_pg_dir")
            print_walk(k.virt_to_phys(int(k.value("(unsigned long)&swapper_pg_dir"))), address)
            return
        if address >> 48:
            print(f"{address:#x} is in neither half of the addresses: every access to it faults")
            return
        self.user_walk(tasks.find(pid) if pid is not None else tasks.current(), address)

    def user_walk(self, task, address):
        if task is None:
            print(f"walk of {address:#x} in the tables that TTBR0_EL1 holds")
            print_walk(k.register("TTBR0_EL1") & ADDRESS, address)
            return
        mm = task["mm"]
        if int(mm) == 0:
            k.error(f"task {int(task['pid'])} ({tasks.name(task)}) is a kernel thread: it has no "
                    "address space of its own. Give the PID of another.")
        print(f"walk of {address:#x} for pid {int(task['pid'])} ({tasks.name(task)}), "
              f"pgd {int(mm['pgd']):#x}")
        print_walk(k.virt_to_phys(int(mm["pgd"])), address)
        vma = memory.find_vma(mm, address)
        if vma is None:
            print("   no VMA covers it")
        else:
            print("   VMA " + memory.describe_vma(mm, vma))


Pgwalk()
