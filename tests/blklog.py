# SPDX-License-Identifier: MIT
"""
What a disk was told, in order, and what it may hold after a power cut at any moment of that.

QEMU's blklogwrites filter records each write and each flush of a disk in the format of Linux's
dm-log-writes: a superblock, then entries, each a sector with a header, and what was written.

A disk with a cache keeps its promise only for writes that were over when a flush began. So at a cut
everything before the last flush is on the platter, and of what came after any part, in any order;
here in pieces of 4096 bytes, for a filesystem without a journal has no other way than to trust that a
disk writes such a piece, at its place, all or not at all.
"""

import json
import struct

BLOCK = 4096
MAGIC = 0x6A736677736872
FLUSH, FUA, DISCARD, MARK = 1, 2, 4, 8


def logged_disk(image, log, bus):
    """Options of QEMU for a virtio disk on `image` that is recorded in the new file `log`."""
    log.write_bytes(b"")

    def raw(path):
        return {"driver": "raw", "file": {"driver": "file", "filename": str(path),
                                          "cache": {"no-flush": True}}}

    disk = {"driver": "blklogwrites", "node-name": "logged", "file": raw(image), "log": raw(log),
            "log-super-update-interval": 1}
    return ["-blockdev", json.dumps(disk), "-device",
            f"virtio-blk-device,drive=logged,bus=virtio-mmio-bus.{bus}"]


class Write:
    """A piece of a write: at most one block."""

    def __init__(self, offset, data):
        self.offset, self.data = offset, data


def pieces(offset, data):
    """A write, cut where the disk may cut it."""
    while data:
        n = BLOCK - offset % BLOCK
        yield Write(offset, data[:n])
        offset, data = offset + n, data[n:]


def read_log(path):
    """The entries of a log in order: lists of Write, and None for a flush."""
    log = path.read_bytes()
    magic, version, nr, sector = struct.unpack_from("<QQQI", log)
    assert (magic, version) == (MAGIC, 1), "not a log of blklogwrites"
    entries, at = [], sector
    for _ in range(nr):
        first, count, flags, length = struct.unpack_from("<QQQQ", log, at)
        at += sector
        assert not flags & (FUA | DISCARD | MARK), f"flags {flags:#x} at {at}"
        if flags & FLUSH:
            entries.append(None)
        size = count * sector
        if size:
            assert at + size <= len(log), "the log is cut off"
            entries.append(list(pieces(first * sector, log[at:at + size])))
            at += size
    return entries


class Platter:
    """Goes through a log: `image` is what is surely on the disk, `cache` what it may hold besides."""

    def __init__(self, image):
        self.image, self.cache = bytearray(image), []

    def take(self, entry):
        if entry is None:
            for w in self.cache:
                self.image[w.offset:w.offset + len(w.data)] = w.data
            self.cache = []
        else:
            self.cache += entry

    def with_writes(self, writes):
        """The disk when these of the cache have reached it."""
        image = bytearray(self.image)
        for w in writes:
            image[w.offset:w.offset + len(w.data)] = w.data
        return image

    def cuts(self, rng, subsets):
        """Disks that a cut now may leave: all of the cache, none, and some choices of it."""
        yield self.with_writes(self.cache)
        if not self.cache:
            return
        yield self.with_writes([])
        for _ in range(subsets if len(self.cache) > 1 else 0):
            keep = rng.random()
            yield self.with_writes([w for w in self.cache if rng.random() < keep])
