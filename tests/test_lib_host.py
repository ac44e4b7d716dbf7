# SPDX-License-Identifier: MIT
"""
lib/ as an ordinary program: its self-tests, and a million random operations of the xarray, the
maple tree and the red-black tree against simple models. Once for this host with the sanitizers, once for arm64 as the
kernel compiles it. TEAK_SEED=N repeats a run.
"""
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("BUILD", TOP / "build"))
SEED = int(os.environ.get("TEAK_SEED", random.randrange(1 << 32)))
MODELS = ["ktest", "xarray", "xarray-alloc", "maple", "rbtree", "bitmap", "text"]


def build(name, *variables):
    folder = BUILD / name
    made = subprocess.run(["make", "-s", "-C", TOP / "tests/lib", f"BUILD={folder.resolve()}",
                           *variables], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert "warning" not in made.stderr, made.stderr
    return folder / "lib_test"


@pytest.fixture(scope="module")
def host_program():
    return build("lib-host")


@pytest.fixture(scope="module")
def arm64_program():
    if not shutil.which("qemu-aarch64"):
        pytest.skip("qemu-aarch64 is not installed")
    return build("lib-arm64", "ARM64=1")


def run(command, operations, model):
    done = subprocess.run([*command, str(SEED), str(operations), model], capture_output=True,
                          text=True, check=False, timeout=600)
    print(f"TEAK_SEED={SEED}")
    print(done.stdout[-4000:], done.stderr[-4000:])
    assert done.returncode == 0, f"{model} failed; repeat with TEAK_SEED={SEED}"
    assert "not ok" not in done.stdout
    return done.stdout


@pytest.mark.parametrize("model", MODELS)
def test_lib_under_sanitizers(host_program, model):
    run([host_program], 1000000, model)


@pytest.mark.parametrize("model", MODELS)
def test_lib_for_arm64(arm64_program, model):
    run(["qemu-aarch64", arm64_program], 100000, model)
