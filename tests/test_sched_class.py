# SPDX-License-Identifier: MIT
"""
A scheduling class that is added to the kernel as docs/add-a-class.md says: one file and a patch of the lines
that it takes elsewhere (tests/sched_class/), in a copy of the tree whose objects are those of the build under test, so
that only kernel/sched is compiled. The class notes which of its methods are called, and its own test
(ktest=wrr) compares that with what Linux's core calls.
"""

import os
import shutil

import pytest

import teak as harness

CLASS = os.path.join(harness.TOP, "tests", "sched_class")

@pytest.fixture(scope="module")
def kernel_with_wrr(tmp_path_factory):
    tree = harness.copy_tree(tmp_path_factory.mktemp("wrr"))
    shutil.copy(os.path.join(CLASS, "wrr.c"), tree / "kernel" / "sched")
    harness.run_in(tree, "patch", "-p1", "-i", os.path.join(CLASS, "wrr.patch"))
    return harness.make_copy(tree, "Image-ktest")


@pytest.mark.parametrize("smp", (1, 4))
def test_class_out_of_tree(boot, kernel_with_wrr, smp):
    machine = boot(prompt=False, kernel=kernel_with_wrr, smp=smp, append="ktest=wrr,sched")
    machine.wait_end()
    assert "not ok" not in machine.transcript and "ok 1 wrr" in machine.transcript, harness.tail(
        machine.transcript)
