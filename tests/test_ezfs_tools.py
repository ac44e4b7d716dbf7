# SPDX-License-Identifier: MIT
"""
mkfs.ezfs and format_disk_as_ezfs: what they make, what they refuse, and, with fsck.ezfs, random
folders and a fuzzing of about a minute. What fsck.ezfs finds is in test_ezfs_fsck.py.
"""
import os
import random
import stat
import struct
import subprocess
from pathlib import Path

import pytest

from ezfs_image import (BS, BUILD, HOST, LAYOUTS, NONE, SEED, TOP, Image, assert_clean, built,
                        exercise, fsck, healthy, mkfs, pattern, random_device, refused, run)

ROUNDS = int(os.environ.get("EZFS_ROUNDS", "1000000"))	# a million take about a minute


# ---------------------------------------------------------------- what mkfs makes


@pytest.mark.parametrize("layout", "ABC")
@pytest.mark.parametrize("tool", ["mkfs.ezfs", "format_disk_as_ezfs"])
def test_fresh_disk_byte_for_byte(tmp_path, layout, tool):
    """On a device full of random bytes: blocks 0 to 3 are exactly these, the rest is untouched."""
    dev = random_device(tmp_path / "disk", 50)
    before = dev.read_bytes()
    mkfs("-L", layout, *([dev, 50] if tool[0] == "f" else [dev]), tool=tool)
    after = dev.read_bytes()

    sb, t = bytearray(BS), 1700000000
    if layout == "A":
        struct.pack_into("<QQII11I", sb, 0, 1, 0x4118, 3, 0, 3, *[0] * 10)
        root = struct.pack("<III4xqqqqqqI4xQQQ", 0o40777, 0, 0, t, 0, t, 0, t, 0, 2, 2, 4096, 1)
        file = struct.pack("<III4xqqqqqqI4xQQQ", 0o100666, 0, 0, t, 0, t, 0, t, 0, 1, 3, 13, 1)
    elif layout == "B":
        struct.pack_into("<QQQIII", sb, 0, 1, 0x4118, 50, 3, 0, 3)
        root = struct.pack("<III4xqqqqqqI4xQQQQ", 0o40777, 0, 0, t, 0, t, 0, t, 0, 2, 2, 0, 4096, 1)
        file = struct.pack("<III4xqqqqqqI4xQQQQ", 0o100666, 0, 0, t, 0, t, 0, t, 0, 1, 3, 0, 13, 1)
    else:
        struct.pack_into("<QQQIII", sb, 0, 1, 0x4118, 50, 3, 0, 3)
        root = struct.pack("<III4xqqqI4xQQQ", 0o40777, 0, 0, t, t, t, 2, 2, 4096, 1)
        file = struct.pack("<III4xqqqI4xQQQ", 0o100666, 0, 0, t, t, t, 1, 3, 13, 1)
    want = bytes(sb)
    want += (root + file).ljust(BS, b"\0")
    want += struct.pack("<QB119s", 2, 1, b"hello.txt").ljust(BS, b"\0")
    want += b"Hello world!\n".ljust(BS, b"\0")
    for b in range(4):
        assert after[b * BS:(b + 1) * BS] == want[b * BS:(b + 1) * BS], f"block {b} differs"
    assert after[4 * BS:] == before[4 * BS:], "blocks that nothing uses were written to"
    assert_clean(dev)


@pytest.mark.parametrize("layout", "ABC")
@pytest.mark.parametrize("how", ["format_disk_as_ezfs", "mkfs.ezfs"])
def test_exercise_disk(tmp_path, exercise, layout, how):
    """The inode and block numbers of the course's exercise."""
    dev = random_device(tmp_path / "disk", 60)
    if how == "mkfs.ezfs":
        (exercise / "hello.txt").write_bytes(b"Hello world!\n")
        mkfs("-L", layout, dev, exercise)
    else:
        mkfs("-L", layout, dev, 60, exercise, tool=how)
    img = Image(layout, dev.read_bytes())
    assert img.tree() == {"/": 1, "/hello.txt": 2, "/subdir": 3, "/subdir/names.txt": 4,
                          "/subdir/big_img.jpeg": 5, "/subdir/big_txt.txt": 6}
    assert [img.inode(i, "nlink") for i in range(1, 7)] == [3, 1, 2, 1, 1, 1]
    assert [img.inode(i, "size") for i in range(1, 7)] == [4096, 13, 4096, 16, 29296, 4169]
    assert [img.inode(i, "nblocks") for i in range(1, 7)] == [1, 1, 1, 1, 8, 2]
    assert [img.blocks(i) for i in range(1, 7)] == [
        [2], [3], [4], [5], list(range(6, 14)), [14, 15]]
    assert img.used_inodes() == set(range(1, 7))
    if layout == "B":
        assert [img.inode(i, "indirect") for i in range(1, 7)] == [0, 0, 0, 0, 16, 17]
        assert img.used_blocks() == set(range(2, 18))
        for ind, n in ((16, 7), (17, 1)):	# the rest of a fresh indirect block is zero
            assert img.d[ind * BS + 8 * n:(ind + 1) * BS] == bytes(BS - 8 * n)
    else:
        assert img.used_blocks() == set(range(2, 16))
    for name in ("names.txt", "big_img.jpeg", "big_txt.txt"):
        no = img.tree()["/subdir/" + name]
        assert img.read(no) == (exercise / "subdir" / name).read_bytes()
        last = img.blocks(no)[-1]
        tail = img.inode(no, "size") % BS
        assert img.d[last * BS + tail:(last + 1) * BS] == bytes(BS - tail), "tail not zeroed"
    if how != "mkfs.ezfs":
        assert img.inode(1, "mode") == 0o40777
    assert_clean(dev)


def test_mkfs_stores_exactly_the_folder(tmp_path):
    src = tmp_path / "src"
    src.mkdir(mode=0o750)
    (src / "x").write_bytes(b"x")
    (src / "x").chmod(0o4711)
    mkfs("-s", 10, tmp_path / "disk", src)
    img = Image("B", (tmp_path / "disk").read_bytes())
    assert img.tree() == {"/": 1, "/x": 2}
    assert img.inode(1, "mode") == 0o40750 and img.inode(2, "mode") == 0o104711


def test_course_tool_prefers_the_folders_hello(tmp_path):
    src = tmp_path / "src"
    src.mkdir()
    (src / "hello.txt").write_bytes(b"mine")
    mkfs(tmp_path / "disk", 10, src, tool="format_disk_as_ezfs")
    img = Image("B", (tmp_path / "disk").read_bytes())
    assert img.tree() == {"/": 1, "/hello.txt": 2} and img.read(2) == b"mine"


def test_hard_links_and_empty_files(tmp_path):
    src = tmp_path / "src"
    (src / "d").mkdir(parents=True)
    (src / "a").write_bytes(b"shared")
    os.link(src / "a", src / "b")
    os.link(src / "a", src / "d/c")
    os.link(src / "a", tmp_path / "outside")	# a name outside the tree does not count
    (src / "empty").touch()
    big = src / "d/big1"
    big.write_bytes(pattern(10000))
    os.link(big, src / "d/big2")
    mkfs("-s", 20, tmp_path / "disk", src)
    img = Image("B", (tmp_path / "disk").read_bytes())
    t = img.tree()
    assert t["/a"] == t["/b"] == t["/d/c"] and img.inode(t["/a"], "nlink") == 3
    assert t["/d/big1"] == t["/d/big2"] and img.inode(t["/d/big1"], "nlink") == 2
    assert img.read(t["/d/big2"]) == pattern(10000)
    assert img.inode(t["/empty"], "nblocks") == img.inode(t["/empty"], "size") == 0
    assert img.inode(t["/empty"], "block") == 0
    assert len(img.used_inodes()) == 5
    assert_clean(tmp_path / "disk")


@pytest.mark.parametrize("layout,none", [("A", NONE), ("B", 0), ("C", 0)])
def test_no_block_of_an_empty_file(tmp_path, layout, none):
    src = tmp_path / "src"
    src.mkdir()
    (src / "e").touch()
    mkfs("-L", layout, "-s", 3, tmp_path / "disk", src)
    assert Image(layout, (tmp_path / "disk").read_bytes()).inode(2, "block") == none
    assert_clean(tmp_path / "disk")


def test_order_is_by_bytes_and_small_before_large(tmp_path):
    src = tmp_path / "src"
    src.mkdir()
    for name in (b"b", b"B", b"a", b"\xc3\xa4", b"a.b", b"ab"):
        (Path(os.fsdecode(os.fsencode(src) + b"/" + name))).write_bytes(b"1")
    (src / "Alarge").write_bytes(bytes(BS + 1))
    (src / "exactly-one").write_bytes(bytes(BS))
    mkfs("-s", 20, tmp_path / "disk", src)
    img = Image("B", (tmp_path / "disk").read_bytes())
    assert [(s, i, n) for s, i, n in img.entries(1)] == [
        (i, i + 2, n) for i, n in enumerate(
            [b"B", b"a", b"a.b", b"ab", b"b", b"exactly-one", b"\xc3\xa4", b"Alarge"])]


def test_same_input_same_image(tmp_path, exercise):
    a, b = tmp_path / "a", tmp_path / "b"
    mkfs("-s", 60, a, exercise)
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", exercise, copy], check=True)
    subprocess.run(["touch", "-d", "2001-01-01", *copy.rglob("*")], check=True)
    mkfs("-s", 60, b, copy)
    assert a.read_bytes() == b.read_bytes()


def test_times_and_owner(tmp_path):
    src = tmp_path / "src"
    src.mkdir()
    (src / "f").touch()
    os.utime(src / "f", ns=(5, 1234567890_123456789))
    dev = tmp_path / "disk"
    mkfs("-s", 5, "-o", "1000:4294967295", dev, src, epoch=None)
    img = Image("B", dev.read_bytes())
    assert img.inode(2, "mtime") == 1234567890 and img.get(img.at(2, "mtime") + 8) == 123456789
    assert img.inode(2, "ctime") > 1600000000
    assert (img.inode(2, "uid"), img.inode(2, "gid")) == (1000, 2**32 - 1)
    mkfs("-L", "C", "-s", 5, dev, src, epoch=None)
    assert Image("C", dev.read_bytes()).inode(2, "mtime") == 1234567890
    mkfs("-s", 5, dev, src, epoch="77")
    img = Image("B", dev.read_bytes())
    for f in ("atime", "mtime", "ctime"):
        assert img.inode(2, f) == 77 and img.get(img.at(2, f) + 8) == 0
    os.utime(src / "f", ns=(0, -1_500000000))		# before 1970
    mkfs("-s", 5, dev, src, epoch=None)
    img = Image("B", dev.read_bytes())
    assert img.inode(2, "mtime") == 2**64 - 2 and img.get(img.at(2, "mtime") + 8) == 500000000
    assert_clean(dev)


def test_image_file_sizes(tmp_path):
    new, small, large = tmp_path / "new", tmp_path / "small", tmp_path / "large"
    mkfs("-s", 7, new)
    assert new.stat().st_size == 7 * BS
    small.write_bytes(b"x" * 100)
    mkfs("-s", 7, small)
    assert small.stat().st_size == 7 * BS
    random_device(large, 20)
    mkfs("-s", 7, large)
    img = Image("B", large.read_bytes())
    assert len(img.d) == 20 * BS and img.get(16) == 7
    odd = tmp_path / "odd"
    odd.write_bytes(bytes(9 * BS + 17))
    mkfs(odd)
    assert Image("B", odd.read_bytes()).get(16) == 9 and odd.stat().st_size == 9 * BS + 17
    for f in (new, small, large, odd):
        assert_clean(f)


@pytest.mark.parametrize("layout", "ABC")
def test_largest_disk(tmp_path, layout):
    most = LAYOUTS[layout].blocks + 2
    dev = tmp_path / "disk"
    mkfs("-L", layout, "-s", most, dev)
    assert_clean(dev)
    dev.unlink()
    assert f"too large: {most + 1} blocks" in refused("-L", layout, "-s", most + 1, dev)
    assert not dev.exists()


def test_largest_file_and_full_limits(tmp_path):
    """513 blocks in a file, 38 nested directories with the longest names, 32 entries: all fit."""
    src = tmp_path / "src"
    src.mkdir()
    (src / "max").write_bytes(pattern(513 * BS))
    dev = tmp_path / "disk"
    mkfs("-s", 517, dev, src)
    img = Image("B", dev.read_bytes())
    assert img.read(2) == pattern(513 * BS) and img.inode(2, "indirect") == 516
    assert_clean(dev)
    assert refused("-s", 516, dev, src) == \
        f"mkfs.ezfs: {dev}: too small: 516 blocks, and 517 are needed"

    deep = tmp_path / "deep"
    deep.mkdir()
    here = os.getcwd()
    try:
        os.chdir(deep)
        for _ in range(38):
            os.mkdir("n" * 118)
            os.chdir("n" * 118)
    finally:
        os.chdir(here)
    mkfs("-s", 60, dev, deep)
    assert_clean(dev)
    status, out, _ = run("fsck.ezfs", "-l", dev)
    assert status == 0 and out.decode().splitlines()[-1].endswith("/" + "/".join(["n" * 118] * 38))

    wide = tmp_path / "wide"
    wide.mkdir()
    for i in range(32):
        (wide / f"f{i:02}").write_bytes(b"%d" % i)
    mkfs("-s", 60, dev, wide)
    assert len(Image("B", dev.read_bytes()).entries(1)) == 32
    assert_clean(dev)


def test_layout_a_size_is_the_devices(tmp_path):
    dev = random_device(tmp_path / "disk", 400)
    assert "too large: 400 blocks" in refused("-L", "A", dev)
    assert "does not store the disk's size, so it cannot use 300 blocks of 400" in \
        refused("-L", "A", "-s", 300, dev)
    mkfs("-L", "A", "-s", 338, dev)
    assert_clean(dev)


def test_mkfs_does_not_say_valid_before_it_is(tmp_path):
    """Files that have more or less in them than their size says (as those in /proc have) end mkfs,
    and what was on the device is no EZFS any more."""
    dev = random_device(tmp_path / "disk", 20)
    mkfs(dev)
    assert refused(dev, "/proc/sys/kernel/random").endswith("changed while it was being stored")
    status, found = fsck(dev)
    assert status == 4 and "not an EZFS" in found[0]
    new = tmp_path / "new"
    refused("-s", 20, new, "/proc/sys/kernel/random")
    assert not new.exists()


# ---------------------------------------------------------------- what mkfs refuses


def test_mkfs_refuses_what_does_not_fit(tmp_path):
    dev, src = tmp_path / "disk", tmp_path / "src"
    random_device(dev, 60)
    before = dev.read_bytes()

    def attempt(*opts):
        err = refused(*opts, dev, src)
        assert dev.read_bytes() == before, "the device was written to"
        return err

    src.mkdir()
    (src / ("n" * 119)).touch()
    assert attempt() == (f"mkfs.ezfs: {src}/{'n' * 119}: name too long: 119 bytes, and EZFS takes "
                         "at most 118")
    (src / ("n" * 119)).rename(src / ("n" * 118))
    (src / "d").mkdir()
    (src / "d/link").symlink_to("x")
    only = "EZFS has only files and directories"
    assert attempt() == f"mkfs.ezfs: {src}/d/link: is a symbolic link; {only}"
    (src / "d/link").unlink()
    os.mkfifo(src / "d/fifo")
    assert attempt() == f"mkfs.ezfs: {src}/d/fifo: is a FIFO; {only}"
    (src / "d/fifo").unlink()
    if os.geteuid() == 0:
        try:
            os.mknod(src / "d/dev", stat.S_IFCHR | 0o600, os.makedev(1, 3))
        except PermissionError:
            pass
        else:
            assert attempt() == f"mkfs.ezfs: {src}/d/dev: is a character device; {only}"
            (src / "d/dev").unlink()
    with open(src / "d/f", "wb") as f:
        f.truncate(513 * BS + 1)
    assert attempt() == (f"mkfs.ezfs: {src}/d/f: file too large: 2101249 bytes, and a file in "
                         "layout B has at most 513 blocks (2101248 bytes)")
    (src / "d/f").unlink()
    for i in range(33):
        (src / f"d/{i}").touch()
    assert attempt() == (f"mkfs.ezfs: {src}/d: too many entries: 33, and a directory in EZFS has "
                         "room for 32")
    (src / "d/32").unlink()
    (src / "e").mkdir()
    for i in range(4):
        (src / f"e/{i}").touch()
    assert attempt() == (f"mkfs.ezfs: {src}/{'n' * 118}: too many inodes: layout B has 39, for "
                         "all files and directories together with the root")
    (src / "e/3").unlink()
    mkfs(dev, src)			# exactly 39
    assert_clean(dev)
    before = dev.read_bytes()
    (src / "e/0").write_bytes(bytes(56 * BS))
    assert attempt() == f"mkfs.ezfs: {dev}: too small: 60 blocks, and 62 are needed"
    (src / "image").hardlink_to(dev)
    (src / "e/1").unlink()
    assert attempt() == f"mkfs.ezfs: {src}/image: is the very device that is to be written"


def test_mkfs_write_errors(tmp_path, exercise):
    """A device that cannot be written: an error, no half-made image, nothing that looks healthy."""
    new, old = tmp_path / "new", random_device(tmp_path / "old", 60)
    assert refused("-s", 60, new, exercise, file_size=30 * BS) == \
        f"mkfs.ezfs: {new}: File too large"
    assert not new.exists()
    assert refused(old, exercise, file_size=10 * BS) == \
        f"mkfs.ezfs: {old}: block 10: File too large"
    assert "not an EZFS" in fsck(old)[1][0]
    assert refused("-q", old, status=2).endswith("invalid option -- 'q'")


def test_mkfs_room_for_hello(tmp_path):
    src = tmp_path / "src"
    src.mkdir()
    for i in range(32):
        (src / f"{i}").touch()
    assert "too many entries: 33" in refused(tmp_path / "d", 50, src, tool="format_disk_as_ezfs")


def test_mkfs_wrong_use(tmp_path):
    dev = tmp_path / "disk"
    assert refused(status=2) == "mkfs.ezfs: too few arguments"
    assert refused(1, 2, 3, status=2) == "mkfs.ezfs: too many arguments"
    assert refused("-L", "D", dev, status=2) == 'mkfs.ezfs: "D" is not a layout: A, B or C'
    assert refused("-L", "", dev, status=2) == 'mkfs.ezfs: "" is not a layout: A, B or C'
    for bad in ("0", "-5", "x", "12x", "", " 7", "99999999999999999999999"):
        assert refused("-s", bad, dev, status=2) == f'mkfs.ezfs: "{bad}" is not a number of blocks'
    for bad in ("5", "5:", ":5", "a:b", "1:2:3", "4294967296:0", "-1:0"):
        assert refused("-o", bad, dev, status=2) == f'mkfs.ezfs: "{bad}" is not UID:GID'
    assert "SOURCE_DATE_EPOCH" in refused("-s", 9, dev, status=2, epoch="yesterday")
    f = "format_disk_as_ezfs"
    assert refused(dev, tool=f, status=2) == f"{f}: too few arguments"
    assert refused(dev, "many", tool=f, status=2) == f'{f}: "many" is not a number of blocks'
    assert refused(dev, 2, tool=f) == f"{f}: {dev}: too small: 2 blocks, and 4 are needed"
    assert refused(dev, 19971, tool=f) == (f"{f}: {dev}: too large: 19971 blocks, and layout B has "
                                           "at most 19970 (2 and 19968 data blocks)")
    assert refused("-s", 2**63, dev).startswith(f"mkfs.ezfs: {dev}: too large")
    assert not dev.exists()
    assert refused(dev) == f"mkfs.ezfs: {dev}: no such file; with -s BLOCKS it is made"
    for other in (tmp_path, "/dev/null"):
        assert refused("-s", 9, other) == \
            f"mkfs.ezfs: {other}: is neither a file nor a block device"
    assert refused("-s", 9, tmp_path / "no/disk").endswith("no/disk: No such file or directory")
    assert refused("-s", 9, dev, tmp_path / "nowhere").endswith("nowhere: No such file or "
                                                                "directory")
    (tmp_path / "file").touch()
    assert refused("-s", 9, dev, tmp_path / "file").endswith("file: Not a directory")
    assert not dev.exists()
    for tool in ("mkfs.ezfs", f):
        status, out, _ = run(tool, "-h")
        assert status == 0 and out.startswith(b"usage: " + tool.encode())


def test_mkfs_says_what_it_made(tmp_path):
    dev = tmp_path / "disk"
    assert mkfs("-v", "-s", 9, dev) == \
        f"{dev}: EZFS, layout B: 2 of 39 inodes, 4 of 9 blocks in use\n"


def test_wrappers(tmp_path):
    """The commands in scripts/, from another folder and by a symbolic link."""
    env = dict(os.environ, BUILD=BUILD)
    (tmp_path / "mk").symlink_to(TOP / "scripts/mkfs.ezfs")
    subprocess.run(["./mk", "-s", "9", "disk"], cwd=tmp_path, env=env, check=True)
    subprocess.run([TOP / "scripts/format_disk_as_ezfs", "disk2", "9"], cwd=tmp_path, env=env,
                   check=True)
    for d in ("disk", "disk2"):
        out = subprocess.run([TOP / "scripts/fsck.ezfs", d], cwd=tmp_path, env=env, check=True,
                             capture_output=True)
        assert out.stdout == f"{d}: clean\n".encode()

# ---------------------------------------------------------------- random


def random_tree(rng, top, layout):
    """A random folder within a layout's limits: {path: contents, None for a directory}."""
    left = rng.randint(0, LAYOUTS[layout].inodes - 1)
    blocks = 300
    made = {"": None}
    dirs = [""]
    files = []
    while left:
        parent = rng.choice(dirs)
        if sum(1 for p in made if p and p.rpartition("/")[0] == parent) >= 32:
            if all(sum(1 for p in made if p and p.rpartition("/")[0] == d) >= 32 for d in dirs):
                break
            continue
        length = rng.choice([1, 2, 3, 10, 118])
        raw = bytes(rng.choice([c for c in range(1, 256) if c != 0x2f]) for _ in range(length))
        if raw in (b".", b".."):
            continue
        path = (parent + "/" + os.fsdecode(raw)) if parent else os.fsdecode(raw)
        if path in made:
            continue
        host = os.path.join(top, path)
        kind = rng.random()
        if kind < 0.25:
            os.mkdir(host)
            dirs.append(path)
            made[path] = None
        elif kind < 0.35 and files:
            target = rng.choice(files)
            os.link(os.path.join(top, target), host)
            made[path] = made[target]
            left += 1		# a further name costs no inode
        else:
            size = rng.choice([0, 0, 1, 13, 4095, 4096, 4097, 8192, 29296,
                               rng.randint(0, 40 * BS)])
            if -(-size // BS) > blocks - 100:
                size = 0
            blocks -= -(-size // BS)
            made[path] = rng.randbytes(size)
            with open(host, "wb") as f:
                f.write(made[path])
            files.append(path)
        left -= 1
    return made


@pytest.mark.parametrize("number", range(60))
def test_random_trees(tmp_path, number):
    """A random folder on a disk of random bytes: clean, and all is read back the same."""
    rng = random.Random(f"{SEED}-{number}")
    layout = "ABC"[number % 3]
    src = tmp_path / "src"
    src.mkdir()
    made = random_tree(rng, os.fspath(src), layout)
    dev = random_device(tmp_path / "disk", 338, number)
    mkfs("-L", layout, dev, src)
    assert_clean(dev)
    img = Image(layout, dev.read_bytes())
    tree = img.tree()
    assert set(tree) == {"/" + p for p in made}
    by_host = {}
    for path, data in made.items():
        ino, st = tree["/" + path], os.lstat(src / path if path else src)
        assert img.inode(ino, "mode") == st.st_mode
        assert by_host.setdefault(st.st_ino, ino) == ino
        if data is not None:
            assert img.read(ino) == data
            assert img.inode(ino, "nlink") == st.st_nlink
            status, out, _ = run("fsck.ezfs", "-x", os.fsencode("/" + path), dev, san=False)
            assert (status, out) == (0, data)
    assert len(set(tree.values())) == len(by_host) == len(img.used_inodes())
    assert len(run("fsck.ezfs", "-l", dev)[1].splitlines()) == len(made)


@pytest.mark.slow
def test_fuzz_fsck(healthy, tmp_path):
    """Damaged images by the hundred thousand: the checker never crashes, overruns or hangs."""
    images = []
    for layout in "ABC":
        dev = tmp_path / layout
        dev.write_bytes(healthy[layout])
        images.append(dev)
    print(f"seed {SEED}, {ROUNDS} rounds")
    p = subprocess.run([HOST / "fuzz-ezfs", "-s", str(SEED), "-n", str(ROUNDS), *images],
                       capture_output=True, timeout=1800)
    print(p.stdout.decode(), p.stderr.decode())
    assert p.returncode == 0, p.stderr.decode()
