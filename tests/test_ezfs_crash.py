# SPDX-License-Identifier: MIT
"""
Power cuts while contiguous files move (layouts A and C). QEMU logs every write and flush that the disk gets
(its blklogwrites filter); the test makes of the log the disks that a cut could leave: all that was flushed,
and of what was written after the last flush any part. In each the file has all the bytes that
it had at the last flush, and no other file's.

EZFS_SEED chooses the dice.
"""
import random
import shutil
import struct

import pytest

from ezfs_image import BS, SEED, Image, built, run
from teak import host_tool

BLOCKS = 120
FLUSH, DISCARD, MARK = 1, 4, 8
DEVICE = "/dev/vdb"


def read_log(path):
    """[("write", byte, data) or ("flush",)] of a log in dm-log-writes' format."""
    data = path.read_bytes()
    magic, version, entries, size = struct.unpack_from("<QQQI", data)
    assert magic == 0x6a736677736872 and version == 1, "not a log of writes"
    out, at = [], size
    for _ in range(entries):
        sector, sectors, flags, _ = struct.unpack_from("<QQQQ", data, at)
        at += size
        if flags & FLUSH:
            out.append(("flush",))
        if sectors and not flags & (DISCARD | MARK):
            out.append(("write", sector * size, data[at:at + sectors * size]))
            at += sectors * size
    return out


def apply(disk, writes):
    for _, at, data in writes:
        disk[at:at + len(data)] = data


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
    log.touch()
    start = image.read_bytes()
    nodes = [f"driver=file,node-name=disk,filename={image}", f"driver=file,node-name=logfile,filename={log}",
             "driver=blklogwrites,node-name=logged,file=disk,log=logfile"]
    extra = [word for node in nodes for word in ("-blockdev", node)]
    teak = boot(disks=[root_img], extra=extra + ["-device", "virtio-blk-device,drive=logged,bus=virtio-mmio-bus.1"])
    teak.check(f"mount -t ezfs {DEVICE} /mnt; cd /mnt; "
               "other() { yes other | head -c $((4096 * $2)) > $1; }; more() { yes mine | head -c 4096 >> a; sync $1; }")
    teak.check("yes mine | head -c 12288 > a; sync")			# in 4-6
    teak.check("other x1 1; more a")					# 7 is taken: to 8-11
    teak.check("other x2 3; other x3 1; sync; more; rm x3")		# 4-6, 12 are taken: to 13-17
    teak.check("other x4 5; other x5 1; more a")			# 8-12, 18 are taken: to 19-24
    teak.check("other x6 5; other x7 1; rm x4 x5; more a")		# 13-17, 25 are taken, but 18 is free: to 18-24
    teak.check("cd /; umount /mnt")
    teak.poweroff()

    pattern = (b"mine\n" * BS)[:3 * BS] + (b"mine\n" * BS)[:BS] * 4
    assert file_on(layout, image.read_bytes(), "a") == pattern
    dice, entries = random.Random(SEED), read_log(log)
    safe, pending, had, places, cuts = bytearray(start), [], 0, set(), 0
    for entry in entries:
        if entry[0] == "write":
            pending.append(entry)
        subsets = [pending] if entry[0] == "write" else \
            [[w for w in pending if dice.random() < p] for p in (0.1, 0.3, 0.5, 0.7, 0.9)]
        for subset in subsets:
            disk = bytearray(safe)
            apply(disk, subset)
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
        if entry[0] == "flush":
            apply(safe, pending)
            pending = []
            now = file_on(layout, safe, "a") or b""
            assert now == pattern[:len(now)], "after a flush all of the file is right"
            assert len(now) >= had
            had = len(now)
            img = Image(layout, safe)
            places |= {img.inode(no, "block") for _, no, name in img.entries(1) if name == b"a"}
    places -= {2**64 - 1, 0}
    assert places == {4, 8, 13, 19, 26, 18}, "the file was elsewhere; 26 is on the way to 18"
    assert had == len(pattern)
    print(f"{cuts} cuts, {len(entries)} writes and flushes, the file was in {len(places)} places")
