# SPDX-License-Identifier: MIT
"""
A power cut at any moment of a workload on ext2: what docs/ext2.md promises holds on each disk that can come of it
(powercut.py), once e2fsck has repaired it. Then a reader that is none of teak's looks at every file, crashmodel.py
knows what each may hold, and e2fsck must have nothing more to say. Some of the disks are mounted in teak.
POWERCUT_SEED gives another workload and other choices, POWERCUT_CUTS more of them.
"""

import os
import random
import re
import shutil
import struct
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import crashmodel
import powercut
from crashmodel import Broken
from test_ext2 import ENV, mke2fs

SEED = int(os.environ.get("POWERCUT_SEED", "4118"))
CUTS = int(os.environ.get("POWERCUT_CUTS", "1200"))
MOUNTED = 12    # disks that teak looks at
WORKERS = 2     # e2fscks at a time
LOST, BESIDE = "/lost+found/", "/beside/"
BESIDE_NUMBERS = 0x8000     # files of the workload that runs beside the one that is looked at have other numbers
KINDS = {   # blocks of 4096 bytes, options of mke2fs, the workload's sizes: indirect blocks come into it
    "1k": (240, ["-b", "1024", "-g", "512", "-N", "96"], {"max_blocks": 9, "max_total": 120}),
    "4k": (220, ["-b", "4096", "-N", "64"], {"max_blocks": 17, "max_total": 150}),
    "two": (480, ["-b", "1024", "-g", "1024", "-N", "192"], {"max_blocks": 9, "max_total": 120}),
}


class Ext2:
    """What is in an image, as far as these tests need it."""

    def __init__(self, data):
        self.data = data
        self.first, log = struct.unpack_from("<II", data, 1024 + 20)
        self.size = 1024 << log
        self.per_group, = struct.unpack_from("<I", data, 1024 + 40)
        self.inode_size, = struct.unpack_from("<H", data, 1024 + 88)

    def block(self, nr):
        return self.data[nr * self.size:(nr + 1) * self.size]

    def inode(self, ino):
        """(mode, size, the 15 block numbers)"""
        group, index = divmod(ino - 1, self.per_group)
        table, = struct.unpack_from("<I", self.data, (self.first + 1) * self.size + group * 32 + 8)
        at = table * self.size + index * self.inode_size
        mode, _, size = struct.unpack_from("<HHI", self.data, at)
        return mode, size, struct.unpack_from("<15I", self.data, at + 40)

    def numbers(self, block, depth):
        """The data blocks in a tree; 0 is a hole."""
        if not depth:
            return [block]
        per_block = self.size // 4
        if not block:
            return [0] * per_block ** depth
        return [n for child in struct.unpack(f"<{per_block}I", self.block(block))
                for n in self.numbers(child, depth - 1)]

    def read(self, ino):
        _, size, tree = self.inode(ino)
        blocks = list(tree[:12])
        for depth in (1, 2):
            if len(blocks) * self.size < size:
                blocks += self.numbers(tree[11 + depth], depth)
        need = -(-size // self.size)
        return b"".join(self.block(n) if n else bytes(self.size) for n in blocks[:need])[:size]

    def names(self, ino):
        data, at = self.read(ino), 0
        while at < len(data):
            child, length, name_len = struct.unpack_from("<IHB", data, at)
            name = bytes(data[at + 8:at + 8 + name_len]).decode()
            if child and name not in (".", ".."):
                yield child, name
            at += length

    def files(self, ino=2, path=""):
        """{path: contents}"""
        found = {}
        for child, name in self.names(ino):
            mode = self.inode(child)[0] & 0o170000
            if mode == 0o040000:
                found.update(self.files(child, f"{path}/{name}"))
            else:
                assert mode == 0o100000, f"{path}/{name} has mode {mode:o}"
                found[f"{path}/{name}"] = self.read(child)
        return found


def check_some_file(path, data):
    """What e2fsck has found without a name, or nobody knows in detail, is one file's bytes and zeros, too."""
    numbers = set()
    for at in range(0, len(data), crashmodel.CELL):
        cell = data[at:at + crashmodel.CELL]
        if cell.strip(b"\0"):
            made = re.fullmatch(rb"([0-9a-f]{4})\.[0-9a-f]{4}\.([0-9a-f]{5})\n", cell)
            if not made or int(made[2], 16) != at // crashmodel.CELL:
                raise Broken(f"{path}: byte {at} is {cell!r}")
            numbers.add(int(made[1], 16))
    beside = any(n >= BESIDE_NUMBERS for n in numbers)
    if len(numbers) > 1 or (numbers and not path.startswith(LOST) and not beside):
        raise Broken(f"{path} has bytes of the files {sorted(numbers)}")


def cut_to_size(path, data, promises, block_size):
    """
    Of a file that was growing or being cut off its last blocks may be there, and e2fsck takes that for its size:
    up to the end of a block, in zeros.
    """
    most = max((len(s[2]) for _, _, states in promises for s in states if s[1] == path), default=0)
    if most < len(data) <= -(-most // block_size) * block_size and not data[most:].strip(b"\0"):
        return data[:most]
    return data


def e2fsck(how, scratch, good):
    done = subprocess.run(["e2fsck", how, scratch], capture_output=True, text=True, errors="replace", env=ENV)
    if done.returncode not in good:
        raise Broken(f"e2fsck {how}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def judge(image, promises, scratch):
    """Repairs a disk, in `scratch`, and looks at what is there then."""
    scratch.write_bytes(image)
    said = e2fsck("-fy", scratch, (0, 1))
    e2fsck("-fn", scratch, (0,))
    disk = Ext2(scratch.read_bytes())
    found = disk.files()
    try:
        for path in [p for p in found if p.startswith((LOST, BESIDE))]:
            check_some_file(path, found.pop(path))
        crashmodel.judge(promises, {p: cut_to_size(p, d, promises, disk.size) for p, d in found.items()})
    except Broken as e:
        raise Broken(f"{e}\n{said}") from None


@pytest.fixture
def shm():
    """A folder in memory."""
    path = Path("/dev/shm", f"teak-powercut-ext2-{os.getpid()}")
    path.mkdir()
    yield path
    shutil.rmtree(path)


def judge_cuts(start, entries, work, tmp_path, shm):
    """Judges CUTS of the cuts. Returns what is wrong, and some of the disks."""
    total = powercut.every_cut(start, entries, random.Random(SEED), 2, lambda image, known: None)
    chosen = set(random.Random(SEED).sample(range(total), min(CUTS, total)))
    sampled = set(sorted(chosen)[::len(chosen) // MOUNTED])
    broken, sample, nr, promises = [], [], 0, {}
    scratch = [shm / f"cut{n}.img" for n in range(WORKERS)]

    def look(image, known, nr):
        path = scratch.pop()
        try:
            judge(image, promises[known], path)
        except Broken as e:
            broken.append(f"cut {nr}, after operation {known}: {e}")
            if len(broken) < 4:
                (tmp_path / f"broken{len(broken)}.img").write_bytes(image)
        if nr in sampled:
            sample.append(path.read_bytes())
        scratch.append(path)

    with ThreadPoolExecutor(WORKERS) as pool:
        waiting = []

        def seen(image, known):
            nonlocal nr
            if nr in chosen:
                if known not in promises:
                    promises[known] = work.promises(known)
                while len(waiting) >= 2 * WORKERS:
                    waiting.pop(0).result()
                waiting.append(pool.submit(look, bytes(image), known, nr))
            nr += 1

        powercut.every_cut(start, entries, random.Random(SEED), 2, seen)
        for one in waiting:
            one.result()
    print(f"POWERCUT_SEED={SEED}: {len(chosen)} of {total} cuts in {len(entries) - entries.count(None)} writes and "
          f"{entries.count(None)} flushes, {len(broken)} broken")
    return len(chosen), broken, sample


def script_beside(sizes):
    """Another workload's script, in a folder of its own and with other files' numbers."""
    work = crashmodel.Workload(random.Random(SEED + 1), mount="/mnt/beside", operations=300, **sizes)
    fields = [line.split() for line in work.lines]
    for line in fields:
        if line[1] in "wm":
            line[6] = str(int(line[6]) + BESIDE_NUMBERS)
    return [" ".join(line) for line in fields]


@pytest.mark.parametrize("kind", KINDS)
def test_every_cut_of_a_workload(boot, root_img, tests_fs_img, tmp_path, shm, kind):
    """"two": of two at once, each with its fsync, on two CPUs."""
    fs_blocks, options, sizes = KINDS[kind]
    work = crashmodel.Workload(random.Random(SEED), operations=300, **sizes)
    image = powercut.odd_disk(tmp_path / "disk.img", fs_blocks)
    mke2fs(image, f"{fs_blocks * 4}k", "-E", "nodiscard", *options)
    start, entries = powercut.record(boot, root_img, tests_fs_img, tmp_path, work, image, "ext2",
                                     script_beside(sizes) if kind == "two" else ())
    cuts, broken, sample = judge_cuts(start, entries, work, tmp_path, shm)
    assert not broken, f"POWERCUT_SEED={SEED}: {len(broken)} of {cuts} cuts:\n" + "\n".join(broken[:3])
    assert cuts >= min(CUTS, 1000)
    powercut.mount_some(boot, root_img, tmp_path, sample[:MOUNTED], "ext2")
