# SPDX-License-Identifier: MIT
"""
The EZFS driver on disks of layout A, B and C: the course's whole session as one script, and each promise
by itself. One machine for all; each test has a disk made anew, and fsck.ezfs finds it clean afterwards.

The host looks at a disk by ezfs_image.py, which knows nothing of teak's own code. What holds
over a power-off is in test_persistence.py.
"""
import os
import random
import re
import shutil

import pytest

import teak as harness
from ezfs_image import BS, SEED, Image, built, exercise, healthy, pattern, run
from teak import Teak, host_tool
from test_ezfs_repair import damage

BLOCKS = 338		# as many as layout A can have
INODES = {"A": 42, "B": 39, "C": 56}
LAYOUTS = "ABC"
CONTIGUOUS = "AC"
MOUNTS = int(os.environ.get("EZFS_MOUNTS", "4"))	# damaged disks for each layout


def run_machine(tmp, fs="ezfs", more_disks=()):
    """
    A machine with a disk for each layout on /dev/vdb, vdc, vdd, the session's script on vde, programs on vdf; what
    mounts the disks, and what comes behind.
    """
    root = shutil.copy(os.path.join(harness.BUILD, "root.img"), tmp / "root.img")
    disks = {layout: tmp / f"{layout}.img" for layout in LAYOUTS}
    for image in disks.values():
        image.write_bytes(bytes(BLOCKS * BS))
    (tmp / "s").mkdir()
    shutil.copy(os.path.join(harness.TOP, "tests", "ezfs_session.sh"), tmp / "s" / "session.sh")
    host_tool("mkfs.ezfs", "-s", "60", tmp / "s.img", tmp / "s")
    programs = shutil.copy(os.path.join(harness.BUILD, "tests-fs.img"), tmp / "tests-fs.img")
    teak = Teak(os.path.join(harness.LOGS, f"test_{fs}_layouts.log"), smp=2,
                disks=[root, *disks.values(), tmp / "s.img", programs, *more_disks])
    teak.wait_prompt()
    teak.check("mkdir /s /p; mount -t ezfs /dev/vde /s; mount -t ezfs /dev/vdf /p")
    yield teak, disks, fs
    teak.poweroff()
    teak.close()


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    yield from run_machine(tmp_path_factory.mktemp("layouts"))


class Disk:
    """A fresh disk, mounted on /mnt, with the shell in there."""

    def __init__(self, machine, layout, folder=None):
        self.teak, disks, self.fs = machine
        self.layout, self.image, self.dev = layout, disks[layout], f"/dev/vd{'bcd'[LAYOUTS.index(layout)]}"
        self.check, self.run = self.teak.check, self.teak.run
        self.run("exec 3>&- 4>&- 5>&-; cd /; umount /mnt; rm -f /tmp/*")
        rubbish = random.Random(4118).randbytes(BS)
        self.image.write_bytes(rubbish * BLOCKS)
        self.mkfs(folder)
        self.mount()

    def mkfs(self, folder):
        host_tool("format_disk_as_ezfs", "-L", self.layout, self.image, BLOCKS, *([folder] if folder else []))

    def mount(self):
        self.check(f"mount -t {self.fs} {self.dev} /mnt && cd /mnt")

    def unmount(self):
        self.check("cd /; umount /mnt")

    def again(self):
        self.unmount()
        self.mount()

    def free(self):
        text = self.check("stat -f /mnt")
        return tuple(int(re.search(rf"{what}: Total: \d+ +Free: (\d+)", text).group(1))
                     for what in ("Blocks", "Inodes"))

    def stat(self, path):
        """(bytes, sectors)"""
        return tuple(int(n) for n in self.check(f"stat -c %s:%b {path}").strip().split(":"))

    def refused(self, command, why):
        result = self.run(command)
        assert result.status != 0, f"'{command}' succeeded; it printed:\n{result.output}"
        assert why in result.output, f"'{command}' said:\n{result.output}\nexpected: {why}"

    def off(self):
        """Unmount; the disk must be clean. Returns it, to be looked at."""
        self.unmount()
        host_tool("fsck.ezfs", self.image)
        img = Image(self.layout, self.image.read_bytes())
        img.paths = img.tree()
        return img


@pytest.fixture(params=LAYOUTS)
def disk(machine, request):
    return Disk(machine, request.param)


@pytest.fixture(params=CONTIGUOUS)
def contiguous(machine, request):
    return Disk(machine, request.param)


def blocks(img, path):
    return img.blocks(img.paths[path])


def content(img, path):
    return img.read(img.paths[path])

# ---------------------------------------------------------------- the session


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_courses_session(machine, exercise, layout):
    disk = Disk(machine, layout, exercise)
    disk.unmount()
    said = disk.check(f"sh /s/session.sh {disk.dev} {layout} {disk.fs}")
    assert said.splitlines()[-1] == f"OK {layout}", said
    disk.mount()
    img = disk.off()
    assert set(img.paths) == {"/", "/hello.txt", "/subdir", "/subdir/names.txt", "/subdir/big_img.jpeg",
                              "/subdir/big_txt.txt"}
    assert content(img, "/subdir/big_txt.txt") == pattern(4169) + pattern(29296)
    assert content(img, "/hello.txt") == b"Hello world!\n" + pattern(4169)
    if layout in CONTIGUOUS:
        assert blocks(img, "/subdir/big_txt.txt") == list(range(14, 23))

# ---------------------------------------------------------------- where blocks go


@pytest.mark.parametrize("layout", CONTIGUOUS)
def test_append_in_place(machine, exercise, layout):
    """The course's figures: 33465 bytes, 72 sectors, blocks 14 to 22."""
    disk = Disk(machine, layout, exercise)
    disk.check("cat subdir/big_img.jpeg >> subdir/big_txt.txt")
    assert disk.stat("subdir/big_txt.txt") == (33465, 72)
    img = disk.off()
    assert blocks(img, "/subdir/big_txt.txt") == list(range(14, 23))
    assert content(img, "/subdir/big_txt.txt") == pattern(4169) + pattern(29296)


@pytest.mark.parametrize("layout", CONTIGUOUS)
def test_append_moves(machine, exercise, layout):
    """The course's figures: 4182 bytes, 16 sectors, from block 3 to 16 and 17; block 3 is free again."""
    disk = Disk(machine, layout, exercise)
    before = disk.free()
    disk.check("cat subdir/big_txt.txt >> hello.txt")
    assert disk.stat("hello.txt") == (4182, 16)
    assert disk.free() == (before[0] - 1, before[1])
    disk.check("echo at once > other; sync; echo next > next")
    img = disk.off()
    assert blocks(img, "/other") == [18], "block 3 may be wanted until the disk knows of the move"
    assert blocks(img, "/hello.txt") == [16, 17]
    assert content(img, "/hello.txt") == b"Hello world!\n" + pattern(4169)
    assert blocks(img, "/next") == [3], "the lowest free block is the one that was left"


def test_an_indexed_file_grows_block_by_block(machine, exercise):
    """Layout B: each new block is the lowest free one, the indirect block comes with the second."""
    disk = Disk(machine, "B", exercise)
    disk.check("cat subdir/big_txt.txt >> hello.txt; sync; rm subdir/names.txt; sync; echo x > x")
    img = disk.off()
    assert blocks(img, "/hello.txt") == [3, 18] and img.inode(2, "indirect") == 19
    assert img.d[19 * BS + 8:20 * BS] == bytes(BS - 8), "the rest of a fresh indirect block is not zero"
    assert blocks(img, "/x") == [5]


def test_a_freed_block_waits_for_the_commit(machine, exercise):
    """What the disk still points to is not given to another file."""
    disk = Disk(machine, "B", exercise)
    disk.check("rm subdir/names.txt; echo y > y; sync; echo x > x")
    img = disk.off()
    assert blocks(img, "/y") == [18] and blocks(img, "/x") == [5]


@pytest.mark.parametrize("none", [0, 2**64 - 1])
def test_no_block_is_no_block(machine, none):
    """Layout B: 0 and all ones as direct and indirect block are none, in the inode and in the indirect block."""
    disk = Disk(machine, "B")
    disk.check("touch e; yes | head -c 9000 > f")
    img = disk.off()
    e, f = img.paths["/e"], img.paths["/f"]
    img.set(e, "block", none)
    img.set(e, "indirect", none)
    img.put(img.inode(f, "indirect") * BS, none)		# file block 1 becomes a hole
    disk.image.write_bytes(img.d)
    host_tool("fsck.ezfs", "-y", disk.image, check=False)	# the bit of the block that was there
    disk.mount()
    disk.check("yes | head -c 5000 >> e; cp f /tmp/f; cat e f > /dev/null; rm e f; cp /tmp/f f")
    img = disk.off()
    want = bytearray(b"y\n" * 4500)
    want[BS:2 * BS] = bytes(BS)
    assert content(img, "/f") == bytes(want)


def test_the_first_region_that_is_large_enough(contiguous):
    disk = contiguous
    disk.check("for i in 1 2 3 4 5 6 7 8; do echo $i > f$i; done; sync; rm f2 f4 f5 f7; sync")
    disk.check("dd if=/dev/zero bs=4096 count=1 status=none >> f1")
    img = disk.off()
    assert blocks(img, "/f1") == [4, 5], "the block behind it was free"
    assert blocks(img, "/f3") == [6]
    disk.mount()
    disk.check("dd if=/dev/zero bs=4096 count=1 status=none >> f8")		# in 11, and 12 is free
    disk.check("dd if=/dev/zero bs=4096 count=1 status=none >> f1")		# in 4-5, and 6 is taken
    img = disk.off()
    assert blocks(img, "/f8") == [11, 12]
    assert blocks(img, "/f1") == [13, 14, 15]
    disk.mount()
    disk.check("dd if=/dev/zero bs=4096 count=1 status=none >> f3")		# in 6, and 7 is free
    disk.check("echo a > a; echo b > b; echo c > c")
    img = disk.off()
    assert blocks(img, "/f3") == [6, 7]
    assert [blocks(img, p) for p in ("/a", "/b", "/c")] == [[4], [5], [8]]


def test_its_own_blocks_count_as_free(contiguous):
    """hello.txt 3, a 4, f 5-6, b 7: with 4 free, f grows to 4-6, by way of another place."""
    disk = contiguous
    disk.check("echo a > a; (yes one | head -c 4096; yes two | head -c 4096) > f; echo b > b; rm a")
    disk.check("(yes three | head -c 4096) >> f")
    before = disk.free()
    img = disk.off()
    assert blocks(img, "/f") == [4, 5, 6]
    assert content(img, "/f") == b"".join((word * BS)[:BS] for word in (b"one\n", b"two\n", b"three\n"))
    assert blocks(img, "/b") == [7]
    assert before[0] == BLOCKS - 2 - len(img.used_blocks())


def test_a_gap_moves_with_its_file(contiguous):
    """The same with f in 5-7, and 6 a gap: what comes to block 6 is not taken for zeros."""
    disk = contiguous
    disk.check("echo a > a; yes one | head -c 4096 > f; yes two | head -c 4096 | "
               "dd of=f bs=4096 seek=2 conv=notrunc status=none; echo b > b; rm a; sync")
    disk.check("(yes three | head -c 4096) >> f")
    img = disk.off()
    assert blocks(img, "/f") == [4, 5, 6, 7]
    disk.mount()
    disk.check("(yes one | head -c 4096; head -c 4096 /dev/zero; yes two | head -c 4096; yes three | head -c 4096) "
               "> /tmp/want; cmp f /tmp/want")


def test_no_room_to_move(contiguous):
    """No region is large enough though blocks are free: ENOSPC, and nothing has changed."""
    disk = contiguous
    disk.check("echo a > a; echo b > b; echo c > c")
    disk.run("dd if=/dev/zero of=rest bs=4096 status=none")
    assert disk.free()[0] == 0
    disk.check("rm a c")
    before = disk.free()
    disk.refused("dd if=/dev/zero bs=4096 count=1 status=none >> hello.txt && "
                 "dd if=/dev/zero bs=4096 count=1 status=none >> hello.txt", "No space left")
    disk.check("rm rest")
    img = disk.off()
    assert content(img, "/b") == b"b\n"
    assert before[0] == 2

# ---------------------------------------------------------------- bytes


def test_change_in_the_middle(disk):
    disk.check("printf 4118 | dd of=hello.txt bs=1 seek=7 conv=notrunc status=none")
    assert disk.check("cat hello.txt") == "Hello w4118!\n"
    assert content(disk.off(), "/hello.txt") == b"Hello w4118!\n"


def test_a_gap_reads_as_zeros(disk):
    """Block 0 written, 100 blocks on written: zeros between, though the disk was full of rubbish."""
    disk.check("dd if=hello.txt of=f bs=4096 status=none; "
               "printf end | dd of=f bs=4096 seek=101 conv=notrunc status=none")
    want = b"Hello world!\n" + bytes(101 * BS - 13) + b"end"
    assert disk.stat("f")[0] == len(want)
    disk.check("cp f /tmp/f; cmp f /tmp/f")
    disk.again()
    disk.check("cmp f /tmp/f")
    img = disk.off()
    data, ino = bytearray(content(img, "/f")), img.paths["/f"]
    if disk.layout == "C":
        zero = [b for b in img.blocks(ino) if img.bit(img.l.zero, b - 2)]
        assert zero == img.blocks(ino)[1:101], "what is in zero_blocks is not the gap"
        data[BS:101 * BS] = bytes(100 * BS)
    assert bytes(data) == want


def test_zero_blocks_are_written_one_by_one(machine):
    """Layout C: a write into the gap clears the block's bit, and its other bytes are zeros."""
    disk = Disk(machine, "C")
    disk.check("printf end | dd of=f bs=4096 seek=5 status=none; "
               "printf mid | dd of=f bs=1 seek=8292 conv=notrunc status=none")
    img = disk.off()
    b = blocks(img, "/f")
    assert [img.bit(img.l.zero, x - 2) for x in b] == [1, 1, 0, 1, 1, 0]
    assert img.d[b[2] * BS:(b[2] + 1) * BS] == bytes(100) + b"mid" + bytes(BS - 103)
    disk.mount()
    disk.check("echo x > x; dd if=/dev/zero bs=4096 count=1 status=none >> f; cp f /tmp/f")	# it moves
    img = disk.off()
    c = blocks(img, "/f")
    assert c != b[:1] and len(c) == 7
    assert [img.bit(img.l.zero, x - 2) for x in c][:6] == [1, 1, 0, 1, 1, 0]
    disk.mount()
    disk.check(": > f")
    img = disk.off()
    assert not any(img.bit(img.l.zero, k) for k in range(BLOCKS)), "bits of blocks that are free again"


def test_an_empty_file_has_no_blocks(disk):
    before = disk.free()
    disk.check("touch t")
    assert disk.stat("t") == (0, 0)
    assert disk.free() == (before[0], before[1] - 1)
    img = disk.off()
    assert img.inode(img.paths["/t"], "block") == (2**64 - 1 if disk.layout == "A" else 0)
    assert img.inode(img.paths["/t"], "nblocks") == 0
    disk.mount()
    disk.check("rm t")	# the reference driver freed a bit for it
    assert disk.free() == before
    disk.off()


def test_truncate(disk):
    """What is past the end is free, and reads as zeros if the file grows again."""
    before = disk.free()[0]
    disk.check("yes | dd of=f bs=4096 count=10 iflag=fullblock status=none")
    disk.check("dd if=/dev/null of=f bs=1 seek=5000 status=none")
    assert disk.stat("f") == (5000, 16)
    assert disk.free()[0] == before - 2 - (disk.layout == "B")
    disk.check("dd if=/dev/null of=f bs=1 seek=50000 status=none")
    want = (b"y\n" * BS)[:5000] + bytes(45000)
    disk.check("cp f /tmp/f; cp f g; rm f; mv g f")
    disk.again()
    disk.check("cmp f /tmp/f")
    assert content(disk.off(), "/f") == want
    disk.mount()
    disk.check(": > f")
    assert disk.free()[0] == before
    img = disk.off()
    assert img.inode(img.paths["/f"], "size") == img.inode(img.paths["/f"], "nblocks") == 0


def test_longer_by_truncation(disk):
    """A size that grows without a write: zeros, on a disk full of rubbish, and room for them."""
    disk.check("echo x > x; dd if=/dev/null of=hello.txt bs=1 seek=20000 status=none")
    assert disk.stat("hello.txt") == (20000, 40 if disk.layout != "B" else 8)
    disk.check("cp hello.txt /tmp/f")
    disk.again()
    disk.check("cmp hello.txt /tmp/f; tail -c 19000 hello.txt | hexdump -C | head -n 1 | grep '00 00 00 00'")
    disk.refused("dd if=/dev/null of=hello.txt bs=4096 seek=600 status=none", "File too large")
    if disk.layout != "B":
        disk.check("cat hello.txt > y; cat y > z")
        disk.refused("dd if=/dev/null of=x bs=4096 seek=325 status=none", "No space left")
        assert disk.stat("x") == (2, 8)
    disk.off()


def test_a_full_disk(disk):
    before = disk.free()
    disk.check("echo keep > keep")
    disk.refused("dd if=/dev/zero of=a bs=4096", "No space left on device")
    assert disk.free()[0] == 0
    disk.refused("echo x > new", "No space left on device")
    disk.refused("mkdir dir", "No space left on device")
    disk.refused("cp /bin/sh prog", "No space left on device")
    assert disk.check("cat keep; wc -c < new").split() == ["keep", "0"]
    disk.check("rm new prog a; echo room > new")
    assert disk.free() == (before[0] - 2, before[1] - 2)
    img = disk.off()
    assert content(img, "/new") == b"room\n" and content(img, "/keep") == b"keep\n"


def test_a_write_that_half_fits(contiguous):
    """As much as there is room for is written; the file ends there. It cannot use block 3, which lies apart."""
    disk = contiguous
    disk.run("dd if=/dev/zero of=a bs=4096 status=none")
    disk.check("dd if=/dev/null of=a bs=4096 seek=320 status=none; rm hello.txt")
    result = disk.run("yes | dd of=b bs=65536 count=2 iflag=fullblock status=none")
    assert result.status != 0 and "No space left" in result.output
    img = disk.off()
    n = img.inode(img.paths["/b"], "nblocks")
    assert n == 14 and content(img, "/b") == (b"y\n" * 65536)[:n * BS]

# ---------------------------------------------------------------- names


def test_the_same_files_for_ever(disk):
    before = disk.free()
    disk.check("for r in $(seq 1 10); do for i in $(seq 1 14); do touch f$i || exit 1; done; rm f* || exit 1; done")
    disk.check("for r in $(seq 1 5); do for i in $(seq 1 14); do echo $r > f$i || exit 1; done; rm f* || exit 1; done")
    assert disk.free() == before
    disk.off()


def test_a_full_directory(disk):
    disk.check("mkdir d; touch other; cd d; for i in $(seq 1 32); do touch f$i || break; done")
    before = disk.free()
    for command in ("touch g", "mkdir g", "ln f1 g", "mv ../other g"):
        disk.refused(command, "No space left on device")
    assert disk.free() == before
    disk.check("mv f1 g; mv ../other f2; rm f3; touch f3; cd ..")
    disk.off()


def test_a_full_inode_store(disk):
    most = INODES[disk.layout]
    disk.check("mkdir d e; for x in d e .; do for i in $(seq 1 32); do touch $x/$i || break; done; done 2>/dev/null; :")
    blocks_free, inodes = disk.free()
    assert inodes == 0
    disk.check("rm d/1")
    disk.check("touch e/new || touch d/new")
    for command in ("touch d/no d/no2", "mkdir d/no"):
        disk.refused(command, "No space left on device")
    assert disk.free() == (blocks_free, 0)
    assert len(disk.off().paths) == most


def test_names(disk):
    long = "x" * 118
    disk.check(f"echo ok > {long}; echo 1 > na; echo 2 > nam; echo 3 > name; rm nam")
    assert disk.check(f"cat {long} na name") == "ok\n1\n3\n"
    disk.refused("cat nam", "No such file")
    disk.refused("cat n", "No such file")
    for command in (f"touch {long}x", f"mkdir {long}x", f"ln na {long}x", f"mv na {long}x"):
        disk.refused(command, "File name too long")
    img = disk.off()
    assert f"/{long}" in img.paths


def test_directories(disk):
    before = disk.free()
    disk.check("mkdir d d/e; touch d/e/f; ln d/e/f d/g")
    disk.refused("rmdir d", "Directory not empty")
    disk.refused("rmdir hello.txt", "Not a directory")
    assert disk.check("stat -c %h . d d/e d/g").split() == ["3", "3", "2", "2"]
    img = disk.off()
    assert img.inode(img.paths["/d"], "nlink") == 3 and img.inode(1, "nlink") == 3
    disk.mount()
    disk.check("rm -r d")
    assert disk.free() == before
    disk.off()


def test_types_of_names(disk):
    """readdir's d_type is that of the file itself and not of the directory: rm -r believes it."""
    disk.check("mkdir d d/e; echo x > d/f; rm -r d")
    assert set(disk.off().paths) == {"/", "/hello.txt"}


def test_rename(disk):
    disk.check("echo a > a; echo b > b; mkdir d e; echo c > d/c; mv a b; mv b d/x; mv d e/f")
    assert disk.check("cat e/f/x e/f/c") == "a\nc\n"
    img = disk.off()
    assert set(img.paths) == {"/", "/hello.txt", "/e", "/e/f", "/e/f/c", "/e/f/x"}

# ---------------------------------------------------------------- open, running, at once


def test_an_unlinked_file_that_is_open(disk):
    before = disk.free()
    disk.check("exec 3> u 4< u; rm u; echo still here >&3; echo other > other; "
               "dd if=/dev/zero bs=4096 count=3 status=none >&3")
    assert disk.check("dd bs=11 count=1 status=none <&4") == "still here\n"
    disk.check("exec 3>&- 4<&-; rm other")
    assert disk.free() == before
    disk.off()


def test_programs_run_from_the_disk(disk):
    disk.check("cp /bin/sh prog; chmod 755 prog")
    assert disk.check("./prog -c 'echo from the disk'") == "from the disk\n"
    disk.again()
    assert disk.check("./prog -c 'echo from the disk'") == "from the disk\n"
    disk.refused("./prog -c 'echo x >> prog'", "Text file busy")
    disk.check("cmp prog /bin/sh")
    disk.off()


def test_two_writers_at_once(disk):
    """Two files that grow side by side: in A and C they move away from each other again and again."""
    n = 120000
    disk.check(f"(yes first | head -c {n} | dd bs=4096 iflag=fullblock status=none > a) & "
               f"(yes second | head -c {n} | dd bs=4096 iflag=fullblock status=none > b) & wait")
    img = disk.off()
    assert content(img, "/a") == (b"first\n" * n)[:n]
    assert content(img, "/b") == (b"second\n" * n)[:n]
    assert not set(blocks(img, "/a")) & set(blocks(img, "/b"))


def test_readers_of_a_file_that_moves(disk):
    """While a file grows and moves others read it, from the disk: they never see another's bytes."""
    disk.check("yes mine | head -c 40000 > a; echo x > x; sync")
    disk.check("(for i in $(seq 1 12); do yes mine | head -c 4000 >> a; yes other | head -c 4096 > x$i; sync; "
               "done; echo done > /tmp/done) & "
               "while [ ! -e /tmp/done ]; do echo 1 > /proc/sys/vm/drop_caches; "
               "sort -u a 2>/dev/null | grep -v '^mine$' | grep . | grep -v '^m*i*n*e*$' && echo BAD; done; wait")
    img = disk.off()
    assert content(img, "/a") == (b"mine\n" * 100000)[:40000] + (b"mine\n" * 1000)[:4000] * 12


def test_mappings_readers_and_writers_of_files_that_move(disk):
    """The program runs on Linux and on tmpfs, too; here the file moves on the disk meanwhile."""
    before = disk.free()
    disk.teak.run_tap("/p/moving /mnt")
    assert disk.free() == before
    disk.off()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_repaired_disks_can_be_mounted(machine, healthy, layout):
    """Random damage, as in test_ezfs_repair.py: as it is it does the kernel no harm; repaired, all can be read."""
    disk = Disk(machine, layout)
    for n in range(MOUNTS):
        seed = SEED * 7919 + n
        img = Image(layout, healthy[layout])
        damage(img, random.Random(seed))
        print(f"EZFS_SEED={SEED}, disk {n}")
        for repaired in (False, True):
            disk.unmount()
            disk.image.write_bytes(bytes(img.d).ljust(BLOCKS * BS, b"\0"))
            if repaired:
                assert run("fsck.ezfs", "-y", disk.image)[0] in (0, 1)
                disk.mount()
                disk.check("ls -R >/dev/null; for f in * */* */*/*; do "
                           "if [ -f $f ]; then cat $f > /dev/null || exit 1; fi; done")
            elif disk.run(f"mount -t ezfs {disk.dev} /mnt && cd /mnt").status == 0:
                disk.run("for f in * */* */*/*; do cat $f > /dev/null; echo x >> $f; done 2>/dev/null; rm -r *")
            else:
                disk.check("mount -t tmpfs none /mnt")
        disk.unmount()
        assert run("fsck.ezfs", "-n", disk.image)[0] == 0
        disk.mount()


def test_sync_then_everything_again(disk):
    disk.check("mkdir -p d/e; echo one > d/e/1; ln d/e/1 two; cp /bin/ls prog; chmod 751 prog; chmod 640 two; "
               "sync prog d/e/1")
    before = disk.check("ls -liR . | grep -v total; stat -c %n:%Y:%Z hello.txt d d/e/1 prog")
    disk.again()
    assert disk.check("ls -liR . | grep -v total; stat -c %n:%Y:%Z hello.txt d d/e/1 prog") == before
    disk.check("cmp prog /bin/ls")
    disk.off()


def test_times(disk):
    """Layout C keeps whole seconds, in memory too; A and B nanoseconds."""
    disk.check("touch t")
    date = disk.check("stat -c %y t")
    fraction = re.search(r"\.(\d{9})", date).group(1)
    if disk.layout == "C":
        assert fraction == "000000000"
    disk.again()
    assert disk.check("stat -c %y t") == date
    disk.off()
