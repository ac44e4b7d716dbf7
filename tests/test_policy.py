# SPDX-License-Identifier: MIT
"""Page replacement: the policies that reclaim= chooses, and what each does."""

import re

import pytest

import tap


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
