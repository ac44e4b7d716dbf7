# SPDX-License-Identifier: MIT
"""
The driver of EZFS as a module: `make EZFS=m` makes a kernel without it, that boots from ext2, and ezfs.ko, which serves
all layouts until it is unloaded.
"""

import os
import pathlib
import shutil
import subprocess

import pytest

from teak import BUILD, TOP, fsck, host_tool
from test_ext2 import mke2fs, tool
from test_modules import flags


@pytest.fixture(scope="module")
def kernel():
    """The folder of that build. Objects of the kernel under test are taken over: they are the same but for EZFS."""
    build, out = pathlib.Path(BUILD), pathlib.Path(BUILD) / "ezfs-m"
    shutil.rmtree(out, ignore_errors=True)
    for path in build.rglob("*.[od]"):
        there = path.relative_to(build)
        if there.parts[0] in ("init", "arch", "kernel", "mm", "fs", "ipc", "block", "drivers", "lib"):
            (out / there).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, out / there)
    shutil.copytree(build / "include", out / "include", copy_function=shutil.copy2)
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(["make", "EZFS=m", f"BUILD={out}", *flags(), f"{out}/Image", "modules"], cwd=TOP, env=env,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def test_it_comes_serves_and_goes(boot, kernel, tmp_path):
    names = subprocess.run(["aarch64-linux-gnu-nm", kernel / "teak.elf"], check=True, capture_output=True, text=True).stdout
    assert " ext2_" in names and " ezfs_" not in names
    root = tmp_path / "root"
    shutil.copytree(pathlib.Path(BUILD) / "root", root, symlinks=True)
    (root / "lib/modules/6.1.0-teak").mkdir(parents=True, exist_ok=True)
    ko = root / "lib/modules/6.1.0-teak/ezfs.ko"
    subprocess.run(["aarch64-linux-gnu-objcopy", "--strip-debug", kernel / "modules/fs/ezfs/ezfs.ko", ko], check=True)
    disks = [mke2fs(tmp_path / "root.img", "32M", folder=root)]
    for layout in "ABC":
        disks.append(tmp_path / f"{layout}.img")
        host_tool("mkfs.ezfs", "-L", layout, "-s", "338", disks[-1])

    teak = boot(disks=disks, kernel=kernel / "Image", append="root=/dev/vda rootfstype=ext2")
    assert "/dev/vda on / type ext2 (rw" in teak.check("mount")
    assert "ezfs" not in teak.check("cat /proc/filesystems")
    assert teak.run("mount -t ezfs /dev/vdb /mnt").status
    for _ in range(2):
        teak.check("insmod /lib/modules/6.1.0-teak/ezfs.ko; mkdir -p /a /b /c; grep ezfs /proc/filesystems")
        teak.check("mount -t ezfs /dev/vdb /a; mount -t ezfs /dev/vdc /b; mount -t ezfs /dev/vdd /c")
        for folder in "abc":
            assert teak.check(f"cd /{folder}; cat hello.txt") == "Hello world!\n"
            teak.check("mkdir -p d; cp /bin/sh d/sh; cmp d/sh /bin/sh; echo more >> d/f; sync; rm d/sh; cd /")
        assert "in use" in teak.run("rmmod ezfs").output
        teak.check("exec 3</b/hello.txt; umount /a; umount /c")
        assert teak.run("umount /b").status and "in use" in teak.run("rmmod ezfs").output
        teak.check("exec 3<&-; umount /b; rmmod ezfs")
        assert "ezfs" not in teak.check("cat /proc/modules /proc/filesystems /proc/slabinfo")
        assert teak.run("mount -t ezfs /dev/vdb /mnt").status
    teak.poweroff()
    tool("e2fsck", "-fn", disks[0])
    for image in disks[1:]:
        fsck(image)
