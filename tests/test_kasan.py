# SPDX-License-Identifier: MIT
"""
The compiler's checks, KASAN=1 (mm/kasan/) and UBSAN=1 (lib/ubsan.c): what they must report
(drivers/misc/lkdtm_sanitize.c provokes it), and that they have nothing to report of the kernel itself.
"""

import os
import re
import shutil

import pytest

import tap
import teak as harness
from teak import fsck
from test_crash import check_report
from test_user import PROGRAMS, RUNNER

# Of all programs, and all those that have to do with memory.
SOME = ["process", "pipes", "signals"]
OF_MEMORY = [os.path.basename(name) for name in PROGRAMS if name.startswith("mm/")]


def trace(*functions):
    """A call trace with these in it, which begins with a program's system call."""
    return [*(rf" {name}\+0x" for name in functions), " lkdtm_write", " vfs_write", " el0t_64_sync"]


def kasan(bug, access, *names, kind, where=()):
    """The report of `bug`: found by the last of the functions `names`, called by the others."""
    who = names[-1] if names else f"lkdtm_{kind}"
    return [rf"BUG: KASAN: {bug} in {who}\+0x", rf"{access} addr [0-9a-f]{{16}} by task sh/\d+", "Call trace:",
            *trace(*reversed(names), f"lkdtm_{kind}"), *where,
            "Memory state around the buggy address:", r">[0-9a-f]{16}:( [0-9a-f]{2}){16}", r"\^"]


def owned(kind, cache, size, offset, freed=False, by=("lkdtm_object",)):
    """Both traces, the object and the cache."""
    out = [r"Allocated by task \d+:", " kmalloc", *trace(*by, f"lkdtm_{kind}")]
    if freed:
        drop = ("lkdtm_drop",) if by else ()
        out += [r"Freed by task \d+:", " kfree", *trace(*drop, f"lkdtm_{kind}")]
    return out + [r"The buggy address belongs to the object at [0-9a-f]{16}",
                  rf"which belongs to the cache {cache} of size {size}",
                  rf"The buggy address is located {offset}", rf"{size}-byte region \["]


# kind: what is found, the access, then what the memory is.
KASAN = {
    "SLAB_OVERFLOW": ("slab-out-of-bounds", "Write of size 1 at", (),
                      owned("SLAB_OVERFLOW", "kmalloc-64", 64, "0 bytes to the right of", by=())),
    "SLAB_LINEAR_OVERFLOW": ("slab-out-of-bounds", "Write of size 1 at", (),
                             owned("SLAB_LINEAR_OVERFLOW", "kmalloc-64", 64, "61 bytes inside of")),
    "SLAB_LINEAR_UNDERFLOW": ("slab-out-of-bounds", "Read of size 1 at", (),
                              owned("SLAB_LINEAR_UNDERFLOW", "kmalloc-64", 64, "1 bytes to the left of")),
    "KMALLOC_LARGE_OVERFLOW": ("slab-out-of-bounds", "Write of size 1 at", (),
                               ["The buggy address belongs to the physical page:", "refcount:1"]),
    "READ_AFTER_FREE": ("use-after-free", "Read of size 8 at", (),
                        owned("READ_AFTER_FREE", "kmalloc-192", 192, "160 bytes inside of", freed=True)),
    "WRITE_AFTER_FREE": ("use-after-free", "Write of size 4 at", (),
                         owned("WRITE_AFTER_FREE", "kmalloc-64", 64, "4 bytes inside of", freed=True)),
    "ATOMIC_AFTER_FREE": ("use-after-free", "Write of size 4 at", (),
                          owned("ATOMIC_AFTER_FREE", "kmalloc-64", 64, "0 bytes inside of", freed=True)),
    "MEMSET_AFTER_FREE": ("use-after-free", "Write of size 100 at", (),
                          owned("MEMSET_AFTER_FREE", "kmalloc-128", 128, "0 bytes inside of", freed=True)),
    "SLAB_DOUBLE_FREE": ("double-free", "Free of", (),
                         owned("SLAB_DOUBLE_FREE", "kmalloc-64", 64, "0 bytes inside of", freed=True, by=())),
    "SLAB_FREE_INVALID": ("invalid-free", "Free of", ("lkdtm_drop",),
                          owned("SLAB_FREE_INVALID", "kmalloc-64", 64, "8 bytes inside of")),
    "COPY_TO_USER_OVERFLOW": ("slab-out-of-bounds", "Read of size 65 at", (),
                              owned("COPY_TO_USER_OVERFLOW", "kmalloc-64", 64, "0 bytes to the right of")),
    "STACK_LINEAR_OVERFLOW": ("stack-out-of-bounds", "Write of size 1 at", (),
                              [r"belongs to stack of task sh/\d+", r"at offset \d+ in frame:",
                               "lkdtm_STACK_LINEAR_OVERFLOW", "This frame has 2 objects:", "'numbers:"]),
    "GLOBAL_LINEAR_OVERFLOW": ("global-out-of-bounds", "Read of size 1 at", (),
                               ["belongs to the variable:",
                                "lkdtm_table of 13 bytes in drivers/misc/lkdtm_sanitize.c, at offset 13"]),
    "VMALLOC_LINEAR_OVERFLOW": ("vmalloc-out-of-bounds", "Write of size 1 at", (),
                                ["belongs to the vmalloc space"]),
    "READ_BUDDY_AFTER_FREE": ("use-after-free", "Read of size 1 at", (),
                              ["The buggy address belongs to the physical page:", "refcount:0"]),
}

UBSAN = {
    "SHIFT_OUT_OF_BOUNDS": ["UBSAN: shift-out-of-bounds in drivers/misc/lkdtm_sanitize.c:",
                            "shift exponent 32 is too large for 32-bit type 'unsigned int'"],
    "SHIFT_NEGATIVE": ["UBSAN: shift-out-of-bounds in", "shift exponent -1 is negative"],
    "ARRAY_BOUNDS": ["UBSAN: array-index-out-of-bounds in", r"index 4 is out of range for type 'char \[4\]'"],
    "DIVISION_OVERFLOW": ["UBSAN: division-overflow in", "division by zero"],
    "INVALID_BOOL": ["UBSAN: invalid-load in", "load of value 3 is not a valid value for type '_Bool'"],
}

HEADLINE = re.compile(r"BUG: |UBSAN: |WARNING: ")


def headlines(text):
    return len(HEADLINE.findall(text))


@pytest.fixture(scope="module")
def reporting(sanitized_kernel, tmp_path_factory):
    """One machine for all that is reported and survived: kasan.fault=report."""
    image = shutil.copy(os.path.join(harness.BUILD, "root.img"), tmp_path_factory.mktemp("kasan") / "root.img")
    machine = harness.Teak(os.path.join(harness.LOGS, "test_kasan_reports.log"), disks=[image],
                           kernel=sanitized_kernel, append="kasan.fault=report", faults=True)
    machine.wait_prompt()
    yield machine
    machine.close()


def provoke(machine, kind):
    """What the kernel says when `kind` is provoked."""
    before = len(machine.transcript)
    machine.check(f"echo {kind} > /proc/provoke-crash")
    return machine.transcript[before:]


@pytest.mark.parametrize("kind", KASAN)
def test_use_of_memory_that_is_not_ones_own_is_reported_once(reporting, kind):
    bug, access, names, where = KASAN[kind]
    text = provoke(reporting, kind)
    check_report(text, kasan(bug, access, *names, kind=kind, where=where))
    assert headlines(text) == 1, f"one report was expected; saw:\n{text}"
    text = provoke(reporting, kind)
    assert not HEADLINE.search(text), f"reported a second time:\n{text}"


@pytest.mark.parametrize("kind", UBSAN)
def test_undefined_behaviour_is_reported_once(reporting, kind):
    text = provoke(reporting, kind)
    check_report(text, [*UBSAN[kind], "Call trace:", *trace(f"lkdtm_{kind}")])
    assert headlines(text) == 1, f"one report was expected; saw:\n{text}"
    text = provoke(reporting, kind)
    assert not HEADLINE.search(text), f"reported a second time:\n{text}"


def test_user_memory_needs_no_pan_to_be_out_of_reach(reporting):
    check_report(provoke(reporting, "ACCESS_USERSPACE"),
                 [r"BUG: KASAN: user-memory-access in lkdtm_ACCESS_USERSPACE\+0x",
                  r"Read of size 1 at addr 0000ffff[0-9a-f]{8} by task sh/\d+"])


def test_kasan_multi_shot_reports_every_time(boot, sanitized_kernel, root_img):
    teak = boot(disks=[root_img], kernel=sanitized_kernel, append="kasan.fault=report kasan_multi_shot",
                faults=True)
    for _ in range(2):
        assert headlines(provoke(teak, "WRITE_AFTER_FREE")) == 1
    teak.poweroff()


@pytest.mark.parametrize("kind, said", [
    ("WRITE_AFTER_FREE", [r"BUG: KASAN: use-after-free in ", "Freed by task",
                          r"Kernel panic - not syncing: KASAN: use-after-free in lkdtm_WRITE_AFTER_FREE"]),
    ("WILD_ACCESS", ["Unable to handle kernel paging request", "KASAN: probably wild-memory-access in range "
                     r"\[0xffff010000000000-0xffff010000000007\]", "lkdtm_WILD_ACCESS", "Kernel panic"]),
    ("UNREACHABLE", ["UBSAN: unreachable in", r"calling __builtin_unreachable\(\)", "lkdtm_UNREACHABLE",
                     "Kernel panic"]),
])
def test_a_run_ends_with_the_first_mistake(boot, sanitized_kernel, root_img, kind, said):
    teak = boot(disks=[root_img], kernel=sanitized_kernel, snapshot=True, faults=True)
    teak.sendline(f"echo {kind} > /proc/provoke-crash")
    check_report(teak.wait_panic(), said)


def test_nothing_to_report_of_the_kernels_own_tests(boot, sanitized_kernel):
    """Not those that measure shares of CPUs' time: the checks are part of it."""
    teak = boot(kernel=sanitized_kernel, smp=2, prompt=False, append="ktest=all,-sched,-sched-smp,-sched-deadline")
    teak.wait_end(0)


def test_nothing_to_report_of_programs(boot, sanitized_kernel, root_img, tests_img, tests_mm_img):
    teak = boot(disks=[root_img, tests_img, tests_mm_img], kernel=sanitized_kernel, smp=2, append="loglevel=5")
    for disk, programs in (("vdb", SOME), ("vdc", OF_MEMORY)):
        teak.check(f"mount -t ezfs /dev/{disk} /tests")
        result = teak.run(f"/tests/{RUNNER} {' '.join(programs)}")
        tap.check(result.output, what=RUNNER)
        teak.check("umount /tests")
    teak.poweroff()
    fsck(root_img)
