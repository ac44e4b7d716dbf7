# SPDX-License-Identifier: MIT
"""Transparent huge pages where it is hard: several CPUs, less memory than is wanted, other policies."""

import re

import pytest

import tap
from test_swap import boot_with_swap, swap_img, vmstat  # noqa: F401 (a fixture)


def test_threads_split_and_fork_at_once(boot, root_img, tests_mm_img, swap_img):  # noqa: F811
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img, mem="256M", smp=4)
    tap.check(teak.run("/tests/thp stress 6").output, what="thp stress")
    counts = vmstat(teak)
    assert counts["thp_fault_alloc"] >= 6 and counts["thp_split_page"] > 0, counts
    assert counts["nr_anon_transparent_hugepages"] == 0, counts
    teak.poweroff()


@pytest.mark.parametrize("smp", [1, 2])
def test_huge_pages_are_swapped_out_as_small_ones(boot, root_img, tests_mm_img, swap_img, smp):  # noqa: F811
    """160 MiB on 128, with a child that has the same pages."""
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img, mem="128M", smp=smp,
                          append="loglevel=5 transparent_hugepage=always")
    before = int(re.search(r"MemFree: +(\d+)", teak.check("cat /proc/meminfo"))[1])
    tap.check(teak.run("/tests/thp press 160").output, what="thp press")
    teak.check("swapoff /dev/vdc")
    after = int(re.search(r"MemFree: +(\d+)", teak.check("cat /proc/meminfo"))[1])
    assert after > before - 1024, f"{before} {after}"
    teak.poweroff()


def test_parts_that_are_not_mapped_come_back(boot, root_img, tests_mm_img):
    """80 MiB and 80 more on 128, without swap: of the first huge pages a 512th is still mapped."""
    teak = boot(disks=[root_img, tests_mm_img], mem="128M", append="loglevel=5 transparent_hugepage=always")
    teak.check("mount -t ezfs /dev/vdb /tests")
    tap.check(teak.run("/tests/thp waste 80").output, what="thp waste")
    counts = vmstat(teak)
    assert counts["thp_deferred_split_page"] >= 40 and counts["thp_split_page"] > 0, counts
    teak.poweroff()


@pytest.mark.parametrize("enabled", ["always", "madvise", "never"])
def test_the_command_line_says_who_gets_them(boot, root_img, tests_mm_img, enabled):
    """cow asks for none, thp does."""
    teak = boot(disks=[root_img, tests_mm_img], append=f"loglevel=5 transparent_hugepage={enabled}")
    teak.check("mount -t ezfs /dev/vdb /tests; /tests/cow")
    after_cow = vmstat(teak)["thp_fault_alloc"]
    assert (after_cow > 0) == (enabled == "always")
    teak.run("/tests/thp")
    assert (vmstat(teak)["thp_fault_alloc"] > after_cow) == (enabled != "never")
    teak.poweroff()
