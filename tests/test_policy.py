# SPDX-License-Identifier: MIT
"""Page replacement: the policies that reclaim= chooses, and what each does."""

import os
import random
import re

import pytest

import tap
import teak as harness
from teak import TOP


def policies(teak):
    """The names of all, and the one in force."""
    line = teak.check("cat /proc/sys/vm/reclaim_policy")
    chosen = re.findall(r"\[([\w-]+)\]", line)
    assert len(chosen) == 1, line
    return re.sub(r"[][]", "", line).split(), chosen[0]


def test_clock_is_the_default(boot, root_img):
    teak = boot(disks=[root_img])
    names, chosen = policies(teak)
    assert chosen == "clock" and len(names) == len(set(names)), names
    teak.poweroff()


@pytest.mark.parametrize("wrong", ["lru", "clock2", ""])
def test_an_unknown_policy_is_refused(boot, root_img, wrong):
    """And those that exist are listed; the default stays in force."""
    teak = boot(disks=[root_img], append=f"reclaim={wrong}")
    names, chosen = policies(teak)
    assert chosen == "clock"
    line = teak.check("dmesg | grep reclaim=")
    assert f"reclaim={wrong}: there is no such policy; there are: " in line
    assert sorted(re.sub(r"[][]", "", line.split("there are: ")[1]).split()) == sorted(names)
    teak.poweroff()


@pytest.mark.parametrize("name", ["clock", "fifo", "random", "lru-exact"])
def test_a_policy_is_chosen_by_name(boot, root_img, name):
    teak = boot(disks=[root_img], append=f"reclaim={name}")
    names, chosen = policies(teak)
    assert chosen == name and name in names
    assert f"page replacement by {name}" in teak.check("dmesg")
    teak.poweroff()


def test_the_seed_of_the_dice(boot, root_img):
    """Given or not, it is in the log; what is no number is refused."""
    for argument, seed in (("", r"\d+"), (",0x2a", "42")):
        teak = boot(disks=[root_img], append=f"reclaim=random{argument}")
        assert re.search(rf"reclaim=random,{seed}$", teak.check("dmesg | grep reclaim="), re.M)
        teak.poweroff()
    teak = boot(disks=[root_img], append="reclaim=random,x")
    assert policies(teak)[1] == "clock"
    assert "reclaim=random,x: not an argument of this policy" in teak.check("dmesg")
    teak.poweroff()


@pytest.mark.parametrize("cpu, by", [("cortex-a72", "faults"), ("max", "the MMU")])
def test_who_sets_the_access_flag(boot, root_img, tests_mm_img, cpu, by):
    """Without FEAT_HAFDBS each use of an old page is a fault, with it none is; faults.c counts both."""
    teak = boot(disks=[root_img, tests_mm_img], cpu=cpu)
    assert f"the access flag is set by {by}\n" in teak.check("dmesg")
    output = teak.check("mount -t ezfs /dev/vdb /tests; /tests/faults")
    tap.check(output, what="faults")
    assert f"# the access flag is set by {by}\n" in output
    teak.poweroff()


# ------------------------------------------------------------------ faults against frames

BELADY = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5]


def faults(teak, arguments):
    """What the kernel counted, by the number of frames."""
    output = teak.check(f"replace {arguments}")
    return {int(frames): int(n) for frames, n in re.findall(r"^ +(\d+) +(\d+)$", output, re.M)}


def by_hand(policy, references, frames):
    """How many faults the policy of the textbook has."""
    memory, n = [], 0       # what goes next is in front
    for page in references:
        if page in memory:
            if policy == "lru-exact":
                memory.remove(page)
                memory.append(page)
            continue
        n += 1
        if len(memory) == frames:
            memory.pop(-1 if policy == "lifo" else 0)
        memory.append(page)
    return n


def test_the_textbook_is_right():
    assert [by_hand("fifo", BELADY, n) for n in (3, 4)] == [9, 10]
    assert [by_hand("lru-exact", BELADY, n) for n in (3, 4)] == [10, 8]


@pytest.mark.parametrize("machine", [{}, {"cpu": "max", "smp": 2}], ids=["a72", "max-smp2"])
@pytest.mark.parametrize("policy, three, four", [("fifo", 9, 10), ("lru-exact", 10, 8)])
def test_frames_limited(boot, root_img, machine, policy, three, four):
    """
    fifo shows Belady's anomaly, more faults with more frames; LRU cannot. On a longer string, too, both have the faults of
    the textbook for every number of frames.
    """
    teak = boot(disks=[root_img], append=f"reclaim={policy}", **machine)
    seen = faults(teak, "-f 3-4")
    assert seen == {3: three, 4: four}
    dice = random.Random(4711)
    references = [dice.choice((dice.randrange(10), dice.randrange(3))) for _ in range(150)]
    seen = faults(teak, "-f 1-10 " + " ".join(map(str, references)))
    assert seen == {n: by_hand(policy, references, n) for n in range(1, 11)}
    teak.poweroff()


def page_of_docs():
    with open(os.path.join(TOP, "docs", "replacement.md"), encoding="utf-8") as page:
        return page.read()


def table_of_docs():
    """Faults by policy and frames, from docs/replacement.md, and the arguments they were measured with."""
    text = page_of_docs()
    names = re.search(r"^\| frames \|(.*)\|$", text, re.M)[1].replace("`", "").split("|")
    names = [name.strip() for name in names]
    rows = re.findall(r"^\| (\d+) \|(.*)\|$", text, re.M)
    figures = {name: {} for name in names}
    for frames, cells in rows:
        for name, cell in zip(names, cells.split("|"), strict=True):
            figures[name][int(frames)] = int(cell)
    return re.search(r"^replace (-f .*)$", text, re.M)[1], figures


@pytest.mark.parametrize("policy", ["clock", "fifo", "lru-exact"])
def test_a_loop_with_a_hot_set(boot, root_img, policy):
    """The figures in docs/replacement.md, by which the clock beats fifo."""
    arguments, figures = table_of_docs()
    assert all(figures["clock"][n] < figures["fifo"][n] for n in range(6, 16)), figures
    teak = boot(disks=[root_img], append=f"reclaim={policy}")
    assert faults(teak, arguments) == figures[policy]
    teak.poweroff()


def test_a_policy_of_ones_own(boot, root_img, tmp_path):
    """The one in docs/replacement.md is a file that is added, and no more."""
    tree = tmp_path / "tree"
    tree.mkdir()
    harness.copy_tree(tree)
    source = re.search(r"^```c\n(.*?DEFINE_RECLAIM_POLICY\(lifo\).*?)^```", page_of_docs(), re.M | re.S)[1]
    (tree / "mm" / "policy_lifo.c").write_text(source, encoding="utf-8")
    teak = boot(disks=[root_img], kernel=harness.make_copy(tree, "Image"), append="reclaim=lifo")
    assert policies(teak)[1] == "lifo"
    assert faults(teak, "-f 1-5") == {n: by_hand("lifo", BELADY, n) for n in range(1, 6)}
    teak.poweroff()
