# SPDX-License-Identifier: MIT
"""
A scheduling class that is added to the kernel as docs/add-a-class.md says: one file and a patch of the lines
that it takes elsewhere (tests/sched_class/), in a copy of the tree whose objects are those of the build under test, so
that only kernel/sched is compiled. The class notes which of its methods are called, and its own test
(ktest=wrr) compares that with what Linux's core calls.
"""

import os
import shutil
import subprocess

import pytest

import teak as harness

CLASS = os.path.join(harness.TOP, "tests", "sched_class")
SOURCES = ("Makefile", "linker.ld", "arch", "block", "drivers", "fs", "include", "init", "ipc", "kernel", "lib", "mm",
           "scripts", "user")


@pytest.fixture(scope="module")
def kernel_with_wrr(tmp_path_factory):
    tree = tmp_path_factory.mktemp("wrr")
    for name in SOURCES:
        source, target = os.path.join(harness.TOP, name), tree / name
        copy = shutil.copytree if os.path.isdir(source) else shutil.copy2
        copy(source, target)
    shutil.copytree(harness.BUILD, tree / "build", ignore=shutil.ignore_patterns(
        "test-logs", "debian", "debug", "kasan-ubsan", "*.img", "*.debug", ".pytest_cache"))
    shutil.copy(os.path.join(CLASS, "wrr.c"), tree / "kernel" / "sched")
    debug = ["DEBUG=1"] if os.path.basename(harness.BUILD) == "debug" else []
    for command in (["patch", "-p1", "-i", os.path.join(CLASS, "wrr.patch")],
                    ["make", "-s", "WERROR=1", "BUILD=build", *debug, "build/Image-ktest"]):
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}"
    return tree / "build" / "Image-ktest"


@pytest.mark.parametrize("smp", (1, 4))
def test_class_out_of_tree(boot, kernel_with_wrr, smp):
    machine = boot(prompt=False, kernel=kernel_with_wrr, smp=smp, append="ktest=wrr,sched")
    machine.wait_end()
    assert "not ok" not in machine.transcript and "ok 1 wrr" in machine.transcript, harness.tail(
        machine.transcript)
