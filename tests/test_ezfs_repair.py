# SPDX-License-Identifier: MIT
"""
fsck.ezfs -y: whatever is wrong with a disk, it is clean afterwards, a second run finds nothing and writes
nothing, and what was not damaged is still there. EZFS_SEED and EZFS_REPAIRS choose the dice and how many.
"""
import os
import random
import stat

import pytest

from ezfs_image import (BS, EMPTY, HELLO, IMG, IN, NAMES, NONE, SEED, SUBDIR, TXT, Z, Image, assert_clean, built,
                        fsck, healthy, mkfs, pattern, random_device, refused, run)
from test_ezfs_fsck import DAMAGE

ROUNDS = int(os.environ.get("EZFS_REPAIRS", "300"))
BLOCKS = 40
CASES = [pytest.param(layout, how, id=f"{layout}-{what.replace(' ', '_')}")
         for layouts, what, how, _ in DAMAGE for layout in layouts]


def repair(dev, *opts):
    """(status, [lines]) of fsck.ezfs -y"""
    status, out, err = run("fsck.ezfs", "-y", *opts, dev)
    assert err == "", err
    return status, out.decode("utf-8", "replace").splitlines()


def consistent(layout, dev, said):
    """After a repair: clean, and a second one neither finds nor writes anything."""
    after = dev.read_bytes()
    status, found = fsck(dev)
    assert status == 0, f"after {said}\nfsck.ezfs -n says {found}"
    assert repair(dev) == (0, [f"{dev}: clean"])
    assert dev.read_bytes() == after, "the second repair wrote"
    img = Image(layout, after)
    img.paths = img.tree()
    for ino in img.paths.values():
        if stat.S_ISREG(img.inode(ino, "mode")):
            img.read(ino)
    return img


@pytest.mark.parametrize("layout,how", CASES)
def test_each_kind_of_damage(healthy, tmp_path, layout, how):
    img = Image(layout, healthy[layout])
    how(img)
    dev = tmp_path / "disk"
    dev.write_bytes(img.d)
    clean = fsck(dev)[0] == 0
    status, said = repair(dev)
    if status == 4:
        assert "none repaired" in said[-1]
        assert dev.read_bytes() == bytes(img.d), "what cannot be repaired is not written to"
        root_or_magic = img.d[:16] != healthy[layout][:16] or img.d[BS:BS + 104] != healthy[layout][BS:BS + 104]
        assert root_or_magic or len(img.d) < 3 * BS, said
        return
    assert status == (0 if clean else 1), said
    consistent(layout, dev, said)


@pytest.fixture(params="ABC")
def damaged(request, healthy, tmp_path):
    """A function that damages a disk and repairs it; returns what the disk is then, and what was said."""
    def repaired(how, status=1, *opts):
        img = Image(request.param, healthy[request.param])
        how(img)
        dev = tmp_path / "disk"
        dev.write_bytes(img.d)
        got, said = repair(dev, *opts)
        assert got == status, said
        out = consistent(request.param, dev, said)
        out.said = "\n".join(said)
        return out
    repaired.layout = request.param
    return repaired


def test_a_lost_file_gets_a_name(damaged):
    img = damaged(lambda i: i.d.__setitem__(i.slot(4, 1) + 8, 0))		# big_img.jpeg
    assert img.paths["/lost+found/#5"] == 5 and img.read(5) == pattern(29296)
    assert img.inode(5, "nlink") == 1 and "inode 5: is /lost+found/#5 now" in img.said


def test_a_lost_folder_comes_back_whole(damaged):
    img = damaged(lambda i: i.d.__setitem__(i.slot(2, 1) + 8, 0))		# subdir
    assert {"/lost+found/#3", "/lost+found/#3/names.txt", "/lost+found/#3/big_img.jpeg"} <= set(img.paths)
    assert img.read(IMG) == pattern(29296) and img.inode(1, "nlink") == 4


def test_what_was_removed_or_is_empty_is_freed(damaged):
    def how(i):
        i.d[i.slot(4, 0) + 8] = 0		# names.txt, removed while it was open
        i.set(NAMES, "nlink", 0)
        i.d[i.slot(16, 0) + 8] = 0		# z/empty
    img = damaged(how)
    assert "/lost+found" not in img.paths and img.used_inodes() == {1, 2, 3, 5, 6, 7, 9}
    assert img.used_blocks() == Image(damaged.layout, img.d).used_blocks() and 5 not in img.used_blocks()


def test_a_block_in_two_files(damaged):
    """The lower number keeps it. No bytes of one file are in the other."""
    def how(i):
        if i.l.indexed:
            i.put(19 * BS, 7)			# big_txt's second block: big_img's second
        else:
            i.set(TXT, "block", 12)		# big_img's last two
    img = damaged(how)
    assert img.read(IMG) == pattern(29296)
    assert img.read(TXT) == (pattern(4169)[:BS] + bytes(73) if img.l.indexed else b"")


def test_bits(damaged):
    def how(i):
        for k in (0, 3, 20, 37):
            i.flip(i.l.free_data, k)
        for k in (0, 3, 20):
            i.flip(i.l.free_inodes, k)
    img = damaged(how)
    want = set(range(2, 20)) if img.l.indexed else set(range(2, 18))
    assert img.used_blocks() == want and img.used_inodes() == set(range(1, 10))


def test_names(damaged):
    def how(i):
        i.name(4, 0, b"a/b")
        i.name(4, 1, b"")
        i.d[i.slot(4, 2) + 9:i.slot(4, 2) + 128] = b"x" * 119
        i.name(16, 0, b"in")
    img = damaged(how)
    assert {"/subdir/#4", "/subdir/#5", "/subdir/" + "x" * 118, "/z/in"} <= set(img.paths)


def test_numbers(damaged):
    def how(i):
        i.set(HELLO, "nlink", 9)
        i.set(Z, "nlink", 0)
        i.set(NAMES, "size", 2**63)
        i.set(TXT, "nblocks", 77)
        i.set(IN, "size", 0)
    img = damaged(how)
    assert img.inode(HELLO, "nlink") == 2 and img.inode(Z, "nlink") == 3
    assert img.read(TXT) == pattern(4169) and img.read(NAMES)[:5] == b"Alma\n"


@pytest.mark.parametrize("field,value", [("mode", 0o100755), ("block", 7), ("size", 0), ("nblocks", 2**40), ("mode", 0)])
def test_a_bad_root(damaged, field, value):
    img = damaged(lambda i: i.set(1, field, value))
    assert set(img.paths) == {"/", "/hello.txt", "/subdir", "/subdir/names.txt", "/subdir/big_img.jpeg",
                              "/subdir/big_txt.txt", "/z", "/z/empty", "/z/in", "/z/hard"}
    assert f"most likely layout {damaged.layout}" in img.said


def test_a_bad_superblock(damaged):
    def how(i):
        i.put(8, 0x4119)
        i.put(0, 7)
        if i.l.free_data == 32:
            i.put(16, 2**50)
    img = damaged(how)
    assert img.get(8) == 0x4118 and img.get(0) == 1 and len(img.paths) == 10
    if damaged.layout != "A":
        assert img.get(16) == BLOCKS


def test_a_shorter_device(healthy, tmp_path):
    """Files that lay past the end of what is left are cut off, the others are whole."""
    for layout in "ABC":
        dev = tmp_path / layout
        dev.write_bytes(healthy[layout][:10 * BS])
        status, said = repair(dev)
        assert status == 1, said
        img = consistent(layout, dev, said)
        assert img.read(HELLO) == b"Hello world!\n"
        data = img.read(IMG)
        assert data[:4 * BS] == (pattern(29296)[:4 * BS] if not img.l.indexed else pattern(29296)[:BS] + bytes(3 * BS))


def test_no_ezfs_is_not_touched(tmp_path, healthy):
    dev = random_device(tmp_path / "disk", 30)
    before = dev.read_bytes()
    assert repair(dev)[0] == 4
    assert dev.read_bytes() == before
    dev.write_bytes(healthy["A"])
    assert repair(dev, "-L", "B")[0] == 4, "a healthy disk of another layout"
    assert dev.read_bytes() == healthy["A"]
    dev.chmod(0o444)
    assert refused("-y", "-n", dev, tool="fsck.ezfs", status=16) == \
        "fsck.ezfs: -y and -n, -l or -x do not go together"


def test_no_room_for_lost_found(tmp_path, healthy):
    """A full root directory: what was lost is freed, and it says so."""
    src = tmp_path / "src"
    (src / "d").mkdir(parents=True)
    for n in range(31):
        (src / f"f{n}").write_bytes(b"x")
    (src / "d/lost").write_bytes(b"x")
    for layout in "ABC":
        dev = tmp_path / layout
        mkfs("-L", layout, "-s", 60, dev, src)
        img = Image(layout, dev.read_bytes())
        no = img.tree()["/d/lost"]
        img.d[img.slot(img.inode(img.tree()["/d"], "block"), 0) + 8] = 0
        dev.write_bytes(img.d)
        status, said = repair(dev)
        assert status == 1 and any("no room for it in /lost+found" in line for line in said), said
        assert no not in consistent(layout, dev, said).used_inodes()

# ---------------------------------------------------------------- by the dice


def damage(img, dice):
    """One to eight random changes, mostly where they hurt; magic and root are left to the tests above."""
    values = lambda: dice.choice([0, 1, 2, 3, 5, 39, 40, 41, 513, 4096, 2**31, 2**32 + 3, 2**63, NONE, dice.randrange(60)])
    for _ in range(dice.randint(1, 8)):
        kind = dice.randrange(7)
        if kind == 0:
            field = dice.choice([f for f in img.l.fields if f not in ("uid", "gid")])
            n = 2**32 if field in ("mode", "nlink") else 2**64
            value = dice.choice([0o100644, 0o40755, 0o120777, 0, 2**32 - 1]) if field == "mode" else values() % n
            img.set(dice.randint(2, 12), field, value)
        elif kind == 1:
            img.flip(img.l.free_inodes, dice.randrange(64))
        elif kind == 2:
            img.flip(img.l.free_data, dice.randrange(60))
        elif kind == 3:
            block, slot = dice.choice([2, 4, 16, 17]), dice.randrange(5)
            img.put(img.slot(block, slot), dice.choice([values(), dice.randrange(12)]))
            img.d[img.slot(block, slot) + 8] = dice.choice([0, 1, 1, 1, 200])
        elif kind == 4:
            block, slot = dice.choice([2, 4, 16, 17]), dice.randrange(5)
            img.name(block, slot, dice.choice([b"", b".", b"..", b"a/b", b"in", b"x" * 119, b"names.txt", b"\xff\n"]))
        elif kind == 5 and img.l.indexed:
            img.put(dice.choice([18, 19]) * BS + 8 * dice.randrange(12), values())
        elif kind == 5 and img.l.zero:
            img.flip(img.l.zero, dice.randrange(60))
        else:
            at = dice.choice([2, 4, 16, 17, 18, 1, 1]) * BS + dice.randrange(BS // 4)
            if at >= BS + 104:
                img.d[at] ^= 1 << dice.randrange(8)


@pytest.mark.parametrize("layout", "ABC")
def test_random_damage(healthy, tmp_path, layout):
    dev = tmp_path / "disk"
    for n in range(ROUNDS):
        seed = SEED * 1000003 + n
        img = Image(layout, healthy[layout])
        damage(img, random.Random(seed))
        dev.write_bytes(img.d)
        before = fsck(dev)[1]
        status, said = repair(dev)
        try:
            assert status == (1 if before else 0)
            consistent(layout, dev, said)
        except Exception as e:
            raise AssertionError(f"EZFS_SEED={SEED}, round {n}: {before}\n{said}\n{e}") from e
