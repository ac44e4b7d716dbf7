# SPDX-License-Identifier: MIT
"""
Loop devices from outside: with Debian's busybox, under memory pressure, across a power cut. What their
calls promise is in user/tests/fs/loop.c.
"""

import os
import shutil
import subprocess

import pytest

from teak import fsck, host_tool
from test_debian import package

BUSYBOX = "/mnt/busybox"


@pytest.fixture
def disk(tmp_path):
    """A disk with busybox, a folder to mount on, and an image of EZFS in a file."""
    stage = tmp_path / "stage"
    (stage / "inside").mkdir(parents=True)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "greeting").write_text("from within\n")
    shutil.copy(package("busybox-static") / "bin/busybox", stage / "busybox")
    host_tool("mkfs.ezfs", "-s", 200, stage / "inner.img", tmp_path / "inner")
    host_tool("mkfs.ezfs", "-s", 4096, tmp_path / "disk.img", stage)
    return tmp_path / "disk.img"


@pytest.fixture
def teak(boot, root_img, disk):
    teak = boot(disks=[root_img, disk], smp=2, append="loglevel=5")
    teak.check("mount -t ezfs /dev/vdb /mnt")
    return teak


def test_busybox_binds_mounts_and_unbinds(teak, disk):
    assert teak.check(f"{BUSYBOX} losetup -f") == "/dev/loop0\n"
    teak.check(f"{BUSYBOX} losetup -f /mnt/inner.img")
    assert teak.check(f"{BUSYBOX} losetup -a") == "/dev/loop0: 0 /mnt/inner.img\n"
    assert teak.check(f"{BUSYBOX} losetup -f") == "/dev/loop1\n"
    assert "   7        0        800 loop0" in teak.check("cat /proc/partitions")
    teak.check("mount -t ezfs /dev/loop0 /mnt/inside")
    assert teak.check("cat /mnt/inside/greeting") == "from within\n"
    teak.check("echo hello > /mnt/inside/new && umount /mnt/inside")
    teak.check(f"{BUSYBOX} losetup -d /dev/loop0")
    assert teak.check(f"{BUSYBOX} losetup -a") == ""
    teak.check("umount /mnt")
    teak.poweroff()
    fsck(disk)


def test_mount_o_loop_unbinds_with_the_umount(teak):
    teak.check(f"{BUSYBOX} mount -t ezfs -o loop /mnt/inner.img /mnt/inside")
    assert "/mnt/inside" in teak.check(f"{BUSYBOX} df -hT")
    # In use: the end of the binding comes with the end of the mount.
    teak.check(f"{BUSYBOX} losetup -d /dev/loop0")
    assert teak.check("cat /mnt/inside/greeting") == "from within\n"
    assert teak.run("umount /mnt").status != 0
    teak.check("umount /mnt/inside")
    assert teak.check(f"{BUSYBOX} losetup -a") == ""
    teak.check("umount /mnt")
    teak.poweroff()


def test_busybox_makes_a_file_system_on_one(boot, root_img, disk, tmp_path):
    """What its mke2fs writes is found clean by e2fsck on the host."""
    result = tmp_path / "ext2.img"
    result.write_bytes(bytes(4 << 20))
    teak = boot(disks=[root_img, disk, result], append="loglevel=5")
    teak.check("mount -t ezfs /dev/vdb /mnt")
    teak.check("dd if=/dev/zero of=/dev/shm/disk bs=1M count=4")
    teak.check(f"{BUSYBOX} losetup /dev/loop0 /dev/shm/disk && {BUSYBOX} mke2fs -F -L course /dev/loop0")
    teak.check(f"{BUSYBOX} losetup -d /dev/loop0 && cp /dev/shm/disk /dev/vdc && sync")
    teak.check("umount /mnt")
    teak.poweroff()
    done = subprocess.run(["/sbin/e2fsck", "-fn", str(result)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "course" in done.stdout


def test_what_was_flushed_survives_the_plug(teak, disk):
    teak.check(f"{BUSYBOX} losetup /dev/loop3 /mnt/inner.img")
    teak.check("seq 5000 5100 > /tmp/words")
    teak.check(f"{BUSYBOX} dd if=/tmp/words of=/dev/loop3 bs=4k seek=100 conv=fsync")
    teak.kill()
    assert "\n".join(map(str, range(5000, 5101))).encode() in disk.read_bytes()


@pytest.mark.parametrize("backing", ["disk", "tmpfs file"])
def test_a_device_larger_than_memory_is_written_right(boot, root_img, disk, tmp_path, backing):
    """Write-back that goes through the worker is how memory is freed: it must not wait for itself."""
    size = 96 if backing == "disk" else 16
    source, target = tmp_path / "source.img", tmp_path / "target.img"
    source.write_bytes(os.urandom(1 << 20) * size)
    target.write_bytes(bytes(size << 20))
    teak = boot(disks=[root_img, disk, source, target], mem="48M", smp=2, append="loglevel=5")
    teak.check("mount -t ezfs /dev/vdb /mnt")
    if backing == "disk":
        teak.check(f"{BUSYBOX} losetup /dev/loop0 /dev/vdd")
        teak.check("dd if=/dev/vdc of=/dev/loop0 bs=64k && sync")
    else:
        teak.check("dd if=/dev/zero of=/dev/shm/f bs=1M count=16")
        teak.check(f"{BUSYBOX} losetup /dev/loop0 /dev/shm/f")
        teak.check("dd if=/dev/vdc of=/dev/loop0 bs=64k && sync")
        teak.check("cp /dev/loop0 /dev/vdd")
    teak.check(f"{BUSYBOX} losetup -d /dev/loop0 && sync")
    teak.check("umount /mnt")
    teak.poweroff()
    assert source.read_bytes() == target.read_bytes()


def test_as_many_as_max_loop_says(boot, root_img):
    teak = boot(disks=[root_img], append="max_loop=3")
    assert teak.check("ls /dev").split().count("loop2") == 1
    assert "loop3" not in teak.check("ls /dev")
    teak.poweroff()
