# SPDX-License-Identifier: MIT
"""
Fixtures and options of the host-driven tests; the machinery is in teak.py.

Markers: `matrix` is on tests that boot many kinds of machine, `slow` on those that run for minutes.
`make test` runs all of them; `make test PYTEST_ARGS="-m 'not slow and not matrix'"` is for a quick
look. Each boot's serial line is kept in build/test-logs/.
"""

import os
import re
import shutil
import signal
import subprocess

import pytest

import teak as harness

booted = pytest.StashKey()
passed = pytest.StashKey()


def pytest_configure(config):
    config.addinivalue_line("markers", "matrix: boots many kinds of machine")
    config.addinivalue_line("markers", "slow: runs for minutes")
    # A `make test &` of a script ignores it, and shells under test cannot trap what they inherit as ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def log_name(nodeid):
    """A file name for a test's console log: its id without the folder."""
    return re.sub(r"[^\w.=-]+", "_", nodeid.replace("tests/", "").replace(".py::", ".")).strip("_")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows the end of each of its machines' consoles, and where the whole is."""
    report = (yield).get_result()
    if report.when == "call":
        item.stash[passed] = report.passed
    if not report.failed:
        return
    for machine in item.stash.get(booted, []):
        report.sections.append((f"console (whole: {machine.log})",
                                harness.tail(machine.transcript, 40)))


@pytest.fixture
def tmp_path(tmp_path, request):
    """pytest's, but gone with a test that passes: the disks of all tests together are 18 GB."""
    yield tmp_path
    if request.node.stash.get(passed, False):
        shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def boot(request):
    """A function that boots teak with the options of teak.Teak and waits for the prompt.

    prompt=False returns at once, for boots that are not meant to reach it. Machines that still run
    when the test ends are killed.
    """
    machines = request.node.stash.setdefault(booted, [])

    def start(prompt=True, **options):
        name = f"{log_name(request.node.nodeid)}.{len(machines)}.log"
        machine = harness.Teak(os.path.join(harness.LOGS, name), **options)
        machines.append(machine)
        return machine.wait_prompt() if prompt else machine

    yield start
    for machine in machines:
        machine.close()


def kernel_of_kind(name, *variables):
    """The Image of a build with these variables, Image-ktest beside it. Made unless that is the build under test."""
    folder = harness.BUILD
    if os.path.basename(folder) != name:
        folder = os.path.join(folder, name)
        made = subprocess.run(["make", "-s", *variables, f"BUILD={folder}", f"{folder}/Image",
                               f"{folder}/Image-ktest"], cwd=harness.TOP, capture_output=True, text=True)
        assert made.returncode == 0, f"make {variables} failed:\n{made.stdout}{made.stderr}"
    return os.path.join(folder, "Image")


@pytest.fixture(scope="session")
def debug_kernel():
    """The Image of a DEBUG=1 build."""
    return kernel_of_kind("debug", "DEBUG=1")


@pytest.fixture(scope="session")
def sanitized_kernel():
    """The Image of a build with all of the compiler's checks."""
    return kernel_of_kind("kasan-ubsan", "KASAN=1", "UBSAN=1")


@pytest.fixture(scope="session")
def checking_kernel():
    """The Image of a build with KASAN, and with all that the kernel checks by itself."""
    return kernel_of_kind("debug-kasan", "DEBUG=1", "KASAN=1")


def fresh_copy(tmp_path, name):
    return shutil.copy(os.path.join(harness.BUILD, name), tmp_path / name)


@pytest.fixture
def root_img(tmp_path):
    """A fresh copy of build/root.img that the test may write to."""
    return fresh_copy(tmp_path, "root.img")


@pytest.fixture
def tests_img(tmp_path):
    """A fresh copy of build/tests.img, the disk with the programs of user/tests."""
    return fresh_copy(tmp_path, "tests.img")


@pytest.fixture
def tests_mm_img(tmp_path):
    """A fresh copy of build/tests-mm.img, the disk with the programs of user/tests/mm."""
    return fresh_copy(tmp_path, "tests-mm.img")


@pytest.fixture
def tests_fs_img(tmp_path):
    """A fresh copy of build/tests-fs.img, the disk with the programs of user/tests/fs."""
    return fresh_copy(tmp_path, "tests-fs.img")


@pytest.fixture
def samples_img(tmp_path):
    """A fresh copy of build/samples.img, the disk with the modules of samples/ and programs that test them."""
    return fresh_copy(tmp_path, "samples.img")


@pytest.fixture
def teak(boot, root_img):
    """teak at its prompt on the default machine, with a copy of root.img."""
    return boot(disks=[root_img])
