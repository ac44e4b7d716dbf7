# SPDX-License-Identifier: MIT
"""The programs of user/tests, each in a boot of its own; what they check is in their TAP report.

run-tests, one of them, runs the others and compares free memory before and after. `make test-linux`
runs the same programs on Linux.
"""

import glob
import os

import pytest

import tap
from teak import TOP, fsck

RUNNER = "run-tests"
PROGRAMS = sorted({os.path.basename(path)[:-2] for path in glob.glob(f"{TOP}/user/tests/*.c")}
                  - {RUNNER})


@pytest.mark.parametrize("program", PROGRAMS)
def test_user_program(boot, root_img, tests_img, program):
    # Only warnings on the console: a message in the middle of a line of the report would spoil it.
    teak = boot(disks=[root_img, tests_img], append="loglevel=5")
    teak.check("mount -t ezfs /dev/vdb /tests")
    result = teak.run(f"/tests/{RUNNER} {program}")
    report = tap.check(tap.subtests(result.output), what=program)
    tap.check(result.output, what=f"{RUNNER} {program}")
    assert result.status == 0, f"{RUNNER} ended with status {result.status}:\n{result.output}"
    print(f"{program}: {report}")
    teak.check("umount /tests")
    teak.poweroff()
    fsck(root_img)
    fsck(tests_img)
