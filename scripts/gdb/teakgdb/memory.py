# SPDX-License-Identifier: MIT
"""Memory: teak-vmas, teak-page and teak-buddy."""

import gdb

from . import kernel as k
from . import tasks

VMEMMAP_START = 0xfffffc0000000000      # arch/arm64/include/asm/memory.h

# include/linux/mm.h
VM_NAMES = ((0x100, "growsdown"), (0x400, "pfnmap"), (0x2000, "locked"), (0x4000, "io"),
            (0x20000, "dontcopy"), (0x40000, "dontexpand"), (0x100000, "account"),
            (0x200000, "noreserve"))
VM_READ, VM_WRITE, VM_EXEC, VM_SHARED, VM_GROWSDOWN = 1, 2, 4, 8, 0x100


def vmas(mm):
    """In order: the entries of the maple tree mm->mm_mt (lib/maple_tree.c)."""
    pointer = gdb.lookup_type("struct vm_area_struct").pointer()

    def below(node):
        slots = node["ma64" if int(node["level"]) else "mr64"]["slot"]
        for i in range(int(node["nr"])):
            if int(node["level"]):
                yield from below(slots[i])
            elif int(slots[i]):
                yield slots[i].cast(pointer)

    root = mm["mm_mt"]["ma_root"]
    if int(root):
        yield from below(root)


def find_vma(mm, address):
    for vma in vmas(mm):
        if int(vma["vm_start"]) <= address < int(vma["vm_end"]):
            return vma
    return None


def path_of(file):
    """A file's path within its filesystem, by its dentries."""
    dentry, parts = file["f_path"]["dentry"], []
    while int(dentry) and dentry != dentry["d_parent"] and len(parts) < 64:
        parts.insert(0, k.string(dentry["d_name"]["name"]))
        dentry = dentry["d_parent"]
    return "/" + "/".join(parts)


def describe_vma(mm, vma):
    flags, start, end = int(vma["vm_flags"]), int(vma["vm_start"]), int(vma["vm_end"])
    rights = "".join(letter if flags & bit else "-" for bit, letter in
                     ((VM_READ, "r"), (VM_WRITE, "w"), (VM_EXEC, "x")))
    rights += "s" if flags & VM_SHARED else "p"
    if int(vma["vm_file"]):
        what = f"{path_of(vma['vm_file'])} +{int(vma['vm_pgoff']) * k.PAGE_SIZE:#x}"
    elif start <= int(mm["start_stack"]) < end or flags & VM_GROWSDOWN:
        what = "[stack]"
    elif start < int(mm["brk"]) and end > int(mm["start_brk"]):
        what = "[heap]"
    else:
        what = "[anonymous]"
    more = [text for bit, text in VM_NAMES if flags & bit]
    return f"{start:#014x}-{end:#014x} {rights} {what} {' '.join(more)}".rstrip()


class Vmas(k.Command):
    """teak-vmas [PID]
List the regions (VMAs) of a process's address space, the running one's without PID: addresses,
rights (s shared, p private), what is mapped there, and the rarer VM_ flags by name."""

    NAME = "teak-vmas"

    def run(self, argv):
        if len(argv) > 1:
            k.usage(self)
        task = tasks.find(k.integer(argv[0])) if argv else tasks.current()
        if task is None:
            k.error("no task runs yet.")
        mm = task["mm"]
        if int(mm) == 0:
            k.error(f"task {int(task['pid'])} ({tasks.name(task)}) is a kernel thread: "
                    "it has no address space of its own.")
        print(f"pid {int(task['pid'])} ({tasks.name(task)}), mm {int(mm):#x}, "
              f"{int(mm['map_count'])} regions, {k.counter(mm['mm_users'])} user(s)")
        found = 0
        for vma in vmas(mm):
            print("  " + describe_vma(mm, vma))
            found += 1
        if found != int(mm["map_count"]):
            print(f"  map_count says {int(mm['map_count'])}, but the tree has {found}: "
                  "it is being changed, or broken")


def page_flags(page):
    """The names of the bits set in page->flags, from the kernel's enum pageflags."""
    flags, names = int(page["flags"]), {}
    for field in gdb.lookup_type("enum pageflags").fields():
        if field.name.startswith("PG_") and flags >> field.enumval & 1:
            names.setdefault(field.enumval, field.name[3:])     # a later name is an alias
    return list(names.values())


def pfn_of_address(address):
    return k.virt_to_phys(address) >> k.PAGE_SHIFT


def page_of_pfn(pfn):
    start = int(k.value("memstart_addr")) >> k.PAGE_SHIFT       # that of mem_map()
    first = start + (k.RAM_OFFSET >> k.PAGE_SHIFT)
    last = int(k.value("max_pfn")) - 1
    if not first <= pfn <= last:
        k.error(f"pfn {pfn:#x} is not RAM: that is {first:#x} to {last:#x}.")
    return mem_map() + (pfn - start)


def mem_map():
    """The struct page of the frame at memstart_addr, if there were one: the array."""
    return gdb.Value(VMEMMAP_START).cast(gdb.lookup_type("struct page").pointer())


class Page(k.Command):
    """teak-page PFN
Print a frame's struct page: flags by name, references, mappings, and what the frame is used for.
An address in the linear map will do instead of a frame number."""

    NAME = "teak-page"

    def run(self, argv):
        if len(argv) != 1:
            k.usage(self)
        number = k.integer(argv[0])
        pfn = pfn_of_address(number) if number >= k.PAGE_OFFSET else number
        page = page_of_pfn(pfn)
        names = page_flags(page)
        references = k.counter(page["_refcount"])
        print(f"pfn {pfn:#x}, struct page {int(page):#x}, physical {pfn << k.PAGE_SHIFT:#x}, "
              f"linear map {k.phys_to_virt(pfn << k.PAGE_SHIFT):#x}")
        print(f"  flags {int(page['flags']):#x}: {' '.join(names) or 'none'}")
        print(f"  _refcount {references}, _mapcount {k.counter(page['_mapcount'])} "
              "(mappings in page tables, less one)")
        print("  " + self.used_for(page, names, references))

    def used_for(self, page, names, references):
        if "buddy" in names:
            return f"free: first of a block of order {int(page['private'])}"
        if int(page["compound_head"]) & 1:
            head = int(page["compound_head"]) - 1
            return f"part of a compound page; its first struct page is {head:#x}"
        if "slab" in names:
            cache = page["slab_cache"]
            name = k.string(cache["name"]) if int(cache) else "?"
            return (f"slab of {name}: {int(page['inuse'])} of {int(page['objects'])} objects with "
                    f"callers and CPUs, first free object {int(page['freelist']):#x}")
        if "reserved" in names:
            return "reserved: the kernel's image, early memory, or not RAM"
        if "table" in names:
            return "a page table"
        if references == 0:
            return "free: inside a larger free block, or on a per-CPU list"
        if int(page["mapping"]):
            host = page["mapping"]["host"]
            inode = f", inode {int(host['i_ino'])}" if int(host) else ""
            return (f"page cache of mapping {int(page['mapping']):#x}{inode}, "
                    f"index {int(page['index'])}, private {int(page['private']):#x}")
        return f"anonymous, or the kernel's own; private {int(page['private']):#x}"


class Buddy(k.Command):
    """teak-buddy
Print the page allocator's free blocks by order, and check the lists against the counters."""

    NAME = "teak-buddy"

    def run(self, argv):
        if argv:
            k.usage(self)
        zone = k.value("contig_zone")
        print(f"zone {k.string(zone['name'])}: {k.counter(zone['managed_pages'])} pages managed, "
              f"{int(zone['nr_free_pages'])} free, watermarks min/low/high "
              + "/".join(str(int(zone["_watermark"][i])) for i in range(3)))
        print(f"  {'ORDER':>5} {'SIZE':>9} {'BLOCKS':>7} {'PAGES':>8}  FIRST BLOCK")
        total = 0
        for order in range(zone["free_area"].type.range()[1] + 1):
            area = zone["free_area"][order]
            blocks = list(k.list_entries(area["free_list"], "struct page", "lru"))
            first = f"pfn {pfn_of_page(blocks[0]):#x}" if blocks else ""
            count, pages = len(blocks), len(blocks) << order
            total += pages
            print(f"  {order:5} {4 << order:5} KiB {count:7} {pages:8}  {first}".rstrip())
            if count != int(area["nr_free"]):
                print(f"        nr_free says {int(area['nr_free'])}: the list is being changed, "
                      "or broken")
        if total != int(zone["nr_free_pages"]):
            print(f"  {total} pages are in the lists; nr_free_pages says "
                  f"{int(zone['nr_free_pages'])}")


def pfn_of_page(page):
    first = int(k.value("memstart_addr")) >> k.PAGE_SHIFT
    return int(page - mem_map()) + first


Vmas()
Page()
Buddy()
