# SPDX-License-Identifier: MIT
"""
A power cut at every moment of a workload on EZFS: what docs/crash-safety.md promises holds on each disk that can
come of it (powercut.py). Each is judged by fsck.ezfs, by a reader that is none of teak's (ezfs_image.py), and by
crashmodel.py, which knows what each file may hold. Some of them are mounted in teak. POWERCUT_SEED gives another
workload and other choices.
"""

import os
import random
import re
import shutil
from pathlib import Path

import pytest

import crashmodel
import powercut
from ezfs_image import Image
from teak import host_tool

SEED = int(os.environ.get("POWERCUT_SEED", "4118"))
BLOCK = powercut.BLOCK
FS_BLOCKS = 160     # hardly more than the files need: what was freed is soon wanted again
MOUNTED = 24    # disks that teak looks at

# What fsck.ezfs may find after a cut: what is lost until it is repaired, and belongs to nobody.
HARMLESS = re.compile(r"marked in use( in \w+)?, but no(thing uses it| path from the root leads to it)|"
                      r"is marked in use, but holds nothing|nlink is \d+, expected|"
                      r"file block \d+ \(block \d+\) lies past the end of the file|"
                      r"marked in zero_blocks, but no file uses it|"
                      r"nblocks is \d+, expected|\d+ errors?$|: clean$")


def files_of(layout, data):
    """{path: contents} by a reader that is none of teak's; what it cannot follow raises Broken."""
    image, found, owner = Image(layout, data), {}, {}
    used_inodes, used_blocks = image.used_inodes(), image.used_blocks()

    def take(block, who):
        if block not in used_blocks or block in owner:
            raise crashmodel.Broken(f"{who}: block {block} is " +
                                    (f"{owner[block]}'s, too" if block in owner else "not in use"))
        owner[block] = who

    def visit(ino, path):
        if ino not in used_inodes or ino > image.l.inodes or not image.inode(ino, "nlink"):
            raise crashmodel.Broken(f"{path}: inode {ino} is not in use")
        mode = image.inode(ino, "mode") & 0o170000
        if mode == 0o040000:
            take(image.inode(ino, "block"), path)
            for _, child, name in image.entries(ino):
                visit(child, path.rstrip("/") + "/" + name.decode())
        elif mode == 0o100000:
            # A file with two names, in the midst of a rename, has its blocks once.
            for block in image.blocks(ino) + ([image.inode(ino, "indirect") or None] if image.l.indexed else []):
                if block and owner.get(block) != ino:
                    take(block, ino)
            found[path] = read_file(image, ino)
        else:
            raise crashmodel.Broken(f"{path}: mode {image.inode(ino, 'mode'):o}")

    visit(1, "/")
    return found


def read_file(image, ino):
    def block(b):
        zero = b is None or (image.l.zero is not None and image.bit(image.l.zero, b - 2))
        return bytes(BLOCK) if zero else bytes(image.d[b * BLOCK:(b + 1) * BLOCK])

    return b"".join(map(block, image.blocks(ino)))[:image.inode(ino, "size")]


def new_disk(path, layout, empty):
    """An EZFS disk without files; odd bytes where it has nothing."""
    disk = powercut.odd_disk(path, FS_BLOCKS)
    host_tool("mkfs.ezfs", "-L", layout, *([] if layout == "A" else ["-s", FS_BLOCKS]), disk, empty)
    if layout == "A":
        # It believes that all of the device is its own: let what is behind FS_BLOCKS be in use.
        image = Image(layout, disk.read_bytes())
        for block in range(FS_BLOCKS, FS_BLOCKS + powercut.AFTER):
            if block not in image.used_blocks():
                image.flip(image.l.free_data, block - 2)
        disk.write_bytes(image.d)
    return disk


@pytest.fixture
def shm():
    """A folder in memory."""
    path = Path("/dev/shm", f"teak-powercut-{os.getpid()}")
    path.mkdir()
    yield path
    shutil.rmtree(path)


@pytest.mark.parametrize("layout", "ABC")
def test_every_cut_of_a_workload(boot, root_img, tests_fs_img, tmp_path, shm, layout):
    rng = random.Random(SEED)
    # Where files are in one piece there must be room to move them.
    work = crashmodel.Workload(rng, max_total=120 if layout == "B" else 70)
    (tmp_path / "empty").mkdir()
    image = new_disk(tmp_path / "disk.img", layout, tmp_path / "empty")
    start, entries = powercut.record(boot, root_img, tests_fs_img, tmp_path, work, image, "ezfs")
    judge = powercut.Judge(work, shm / "cut.img", lambda data: files_of(layout, data),
                           [powercut.host_program("fsck.ezfs")], HARMLESS)
    broken, sample = [], []

    def seen(image, known):
        try:
            judge(image, known)
        except crashmodel.Broken as e:
            broken.append(f"after operation {known}: {e}")
            (tmp_path / f"broken{len(broken)}.img").write_bytes(image) if len(broken) < 4 else None
        if rng.random() < 0.05:
            sample.append(bytes(image))

    flushes = entries.count(None)
    cuts = powercut.every_cut(start, entries, rng, 3, seen)
    print(f"POWERCUT_SEED={SEED}: {cuts} cuts in {len(entries) - flushes} writes and {flushes} flushes, "
          f"{len(broken)} broken")
    assert not broken, f"POWERCUT_SEED={SEED}: {len(broken)} of {cuts} cuts:\n" + "\n".join(broken[:5])
    assert cuts >= 2000
    powercut.mount_some(boot, root_img, tmp_path, rng.sample(sample, MOUNTED), "ezfs")
