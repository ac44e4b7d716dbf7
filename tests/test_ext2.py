# SPDX-License-Identifier: MIT
"""
ext2, made and judged by e2fsprogs on the host: what mke2fs has put on a disk teak reads, what teak does to
it e2fsck finds clean, and a disk that is broken is refused in words and never brings the kernel down.

The same script of shell commands, tests/ext2/work.sh, runs on a disk in teak by busybox and in a folder
here: the two trees must be the same.
"""

import hashlib
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import tarfile

import pytest

from teak import BUILD, TOP

ENV = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
WORK = pathlib.Path(TOP) / "tests" / "ext2" / "work.sh"
FILES = 2000
KINDS = {
    "1k": ["-b", "1024", "-I", "128", "-g", "4096"],
    "2k": ["-b", "2048", "-O", "^filetype,^dir_index"],
    "4k": ["-b", "4096"],
}
UMOUNT = "cd /; umount /mnt"


def tool(*command, ok=(0,), **options):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", env=ENV, check=False, **options)
    assert done.returncode in ok, f"{command} exited with status {done.returncode}:\n{done.stdout}"
    return done.stdout


def mke2fs(image, size, *options, folder=None):
    content = ["-d", folder] if folder else []
    tool("mke2fs", "-q", "-F", "-t", "ext2", "-m", "1", *content, *options, image, size)
    return image


def e2fsck(image):
    """It must be clean, and marked as clean."""
    tool("e2fsck", "-fn", image)
    state = re.search(r"Filesystem state: +(.*)", tool("dumpe2fs", "-h", image)).group(1)
    assert state == "clean", f"{image} is marked as {state}"


def debugfs(image, *commands):
    """Changes an image, or looks at it."""
    return "".join(tool("debugfs", "-w", "-R", command, image) for command in commands)


def poke(image, offset, form, value):
    with open(image, "r+b") as f:
        f.seek(offset)
        f.write(struct.pack(form, value))


def tree_of(folder):
    """{path: what it is}: the target of a link, the hash of a file with the number of its names."""
    out = {}
    for top, dirs, files in os.walk(folder):
        for name in dirs + files:
            path = pathlib.Path(top) / name
            key = str(path.relative_to(folder))
            if path.is_symlink():
                out[key] = "-> " + os.readlink(path)
            elif path.is_dir():
                out[key] = "dir"
            else:
                out[key] = hashlib.md5(path.read_bytes()).hexdigest()
    out.pop("lost+found", None)
    return out


def stored_tree(image, folder):
    folder.mkdir()
    debugfs(image, f"rdump / {folder}")
    return tree_of(folder)


def write_tar(path):
    """2,000 files of many sizes in folders of 100, with links among them."""
    rng = random.Random(2)
    folder = path.parent / "tar"
    for i in range(FILES):
        file = folder / f"d{i // 100}" / f"file-{i}-{'n' * (i % 60)}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(rng.randbytes(rng.choice((0, 10, 1000, 1024, 5000, 20000)) if i else 400000))
        if i % 50 == 1:
            os.symlink(f"../d0/{'t' * (i % 120)}", folder / f"d{i // 100}" / f"link{i}")
            os.link(file, folder / f"hard{i}")
    with tarfile.open(path, "w") as tar:
        tar.add(folder, arcname=".")
    return path


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """The folder of which the disks are made: busybox, the script, the tar."""
    top = tmp_path_factory.mktemp("ext2") / "stage"
    for folder in ("bin", "sbin", "dev", "proc", "tmp", "etc"):
        (top / folder).mkdir(parents=True)
    tool(f"{TOP}/scripts/fetch-debian", "busybox-static")
    busybox = pathlib.Path(BUILD) / "debian/busybox-static/bin/busybox"
    shutil.copy(busybox, top / "bin/busybox")
    os.link(top / "bin/busybox", top / "bin/sh")
    os.symlink("/bin/busybox", top / "sbin/init")
    shutil.copy(WORK, top / "work.sh")
    write_tar(top.parent / "files.tar").replace(top / "files.tar")
    return top


def mounted(boot, root_img, *images, command="mount -t ext2 /dev/vdb /mnt; cd /mnt", **options):
    teak = boot(disks=[root_img, *images], **options)
    if command:
        teak.check(command)
    return teak


def off(teak, *images):
    teak.check(UMOUNT)
    teak.poweroff()
    for image in images:
        e2fsck(image)


def refused(teak, command, why):
    result = teak.run(command)
    assert result.status != 0, f"'{command}' succeeded; it printed:\n{result.output}"
    assert why in result.output, f"'{command}' said:\n{result.output}\nexpected: {why}"


# What is done to a disk


@pytest.mark.parametrize("kind", KINDS)
def test_a_tree_is_unpacked_changed_and_found_by_the_host(boot, root_img, stage, tmp_path, kind):
    """2,000 files unpacked, half of them removed, others renamed, linked, cut and grown."""
    image = mke2fs(tmp_path / "disk.img", "80M", *KINDS[kind], folder=stage)
    before = stored_tree(image, tmp_path / "before")
    teak = mounted(boot, root_img, image, append="loglevel=5")
    teak.check("./bin/busybox sh work.sh /mnt/bin/busybox")
    if kind == "2k":        # what is on the disk was said by sync, not by the unmount
        teak.check("sync")
        tool("e2fsck", "-fn", image)
    off(teak, image)

    expected = tmp_path / "expected"
    shutil.copytree(stage, expected, symlinks=True)
    tool("sh", "work.sh", cwd=expected)
    found = stored_tree(image, tmp_path / "found")
    wanted = tree_of(expected)
    assert len(before) > 10 and len(wanted) > FILES // 2
    differ = {path: (found.get(path), wanted.get(path)) for path in found.keys() | wanted.keys()
              if found.get(path) != wanted.get(path)}
    assert not differ, f"{len(differ)} differ: (on the disk, expected) {dict(list(differ.items())[:5])}"


@pytest.mark.parametrize("kind", KINDS)
def test_what_mke2fs_wrote_is_read(boot, root_img, stage, tmp_path, kind):
    """Also through an index of hashes, which e2fsck -D makes; and the index is dropped when it is changed."""
    content = tmp_path / "content"
    (content / "many").mkdir(parents=True)
    for i in range(1500):
        (content / "many" / f"a-name-of-some-length-{i}").write_text(str(i))
    shutil.copy(stage / "bin/busybox", content / "busybox")
    sums = "".join(f"{hashlib.md5((content / p).read_bytes()).hexdigest()}  {p}\n"
                   for p in ["busybox"] + [f"many/a-name-of-some-length-{i}" for i in range(0, 1500, 100)])
    (content / "sums").write_text(sums)
    image = mke2fs(tmp_path / "disk.img", "24M", *KINDS[kind], folder=content)
    if kind != "2k":
        tool("e2fsck", "-fyD", image, ok=(0, 1))
        assert "0x1000" in debugfs(image, "stat /many"), "the folder has no index"
    teak = mounted(boot, root_img, image, append="loglevel=5")
    assert teak.check("ls many | wc -l").strip() == "1500"
    assert "FAILED" not in teak.check("./busybox md5sum -c sums")
    teak.check("echo new > many/new; rm many/a-name-of-some-length-7; mv many/a-name-of-some-length-8 x")
    assert teak.check("ls many | wc -l").strip() == "1499"
    off(teak, image)
    assert "0x1000" not in debugfs(image, "stat /many")
    assert debugfs(image, "cat /many/new").endswith("new\n")


def test_full_large_and_sparse(boot, root_img, stage, tmp_path):
    """The last block, the last inode, files behind 2 GiB and through three levels of blocks; on each size."""
    images = [mke2fs(tmp_path / f"{kind}.img", "12M", "-N", "64", *options) for kind, options in KINDS.items()]
    tools = mke2fs(tmp_path / "tools.img", "24M", folder=stage)
    teak = mounted(boot, root_img, *images, tools, append="loglevel=5", command=None)
    teak.check("mkdir /tmp/tools; mount -o ro -t ext2 /dev/vde /tmp/tools")
    teak.check("for d in b c d; do mkdir /tmp/$d; mount -t ext2 /dev/vd$d /tmp/$d; done")
    for disk in "bcd":
        teak.check(f"cd /tmp/{disk}; echo keep > keep; df . | tail -n 1 > /tmp/before")
        # All that there is, and what is there stays whole.
        refused(teak, "dd if=/dev/zero of=fill bs=4096", "No space left on device")
        refused(teak, "dd if=/dev/zero of=fill2 bs=1024", "No space left on device")
        assert re.search(r" 100% ", teak.check("df .")), "the disk is not full"
        refused(teak, "echo x > new", "No space left on device")
        refused(teak, "cp /bin/sh prog", "No space left on device")
        assert teak.check("cat keep; wc -c < new").split() == ["keep", "0"]
        teak.check("rm fill fill2 new prog; df . | tail -n 1 > /tmp/after; cmp /tmp/before /tmp/after")
        # The freed blocks are there again at once.
        teak.check("dd if=/dev/zero of=fill bs=4096 count=2000 status=none; rm fill")
        # Inodes.
        refused(teak, "for i in $(seq 100); do echo > i$i || break; done; false", "No space left on device")
        refused(teak, "mkdir no", "No space left on device")
        teak.check("rm i*; mkdir yes; rmdir yes")
        # Far away, within 1, 2 and 3 levels; and behind 2 GiB with blocks of 4 KiB.
        for seek in (5, 100, 40000, 400000 if disk == "d" else 80000):
            teak.check(f"printf far | dd of=sparse bs=4096 seek={seek} conv=notrunc status=none")
        for seek in (5, 100, 40000):
            assert teak.check(f"dd if=sparse bs=4096 skip={seek} count=1 status=none | head -c 4"
                              ).rstrip("\0") == "far"
        assert teak.check("dd if=sparse bs=4096 skip=39999 count=1 status=none | hexdump -C"
                          ).split()[1:17] == ["00"] * 16
    teak.check("cd /tmp/d; printf end | dd of=large bs=4096 seek=800000 conv=notrunc status=none")
    assert teak.check("dd if=large bs=4096 skip=800000 status=none") == "end"
    assert str(800000 * 4096 + 3) in teak.check("ls -l large")
    refused(teak, "cd /tmp/b; printf x | dd of=f bs=1048576 seek=20000", "File too large")
    teak.check("cd /; for d in b c d tools; do umount /tmp/$d; done")
    teak.poweroff()
    for image in images:
        e2fsck(image)
    assert "large_file" in tool("dumpe2fs", "-h", images[2])
    stat = debugfs(images[0], "stat /sparse")
    assert re.search(r"Size: " + str(80000 * 4096 + 3), stat) and "(TIND)" in stat, stat


def test_mounts_leave_no_memory_behind(boot, root_img, stage, tmp_path):
    """The blocks that a CPU has used last are let go with their device."""
    image = mke2fs(tmp_path / "disk.img", "24M", "-b", "1024", folder=stage)
    teak = boot(disks=[root_img, image], append="loglevel=5")
    cycle = "mount -t ext2 /dev/vdb /mnt; echo x > /mnt/x; ls /mnt > /dev/null; rm /mnt/x; umount /mnt"

    def free_kib(times):
        teak.check(f"i=0; while [ $i -lt {times} ]; do {cycle}; i=$((i+1)); done")
        return int(teak.check("echo 3 > /proc/sys/vm/drop_caches; grep MemFree /proc/meminfo").split()[1])

    before, after = free_kib(20), free_kib(40)
    assert before - after <= 64, f"{before - after} KiB are gone after 40 mounts"
    teak.poweroff()
    e2fsck(image)


def test_links_special_files_and_open_ones(boot, root_img, stage, tmp_path):
    image = mke2fs(tmp_path / "disk.img", "24M", "-b", "1024", folder=stage)
    debugfs(image, f"write {WORK} many", "sif /many links_count 31999", "mkdir dirs",
            "sif /dirs links_count 32000", "mknod old c 4 65", "mknod pipe p")
    teak = mounted(boot, root_img, image, append="loglevel=5")
    bb = "./bin/busybox "
    teak.check("ln many one-more")
    refused(teak, "ln many too-many", "Too many links")
    refused(teak, "mkdir dirs/sub", "Too many links")
    teak.check("rm one-more; mkdir s")
    refused(teak, "mv s dirs/s", "Too many links")

    teak.check(f"{bb}mknod c1 c 5 1; {bb}mknod big b 300 70000; {bb}mkfifo f")
    assert re.search(r"4, +65 .* old", teak.check(f"{bb}ls -l old"))
    before = teak.check("df . | tail -n 1")
    teak.check("exec 3> u 4< u; rm u; echo still here >&3")
    assert teak.check("cat <&4") == "still here\n"
    teak.check("exec 3>&- 4<&-")
    assert teak.check("df . | tail -n 1") == before
    teak.check(f"{bb}ln -s {'x' * 59} s59; {bb}ln -s {'y' * 60} s60; {bb}ln -s {'z' * 1000} s1000")
    refused(teak, f"{bb}ln -s {'z' * 1030} no", "File name too long")
    refused(teak, f"echo > {'n' * 256}", "File name too long")
    teak.check(f"echo > {'n' * 255}; cp /bin/sh prog; chmod 4755 prog; ./prog -c true")
    refused(teak, "mv s s/t", "")
    teak.check("mkdir t t/u; mv s t/u")
    teak.check(UMOUNT + "; mount -t ext2 /dev/vdb /mnt; cd /mnt")
    assert re.search(r"300, +70000 .* big", teak.check(f"{bb}ls -l big"))
    for name, target in (("s59", "x" * 59), ("s60", "y" * 60), ("s1000", "z" * 1000)):
        assert teak.check(f"{bb}readlink {name}") == target + "\n"
    assert teak.check("ls -l prog").startswith("-rwsr-xr-x")
    teak.check(UMOUNT)
    teak.poweroff()
    debugfs(image, "sif /many links_count 1", "sif /dirs links_count 2")
    e2fsck(image)
    assert "300:70000" in debugfs(image, "stat /big")


def test_mounting(boot, root_img, tmp_path):
    """Read-only, remounted, with features that we do not know; and the mark of a clean disk."""
    image = mke2fs(tmp_path / "disk.img", "8M")
    kept = mke2fs(tmp_path / "ro.img", "8M")
    incompat = mke2fs(tmp_path / "incompat.img", "8M")
    debugfs(incompat, "feature extents")
    ro_compat = mke2fs(tmp_path / "rocompat.img", "8M")
    debugfs(ro_compat, "feature huge_file")
    before = kept.read_bytes()
    teak = mounted(boot, root_img, image, kept, incompat, ro_compat,
                   command="mkdir /tmp/m; mount -o errors=remount-ro /dev/vdb /mnt")
    assert "type ext2 (rw,relatime,errors=remount-ro)" in teak.check("mount")
    teak.check("mount -o ro -t ext2 /dev/vdc /tmp/m; ls /tmp/m")
    refused(teak, "echo > /tmp/m/x", "Read-only file system")
    teak.check("umount /tmp/m")
    refused(teak, "mount -t ext2 /dev/vdd /tmp/m", "")
    assert "unsupported optional features (40)" in teak.check("dmesg | tail -n 3")
    assert "mounted read-only" in teak.check("mount -t ext2 /dev/vde /tmp/m")
    refused(teak, "mount -o remount,rw /tmp/m", "")
    teak.check("umount /tmp/m")
    refused(teak, "mount -t ext2 -o nonsense /dev/vdc /tmp/m", "")
    teak.check("cd /mnt; echo one > f; cd /; mount -o remount,ro /mnt")
    e2fsck(image)
    refused(teak, "echo x > /mnt/f", "Read-only file system")
    teak.check("mount -o remount,rw /mnt; echo two >> /mnt/f; sync")
    assert "not clean" in tool("dumpe2fs", "-h", image)
    off(teak, image)
    assert debugfs(image, "cat /f").endswith("one\ntwo\n")
    assert kept.read_bytes() == before


def test_busybox_boots_from_an_ext2_root(boot, stage, tmp_path):
    top = tmp_path / "root"
    shutil.copytree(stage, top, symlinks=True)
    (top / "etc/inittab").write_text("::sysinit:/bin/busybox mount -t proc proc /proc\n"
                                     "::respawn:-/bin/sh\n::shutdown:/bin/busybox sync\n")
    image = mke2fs(tmp_path / "root.img", "32M", folder=top)
    for append in ("root=/dev/vda rootfstype=ext2", ""):
        teak = boot(prompt=False, disks=[image], append=append)
        teak.expect("/ # ")
        teak.sendline("mount | grep ' / '; exec 2>&1; echo kept >> /kept; wc -l /kept; poweroff")
        teak.expect(r"/dev/vda on / type ext2 \(rw")
        teak.wait_end()
        tool("e2fsck", "-fn", image)
    assert debugfs(image, "cat /kept").endswith("kept\nkept\n")


# Broken disks


SUPER = 1024

# name: (how it is broken, what the mount or the log must say). The images have blocks of 1 KiB: the
# descriptors are in block 2, and group 0's first one says block bitmap, inode bitmap, inode table.
BREAKS = {
    "magic": (lambda i: poke(i, SUPER + 56, "<H", 0x1234), "can't find an ext2 filesystem"),
    "block size": (lambda i: poke(i, SUPER + 24, "<I", 9), "larger than a page"),
    "blocks": (lambda i: poke(i, SUPER + 4, "<I", 4000000), "the number of inodes"),
    "blocks per group 0": (lambda i: poke(i, SUPER + 32, "<I", 0), "the number of blocks in a group"),
    "blocks per group": (lambda i: poke(i, SUPER + 32, "<I", 65536), "the number of blocks in a group"),
    "inodes per group": (lambda i: poke(i, SUPER + 40, "<I", 0), "the number of inodes in a group"),
    "inode size": (lambda i: poke(i, SUPER + 88, "<H", 3), "the size of an inode"),
    "first inode": (lambda i: poke(i, SUPER + 84, "<I", 0), "the number of the first inode"),
    "first block": (lambda i: poke(i, SUPER + 20, "<I", 7), "the first data block"),
    "cut off": (lambda i: os.truncate(i, 1 << 20), "it was cut off"),
    "bitmap": (lambda i: poke(i, 2048, "<I", 1 << 30), "the bitmaps or inodes of group 0"),
    "inode table": (lambda i: poke(i, 2048 + 8, "<I", 1), "the bitmaps or inodes of group 0"),
    "root": (lambda i: debugfs(i, "sif <2> mode 0100644"), "the root inode is no directory"),
    "no root": (lambda i: debugfs(i, "sif <2> links_count 0"), "inode 2: it has a name, but is not in use"),
    "used": (lambda i: debugfs(i, "freeb 20 60"), "has the group's own blocks as free"),
    "rec_len 0": (lambda i: poke(i, root_block(i) + 4, "<H", 0), "an entry's length is impossible"),
    "rec_len": (lambda i: poke(i, root_block(i) + 4, "<H", 1028), "reaches over a block's end"),
    "name_len": (lambda i: poke(i, root_block(i) + 6, "B", 200), "a name is longer than its entry"),
    "entry": (lambda i: poke(i, root_block(i) + 12, "<I", 99999), "an inode number is out of range"),
    "direct": (lambda i: debugfs(i, "sif /file block[0] 99999999"), "which is out of range"),
    "metadata": (lambda i: debugfs(i, "sif /file block[1] 2"), "which is out of range"),
    "indirect": (lambda i: debugfs(i, "sif /file block[IND] 2"), "indirect block 2 is out of range"),
    "knot": (lambda i: knot(i), "which is out of range"),
    "mode": (lambda i: debugfs(i, "sif /file mode 0030644"), "its mode has no known type"),
    "reserved": (lambda i: debugfs(i, "link <7> /seven"), "it is out of range or reserved"),
    "dir size": (lambda i: debugfs(i, "sif /dir size 1000"), "the size of the directory is impossible"),
    "loop": (lambda i: debugfs(i, "link <2> /dir/up"), "it has a second name for directory inode 2"),
}

# Everything that a broken disk may be asked for; whether it works does not matter.
PROBE = ("mount -t ext2 /dev/vd{d} /mnt && {{ cd /mnt; ls -lR . | head -n 100; cat file dir/* sub/*/*; echo x > new; "
         "mkdir n; mv file moved; ln moved again; echo more >> moved; ls /mnt; ls /mnt/dir/up; rm -r dir sub n; rm moved again new; "
         "cp /bin/sh new; sync; stat -f .; cd /; umount /mnt; }} >/dev/null 2>&1")


def root_block(image):
    return 1024 * int(re.search(r"\d+", debugfs(image, "bmap <2> 0").split("\n")[-2]).group(0))


def knot(image):
    """The indirect block of /file leads to itself, and from there nowhere that is a block."""
    block = int(re.search(r"\(IND\):(\d+)", debugfs(image, "stat /file")).group(1))
    debugfs(image, f"sif /file block[DIND] {block}", f"sif /file block[TIND] {block}",
            "sif /file size 9999999")
    for i in range(256):
        poke(image, block * 1024 + 4 * i, "<I", block if i % 2 else 99999999)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small disk with something of everything."""
    top = tmp_path_factory.mktemp("small")
    content = top / "content"
    (content / "dir").mkdir(parents=True)
    for i in range(40):
        (content / "sub" / f"s{i % 4}").mkdir(parents=True, exist_ok=True)
        (content / "sub" / f"s{i % 4}" / f"f{i}").write_bytes(b"x" * 600 * i)
        (content / "dir" / f"name{i}").write_text(str(i))
    (content / "file").write_bytes(b"y" * 60000)
    os.symlink("file", content / "dir" / "fast")
    os.symlink("f" * 300, content / "dir" / "slow")
    return mke2fs(top / "small.img", "2M", "-b", "1024", "-N", "128", "-g", "1024", folder=content)


def test_broken_disks_are_refused_in_words(boot, root_img, small, tmp_path):
    names = list(BREAKS)
    for first in range(0, len(names), 20):
        some = names[first:first + 20]
        images = [shutil.copy(small, tmp_path / f"{first + i}.img") for i in range(len(some))]
        for name, image in zip(some, images):
            BREAKS[name][0](image)
        teak = mounted(boot, root_img, *images, command=None, append="loglevel=1")
        for i, name in enumerate(some):
            teak.check("dmesg -c > /dev/null || true")
            teak.run(PROBE.format(d="bcdefghijklmnopqrstuvwxyz"[i]) + "; cd /; umount /mnt 2> /dev/null")
            log = teak.check(f"dmesg | grep 'EXT2-fs (vd{'bcdefghijklmnopqrstuvwxyz'[i]})' || true")
            assert BREAKS[name][1] in log, f"{name}: the log has\n{log}\nexpected: {BREAKS[name][1]}"
        teak.poweroff()


def test_random_damage_does_no_harm(boot, root_img, small, tmp_path):
    """Bits of the metadata turned over at random: whatever the disk then is, the kernel goes on."""
    seed = int(os.environ.get("EXT2_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"EXT2_SEED={seed}")
    rng = random.Random(seed)
    images = []
    for i in range(24):
        image = shutil.copy(small, tmp_path / f"{i}.img")
        data = bytearray(open(image, "rb").read())
        for _ in range(rng.choice((1, 4, 16, 64, 256))):
            # The first group's superblock, descriptors, bitmaps, inodes and folders; or anywhere.
            data[rng.randrange(1024, rng.choice((2048, 4096, 65536, len(data))))] ^= 1 << rng.randrange(8)
        with open(image, "wb") as f:
            f.write(data)
        images.append(image)
    teak = mounted(boot, root_img, *images, command=None, append="loglevel=1")
    for i in range(len(images)):
        teak.run(PROBE.format(d="bcdefghijklmnopqrstuvwxyz"[i]) + "; cd /; umount /mnt 2> /dev/null")
    assert teak.check("echo alive") == "alive\n"
    teak.poweroff()
