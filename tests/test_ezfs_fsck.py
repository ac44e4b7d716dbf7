# SPDX-License-Identifier: MIT
"""
fsck.ezfs: each kind of damage that it knows is done alone to a healthy image, and all that it says
is compared.
"""
import stat
import subprocess

import pytest

from ezfs_image import (BS, EMPTY, HELLO, HOST, IMG, IN, NAMES, NONE, SUBDIR, TXT, Z, Image,
                        assert_clean, built, fsck, healthy, pattern, random_device, refused, run)


def nothing(i):
    pass


def unnamed(i):
    """Take /subdir/names.txt out of its directory."""
    i.d[i.slot(4, 0) + 8] = 0


def two_layouts(i):
    """A root inode that is healthy as A and, by its ctime and nlink, as C."""
    i.set(1, "ctime", 2)
    i.put(i.at(1, "ctime") + 8, 4096)
    i.put(i.at(1, "nlink"), 1, 8)


def every_bit_past_the_end(i):
    for k in range(38, (i.l.blocks // 32 + 1) * 32):
        i.flip(i.l.free_data, k)


def zero_bit(k):
    return lambda i: i.flip(i.l.zero, k)


def setter(ino, field, value):
    return lambda i: i.set(ino, field, value)


def at_slot(block, slot, ino):
    return lambda i: i.put(i.slot(block, slot), ino)


def named(block, slot, name):
    return lambda i: i.name(block, slot, name)


def indirect(block, entry, value):
    return lambda i: i.put(block * BS + 8 * entry, value)


N4 = "inode 4 (/subdir/names.txt)"
N5 = "inode 5 (/subdir/big_img.jpeg)"
N6 = "inode 6 (/subdir/big_txt.txt)"
IN_USE = "marked in use in free_data_blocks, but nothing uses it"
FREE = "but marked free in free_data_blocks"

# (layouts, what is damaged, how, all that fsck says)
DAMAGE = [
    # superblock
    ("ABC", "magic", lambda i: i.put(8, 0x4119),
     ["superblock: magic is 0x4119, expected 0x4118: not an EZFS?"]),
    ("ABC", "version", lambda i: i.put(0, 2), ["superblock: version is 2, expected 1"]),
    ("BC", "disk_blks over the device", lambda i: i.put(16, 41),
     ["superblock: disk_blks is 41, expected at most the device's 40 blocks: is it truncated?"]),
    ("B", "disk_blks huge", lambda i: i.put(16, 2**63),
     ["superblock: disk_blks is 9223372036854775808, expected 3 to 19970"]),
    ("C", "disk_blks over the layout", lambda i: i.put(16, 14339),
     ["superblock: disk_blks is 14339, expected 3 to 14338"]),
    ("B", "disk_blks tiny", lambda i: i.put(16, 2),
     ["superblock: disk_blks is 2, expected 3 to 19970"]),
    ("B", "disk_blks cuts files off", lambda i: i.put(16, 19),
     [f"{N6}: the indirect block is block 19, expected 2 to 18",
      f"block 15: {IN_USE}",
      "superblock: free_data_blocks has 1 bits set past its end, the first is bit 17, expected "
      "none from bit 17 on, for there are 17 data blocks"]),
    ("B", "lock is ignored", lambda i: i.put(2536, 0xffff0000deadbeef), []),
    ("A", "lock is ignored", lambda i: i.put(72, NONE), []),
    ("C", "lock is ignored", lambda i: i.put(3624, NONE), []),
    ("ABC", "device of two blocks", lambda i: i.d.__delitem__(slice(2 * BS, None)),
     ["the device has 2 blocks, expected at least 3 (superblock, inodes, root directory)"]),
    ("ABC", "empty device", lambda i: i.d.clear(),
     ["the device has 0 blocks, expected at least 3 (superblock, inodes, root directory)"]),
    ("B", "truncated device", lambda i: i.d.__delitem__(slice(15 * BS, None)),
     ["superblock: disk_blks is 40, expected at most the device's 15 blocks: is it truncated?",
      f"{N5}: block 18 lies past the end of the device (15 blocks)",
      f"{N6}: block 19 lies past the end of the device (15 blocks)",
      "inode 7 (/z): block 16 lies past the end of the device (15 blocks)",
      "inode 8 (no name): is marked in use, but no path from the root leads to it",
      "inode 9 (no name): is marked in use, but no path from the root leads to it",
      "inode 9 (no name): block 17 lies past the end of the device (15 blocks)",
      "inode 2 (/hello.txt): nlink is 2, expected 1, as often as it is named",
      f"blocks 7-13: {IN_USE}", f"block 15: {IN_USE}"]),

    # which layout
    ("A", "root in no layout", setter(1, "size", 0),
     ["inode 1 (/): fits no layout, so nothing else can be checked (-L forces one): expected mode "
      "040xxx, block 2, size 4096, nblocks 1, seen mode 0040755 and as A: block 2, size 0, nblocks "
      "1; as B: block 2, size 1, nblocks 33188; as C: block 1700000000, size 0, nblocks 4"]),
    ("ABC", "root is a file", setter(1, "mode", 0o100755), None),
    ("A", "two layouts", two_layouts,
     ["inode 1 (/): fits layout A and layout C, expected one (-L forces one)"]),

    # one inode
    ("ABC", "type", setter(NAMES, "mode", 0o010644),
     [f"{N4}: mode is 0010644, expected a file (0100000) or a directory (0040000)"]),
    ("ABC", "no type", setter(NAMES, "mode", 0o644),
     [f"{N4}: mode is 0000644, expected a file (0100000) or a directory (0040000)"]),
    ("ABC", "bits above the type", setter(NAMES, "mode", 0o1100644),
     [f"{N4}: mode is 1100644, expected a file (0100000) or a directory (0040000)"]),
    ("AB", "nsec", lambda i: i.put(i.at(NAMES, "mtime") + 8, 10**9),
     [f"{N4}: nanoseconds of mtime are 1000000000, expected 0 to 999999999"]),
    ("AB", "negative nsec", lambda i: i.put(i.at(NAMES, "atime") + 8, NONE),
     [f"{N4}: nanoseconds of atime are -1, expected 0 to 999999999"]),
    ("AB", "ctime's nsec", lambda i: i.put(i.at(1, "ctime") + 8, 2**62),
     ["inode 1 (/): nanoseconds of ctime are 4611686018427387904, expected 0 to 999999999"]),
    ("ABC", "any second is legal", setter(NAMES, "mtime", NONE), []),
    ("ABC", "nlink of a file", setter(NAMES, "nlink", 0),
     [f"{N4}: nlink is 0, expected 1, as often as it is named"]),
    ("ABC", "nlink of a file with two names", setter(HELLO, "nlink", 1),
     ["inode 2 (/hello.txt): nlink is 1, expected 2, as often as it is named"]),
    ("ABC", "nlink of a directory", setter(SUBDIR, "nlink", 3),
     ["inode 3 (/subdir): nlink is 3, expected 2 (2 and 0 directories in it)"]),
    ("ABC", "nlink of the root", setter(1, "nlink", 2),
     ["inode 1 (/): nlink is 2, expected 4 (2 and 2 directories in it)"]),
    ("ABC", "a directory's size", setter(SUBDIR, "size", 8192),
     ["inode 3 (/subdir): a directory's size is 8192, expected 4096"]),
    ("ABC", "a directory's nblocks", setter(SUBDIR, "nblocks", 0),
     ["inode 3 (/subdir): a directory's nblocks is 0, expected 1"]),

    # the blocks of an indexed file
    ("B", "block out of range", setter(NAMES, "block", 40),
     [f"{N4}: file block 0 is block 40, expected 2 to 39", f"block 5: {IN_USE}"]),
    ("B", "block 1", setter(NAMES, "block", 1),
     [f"{N4}: file block 0 is block 1, expected 2 to 39", f"block 5: {IN_USE}"]),
    ("B", "block used twice", setter(NAMES, "block", 14),
     [f"block 14: used twice: as file block 0 of {N4} and as file block 0 of {N6}",
      f"block 5: {IN_USE}"]),
    ("B", "the root's block used twice", setter(NAMES, "block", 2),
     [f"block 2: used twice: as file block 0 of inode 1 (/) and as file block 0 of {N4}",
      f"block 5: {IN_USE}"]),
    ("B", "block lost to a hole", setter(NAMES, "block", 0), [f"block 5: {IN_USE}"]),
    ("B", "all ones is no block", lambda i: (i.set(EMPTY, "block", NONE),
                                             i.set(EMPTY, "indirect", NONE),
                                             i.set(SUBDIR, "indirect", NONE),
                                             i.put(18 * BS + 8 * 7, NONE)), []),
    ("B", "block in an empty file", setter(EMPTY, "block", 20),
     ["inode 8 (/z/empty): file block 0 (block 20) lies past the end of the file (size 0)",
      f"block 20: used by inode 8 (/z/empty), {FREE}"]),
    ("B", "nblocks", setter(IMG, "nblocks", 9), [f"{N5}: nblocks is 9, expected 8"]),
    ("B", "nblocks with the indirect block", setter(TXT, "nblocks", 3),
     [f"{N6}: nblocks is 3, expected 2"]),
    ("B", "nblocks of an empty file", setter(EMPTY, "nblocks", 1),
     ["inode 8 (/z/empty): nblocks is 1, expected 0"]),
    ("B", "nblocks of a file with a hole", lambda i: (indirect(18, 3, 0)(i), i.flip(32, 10 - 2),
                                                      i.set(IMG, "nblocks", 6)),
     [f"{N5}: nblocks is 6, expected 7 (or with holes 8)"]),
    ("B", "hole, counted", lambda i: (indirect(18, 3, 0)(i), i.flip(32, 10 - 2)), []),
    ("B", "hole, not counted", lambda i: (indirect(18, 3, 0)(i), i.flip(32, 10 - 2),
                                          i.set(IMG, "nblocks", 7)), []),
    ("B", "size too small", setter(IMG, "size", 6 * BS),
     [f"{N5}: file block 6 (block 12) lies past the end of the file (size 24576)",
      f"{N5}: file block 7 (block 13) lies past the end of the file (size 24576)"]),
    ("B", "size over the largest", setter(IMG, "size", 513 * BS + 1),
     [f"{N5}: size is 2101249, expected at most 2101248 (513 blocks)"]),
    ("B", "size with the top bit", setter(IMG, "size", NONE),
     [f"{N5}: size is 18446744073709551615, expected at most 2101248 (513 blocks)"]),
    ("B", "entry past the end", indirect(18, 511, 25),
     [f"{N5}: file block 512 (block 25) lies past the end of the file (size 29296)",
      f"block 25: used by {N5}, {FREE}"]),
    ("B", "entry out of range", indirect(18, 2, 2**40),
     [f"{N5}: file block 3 is block 1099511627776, expected 2 to 39", f"block 9: {IN_USE}"]),
    ("B", "entries twice in one file", indirect(18, 2, 8),
     [f"block 8: used twice: as file block 2 of {N5} and as file block 3 of {N5}",
      f"block 9: {IN_USE}"]),
    ("B", "indirect block as its own entry", indirect(18, 2, 18),
     [f"block 18: used twice: as the indirect block of {N5} and as file block 3 of {N5}",
      f"block 9: {IN_USE}"]),
    ("B", "indirect block out of range", setter(IMG, "indirect", 0x12345),
     [f"{N5}: the indirect block is block 74565, expected 2 to 39", f"blocks 7-13: {IN_USE}",
      f"block 18: {IN_USE}"]),
    ("B", "indirect block missing", setter(IMG, "indirect", 0),
     [f"blocks 7-13: {IN_USE}", f"block 18: {IN_USE}"]),
    ("B", "indirect block not needed", setter(NAMES, "indirect", 20),
     [f"{N4}: has an indirect block, 20, and needs none for 5 bytes",
      f"block 20: used by {N4}, {FREE}"]),
    ("B", "indirect block in a directory", lambda i: (i.set(SUBDIR, "indirect", 20),
                                                      i.flip(32, 20 - 2)),
     ["inode 3 (/subdir): has an indirect block, 20, and needs none for 4096 bytes"]),
    ("B", "indirect block of another file", setter(TXT, "indirect", 18),
     [f"block 18: used twice: as the indirect block of {N5} and as the indirect block of {N6}"]
     + [f"{N6}: file block {k} (block {k + 6}) lies past the end of the file (size 4169)"
        for k in range(2, 8)]
     + [f"block {k + 6}: used twice: as file block {k} of {N5} and as file block {k} of {N6}"
        for k in range(1, 8)]
     + [f"block 15: {IN_USE}", f"block 19: {IN_USE}"]),
    ("B", "directory without a block", setter(IN, "block", 0),
     ["inode 9 (/z/in): has no block, expected one for its entries", f"block 17: {IN_USE}"]),
    ("B", "directory's block out of range", setter(IN, "block", 4000),
     ["inode 9 (/z/in): file block 0 is block 4000, expected 2 to 39", f"block 17: {IN_USE}"]),

    # the blocks of a contiguous file
    ("AC", "block out of range", setter(IMG, "block", 33),
     [f"{N5}: blocks are 33 and on, 8 of them, expected in 2 to 39", f"blocks 6-13: {IN_USE}"]),
    ("AC", "block 1", setter(NAMES, "block", 1),
     [f"{N4}: blocks are 1 and on, 1 of them, expected in 2 to 39", f"block 5: {IN_USE}"]),
    ("AC", "block near the top of the numbers", setter(IMG, "block", NONE - 2),
     [f"{N5}: blocks are 18446744073709551613 and on, 8 of them, expected in 2 to 39",
      f"blocks 6-13: {IN_USE}"]),
    ("AC", "block missing", setter(NAMES, "block", NONE),
     [f"{N4}: has no first block, expected one for its 1 blocks", f"block 5: {IN_USE}"]),
    ("AC", "block missing, as 0", setter(NAMES, "block", 0),
     [f"{N4}: has no first block, expected one for its 1 blocks", f"block 5: {IN_USE}"]),
    ("AC", "both spellings of no block",
     lambda i: i.set(EMPTY, "block", NONE - i.inode(EMPTY, "block")), []),
    ("AC", "block in an empty file", setter(EMPTY, "block", 20),
     ["inode 8 (/z/empty): first block is 20, expected none in an empty file"]),
    ("AC", "one block used twice", setter(NAMES, "block", 14),
     [f"block 14: used twice: as file block 0 of {N4} and as file block 0 of {N6}",
      f"block 5: {IN_USE}"]),
    ("AC", "a run used twice", setter(TXT, "block", 7),
     [f"blocks 7-8: used twice: as file block 1 of {N5} (and on) and as file block 0 of {N6} "
      "(and on)", f"blocks 14-15: {IN_USE}"]),
    ("AC", "nblocks too large", setter(IMG, "nblocks", 9),
     [f"{N5}: nblocks is 9, expected 8 for 29296 bytes"]),
    ("AC", "nblocks huge", setter(IMG, "nblocks", NONE),
     [f"{N5}: nblocks is 18446744073709551615, expected 8 for 29296 bytes"]),
    ("AC", "nblocks too small", setter(IMG, "nblocks", 7),
     [f"{N5}: nblocks is 7, expected 8 for 29296 bytes", f"block 13: {IN_USE}"]),
    ("AC", "size too large", setter(NAMES, "size", 39 * BS),
     [f"{N4}: size is 159744, expected at most 155648 (38 blocks)",
      f"{N4}: nblocks is 1, expected 39 for 159744 bytes"]),
    ("AC", "size too small", setter(IMG, "size", 5),
     [f"{N5}: nblocks is 8, expected 1 for 5 bytes", f"blocks 7-13: {IN_USE}"]),
    ("A", "truncated device", lambda i: i.d.__delitem__(slice(17 * BS, None)),
     ["inode 9 (/z/in): blocks are 17 and on, 1 of them, expected in 2 to 16",
      "superblock: free_data_blocks has 1 bits set past its end, the first is bit 15, expected "
      "none from bit 15 on, for there are 15 data blocks"]),
    ("C", "truncated device", lambda i: i.d.__delitem__(slice(8 * BS, None)), None),
    ("AC", "directory without a block", setter(IN, "block", 0),
     ["inode 9 (/z/in): has no first block, expected one for its 1 blocks", f"block 17: {IN_USE}"]),

    # entries
    ("ABC", "active", lambda i: i.d.__setitem__(i.slot(4, 0) + 8, 2),
     ['inode 3 (/subdir), slot 0 "names.txt": active is 2, expected 0 or 1']),
    ("ABC", "name without NUL", named(4, 0, b"x" * 119),
     [f'inode 3 (/subdir), slot 0 "{"x" * 119}": the name has no NUL in its 119 bytes']),
    ("ABC", "longest name", named(4, 0, b"x" * 118), []),
    ("ABC", "empty name", named(4, 0, b""), ['inode 3 (/subdir), slot 0 "": the name is empty']),
    ("ABC", "slash", named(4, 0, b"a/b"),
     ['inode 3 (/subdir), slot 0 "a/b": the name has a \'/\' in it']),
    ("ABC", "dot", named(4, 0, b"."),
     ['inode 3 (/subdir), slot 0 ".": this name is not stored in EZFS']),
    ("ABC", "dotdot", named(2, 0, b".."),
     ['inode 1 (/), slot 0 "..": this name is not stored in EZFS']),
    ("ABC", "three dots are a name", named(4, 0, b"..."), []),
    ("ABC", "duplicate name", named(4, 2, b"names.txt"),
     ['inode 3 (/subdir), slot 2 "names.txt": the same name as in slot 0']),
    ("ABC", "prefix is no duplicate", named(4, 2, b"names.tx"), []),
    ("ABC", "garbage after the NUL", named(4, 2, b"names\0.txt\xff/"), []),
    ("ABC", "unprintable name", lambda i: (named(4, 0, b"a\n\x1b\\b")(i), i.set(NAMES, "nlink", 7)),
     ["inode 4 (/subdir/a\\x0a\\x1b\\x5cb): nlink is 7, expected 1, as often as it is named"]),
    ("ABC", "garbage in a free slot",
     lambda i: (i.put(i.slot(4, 9), NONE), named(4, 9, b"/" * 119)(i)), []),
    ("B", "inode number 0", at_slot(4, 0, 0),
     ['inode 3 (/subdir), slot 0 "names.txt": inode number is 0, expected 1 to 39',
      "inode 4 (no name): is marked in use, but no path from the root leads to it"]),
    ("A", "inode number too large", at_slot(4, 0, 43),
     ['inode 3 (/subdir), slot 0 "names.txt": inode number is 43, expected 1 to 42',
      "inode 4 (no name): is marked in use, but no path from the root leads to it"]),
    ("C", "inode number huge", at_slot(4, 0, 2**32 + 4),
     ['inode 3 (/subdir), slot 0 "names.txt": inode number is 4294967300, expected 1 to 56',
      "inode 4 (no name): is marked in use, but no path from the root leads to it"]),
    ("ABC", "free inode", lambda i: i.add(17, 31, 20, b"ghost"),
     ['inode 9 (/z/in), slot 31 "ghost": inode 20 is free, expected one in use']),
    ("ABC", "file with one more name", lambda i: i.add(17, 5, NAMES, b"more"),
     [f"{N4}: nlink is 1, expected 2, as often as it is named"]),
    ("ABC", "directory with two names", lambda i: i.add(2, 3, IN, b"again"),
     ['inode 7 (/z), slot 2 "in": inode 9 (/again) has a place in the tree already, and a '
      "directory has only one", "inode 1 (/): nlink is 4, expected 5 (2 and 3 directories in it)",
      "inode 7 (/z): nlink is 3, expected 2 (2 and 0 directories in it)"]),
    ("ABC", "loop", lambda i: i.add(17, 0, Z, b"up"),
     ['inode 9 (/z/in), slot 0 "up": inode 7 (/z) has a place in the tree already, and a '
      "directory has only one"]),
    ("ABC", "loop to itself", lambda i: i.add(17, 0, IN, b"self"),
     ['inode 9 (/z/in), slot 0 "self": inode 9 (/z/in) has a place in the tree already, and a '
      "directory has only one"]),
    ("ABC", "loop to the root", lambda i: i.add(17, 0, 1, b"root"),
     ['inode 9 (/z/in), slot 0 "root": inode 1 (/) has a place in the tree already, and a '
      "directory has only one"]),

    # not reached
    ("ABC", "file not named", unnamed,
     ["inode 4 (no name): is marked in use, but no path from the root leads to it"]),
    ("ABC", "directory not named", lambda i: i.d.__setitem__(i.slot(2, 2) + 8, 0),
     ["inode 1 (/): nlink is 4, expected 3 (2 and 1 directories in it)",
      "inode 7 (no name): is marked in use, but no path from the root leads to it",
      "inode 8 (?/empty): is marked in use, but no path from the root leads to it",
      "inode 9 (?/in): is marked in use, but no path from the root leads to it"]),
    ("ABC", "ring apart from the root", lambda i: (i.d.__setitem__(i.slot(2, 2) + 8, 0),
                                                   i.add(17, 0, Z, b"back")),
     ['inode 9 (?/in), slot 0 "back": inode 7 (no name) has a place in the tree already, and a '
      "directory has only one",
      "inode 1 (/): nlink is 4, expected 3 (2 and 1 directories in it)",
      "inode 7 (no name): is marked in use, but no path from the root leads to it",
      "inode 8 (?/empty): is marked in use, but no path from the root leads to it",
      "inode 9 (?/in): is marked in use, but no path from the root leads to it"]),
    ("ABC", "parent numbered above its child", lambda i: (
        i.d.__setitem__(i.slot(2, 2) + 8, 0), i.d.__setitem__(i.slot(16, 2) + 8, 0),
        i.add(17, 0, SUBDIR, b"s"), i.d.__setitem__(i.slot(2, 1) + 8, 0)),
     ["inode 1 (/): nlink is 4, expected 2 (2 and 0 directories in it)",
      "inode 3 (?/s): is marked in use, but no path from the root leads to it",
      "inode 4 (?/s/names.txt): is marked in use, but no path from the root leads to it",
      "inode 5 (?/s/big_img.jpeg): is marked in use, but no path from the root leads to it",
      "inode 6 (?/s/big_txt.txt): is marked in use, but no path from the root leads to it",
      "inode 7 (no name): is marked in use, but no path from the root leads to it",
      "inode 7 (no name): nlink is 3, expected 2 (2 and 0 directories in it)",
      "inode 8 (?/empty): is marked in use, but no path from the root leads to it",
      "inode 9 (no name): is marked in use, but no path from the root leads to it",
      "inode 9 (no name): nlink is 2, expected 3 (2 and 1 directories in it)"]),

    # bit vectors
    ("ABC", "inode marked free", lambda i: i.flip(i.l.free_inodes, NAMES - 1),
     [f"{N4}: is in use, but marked free in free_inodes"]),
    ("ABC", "root marked free", lambda i: i.flip(i.l.free_inodes, 0),
     ["inode 1 (/): is in use, but marked free in free_inodes"]),
    ("ABC", "empty inode marked in use", lambda i: i.flip(i.l.free_inodes, 35),
     ["inode 36 (no name): is marked in use, but holds nothing (mode 0000000) and is not named"]),
    ("A", "inode bits past the end", lambda i: (i.flip(16, 42), i.flip(16, 63)),
     ["superblock: free_inodes has 2 bits set past its end, the first is bit 42, expected none "
      "from bit 42 on, for there are 42 inodes"]),
    ("B", "inode bits past the end", lambda i: i.flip(24, 39),
     ["superblock: free_inodes has 1 bits set past its end, the first is bit 39, expected none "
      "from bit 39 on, for there are 39 inodes"]),
    ("C", "inode bits past the end", lambda i: i.flip(24, 56),
     ["superblock: free_inodes has 1 bits set past its end, the first is bit 56, expected none "
      "from bit 56 on, for there are 56 inodes"]),
    ("ABC", "leaked block", lambda i: i.flip(i.l.free_data, 33 - 2), [f"block 33: {IN_USE}"]),
    ("ABC", "leaked blocks", lambda i: [i.flip(i.l.free_data, b - 2) for b in (30, 31, 32, 39)],
     [f"blocks 30-32: {IN_USE}", f"block 39: {IN_USE}"]),
    ("ABC", "used blocks marked free", lambda i: [i.flip(i.l.free_data, b - 2) for b in (7, 8, 16)],
     [f"blocks 7-8: used by {N5}, {FREE}", f"block 16: used by inode 7 (/z), {FREE}"]),
    ("ABC", "root's block marked free", lambda i: i.flip(i.l.free_data, 0),
     [f"block 2: used by inode 1 (/), {FREE}"]),
    ("B", "indirect block marked free", lambda i: i.flip(i.l.free_data, 18 - 2),
     [f"block 18: used by {N5}, {FREE}"]),
    ("A", "data bits past the end", every_bit_past_the_end,
     ["superblock: free_data_blocks has 314 bits set past its end, the first is bit 38, expected "
      "none from bit 38 on, for there are 38 data blocks"]),
    ("B", "data bits past the end", every_bit_past_the_end,
     ["superblock: free_data_blocks has 19962 bits set past its end, the first is bit 38, expected "
      "none from bit 38 on, for there are 38 data blocks"]),
    ("C", "one data bit past the end", lambda i: i.flip(32, 38),
     ["superblock: free_data_blocks has 1 bits set past its end, the first is bit 38, expected "
      "none from bit 38 on, for there are 38 data blocks"]),
    ("C", "zero block of a file", zero_bit(14 - 2), []),
    ("C", "zero block that is free", lambda i: (zero_bit(28)(i), zero_bit(29)(i)),
     ["blocks 30-31: marked in zero_blocks, but no file uses it"]),
    ("C", "zero block of a directory", zero_bit(4 - 2),
     ["block 4: marked in zero_blocks, but holds the entries of inode 3 (/subdir)"]),
    ("C", "zero bits past the end", zero_bit(449 * 32 - 1),
     ["superblock: zero_blocks has 1 bits set past its end, the first is bit 14367, expected none "
      "from bit 38 on, for there are 38 data blocks"]),
    ("ABC", "nothing at all", nothing, []),
]
CASES = [pytest.param(layout, how, want, id=f"{layout}-{what.replace(' ', '_')}")
         for layouts, what, how, want in DAMAGE for layout in layouts]


@pytest.mark.parametrize("layout,how,want", CASES)
def test_fsck_finds(healthy, tmp_path, layout, how, want):
    img = Image(layout, healthy[layout])
    how(img)
    dev = tmp_path / "disk"
    dev.write_bytes(img.d)
    status, found = fsck(dev)
    if want is None:
        assert status == 4
    else:
        assert sorted(found) == sorted(want)
    assert dev.read_bytes() == bytes(img.d), "fsck.ezfs wrote to the disk"
    for opt in (["-l"], ["-x", "/subdir/names.txt"], ["-x", "/subdir/big_img.jpeg"]):
        assert run("fsck.ezfs", *opt, dev)[0] in (0, 4, 8)


def test_fsck_forced_layout(healthy, tmp_path):
    """With -L a disk whose root inode is damaged can be checked all the same."""
    dev = tmp_path / "disk"
    img = Image("B", healthy["B"])
    img.set(1, "block", 7)
    img.set(1, "mode", 0o100755)
    dev.write_bytes(img.d)
    assert fsck(dev)[1][0].startswith("inode 1 (/): fits no layout")
    assert fsck(dev, "-L", "B")[1] == [
        "inode 1 (/): mode is 0100755, expected a directory (0040000)",
        "inode 1 (/): block is 7, expected 2"]
    dev.write_bytes(healthy["B"])
    assert_clean(dev, "-L", "b")
    assert fsck(dev, "-L", "A")[0] == 4 and fsck(dev, "-L", "C")[0] == 4


def test_fsck_random_bytes(tmp_path):
    """A disk of random bytes is no EZFS, and whatever layout is forced, fsck comes to an end."""
    for seed in range(5):
        dev = random_device(tmp_path / "disk", 30, seed)
        found = fsck(dev)[1]
        assert len(found) == 3 and "not an EZFS?" in found[0] and "fits no layout" in found[2]
        for layout in "ABC":
            assert fsck(dev, "-L", layout)[0] == 4


def test_fsck_wrong_use(tmp_path, healthy):
    dev = tmp_path / "disk"
    f = "fsck.ezfs"
    assert refused(tool=f, status=16) == "fsck.ezfs: one DEVICE is wanted"
    assert refused("a", "b", tool=f, status=16) == "fsck.ezfs: one DEVICE is wanted"
    assert refused("-L", "X", "a", tool=f, status=16) == 'fsck.ezfs: "X" is not a layout: A, B or C'
    assert refused("-l", "-x", "y", "a", tool=f, status=16) == \
        "fsck.ezfs: -l and -x do not go together"
    assert "invalid option" in refused("-q", "a", tool=f, status=16)
    assert refused(dev, tool=f, status=8) == f"fsck.ezfs: {dev}: No such file or directory"
    assert refused(tmp_path, tool=f, status=8) == \
        f"fsck.ezfs: {tmp_path}: is neither a file nor a block device"
    assert run(f, "-h")[:2][0] == 0
    dev.write_bytes(healthy["B"])
    assert refused("-x", "/nothing", dev, tool=f, status=8) == \
        f"fsck.ezfs: {dev}: /nothing: No such file or directory"
    assert refused("-x", "/subdir/names.txt/x", dev, tool=f,
                   status=8).endswith("No such file or directory")
    assert refused("-x", "/subdir", dev, tool=f, status=8).endswith("Is a directory")
    assert_clean(dev, "-n")
    with open("/dev/full", "wb") as full:
        p = subprocess.run([HOST / f, dev], stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert p.returncode == 8 and b"cannot write the result" in p.stderr


def test_fsck_verbose_list_extract(tmp_path, healthy):
    dev = tmp_path / "disk"
    img = Image("B", healthy["B"])
    img.put(18 * BS + 8 * 3, 0)		# two holes of one, and then three in a row
    img.put(18 * BS + 8 * 5, NONE)
    img.flip(32, 10 - 2)
    img.flip(32, 12 - 2)
    dev.write_bytes(img.d)
    assert_clean(dev)
    status, out, _ = run("fsck.ezfs", "-v", dev)
    assert out.decode() == (f"{dev}: layout B, 40 blocks (the device has 40), in use: 9 of 39 "
                            f"inodes, 18 blocks\n{dev}: clean\n")
    status, out, _ = run("fsck.ezfs", "-l", dev)
    assert status == 0
    lines = [line.split(" ", 7) for line in out.decode().splitlines()]
    assert [(x[0], x[2], x[4], x[5], x[6], x[7]) for x in lines] == [
        ("1", "4", "4096", "1", "2", "/"),
        ("2", "2", "13", "1", "3", "/hello.txt"),
        ("3", "2", "4096", "1", "4", "/subdir"),
        ("4", "1", "5", "1", "5", "/subdir/names.txt"),
        ("5", "1", "29296", "8", "6-9,hole*1,11,hole*1,13[18]", "/subdir/big_img.jpeg"),
        ("6", "1", "4169", "2", "14-15[19]", "/subdir/big_txt.txt"),
        ("7", "3", "4096", "1", "16", "/z"),
        ("8", "1", "0", "0", "-", "/z/empty"),
        ("2", "2", "13", "1", "3", "/z/hard"),
        ("9", "2", "4096", "1", "17", "/z/in")]
    data = bytearray(pattern(29296))
    data[4 * BS:5 * BS] = data[6 * BS:7 * BS] = bytes(BS)
    assert run("fsck.ezfs", "-x", "subdir//big_img.jpeg", dev)[1] == bytes(data)
    assert run("fsck.ezfs", "-x", "/z/hard", dev)[1] == b"Hello world!\n"
    assert run("fsck.ezfs", "-x", "/z/empty", dev)[:2] == (0, b"")

    img = Image("C", healthy["C"])	# a block of zero_blocks reads as zeros
    img.flip(1828, 15 - 2)
    dev.write_bytes(img.d)
    assert run("fsck.ezfs", "-x", "/subdir/big_txt.txt", dev)[1] == pattern(4169)[:BS] + bytes(73)


def test_every_bit_that_matters(healthy, tmp_path):
    """Each single flipped bit of the vectors and of what each inode in use has to say is noticed,
    but for those that make another healthy disk."""
    for layout in "ABC":
        img = Image(layout, healthy[layout])
        dev = tmp_path / layout
        dev.write_bytes(img.d)

        def missed(start, end):
            out = subprocess.run([HOST / "fuzz-ezfs", "-b", f"{start}:{end}", dev], check=True,
                                 capture_output=True, timeout=300).stdout.decode()
            return set(out.split())

        def bits(start, wanted):
            return {f"{start + k // 8}.{k % 8}" for k in wanted}

        l = img.l
        vectors = [(l.free_inodes, 2), (l.free_data, l.blocks // 32 + 1)]
        for off, words in vectors:
            assert missed(off, off + 4 * words) == set(), (layout, off)
        if l.zero:
            files = [b - 2 for ino in (HELLO, NAMES, IMG, TXT) for b in img.blocks(ino)]
            assert missed(l.zero, l.zero + 449 * 4) == bits(l.zero, files)
        assert missed(0, 16) == set()
        for ino in range(1, 10):
            for field in ("nlink", "block", "nblocks"):
                at, n = img.at(ino, field), 4 if field == "nlink" else 8
                assert missed(at, at + n) == set(), (layout, ino, field)
            at = img.at(ino, "mode")
            assert missed(at, at + 4) == bits(at, range(12)), (layout, ino)
            # Bits of the size that leave the same number of blocks cannot be noticed; nor can, in
            # an indexed file, those that make a hole of what follows.
            at, size = img.at(ino, "size"), img.inode(ino, "size")
            if stat.S_ISDIR(img.inode(ino, "mode")):
                legal = []
            elif l.indexed:
                have, most = -(-size // BS), 513
                legal = [k for k in range(64) if have <= -(-(size ^ 1 << k) // BS) <= most]
            else:
                legal = [k for k in range(64) if -(-(size ^ 1 << k) // BS) == -(-size // BS)]
            assert missed(at, at + 8) == bits(at, legal), (layout, ino, "size")
        for block, used in ((2, 3), (4, 3), (16, 3)):
            for s in range(used):
                at = img.slot(block, s)
                assert missed(at, at + 9) == set(), (layout, block, s)
            at = img.slot(block, used)	# a free slot that wakes up
            assert missed(at + 8, at + 9) == set()
        if l.indexed:
            assert missed(18 * BS, 19 * BS) == set()
            for ino in range(1, 10):
                at = img.at(ino, "indirect")
                assert missed(at, at + 8) == set(), ino
