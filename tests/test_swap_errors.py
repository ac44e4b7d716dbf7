# SPDX-License-Identifier: MIT
"""Swap on a disk with errors: who owns what is lost dies of it, and nobody else."""

import json
import re
import struct

import tap
from test_swap import MIB, meminfo, vmstat

PAGE = 4096
SECTORS = PAGE // 512
SWAP = 128 * MIB
SLOT = 200


def swap_image(path):
    """As mkswap makes it: the disk need not take writes for that."""
    header = bytearray(PAGE)
    struct.pack_into("<III", header, 1024, 1, SWAP // PAGE - 1, 0)
    header[-10:] = b"SWAPSPACE2"
    with open(path, "wb") as f:
        f.write(header)
        f.truncate(SWAP)
    return path


def boot_with(boot, root_img, tests_mm_img, tmp_path, errors, mem="64M"):
    """The third disk, vdc, is a swap area by QEMU's blkdebug, which answers with these errors."""
    disk = {"driver": "blkdebug", "node-name": "faulty",
            "inject-error": [{"event": "none", "errno": 5, "immediately": True, **e} for e in errors],
            "image": {"driver": "raw", "file": {"driver": "file", "filename": str(swap_image(tmp_path / "swap.img"))}}}
    teak = boot(disks=[root_img, tests_mm_img], mem=mem, append="loglevel=4",
                extra=["-blockdev", json.dumps(disk),
                       "-device", "virtio-blk-device,drive=faulty,bus=virtio-mmio-bus.2"])
    teak.check("mount -t ezfs /dev/vdb /tests; swapon /dev/vdc")
    return teak


def test_a_page_that_cannot_be_read(boot, root_img, tests_mm_img, tmp_path):
    """SIGBUS for its owner, before swapoff and after it, and EFAULT for the kernel's copies."""
    teak = boot_with(boot, root_img, tests_mm_img, tmp_path,
                     [{"iotype": "read", "sector": SLOT * SECTORS}])
    before = meminfo(teak)
    result = teak.run(f"/tests/swaperr {SLOT} 40 /dev/vdc")
    tap.check(result.output, what="swaperr")
    assert re.search(rf"Read-error on swap-device \(254:\d+:{SLOT * SECTORS}\)", teak.check("dmesg"))
    after = meminfo(teak)
    assert after["SwapTotal"] == after["SwapCached"] == 0
    assert after["AnonPages"] <= before["AnonPages"] + 32, f"{before}\n{after}"
    teak.poweroff()


def test_a_page_of_shared_memory_that_cannot_be_read(boot, root_img, tests_mm_img, tmp_path):
    """EIO for who reads the file, before swapoff and after it; with the file all is gone."""
    teak = boot_with(boot, root_img, tests_mm_img, tmp_path,
                     [{"iotype": "read", "sector": (SLOT + 10 * i) * SECTORS} for i in range(20)])
    teak.check("mount -t tmpfs x /mnt; dd if=/dev/zero of=/mnt/a bs=64k count=320 2>/dev/null")
    free = meminfo(teak)["SwapFree"]
    teak.run("/tests/thrash 56")
    assert free - meminfo(teak)["SwapFree"] > 8192, "the file is in swap"
    assert "Input/output error" in teak.run("cat /mnt/a > /dev/null").output
    teak.check("swapoff /dev/vdc")
    assert "Input/output error" in teak.run("cat /mnt/a > /dev/null").output
    teak.check("rm /mnt/a")
    after = meminfo(teak)
    assert after["SwapTotal"] == after["SwapCached"] == after["Shmem"] == 0, after
    assert re.search(r"^x +\d+ +0 ", teak.check("df /mnt"), re.M), teak.check("df /mnt")
    teak.poweroff()


def test_pages_that_cannot_be_written(boot, root_img, tests_mm_img, tmp_path):
    """They stay in memory, and every byte is right."""
    teak = boot_with(boot, root_img, tests_mm_img, tmp_path,
                     [{"iotype": "write", "sector": (SLOT + 10 * i) * SECTORS} for i in range(5)])
    tap.check(teak.check("/tests/thrash 80"), what="thrash 80")
    assert re.search(rf"Write-error on swap-device \(254:\d+:{SLOT * SECTORS}\)", teak.check("dmesg"))
    assert vmstat(teak)["oom_kill"] == 0
    teak.check("swapoff /dev/vdc")
    teak.poweroff()


def test_no_page_can_be_written(boot, root_img, tests_mm_img, tmp_path):
    """Then it is as without swap: who eats everything dies, and the machine goes on."""
    teak = boot_with(boot, root_img, tests_mm_img, tmp_path, [{"iotype": "write"}], mem="32M")
    result = teak.run("/tests/oom rounds 2 eat")
    tap.check(result.output, what="oom rounds 2 eat")
    assert "Write-error on swap-device" in teak.check("dmesg")
    teak.check("swapoff /dev/vdc")
    assert meminfo(teak)["SwapCached"] == 0
    teak.poweroff()
