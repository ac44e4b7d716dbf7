# SPDX-License-Identifier: MIT
"""
Disks that fail, as QEMU's blkdebug makes them, that are too short, or write-protected: the error reaches the caller, the
log says which block, and the rest goes on. Each machine ends by power-off, so nothing hangs and nothing is held for ever.

The disks are EZFS in its three layouts, and ext2 with blocks smaller than a page.
"""

import json
import os
import re

import pytest

from teak import fsck, host_tool
from test_ext2 import debugfs, mke2fs, tool
from test_swap import meminfo

PAGE = 4096
SECTOR = 512
EIO = "Input/output error"
BAD = 10 * PAGE         # the page of /big that cannot be read or written
EXT2_ERRORS = "clean with errors"   # metadata could not be read: e2fsck is to look
TEXT = b"".join(b"%7d\n" % i for i in range(2 * 20 * PAGE // 16))


class Disk:
    """An image with something of everything, and where that is, by bytes: data, dir, and what the kinds have besides."""

    def __init__(self, folder, stage, kind):
        self.kind, self.image = kind, folder / f"{kind}.img"
        self.rules = []
        getattr(self, "_make_ext2" if kind == "ext2" else "_make_ezfs")(stage)

    def _make_ezfs(self, stage):
        host_tool("mkfs.ezfs", "-L", self.kind, "-s", 300, self.image, stage)
        self.type, self.block, self.super, self.inodes, self.map = "ezfs", PAGE, [0], [PAGE], 0
        self.data = self._ezfs_blocks("big")[BAD // PAGE] * PAGE
        self.dir = self._ezfs_blocks("dir")[0] * PAGE
        self.root_dir = 2 * PAGE
        indirect = re.search(r"\[(\d+)\] /tree$", self.listing(), re.M)
        self.indirect = int(indirect[1]) * PAGE if indirect else None

    def _ezfs_blocks(self, name):
        first, last = re.search(rf" (\d+)(?:-(\d+))?\S* /{name}$", self.listing(), re.M).groups()
        return range(int(first), int(last or first) + 1)

    def listing(self):
        return host_tool("fsck.ezfs", "-l", self.image).stdout

    def _make_ext2(self, stage):
        mke2fs(self.image, "2M", "-b", "1024", "-N", "64", folder=stage)
        dump = tool("dumpe2fs", self.image)
        number = {what: int(re.search(rf"{what} at (\d+)", dump)[1])
                  for what in ("Block bitmap", "Inode bitmap", "Inode table")}
        self.type, self.block, self.super = "ext2", 1024, [1024, 2048]
        table = 1024 * number["Inode table"]
        self.inodes = [table + 1024 * i for i in range(64 * 256 // 1024)]
        self.map, self.imap = 1024 * number["Block bitmap"], 1024 * number["Inode bitmap"]
        self.data = self._bmap("/big", BAD // 1024)
        self.dir, self.root_dir = self._bmap("/dir", 0), self._bmap("<2>", 0)
        self.indirect = 1024 * int(re.search(r"\(IND\):(\d+)", debugfs(self.image, "stat /tree"))[1])
        self.one_inode = 1024 * int(re.search(r"at block (\d+)", debugfs(self.image, "imap /many/f15"))[1])

    def _bmap(self, path, block):
        return 1024 * int(re.search(r"^(\d+)$", debugfs(self.image, f"bmap {path} {block}"), re.M)[1])

    def fail(self, iotype, *offsets, **more):
        """These bytes, or all if none are given, cannot be read, written, flushed."""
        self.rules += [{"event": "none", "errno": 5, "immediately": True, "iotype": iotype,
                        **({} if at is None else {"sector": at // SECTOR}), **more} for at in offsets or [None]]

    def check(self, state="clean"):
        if self.type == "ezfs":
            fsck(self.image)
        else:
            tool("e2fsck", "-fn", self.image)
            assert self.state() == state

    def state(self):
        return re.search(r"Filesystem state: +(.*)", tool("dumpe2fs", "-h", self.image))[1]


@pytest.fixture
def stage(tmp_path):
    """What is on the disks."""
    stage = tmp_path / "stage"
    for folder in ("dir", "many"):
        (stage / folder).mkdir(parents=True)
    for name in ("big", "same", "tree"):
        (stage / name).write_bytes(TEXT)
    (stage / "other").write_bytes(b"fine\n" * 2000)
    for i in range(16):     # ext2 has four inodes in a block
        (stage / "many" / f"f{i}").write_text("content\n")
    return stage


KINDS = "A", "B", "C", "ext2"


@pytest.fixture(params=KINDS)
def disk(request, tmp_path, stage):
    """Each by itself, in a machine of its own: of many errors in a row the log has the first."""
    return Disk(tmp_path, stage, request.param)


@pytest.fixture
def disks(tmp_path, stage):
    return [Disk(tmp_path, stage, kind) for kind in KINDS]


@pytest.fixture
def start(boot, root_img, tests_fs_img):
    """Boots with the disks as vdc and so on, each with its faults; the programs are in /tests."""

    def run(*disks):
        extra = []
        for i, disk in enumerate(disks):
            disk.dev = "vd" + "cdefgh"[i]
            node = {"driver": "blkdebug", "node-name": f"faulty{i}", **({"inject-error": disk.rules} if disk.rules else {}),
                    "image": {"driver": "raw", "file": {"driver": "file", "filename": str(disk.image)}}}
            extra += ["-blockdev", json.dumps(node),
                      "-device", f"virtio-blk-device,drive=faulty{i},bus=virtio-mmio-bus.{i + 2}"]
        teak = boot(disks=[root_img, tests_fs_img], append="loglevel=1", extra=extra)
        teak.check("mount -t ezfs /dev/vdb /tests")
        return teak

    return run


def mount(teak, disk):
    """Mounted on /mnt, the log empty, nothing in memory."""
    teak.check(f"echo 3 > /proc/sys/vm/drop_caches; dmesg -c > /dev/null; mount -t {disk.type} /dev/{disk.dev} /mnt")


def unmount(teak, *disks):
    teak.check("umount /mnt")


def fails(teak, command, error=EIO):
    result = teak.run(command)
    assert result.status != 0 and error in result.output, f"'{command}': {result}"


def log_names(teak, disk, offset=None, op=""):
    """The log tells the disk and the place (or any): as a block of a buffer, or as one of a row of sectors."""
    log = teak.check("dmesg")
    places = [(int(block) * disk.block, disk.block) for block in
              re.findall(rf"error on dev {disk.dev}, logical block (\d+), .*{op.lower()}", log)]
    places += [(int(sector) * SECTOR, int(count) * SECTOR) for sector, count in
               re.findall(rf"error, dev {disk.dev}, sector (\d+), (\d+) sectors, {op}", log)]
    assert any(offset is None or at <= offset < at + size for at, size in places), (
        f"{disk.kind}: nothing of {disk.dev}, byte {offset}, in the log:\n{log}")


def finish(teak):
    teak.check("umount /tests")
    teak.poweroff()


# Reading


def test_blocks_that_cannot_be_read(start, disk):
    """EIO for who wants that block; what is before and behind it, and other files, can be read."""
    disk.fail("read", disk.data, disk.dir, *([disk.indirect] if disk.indirect else []))
    if disk.type == "ext2":
        disk.fail("read", disk.one_inode)
    teak = start(disk)
    mount(teak, disk)
    fails(teak, "cat /mnt/big > /tmp/got")
    teak.check(f"wc -c < /tmp/got | grep {BAD}; head -c {BAD} /mnt/same | cmp - /tmp/got")
    log_names(teak, disk, disk.data)
    teak.check("cat /mnt/other | wc -l | grep 2000")
    fails(teak, f"dd if=/mnt/big of=/dev/null bs=4096 skip={BAD // PAGE} count=1")
    for name in ("big", "same"):
        teak.check(f"dd if=/mnt/{name} of=/tmp/{name} bs=4096 skip={BAD // PAGE + 1} status=none")
    teak.check("cmp /tmp/big /tmp/same")
    fails(teak, "ls /mnt/dir")
    log_names(teak, disk, disk.dir)
    fails(teak, "cat /mnt/dir/x")
    fails(teak, "touch /mnt/dir/x")
    fails(teak, "rmdir /mnt/dir")
    if disk.type == "ext2":
        fails(teak, "cat /mnt/many/f15")
        log_names(teak, disk, disk.one_inode)
        teak.check("cat /mnt/many/f1")
    if disk.indirect:
        fails(teak, "cat /mnt/tree > /tmp/got")
        teak.check("head -c $(wc -c < /tmp/got) /mnt/same | cmp - /tmp/got")
        log_names(teak, disk, disk.indirect)
    teak.check("echo x > /mnt/new; rm /mnt/big; sync; umount /mnt")
    finish(teak)
    disk.check(EXT2_ERRORS)


def test_errors_that_come_once(start, disks):
    """The next try has the data."""
    for disk in disks:
        disk.fail("read", disk.data, disk.dir, once=True)
    teak = start(*disks)
    for disk in disks:
        mount(teak, disk)
        teak.run("cat /mnt/big > /tmp/one; ls /mnt/dir")
        teak.check("cmp /mnt/big /mnt/same; ls /mnt/dir")
        log_names(teak, disk, disk.data)
        unmount(teak)
    finish(teak)
    for disk in disks:
        disk.check(EXT2_ERRORS)


def test_disks_that_cannot_be_mounted(start, tmp_path, stage):
    """Their superblock, descriptors, or root cannot be read, or the superblock cannot be written: the mount says EIO."""
    disks = []
    for kind, faults in (("B", ("super", "inodes")), ("ext2", ("super", "inodes"))):
        for fault in faults:
            (tmp_path / fault).mkdir(exist_ok=True)
            disks.append(disk := Disk(tmp_path / fault, stage, kind))
            disk.fault = getattr(disk, fault)[-1 if fault == "super" else 0]
            disk.fail("read", disk.fault)
    disks.append(disk := Disk(tmp_path, stage, "ext2"))
    disk.fault = disk.super[0]
    disk.fail("write", disk.fault)
    teak = start(*disks)
    for disk in disks:
        teak.check("dmesg -c > /dev/null")
        fails(teak, f"mount -t {disk.type} /dev/{disk.dev} /mnt")
        log_names(teak, disk, disk.fault)
        assert re.search(rf"{disk.type}.*\({disk.dev}\)", teak.check("dmesg"), re.I) or disk.rules[0]["iotype"] == "write"
    teak.check("mount -t ext2 -o ro /dev/" + disks[-1].dev + " /mnt; cat /mnt/other | wc -l | grep 2000; umount /mnt")
    finish(teak)


def test_bitmaps_that_cannot_be_read(start, tmp_path, stage):
    """Nothing new can be made, what is there can be read and overwritten."""
    disks = []
    for name in ("map", "imap"):
        (tmp_path / name).mkdir()
        disks.append(disk := Disk(tmp_path / name, stage, "ext2"))
        disk.fail("read", getattr(disk, name))
    teak = start(*disks)
    for disk, command in zip(disks, ("echo more >> /mnt/many/f1; dd if=/dev/zero of=/mnt/many/f2 bs=4k count=9", "touch /mnt/new")):
        mount(teak, disk)
        fails(teak, command)
        log_names(teak, disk, disk.rules[0]["sector"] * SECTOR)
        teak.check("cat /mnt/big | wc -c; printf new | dd of=/mnt/big bs=1 conv=notrunc,fsync; head -c 3 /mnt/big | grep new")
        unmount(teak)
    finish(teak)


# Writing


def test_data_that_cannot_be_written(start, disk):
    """fsync says so once to each open file; other files are written; no frame is lost; the unmount ends."""
    disk.fail("write", disk.data)
    teak = start(disk)
    before = meminfo(teak)
    mount(teak, disk)
    teak.run_tap(f"/tests/diskfault data /mnt/big {BAD} /mnt/other")
    log_names(teak, disk, disk.data, "WRITE")
    teak.check("dmesg -c > /dev/null")
    teak.check(f"printf new | dd of=/mnt/big bs=1 seek={BAD} conv=notrunc; printf kept | dd of=/mnt/other bs=1 conv=notrunc")
    unmount(teak)
    log_names(teak, disk, disk.data, "WRITE")
    nothing_is_left(teak, before)
    mount(teak, disk)
    teak.check("head -c 4 /mnt/other | grep kept")
    unmount(teak)
    finish(teak)
    disk.check()


def nothing_is_left(teak, before):
    after = meminfo(teak)
    assert after["Dirty"] == after["Writeback"] == 0, after
    assert after["MemFree"] > before["MemFree"] - 4096, f"{before}\n{after}"


@pytest.mark.parametrize("what", ["inodes", "map", "root_dir"])
def test_metadata_that_cannot_be_written(start, disk, what):
    """fsync of a new file says so; reading goes on, other changes are made in memory, sync and unmount end."""
    places = getattr(disk, what)
    disk.fail("write", *(places if what == "inodes" else [places]))
    place = None if what == "inodes" else places
    teak = start(disk)
    before = meminfo(teak)
    mount(teak, disk)
    if what == "map" and disk.type == "ext2":
        # As on Linux: bitmaps are no file's, e2fsck makes them anew.
        teak.check("echo hello > /mnt/new; sync; cat /mnt/new | grep hello")
    else:
        teak.run_tap("/tests/diskfault meta /mnt")
    log_names(teak, disk, place, "WRITE")
    teak.check("cmp /mnt/big /mnt/same; echo two > /mnt/more; cat /mnt/more | grep two; rm /mnt/more; mkdir /mnt/folder")
    teak.check("dmesg -c > /dev/null; umount /mnt")
    log_names(teak, disk, place, "WRITE")       # unmount has tried again
    nothing_is_left(teak, before)
    finish(teak)
    if disk.type == "ext2":
        assert disk.state() != "clean", "what was not written is left to e2fsck"


def test_caches_that_cannot_be_flushed(start, disks):
    """fsync says EIO as long as it is so. ext2 is not mounted for writing."""
    for disk in disks:
        disk.fail("flush")
    teak = start(*disks)
    for disk in disks[:-1]:
        mount(teak, disk)
        teak.run_tap("/tests/diskfault flush /mnt/other")
        unmount(teak)
    fails(teak, f"mount -t ext2 /dev/{disks[-1].dev} /mnt")
    finish(teak)


# Shorter than the file system; write-protected


def test_disks_that_are_too_short(start, disks):
    """Refused in words; a disk of layout A does not know how long it was, so a file at its end is what is wrong."""
    for disk in disks:
        size = disk.image.stat().st_size - disk.block
        os.truncate(disk.image, size if disk.kind != "A" else disk.data)
    teak = start(*disks)
    mount(teak, disks[0])
    fails(teak, "cat /mnt/big", "Structure needs cleaning")
    teak.check("cat /mnt/many/f1")
    unmount(teak)
    for disk in disks[1:]:
        teak.check("dmesg -c > /dev/null")
        assert teak.run(f"mount -t {disk.type} /dev/{disk.dev} /mnt").status != 0
        blocks = (disk.image.stat().st_size + disk.block) // disk.block
        assert f"the filesystem has {blocks} blocks, but the device only {blocks - 1}" in teak.check("dmesg")
    finish(teak)


def test_disks_that_are_write_protected(boot, root_img, disks):
    """mount(2) says EACCES, upon which mount(8) mounts them read-only, as on Linux; nothing of them changes."""
    before = [disk.image.read_bytes() for disk in disks]
    teak = boot(disks=[root_img], ro_disks=[disk.image for disk in disks], append="loglevel=5")
    for disk, letter in zip(disks, "bcde"):
        out = teak.check(f"mount -t {disk.type} /dev/vd{letter} /mnt")
        assert "write-protected" in out
        teak.check("cat /mnt/other | wc -l | grep 2000; ls /mnt/dir")
        for command in ("touch /mnt/new", "rm /mnt/big", "echo > /mnt/big", "mkdir /mnt/x", "mount -o remount,rw /mnt"):
            assert teak.run(command).status != 0
        fails(teak, "echo x > /mnt/new", "Read-only file system")
        assert re.search(rf"/dev/vd{letter} on /mnt type {disk.type} \(ro", teak.check("mount"))
        unmount(teak)
        teak.check(f"mount -o ro -t {disk.type} /dev/vd{letter} /mnt; umount /mnt")
        fails(teak, f"echo x > /dev/vd{letter}", "Operation not permitted")
    teak.check("sync")
    teak.poweroff()
    assert before == [disk.image.read_bytes() for disk in disks]
