# SPDX-License-Identifier: MIT
"""Eight processes that change files at random, against a model of each: user/tests/fs/fsstress.c, on four CPUs.

A run is had again by its seed, though not its schedule. The program by itself is among those of test_user.py.
"""

import os
import random
import re
import subprocess

import pytest

import tap
from teak import BUILD, fsck
from test_ext2 import e2fsck, mke2fs

SECONDS = int(os.environ.get("TEAK_STRESS_SECONDS", 60))
SLACK_KB = 1024     # what caches that are not dropped may keep: slabs that are partly in use


def free_kb(teak):
    """Memory that is free when all caches are dropped; page tables and the like of the shell are gone with it."""
    text = teak.check("sync; echo 3 > /proc/sys/vm/drop_caches; cat /proc/meminfo")
    return sum(int(re.search(rf"^{key}:\s+(\d+)", text, re.M)[1]) for key in ("MemFree", "Cached", "Buffers"))


@pytest.fixture
def stress(boot, root_img, tests_fs_img):
    """Runs it in a mounted disk, or in tmpfs, for so many seconds of the guest's."""

    def run(mount, seconds, disk=None, **options):
        seed = int(os.environ.get("TEAK_SEED", random.randrange(1 << 31)))
        print(f"seed {seed} (TEAK_SEED)")
        disks = [root_img, tests_fs_img] + ([disk] if disk else [])
        teak = boot(disks=disks, smp=4, append="loglevel=5", **options)
        teak.check(f"mount -t ezfs /dev/vdb /tests; {mount} /mnt")
        teak.check(f"/tests/fsstress -t 1 -d /mnt {seed}")
        before = free_kb(teak)
        print(report := teak.run(f"/tests/fsstress -t {seconds} -d /mnt {seed}").output)
        tap.check(report, what=f"fsstress {seed}")
        lost = before - free_kb(teak)
        print(f"{lost} KiB of memory lost")
        assert lost <= SLACK_KB
        teak.check("umount /mnt; umount /tests")
        teak.poweroff()
        fsck(root_img)

    return run


@pytest.fixture
def ezfs_disk(tmp_path):
    """An empty one, for eight times five files: there are fewer inodes, so that making one fails at times."""
    disk = tmp_path / "stress.img"
    subprocess.run([f"{BUILD}/host/mkfs.ezfs", "-s", "4096", disk], check=True, capture_output=True)
    return disk


@pytest.mark.slow
def test_files_are_as_the_model_has_them_on_ezfs(stress, ezfs_disk):
    stress("mount -t ezfs /dev/vdc", SECONDS, ezfs_disk)
    fsck(ezfs_disk)


@pytest.mark.slow
def test_files_are_as_the_model_has_them_on_ext2(stress, tmp_path):
    disk = mke2fs(tmp_path / "ext2.img", "32M", "-b", "1024")
    stress("mount -t ext2 /dev/vdc", SECONDS, disk)
    e2fsck(disk)


@pytest.mark.slow
def test_files_are_as_the_model_has_them_on_tmpfs(stress):
    stress("mount -t tmpfs none", SECONDS // 3)     # it does not wait for a disk: as many operations as those


def test_the_lock_checker_has_nothing_to_say(stress, ezfs_disk, debug_kernel):
    stress("mount -t ezfs /dev/vdc", min(SECONDS, 10), ezfs_disk, kernel=debug_kernel)
    fsck(ezfs_disk)
