# SPDX-License-Identifier: MIT
"""What teak costs stays within its budgets: scripts/bench, judged row by row."""

import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import subprocess

import pytest

from teak import BUILD, KASAN, TOP, UBSAN

if os.environ.get("DEBUG") or KASAN or UBSAN:
    pytest.skip("the budgets are for a kernel without DEBUG=1, KASAN=1 and UBSAN=1", allow_module_level=True)


def load_bench():
    """scripts/bench as a module: it has no .py in its name."""
    loader = importlib.machinery.SourceFileLoader("bench", f"{TOP}/scripts/bench")
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench", loader))
    loader.exec_module(module)
    return module


bench = load_bench()
ENV = {**os.environ, "BUILD": BUILD}
BUDGETS = {row.key: row.budget for row in bench.ROWS if row.budget is not None}


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """One run of scripts/bench: its figures, its output and its exit status."""
    out = tmp_path_factory.mktemp("bench") / "bench.json"
    done = subprocess.run([f"{TOP}/scripts/bench", "--json", out], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env=ENV)
    assert out.exists(), f"scripts/bench exited with status {done.returncode}:\n{done.stdout}"
    return json.loads(out.read_text()), done.stdout, done.returncode


@pytest.mark.slow
@pytest.mark.parametrize("key", BUDGETS)
def test_budget(figures, key):
    values, output, _ = figures
    assert key in values, f"not measured:\n{output}"
    assert values[key] <= BUDGETS[key], f"{key} is {values[key]}, at most {BUDGETS[key]}:\n{output}"


@pytest.mark.slow
def test_every_row_is_measured(figures):
    values, output, status = figures
    missing = [row.key for row in bench.ROWS if row.key not in values]
    assert not missing, f"not measured: {missing}\n{output}"
    assert status in (0, bench.OVER_BUDGET), output


def test_exit_status_tells_of_a_budget():
    good = {row.key: 1 for row in bench.ROWS}
    assert bench.judge(good) == 0
    assert bench.judge({**good, "cow_fault": BUDGETS["cow_fault"] + 1}) == bench.OVER_BUDGET
    del good["stat"]
    assert bench.judge(good) == bench.NOT_MEASURED


def test_counting_image_goes_on_to_the_kernel(tmp_path, monkeypatch):
    """The Image in front is what QEMU loads: its header gives the size of both."""
    kernel = tmp_path / "Image"
    header = bytearray(64)
    header[16:24] = (0x345000).to_bytes(8, "little")
    header[56:60] = b"ARM\x64"
    kernel.write_bytes(header + b"kernel")
    monkeypatch.setattr(bench, "WORK", str(tmp_path / "work"))
    os.mkdir(bench.WORK)
    out = bench.make_counting_image(str(kernel))
    assert bench.image_size(out) == bench.KERNEL_AT + 0x345000
    with open(out, "rb") as f:
        assert f.read()[bench.KERNEL_AT:] == kernel.read_bytes()


@pytest.mark.skipif(not shutil.which("qemu-aarch64"), reason="needs qemu-aarch64 (user mode)")
def test_bench_program_runs_on_linux(tmp_path):
    """The figures mean nothing there, but no row is missing, and no file is left."""
    done = subprocess.run(["qemu-aarch64", f"{BUILD}/user/bench/bench", "-d", tmp_path, "null_call",
                           "create_unlink", "pread_4k", "pipe_round_trip"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    assert list(bench.read_figures(done.stdout)) == ["null_call", "create_unlink", "pread_4k",
                                                     "pipe_round_trip"]
    assert re.search(r"^pread_4k +\d+\.\d\d instructions$", done.stdout, re.M), done.stdout
    assert os.listdir(tmp_path) == []
