# SPDX-License-Identifier: MIT
"""The pool of huge pages: what the command line sets aside, and that several CPUs lose no page of it."""

import re

import pytest

import tap


def meminfo(teak):
    """Its numbers, by name."""
    return {name: int(n) for name, n in re.findall(r"^([\w()]+): +(\d+)", teak.check("cat /proc/meminfo"), re.M)}


def pool(teak):
    """Total, free, reserved, surplus."""
    numbers = meminfo(teak)
    return tuple(numbers[f"HugePages_{which}"] for which in ("Total", "Free", "Rsvd", "Surp"))


@pytest.mark.parametrize("line, pages", [
    ("hugepages=8", 8), ("hugepagesz=2M hugepages=8", 8), ("hugepagesz=1G hugepages=4", 0), ("hugepages=many", 0),
    ("hugepagesz=1G hugepages=4 hugepagesz=2M hugepages=3", 3), ("", 0),
])
def test_the_command_line_sets_pages_aside(boot, root_img, line, pages):
    teak = boot(disks=[root_img], append=line)
    assert pool(teak) == (pages, pages, 0, 0)
    assert teak.check("cat /proc/sys/vm/nr_hugepages") == f"{pages}\n"
    assert teak.check("cat /proc/sys/vm/nr_overcommit_hugepages") == "0\n"
    before = meminfo(teak)
    assert before["Hugetlb"] == pages * 2048
    teak.check("echo 0 > /proc/sys/vm/nr_hugepages")
    after = meminfo(teak)
    assert pool(teak) == (0, 0, 0, 0)
    assert abs(after["MemFree"] - before["MemFree"] - pages * 2048) < 512, f"{before} {after}"
    assert after["CommitLimit"] - before["CommitLimit"] == pages * 1024     # half of what is free for all
    teak.poweroff()


def test_more_than_there_is_memory(boot, root_img):
    """As many as can be had; the machine runs on with what is left, and gets them back."""
    teak = boot(disks=[root_img], mem="128M")
    free = meminfo(teak)["MemFree"]
    teak.check("echo 1000 > /proc/sys/vm/nr_hugepages")
    total = pool(teak)[0]
    assert free // 2048 // 2 < total < 64, f"{total} of {free} kB"
    assert teak.check("cat /proc/sys/vm/nr_hugepages") == f"{total}\n"
    assert teak.check("echo hello") == "hello\n"
    teak.check("echo 0 > /proc/sys/vm/nr_hugepages")
    assert pool(teak) == (0, 0, 0, 0)
    assert meminfo(teak)["MemFree"] > free - 2048
    teak.poweroff()


@pytest.mark.parametrize("smp", [1, 4])
def test_processes_fight_for_the_last_page(boot, root_img, tests_mm_img, smp):
    teak = boot(disks=[root_img, tests_mm_img], smp=smp, append="loglevel=4")
    teak.check("mount -t ezfs /dev/vdb /tests; /tests/hugetlb stress 2; echo 3 > /proc/sys/vm/drop_caches")
    before = meminfo(teak)["MemFree"]
    tap.check(teak.run("/tests/hugetlb stress 40").output, what="hugetlb stress")
    teak.check("echo 3 > /proc/sys/vm/drop_caches")
    assert pool(teak) == (0, 0, 0, 0)
    assert meminfo(teak)["MemFree"] > before - 512
    teak.poweroff()
