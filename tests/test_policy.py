# SPDX-License-Identifier: MIT
"""Page replacement: the policies that reclaim= chooses, and what each does."""

import re

import pytest


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
