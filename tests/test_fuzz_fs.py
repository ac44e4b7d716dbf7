# SPDX-License-Identifier: MIT
"""
The file systems in user space, under sanitizers, on damaged disks: tests/fuzz. Every input of the corpus, those that
once broke something among them, and then some thousands of new ones, always the same: to find what is new is for
`make fuzz-fs`. TEAK_SEED=N and TEAK_FUZZ_RUNS=N ask for others, and for more.
"""
import os
import re
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("BUILD", TOP / "build")).resolve() / "fuzz"
CORPUS = TOP / "tests/fuzz/corpus"
SEED = int(os.environ.get("TEAK_SEED", 4118))
RUNS = int(os.environ.get("TEAK_FUZZ_RUNS", 5000))
COUNTS = re.compile(r"fuzz: (\d+) inputs, (\d+) mounts tried, (\d+) mounted, (\d+) operations, (\d+) of them "
                    r"succeeded; (\d+) started healthy, (\d+) checked")


@pytest.fixture(scope="module")
def fuzz():
    made = subprocess.run(["make", "-s", "-C", TOP / "tests/fuzz", f"BUILD={BUILD}"], capture_output=True, text=True,
                          check=False)
    assert made.returncode == 0, made.stderr
    return BUILD / "fuzz"


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, **options)
    output = done.stdout + done.stderr
    print(output[-6000:])
    assert done.returncode == 0, output[-6000:]
    counts = COUNTS.search(output)
    assert counts, output[-2000:]
    return output, [int(n) for n in counts.groups()]


def test_corpus_breaks_nothing(fuzz):
    inputs = sorted(CORPUS.iterdir())
    _, (ran, _, mounted, operations, succeeded, healthy, checked) = run(fuzz, *inputs)
    assert ran >= len(inputs)
    assert mounted > ran / 2 and operations > 10 * ran and succeeded > operations / 4
    assert healthy and checked


def test_new_inputs_break_nothing(fuzz, tmp_path):
    print(f"TEAK_SEED={SEED}")
    _, (ran, *_) = run(fuzz, f"-seed={SEED}", f"-runs={RUNS}", "-max_len=1024", "-timeout=3600",
                       "-print_funcs=0", "-verbosity=0", f"-artifact_prefix={BUILD}/", tmp_path, CORPUS)
    assert ran


def test_input_means_the_same_each_time(fuzz):
    """What breaks something does so again: the kernel's messages and results are the same, byte by byte."""
    some = sorted(CORPUS.iterdir(), key=lambda p: p.stat().st_size)[-1]
    says = [[line for line in run(fuzz, some, env={**os.environ, "FUZZ_VERBOSE": "1"})[0].splitlines()
             if line.startswith(("  ", "EZFS", "EXT2"))] for _ in range(2)]
    assert says[0] == says[1] and len(says[0]) > 10
