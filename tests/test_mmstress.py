# SPDX-License-Identifier: MIT
"""Eight threads that change one address space at random: user/tests/mm/mmstress.c, on kernels that check themselves.

A run is had again by its seed, though not its schedule. The program by itself is among those of test_user.py.
"""

import os
import random

import pytest

import tap
from test_swap import vmstat


@pytest.fixture
def stress(boot, root_img, tests_mm_img, tmp_path):
    """
    Runs it on four CPUs with a swap area, for so many seconds of the guest's: first where there is memory for huge
    pages, then beside a program of 140 MiB.
    """
    swap = tmp_path / "swap.img"
    with open(swap, "wb") as f:
        f.truncate(256 << 20)

    def run(kernel, seconds, mem):
        seed = int(os.environ.get("TEAK_SEED", random.randrange(1 << 31)))
        print(f"seed {seed} (TEAK_SEED)")
        teak = boot(disks=[root_img, tests_mm_img, swap], mem=mem, smp=4, kernel=kernel, append="loglevel=5")
        teak.check("mount -t ezfs /dev/vdb /tests; mkswap /dev/vdc && swapon /dev/vdc")
        for n, hog in enumerate(("", "/tests/thrash 140 1 private on > /tmp/hog & ")):
            stress = f"/tests/mmstress -t {seconds / 2:.0f} {seed + n}"
            print(report := teak.run(f"{hog}{stress}{'; kill %1; wait' if hog else ''}").output)
            tap.check(report, what=stress)
        tap.check(teak.check("cat /tmp/hog"), what="thrash")
        counts = vmstat(teak)
        print(seen := {name: counts[name] for name in ("thp_fault_alloc", "thp_split_page", "pswpout", "pswpin")})
        assert all(seen.values()), seen
        teak.check("swapoff /dev/vdc")
        teak.poweroff()

    return run


def test_the_lock_checker_has_nothing_to_say(stress, debug_kernel):
    stress(debug_kernel, int(os.environ.get("TEAK_STRESS_SECONDS", 10)), "160M")


@pytest.mark.slow
def test_nor_has_the_compiler(stress, checking_kernel):
    """KASAN and the lock checker at once, for a minute."""
    stress(checking_kernel, int(os.environ.get("TEAK_STRESS_SECONDS", 60)), "192M")
