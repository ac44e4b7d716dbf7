# SPDX-License-Identifier: MIT
"""
EZFS images for the tests: a reader and changer of the format that knows nothing of the tools' own
code, the tools' runner, and the folders and images that tests share.

Random parts have a fixed seed; EZFS_SEED in the environment gives another.
"""
import os
import random
import resource
import stat
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
BUILD = os.environ.get("BUILD") or "build"	# as make has it: relative to TOP or absolute
HOST = TOP / BUILD / "host"
SEED = int(os.environ.get("EZFS_SEED", "4118"))
BS = 4096
NONE = 2**64 - 1


class Layout:
    def __init__(self, inode_size, inodes, blocks, fields, free_inodes, free_data, zero):
        self.inode_size, self.inodes, self.blocks, self.fields = inode_size, inodes, blocks, fields
        self.free_inodes, self.free_data, self.zero = free_inodes, free_data, zero
        self.indexed = "indirect" in fields


LAYOUTS = {
    "A": Layout(96, 42, 336, dict(mode=0, uid=4, gid=8, atime=16, mtime=32, ctime=48, nlink=64,
                                  block=72, size=80, nblocks=88), 16, 24, None),
    "B": Layout(104, 39, 19968, dict(mode=0, uid=4, gid=8, atime=16, mtime=32, ctime=48, nlink=64,
                                     block=72, indirect=80, size=88, nblocks=96), 24, 32, None),
    "C": Layout(72, 56, 14336, dict(mode=0, uid=4, gid=8, atime=16, mtime=24, ctime=32, nlink=40,
                                    block=48, size=56, nblocks=64), 24, 32, 1828),
}
NARROW = {"mode", "uid", "gid", "nlink"}


class Image:
    """A disk image in memory, read and changed field by field."""

    def __init__(self, layout, data):
        self.l, self.d = LAYOUTS[layout], bytearray(data)

    def get(self, off, n=8):
        return int.from_bytes(self.d[off:off + n], "little")

    def put(self, off, value, n=8):
        self.d[off:off + n] = value.to_bytes(n, "little")

    def at(self, ino, field):
        return BS + (ino - 1) * self.l.inode_size + self.l.fields[field]

    def inode(self, ino, field):
        return self.get(self.at(ino, field), 4 if field in NARROW else 8)

    def set(self, ino, field, value):
        self.put(self.at(ino, field), value, 4 if field in NARROW else 8)

    def bit(self, vector, k):
        return self.d[vector + k // 32 * 4 + k % 32 // 8] >> k % 8 & 1

    def flip(self, vector, k):
        self.d[vector + k // 32 * 4 + k % 32 // 8] ^= 1 << k % 8

    def slot(self, block, slot):
        return block * BS + slot * 128

    def name(self, block, slot, name):
        off = self.slot(block, slot) + 9
        self.d[off:off + 119] = name + bytes(119 - len(name))

    def add(self, block, slot, ino, name):
        self.put(self.slot(block, slot), ino)
        self.d[self.slot(block, slot) + 8] = 1
        self.name(block, slot, name)

    def entries(self, ino):
        """[(slot, inode, name)] of a directory."""
        out = []
        for s in range(32):
            off = self.slot(self.inode(ino, "block"), s)
            if self.d[off + 8]:
                out.append((s, self.get(off), bytes(self.d[off + 9:off + 128]).split(b"\0")[0]))
        return out

    def blocks(self, ino):
        """The file's blocks in order; None for a hole."""
        n = -(-self.inode(ino, "size") // BS)
        first = self.inode(ino, "block")
        if not self.l.indexed:
            return [first + i for i in range(n)]
        ind = self.inode(ino, "indirect")
        rest = [self.get(ind * BS + 8 * i) if ind else 0 for i in range(n - 1)]
        return [b or None for b in [first] + rest][:n]

    def read(self, ino):
        data = b"".join(bytes(BS) if b is None else bytes(self.d[b * BS:(b + 1) * BS])
                        for b in self.blocks(ino))
        return data[:self.inode(ino, "size")]

    def tree(self, ino=1, path=""):
        """{path: inode number}"""
        out = {path or "/": ino}
        if stat.S_ISDIR(self.inode(ino, "mode")):
            for _, no, name in self.entries(ino):
                out.update(self.tree(no, path + "/" + name.decode("utf-8", "surrogateescape")))
        return out

    def used_inodes(self):
        return {k + 1 for k in range(64) if self.bit(self.l.free_inodes, k)}

    def used_blocks(self):
        return {k + 2 for k in range((self.l.blocks // 32 + 1) * 32)
                if self.bit(self.l.free_data, k)}

# ---------------------------------------------------------------- running the tools


@pytest.fixture(scope="session", autouse=True)
def built():
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    subprocess.run(["make", "-s", "-f", "scripts/ezfs/ezfs.mk", f"BUILD={BUILD}",
                    "ezfs-test-tools"], cwd=TOP, env=env, check=True)


def run(*argv, env=None, epoch="1700000000", san=True, file_size=None):
    """Run a tool, by default the one with sanitizers. Returns (status, stdout, stderr)."""
    e = dict(os.environ, LC_ALL="C")
    e.pop("SOURCE_DATE_EPOCH", None)
    if epoch is not None:
        e["SOURCE_DATE_EPOCH"] = epoch
    e.update(env or {})
    prog = HOST / ("san" if san else ".") / argv[0]
    args = [a if isinstance(a, (bytes, Path)) else str(a) for a in argv[1:]]

    def limits():
        if file_size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    # SIGXFSZ stays ignored, as python has it: a write past the limit gives EFBIG.
    p = subprocess.run([prog, *args], env=e, capture_output=True, timeout=60, preexec_fn=limits,
                       restore_signals=file_size is None)
    err = p.stderr.decode("utf-8", "replace")
    assert "Sanitizer" not in err and "runtime error" not in err, err
    return p.returncode, p.stdout, err


def mkfs(*argv, tool="mkfs.ezfs", **kw):
    status, out, err = run(tool, *argv, **kw)
    assert (status, err) == (0, ""), f"{tool} {argv}: status {status}: {err}"
    return out.decode()


def refused(*argv, tool="mkfs.ezfs", status=1, **kw):
    """The one line of stderr of a tool that must fail."""
    got, out, err = run(tool, *argv, **kw)
    assert got == status, f"{tool} {argv}: status {got}, expected {status}: {out} {err}"
    assert out == b""
    if status == 1:
        assert err.count("\n") == 1, err
    return err.split("\n")[0]


def fsck(image, *opts):
    """(status, [findings]) without the summary line, which is checked."""
    status, out, err = run("fsck.ezfs", *opts, image)
    assert err == "", err
    *found, last, end = out.decode("utf-8", "replace").split("\n")
    assert end == ""
    n = len(found)
    want = f"{image}: clean" if not n else f"{image}: {n} error{'s' if n > 1 else ''}"
    assert last == want
    assert status == (4 if n else 0)
    return status, found


def assert_clean(image, *opts):
    status, found = fsck(image, *opts)
    assert status == 0, f"{image}: expected clean, seen {found}"


def pattern(n, salt=0):
    return random.Random(n * 1000 + salt).randbytes(n)


def random_device(path, blocks, seed=1):
    path.write_bytes(random.Random(seed).randbytes(blocks * BS))
    return path


@pytest.fixture
def exercise(tmp_path):
    """The folder of the course's exercise."""
    src = tmp_path / "exercise"
    (src / "subdir").mkdir(parents=True)
    (src / "subdir/names.txt").write_bytes(b"Alma\nJason\nAndy\n")
    (src / "subdir/big_img.jpeg").write_bytes(pattern(29296))
    (src / "subdir/big_txt.txt").write_bytes(pattern(4169))
    return src


# The disk that is damaged, 40 blocks:    1 / (2)              2 /hello.txt (3), also /z/hard
# 3 /subdir (4)    4 .../names.txt (5)    5 .../big_img.jpeg (6-13)    6 .../big_txt.txt (14-15)
# 7 /z (16)        8 /z/empty             9 /z/in (17)
# In layout B the indirect blocks are 18 (of 5) and 19 (of 6).
HELLO, SUBDIR, NAMES, IMG, TXT, Z, EMPTY, IN = range(2, 10)


@pytest.fixture(scope="session")
def healthy(built, tmp_path_factory):
    tmp = tmp_path_factory.mktemp("healthy")
    src = tmp / "src"
    (src / "subdir").mkdir(parents=True)
    (src / "z/in").mkdir(parents=True)
    (src / "hello.txt").write_bytes(b"Hello world!\n")
    (src / "subdir/names.txt").write_bytes(b"Alma\n")
    (src / "subdir/big_img.jpeg").write_bytes(pattern(29296))
    (src / "subdir/big_txt.txt").write_bytes(pattern(4169))
    (src / "z/empty").touch()
    os.link(src / "hello.txt", src / "z/hard")
    images = {}
    for layout in "ABC":
        dev = random_device(tmp / layout, 40)
        mkfs("-L", layout, dev, src)
        images[layout] = dev.read_bytes()
    return images
