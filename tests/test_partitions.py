# SPDX-License-Identifier: MIT
"""
Partition tables: those that sfdisk makes, broken ones, ones on loop devices, and a root filesystem on a partition.
"""

import random
import re
import shutil
import struct
import subprocess

import pytest

from teak import host_tool
from test_debian import package

SECTOR = 512
MIB = 2048              # sectors


def sfdisk(image, script, size_mib=32):
    with open(image, "wb") as f:
        f.truncate(size_mib << 20)
    subprocess.run(["/sbin/sfdisk", "-q", str(image)], input=script, text=True, check=True)
    return image


def partitions(teak, disk):
    """What /proc/partitions has of a disk's partitions: {name: (major, minor, KiB)}."""
    lines = re.findall(rf"^ *(\d+) +(\d+) +(\d+) ({disk}p?\d+)$", teak.check("cat /proc/partitions"), re.M)
    return {name: (int(major), int(minor), int(size)) for major, minor, size, name in lines}


def write_sector(image, sector, data, offset=0):
    with open(image, "r+b") as f:
        f.seek(sector * SECTOR + offset)
        f.write(data)


def table(*entries):
    """The last bytes of a sector with a table of the PC: (type, start, size) each."""
    rows = b"".join(struct.pack("<B3xB3xII", 0, kind, start, size) for kind, start, size in entries)
    return rows.ljust(64, b"\0") + b"\x55\xaa"


def write_table(image, sector, *entries):
    write_sector(image, sector, table(*entries), 0x1be)


LOGICAL = """\
label: dos
label-id: 0x12345678
start=2048, size=4096, type=83
start=8192, size=40960, type=5
start=10240, size=2048, type=83
start=14336, size=4096, type=83
"""
GPT = """\
label: gpt
start=2048, size=4096, uuid=11111111-2222-3333-4444-555566667777
start=8192, size=8192, uuid=AAAAAAAA-BBBB-CCCC-DDDD-EEEEFFFF0000
"""


def test_what_sfdisk_makes(boot, root_img, tmp_path):
    dos = sfdisk(tmp_path / "dos.img", LOGICAL)
    gpt = sfdisk(tmp_path / "gpt.img", GPT)
    write_sector(dos, 14336 + 5, b"here is the second logical one")
    teak = boot(disks=[root_img, dos, gpt])
    assert partitions(teak, "vda") == {}
    assert partitions(teak, "vdb") == {"vdb1": (254, 17, 2048), "vdb2": (254, 18, 1), "vdb5": (254, 21, 1024),
                                       "vdb6": (254, 22, 2048)}
    assert partitions(teak, "vdc") == {"vdc1": (254, 33, 2048), "vdc2": (254, 34, 4096)}
    assert re.search(r"^b.* 254, +22 .* /dev/vdb6$", teak.check("ls -l /dev/vdb6"), re.M)
    assert "second logical" in teak.check("dd if=/dev/vdb6 bs=512 skip=5 count=1")
    sys = "/sys/block/vdb"
    assert teak.check(f"cat {sys}/size {sys}/dev {sys}/ro {sys}/queue/logical_block_size") == "65536\n254:16\n0\n512\n"
    assert teak.check(f"cat {sys}/vdb6/start {sys}/vdb6/partition {sys}/vdb6/size") == "14336\n6\n4096\n"
    assert teak.check("cat /sys/class/block/vdb6/dev /sys/dev/block/254:22/dev") == "254:22\n254:22\n"
    # Bounds: what is written goes where it belongs, and not beyond.
    teak.check("dd if=/dev/zero of=/dev/vdb5 bs=512 seek=2047 count=1")
    result = teak.run("dd if=/dev/zero of=/dev/vdb5 bs=512 seek=2048 count=1")
    assert result.status != 0 and "space" in result.output
    teak.check("echo mark | dd of=/dev/vdb6 && sync")
    teak.poweroff()
    assert dos.read_bytes()[14336 * SECTOR:][:5] == b"mark\n"


def test_the_second_gpt_counts_when_the_first_is_damaged(boot, root_img, tmp_path):
    header = sfdisk(tmp_path / "header.img", GPT)
    entries = sfdisk(tmp_path / "entries.img", GPT)
    both = sfdisk(tmp_path / "both.img", GPT)
    write_sector(header, 1, b"?", 40)
    write_sector(entries, 2, b"?", 57)
    write_sector(both, 1, b"?", 16)
    write_sector(both, (32 << 11) - 1, b"?", 16)
    teak = boot(disks=[root_img, header, entries, both])
    log = teak.check("dmesg")
    for disk in ("vdb", "vdc"):
        assert sorted(partitions(teak, disk)) == [f"{disk}1", f"{disk}2"]
        assert f"{disk}: using the GPT at the end of the disk" in log
    assert partitions(teak, "vdd") == {}
    assert "vdd: the GPT header in block 65535 has a wrong checksum" in log
    teak.poweroff()


def test_broken_tables_do_no_harm(boot, root_img, tmp_path):
    disks = [tmp_path / f"{n}.img" for n in range(6)]
    ring, own, beyond, empty, noise, endless = disks
    for disk in disks:
        with open(disk, "wb") as f:
            f.truncate(8 << 20)
    # Extended partitions that lead back to the first.
    write_table(ring, 0, (0x83, 100, 50), (5, 1000, 5000))
    write_table(ring, 1000, (0x83, 10, 10), (5, 1000, 100))
    write_table(ring, 2000, (0x83, 10, 10), (5, 0, 100))
    # A table that links to itself, with nothing in it.
    write_table(own, 0, (5, 1000, 5000))
    write_table(own, 1000, (5, 0, 100))
    # Sizes and starts beyond the end.
    write_table(beyond, 0, (0x83, 100, 0xffffffff), (0x83, 0xfffffff0, 0xffffffff), (5, 0xfffffff0, 100),
                (5, 16380, 0xffffffff))
    write_table(empty, 0)
    noise.write_bytes(random.Random(1).randbytes(8 << 20))
    write_sector(noise, 0, b"\x55\xaa", 510)
    # More logical partitions than there are numbers.
    write_table(endless, 0, (5, 1, 16000))
    for n in range(300):
        write_table(endless, 1 + n * 4, (0x83, 1, 2), (5, (n + 1) * 4, 4))
    teak = boot(disks=[root_img, *disks])
    log = teak.check("dmesg")
    assert sorted(partitions(teak, "vdb")) == ["vdb1", "vdb2", "vdb5", "vdb6"]
    assert "vdb: the extended partitions go in a ring at sector 1000" in log
    assert sorted(partitions(teak, "vdc")) == ["vdc1"]
    assert "vdc: 100 empty tables" in log
    assert partitions(teak, "vdd")["vdd1"] == (254, 49, (16384 - 100) // 2)
    assert "vdd: p2 starts at sector 4294967280, beyond the end" in log
    assert partitions(teak, "vde") == {} == partitions(teak, "vdf")
    found = partitions(teak, "vdg")
    assert len(found) == 252 and found["vdg15"][0] == 254 and found["vdg16"][0] == 259
    teak.check("dd if=/dev/vdg255 of=/dev/null")
    teak.poweroff()


def test_the_table_is_read_anew(boot, root_img, tmp_path):
    """BLKRRPART, by busybox's blockdev; not while a partition is in use."""
    disk = sfdisk(tmp_path / "disk.img", LOGICAL)
    new = sfdisk(tmp_path / "new.img", "label: dos\nstart=2048, size=6144, type=83\n")
    stage = tmp_path / "stage"
    stage.mkdir()
    shutil.copy(package("busybox-static") / "bin/busybox", stage / "busybox")
    (stage / "table").write_bytes(new.read_bytes()[:SECTOR])
    host_tool("mkfs.ezfs", "-s", 1024, tmp_path / "tools.img", stage)
    teak = boot(disks=[root_img, disk, tmp_path / "tools.img"], append="loglevel=5")
    teak.check("mount -t ezfs /dev/vdc /mnt && dd if=/mnt/table of=/dev/vdb && sync")
    result = teak.run("/mnt/busybox blockdev --rereadpt /dev/vdb < /dev/vdb5")
    assert result.status != 0 and len(partitions(teak, "vdb")) == 4
    teak.check("/mnt/busybox blockdev --rereadpt /dev/vdb")
    assert partitions(teak, "vdb") == {"vdb1": (254, 17, 3072)}
    assert teak.check("ls /dev | grep vdb").split() == ["vdb", "vdb1"]
    assert teak.check("ls /sys/class/block | grep vdb").split() == ["vdb", "vdb1"]
    # And on a loop device, with losetup -P.
    teak.check("/mnt/busybox losetup -P /dev/loop0 /dev/vdb")
    assert partitions(teak, "loop0") == {"loop0p1": (259, 0, 3072)}
    assert teak.check("cat /sys/block/loop0/loop/backing_file /sys/block/loop0/loop/partscan") == "/dev/vdb\n1\n"
    teak.check("echo through > /dev/loop0p1 && sync")
    assert teak.run("/mnt/busybox losetup -d /dev/loop0").status == 0
    assert partitions(teak, "loop0") == {}
    assert teak.check("head -n 1 /dev/vdb1") == "through\n"
    assert teak.run("cat /sys/block/loop0/loop/offset").status != 0
    teak.check("umount /mnt")
    teak.poweroff()


@pytest.mark.parametrize("root", ["/dev/vda2", "254:2", "PARTUUID=12345678-02",
                                  "PARTUUID=AAAAAAAA-BBBB-CCCC-DDDD-EEEEFFFF0000"])
def test_the_root_is_on_a_partition(boot, root_img, tmp_path, root):
    label = "gpt" if "-BBBB-" in root else "dos\nlabel-id: 0x12345678"
    uuid = ", uuid=AAAAAAAA-BBBB-CCCC-DDDD-EEEEFFFF0000" if "-BBBB-" in root else ""
    disk = sfdisk(tmp_path / "disk.img", f"label: {label}\nstart=2048, size=2048\nstart=4096, size=40960{uuid}\n")
    with open(root_img, "rb") as f:
        write_sector(disk, 4096, f.read())
    teak = boot(disks=[disk], append=f"root={root}")
    assert teak.check("echo kept > /word && cat /word") == "kept\n"
    teak.poweroff()
    with open(disk, "rb") as f:
        f.seek(4096 * SECTOR)
        (tmp_path / "root.img").write_bytes(f.read(16 << 20))
    host_tool("fsck.ezfs", tmp_path / "root.img")
