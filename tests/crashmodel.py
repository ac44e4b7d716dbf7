# SPDX-License-Identifier: MIT
"""
A workload of file operations, and what may be in a filesystem after a power cut in the midst of it.
It is no particular filesystem's.

Each file has a number of its own that no other file ever has, and is made of cells of 16 bytes that tell that
number, a version and the cell's place; so bytes that are another file's, or are left over from one that was
removed, are recognized wherever they turn up. user/tests/fs/powercut.c does the operations; powercut.py has
it do them and makes the cuts.
"""

import bisect

CELL = 16
BLOCK = 4096
ZERO = bytes(CELL)


class Broken(AssertionError):
    """A promise is broken."""


def cells(number, version, offset, length):
    return b"".join(b"%04x.%04x.%05x\n" % (number, version, at // CELL)
                    for at in range(offset, offset + length, CELL))


class File:
    """What a file was after each operation on it: [(operation, path or None, contents)]."""

    def __init__(self, number):
        self.number, self.states, self.synced = number, [], []

    @property
    def path(self):
        return self.states[-1][1]

    @property
    def data(self):
        return self.states[-1][2]

    def between(self, known, last):
        """(synced?, the states that the disk may show): that of the last sync up to operation `known`, and all
        after it up to operation `last`."""
        n = bisect.bisect_right(self.synced, known)
        base = self.synced[n - 1] if n else -1
        states = [s for s in self.states if base < s[0] <= last]
        if n:
            states.insert(0, [s for s in self.states if s[0] <= base][-1])
        return bool(n), states


class Workload:
    """`lines` is the script, `files` what became of each file, `syncs` the operations that promise something."""

    def __init__(self, rng, mount="/mnt", operations=500, max_files=22, max_blocks=9, max_total=120):
        self.rng, self.mount = rng, mount
        self.max_files, self.max_blocks, self.max_total = max_files, max_blocks, max_total
        self.lines, self.files, self.syncs = [], [], []
        self.dirs, self.dirs_made, self.version = ["/"], 0, 0
        for _ in range(3):
            self.mkdir()
        kinds = [(self.create, 12), (self.write, 40), (self.mapped, 6), (self.truncate, 6), (self.unlink, 6),
                 (self.rename, 9), (self.replace, 5), (self.mkdir, 2), (self.rmdir, 2), (self.fsync, 14),
                 (self.sync, 4), (self.pause, 2)]
        while len(self.lines) < operations:
            rng.choices([k for k, _ in kinds], [w for _, w in kinds])[0]()
        self.sync()

    # The operations

    def op(self, letter, a="-", b="-", *n):
        n = [*n, 0, 0, 0, 0][:4]
        a, b = (self.mount + p if p.startswith("/") else p for p in (a, b))
        self.lines.append(f"{len(self.lines)} {letter} {a} {b} {' '.join(map(str, n))}")
        return len(self.lines) - 1

    def live(self):
        return [f for f in self.files if f.path]

    def blocks(self):
        return sum(-(-len(f.data) // BLOCK) + 1 for f in self.live())

    def some_file(self):
        return self.rng.choice(self.live() or [self.create()])

    def new_path(self, name):
        folder = self.rng.choice(self.dirs)
        return folder.rstrip("/") + "/" + name

    def create(self):
        if len(self.live()) >= self.max_files:
            return self.unlink()
        file = File(len(self.files) + 1)
        self.files.append(file)
        path = self.new_path(f"f{file.number}")
        file.states.append((self.op("c", path), path, b""))
        return file

    def write(self, letter="w"):
        file = self.some_file()
        size, limit = len(file.data), self.max_blocks * BLOCK
        if letter == "m" and not size:
            return
        offset = self.rng.choice([size, size, self.rng.randrange(size + 1),
                                  self.rng.randrange(limit) if letter == "w" else 0]) // CELL * CELL
        room = (size if letter == "m" else limit) - offset
        length = min(room, self.rng.choice([CELL, 512, BLOCK, 3 * BLOCK, 5 * BLOCK])) // CELL * CELL
        if length <= 0 or self.blocks() > self.max_total:
            return
        self.version += 1
        new = cells(file.number, self.version, offset, length)
        data = file.data[:offset].ljust(offset, b"\0") + new + file.data[offset + length:]
        file.states.append((self.op(letter, file.path, "-", offset, length, file.number, self.version),
                            file.path, data))

    def mapped(self):
        self.write("m")

    def truncate(self):
        file = self.some_file()
        size = self.rng.choice([0, self.rng.randrange(len(file.data) + 1),
                                self.rng.randrange(self.max_blocks * BLOCK)]) // CELL * CELL
        file.states.append((self.op("t", file.path, "-", size), file.path,
                            file.data[:size].ljust(size, b"\0")))

    def unlink(self):
        file = self.some_file()
        file.states.append((self.op("u", file.path), None, b""))

    def rename(self):
        file = self.some_file()
        path = self.new_path(f"r{file.number}v{len(self.lines)}")
        file.states.append((self.op("n", file.path, path), path, file.data))

    def replace(self):
        file, other = self.some_file(), self.some_file()
        if file is other:
            return
        path, number = other.path, self.op("n", file.path, other.path)
        other.states.append((number, None, b""))
        file.states.append((number, path, file.data))

    def mkdir(self):
        if len(self.dirs) < 7:
            self.dirs_made += 1
            self.dirs.append(f"/d{self.dirs_made}")
            self.op("d", self.dirs[-1])

    def rmdir(self):
        empty = [d for d in self.dirs[1:] if not any(f.path.startswith(d + "/") for f in self.live())]
        if len(self.dirs) > 3 and empty:
            gone = self.rng.choice(empty)
            self.dirs.remove(gone)
            self.op("x", gone)

    def fsync(self):
        file = self.some_file()
        number = self.op("s", file.path)
        file.synced.append(number)
        self.syncs.append(number)

    def sync(self):
        number = self.op("S")
        for file in self.files:
            file.synced.append(number)
        self.syncs.append(number)

    def pause(self):
        """After the longest the flusher has written what was done before."""
        self.op("p", "-", "-", self.rng.choice([20, 60, 250]))

    # What may be found

    def promises(self, known):
        """After a cut, when operation `known` is the last sync that is known to be over (-1: none)."""
        n = bisect.bisect_right(self.syncs, known)
        last = self.syncs[n] if n < len(self.syncs) else len(self.lines)
        return [(f, *f.between(known, last)) for f in self.files if f.states[0][0] <= last]


def why_not(file, synced, states, data):
    """Why these bytes cannot be the file's, or None."""
    for _, _, contents in states:
        if contents == data:
            return None
    there = [c for _, path, c in states if path]
    least = min((len(c) for c in there), default=0) if synced else 0
    most = max((len(c) for c in there), default=0)
    if not least <= len(data) <= most:
        return f"{len(data)} bytes, expected {least} to {most}"
    for start in range(0, len(data), BLOCK):
        block = data[start:start + BLOCK]
        if any(c[start:start + len(block)] == block for c in there):
            continue
        for at in range(start, start + len(block), CELL):
            cell = data[at:at + CELL]
            allowed = {c[at:at + CELL] for c in there if len(c) > at}
            if not synced or any(len(c) <= at for c in there):
                allowed.add(ZERO[:len(cell)])
            if not any(a[:len(cell)] == cell for a in allowed):
                return f"byte {at} is {cell!r}, expected one of {sorted(allowed)}"
    return None


def judge(promises, found):
    """Compare what was found, {path: contents}, with the promises; raises Broken."""
    fits = set()
    for path, data in found.items():
        owners = [p for p in promises if any(s[1] == path for s in p[2])]
        if not owners:
            raise Broken(f"{path} should not be there")
        reasons = [why_not(*owner, data) for owner in owners]
        if all(reasons):
            raise Broken("; ".join(f"{path}, file {o[0].number}: {r}" for o, r in zip(owners, reasons)))
        fits |= {(o[0].number, path) for o, r in zip(owners, reasons) if not r}
    for file, synced, states in promises:
        paths = {s[1] for s in states}
        if synced and None not in paths and not any((file.number, p) in fits for p in paths):
            raise Broken(f"file {file.number} is lost, which was synced as {states[0][1]} and after that at most "
                         f"{sorted(paths)}")
