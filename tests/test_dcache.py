# SPDX-License-Identifier: MIT
"""
More names and files than memory has room for: dentries and inodes come back when it is short, or the OOM killer would
come. What a larger machine can be asked is in user/tests/fs/dcache.c, which test_user.py runs.
"""

import pytest

from test_ext2 import e2fsck, mke2fs

FOLDERS, FILES = 60, 1000       # 60,000 inodes of ext2 are 40 MiB, without their dentries
LOOKUPS = 180_000               # of absent names: 35 MiB
MEM = "32M"
MOUNT = "echo 1 > /proc/sys/vm/panic_on_oom; mount -t ezfs /dev/vdb /tests"


@pytest.fixture
def tree(tmp_path):
    """A disk with many empty files."""
    for d in range(FOLDERS):
        folder = tmp_path / "tree" / f"d{d}"
        folder.mkdir(parents=True)
        for f in range(FILES):
            (folder / f"f{f}").touch()
    return mke2fs(tmp_path / "tree.img", "24M", "-b", "1024", "-I", "128", "-N", FOLDERS * FILES + 1000,
                  folder=tmp_path / "tree")


def test_dentries_come_back_when_memory_is_short(boot, root_img, tests_fs_img):
    teak = boot(disks=[root_img, tests_fs_img], mem=MEM, append="loglevel=5")
    teak.check(MOUNT)
    teak.run_tap(f"/tests/dcache absent {LOOKUPS}")
    teak.poweroff()


def test_inodes_come_back_when_memory_is_short(boot, root_img, tests_fs_img, tree):
    teak = boot(disks=[root_img, tests_fs_img, tree], mem=MEM, append="loglevel=5")
    teak.check(f"{MOUNT}; mount -t ext2 /dev/vdc /mnt")
    teak.run_tap(f"/tests/dcache walk /mnt {FOLDERS * FILES}")
    teak.check("umount /mnt")
    teak.poweroff()
    e2fsck(tree)
