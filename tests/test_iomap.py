# SPDX-License-Identifier: MIT
"""
Files in extents: iomap, used by a module that is built outside of the tree, tests/modules/runfs, with blocks smaller
than a page and as large. The host makes the disks and reads them.
"""

import json
import os
import pathlib
import random
import re
import shutil
import struct

import pytest

import tap
from teak import BUILD, TOP
from test_modules import build, disk as module_disk

PAGE = 4096
MIB = 1 << 20
DATA = 1 * MIB              # where the first file begins
STALE = b"\xaa"             # what the disk has where nothing was written
SEED = int(os.environ.get("TEAK_SEED", "1"))
BLOCK_BITS = [9, 10, 12]


def make_disk(path, block_bits, files):
    """A disk with these files, name: bytes of its run; and nothing in them."""
    head, at = b"", DATA
    for name, capacity in files.items():
        head += struct.pack("<32sQQQQ", name.encode(), at, capacity, 0, 0)
        at += capacity
    head = struct.pack("<II56x", 0x534e5552, block_bits) + head
    path.write_bytes(head.ljust(DATA, b"\0") + STALE * (at - DATA))
    return path


def read_file(path, name):
    """A file's bytes, as the disk has them; none that were not written; zeros behind the end in its last block."""
    image = path.read_bytes()
    bits = struct.unpack_from("<I", image, 4)[0]
    for i in range(63):
        entry = struct.unpack_from("<32sQQQQ", image, 64 + 64 * i)
        if entry[0].rstrip(b"\0").decode() == name:
            break
    else:
        raise KeyError(name)
    start, capacity, size = entry[1:4]
    blocks = []
    for block in range(start >> bits, start + min(capacity, -(-size >> bits << bits)) >> bits):
        written = image[PAGE + block // 8] >> block % 8 & 1
        blocks.append(image[block << bits:block + 1 << bits] if written else bytes(1 << bits))
    data = b"".join(blocks)
    last = min(start + -(-size >> bits << bits), start + capacity)
    for block in range(last >> bits, start + capacity >> bits):
        assert not image[PAGE + block // 8] >> block % 8 & 1, f"{name}: block {block} is behind the end, and written"
    assert not data[size:].strip(b"\0"), f"{name}: {data[size:size + 20]} behind the end"
    return data[:size].ljust(size, b"\0")


def put_file(path, name, data):
    """Writes a file's bytes to the disk."""
    image = bytearray(path.read_bytes())
    bits = struct.unpack_from("<I", image, 4)[0]
    at = next(64 + 64 * i for i in range(63) if image[64 + 64 * i:PAGE].startswith(name.encode() + b"\0"))
    start = struct.unpack_from("<Q", image, at + 32)[0]
    struct.pack_into("<Q", image, at + 48, len(data))
    whole = -(-len(data) >> bits << bits)
    image[start:start + whole] = data.ljust(whole, b"\0")
    for block in range(start >> bits, start + whole >> bits):
        image[PAGE + block // 8] |= 1 << block % 8
    path.write_bytes(image)


def fnv(data):
    total = 0xcbf29ce484222325
    for byte in data:
        total = (total ^ byte) * 0x100000001b3 & (1 << 64) - 1
    return total


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """A disk with runfs.ko."""
    tmp = tmp_path_factory.mktemp("runfs")
    shutil.copytree(os.path.join(TOP, "tests", "modules", "runfs"), tmp / "runfs")
    done = build(tmp / "runfs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stderr, done.stderr
    return module_disk(tmp, tmp / "runfs" / "runfs.ko")


INSMOD = "insmod /mnt/runfs.ko; mkdir /r"


@pytest.fixture
def start(boot, root_img, tests_fs_img, modules):
    """A function that boots with these disks of runfs from vdd on; vdc has the programs."""
    def go(*disks, **options):
        teak = boot(disks=[root_img, modules, tests_fs_img, *disks], **options)
        teak.check(f"mount -t ezfs /dev/vdb /mnt; mkdir /p; mount -t ezfs /dev/vdc /p; {INSMOD}")
        return teak
    return go


def off(teak):
    teak.check("cd /; umount /r; rmmod runfs")
    teak.poweroff()


@pytest.mark.parametrize("bits", BLOCK_BITS)
def test_a_file_and_a_model_of_it(start, tmp_path, bits):
    """All operations at random, write-back and truncation at once; then as the host reads it."""
    image = make_disk(tmp_path / "r.img", bits, {"other": 8192, "f": 256 * 1024, "next": 8192})
    teak = start(image, smp=2)
    teak.check("mount -t runfs /dev/vdd /r; cat /r/f")
    result = teak.run(f"/p/fileops /r/f {SEED} 800 200000")
    tap.check(result.output, what="fileops")
    size, total = re.search(r"size (\d+) sum (\w+)", result.output).groups()
    copy = "cp /r/f /tmp/copy; umount /r; mount -t runfs /dev/vdd /r; cmp /r/f /tmp/copy"
    teak.check(copy)
    off(teak)
    data = read_file(image, "f")
    assert (len(data), f"{fnv(data):016x}") == (int(size), total)
    assert read_file(image, "other") == read_file(image, "next") == b""


def test_gaps_ends_and_full_runs(start, tmp_path):
    """By hand what the model does by chance, on disks that are full of something else."""
    images = [make_disk(tmp_path / f"{bits}.img", bits, {"f": 40960, "g": 40960}) for bits in BLOCK_BITS]
    teak = start(*images)
    check = teak.check
    resize = "dd if=/dev/null of={} bs=1 seek={} status=none"
    want = b"head".ljust(5000, b"\0") + b"mid".ljust(15000, b"\0") + b"tail"
    for dev in "def":
        check(f"mount -t runfs /dev/vd{dev} /r; cd /r; printf head > f")
        check("printf mid | dd of=f bs=1 seek=5000 conv=notrunc; printf tail | dd of=f bs=1 seek=20000 conv=notrunc; "
              "cp f /tmp/f; sync; echo 3 > /proc/sys/vm/drop_caches; cmp f /tmp/f")
        # Down to the middle of a block, up again; nothing of before is there. Then as it was.
        check(f"{resize.format('f', 20001)}; {resize.format('f', 30000)}; {resize.format('f', 20001)}; "
              "printf ail >> f; cmp f /tmp/f")
        check(f"{resize.format('f', 20001)}; sync; {resize.format('f', 30000)}; sync; "
              f"echo 3 > /proc/sys/vm/drop_caches; {resize.format('f', 20001)}; printf ail >> f; cmp f /tmp/f")
        # A write behind the run, over a gap: nothing of the file changes.
        check("printf 123 > g; sync g")
        done = teak.run("printf x | dd of=g bs=1 seek=45000 conv=notrunc")
        assert "No space left" in done.output and check("stat -c %s g; cat g") == "3\n123", done.output
        # A run that is full: what fits is written, the rest is an error; behind it are zeros, that stay.
        done = teak.run("dd if=/bin/sh of=g bs=16384")
        assert done.status and "No space left" in done.output, done.output
        assert check("stat -c %s g") == "40960\n"
        assert "No space left" in teak.run("echo more >> g").output
        check(f"dd if=/bin/sh of=/tmp/g bs=8192 count=5 status=none; cmp g /tmp/g; {resize.format('g', 50000)}; "
              f"{resize.format('/tmp/g', 50000)}; cmp g /tmp/g")
        assert "No space left" in teak.run("echo more >> g").output
        check(f"{resize.format('g', 40959)}; {resize.format('g', 40960)}; cd /; umount /r")
    check("mount -t runfs /dev/vdd /r")
    off(teak)
    sh = (pathlib.Path(BUILD) / "root/bin/sh").read_bytes()
    for image in images:
        assert read_file(image, "f") == want
        assert read_file(image, "g") == sh[:40959] + b"\0"


@pytest.mark.parametrize("bits", [9, 12])
def test_fdatasync_is_on_the_disk(start, tmp_path, bits):
    """Also the length: its time need not be, and the inode is not written for that."""
    image = make_disk(tmp_path / "r.img", bits, {"f": 65536})
    teak = start(image)
    teak.check("mount -t runfs /dev/vdd /r; printf 12345 > /r/f; sync; printf 67890 > /tmp/f; "
               "dd if=/tmp/f of=/r/f oflag=append conv=notrunc,fdatasync")
    teak.kill()
    assert read_file(image, "f") == b"1234567890"


@pytest.mark.parametrize("bits", [10, 12])
def test_a_file_larger_than_memory(start, tmp_path, bits):
    """Write-back under pressure, in requests of many pages; and blocks of other files stay as they are."""
    size = 24 * MIB + 777
    image = make_disk(tmp_path / "r.img", bits, {"out": 25 * MIB, "in": 25 * MIB})
    data = random.Random(SEED).randbytes(1 << 16) * (size // (1 << 16) + 1)
    data = b"".join(struct.pack("<Q", i) + data[i + 8:i + PAGE] for i in range(0, size, PAGE))[:size]
    put_file(image, "in", data)
    teak = start(image, mem="32M")
    teak.check("mount -t runfs /dev/vdd /r")
    before = disk_figures(teak)
    teak.check("cp /r/in /r/out; umount /r")
    reads, read_sectors, writes, written_sectors = (b - a for a, b in zip(before, disk_figures(teak)))
    print(f"{reads} reads of {read_sectors} sectors, {writes} writes of {written_sectors}")
    assert read_sectors < 1.2 * size / 512 and read_sectors / reads >= 64, "read-ahead: 128 KiB at once"
    assert written_sectors < 1.2 * size / 512 and written_sectors / writes >= 64
    teak.check("mount -t runfs /dev/vdd /r; cmp /r/in /r/out")
    off(teak)
    assert read_file(image, "out") == data and read_file(image, "in") == data


def disk_figures(teak):
    """Reads, sectors read, writes, sectors written of the disk under test."""
    fields = teak.check("grep vdd /proc/diskstats").split()
    return [int(fields[i]) for i in (3, 5, 7, 9)]


@pytest.mark.parametrize("bits", [9, 12])
def test_disk_errors(start, tmp_path, bits):
    """fsync says that a write was lost, once; what was written before is there. What cannot be read is EIO."""
    image = make_disk(tmp_path / "r.img", bits, {"f": 65536, "g": 65536})
    put_file(image, "g", b"g" * 65536)
    bad_write, bad_read = DATA + 5 * PAGE, DATA + 65536 + 5 * PAGE
    disk = {"driver": "blkdebug", "node-name": "faulty",
            "inject-error": [{"event": "none", "errno": 5, "immediately": True, "iotype": kind, "sector": at // 512}
                             for kind, at in (("write", bad_write), ("read", bad_read))],
            "image": {"driver": "raw", "file": {"driver": "file", "filename": str(image)}}}
    teak = start(append="loglevel=3", extra=["-blockdev", json.dumps(disk), "-device",
                                             "virtio-blk-device,drive=faulty,bus=virtio-mmio-bus.3"])
    teak.check("mount -t runfs /dev/vdd /r; yes 1234567 | dd of=/tmp/f bs=4096 count=16 iflag=fullblock status=none")
    teak.check("dd if=/tmp/f of=/r/f bs=4096 count=4 conv=fsync")
    done = teak.run("dd if=/tmp/f of=/r/f bs=65536 conv=notrunc,fsync")
    assert done.status and "Input/output error" in done.output, done.output
    assert re.search(r"vdd: writeback error on inode 2, offset \d+, sector \d+", teak.check("dmesg -c"))
    # In memory it is still there. Nobody has to hear of it again who opens it now.
    teak.check("cmp /r/f /tmp/f; sync /r/f")
    # What cannot be read: an error to who wants it, and the rest.
    done = teak.run("cat /r/g > /tmp/g")
    assert done.status and "Input/output error" in done.output, done.output
    # Written to in part: it must be read first. A block as a whole need not, nor to be read again.
    if bits == 9:
        teak.check(f"dd if=/tmp/f of=/r/g bs=512 count=1 seek={5 * 8 + 1} conv=notrunc; "
                   f"dd if=/r/g of=/tmp/h bs=512 count=1 skip={5 * 8 + 1}; dd if=/tmp/f of=/tmp/i bs=512 count=1; cmp /tmp/h /tmp/i")
        assert "Input/output error" in teak.run(f"dd if=/r/g of=/tmp/h bs=512 count=1 skip={5 * 8}").output
    assert "Input/output error" in teak.run(f"printf x | dd of=/r/g bs=1 seek={5 * PAGE} conv=notrunc").output
    teak.check("dd if=/tmp/f of=/r/g bs=4096 count=1 seek=5 conv=notrunc,fsync")
    teak.check("cd /; umount /r; rmmod runfs")
    teak.poweroff()
    want = b"1234567\n" * 8192
    got = read_file(image, "f")
    assert len(got) == 65536 and got != want and got[:4 * PAGE] == want[:4 * PAGE]
    assert read_file(image, "g") == b"g" * (5 * PAGE) + want[:PAGE] + b"g" * (10 * PAGE)


MISTAKES = {1: ("Input/output error", ""), 2: ("Input/output error", "asked for byte 0"), 3: ("Input/output error", "length 0"), 4: ("Input/output error", "address"),
            5: ("Operation not supported", "are not known here"), 6: ("Input/output error", "type 0")}


def test_what_iomap_does_not_believe(start, tmp_path):
    """A filesystem's mistakes become errors, and a line in the log: no harm, no loop."""
    image = make_disk(tmp_path / "r.img", 12, {"f": 65536})
    put_file(image, "f", b"f" * 20000)
    teak = start(image)
    for wrong, (error, said) in MISTAKES.items():
        teak.check(f"rmmod runfs; insmod /mnt/runfs.ko wrong={wrong}; mount -t runfs /dev/vdd /r; dmesg -c > /tmp/x")
        done = teak.run("cat /r/f > /tmp/f; wc -c /tmp/f")
        assert ("Input/output error" in done.output) == (wrong != 6), done.output   # whatever it was: the page is not there
        done = teak.run("echo new >> /r/f")
        assert (error if wrong > 1 else "Structure needs cleaning") in done.output, done.output
        assert said in teak.check("dmesg -c")
        teak.check("umount /r")
    teak.check("rmmod runfs; insmod /mnt/runfs.ko; mount -t runfs /dev/vdd /r")
    off(teak)
    assert read_file(image, "f") == b"f" * 20000


def test_swap_on_such_a_file(start, tmp_path):
    """swapon asks by ->bmap() where the file is."""
    image = make_disk(tmp_path / "r.img", 10, {"swap": 2 * MIB, "f": 65536})
    teak = start(image)
    teak.check("mount -t runfs /dev/vdd /r; dd if=/dev/zero of=/r/swap bs=65536 count=32 status=none")
    teak.check("mkswap /r/swap; swapon /r/swap; grep -q swap /proc/swaps; swapoff /r/swap")
    teak.check("dd if=/dev/null of=/r/swap bs=4096 seek=100 status=none")
    teak.check("dd if=/dev/null of=/r/swap bs=4096 seek=512 status=none")     # with holes now
    assert teak.run("swapon /r/swap").status
    off(teak)
