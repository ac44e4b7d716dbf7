# SPDX-License-Identifier: MIT
"""
Loop devices from outside: with Debian's busybox, under memory pressure, across a power cut. What their
calls promise is in user/tests/fs/loop.c.
"""

import os
import re
import shutil

import pytest

from teak import TOP, fsck, host_tool
from test_debian import package
from test_ext2 import debugfs, e2fsck

BUSYBOX = "/mnt/busybox"


@pytest.fixture
def disk(tmp_path):
    """A disk with busybox, a folder to mount on, and an image of EZFS in a file."""
    stage = tmp_path / "stage"
    (stage / "inside").mkdir(parents=True)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "greeting").write_text("from within\n")
    shutil.copy(package("busybox-static") / "bin/busybox", stage / "busybox")
    shutil.copy(os.path.join(TOP, "tests", "ext2", "course.sh"), stage)
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


@pytest.mark.parametrize("where", ["ezfs", "tmpfs"])
def test_the_course_s_session_is_one_script(boot, root_img, disk, tmp_path, where):
    """dd, losetup, mkfs -t ext2, mount, df -hT, umount, losetup -d; then mount -o loop: by busybox alone."""
    result = tmp_path / "ext2.img"
    result.write_bytes(bytes(500 * 4096))
    teak = boot(disks=[root_img, disk, result], append="loglevel=5")
    teak.check("mkdir /tools; mount -t ezfs /dev/vdb /tools; mount -t tmpfs none /mnt")
    folder = "/tools/inside" if where == "ezfs" else "/mnt"
    teak.check(f"cp /tools/busybox /bin/busybox; cp /tools/course.sh /tmp; cd {folder}")
    out = teak.check("/bin/busybox sh /tmp/course.sh /bin/busybox image")
    print(out)
    assert out.endswith("session over\n") and "a program of the image" in out
    df = re.findall(r"^/dev/loop0 +ext2 +(\S+) +(\S+) +(\S+) +(\d+)% (\S+)$", out, re.M)
    assert {row[4] for row in df} == {f"{folder}/mnt"} and len(df) >= 4
    assert all(re.fullmatch(r"1\.9M", row[0]) and re.fullmatch(r"[\d.]+[KM]", row[1]) for row in df), df
    teak.check("cp image /dev/vdc; cd /; umount /mnt; umount /tools; sync")
    teak.poweroff()
    fsck(disk)
    e2fsck(result)
    assert "Hello, world" in debugfs(result, "cat /subdir/hello")


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
