# SPDX-License-Identifier: MIT
"""What is stored through mappings of files and disks, as the host finds it afterwards."""

import random

import pytest

import tap
from teak import fsck, host_tool

PAGE = 4096
MIB = 1 << 20
PAGES = 40


@pytest.mark.parametrize("end", ["poweroff", "plug"])
def test_what_was_msynced_is_on_the_disk(boot, root_img, tests_mm_img, end):
    """Stored by a shared mapping, and nothing of what a private one was given."""
    teak = boot(disks=[root_img, tests_mm_img])
    teak.check(f"mount -t ezfs /dev/vdb /tests; dd if=/dev/zero of=/f bs={PAGE} count={PAGES} 2>/dev/null; sync")
    out = teak.check("/tests/mappings store /f teak-was-here")
    assert out == "stored\n"
    if end == "poweroff":
        teak.poweroff()
        fsck(root_img)
    else:
        teak.kill()
    content = host_tool("fsck.ezfs", "-x", "/f", root_img).stdout
    expected = (b"teak-was-here" + bytes(PAGE - 13)) * PAGES
    content = content if isinstance(content, bytes) else content.encode()
    assert content == expected, f"{len(content)} bytes, first {content[:32]!r}"


@pytest.mark.slow
def test_a_disk_larger_than_memory_is_copied_right(boot, root_img, tests_mm_img, tmp_path):
    """100 MiB with 64 MiB of memory: read by a mapping, written by write(2) and by another mapping."""
    source, target = tmp_path / "source.img", tmp_path / "target.img"
    source.write_bytes(random.Random(4711).randbytes(100 * MIB))
    with open(target, "wb") as f:
        f.truncate(100 * MIB)
    teak = boot(disks=[root_img, tests_mm_img, source, target], mem="64M")
    teak.check("mount -t ezfs /dev/vdb /tests")
    out = teak.check("/tests/mappings copy /dev/vdc /dev/vdd")
    assert out == f"copied {100 * MIB}\n"
    teak.poweroff()
    assert source.read_bytes() == target.read_bytes()


def test_the_lock_checker_looks_on(boot, root_img, tests_mm_img, debug_kernel):
    """On four CPUs: one thread moves a page of a file about, another truncates the file; pages are locked."""
    teak = boot(disks=[root_img, tests_mm_img], smp=4, kernel=debug_kernel, append="loglevel=5")
    teak.check("mount -t ezfs /dev/vdb /tests")
    for program in ["mremap", "mlock"]:
        tap.check(teak.check(f"/tests/{program}"), what=program)
    teak.poweroff()
