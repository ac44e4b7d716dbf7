# SPDX-License-Identifier: MIT
"""
Power cuts while contiguous files move (layouts A and C). QEMU logs every write and flush that the disk gets
(its blklogwrites filter, blklog.py); the test makes of the log the disks that a cut could leave: all that was flushed,
and of what was written after the last flush any part. In each the file has all the bytes that
it had at the last flush, and no other file's.

EZFS_SEED chooses the dice.
"""
import random

import pytest

import blklog
from ezfs_image import BS, SEED, Image, built, run
from teak import host_tool

BLOCKS = 120
DEVICE = "/dev/vdb"


def file_on(layout, disk, path):
    img = Image(layout, disk)
    name = path.encode()
    for _, no, found in img.entries(1):
        if found == name:
            return img.read(no)
    return None


@pytest.mark.parametrize("layout", "AC")
def test_a_cut_in_a_move(boot, root_img, tmp_path, layout):
    image, log = tmp_path / "disk", tmp_path / "log"
    host_tool("mkfs.ezfs", "-L", layout, "-s", BLOCKS, image)
    start = image.read_bytes()
    teak = boot(disks=[root_img], extra=blklog.logged_disk(image, log, 1))
    teak.check(f"mount -t ezfs {DEVICE} /mnt; cd /mnt; "
               "other() { yes other | head -c $((4096 * $2)) > $1; }; more() { yes mine | head -c 4096 >> a; sync $1; }")
    teak.check("yes mine | head -c 12288 > a; sync")			# in 4-6
    teak.check("other x1 1; more a")					# 7 is taken: to 8-11
    teak.check("other x2 3; other x3 1; sync; more; rm x3; sync")	# 4-6, 12 are taken: to 13-17
    teak.check("other x4 5; other x5 1; more a")			# 8-12, 18 are taken: to 19-24
    teak.check("other x6 5; other x7 1; rm x4 x5; sync; more a")	# 13-17, 25 are taken, but 18 is free: to 18-24
    teak.check("cd /; umount /mnt")
    teak.poweroff()

    pattern = (b"mine\n" * BS)[:3 * BS] + (b"mine\n" * BS)[:BS] * 4
    assert file_on(layout, image.read_bytes(), "a") == pattern
    dice, entries = random.Random(SEED), blklog.read_log(log)
    platter, had, places, cuts = blklog.Platter(start), 0, set(), 0
    for entry in entries:
        if entry is None:
            cuts_now = [platter.with_writes([w for w in platter.cache if dice.random() < p])
                        for p in (0.1, 0.3, 0.5, 0.7, 0.9)]
        platter.take(entry)
        if entry is not None:
            cuts_now = [platter.with_writes(platter.cache)]
        for disk in cuts_now:
            now = file_on(layout, disk, "a") or b""
            cuts += 1
            assert now[:had] == pattern[:had], (
                f"EZFS_SEED={SEED}: at cut {cuts} of layout {layout} bytes of the file are lost that were "
                f"there at the last flush ({had})")
            assert b"other" not in now
            if cuts % 40 == 0:
                (tmp_path / "cut").write_bytes(disk)
                status, out, err = run("fsck.ezfs", "-y", tmp_path / "cut")
                assert status in (0, 1) and not err, (out, err)
                assert run("fsck.ezfs", "-n", tmp_path / "cut")[0] == 0
        if entry is None:
            now = file_on(layout, platter.image, "a") or b""
            assert now == pattern[:len(now)], "after a flush all of the file is right"
            assert len(now) >= had
            had = len(now)
            img = Image(layout, platter.image)
            places |= {img.inode(no, "block") for _, no, name in img.entries(1) if name == b"a"}
    places -= {2**64 - 1, 0}
    assert places == {4, 8, 13, 19, 26, 18}, "the file was elsewhere; 26 is on the way to 18"
    assert had == len(pattern)
    print(f"{cuts} cuts, {len(entries)} writes and flushes, the file was in {len(places)} places")
