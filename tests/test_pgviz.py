# SPDX-License-Identifier: MIT
"""pgviz: an address space as text in the guest, and as an SVG from the host (scripts/pgviz)."""

import collections
import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from teak import TOP

SVG = "{http://www.w3.org/2000/svg}"
PAGES, WRITTEN, READ, AGAIN = 16, 12, 1, 4      # of user/bin/pgviz.c's -f


def load_pgviz():
    """scripts/pgviz as a module: it has no .py in its name."""
    loader = importlib.machinery.SourceFileLoader("pgviz", f"{TOP}/scripts/pgviz")
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("pgviz", loader))
    sys.modules["pgviz"] = module
    loader.exec_module(module)
    return module


pgviz = load_pgviz()

DUMP = """\
something else
00400000-00404000 r-xp 00000000 fe:00 3                                  /bin/a & b
fffffffdf000-1000000000000 rw-p 00000000 00:00 0                         [stack]
pgd at 40399
0: 0000000000000000-0000007fffffffff table at 40075
1:   0000000000000000-000000003fffffff table at 40076
2:     0000000000200000-00000000003fffff block at 40600: user rw-, kernel rw-, accessed, dirty, not global, normal, anonymous
2:     0000000000400000-00000000005fffff table at 40073
3:       0000000000400000-0000000000402fff 3 pages at 4006b-40069: user r-x, kernel r--, accessed, clean, not global, normal, file
3:       0000000000403000-0000000000403fff page in swap
3:       0000fffffffdf000-0000fffffffe0fff 2 pages at 40200: user r--, kernel r--, old, clean, not global, normal, zero page, copy-on-write
"""


def boxes(svg):
    """How many boxes of each class a picture has."""
    counts = collections.Counter()
    for rect in ElementTree.fromstring(svg).iter(f"{SVG}rect"):
        counts.update(rect.get("class").split())
    return counts


def test_a_dump_is_read():
    first, second = pgviz.parse(DUMP + DUMP)
    assert first == second
    assert first.pgd == 0x40399 and [t[0] for t in first.tables] == [0, 1, 2]
    assert [(p.address, p.frame, p.kind) for p in first.pages] == [
        (0x200000, 0x40600, "own"), (0x400000, 0x4006b, "file"), (0x401000, 0x4006a, "file"),
        (0x402000, 0x40069, "file"), (0x403000, None, "swapped"), (0xfffffffdf000, 0x40200, "zero page"),
        (0xfffffffe0000, 0x40200, "zero page")]
    assert first.region_of(0x400000)[3] == "/bin/a & b"


def test_a_dump_is_drawn(tmp_path):
    dump, svg = tmp_path / "dump", tmp_path / "out.svg"
    dump.write_text(DUMP)
    subprocess.run([f"{TOP}/scripts/pgviz", "-o", svg, "--dump", dump], check=True)
    seen = boxes(svg.read_text())
    # The block lies in no region: it is among the frames, not below a region.
    assert (seen["page"], seen["frame"], seen["table"], seen["shared"]) == (6, 5, 4 + 1, 0)
    assert seen["dirty"] == 0 and seen["zero-page"] == 2 + 1 + 1


def test_what_is_no_dump_is_refused(tmp_path):
    done = subprocess.run([f"{TOP}/scripts/pgviz", "--dump", "/dev/null"], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "no address space" in done.stderr


def shown_region(space):
    """The one region of 16 pages that the process of -f has mapped: its pages by address."""
    region, = [r for r in space.regions if (r[1] - r[0]) // pgviz.PAGE == PAGES and not r[3]]
    return {(p.address - region[0]) // pgviz.PAGE: p for p in space.pages if region[0] <= p.address < region[1]}


def check_fork(before, parent, child, parent2, child2):
    pages = shown_region(before)
    assert sorted(pages) == list(range(WRITTEN + READ))
    assert all(pages[i].kind == "own" and pages[i].dirty for i in range(WRITTEN))
    assert pages[WRITTEN].kind == "zero page"

    ours, theirs = shown_region(parent), shown_region(child)
    for i in range(WRITTEN):
        assert ours[i].kind == theirs[i].kind == "copy-on-write", i
        assert ours[i].frame == theirs[i].frame == pages[i].frame, i

    ours, theirs = shown_region(parent2), shown_region(child2)
    for i in range(WRITTEN):
        assert ours[i].frame == pages[i].frame
        assert (theirs[i].frame == pages[i].frame) == (i >= AGAIN)
        assert theirs[i].kind == ("own" if i < AGAIN else "copy-on-write")
        assert ours[i].kind == "copy-on-write"      # until it writes, and is found to be alone


@pytest.fixture(scope="module")
def fork_dump(tmp_path_factory):
    """What scripts/pgviz makes of a fork: the text and the picture."""
    folder = tmp_path_factory.mktemp("pgviz")
    subprocess.run([f"{TOP}/scripts/pgviz", "-o", folder / "svg", "--save", folder / "text", "pgviz -r -f"],
                   check=True, env={**os.environ})
    return (folder / "text").read_text(), (folder / "svg").read_text()


def test_a_fork_is_seen_step_by_step(fork_dump):
    spaces = pgviz.parse(fork_dump[0])
    assert [s.label for s in spaces] == ["before the fork"] + ["after the fork"] * 2 + ["after the child wrote"] * 2
    assert {s.name for s in spaces} == {"subject"}
    check_fork(*spaces)


def test_the_picture_has_every_page_and_frame(fork_dump):
    text, svg = fork_dump
    spaces, seen = pgviz.parse(text), boxes(svg)
    frames = shared = 0
    for row in pgviz.moments(spaces):
        owners = collections.defaultdict(set)
        for space in row:
            for page in space.pages:
                owners[page.frame].add(space.pid)
        frames += len(owners)
        shared += sum(len(pids) == 2 for pids in owners.values())
    assert shared > 2 * WRITTEN
    assert seen["page"] == sum(len(s.pages) for s in spaces)
    assert seen["dirty"] == sum(p.dirty for s in spaces for p in s.pages)
    assert (seen["frame"], seen["shared"]) == (frames, shared)
    assert seen["table"] == sum(len(s.tables) + 1 for s in spaces) + 1


def test_the_terminal_shows_a_fork(boot, root_img):
    teak = boot(disks=[root_img])
    steps = re.split(r"\d+ subject and \d+ subject, ", teak.check("pgviz -f | cat"))
    assert len(steps) == 3
    assert re.search(r" 16 pages\n    A{12}z\.\.\.\n", steps[0]), steps[0]
    assert re.search(r" 16 pages\n    ={13}\.\.\.\n", steps[1]), steps[1]
    assert re.search(r" 16 pages\n    X{4}={9}\.\.\.\n", steps[2]), steps[2]
    same = [int(re.search(r"= same frame (\d+),", step).group(1)) for step in steps[1:]]
    assert same[0] - same[1] == AGAIN
    assert teak.run("pgviz").status == 2
    assert teak.run("pgviz 99999").status == 1
    assert "init, now" in teak.check("pgviz 1 | cat")
    teak.poweroff()
